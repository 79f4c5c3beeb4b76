"""The ordered objectives: each made as small as can be, and kept by the later ones."""

import time
from dataclasses import dataclass, field, replace

import numpy as np

from models.run import LevelReport, Status, StopReason
from models.shelters.objectives import Combination
from optimizer.backends import Outcome
from optimizer.backends.table import backend_of
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.judging import PROVEN_GAP, bound_of, closed, ended
from optimizer.linear import LinearProgram
from optimizer.shelters import single_source
from optimizer.shelters.apart import apart, applies
from optimizer.shelters.formulation import Ceiling, Expression, Formulation
from optimizer.shelters.greedy import fallbacks
from optimizer.shelters.reach import Reach
from optimizer.shelters.solution import Solution
from optimizer.shelters.tighten import Tightened, tightened

_KEEP = 1e-9  # relative: what rounding may take of a level that later ones keep
_ROUNDED = 1e-8  # the same, where a solver calls infeasible what a plan satisfies
_FIRST = 0.4  # of a level's time for a first plan
_ROUGH = 1e-4  # relative: how exactly the first plan is sought
_NEAR = 1e-3  # relative: sites first is near enough, the whole would add little
_WHOLE = 200_000  # columns: a larger program is not solved whole in the time there is


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
            part = self.control.share(share, level=level)
            report, solution = self._level(level, expression, part)
            self._reports.append(report)
            if solution is None:
                return Climb(
                    report.status,
                    report.stop,
                    self.start if level else None,
                    self._done(),
                )
            self.start = solution
            limit = solution.value(level)
            room = report.allowed_loss + _KEEP * max(1.0, abs(limit))
            reach_m = limit + room if self._kind(level) == "worst_walk" else np.inf
            self._ceilings.append(Ceiling(expression, limit + room, reach_m))
        return Climb(*ended(self._reports), self.start, self._done())

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
        bound = None if value is None else bound_of(outcome, value)
        proven = value is not None and bound is not None and closed(value, bound)
        status = Status.OPTIMAL if proven else outcome.status
        if status is Status.OPTIMAL and not proven:
            status = Status.FEASIBLE
        ended = proven or outcome.stop is StopReason.PROOF
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
            accepted_ordinal=None if ended else control.ordinal,
        )
        return report, solution

    def _solve(self, level: int, expression: Expression, control: RunControl) -> Outcome:
        try:
            return self._under(level, expression, self._ceilings, control)
        except BackendError:
            # The level before is a plan: only rounding can have taken it away.
            if not self._ceilings:
                raise
        higher = [
            replace(one, limit=one.limit + _ROUNDED * max(1.0, abs(one.limit)))
            for one in self._ceilings
        ]
        return self._under(level, expression, higher, control)

    def _under(
        self, level: int, expression: Expression, ceilings: list[Ceiling], control: RunControl
    ) -> Outcome:
        program = self.formulation.program(expression, ceilings)
        control.describe = lambda values: self._described(level, values)
        backend = backend_of(control.limits)
        abilities = backend.CAPABILITIES
        if self._kind(level) == "worst_walk":
            reach = Reach(self.formulation, program, backend)
            return self._kept(level, reach.search(self._feasible(program), control), None, None)
        clocked = abilities.continuous and control.limits.node_limit is None
        searched = self._searched(program, expression, control) if clocked and not level else None
        if searched is not None:
            return searched
        tight = Tightened(program)
        if clocked:
            tight = tightened(self.formulation.instance, program, control)
        start = self._feasible(program) if abilities.start else None
        start = self._first(tight, start, control) if abilities.start else None
        value = None if start is None else program.objective(start)
        posed = tight.undecided(value) if value is not None else None
        if posed is None or (start is not None and not _keeps(posed, start)):
            posed = tight.program
        outcome = backend.solve(posed, control, start=start, absolute_gap=_gap(value))
        found = outcome.values
        if found is not None and value is not None and program.objective(found) > value:
            outcome = replace(outcome, values=start)
        return self._kept(level, outcome, start, tight.bound)

    def _searched(
        self, program: LinearProgram, expression: Expression, control: RunControl
    ) -> Outcome | None:
        """Return what a search of its own makes of the first level; None where none suits."""
        if single_source.applies(self.formulation, expression):
            return single_source.settle(self.formulation, expression, control)
        return self._apart(program, control) if applies(self.formulation) else None

    def _apart(self, program: LinearProgram, control: RunControl) -> Outcome | None:
        """Return what solving sites first and cases by themselves leads to, as a level's outcome.

        None where that found no plan that keeps the rules, or time is left and the program small
        enough to be solved whole from there.
        """
        found = apart(self.formulation, control)
        known = [] if self.start is None else [self.formulation.values_of(self.start)]
        if found.solution is not None:
            known.append(self.formulation.values_of(found.solution))
        kept = [values for values in known if _keeps(program, values)]
        if not kept:
            return None
        best = min(kept, key=program.objective)
        self.start = self._solution(best)
        value = self.start.value(0)
        control.improved(value, found.bound, best)
        near = found.bound is not None and value - found.bound <= _NEAR * max(1.0, abs(value))
        if len(program.cost) <= _WHOLE and not near:
            return None
        return Outcome(
            status=Status.FEASIBLE,
            stop=control.halted or StopReason.CONVERGED,
            values=best,
            bound=found.bound,
            backend="apart",
            ordinal=control.ordinal or None,
        )

    def _first(
        self, tight: Tightened, start: FloatArray | None, control: RunControl
    ) -> FloatArray | None:
        """Return the better of a start and what the relaxation's own choice leads to."""
        narrow = tight.undecided()
        if narrow is None:
            return start
        value = None if start is None else narrow.objective(start)
        fits = start is not None and _keeps(narrow, start)
        outcome = backend_of(control.limits).solve(
            narrow,
            control.share(_FIRST),
            start=start if fits else None,
            absolute_gap=_ROUGH * abs(tight.bound or 0.0),
        )
        if outcome.values is None:
            return start
        found = tight.program.objective(outcome.values)
        return outcome.values if value is None or found < value else start

    def _feasible(self, program: LinearProgram) -> FloatArray | None:
        """Return the last solution as the program's columns, else the first plan that keeps all."""
        known = [] if self.start is None else [self.start]
        for solution in known or fallbacks(self.formulation.instance):
            values = self.formulation.values_of(solution)
            if _keeps(program, values):
                return values
        return None

    def _kept(
        self, level: int, outcome: Outcome, start: FloatArray | None, bound: float | None
    ) -> Outcome:
        """Return the outcome with the best bound, and with the start where it has no plan."""
        known = [one for one in (outcome.bound, bound) if one is not None]
        better = replace(outcome, bound=max(known, default=None))
        if outcome.values is not None:
            return better
        if level and self.start is not None and start is None:
            start = self.formulation.values_of(self.start)
        if start is None:
            return better
        if outcome.status is Status.INFEASIBLE:
            raise BackendError("a level is called infeasible though a plan satisfies it")
        return replace(better, status=Status.FEASIBLE, values=start)

    def _solution(self, values: FloatArray) -> Solution:
        return self.formulation.solution(values)

    def _described(self, level: int, values: FloatArray) -> Described:
        solution = self._solution(values)
        return Described(
            solution.value(level),
            solution.opened_sites,
            solution.bare_plan().model_dump(mode="json"),
        )

    def _kind(self, level: int) -> str:
        request = self.formulation.instance.request
        weighted = request.combination is Combination.WEIGHTED_SUM
        return "weighted_sum" if weighted else request.objectives[level].kind

    def _allowance(self, level: int, value: float | None) -> float:
        request = self.formulation.instance.request
        if value is None or request.combination is Combination.WEIGHTED_SUM:
            return 0.0
        return request.objectives[level].relative_loss * abs(value)


def _keeps(program: LinearProgram, values: FloatArray) -> bool:
    return program.violation(values, relative=True) <= PROVEN_GAP


def _gap(value: float | None) -> float:
    return 0.0 if value is None else 0.5 * PROVEN_GAP * max(1.0, abs(value))
