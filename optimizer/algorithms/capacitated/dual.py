r"""The Lagrangian bound: customers' multipliers, sites' loads, and the cheapest options to open.

With multipliers :math:`u` for "served whole" the problem falls apart: each option's most profit
:math:`p_o(u) = \max \sum_i (u_i - c_{ij}) x_{ij}` within its capacity (a knapsack), then the
choice of options by :math:`f_o - p_o(u)` with room for all demand or of the number asked for:
:math:`\sum_i u_i + \min \sum_o (f_o - p_o(u)) y_o` bounds every plan from below, whatever ``u``.

Cornuéjols, G., Sridharan, R. and Thizy, J. M. (1991). A comparison of heuristics and relaxations
for the capacitated plant location problem. European Journal of Operational Research 50(3).
Pirkul, H. (1987). Efficient algorithms for the capacitated concentrator location problem.
Computers & Operations Research 14(3).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.capacitated.instance import (
    CapacitatedInstance,
    FloatArray,
    IndexArray,
)
from optimizer.algorithms.capacitated.knapsacks import (
    IntArray,
    best_load,
    best_options,
    each_option,
    loads_with_each,
)
from optimizer.algorithms.capacitated.pricing import price, site_best

_FINEST = 20_000  # units of the largest capacity, where demands are not whole numbers
_WIDEST = 2_000  # units of all demand, where options are chosen
_SAFE = 1e-9  # relative: what rounding may take of a bound
_EXACT = 1e-9  # relative: by so much rooms and needs are taken as less, both alike
_TRIED_SIZES = 50  # sizes of options whose parts are tried as the unit of rooms


@dataclass(frozen=True)
class Priced:
    """What some multipliers say: a bound, the options it opens and the loads they take."""

    value: float
    chosen: IntArray  # (site,): its option or -1
    share: FloatArray  # (pair,)
    served: FloatArray  # (customer,): how often
    worth: FloatArray  # (option,): opening cost less profit, or less than that


@dataclass(frozen=True)
class Ascent:
    """How long to climb, from what pace, and towards which value."""

    steps: int = 600
    pace: float = 1.2
    patience: int = 20
    target: float = math.inf
    enough: float = math.inf  # a bound at which to end


@dataclass(frozen=True)
class Bound:
    """The best multipliers found, and averages of what they opened and served."""

    value: float
    multiplier: FloatArray  # (customer,)
    opened: FloatArray  # (option,): how often in the last rounds
    share: FloatArray  # (pair,): likewise
    steps: int


@dataclass(frozen=True)
class Sums:
    """Bounds of all plans that have one thing in common; infinite where there are none."""

    opened: FloatArray  # (option,): it is open
    closed: FloatArray  # (site,): it is not
    used: FloatArray  # (pair,): the customer is served there
    unused: FloatArray  # (pair,): it is not


class Dual:
    """The bound of one instance under any multipliers."""

    def __init__(self, instance: CapacitatedInstance) -> None:
        self.instance = instance
        self.single = instance.single_source
        largest = float(instance.capacity.max(initial=1.0))
        whole = _whole(instance.demand) and _whole(instance.capacity) and largest <= _FINEST
        scale = 1.0 if whole else _FINEST / max(largest, 1e-300)
        self.unit = np.floor(instance.demand * scale).astype(np.int64)
        self.room = np.floor(instance.capacity * scale).astype(np.int64)
        self.forced = np.zeros(instance.sites, dtype=np.bool_)
        self.forced[instance.opened] = True
        self.wide, self.need = _rooms(instance)
        self.by_count = instance.most is not None and instance.most < instance.sites
        self.least = max(instance.least, _fewest(instance), int(self.forced.sum()))
        self.most = instance.sites if instance.most is None else instance.most
        self._site = instance.site

    @property
    def possible(self) -> bool:
        """Whether enough options can open at all, and every customer has a site to go to."""
        reached = np.zeros(len(self.instance.demand), dtype=np.bool_)
        reached[self.instance.customer] = True
        optioned = np.diff(self.instance.option_start) > 0
        enough = self.least <= min(self.most, int(optioned.sum()))
        chosen = np.empty(self.instance.sites, dtype=np.int64)
        none = np.zeros(len(self.instance.capacity))
        total = best_options(
            none, self.instance.option_start, self.wide, self.need, self.forced, chosen
        )
        return bool(reached.all()) and enough and math.isfinite(total)

    def start(self) -> FloatArray:
        """Return each customer's least cost with its share of the site's opening cost."""
        instance = self.instance
        rate = np.full(instance.sites, np.inf)
        np.minimum.at(
            rate,
            instance.option_site,
            instance.opening / np.maximum(instance.capacity, 1e-300),
        )
        full = instance.cost + rate[self._site] * instance.demand[instance.customer]
        multiplier = np.full(len(instance.demand), np.inf)
        np.minimum.at(multiplier, instance.customer, full)
        return multiplier

    def price(self, multiplier: FloatArray) -> Priced:
        """Return what ``multiplier`` bounds, exactly: the loads of all chosen options are true."""
        instance = self.instance
        worth = np.empty(len(instance.capacity))
        chosen = np.empty(instance.sites, dtype=np.int64)
        share = np.zeros(len(instance.cost))
        total = price(
            instance.start,
            instance.customer,
            instance.cost,
            instance.demand,
            instance.option_start,
            instance.capacity,
            instance.opening,
            self.single,
            self.unit,
            self.room,
            self.by_count,
            self.least,
            self.most,
            self.wide,
            self.need,
            self.forced,
            multiplier,
            worth,
            chosen,
            share,
        )
        served = np.bincount(instance.customer, share, len(instance.demand)).astype(np.float64)
        size = float(np.abs(multiplier).sum() + np.abs(worth[chosen[chosen >= 0]]).sum())
        value = float(multiplier.sum()) + total - _SAFE * size
        return Priced(value, chosen, share, served, worth)

    def each(self, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the least sums with each option chosen (option,) and each site closed (site,)."""
        opened = np.full(len(worth), np.inf)
        closed = np.full(self.instance.sites, np.inf)
        starts = self.instance.option_start
        if not self.by_count:
            each_option(worth, starts, self.wide, self.need, self.forced, opened, closed)
            return opened, closed
        best = _site_best(worth, starts)
        for site in range(self.instance.sites):
            options = slice(starts[site], starts[site + 1])
            without = best.copy()
            without[site] = np.inf
            forced = self.forced[site]
            if not forced:
                closed[site] = self._sum(without, self.least, self.most, site)
            rest = self._sum(without, self.least - 1, self.most - 1, site)
            opened[options] = rest + worth[options]
        return opened, closed

    def _sum(self, best: FloatArray, least: int, most: int, without: int) -> float:
        forced = self.forced.copy()
        forced[without] = False
        if forced.sum() > most:
            return math.inf
        free = np.sort(best[~forced])
        room = most - int(forced.sum())
        must = max(0, least - int(forced.sum()))
        kept = free[:room]
        taken = kept[: max(must, int((kept < 0.0).sum()))]
        if len(taken) < must:
            return math.inf
        return float(best[forced].sum() + taken.sum())

    def climb(
        self,
        start: FloatArray,
        plan: Ascent,
        stop: Callable[[], bool],
        hear: Callable[[Priced], float | None] | None = None,
    ) -> Bound:
        """Return multipliers raised by deflected subgradients; ``hear`` may lower the target."""
        multiplier = start.copy()
        best, best_at = -math.inf, start.copy()
        pace, waited, steps = plan.pace, 0, 0
        target = plan.target
        direction = np.zeros(len(start))
        opened, share = np.zeros(len(self.instance.capacity)), np.zeros(len(self.instance.cost))
        while steps < plan.steps:
            priced = self.price(multiplier)
            steps += 1
            mark = np.zeros(len(opened))
            mark[priced.chosen[priced.chosen >= 0]] = 1.0
            weight = max(0.05, 1.0 / steps)
            opened += weight * (mark - opened)
            share += weight * (priced.share - share)
            if hear is not None:
                told = hear(priced)
                target = target if told is None else min(target, told)
            if priced.value > best:
                waited = 0 if priced.value > best + 1e-6 * abs(best) else waited + 1
                best, best_at = priced.value, multiplier.copy()
            else:
                waited += 1
            if waited >= plan.patience:
                pace, waited = pace / 2.0, 0
                multiplier, direction = best_at.copy(), direction * 0.0
                if pace < 1e-3:
                    break
                continue
            if best >= plan.enough or stop():
                break
            gradient = 1.0 - priced.served
            direction = gradient + 0.3 * direction
            norm = float(direction @ direction)
            if norm <= 1e-12:
                break
            aim = target if math.isfinite(target) else 1.05 * abs(best) + 1e-9
            length = max(aim - priced.value, 1e-4 * abs(best))
            multiplier = multiplier + pace * length / norm * direction
        return Bound(best, best_at, opened, share, steps)

    def sums(self, multiplier: FloatArray) -> Sums:
        """Return what all plans with an option open, a site closed, a pair used or not cost.

        Where services may be in parts, a pair costs what its site's opening does.
        """
        return self._pair_sums(multiplier) if self.single else self._site_sums(multiplier)

    def _site_sums(self, multiplier: FloatArray) -> Sums:
        instance = self.instance
        opened, closed = self._each(self.price(multiplier).worth, multiplier)
        least = np.full(instance.sites, np.inf)
        np.minimum.at(least, instance.option_site, opened)
        return Sums(opened, closed, least[self._site], np.full(len(instance.cost), -np.inf))

    def _pair_sums(self, multiplier: FloatArray) -> Sums:
        instance = self.instance
        worth = instance.opening.copy()
        more, less = [], []
        for option, site in enumerate(instance.option_site.tolist()):
            pairs = slice(int(instance.start[site]), int(instance.start[site + 1]))
            customer, cost = instance.customer[pairs], instance.cost[pairs]
            into, out, share = np.empty(len(cost)), np.empty(len(cost)), np.zeros(len(cost))
            room = int(self.room[option])
            won = best_load(customer, cost, self.unit, room, multiplier, share)
            loads_with_each(customer, cost, self.unit, room, multiplier, into, out)
            worth[option] -= won
            more.append(won - into)
            less.append(won - out)
        opened, closed = self._each(worth, multiplier)
        used = np.full(len(instance.cost), np.inf)
        unused = np.repeat(closed, np.diff(instance.start))
        for option, site in enumerate(instance.option_site.tolist()):
            pairs = slice(int(instance.start[site]), int(instance.start[site + 1]))
            used[pairs] = np.minimum(used[pairs], opened[option] + more[option])
            unused[pairs] = np.minimum(unused[pairs], opened[option] + less[option])
        return Sums(opened, closed, used, unused)

    def _each(self, worth: FloatArray, multiplier: FloatArray) -> tuple[FloatArray, FloatArray]:
        opened, closed = self.each(worth)
        size = float(np.abs(multiplier).sum() + 2.0 * np.abs(worth).sum())
        base = float(multiplier.sum()) - _SAFE * size
        return opened + base, closed + base


def _whole(values: FloatArray) -> bool:
    return bool((values == np.rint(values)).all())


def _site_best(worth: FloatArray, starts: IndexArray) -> FloatArray:
    best, option = np.empty(len(starts) - 1), np.empty(len(starts) - 1, dtype=np.int64)
    site_best(worth, starts, best, option)
    return best


def _rooms(instance: CapacitatedInstance) -> tuple[IntArray, int]:
    """Return options' rooms and what is needed, in units: what suffices in truth does in them.

    The unit is one that hardly rounds: rooms a fortieth too large make a facility in forty seem
    needless, and that may be more than all else that the bound leaves.
    """
    total = math.fsum(instance.demand.tolist())
    rooms = np.ceil(instance.capacity)
    step = float(np.gcd.reduce(rooms.astype(np.int64))) if _whole(instance.capacity) else 1.0
    step = max(1.0, step)
    if total / step > _WIDEST:
        rooms = instance.capacity
        step = _best_step(rooms[rooms > 0.0], total / _WIDEST)
    wide = np.ceil(rooms * (1.0 - _EXACT) / step)
    return wide.astype(np.int64), math.ceil(total * (1.0 - _EXACT) / step)


def _best_step(rooms: FloatArray, least: float) -> float:
    """Return the unit of at least that size that rounds rooms up by least, on the average."""
    size, how_many = np.unique(rooms, return_counts=True)
    most = size[-_TRIED_SIZES:]
    units = [np.arange(1, max(1, int(one / least)) + 1) for one in most]
    steps = np.concatenate([one / count for one, count in zip(most, units, strict=True)])
    steps = np.unique(np.append(steps[steps >= least], least))[::-1]
    rounded = np.ceil(size * (1.0 - _EXACT) / steps[:, None]) * steps[:, None] / size
    loss = rounded @ how_many / how_many.sum()
    return float(steps[np.argmin(np.round(loss, 9))])


def _fewest(instance: CapacitatedInstance) -> int:
    """Return how many sites it takes to hold all demand."""
    largest = _site_best(-instance.capacity, instance.option_start)
    held = -np.cumsum(np.sort(largest[np.isfinite(largest)]))
    total = math.fsum(instance.demand.tolist()) * (1.0 - 1e-12)
    return int(np.searchsorted(held, total)) + 1 if total > 0.0 else 0
