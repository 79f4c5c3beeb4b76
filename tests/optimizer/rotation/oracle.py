"""The best rotation by another, plain formulation: single lots, names, SciPy's solver.

It shares nothing with the engine but the request: every lot is followed by itself, through a
variable for what of it is in a depot at the end of a period.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from models.rotation import RotationRequest
from models.rotation.calendar import months_in, periods
from models.rotation.request import RefillRule

Name = tuple[object, ...]
Sum = dict[Name, float]


@dataclass
class Model:
    """Variables by name, rows, and the sums to be made small in turn."""

    names: dict[Name, int] = field(default_factory=dict)
    whole: set[Name] = field(default_factory=set)
    rows: list[tuple[Sum, float, float]] = field(default_factory=list)

    def var(self, *name: object, whole: bool = False) -> Name:
        self.names.setdefault(name, len(self.names))
        if whole:
            self.whole.add(name)
        return name

    def least(self, goal: Sum) -> float | None:
        matrix = lil_array((len(self.rows), len(self.names)))
        low, high = np.zeros(len(self.rows)), np.zeros(len(self.rows))
        for n, (row, lower, upper) in enumerate(self.rows):
            low[n], high[n] = lower, upper
            for name, value in row.items():
                matrix[n, self.names[name]] += value
        cost = np.zeros(len(self.names))
        for name, value in goal.items():
            cost[self.names[name]] += value
        found = milp(
            cost,
            constraints=LinearConstraint(matrix.tocsr(), low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.array([name in self.whole for name in self.names], dtype=int),
            options={"mip_rel_gap": 0.0},
        )
        return None if found.x is None else float(found.fun)


def best(request: RotationRequest) -> list[float] | None:
    """Return the least value of each level, given those before it; None where no plan exists."""
    model, goals = _model(request)
    values = []
    for goal, constant in goals:
        value = model.least(goal)
        if value is None:
            return None
        values.append(value + constant)
        model.rows.append((goal, -inf, value + 1e-7 * max(1.0, abs(value))))
    return values


def _model(  # noqa: C901, PLR0912, PLR0915 - one formulation, read from top to bottom
    request: RotationRequest,
) -> tuple[Model, list[tuple[Sum, float]]]:
    grid = periods(request.start, request.years, request.months)
    items = {one.id: one for one in request.items}
    tiers = {one.id: one for one in request.tiers}
    depots = {one.id: one for one in request.depots}
    model = Model()
    short_goal, lack_goal, gone_goal, cost_goal = ({} for _ in range(4))  # type: Sum
    lost = 0.0

    def period(day: date) -> int | None:
        return next((t for t, one in enumerate(grid) if day <= one.last), None)

    # Lots: name -> item, depot, period, quantity (a number or a variable with a factor), expiry.
    lots: dict[str, tuple[str, str, int, float | tuple[Name, float], date | None]] = {}
    for lot in request.lots:
        fresh = items[lot.item_id].shelf_life_days is None
        if lot.sure_quantity > 0 and (fresh or lot.first_expiry is not None):
            lots[lot.id] = (lot.item_id, lot.depot_id, 0, lot.sure_quantity, lot.first_expiry)
    for one in request.incoming:
        arrival = period(one.arrives_on)
        assert arrival is not None
        lots[one.id] = (one.item_id, one.depot_id, arrival, one.quantity, one.expires_on)
    spent: dict[int, Sum] = defaultdict(dict)
    for supply in request.supplies:
        item = items[supply.item_id]
        units = {pack.id: pack.holds for pack in item.packs}.get(supply.pack_id or "", 1.0)
        price = item.price if supply.price is None else supply.price
        for depot, (t, one) in product(supply.depot_ids or depots, enumerate(grid)):
            allowed = tiers[depots[depot].tier].may_hold
            season = [
                month
                for month in months_in(one)
                if supply.months is None or month % 12 + 1 in supply.months
            ]
            if not season or (allowed is not None and supply.item_id not in allowed):
                continue
            day = date(season[0] // 12, season[0] % 12 + 1, 1) + timedelta(days=supply.lead_days)
            arrival = period(day)
            life = supply.least_life_days or item.shelf_life_days
            expiry = None if life is None else day + timedelta(days=life)
            if arrival is None or (expiry is not None and expiry < grid[arrival].last):
                continue
            q = model.var("order", supply.id, depot, t, whole=request.whole)
            lots[f"{supply.id}/{depot}/{t}"] = (supply.item_id, depot, arrival, (q, units), expiry)
            cost_goal[q] = units * price
            spent[one.year][q] = units * price
    for budget in request.budgets:
        model.rows.append((spent[budget.year], -inf, budget.amount))

    def good(expiry: date | None, t: int, least: float = 0.0) -> bool:
        return expiry is None or (expiry - grid[t].last).days >= least

    def rule_of(source: str, to: str, item: str) -> RefillRule | None:
        above, below = depots[source].tier, depots[to].tier
        allowed = tiers[below].may_hold
        if below not in tiers[above].refills or (allowed is not None and item not in allowed):
            return None
        wanted = {(one.depot_id, one.item_id) for one in request.required}
        wanted |= {(one.depot_id, one.item_id) for one in (*request.lots, *request.incoming)}
        for outlet in request.outlets:
            wanted |= {(depot, outlet.item_id) for depot in outlet.depot_ids or ()}
        for supply in request.supplies:
            wanted |= {(depot, supply.item_id) for depot in supply.depot_ids or depots}
        if (to, item) not in wanted:
            return None
        mine = (o for o in request.refills if (o.from_tier, o.to_tier) == (above, below))
        return next(mine, RefillRule(from_tier=above, to_tier=below))

    flow: dict[tuple[str, str, int], Sum] = defaultdict(lambda: defaultdict(float))
    fixed: dict[tuple[str, str, int], float] = defaultdict(float)
    left: dict[tuple[str, int], Sum] = defaultdict(dict)
    for lot, (item, depot, arrival, quantity, expiry) in lots.items():
        if not good(expiry, arrival):
            assert isinstance(quantity, float)
            lost += quantity * items[item].price
            continue
        if isinstance(quantity, float):
            fixed[lot, depot, arrival] += quantity
        else:
            flow[lot, depot, arrival][quantity[0]] += quantity[1]
        for place, t in product(depots, range(len(grid))):
            if not good(expiry, t):
                continue
            for outlet in request.outlets:
                takes = outlet.depot_ids is None or place in outlet.depot_ids
                least = outlet.least_remaining_days
                least = items[item].least_remaining_days if least is None else least
                if outlet.item_id == item and takes and good(expiry, t, least):
                    y = model.var("issue", lot, place, outlet.id, t, whole=request.whole)
                    flow[lot, place, t][y] -= 1.0
                    left[outlet.id, t][y] = 1.0
                    cost_goal[y] = -outlet.recovered_share * items[item].price
            for to in depots:
                rule = rule_of(place, to, item)
                if rule is None:
                    continue
                there = period(grid[t].first + timedelta(days=rule.lead_days))
                least = rule.least_remaining_days
                least = items[item].least_remaining_days if least is None else least
                if there is not None and good(expiry, there, least):
                    z = model.var("move", lot, place, to, t, whole=request.whole)
                    flow[lot, place, t][z] -= 1.0
                    flow[lot, to, there][z] += 1.0
                    cost_goal[z] = rule.cost_per_unit
    held: dict[tuple[str, str, int], Sum] = defaultdict(dict)
    for lot, (item, _, _, _, expiry) in lots.items():
        for depot in depots:
            before: Name | None = None
            for t, one in enumerate(grid):
                if not good(expiry, t):
                    if before is not None:
                        gone_goal[before] = gone_goal.get(before, 0.0) + items[item].price
                    break
                hold = model.var("hold", lot, depot, t)
                row = {hold: 1.0}
                if before is not None:
                    row[before] = -1.0
                for name, value in flow[lot, depot, t].items():
                    row[name] = row.get(name, 0.0) - value
                model.rows.append((row, fixed[lot, depot, t], fixed[lot, depot, t]))
                held[depot, item, t][hold] = 1.0
                before = hold
                del one
    statutory = request.rules.statutory == "first" and any(r.statutory for r in request.required)
    for n, need in enumerate(request.required):
        for t, one in enumerate(grid):
            month = months_in(one)[-1]
            first = need.from_day
            if first is not None and month < 12 * first.year + first.month - 1:
                continue
            share = len(months_in(one)) / 12 * items[need.item_id].weight
            s = model.var("short", n, t)
            stock = held[need.depot_id, need.item_id, t]
            model.rows.append((stock | {s: 1.0}, need.target, inf))
            short_goal[s] = share
            if need.statutory and statutory:
                v = model.var("lack", n, t)
                model.rows.append((stock | {v: 1.0}, need.statutory, inf))
                lack_goal[v] = share
            elif need.statutory:
                model.rows.append((stock, need.statutory, inf))
    for outlet in request.outlets:
        months = outlet.months or tuple(range(1, 13))
        total = 0.0
        for t, one in enumerate(grid):
            mine = sum(month % 12 + 1 in months for month in months_in(one))
            after = total + mine * outlet.per_year / len(months)
            amount = after - total
            if request.whole:
                amount = float(int(after + 1e-9) - int(total + 1e-9))
            total = after
            row = dict(left[outlet.id, t])
            if outlet.required:
                u = model.var("unmet", outlet.id, t)
                row[u] = 1.0
                short_goal[u] = items[outlet.item_id].weight
                model.rows.append((row, amount, amount))
            else:
                model.rows.append((row, -inf, amount))
    for depot in request.depots:
        for t in range(len(grid)):
            if depot.volume_m3:
                room = {
                    name: items[item].volume_m3
                    for item in items
                    for name in held[depot.id, item, t]
                }
                model.rows.append((room, -inf, depot.volume_m3))
    goals = [(lack_goal, 0.0)] if statutory else []
    return model, [*goals, (short_goal, 0.0), (gone_goal, lost), (cost_goal, 0.0)]
