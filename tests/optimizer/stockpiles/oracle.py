"""The same question as one plain program, block by block and name by name, for SciPy's solver.

Nothing of the engine's arrays is used: what is due and who can be where when is read as the
verifier reads it, every block is served by itself, and every column has a name.
"""

from collections import defaultdict

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from models.stockpiles import StockRequest
from models.stockpiles.objectives import (
    Combination,
    LargestShare,
    StockObjective,
    Unmet,
    UnmetRisk,
)
from optimizer.stockpiles.verify.question import Question

Row = dict[tuple, float]


class Plain:
    """A request as a program whose columns are named by tuples."""

    def __init__(self, request: StockRequest) -> None:
        self.request, self.q = request, Question.read(request, None)
        self.names: dict[tuple, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[Row, float, float]] = []
        self._first_stage()
        self._rules()
        self.missing: dict[str, Row] = {}
        for scenario in request.scenarios:
            self._scenario(scenario)
        self._served()
        self.levels = [self._objective(n, one) for n, one in enumerate(request.objectives)]

    def column(self, *name, low=0.0, high=np.inf, whole=False):
        self.names[name] = len(self.names)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(int(whole))
        return name

    def row(self, terms, low=-np.inf, high=np.inf):
        self.rows.append((dict(terms), low, high))

    def _first_stage(self):
        request = self.request
        for depot in request.depots:
            may = self.q.tiers[depot.tier].may_hold
            for item in request.items:
                if may is not None and item.id not in may:
                    continue
                if not set(item.conditions) <= set(depot.conditions):
                    continue
                there = self.q.existing(depot.id, item.id)
                self.column("keep", depot.id, item.id, high=there)
                self.column("buy", depot.id, item.id, high=depot.room.get(item.id, np.inf))
            for size in depot.sizes:
                self.column("size", depot.id, size.id, high=1.0, whole=True)
            self.row({("size", depot.id, size.id): 1.0 for size in depot.sizes}, high=1.0)
        for contract in request.contracts:
            self.column("take", contract.id, high=contract.most)
        home = request.households
        for block in request.blocks:
            free = 0.0 if home is None else home.free_share_by_block.get(block.id, home.free_share)
            most = 0.0 if home is None else max(free, home.share_max)
            self.column("kit", block.id, low=free, high=most)

    def held(self, depot, item, factor=1.0) -> Row:
        found = {}
        for name in ("keep", "buy"):
            if (name, depot, item) in self.names:
                found[name, depot, item] = factor
        return found

    def _rules(self):  # noqa: C901, PLR0912, PLR0915 - written out in one piece, to be read
        request = self.request
        for depot in request.depots:
            for measure in ("volume_m3", "weight_kg"):
                room = getattr(depot, measure)
                if room is None:
                    continue
                terms: Row = {}
                for item in request.items:
                    terms |= self.held(depot.id, item.id, getattr(item, measure))
                for size in depot.sizes:
                    terms["size", depot.id, size.id] = -(getattr(size, measure) or 0.0)
                self.row(terms, high=room)
        outlay: dict[str, Row] = defaultdict(dict)
        free: dict[str, float] = defaultdict(float)
        self.yearly: Row = {}
        self.fixed = 0.0
        for depot in request.depots:
            self.fixed += depot.yearly_cost
            for item in request.items:
                lives = [d for d in (item.shelf_life_days, item.service_life_days) if d]
                year = item.price * request.holding_rate
                if lives:
                    year += item.price * (1 - request.recovered_share) * 365.0 / min(lives)
                if depot.fee_share is not None:
                    year = depot.fee_share * item.price
                self.yearly |= self.held(depot.id, item.id, year)
                if depot.fee_share is None and ("buy", depot.id, item.id) in self.names:
                    outlay[depot.tier]["buy", depot.id, item.id] = item.price
            for size in depot.sizes:
                outlay[depot.tier]["size", depot.id, size.id] = size.capital_cost
                self.yearly["size", depot.id, size.id] = (
                    size.capital_cost / size.life_years + size.yearly_cost
                )
        for contract in request.contracts:
            self.yearly["take", contract.id] = contract.fee
        home = request.households
        for block in request.blocks if home is not None else ():
            each = home.cost_per_person * sum(block.weights.values())
            outlay[home.tier]["kit", block.id] = each
            self.yearly["kit", block.id] = each / home.life_years
            has = home.free_share_by_block.get(block.id, home.free_share)
            free[home.tier] += each * has
            self.fixed -= each / home.life_years * has
        rules = request.rules
        if rules.budget is not None:
            terms = {k: v for one in outlay.values() for k, v in one.items()}
            self.row(terms, high=rules.budget + sum(free.values()))
        if rules.yearly_budget is not None:
            self.row(self.yearly, high=rules.yearly_budget - self.fixed)
        for tier in request.tiers:
            if tier.budget is not None:
                self.row(outlay[tier.id], high=tier.budget + free[tier.id])
        if rules.max_built is not None:
            self.row({k: 1.0 for k in self.names if k[0] == "size"}, high=rules.max_built)
        for least in rules.minimums:
            depots = [one for one in request.depots if one.tier == least.tier]
            groups = [[one] for one in depots] if least.each else [depots]
            for group in groups:
                terms = {}
                for one in group:
                    terms |= self.held(one.id, least.item_id)
                area = group[0].area if least.each else None
                people = self.q.residents(area)
                self.row(terms, low=least.quantity + least.per_resident * people)

    def _stock(self, n, item) -> Row:
        one = self.q.sources[n]
        if n < len(self.request.depots):
            return self.held(one.id, item.id)
        return {("take", one.id): 1.0} if one.item_id == item.id else {}

    def _scenario(self, scenario):  # noqa: C901, PLR0912, PLR0915 - the same
        request, q = self.request, self.q
        due, kits = q.due(scenario)
        ends = [band.end_s for band in request.bands]
        blocks = {block.id: j for j, block in enumerate(request.blocks)}
        sources = range(len(q.sources))
        out: dict[tuple, list[tuple[int, tuple, float]]] = defaultdict(list)
        into: dict[tuple, list[tuple[int, tuple]]] = defaultdict(list)
        arriving: dict[tuple, list[tuple[int, tuple]]] = defaultdict(list)
        for n in sources:
            for j, block in enumerate(request.blocks):
                at_s = q.arrives_s(scenario, n, j)
                for b, end in enumerate(ends):
                    if at_s > end + 1e-6:
                        continue
                    for k, sent in enumerate(request.items):
                        if not self._stock(n, sent):
                            continue
                        for m, needed in enumerate(request.items):
                            rate = 1.0 if m == k else needed.substitutes.get(sent.id)
                            if rate is None:
                                continue
                            name = self.column("go", scenario.id, n, block.id, k, m, b)
                            out[n, k].append((b, name, 1.0))
                            inside = sent.contents if m == k and sent.contents else None
                            for a, item in enumerate(request.items) if inside else ():
                                if item.id in sent.contents:
                                    arriving[j, a].append((b, name, sent.contents[item.id]))
                            if not inside:
                                arriving[j, m].append((b, name, 1.0 / rate))
        for n in sources:
            for m in range(len(request.depots)):
                at_s = q.refilled_s(scenario, n, m) if len(ends) > 1 else np.inf
                for b, end in enumerate(ends[:-1]):
                    for k, item in enumerate(request.items):
                        if at_s <= end + 1e-6 and self._stock(n, item) and self._stock(m, item):
                            name = self.column("refill", scenario.id, n, m, k, b)
                            out[n, k].append((b, name, 1.0))
                            into[m, k].append((b, name))
        missing: Row = {}
        self.due = getattr(self, "due", {})
        for j, block in enumerate(request.blocks):
            for k, item in enumerate(request.items):
                for b, band in enumerate(request.bands):
                    name = self.column("miss", scenario.id, j, k, b)
                    terms = {name: 1.0, ("kit", block.id): kits[j, k, b]}
                    terms |= {flow: rate for band_, flow, rate in arriving[j, k] if band_ <= b}
                    self.row(terms, low=due[j, k, b])
                    missing[name] = item.weight * band.weight
                    self.due[name] = due[j, k, b]
        self.missing[scenario.id] = missing
        for (n, k), flows in out.items():
            item = request.items[k]
            share = scenario.surviving_share.get(q.sources[n].id, 1.0)
            for b, end in enumerate(ends):
                terms = {}
                for band_, flow, _ in flows:
                    back = item.returns_after_s if flow[0] == "go" else None
                    if band_ <= b and (back is None or end - ends[band_] < back):
                        terms[flow] = 1.0
                for band_, flow in into[n, k]:
                    if band_ < b:
                        terms[flow] = terms.get(flow, 0.0) - 1.0
                terms |= dict.fromkeys(self._stock(n, item), -share)
                self.row(terms, high=0.0)
        for n, depot in enumerate(request.depots):
            if depot.handling_m3_per_h is None:
                continue
            for b, end in enumerate(ends):
                hours = max(0.0, end - q.ready_s(n)) / 3600.0
                terms = {
                    flow: request.items[k].volume_m3
                    for (source, k), flows in out.items()
                    if source == n
                    for band_, flow, _ in flows
                    if band_ <= b
                }
                for size in depot.sizes:
                    terms["size", depot.id, size.id] = -hours * size.handling_m3_per_h
                self.row(terms, high=hours * depot.handling_m3_per_h)
        for n, depot in enumerate(request.depots):
            own = depot.vehicles
            for b, end in enumerate(ends if own is not None else ()):
                hours = max(0.0, end - q.ready_s(n)) / 3600.0
                for measure, load in (("weight_kg", own.load_kg), ("volume_m3", own.load_m3)):
                    terms = {}
                    for (source, k), flows in out.items():
                        for band_, flow, _ in flows if source == n else ():
                            there = (
                                q.travel_s(scenario, n, blocks[flow[3]])
                                if flow[0] == "go"
                                else q.between_s(scenario, n, flow[3])
                            )
                            trip = 2 * there + q.tiers[depot.tier].hand_over_s + own.loading_s
                            if band_ <= b:
                                unit = getattr(request.items[k], measure)
                                terms[flow] = unit * trip / 3600.0
                    if load is not None:
                        self.row(terms, high=own.count * load * hours)

    def _areas(self, level) -> dict[str, tuple[Row, float]]:
        """Each area's expected weighted missing at the deadline, as terms, and its need."""
        request, q = self.request, self.q
        found: dict[str, tuple[Row, float]] = {}
        for j, block in enumerate(request.blocks):
            names = (
                [block.id]
                if level == "block"
                else [a.id for a in request.areas if a.level == level and a.id in q.block_areas[j]]
            )
            for area in names:
                terms, need = found.get(area, ({}, 0.0))
                for scenario in request.scenarios:
                    p = q.probability[scenario.id]
                    for k, item in enumerate(request.items):
                        name = ("miss", scenario.id, j, k, q.deadline_band)
                        terms[name] = p * item.weight
                        need += p * item.weight * self.due[name]
                found[area] = terms, need
        return {area: pair for area, pair in found.items() if pair[1] > 0}

    def _served(self):  # noqa: C901 - the same
        request, q = self.request, self.q
        for floor in request.rules.least_cover:
            for terms, need in self._areas(floor.level).values():
                self.row(terms, high=(1 - floor.share) * need)
        if request.rules.gini is not None:
            areas = list(self._areas(request.rules.gini.level).values())
            total: Row = {}
            for a, (terms, need) in enumerate(areas):
                for key, value in terms.items():
                    total[key] = 2 * len(areas) * request.rules.gini.most * value / need
                for b, (others, other_need) in enumerate(areas):
                    gap = self.column("gap", a, b)
                    for sign in (1.0, -1.0):
                        row = {key: sign * v / need for key, v in terms.items()}
                        for key, v in others.items():
                            row[key] = row.get(key, 0.0) - sign * v / other_need
                        self.row({gap: 1.0, **row}, low=0.0)
                    total[gap] = 1.0
            self.row(total, high=2 * len(areas) ** 2 * request.rules.gini.most)
        chance = request.rules.chance
        if chance is not None:
            late = {}
            for scenario in request.scenarios:
                name = self.column("late", scenario.id, high=1.0, whole=True)
                late[name] = q.probability[scenario.id]
                at = q.deadline_band
                terms = {
                    key: request.items[key[3]].weight
                    for key in self.missing[scenario.id]
                    if key[4] == at
                }
                need = sum(weight * self.due[key] for key, weight in terms.items())
                self.row({**terms, name: -chance.share * need}, high=(1 - chance.share) * need)
            self.row(late, high=chance.risk)

    def _objective(self, n, one: StockObjective) -> tuple[Row, float]:
        q = self.q
        if isinstance(one, Unmet):
            return {
                key: q.probability[s] * v
                for s, terms in self.missing.items()
                for key, v in terms.items()
            }, 0.0
        if isinstance(one, UnmetRisk):
            eta = self.column("eta", n)
            found = {eta: 1.0}
            for s, terms in self.missing.items():
                over = self.column("over", n, s)
                self.row({over: 1.0, eta: 1.0, **{k: -v for k, v in terms.items()}}, low=0.0)
                found[over] = q.probability[s] / (1 - one.alpha)
            return found, 0.0
        if isinstance(one, LargestShare):
            top = self.column("top", n, high=1.0)
            for terms, need in self._areas(one.level).values():
                self.row({top: 1.0, **{k: -v / need for k, v in terms.items()}}, low=0.0)
            return {top: 1.0}, 0.0
        return self.yearly, self.fixed

    def solve(self) -> list[float] | None:
        """Return the best value of each level in turn; None where no plan exists."""
        levels = self.levels
        if self.request.combination is Combination.WEIGHTED_SUM:
            total: Row = {}
            fixed = 0.0
            for one, (terms, offset) in zip(self.request.objectives, levels, strict=True):
                fixed += one.weight * offset
                for key, value in terms.items():
                    total[key] = total.get(key, 0.0) + one.weight * value
            levels = [(total, fixed)]
        found = []
        for terms, offset in levels:
            value = self._least(terms)
            if value is None and found:  # presolve has called a tight later level infeasible
                value = self._least(terms, presolve=False)
            if value is None:
                return None
            found.append(value + offset)
            self.row(terms, high=value + 1e-9 * max(1.0, abs(value + offset)))
        return found

    def _least(self, terms: Row, *, presolve: bool = True) -> float | None:
        cost = np.zeros(len(self.names))
        for key, value in terms.items():
            cost[self.names[key]] += value
        matrix = lil_array((len(self.rows), len(self.names)))
        for r, (row, _, _) in enumerate(self.rows):
            for key, value in row.items():
                matrix[r, self.names[key]] += value
        limits = np.array([[low, high] for _, low, high in self.rows])
        done = milp(
            cost,
            integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.low), np.array(self.high)),
            constraints=LinearConstraint(matrix.tocsr(), limits[:, 0], limits[:, 1]),
            options={"mip_rel_gap": 0.0, "presolve": presolve},
        )
        assert done.status in (0, 2), done.message
        return None if done.x is None else float(done.fun)
