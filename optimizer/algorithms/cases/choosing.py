"""The cheapest sites by their worths, under the row on sites that binds most."""

import numpy as np

from optimizer.algorithms.cases.instance import BoolArray, CaseArrays, FloatArray


class SiteChoice:
    """What bounds choose sites by: of the rows the tightest is kept, sites in part too."""

    def __init__(self, arrays: CaseArrays) -> None:
        self._arrays = arrays
        self._row = self._tightest()

    def _tightest(self) -> int | None:
        """Return the row to keep: the limit from above that the fewest sites fit in."""
        rows, upper = self._arrays.rows, self._arrays.upper
        limits = np.isfinite(upper) & (rows >= 0.0).all(axis=1) & (rows > 0.0).any(axis=1)
        if not limits.any():
            return None
        fits = np.where(limits, upper / np.maximum(rows.sum(axis=1), 1e-300), np.inf)
        return int(np.argmin(fits))

    def cheapest(self, worth: FloatArray) -> FloatArray:
        """Return the sites of the least sum of worths, the last in part for the row's sake."""
        arrays = self._arrays
        free: BoolArray = (worth < 0.0) & ~arrays.barred & ~arrays.forced
        opened = arrays.forced.astype(np.float64)
        if self._row is None:
            return np.where(free, 1.0, opened)
        need = arrays.rows[self._row]
        left = float(arrays.upper[self._row] - need @ opened)
        rate = np.where(free, worth / np.maximum(need, 1e-12), 0.0)
        for j in np.argsort(rate, kind="stable").tolist():
            if not free[j]:
                break
            part = 1.0 if need[j] <= 0.0 else min(1.0, max(0.0, left) / need[j])
            opened[j] = part
            left -= part * need[j]
        return opened

    def charge(self, worth: FloatArray) -> FloatArray:
        """Return what each site pays for its part of the row, where the row is what limits."""
        opened = self.cheapest(worth)
        if self._row is None:
            return np.zeros(len(worth))
        need = self._arrays.rows[self._row]
        cut = (worth < 0.0) & (opened < 1.0) & ~self._arrays.barred & (need > 0.0)
        if not cut.any():
            return np.zeros(len(worth))
        charge: FloatArray = float((-worth[cut] / need[cut]).max()) * need
        return charge
