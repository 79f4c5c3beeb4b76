"""Good years for more openings than can be enumerated, and how much better any could be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.fire_stations.objectives import (
    Cost,
    Cover,
    ExpectedCover,
    FewestStations,
    GradualCover,
    MeanTime,
    Objective,
    ProbabilisticCover,
)
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.fire_stations.staging.openings import Openings
from optimizer.fire_stations.staging.schedule import BUDGET_TOLERANCE, Budget

_DIMINISHING = Cover | ExpectedCover | GradualCover | MeanTime | ProbabilisticCover
_BETTER = 1e-9


@dataclass
class Search:
    """Greedy years, then one opening at a time to another year, or two in exchange."""

    openings: Openings
    budget: Budget
    control: RunControl
    _worth: dict[bytes, float] = field(default_factory=dict, init=False)

    def worth(self, done: BoolArray) -> float:
        """Return the first objective of ``done`` openings, turned so that high is good."""
        key = done.tobytes()
        if key not in self._worth:
            value = self.openings.value(self.openings.standing(done))
            self._worth[key] = value if self.openings.highest else -value
        return self._worth[key]

    def total(self, years: IndexArray) -> float:
        """Return the sum over years, minus infinity where a year cannot be paid."""
        for year in range(len(self.budget.granted)):
            if not self.budget.affords(year, self.budget.cost[years <= year].sum()):
                return -np.inf
        return sum(self.worth(years <= year) for year in range(len(self.budget.granted)))

    def best(self) -> IndexArray:
        """Return the best years found; everything must be payable by the last year."""
        last = len(self.budget.granted) - 1
        years = np.full(len(self.budget.cost), last, dtype=np.intp)
        for year in range(last):
            self._fill(years, year)
        while self.control.halted is None and self._improved(years):
            pass
        self._hasten(years)
        return years

    def _hasten(self, years: IndexArray) -> None:
        """Open earlier what costs nothing of the sum: help that is paid for need not wait."""
        for opening in np.argsort(years, kind="stable"):
            for year in range(int(years[opening])):
                earlier = years.copy()
                earlier[opening] = year
                if self.control.halted is None and self.total(earlier) >= self.total(years):
                    years[opening] = year
                    break

    def _fill(self, years: IndexArray, year: int) -> None:
        """Open in ``year`` what gains most per unit of money, while there is any."""
        while self.control.halted is None:
            done = years <= year
            spent = self.budget.cost[done].sum()
            left = [
                k
                for k in np.flatnonzero(~done)
                if self.budget.affords(year, spent + self.budget.cost[k])
            ]
            gains = {int(k): self._gain(done, int(k)) for k in left}
            gains = {k: gain for k, gain in gains.items() if gain > 0}
            if not gains:
                return
            rate = {k: gain / max(float(self.budget.cost[k]), _BETTER) for k, gain in gains.items()}
            years[max(rate, key=rate.__getitem__)] = year

    def _gain(self, done: BoolArray, opening: int) -> float:
        more = done.copy()
        more[opening] = True
        return self.worth(more) - self.worth(done)

    def _improved(self, years: IndexArray) -> bool:
        """Take the first better neighbour; return whether there was one."""
        before = self.total(years)
        for neighbour in self._neighbours(years):
            if self.control.halted is not None:
                return False
            if self.total(neighbour) > before + _BETTER * max(1.0, abs(before)):
                years[:] = neighbour
                return True
        return False

    def _neighbours(self, years: IndexArray) -> Iterator[IndexArray]:
        count = len(years)
        for k in range(count):
            for year in range(len(self.budget.granted)):
                if year != years[k]:
                    moved = years.copy()
                    moved[k] = year
                    yield moved
        for k in range(count):
            for other in range(k):
                if years[k] != years[other]:
                    swapped = years.copy()
                    swapped[[k, other]] = years[[other, k]]
                    yield swapped

    def bound(self) -> float:
        """Return a sum over years that no order of building exceeds.

        More stations never do worse, cost and number apart; so everything standing at once
        bounds each year. Where what one more station gains only shrinks as others stand, the
        gains of each alone, as much of them as the money granted pays for, bound it too.
        """
        last = len(self.budget.granted) - 1
        everything = np.ones(len(self.budget.cost), dtype=np.bool_)
        total = self.worth(everything)
        return total + sum(self._bound_of_year(year) for year in range(last))

    def _bound_of_year(self, year: int) -> float:
        limits = []
        if not self._additive:
            limits.append(self._optimistic(np.ones(len(self.budget.cost), dtype=np.bool_)))
        if self._additive or self._diminishing:
            nothing = np.zeros(len(self.budget.cost), dtype=np.bool_)
            limits.append(self._optimistic(nothing) + self._payable_gains(year))
        return min(limits)

    def _payable_gains(self, year: int) -> float:
        """Return the gains that the money of ``year`` pays for, the last one in part."""
        gains, cost = self._gains, self.budget.cost
        dearest_last = np.argsort(-gains / np.maximum(cost, _BETTER), kind="stable")
        left, found = float(self.budget.granted[year]) + BUDGET_TOLERANCE, 0.0
        for k in dearest_last[gains[dearest_last] > 0]:
            share = 1.0 if cost[k] <= left else left / float(cost[k])
            found += share * float(gains[k])
            left -= share * float(cost[k])
        return found

    @cached_property
    def _gains(self) -> FloatArray:
        """What each opening gains alone (opening,)."""
        alone = np.eye(len(self.budget.cost), dtype=np.bool_)
        nothing = self._optimistic(np.zeros(len(alone), dtype=np.bool_))
        return np.array([self._optimistic(one) - nothing for one in alone])

    def _optimistic(self, done: BoolArray) -> float:
        """Return the worth of ``done`` with the stations to be moved still in place too."""
        standing = self.openings.standing(done)
        if not self._additive:
            standing[self.openings.waiting[self.openings.waiting >= 0]] = True
        value = self.openings.value(standing)
        return value if self.openings.highest else -value

    @property
    def _objective(self) -> Objective:
        return self.openings.instance.request.objectives[0]

    @property
    def _additive(self) -> bool:
        return isinstance(self._objective, Cost | FewestStations)

    @property
    def _diminishing(self) -> bool:
        expected = getattr(self._objective, "scenarios", "expected") == "expected"
        return expected and isinstance(self._objective, _DIMINISHING)
