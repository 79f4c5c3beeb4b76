r"""Choosing sites where a place costs what its cheapest chosen site costs, up to a cap.

.. math:: \min_{|Y| = p} \; b + \sum_i \min(c_i, \min_{j \in Y} d_{ij})

The p-median is this with caps that no choice needs; maximal covering is this with
:math:`d_{ij} = 0` for the sites that cover a place and its weight as the cap. Only pairs cheaper
than the cap are held, so a list of near sites per place is a relaxation of the whole matrix:
a bound on it is a bound on the whole.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.medians import levels

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """The pairs worth knowing, site by site; ``count`` sites are to be chosen."""

    start: IndexArray  # (site + 1,) where each site's pairs begin
    place: IndexArray  # (pair,)
    cost: FloatArray  # (pair,) below the place's cap
    cap: FloatArray  # (place,)
    site: IndexArray  # (site,) what the caller calls it
    count: int
    base: float = 0.0

    @property
    def owner(self) -> IndexArray:
        """The site of each pair."""
        return np.repeat(np.arange(len(self.site)), np.diff(self.start))

    def pairs(self, sites: IndexArray) -> IndexArray:
        """Return where the pairs of ``sites`` stand, site by site."""
        begin, length = self.start[sites], np.diff(self.start)[sites]
        ends = np.cumsum(length)
        total = int(ends[-1]) if len(ends) else 0
        at: IndexArray = np.arange(total) + np.repeat(begin - (ends - length), length)
        return at

    def value(self, sites: IndexArray) -> float:
        """Return the cost of choosing ``sites``."""
        return self.base + float(self.served(sites).sum())

    def served(self, sites: IndexArray) -> FloatArray:
        """Return what each place costs where ``sites`` are chosen."""
        cost = self.cap.copy()
        at = self.pairs(sites)
        np.minimum.at(cost, self.place[at], self.cost[at])
        return cost

    def fixed(self, opened: IndexArray, closed: BoolArray) -> "Choice":
        """Return what is left to choose once some sites are chosen and some given up.

        The caps are those that the chosen ones leave; places keep their numbers.
        """
        cap = self.served(opened)
        gone = closed.copy()
        gone[opened] = True
        return self._without(cap, gone, self.count - len(opened))

    def part(self, sites: IndexArray, places: IndexArray) -> "Choice":
        """Return some sites with some places, all that these sites are near; without the base."""
        number = np.zeros(len(self.cap), dtype=np.intp)
        number[places] = np.arange(len(places))
        at = self.pairs(sites)
        start = np.concatenate([[0], np.cumsum(np.diff(self.start)[sites])]).astype(np.intp)
        cost, cap = self.cost[at], self.cap[places]
        count = min(self.count, len(sites))
        return Choice(start, number[self.place[at]], cost, cap, np.arange(len(sites)), count)

    def within(self, cap: FloatArray) -> "Choice":
        """Return the relaxation in which no place costs more than ``cap`` (place,)."""
        none = np.zeros(len(self.site), dtype=np.bool_)
        return self._without(np.minimum(cap, self.cap), none, self.count)

    def _without(self, cap: FloatArray, gone: BoolArray, count: int) -> "Choice":
        length = np.diff(self.start)
        keep = np.repeat(~gone, length) & (self.cost < cap[self.place])
        ends = np.concatenate([[0], np.cumsum(keep)])
        kept = np.flatnonzero(~gone)
        start = np.concatenate([[0], np.cumsum(np.diff(ends[self.start])[kept])]).astype(np.intp)
        return Choice(
            start, self.place[keep], self.cost[keep], cap, self.site[kept], count, self.base
        )


@dataclass(frozen=True)
class ByPlace:
    """The pairs of a choice by place and cost."""

    choice: Choice
    site: IndexArray  # (pair,)
    cost: FloatArray  # (pair,)
    start: IndexArray  # (place + 1,)

    @classmethod
    def of(cls, choice: Choice) -> Self:
        """Return the pairs in order."""
        order = np.lexsort((choice.cost, choice.place))
        ends = np.cumsum(np.bincount(choice.place, minlength=len(choice.cap)))
        start = np.concatenate([[0], ends]).astype(np.intp)
        return cls(choice, choice.owner[order], choice.cost[order], start)

    @property
    def place(self) -> IndexArray:
        """The place of each pair."""
        return np.repeat(np.arange(len(self.choice.cap)), np.diff(self.start))

    @property
    def least(self) -> FloatArray:
        """What each place costs where all sites are chosen."""
        least, some = self.choice.cap.copy(), np.diff(self.start) > 0
        least[some] = self.cost[self.start[:-1][some]]
        return least

    def levels(self, share: FloatArray) -> tuple[FloatArray, FloatArray]:
        r"""Return the cost at which the shares of sites reach one, and what each place then costs.

        That level :math:`\lambda` is the place's cap where they do not; the cost is
        :math:`\lambda - \sum_j \max(0, \lambda - d_{ij}) y_j`.
        """
        level, value = levels(self.start, self.site, self.cost, self.choice.cap, share)
        return level, value


def dense_choice(cost: FloatArray, cap: FloatArray, count: int) -> Choice:
    """Return the choice over a whole matrix ``cost`` (place, site).

    Examples
    --------
    >>> cost = np.array([[1.0, 5.0, 2.0], [4.0, 0.0, 3.0]])
    >>> dense_choice(cost, np.array([9.0, 9.0]), 1).value(np.array([2]))
    5.0
    """
    site, place = np.nonzero((cost < cap[:, None]).T)
    start = np.searchsorted(site, np.arange(cost.shape[1] + 1)).astype(np.intp)
    place = np.ascontiguousarray(place)  # kernels are compiled for such
    return Choice(start, place, cost[place, site], cap, np.arange(cost.shape[1]), count)
