"""From a request to its arrays, one kind of array after the other."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from models.places import Area
from models.rotation import RotationRequest
from models.rotation.calendar import periods
from models.rotation.request import RefillRule, Supply
from models.stockpiles.items import Item
from models.stockpiles.lots import Lot
from optimizer.demand import FloatArray
from optimizer.rotation.arrays import NEVER, IndexArray, Issues, Moves, Nodes, Orders, Stock
from optimizer.rotation.checks import day_after
from optimizer.rotation.seasons import amounts, far_expiry, in_force, in_season, order_days


class Maker:
    """Builds the arrays of one request."""

    def __init__(self, request: RotationRequest) -> None:
        self.request = request
        self.grid = periods(request.start, request.years, request.months)
        self.last = np.array([one.last.toordinal() for one in self.grid])
        self.items = {one.id: one for one in request.items}
        self.depots = {one.id: one for one in request.depots}
        self.far = far_expiry(request, self.grid)
        self.pairs: dict[tuple[str, str], int] = {}

    def parts(self) -> tuple[Any, ...]:
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
        for source, item in holdings:
            above_it = self.depots[source]
            for tier in tiers[above_it.tier].refills:
                rule = rule_for(self.request.refills, above_it.tier, tier, item)
                if rule is None:
                    continue
                arrival = np.array([self._arrival(t, rule) for t in range(len(self.grid))])
                least = rule.least_remaining_days
                least = self.items[item].least_remaining_days if least is None else least
                for other in below[tier]:
                    mine, theirs = above_it.area, self.depots[other].area
                    if rule.within_area and (mine is None or theirs not in reach[mine]):
                        continue
                    if (other, item) in wanted and self.may_hold(other, item):
                        ends = self.pair(source, item), self.pair(other, item)
                        yield *ends, arrival, least, rule.cost_per_unit

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
        pairs, days, begin = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        last = np.searchsorted(self.last, days, side="right").astype(np.int64) - 1
        size = last - begin + 1
        start = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64) if len(size) else size
        cohort = np.repeat(np.arange(len(size)), size)
        periods_of = np.arange(len(cohort)) - start[cohort] + begin[cohort]
        return Nodes(pairs, days, begin, last, start, cohort, periods_of)

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
