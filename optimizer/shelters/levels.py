"""The ordered objectives: each made as small as can be, and kept by the later ones."""

import time
from dataclasses import dataclass, field

from models.run import LevelReport, Status, StopReason
from models.shelters.objectives import Combination
from optimizer.backends import Outcome
from optimizer.backends.table import backend_of
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.shelters.formulation import Ceiling, Expression, Formulation
from optimizer.shelters.solution import Solution

PROVEN_GAP = 1e-6  # relative: what counts as proven
_KEEP = 1e-9  # relative: what rounding may take of a level that later ones keep
_AGREEMENT = 1e-5  # relative: how near a program's and our own count must be


@dataclass(frozen=True)
class Climb:
    """How the levels went."""

    status: Status
    stop: StopReason
    solution: Solution | None
    reports: tuple[LevelReport, ...]


@dataclass
class Levels:
    """Solves level after level of one formulation."""

    formulation: Formulation
    control: RunControl
    start: Solution | None = None
    _reports: list[LevelReport] = field(default_factory=list, init=False)
    _ceilings: list[Ceiling] = field(default_factory=list, init=False)

    def climb(self) -> Climb:
        """Return the last level's solution and how each level went."""
        levels = self.formulation.levels
        for level, expression in enumerate(levels):
            share = 1.0 / (len(levels) - level)
            report, solution = self._level(
                level, expression, self.control.share(share, level=level)
            )
            self._reports.append(report)
            if solution is None:
                return Climb(
                    report.status, report.stop, self.start if level else None, self._done()
                )
            self.start = solution
            limit = solution.value(level)
            room = report.allowed_loss + _KEEP * max(1.0, abs(limit))
            self._ceilings.append(Ceiling(expression, limit + room))
        proven = all(one.status is Status.OPTIMAL for one in self._reports)
        stops = [one.stop for one in self._reports if one.status is not Status.OPTIMAL]
        return Climb(
            Status.OPTIMAL if proven else Status.FEASIBLE,
            stops[0] if stops else StopReason.PROOF,
            self.start,
            self._done(),
        )

    def _done(self) -> tuple[LevelReport, ...]:
        if self.start is None:
            return tuple(self._reports)
        return tuple(
            one if one.objective is None else one.model_copy(update={"final": self.start.value(n)})
            for n, one in enumerate(self._reports)
        )

    def _level(
        self, level: int, expression: Expression, control: RunControl
    ) -> tuple[LevelReport, Solution | None]:
        began = time.monotonic()
        outcome = self._solve(level, expression, control)
        solution = None if outcome.values is None else self._solution(outcome.values)
        value = None if solution is None else solution.value(level)
        bound = None if value is None else _bound(outcome, value)
        proven = value is not None and bound is not None and _closed(value, bound)
        status = Status.OPTIMAL if proven else outcome.status
        if status is Status.OPTIMAL and not proven:
            status = Status.FEASIBLE
        report = LevelReport(
            kind=self._kind(level),
            sense="min",
            status=status,
            stop=StopReason.PROOF if proven else outcome.stop,
            objective=value,
            bound=bound,
            allowed_loss=self._allowance(level, value),
            wall_s=time.monotonic() - began,
            node_count=outcome.node_count,
        )
        return report, solution

    def _solve(self, level: int, expression: Expression, control: RunControl) -> Outcome:
        program = self.formulation.program(expression, self._ceilings)
        control.describe = lambda values: self._described(level, values)
        start = self._starting_values(level) if control.limits.backend == "highs" else None
        gap = 0.0
        if start is not None:
            start = start if program.violation(start, relative=True) <= PROVEN_GAP else None
        if start is not None:
            gap = 0.5 * PROVEN_GAP * max(1.0, abs(program.objective(start)))
        outcome = backend_of(control.limits).solve(program, control, start=start, absolute_gap=gap)
        if outcome.values is None and self.start is not None and level:
            if outcome.status is Status.INFEASIBLE:
                raise BackendError(
                    "a level is called infeasible though an earlier plan satisfies it"
                )
            start = self._starting_values(level)
            outcome = Outcome(Status.FEASIBLE, outcome.stop, start, outcome.bound, outcome.backend)
        return outcome

    def _starting_values(self, level: int) -> FloatArray | None:
        """Return the last solution as the program's columns."""
        del level
        return None if self.start is None else self.formulation.values_of(self.start)

    def _solution(self, values: FloatArray) -> Solution:
        opened, people = self.formulation.parts_of(values)
        return Solution.of_values(self.formulation.instance, opened, people)

    def _described(self, level: int, values: FloatArray) -> Described:
        solution = self._solution(values)
        return Described(solution.value(level), solution.opened_sites, solution.bare_plan())

    def _kind(self, level: int) -> str:
        request = self.formulation.instance.request
        weighted = request.combination is Combination.WEIGHTED_SUM
        return "weighted_sum" if weighted else request.objectives[level].kind

    def _allowance(self, level: int, value: float | None) -> float:
        request = self.formulation.instance.request
        if value is None or request.combination is Combination.WEIGHTED_SUM:
            return 0.0
        return request.objectives[level].relative_loss * abs(value)


def _bound(outcome: Outcome, value: float) -> float | None:
    """Return what was proven, never more than the value: beyond, it is rounding."""
    claimed = outcome.bound
    if claimed is None and outcome.status is Status.OPTIMAL:
        claimed = value
    if claimed is None:
        return None
    if claimed > value + _AGREEMENT * max(1.0, abs(value)):
        raise BackendError(f"a level is worth {value:g}, and its bound is said to be {claimed:g}")
    return min(max(0.0, claimed), value)


def _closed(value: float, bound: float) -> bool:
    return abs(value - bound) <= PROVEN_GAP * max(1.0, abs(value))
