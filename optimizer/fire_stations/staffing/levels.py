"""The levels of a staffing, one after the other."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from scipy.sparse import csr_array

from models.fire_stations.staffing import StaffingPlan
from models.run import LevelReport, Status, StopReason
from optimizer.backends import Outcome, highs
from optimizer.backends.table import backend_of
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.scaling import scaled, scaling
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staffing.plan import Crews
from optimizer.fire_stations.staffing.program import StaffingProgram
from optimizer.fire_stations.staffing.spreading import spared, spread
from optimizer.judging import PROVEN_GAP
from optimizer.linear import LinearProgram, Sense

_FORCE, _COST = 3, 4
_KEEP = 1e-7  # what a level gives way for the solver's rounding, relative


@dataclass(frozen=True)
class _Goal:
    """What one solve makes best: the coefficients of one block, on top of a constant."""

    sense: Sense
    block: str
    cost: FloatArray
    constant: float = 0.0

    @property
    def expression(self) -> Expression:
        return Expression({self.block: self.cost}, self.constant)

    @property
    def scaling(self) -> tuple[float, float | None]:
        """A factor that suits a solver, and the step between values if they come in steps."""
        return scaling(Part(self.sense, (), self.expression))

    def value(self, program: LinearProgram, values: FloatArray) -> float:
        return self.constant + float(self.cost @ values[program.columns[self.block]])

    def limit(self, program: LinearProgram) -> float:
        """Return the best value that the bounds of the columns leave."""
        at = program.columns[self.block]
        best = np.maximum if self.sense == "max" else np.minimum
        ends = best(self.cost * program.lower[at], self.cost * program.upper[at])
        return self.constant + float(ends.sum())

    def tidy(self, bound: float | None, value: float) -> float | None:
        """Return ``bound`` moved to the nearest value there can be, never beyond ``value``."""
        if bound is None:
            return None
        _, step = self.scaling
        if step is not None:
            steps = (bound - self.constant) / step
            steps = np.floor(steps + 1e-6) if self.sense == "max" else np.ceil(steps - 1e-6)
            bound = float(steps * step + self.constant)
        return max(bound, value) if self.sense == "max" else min(bound, value)

    def kept(self, program: LinearProgram, value: float) -> LinearProgram:
        """Return ``program`` with a row that keeps this goal at ``value``."""
        scale, step = self.scaling
        room = 0.5 * step if step else _KEEP * max(1.0, abs(value))
        upward = self.sense == "max"
        limit = (value - room if upward else value + room) - self.constant
        row = csr_array(self.expression.row(program)[None] * scale)
        lower, upper = (limit * scale, np.inf) if upward else (-np.inf, limit * scale)
        return program.with_rows(f"kept_{len(program.rows)}", row, lower, upper)


@dataclass(frozen=True)
class _Reached:
    """How far one solve came."""

    value: float
    bound: float | None
    stop: StopReason
    wall_s: float
    node_count: int | None = None
    ordinal: int | None = None

    @property
    def proven(self) -> bool:
        gap = PROVEN_GAP * max(1.0, abs(self.value))
        return self.bound is not None and abs(self.value - self.bound) <= gap


@dataclass
class StaffingLevels:
    """Climbs the levels of one staffing."""

    solution: Solution
    program: StaffingProgram
    control: RunControl
    _linear: LinearProgram = field(init=False)
    _values: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the norms, or as much of them as there is."""
        self._linear = self.program.build()
        self._values = self.program.values(self._linear, self.program.least())

    def climb(self) -> StaffingPlan:
        """Return the plan after the last level."""
        reports = (*self._settled(), self._force(), self._cost())
        crews = self._crews(self._values)
        finals = (
            crews.people_short,
            crews.vehicles_short,
            crews.short_of_wanted,
            crews.reached,
            sum(crews.costs),
        )
        levels = tuple(
            report.model_copy(update={"final": float(final)})
            for report, final in zip(reports, finals, strict=True)
        )
        proven = all(report.status is Status.OPTIMAL for report in levels)
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        return crews.to_plan(self.solution.instance, status, levels)

    def _settled(self) -> tuple[LevelReport, ...]:
        """Report the levels that arithmetic settles."""
        resources = self.program.resources
        best = {
            "norm_people": resources.people.short,
            "norm_vehicles": sum(one.short for one in resources.vehicles),
            "per_10k": resources.people.short_of_wanted,
        }
        return tuple(
            _report(kind, "min", _Reached(float(value), float(value), StopReason.PROOF, 0.0))
            for kind, value in best.items()
        )

    def _force(self) -> LevelReport:
        """Reach most population by full force."""
        goal = _Goal("max", "force", self.program.force_weight, self.program.met_weight)
        reached = self._improve(goal, _FORCE, 0.5, lambda crews: crews.reached)
        self._linear = goal.kept(self._linear, reached.value)
        self._values = spared(self.program, self._linear, self._values)
        return _report("full_force", goal.sense, reached)

    def _cost(self) -> LevelReport:
        """Hire and buy most cheaply; among the cheapest, the fewest.

        The level is proven only if both are: the second is no level of its own.
        """
        prices = self.program.prices
        goal = _Goal("min", "more", prices)
        reached = self._improve(goal, _COST, 0.5, lambda crews: sum(crews.costs))
        report = _report("hiring_cost", goal.sense, reached)
        if not reached.proven:
            return report
        self._linear = goal.kept(self._linear, reached.value)
        fewest = _Goal("min", "more", np.ones(len(prices)))
        last = self._improve(fewest, _COST, 1.0, lambda crews: sum(crews.costs))
        if last.proven:
            return report
        unproven = _report("hiring_cost", goal.sense, last)
        kept = ("objective", "bound", "node_count")
        return unproven.model_copy(update={name: getattr(report, name) for name in kept})

    def _improve(
        self, goal: _Goal, level: int, share: float, worth: Callable[[Crews], float]
    ) -> _Reached:
        """Make ``goal`` best, beginning with the units at hand."""
        began = time.monotonic()
        value, limit = goal.value(self._linear, self._values), goal.limit(self._linear)
        if _Reached(value, limit, StopReason.PROOF, 0.0).proven:
            return _Reached(value, limit, StopReason.PROOF, time.monotonic() - began)
        control = self._part(level, share, worth)
        if level == _FORCE:
            self._values = spread(self.program, self._linear, self._values, control)
        outcome = self._solve(goal, control)
        if outcome.values is not None:
            units = self.program.units(self._linear, outcome.values)
            self._values = self.program.values(self._linear, units)
        value = goal.value(self._linear, self._values)
        scale, _ = goal.scaling
        bound = limit if outcome.bound is None else outcome.bound / scale
        return _Reached(
            value=value,
            bound=goal.tidy(bound, value),
            stop=outcome.stop,
            wall_s=time.monotonic() - began,
            node_count=outcome.node_count,
            ordinal=outcome.ordinal,
        )

    def _solve(self, goal: _Goal, control: RunControl) -> Outcome:
        backend = backend_of(control.limits)
        scale, step = goal.scaling
        cost = scaled(goal.expression.row(self._linear), scale, step)
        program = self._linear.with_cost(cost, goal.sense, goal.constant * scale)
        start = self._values if backend.CAPABILITIES.start else None
        gap = (
            0.9 * step * scale if step else 0.5 * PROVEN_GAP * abs(program.objective(self._values))
        )
        solve = partial(highs.solve, proving=True) if backend is highs else backend.solve
        return solve(program, control, start=start, absolute_gap=gap)

    def _part(self, level: int, share: float, worth: Callable[[Crews], float]) -> RunControl:
        """Return a share of the time; levels are counted on from those of the siting."""
        sites, plan = self.solution.opened_sites, self.solution.bare_plan
        return self.control.share(
            share,
            level=len(self.solution.instance.request.objectives) + level,
            describe=lambda values: Described(worth(self._crews(values)), sites, plan),
        )

    def _crews(self, values: FloatArray) -> Crews:
        units = self.program.units(self._linear, values)
        return Crews.of(self.program.resources, self.program.groups, units)


def _report(kind: str, sense: Sense, reached: _Reached) -> LevelReport:
    proven = reached.proven
    return LevelReport(
        kind=kind,
        sense=sense,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        stop=StopReason.PROOF if proven else reached.stop,
        objective=reached.value,
        bound=reached.bound,
        wall_s=reached.wall_s,
        node_count=reached.node_count,
        accepted_ordinal=None if proven else reached.ordinal,
    )
