r"""The best years, by dynamic programming over the subsets opened.

With :math:`f(S)` the first objective when :math:`S` is open and :math:`B_y` all the money granted
until year :math:`y`,

.. math:: F_y(S) = f(S) + \max_{T \subseteq S} F_{y-1}(T), \qquad c(S) \le B_y

and the answer is :math:`F` of everything in the last year. What is left over carries on, so only
the sums count. The maxima over all subsets of all sets come from one pass per opening: first the
best of :math:`S` and of :math:`S` without opening 1, then without opening 2, and so on (a zeta
transform).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.demand import FloatArray
from optimizer.fire_stations.options import BoolArray, IndexArray

BUDGET_TOLERANCE = 1e-6
_EARLY = 1e-9


@dataclass(frozen=True)
class Budget:
    """Money granted until each year's end, and what each opening costs."""

    granted: FloatArray  # (year,)
    cost: FloatArray  # (opening,)

    @property
    def payable(self) -> bool:
        """Whether everything can be paid by the last year."""
        return bool(self.affords(len(self.granted) - 1, self.cost.sum()))

    def affords(self, year: int, cost: FloatArray | float) -> BoolArray:
        """Return whether ``cost`` in all is paid by ``year``."""
        return np.asarray(cost <= self.granted[year] + BUDGET_TOLERANCE)


def best_years(worth: FloatArray, budget: Budget) -> IndexArray:
    """Return the year of each opening (opening,) with the greatest sum of ``worth``.

    ``worth`` (subset,) is to be high; everything must be payable by the last year. Of sums that
    are equal but for a billionth the one that opens more in early years is taken.
    """
    openings = len(budget.cost)
    bits = 1 << np.arange(openings)
    inside = (np.arange(len(worth))[:, None] & bits) > 0
    cost = inside @ budget.cost
    early = inside.sum(axis=1) / max(1, openings)
    worth = worth + _EARLY * max(1.0, float(np.abs(worth).max())) * early
    best: list[FloatArray] = []
    for year in range(len(budget.granted)):
        earlier = _best_of_subsets(best[-1], openings) if best else np.zeros(len(worth))
        best.append(np.where(budget.affords(year, cost), worth + earlier, -np.inf))
    return _traced(best, openings)


def _best_of_subsets(best: FloatArray, openings: int) -> FloatArray:
    """Return the largest of ``best`` among the subsets of each set (subset,)."""
    found = best.copy()
    for opening in range(openings):
        halves = found.reshape(-1, 2, 1 << opening)  # without it, with it
        np.maximum(halves[:, 0], halves[:, 1], out=halves[:, 1])
    return found


def _traced(best: list[FloatArray], openings: int) -> IndexArray:
    """Return the year in which each opening joins, from the last year back."""
    years = np.zeros(openings, dtype=np.intp)
    masks = np.arange(len(best[0]))
    now = len(masks) - 1
    for year in range(len(best) - 1, 0, -1):
        inside = np.where(masks & ~now == 0, best[year - 1], -np.inf)
        before = int(inside.argmax())
        joined = (now & ~before) >> np.arange(openings) & 1
        years[joined > 0] = year
        now = before
    return years
