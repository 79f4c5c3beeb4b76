"""The request as arrays: pairs of depot and item, cohorts of equal expiry, and what they may do.

A *pair* is an item in a depot. A *cohort* is what of a pair expires on the same day; all that
stays good past the end of the plan and of every outlet's demand is one cohort. A *node* is a
cohort at the end of a period, as long as it is good through its last day.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.places import Area
from models.rotation import RotationRequest
from models.rotation.calendar import Period, first_day, months_in, periods
from models.rotation.request import Outlet, RefillRule, RequiredStock, Supply
from models.stockpiles.items import Item
from models.stockpiles.lots import Lot
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.rotation.checks import LATEST, check, day_after

IndexArray = NDArray[np.int64]
NEVER = LATEST.toordinal()


@dataclass(frozen=True)
class Stock:
    """A lot that counts: how much of it comes into its depot in which period; expiry as ordinal."""

    lot_id: str
    pair: int
    quantity: float
    period: int
    expiry: int


@dataclass(frozen=True)
class Nodes:
    """Cohorts and their nodes."""

    pair: IndexArray  # (cohort,)
    expiry: IndexArray  # (cohort,) ordinal of the day
    first: IndexArray  # (cohort,) period
    last: IndexArray  # (cohort,) the last period it is good through, and of the plan
    start: IndexArray  # (cohort,) its first node
    cohort: IndexArray  # (node,)
    period: IndexArray  # (node,)

    def at(self, cohort: IndexArray, period: IndexArray) -> IndexArray:
        """Return the nodes of cohorts in periods."""
        found: IndexArray = self.start[cohort] + period - self.first[cohort]
        return found


@dataclass(frozen=True)
class Orders:
    """What may be ordered: one entry for a supply, a depot and a period."""

    supply: IndexArray
    pair: IndexArray
    period: IndexArray
    arrival: IndexArray
    expiry: IndexArray
    node: IndexArray
    units: FloatArray  # in a pack
    cost: FloatArray  # of a pack


@dataclass(frozen=True)
class Issues:
    """What may leave: one entry for a node and an outlet."""

    node: IndexArray
    outlet: IndexArray


@dataclass(frozen=True)
class Moves:
    """What may be sent: one entry for a node and the node it becomes."""

    node: IndexArray
    to: IndexArray
    cost: FloatArray


@dataclass(frozen=True, eq=False)
class Instance:
    """One request as arrays."""

    request: RotationRequest
    grid: tuple[Period, ...]
    pairs: tuple[tuple[str, str], ...]
    stocks: tuple[Stock, ...]
    nodes: Nodes
    orders: Orders
    issues: Issues
    moves: Moves
    amount: FloatArray  # (outlet, period) what each takes at most
    target: FloatArray  # (pair, period)
    statutory: FloatArray  # (pair, period)

    @classmethod
    def from_request(cls, request: RotationRequest, store: Store | None = None) -> Self:
        """Return the request as arrays.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        del store
        faults = check(request)
        if faults:
            raise InputError(faults)
        return cls(*_Maker(request).parts())

    @cached_property
    def last_day(self) -> IndexArray:
        """The last day of each period, as an ordinal."""
        return np.array([one.last.toordinal() for one in self.grid])

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the plan."""
        return tuple(sorted({one.year for one in self.grid}))

    @cached_property
    def year(self) -> IndexArray:
        """The place of each period's year among the years."""
        return np.array([self.years.index(one.year) for one in self.grid])

    @cached_property
    def length(self) -> FloatArray:
        """How long each period is, in years."""
        return np.array([len(months_in(one)) / 12.0 for one in self.grid])

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The item of each pair."""
        by_id = {one.id: one for one in self.request.items}
        return tuple(by_id[item] for _, item in self.pairs)

    @cached_property
    def price(self) -> FloatArray:
        """What a unit of each pair is worth."""
        return np.array([one.price for one in self.items])

    @cached_property
    def weight(self) -> FloatArray:
        """What a missing unit of each pair counts."""
        return np.array([one.weight for one in self.items])

    @cached_property
    def node_pair(self) -> IndexArray:
        """The pair of each node."""
        return self.nodes.pair[self.nodes.cohort]

    @cached_property
    def supplied(self) -> FloatArray:
        """What the book brings into each node."""
        into = np.zeros(len(self.nodes.period))
        known = {
            (int(pair), int(expiry)): c
            for c, (pair, expiry) in enumerate(zip(self.nodes.pair, self.nodes.expiry, strict=True))
        }
        for one in self.stocks:
            c = known.get((one.pair, self.cohort_expiry(one.expiry)))
            if c is not None and self.nodes.last[c] >= one.period:
                into[self.nodes.start[c] + one.period - self.nodes.first[c]] += one.quantity
        return into

    @cached_property
    def lost(self) -> tuple[Stock, ...]:
        """Lots of the book that are not good through the very period they come in."""
        return tuple(one for one in self.stocks if one.expiry < self.last_day[one.period])

    @cached_property
    def expiring(self) -> IndexArray:
        """The nodes whose stock is written off in the period after theirs."""
        nodes = self.nodes
        ends = (nodes.period == nodes.last[nodes.cohort]) & (nodes.period < len(self.grid) - 1)
        return np.flatnonzero(ends)

    def required_in(self, entry: int) -> NDArray[np.bool_]:
        """Return in which periods an entry of what is required counts."""
        return in_force(self.request.required[entry], self.grid)

    @cached_property
    def far(self) -> int:
        """The expiry from which on later ones make no difference."""
        return far_expiry(self.request, self.grid)

    def cohort_expiry(self, expiry: int) -> int:
        """Return the expiry of the cohort that a lot of this expiry is in."""
        return min(expiry, self.far)


def far_expiry(request: RotationRequest, grid: tuple[Period, ...]) -> int:
    """Return the day from which on stock is good for the whole plan and all it asks for."""
    least = [one.least_remaining_days for one in request.items]
    least += [one.least_remaining_days or 0.0 for one in (*request.outlets, *request.refills)]
    return grid[-1].last.toordinal() + int(np.ceil(max(least, default=0.0))) + 1


def amounts(outlet: Outlet, grid: tuple[Period, ...], *, whole: bool) -> FloatArray:
    """Return what an outlet takes in each period.

    Months share a year's amount evenly; whole amounts are differences of the rounded-down sum, so
    that they add up.
    """
    months = outlet.months or tuple(range(1, 13))
    taken = [
        sum(
            month % 12 + 1 in months and open_in(outlet.from_day, outlet.until_day, month)
            for month in months_in(one)
        )
        for one in grid
    ]
    total = np.concatenate([[0.0], np.cumsum(taken) * (outlet.per_year / len(months))])
    found: FloatArray = np.diff(np.floor(total + 1e-9) if whole else total)
    return found


def open_in(first: date | None, last: date | None, month: int) -> bool:
    """Return whether a window of days holds a month, counted from its first day to its last."""
    low = 0 if first is None else 12 * first.year + first.month - 1
    high = 10**6 if last is None else 12 * last.year + last.month - 1
    return low <= month <= high


def in_season(months: tuple[int, ...] | None, period: Period) -> bool:
    """Return whether a period holds one of these months of the year."""
    return months is None or any(month % 12 + 1 in months for month in months_in(period))


def order_days(supply: Supply, grid: tuple[Period, ...]) -> Iterator[tuple[int, date]]:
    """Yield each period in which a supply can be ordered, and the day: the first of a month.

    It is the period's first month that the supply allows.
    """
    for t, period in enumerate(grid):
        for month in months_in(period):
            fits = supply.months is None or month % 12 + 1 in supply.months
            if fits and open_in(supply.from_day, supply.until_day, month):
                yield t, first_day(month)
                break


def in_force(one: RequiredStock, grid: tuple[Period, ...]) -> NDArray[np.bool_]:
    """Return in which periods something is required: those whose last month is in its window."""
    return np.array(
        [open_in(one.from_day, one.until_day, months_in(each)[-1]) for each in grid], dtype=np.bool_
    )


class _Maker:
    """Builds the arrays of one request."""

    def __init__(self, request: RotationRequest) -> None:
        self.request = request
        self.grid = periods(request.start, request.years, request.months)
        self.last = np.array([one.last.toordinal() for one in self.grid])
        self.items = {one.id: one for one in request.items}
        self.depots = {one.id: one for one in request.depots}
        self.far = far_expiry(request, self.grid)
        self.pairs: dict[tuple[str, str], int] = {}

    def parts(self) -> tuple[object, ...]:
        """Return all parts of an instance in their order."""
        stocks = tuple(self._stocks())
        target, statutory = self._required()
        for outlet in self.request.outlets:
            for depot in outlet.depot_ids or ():
                self.pair(depot, outlet.item_id)
        orders = [*self._orders()]
        ways = [*self._ways()]
        nodes = self._nodes(stocks, orders, ways)
        self._cohorts = {
            key: c
            for c, key in enumerate(zip(nodes.pair.tolist(), nodes.expiry.tolist(), strict=True))
        }
        amount = np.array(
            [amounts(one, self.grid, whole=self.request.whole) for one in self.request.outlets]
        ).reshape(len(self.request.outlets), len(self.grid))
        size = (len(self.pairs), len(self.grid))
        full = [np.zeros(size), np.zeros(size)]
        for kept, rows in zip(full, (target, statutory), strict=True):
            for pair, row in rows.items():
                kept[pair] = row
        return (
            self.request,
            self.grid,
            tuple(self.pairs),
            stocks,
            nodes,
            self._order_arrays(orders, nodes),
            self._issues(nodes, amount),
            self._moves(nodes, ways),
            amount,
            *full,
        )

    def pair(self, depot: str, item: str) -> int:
        """Return the number of a pair, a new one where it is not known."""
        return self.pairs.setdefault((depot, item), len(self.pairs))

    def period_of(self, day: date) -> int | None:
        """Return the period that a day lies in; one before the first is the first's."""
        found = int(np.searchsorted(self.last, day.toordinal()))
        return found if found < len(self.grid) else None

    def _stocks(self) -> Iterator[Stock]:
        for lot in self.request.lots:
            expiry = first_expiry(lot, self.items[lot.item_id])
            if lot.sure_quantity > 0 and expiry is not None:
                pair = self.pair(lot.depot_id, lot.item_id)
                yield Stock(lot.id, pair, lot.sure_quantity, 0, expiry)
        for one in self.request.incoming:
            period = self.period_of(one.arrives_on)
            perishable = self.items[one.item_id].shelf_life_days is not None
            expiry = NEVER if one.expires_on is None else one.expires_on.toordinal()
            if period is not None and one.quantity > 0 and (one.expires_on or not perishable):
                pair = self.pair(one.depot_id, one.item_id)
                yield Stock(one.id, pair, one.quantity, period, expiry)

    def _required(self) -> tuple[dict[int, FloatArray], dict[int, FloatArray]]:
        found: tuple[dict[int, FloatArray], dict[int, FloatArray]] = ({}, {})
        for one in self.request.required:
            pair = self.pair(one.depot_id, one.item_id)
            open_ = in_force(one, self.grid)
            for kept, quantity in zip(found, (one.target, one.statutory), strict=True):
                known = kept.setdefault(pair, np.zeros(len(self.grid)))
                kept[pair] = np.maximum(known, open_ * quantity)
        return found

    def may_hold(self, depot: str, item: str) -> bool:
        """Return whether the tier of a depot may hold an item."""
        tier = self.depots[depot].tier
        allowed = next(one.may_hold for one in self.request.tiers if one.id == tier)
        return allowed is None or item in allowed

    def buyers(self, supply: Supply) -> Iterator[str]:
        """Yield the depots that a supply may go to."""
        for depot in supply.depot_ids or self.depots:
            if self.may_hold(depot, supply.item_id):
                yield depot

    def _orders(self) -> Iterator[tuple[int, int, int, int, int, float, float]]:
        """Yield (supply, pair, period, arrival, expiry, units, cost) of what arrives good."""
        for s, supply in enumerate(self.request.supplies):
            item = self.items[supply.item_id]
            life = supply.least_life_days or item.shelf_life_days
            packs = {one.id: one.holds for one in item.packs}
            units = 1.0 if supply.pack_id is None else packs[supply.pack_id]
            price = item.price if supply.price is None else supply.price
            for depot in self.buyers(supply):
                pair = self.pair(depot, supply.item_id)
                for t, ordered in order_days(supply, self.grid):
                    day = day_after(ordered, supply.lead_days)
                    arrival = self.period_of(day)
                    expiry = NEVER if life is None else day_after(day, life).toordinal()
                    if arrival is not None and expiry >= self.last[arrival]:
                        yield s, pair, t, arrival, expiry, units, units * price

    def _ways(self) -> Iterator[tuple[int, int, IndexArray, float, float]]:
        """Yield (from pair, to pair, arrival by period or -1, least days, cost), from the top."""
        order = {one.id: n for n, one in enumerate(self.request.tiers)}
        above = sorted(self.request.depots, key=lambda one: order[one.tier])
        holdings = [(one.id, item) for one in above for item in self.items]
        below: dict[str, list[str]] = defaultdict(list)
        for depot in self.request.depots:
            below[depot.tier].append(depot.id)
        reach = {area.id: _within(self.request.areas, area.id) for area in self.request.areas}
        tiers = {one.id: one for one in self.request.tiers}
        wanted = set(self.pairs)
        for depot, item in holdings:
            for tier in tiers[self.depots[depot].tier].refills:
                rule = rule_for(self.request.refills, self.depots[depot].tier, tier, item)
                if rule is None:
                    continue
                arrival = np.array([self._arrival(t, rule) for t in range(len(self.grid))])
                least = rule.least_remaining_days
                least = self.items[item].least_remaining_days if least is None else least
                for other in below[tier]:
                    mine, theirs = self.depots[depot].area, self.depots[other].area
                    if rule.within_area and (mine is None or theirs not in reach[mine]):
                        continue
                    if (other, item) in wanted and self.may_hold(other, item):
                        source = self.pair(depot, item)
                        yield source, self.pair(other, item), arrival, least, rule.cost_per_unit

    def _arrival(self, t: int, rule: RefillRule) -> int:
        """Return the period in which what is sent in a period arrives, -1 where nothing can be."""
        if not in_season(rule.months, self.grid[t]):
            return -1
        found = self.period_of(day_after(self.grid[t].first, rule.lead_days))
        return -1 if found is None else found

    def _nodes(
        self,
        stocks: tuple[Stock, ...],
        orders: list[tuple[int, int, int, int, int, float, float]],
        ways: list[tuple[int, int, IndexArray, float, float]],
    ) -> Nodes:
        first: dict[int, dict[int, int]] = defaultdict(dict)  # pair -> expiry -> first period

        def meet(pair: int, expiry: int, period: int) -> None:
            expiry = min(expiry, self.far)
            if expiry >= self.last[period]:
                first[pair][expiry] = min(period, first[pair].get(expiry, period))

        for one in stocks:
            meet(one.pair, one.expiry, one.period)
        for _, pair, _, arrival, expiry, _, _ in orders:
            meet(pair, expiry, arrival)
        for source, to, arrivals, least, _ in ways:
            for expiry, period in first[source].items():
                later = arrivals[period:]
                arrival = int(later[later >= 0][:1].sum()) if (later >= 0).any() else -1
                if arrival >= 0 and expiry - self.last[arrival] >= least:
                    meet(to, expiry, arrival)
        rows = [(pair, e, t) for pair in sorted(first) for e, t in sorted(first[pair].items())]
        pair, expiry, begin = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        last = np.searchsorted(self.last, expiry, side="right") - 1
        size = last - begin + 1
        start = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64) if len(size) else size
        cohort = np.repeat(np.arange(len(size)), size)
        period = np.arange(len(cohort)) - start[cohort] + begin[cohort]
        return Nodes(pair, expiry, begin, last, start, cohort, period)

    def _order_arrays(
        self, orders: list[tuple[int, int, int, int, int, float, float]], nodes: Nodes
    ) -> Orders:
        supply, pair, period, arrival, expiry = (
            np.array([one[:5] for one in orders], dtype=np.int64).reshape(-1, 5).T
        )
        units, cost = np.array([one[5:] for one in orders]).reshape(-1, 2).T
        node = nodes.at(self._cohort_of(pair, expiry), arrival)
        return Orders(supply, pair, period, arrival, expiry, node, units, cost)

    def _cohort_of(self, pair: IndexArray, expiry: IndexArray) -> IndexArray:
        keys = zip(pair.tolist(), np.minimum(expiry, self.far).tolist(), strict=True)
        return np.array([self._cohorts[key] for key in keys], dtype=np.int64)

    def _issues(self, nodes: Nodes, amount: FloatArray) -> Issues:
        node, outlet = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        node_pair, left = nodes.pair[nodes.cohort], self._left(nodes)
        for o, one in enumerate(self.request.outlets):
            depots = one.depot_ids or tuple(self.depots)
            mine = [self.pairs[d, one.item_id] for d in depots if (d, one.item_id) in self.pairs]
            least = one.least_remaining_days
            least = self.items[one.item_id].least_remaining_days if least is None else least
            fits = np.isin(node_pair, mine) & (amount[o][nodes.period] > 0) & (left >= least)
            found = np.flatnonzero(fits)
            node.append(found)
            outlet.append(np.full(len(found), o, dtype=np.int64))
        return Issues(np.concatenate(node), np.concatenate(outlet))

    def _left(self, nodes: Nodes) -> IndexArray:
        """Return the days that each node's stock has left at the end of its period."""
        found: IndexArray = nodes.expiry[nodes.cohort] - self.last[nodes.period]
        return found

    def _moves(self, nodes: Nodes, ways: list[tuple[int, int, IndexArray, float, float]]) -> Moves:
        node, to, cost = ([np.zeros(0, dtype=np.int64)] for _ in range(3))
        for source, other, arrivals, least, price in ways:
            mine = np.flatnonzero(nodes.pair[nodes.cohort] == source)
            arrival = arrivals[nodes.period[mine]]
            expiry = nodes.expiry[nodes.cohort[mine]]
            good = (arrival >= 0) & (expiry - self.last[arrival] >= least)
            mine, arrival, expiry = mine[good], arrival[good], expiry[good]
            node.append(mine)
            to.append(nodes.at(self._cohort_of(np.full(len(mine), other), expiry), arrival))
            cost.append(np.full(len(mine), price))
        return Moves(np.concatenate(node), np.concatenate(to), np.concatenate(cost).astype(float))


def rule_for(rules: tuple[RefillRule, ...], source: str, to: str, item: str) -> RefillRule | None:
    """Return how a tier refills another with an item, None where its rules leave the item out.

    Without any rule for the two, stock arrives at once.
    """
    mine = [one for one in rules if (one.from_tier, one.to_tier) == (source, to)]
    fits = (one for one in mine if one.item_ids is None or item in one.item_ids)
    plain = None if mine else RefillRule(from_tier=source, to_tier=to)
    return next(fits, plain)


def first_expiry(lot: Lot, item: Item) -> int | None:
    """Return the first day a lot may be expired, as an ordinal; None where nobody knows."""
    day = lot.first_expiry
    if day is not None:
        return day.toordinal()
    return NEVER if item.shelf_life_days is None else None


def _within(areas: tuple[Area, ...], area_id: str) -> set[str]:
    """Return an area and all areas inside it."""
    found, size = {area_id}, 0
    while len(found) > size:
        size = len(found)
        found |= {one.id for one in areas if one.parent in found}
    return found
