"""Each objective as columns, rows and one linear expression.

A *part* is what an objective adds to a program: blocks of columns with their rows, and an
expression that is the objective's value once the columns sit where `complete` puts them.
"""

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.special import ndtr

from models.fire_stations.objectives import (
    Backup,
    Cost,
    Cover,
    ExpectedCover,
    FewestStations,
    FullForce,
    GradualCover,
    MeanTime,
    Objective,
    ProbabilisticCover,
    WorstArea,
    WorstTime,
)
from optimizer.coverage import row_blocks
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.expression import Expression, weighted
from optimizer.fire_stations.formulation.force import Force, force
from optimizer.fire_stations.formulation.parts import Block, Extreme, Part, extreme_of, sense_of
from optimizer.fire_stations.formulation.sets import Cover as CoverColumns
from optimizer.fire_stations.formulation.sets import Ladder, Loss, MissedSets, Steps, Within
from optimizer.fire_stations.formulation.units import Units
from optimizer.fire_stations.instance import Instance, members_by_area
from optimizer.fire_stations.options import IndexArray


class Parts:
    """Makes the parts of one instance; equal blocks are made once and shared."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._within: dict[float, Within] = {}
        self._covers: dict[float, CoverColumns] = {}
        weights = list(instance.demand.weights.values())
        self._any_weight = np.sum(weights, axis=0) if weights else np.ones(len(instance.demand))

    def within(self, within_s: float) -> Within:
        """Return who can be reached within a time, computed once."""
        if within_s not in self._within:
            self._within[within_s] = Within.of(self.instance, within_s)
        return self._within[within_s]

    def cover(self, within_s: float) -> CoverColumns:
        """Return the missed columns of a time limit, one block however many objectives use it."""
        if within_s not in self._covers:
            name = f"missed_{within_s:g}_s"
            posts = len(self.instance.posts)
            within = self.within(within_s)
            self._covers[within_s] = CoverColumns.of(name, within, self._any_weight, posts)
        return self._covers[within_s]

    def covers(self) -> list[MissedSets]:
        """Return every block of missed columns asked for so far."""
        return [cover.block for cover in self._covers.values()]

    def covered(self, within_s: float, weight: FloatArray) -> list[Expression]:
        """Return the covered weight per scenario."""
        cover = self.cover(within_s)
        total = float(weight.sum())
        found = []
        for scenario in range(self.instance.scenario_count):
            missed, never = cover.missed(scenario, weight)
            found.append(Expression({cover.block.name: -missed}, total - never))
        return found

    def part(self, objective: Objective, index: int) -> Part:  # noqa: C901, PLR0911, PLR0912 - a case a kind
        """Return the part of the objective at ``index`` of the request's list."""
        match objective:
            case Cover():
                return self._cover(objective, index)
            case FullForce():
                return self._force(objective, index)
            case Backup():
                return self._backup(objective, index)
            case ExpectedCover():
                return self._units(objective, index)
            case GradualCover():
                return self._gradual(objective, index)
            case ProbabilisticCover():
                return self._probabilistic(objective, index)
            case MeanTime():
                return self._mean(objective, index)
            case WorstTime():
                return self._worst_time(objective, index)
            case WorstArea():
                return self._worst_area(objective, index)
            case FewestStations():
                return self._fewest()
            case Cost():
                return self._cost(objective)

    def _over_scenarios(
        self, objective: Objective, index: int, blocks: tuple[Block, ...], per: list[Expression]
    ) -> Part:
        sense = sense_of(objective)
        if len(per) == 1 or getattr(objective, "scenarios", "expected") == "expected":
            return Part(sense, blocks, weighted(per, self.instance.travel.weights))
        extreme = extreme_of(f"worst_{index}", sense, per)
        return Part(sense, (*blocks, extreme), Expression({extreme.name: np.ones(1)}))

    def _standard(self, within_s: float | None) -> float:
        return self.instance.standard.within_s if within_s is None else within_s

    def _cover(self, objective: Cover, index: int) -> Part:
        within_s = self._standard(objective.within_s)
        per = self.covered(within_s, self.instance.weight(objective.weight))
        return self._over_scenarios(objective, index, (self.cover(within_s).block,), per)

    def _gradual(self, objective: GradualCover, index: int) -> Part:
        weight = self.instance.weight(objective.weight)
        values = [*(step.value for step in objective.steps), 0.0]
        per = [Expression() for _ in range(self.instance.scenario_count)]
        blocks: list[Block] = []
        for step, worth, beyond in zip(objective.steps, values, values[1:], strict=False):
            blocks.append(self.cover(step.within_s).block)
            covered = self.covered(step.within_s, weight)
            per = [one + more * (worth - beyond) for one, more in zip(per, covered, strict=True)]
        return self._over_scenarios(objective, index, tuple(blocks), per)

    def _gained(self, columns: Force | Units, weight: FloatArray) -> list[Expression]:
        per = []
        for scenario in range(self.instance.scenario_count):
            gained, certain = columns.gained(scenario, weight)
            per.append(Expression({columns.name: gained}, certain))
        return per

    def _force(self, objective: FullForce, index: int) -> Part:
        instance, options = self.instance, self.instance.options
        within_s = objective.within_s
        if within_s is None:
            within_s = instance.standard.full_force_within_s
        kind, typed = self._typed_needs()
        general = (
            instance.standard.vehicles if objective.vehicles is None else objective.vehicles,
            instance.standard.people if objective.people is None else objective.people,
        )
        needs = np.hstack([np.tile(np.array(general, dtype=float), (len(typed), 1)), typed])
        total = options.vehicles.sum(axis=1)
        supply = np.vstack([total, options.on_duty_people, options.vehicles.T])
        asked = needs.any(axis=0)
        columns = force(
            f"force_{index}",
            instance,
            self.within(within_s),
            needs=needs[:, asked],
            supply=supply[asked],
            kind=kind,
        )
        per = self._gained(columns, instance.weight(objective.weight))
        return self._over_scenarios(objective, index, (columns,), per)

    def _typed_needs(self) -> tuple[IndexArray, FloatArray]:
        """Return each point's risk row (demand,), and vehicles by type each row needs."""
        instance, types = self.instance, self.instance.options.vehicle_types
        rows = {one.id: row for row, one in enumerate(instance.request.risk_classes, start=1)}
        needs = np.zeros((len(rows) + 1, len(types)))
        for row, one in enumerate(instance.request.risk_classes, start=1):
            for column, name in enumerate(types):
                needs[row, column] = one.vehicle_types.get(name, 0)
        risk = instance.demand.risk_class
        if risk is None:
            return np.zeros(len(instance.demand), dtype=np.intp), needs
        return np.array([rows.get(name, 0) for name in risk], dtype=np.intp), needs

    def _backup(self, objective: Backup, index: int) -> Part:
        instance = self.instance
        within_s = objective.second_s
        if within_s is None:
            within_s = instance.standard.full_force_within_s
        columns = force(
            f"backup_{index}",
            instance,
            self.within(within_s),
            needs=np.array([[2.0]]),
            supply=np.ones((1, len(instance.options))),
            kind=np.zeros(len(instance.demand), dtype=np.intp),
        )
        per = self._gained(columns, instance.weight(objective.weight))
        return self._over_scenarios(objective, index, (columns,), per)

    def _units(self, objective: ExpectedCover, index: int) -> Part:
        instance, options = self.instance, self.instance.options
        counted = np.ones(len(options), dtype=np.bool_)
        if objective.classes is not None:
            counted = np.isin(instance.class_ids[options.class_index], objective.classes)
        weight = instance.weight(objective.weight)
        columns = Units(
            name=f"units_{index}",
            within=self.within(self._standard(objective.within_s)),
            units=options.vehicles.sum(axis=1) * counted,
            post_of_option=instance.posts.of_option,
            forced=instance.forced,
            possible=~instance.excluded,
            busy_fraction=objective.busy_fraction,
            relevant=weight,
        )
        return self._over_scenarios(objective, index, (columns,), self._gained(columns, weight))

    def _ladder(
        self, index: int, weight: FloatArray, loss: Loss
    ) -> tuple[Ladder, list[Expression]]:
        ladder = Ladder.of(f"ladder_{index}", self.instance, weight, loss)
        per = [
            Expression({ladder.name: penalty}, float(constant))
            for penalty, constant in zip(ladder.penalty, ladder.constant, strict=True)
        ]
        return ladder, per

    def _probabilistic(self, objective: ProbabilisticCover, index: int) -> Part:
        within_s = self._standard(objective.within_s)
        weight = self.instance.weight(objective.weight)

        def lost(scenario: int, response_s: FloatArray) -> FloatArray:
            del scenario
            with np.errstate(divide="ignore"):
                late = (np.log(response_s) - np.log(within_s)) / objective.sigma
            missed: FloatArray = ndtr(late)
            return missed

        ladder, per = self._ladder(index, weight, lost)
        total = Expression(constant=float(weight.sum()))
        per = [total + one * -1.0 for one in per]
        return self._over_scenarios(objective, index, (ladder.block,), per)

    def _mean(self, objective: MeanTime, index: int) -> Part:
        weight = self.instance.weight(objective.weight)
        total = float(weight.sum())
        ladder, per = self._ladder(
            index, weight, lambda _, response_s: np.minimum(response_s, objective.unreached_s)
        )
        per = [one * (1.0 / total if total else 0.0) for one in per]
        return self._over_scenarios(objective, index, (ladder.block,), per)

    def _worst_time(self, objective: WorstTime, index: int) -> Part:
        """One column per scenario above every point's time; steps below the floor are merged.

        No choice of sites brings a scenario's worst time below the longest of the points'
        best times, so every loss is taken as at least that.
        """
        instance = self.instance
        weight = instance.weight(objective.weight)
        floors = self._best_times(weight, objective.unreached_s).max(axis=1, initial=0.0)

        def loss(scenario: int, response_s: FloatArray) -> FloatArray:
            return np.clip(response_s, floors[scenario], objective.unreached_s)

        steps = Steps.of(instance, weight, loss)
        sets = MissedSets(f"ladder_{index}", steps.members, steps.inner)
        position = np.searchsorted(steps.points, steps.point)
        extremes = []
        for scenario in range(instance.scenario_count):
            ours = steps.scenario == scenario
            rows = csr_array(
                (steps.rise[ours], (position[ours], steps.group[ours])),
                shape=(len(steps.points), steps.members.shape[0]),
            )
            used = np.flatnonzero(np.diff(rows.indptr))
            constants = np.append(steps.first[scenario][used], floors[scenario])
            matrix = csr_array(vstack([rows[used], csr_array((1, rows.shape[1]))]))
            extremes.append(
                Extreme(f"worst_{index}_{scenario}", {sets.name: matrix}, constants, "min")
            )
        per = [Expression({extreme.name: np.ones(1)}) for extreme in extremes]
        return self._over_scenarios(objective, index, (sets, *extremes), per)

    def _best_times(self, weight: FloatArray, unreached_s: float) -> FloatArray:
        """Return each weighty point's shortest possible response time (scenario, point)."""
        instance = self.instance
        possible = np.flatnonzero(instance.possible_posts)
        rows = [
            np.concatenate(
                [
                    instance.response_s(scenario, block, possible).min(axis=1, initial=unreached_s)
                    for block in row_blocks(len(weight), len(instance.posts))
                ]
            )
            for scenario in range(instance.scenario_count)
        ]
        return np.array(rows)[:, weight > 0]

    def _worst_area(self, objective: WorstArea, index: int) -> Part:
        """Return the least share over areas; the expected mode takes shares of expected weights."""
        instance = self.instance
        within_s = self._standard(objective.within_s)
        weight = instance.weight(objective.weight)
        members = members_by_area(instance, objective.level)
        reachable = instance.coverable(within_s)
        weights = instance.travel.weights
        shares = []
        for inside in members.values():
            ours = np.where(inside, weight, 0.0)
            covered = self.covered(within_s, ours)
            coverable = reachable @ ours
            if len(covered) == 1 or objective.scenarios == "expected":
                covered = [weighted(covered, weights)]
                coverable = np.array([float(weights @ coverable)])
            shares += [
                one * (1.0 / float(total))
                for one, total in zip(covered, coverable, strict=True)
                if total > 0
            ]
        blocks = (self.cover(within_s).block,)
        if not shares:
            return Part("max", (), Expression(constant=1.0))
        extreme = extreme_of(f"worst_{index}", "max", shares)
        return Part("max", (*blocks, extreme), Expression({extreme.name: np.ones(1)}))

    def _fewest(self) -> Part:
        return Part("min", (), Expression({"option": self.instance.options.opens.astype(float)}))

    def _cost(self, objective: Cost) -> Part:
        options = self.instance.options
        price = options.capital_cost + objective.horizon_years * options.yearly_cost
        return Part("min", (), Expression({"option": price}))
