"""Each rule of a request as rows over options, named by where it stands in the request.

A rule carries its own number, and how its rows move as that number gives way: this is what a
conflict report relaxes, one rule at a time. Rules with nothing to count (a forbidden site) have
no number and can only be dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from models.fire_stations.plan import Action
from models.fire_stations.rules import CountRange, CoverFloor, IdlePolicy
from models.places import Change, StationStatus
from models.text import Text
from optimizer.coverage import unpack
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.expression import Expression, weighted
from optimizer.fire_stations.formulation.objectives import Parts
from optimizer.fire_stations.formulation.sets import Within
from optimizer.fire_stations.instance import members_by_area
from optimizer.fire_stations.options import BoolArray
from optimizer.linear import Builder
from optimizer.travel.distance import Positions

_ROUNDING = 1e-9  # a share met exactly must not fail by the last digit of a sum


@dataclass(frozen=True)
class Rule:
    """Rows ``lower <= sum over blocks of terms @ x <= upper``, and the number behind them.

    ``slack`` is how far a row's limits move outwards per unit by which ``number`` gives way;
    None: the rule has no number. ``steps`` is for numbers that act in steps: a row holds while
    the number is above its step, so the number gives way down the list of steps.
    """

    path: str
    text: Text
    terms: dict[str, csr_array]
    lower: FloatArray  # (row,)
    upper: FloatArray  # (row,)
    number: float | None = None
    slack: FloatArray | None = None  # (row,)
    steps: FloatArray | None = None  # (row,)

    def add(self, builder: Builder) -> None:
        """Add the rows to a program, under the rule's path."""
        builder.add_rows(self.path, self.terms, lower=self.lower, upper=self.upper)


class RuleBook:
    """Makes the rules of one instance."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.instance = parts.instance
        self._options = self.instance.options
        self._rules = self.instance.request.rules

    def rules(self) -> list[Rule]:
        """Return every rule of the request that has a row to give."""
        return [
            rule
            for rule in (
                *self._one_station_per_site(),
                *self._existing_stations(),
                *self._idle_stations(),
                *self._new_stations(),
                *self._open_sites(),
                *self._forbidden_sites(),
                *self._clearances(),
                *self._budgets(),
                *self._spacing(),
                *self._cover_floors(),
                *self._small_adjoins_larger(),
            )
            if len(rule.lower)
        ]

    def _rows(self, groups: list[BoolArray]) -> csr_array:
        matrix = np.array(groups, dtype=np.float64).reshape(len(groups), len(self._options))
        return csr_array(matrix)

    def _plain(
        self,
        path: str,
        text: Text,
        groups: list[BoolArray],
        limits: tuple[float, float],
        *,
        number: float | None = None,
    ) -> Rule:
        count = len(groups)
        return Rule(
            path=path,
            text=text,
            terms={"option": self._rows(groups)},
            lower=np.full(count, limits[0]),
            upper=np.full(count, limits[1]),
            number=number,
            slack=None if number is None else np.ones(count),
        )

    def _one_station_per_site(self) -> Iterator[Rule]:
        counts = np.bincount(self._options.site, minlength=len(self.instance.request.sites))
        groups = [self._options.site == site for site in np.flatnonzero(counts > 1)]
        text = Text(code="rule.one_station_per_site")
        yield self._plain("sites", text, groups, (-np.inf, 1.0))

    def _existing_stations(self) -> Iterator[Rule]:
        stay: list[BoolArray] = []
        leave: list[BoolArray] = []
        for index, site in enumerate(self.instance.request.sites):
            if site.station is None or site.station.status is not StationStatus.IN_SERVICE:
                continue
            ours = self._options.origin == index
            (leave if Change.CLOSE in site.station.may else stay).append(ours)
        text = Text(code="rule.existing_stations")
        yield self._plain("sites[*].station", text, stay, (1.0, 1.0))
        yield self._plain("sites[*].station.may", text, leave, (-np.inf, 1.0))

    def _idle_stations(self) -> Iterator[Rule]:
        if self._rules.idle_stations is IdlePolicy.OPEN:
            groups = [self._options.site == site for site in self._commissioned_sites()]
            text = Text(code="rule.idle_stations")
            yield self._plain("rules.idle_stations", text, groups, (1.0, 1.0))

    def _commissioned_sites(self) -> list[int]:
        return [one.site for one in self._options.entries if one.action is Action.COMMISSION]

    def _new_stations(self) -> Iterator[Rule]:
        for class_id, count in self.instance.request.new_stations.items():
            ours = self._options.builds & (
                self.instance.class_ids[self._options.class_index] == class_id
            )
            text = Text(
                code="rule.new_stations", values={"class_id": class_id, "range": _spoken(count)}
            )
            path = f"new_stations.{class_id}"
            low = float(count.min)
            high = np.inf if count.max is None else float(count.max)
            if count.min > 0 and count.max != count.min:
                yield self._plain(f"{path}.min", text, [ours], (low, np.inf), number=low)
                low = -np.inf
            if np.isfinite(high) or low > 0:
                yield self._plain(path, text, [ours], (low, high), number=high)

    def _open_sites(self) -> Iterator[Rule]:
        for index, choice in enumerate(self._rules.open_sites):
            ours = self.instance.site_ids[self._options.site] == choice.site_id
            if choice.class_id is not None:
                ours &= self.instance.class_ids[self._options.class_index] == choice.class_id
            text = Text(code="rule.open_sites", values={"site_id": choice.site_id})
            yield self._plain(f"rules.open_sites[{index}]", text, [ours], (1.0, np.inf))

    def _forbidden_sites(self) -> Iterator[Rule]:
        for index, site_id in enumerate(self._rules.forbidden_sites):
            ours = (self.instance.site_ids[self._options.site] == site_id) & self._options.opens
            text = Text(code="rule.forbidden_sites", values={"site_id": site_id})
            yield self._plain(f"rules.forbidden_sites[{index}]", text, [ours], (-np.inf, 0.0))

    def _clearances(self) -> Iterator[Rule]:
        sites = self.instance.request.sites
        for index, rule in enumerate(self._rules.clearances):
            near = {
                j: min(one.distance_m for one in site.nearby if one.kind == rule.kind)
                for j, site in enumerate(sites)
                if site.station is None and index in self.instance.too_near(j)
            }
            chosen = [self._options.site == j for j in near]
            values = {"limit": rule.distance_m, "kind": rule.kind}
            yield Rule(
                path=f"rules.clearances[{index}]",
                text=Text(code="rule.clearances", values=values),
                terms={"option": self._rows(chosen)},
                lower=np.full(len(near), -np.inf),
                upper=np.zeros(len(near)),
                number=rule.distance_m,
                steps=np.array(list(near.values())),
            )

    def _budgets(self) -> Iterator[Rule]:
        options, today = self._options, self.instance.today
        limits = (
            ("capital_budget", options.capital_cost, 0.0),
            ("yearly_budget", options.yearly_cost, options.yearly_cost[today].sum()),
            ("crew_limit_people", options.on_duty_people, options.on_duty_people[today].sum()),
        )
        for name, price, before in limits:
            limit = getattr(self._rules, name)
            if limit is not None:
                yield Rule(
                    path=f"rules.{name}",
                    text=Text(code=f"rule.{name}", values={"limit": limit}),
                    terms={"option": csr_array(price[None])},
                    lower=np.array([-np.inf]),
                    upper=np.array([limit + float(before)]),
                    number=limit,
                    slack=np.ones(1),
                )

    def _spacing(self) -> Iterator[Rule]:
        spacing = self._rules.spacing
        if spacing is None:
            return
        sites = self.instance.request.sites
        at = Positions.of_sites(sites, planar=sites[0].lat is None)
        distance_m = at.distances_m(at)
        first, second = np.nonzero(np.triu(distance_m < spacing.distance_m, k=1))
        stands = self._at_site(np.ones(len(self._options), dtype=np.bool_))
        opens = self._at_site(self._options.opens)
        other = opens if spacing.between == "new" else stands
        rows, steps = [opens[first] + other[second]], [distance_m[first, second]]
        if spacing.between == "all":
            rows.append(stands[first] + opens[second])
            steps.append(distance_m[first, second])
        matrix = np.vstack(rows)
        useful = matrix.sum(axis=1) > 1
        yield Rule(
            path="rules.spacing",
            text=Text(code="rule.spacing", values={"limit": spacing.distance_m}),
            terms={"option": csr_array(matrix[useful])},
            lower=np.full(int(useful.sum()), -np.inf),
            upper=np.ones(int(useful.sum())),
            number=spacing.distance_m,
            steps=np.concatenate(steps)[useful],
        )

    def _at_site(self, options: BoolArray) -> FloatArray:
        """Return a 0/1 matrix (site, option) of the given options."""
        sites = np.arange(len(self.instance.request.sites))
        there = (self._options.site[None] == sites[:, None]) & options[None]
        return np.asarray(there, dtype=np.float64)

    def _cover_floors(self) -> Iterator[Rule]:
        for index, floor in enumerate(self._rules.cover_floors):
            yield from self._cover_floor(index, floor)

    def _cover_floor(self, index: int, floor: CoverFloor) -> Iterator[Rule]:
        instance = self.instance
        within_s = instance.standard.within_s if floor.within_s is None else floor.within_s
        weight = instance.weight(floor.weight)
        for name, (inside, text) in self._floor_groups(floor).items():
            ours = np.where(inside, weight, 0.0)
            total = float(ours.sum())
            if total == 0.0:
                continue
            covered = self.parts.covered(within_s, ours)
            if len(covered) == 1 or floor.scenarios == "expected":
                covered = [weighted(covered, instance.travel.weights)]
            suffix = "" if floor.each is None else f"[{name}]"
            shares = [one * (1.0 / total) for one in covered]
            yield Rule(
                path=f"rules.cover_floors[{index}].share{suffix}",
                text=text,
                terms=_stacked(shares),
                lower=floor.share - _ROUNDING - np.array([one.constant for one in shares]),
                upper=np.full(len(shares), np.inf),
                number=floor.share,
                slack=np.ones(len(shares)),
            )

    def _floor_groups(self, floor: CoverFloor) -> dict[str, tuple[BoolArray, Text]]:
        """Return the demand of each group the floor speaks of, by name."""
        everyone = np.ones(len(self.instance.demand), dtype=np.bool_)
        said: dict[str, str | float] = {"share": floor.share, "weight": floor.weight}
        if floor.risk_class is not None or floor.each == "risk_class":
            risks = self.instance.demand.risk_class
            named = everyone & False if risks is None else risks
            names = (
                [floor.risk_class]
                if floor.risk_class is not None
                else [one.id for one in self.instance.request.risk_classes]
            )
            code = "rule.cover_floor_risk_class"
            return {
                name: (
                    np.asarray(named == name),
                    Text(code=code, values={**said, "risk_class": name}),
                )
                for name in names
            }
        if floor.area is not None or floor.each == "area":
            code = "rule.cover_floor_area"
            return {
                name: (inside, Text(code=code, values={**said, "area": name}))
                for name, inside in self._floor_areas(floor).items()
            }
        return {"": (everyone, Text(code="rule.cover_floor", values=said))}

    def _floor_areas(self, floor: CoverFloor) -> dict[str, BoolArray]:
        if floor.area is None:
            return members_by_area(self.instance, floor.level)
        level = next(one.level for one in self.instance.request.areas if one.id == floor.area)
        members = members_by_area(self.instance, level)
        nobody = np.zeros(len(self.instance.demand), dtype=np.bool_)
        return {floor.area: members.get(floor.area, nobody)}

    def _small_adjoins_larger(self) -> Iterator[Rule]:
        buildable = {
            class_id
            for class_id, count in self.instance.request.new_stations.items()
            if count.max != 0
        }
        ranks = {one.id: one.rank for one in self.instance.classes}
        if not self._rules.small_adjoins_larger or not buildable:
            return
        small = min(ranks[class_id] for class_id in buildable)
        rank = np.array([one.rank for one in self.instance.classes])[self._options.class_index]
        regrades = np.array([one.action is Action.REGRADE for one in self._options.entries])
        asked = np.flatnonzero((self._options.opens | regrades) & (rank <= small))
        beside = self._adjoining()[self.instance.posts.of_option[asked]][
            :, self.instance.posts.of_option
        ]
        matrix = -(beside & (rank[None] > rank[asked, None])).astype(np.float64)
        matrix[np.arange(len(asked)), asked] = 1.0
        yield Rule(
            path="rules.small_adjoins_larger",
            text=Text(code="rule.small_adjoins_larger"),
            terms={"option": csr_array(matrix)},
            lower=np.full(len(asked), -np.inf),
            upper=np.zeros(len(asked)),
        )

    def _adjoining(self) -> BoolArray:
        """Return which posts share a demand point within the standard (post, post)."""
        within = Within.of(self.instance, self.instance.standard.within_s, every_post=True)
        first = np.unique(within.group[0])
        reach = unpack(within.sets[first], len(self.instance.posts))
        shared: BoolArray = (reach.T @ reach).toarray() > 0
        return shared


def _spoken(count: CountRange) -> str:
    if count.max == count.min:
        return str(count.min)
    return f"{count.min}-{'' if count.max is None else count.max}"


def _stacked(expressions: list[Expression]) -> dict[str, csr_array]:
    blocks = {block for one in expressions for block in one.terms}
    return {
        block: csr_array(np.vstack([one.terms[block] for one in expressions])) for block in blocks
    }
