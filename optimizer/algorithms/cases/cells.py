"""Ranges that fills may lie in, and cells: parts of cases with some of the ranges each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.algorithms.cases.instance import BoolArray, FloatArray, IndexArray, Manner

_STEP = 0.01  # of a share filled: between two ranges
_MIXED = 4.0  # ranges: a cell whose choices differ by so much on average is split


def ranges(manner: Manner) -> tuple[FloatArray, FloatArray]:
    """Return the ends of shares filled (range,): any fills that keep the rule lie within one."""
    balance = manner.balance
    if balance is None or balance >= 1.0:
        return np.array([manner.least_fill]), np.ones(1)
    low = np.append(np.arange(0.0, 1.0 - balance - 0.5 * _STEP, _STEP), 1.0 - balance)
    high = np.append(np.minimum(1.0, low[1:] + balance), 1.0)
    return np.maximum(low, manner.least_fill), high


@dataclass(frozen=True, eq=False)
class Cells:
    """Parts of cases; those of a case leave out none of its plans."""

    case: IndexArray  # (cell,), ascending, every case at least once
    first: IndexArray  # (cell, kind): the first range fills may lie in, and the last
    last: IndexArray

    @staticmethod
    def whole(cases: int, kinds: int, count: int) -> "Cells":
        """Return a cell for each case, with all of ``count`` ranges."""
        first = np.zeros((cases, kinds), dtype=np.int64)
        return Cells(np.arange(cases), first, first + count - 1)

    @cached_property
    def start(self) -> IndexArray:
        """Where the cells of each case begin (case,)."""
        return np.flatnonzero(np.diff(self.case, prepend=-1)).astype(np.int64)

    def outside(self, count: int) -> BoolArray:
        """Return which of ``count`` ranges a cell and kind may not lie in (cell x kind, range)."""
        index = np.arange(count)
        inside = (index >= self.first[..., None]) & (index <= self.last[..., None])
        return ~inside.reshape(-1, count)

    def split(self, mean: FloatArray, spread: FloatArray) -> tuple["Cells", IndexArray]:
        """Return cells of which those that mix ranges are two, and the parent of each.

        ``mean`` and ``spread`` (cell, kind) are of the ranges lately chosen.
        """
        wide = np.where(self.last > self.first, spread, 0.0)
        kind = wide.argmax(axis=1)
        every = np.arange(len(self.case))
        splits = wide[every, kind] > _MIXED
        parent = np.repeat(every, 1 + splits)
        second = np.append(False, parent[1:] == parent[:-1])
        first, last = self.first[parent], self.last[parent]
        cut = np.clip(np.floor(mean), self.first, self.last - 1).astype(np.int64)
        for n in np.flatnonzero(splits[parent]).tolist():
            k, cell = kind[parent[n]], parent[n]
            if second[n]:
                first[n, k] = cut[cell, k] + 1
            else:
                last[n, k] = cut[cell, k]
        return Cells(self.case[parent], first, last), parent
