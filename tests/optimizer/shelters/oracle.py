"""The best shelter plan by trying every set of sites, read from the request by other code.

For each set a linear program says who goes where; its rows are built here, entry by entry.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from models.shelters import ShelterRequest
from models.shelters.objectives import Combination, OpeningCost, Unmet, UnmetRisk, Walk
from models.shelters.places import ShelterSite
from models.shelters.scenarios import PlanarPolygon, ShelterScenario

_DETOUR = 1.35


@dataclass(frozen=True)
class _Way:
    k: int
    block: int
    group: str
    site: int
    walk_m: float
    m2: float


def best_values(request: ShelterRequest) -> list[float] | None:
    """Return the best value of every level in turn, None where no plan keeps the rules."""
    plans = list(_sets(request))
    levels = _level_count(request)
    programs = [_Program(request, set_) for set_ in plans]
    found: list[float] = []
    for level in range(levels):
        values = [one.least(level, found) for one in programs]
        known = [value for value in values if value is not None]
        if not known:
            return None
        found.append(min(known))
    return found


def _level_count(request: ShelterRequest) -> int:
    return 1 if request.combination is Combination.WEIGHTED_SUM else len(request.objectives)


def _sets(request: ShelterRequest) -> Iterator[frozenset[int]]:
    sites, rules = request.sites, request.rules
    for choice in itertools.product([False, True], repeat=len(sites)):
        opened = frozenset(j for j, on in enumerate(choice) if on)
        ids = {sites[j].id for j in opened}
        new = [sites[j] for j in opened if not sites[j].existing]
        if any(site.existing and site.id not in ids for site in sites):
            continue
        if set(rules.open_sites) - ids or set(rules.forbidden_sites) & ids:
            continue
        if rules.budget is not None and sum(one.open_cost for one in new) > rules.budget:
            continue
        if rules.max_new_sites is not None and len(new) > rules.max_new_sites:
            continue
        if all(_target_holds(request, opened, target) for target in rules.area_targets):
            yield opened


def _effective(request: ShelterRequest, site: ShelterSite) -> float:
    return site.effective_area_m2 if site.effective_area_m2 is not None else 1.5 * site.places  # type: ignore[operator]


def _target_holds(request, opened, target) -> bool:  # type: ignore[no-untyped-def]
    if target.level == "catchment":
        return _catchments_hold(request, opened, target)
    places = ["city"] if target.level is None else ["north", "south"]
    for place in places:
        inside = {"city": {"north", "south", None, "city"}}.get(place, {place})
        people = sum(
            block.weights[name]
            for block in request.blocks
            if block.area in inside
            for name in request.residents
        )
        area = 0.0
        for j in opened:
            site = request.sites[j]
            if site.area in inside:
                effective = _effective(request, site)
                gross = effective if site.gross_area_m2 is None else site.gross_area_m2
                area += effective if target.reading == "effective" else gross
        if area < target.m2_per_resident * people - 1e-9:
            return False
    return True


def _catchments_hold(request, opened, target) -> bool:  # type: ignore[no-untyped-def]
    limit, around = request.rules.walk_limit_m, dict.fromkeys(opened, 0.0)
    for block in request.blocks:
        people = sum(block.weights[name] for name in request.residents)
        walks = [_walk(block, site) for site in request.sites]
        if people == 0 or min(walks) > limit:
            continue
        nearest = min(opened, key=lambda j: (walks[j], j), default=None)
        if nearest is None or walks[nearest] > limit:
            return False
        around[nearest] += people
    for j, people in around.items():
        effective = _effective(request, request.sites[j])
        gross = request.sites[j].gross_area_m2
        area = gross if target.reading == "gross" and gross is not None else effective
        if area < target.m2_per_resident * people - 1e-9:
            return False
    return True


def _walk(block, site) -> float:  # type: ignore[no-untyped-def]
    return float(np.hypot(block.x_m - site.x_m, block.y_m - site.y_m)) * _DETOUR


def _survives(site: ShelterSite, scenario: ShelterScenario) -> float:
    share = scenario.surviving_share.get(site.id, 1.0) * (site.setting in scenario.settings)
    for hazard in scenario.hazards:
        assert isinstance(hazard.shape, PlanarPolygon)
        (low_x, low_y), (high_x, high_y) = hazard.shape.corners_m[0], hazard.shape.corners_m[2]
        assert site.x_m is not None
        assert site.y_m is not None
        if low_x <= site.x_m <= high_x and low_y <= site.y_m <= high_y:
            share *= hazard.surviving_share
    return share


class _Program:
    """Who goes where for one set of open sites."""

    def __init__(self, request: ShelterRequest, opened: frozenset[int]) -> None:
        self.request, self.opened = request, opened
        total = sum(one.weight for one in request.scenarios)
        self.chance = [one.weight / total for one in request.scenarios]
        self.leaving = {
            (k, i, group): people * self._share(k, i)
            for k in range(len(request.scenarios))
            for i, block in enumerate(request.blocks)
            for group, people in self._present(k, i).items()
        }
        self.ways = list(self._ways())
        self.etas = [n for n, one in enumerate(request.objectives) if isinstance(one, UnmetRisk)]
        scenarios = len(request.scenarios)
        self.shares = [n for n, one in enumerate(request.objectives) if one.kind == "largest_share"]
        self.first_share = len(self.ways) + len(self.etas) * (1 + scenarios)
        self.width = self.first_share + len(self.shares)
        self.rows, self.limits = [], []
        self._people_and_space()
        self._floors()
        self._risks()
        self._shares()

    def _present(self, k: int, i: int) -> dict[str, float]:
        scenario, block = self.request.scenarios[k], self.request.blocks[i]
        there = block.day_weights if scenario.by_day and block.day_weights else block.weights
        part = scenario.leave_part_by_group
        return {group: people * part.get(group, 1.0) for group, people in there.items()}

    def _share(self, k: int, i: int) -> float:
        scenario, block = self.request.scenarios[k], self.request.blocks[i]
        share = scenario.leave_share
        around = {"north": ["north", "city"], "south": ["south", "city"], None: []}[block.area]
        for area in reversed(around):
            share = scenario.leave_share_by_area.get(area, share)
        return scenario.leave_share_by_block.get(block.id, share)

    def _ways(self) -> Iterator[_Way]:
        groups = {one.id: one for one in self.request.groups}
        for k, i, group in self.leaving:
            block, own = self.request.blocks[i], groups.get(group)
            limit = self.request.rules.walk_limit_m
            limit = min(limit, self.request.scenarios[k].walk_limit_m or limit)
            if own is not None:
                limit = min(limit, own.walk_limit_m or limit)
                if own.walk_limit_s is not None:
                    limit = min(limit, own.walk_limit_s * own.walking_speed_m_s)
            for j in self.opened:
                site = self.request.sites[j]
                walk = _walk(block, site)
                if own is not None and own.needs_accessible and not site.accessible:
                    continue
                if walk <= limit and _survives(site, self.request.scenarios[k]) > 0:
                    m2 = max(
                        self.request.scenarios[k].m2_per_person, own.m2_per_person if own else 0
                    )
                    yield _Way(k, i, group, j, walk, m2)

    def _row(self, limit: float) -> np.ndarray:
        self.rows.append(np.zeros(self.width))
        self.limits.append(limit)
        return self.rows[-1]

    def _people_and_space(self) -> None:
        for unit, people in self.leaving.items():
            row = self._row(people)
            for a, way in enumerate(self.ways):
                row[a] = (way.k, way.block, way.group) == unit
        for k, scenario in enumerate(self.request.scenarios):
            for j in self.opened:
                site = self.request.sites[j]
                row = self._row(_effective(self.request, site) * _survives(site, scenario))
                for a, way in enumerate(self.ways):
                    row[a] = way.m2 if (way.k, way.site) == (k, j) else 0.0

    def _floors(self) -> None:
        for floor in self.request.rules.served_floors:
            parties: list[str | None] = [None]
            if floor.level is not None:
                names = [block.id for block in self.request.blocks]
                parties = names if floor.level == "block" else ["north", "south"]  # type: ignore[assignment]
            for k, party in itertools.product(range(len(self.request.scenarios)), parties):
                row = self._row(0.0)
                for (scenario, i, group), people in self.leaving.items():
                    area = self.request.blocks[i].area
                    own = self.request.blocks[i].id if floor.level == "block" else area
                    if (
                        scenario == k
                        and party in (None, own)
                        and floor.group in (None, group)
                        and floor.area in (None, area)
                    ):
                        self.limits[-1] -= floor.share * people
                        for a, way in enumerate(self.ways):
                            if (way.k, way.block, way.group) == (k, i, group):
                                row[a] = -1.0

    def _risks(self) -> None:
        scenarios = len(self.request.scenarios)
        for n in range(len(self.etas)):
            eta = len(self.ways) + n * (1 + scenarios)
            for k in range(scenarios):
                row = self._row(-sum(count for unit, count in self.leaving.items() if unit[0] == k))
                row[eta] = row[eta + 1 + k] = -1.0
                for a, way in enumerate(self.ways):
                    if way.k == k:
                        row[a] = -1.0

    def _shares(self) -> None:
        for place, n in enumerate(self.shares):
            level = self.request.objectives[n].level  # type: ignore[union-attr]
            for k in range(len(self.request.scenarios)):
                names = {block.id for block in self.request.blocks}
                for party in names if level == "block" else {"north", "south"}:
                    self._share_row(k, party, self.first_share + place, of=level)

    def _share_row(self, k: int, party: str, column: int, *, of: str) -> None:
        inside = {
            i
            for i, block in enumerate(self.request.blocks)
            if (block.id if of == "block" else block.area) == party
        }
        mine = {unit: n for unit, n in self.leaving.items() if unit[0] == k and unit[1] in inside}
        row = self._row(-sum(mine.values()))
        row[column] = -sum(mine.values())
        for a, way in enumerate(self.ways):
            row[a] = -1.0 if (way.k, way.block, way.group) in mine else 0.0

    def _cost(self, n: int) -> tuple[np.ndarray, float]:
        row, objective = np.zeros(self.width), self.request.objectives[n]
        if isinstance(objective, Unmet):
            for a, way in enumerate(self.ways):
                row[a] = -self.chance[way.k]
            return row, sum(self.chance[unit[0]] * count for unit, count in self.leaving.items())
        if isinstance(objective, Walk):
            for a, way in enumerate(self.ways):
                row[a] = self.chance[way.k] * way.walk_m
            return row, 0.0
        if isinstance(objective, OpeningCost):
            sites = [self.request.sites[j] for j in self.opened]
            return row, sum(one.open_cost for one in sites if not one.existing)
        return self._later_cost(n, row), 0.0

    def _later_cost(self, n: int, row: np.ndarray) -> np.ndarray:
        objective = self.request.objectives[n]
        if objective.kind == "unsuitability":
            for a, way in enumerate(self.ways):
                row[a] = self.chance[way.k] * (1 - self.request.sites[way.site].suitability)
            return row
        if objective.kind == "largest_share":
            row[self.first_share + self.shares.index(n)] = 1.0
            return row
        eta = len(self.ways) + self.etas.index(n) * (1 + len(self.chance))
        row[eta] = 1.0
        row[eta + 1 : eta + 1 + len(self.chance)] = np.array(self.chance) / (1 - objective.alpha)
        return row

    def _level(self, level: int) -> tuple[np.ndarray, float]:
        if self.request.combination is not Combination.WEIGHTED_SUM:
            return self._cost(level)
        parts = [self._cost(n) for n in range(len(self.request.objectives))]
        weights = [one.weight for one in self.request.objectives]
        row = sum(
            (w * part[0] for w, part in zip(weights, parts, strict=True)), np.zeros(self.width)
        )
        return row, sum(w * part[1] for w, part in zip(weights, parts, strict=True))

    def least(self, level: int, earlier: list[float]) -> float | None:
        """Return the least value of a level with the earlier ones kept, None if impossible."""
        rows, limits, reach = list(self.rows), list(self.limits), np.inf
        for before, value in enumerate(earlier):
            if self.request.objectives[before].kind == "worst_walk":
                reach = (1 + self.request.objectives[before].relative_loss) * value + 1e-6
                continue
            row, constant = self._level(before)
            loss = self.request.objectives[before].relative_loss * value
            rows.append(row)
            limits.append(value + loss + 1e-7 * max(1.0, value) - constant)
        if self.request.objectives[level].kind == "worst_walk":
            walks = sorted({0.0, *(way.walk_m for way in self.ways)})
            within = (w for w in walks if w <= reach and self._solved(rows, limits, w) is not None)
            return next(within, None)
        return self._solved(rows, limits, reach, level)

    def _solved(
        self, rows: list[np.ndarray], limits: list[float], reach: float, level: int | None = None
    ) -> float | None:
        cost, constant = (np.zeros(self.width), 0.0) if level is None else self._level(level)
        if not self.width:
            holds = all(limit >= -1e-9 for limit in limits)
            return constant if holds else None
        far = [way.walk_m > reach for way in self.ways] + [False] * (self.width - len(self.ways))
        bounds = [(0, 0 if shut else None) for shut in far]
        found = linprog(
            cost, A_ub=np.array(rows), b_ub=np.array(limits), bounds=bounds, method="highs"
        )
        return float(found.fun) + constant if found.status == 0 else None
