"""The ordered objectives: each made as small as can be, and kept by the later ones."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.run import LevelReport, Status, StopReason
from models.stockpiles import StockPlan
from models.stockpiles.objectives import Combination
from optimizer.backends import Outcome
from optimizer.backends.table import backend_of
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.judging import bound_of, closed, ended
from optimizer.stockpiles.apart import Apart
from optimizer.stockpiles.formulation import Ceiling, Formulation
from optimizer.stockpiles.outcomes import outcome
from optimizer.stockpiles.replies import Replies
from optimizer.stockpiles.solution import Solution, bare_plan, first_of_plan, tidy

_KEEP = 1e-9  # relative: what rounding may take of a level that later ones keep
_ROUNDED = 1e-8  # the same, where a solver finds nothing beneath that
_WHOLE_MOST = 8_000  # rows of what is due: beyond, scenarios are taken apart


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
    start: StockPlan | None = None
    _reports: list[LevelReport] = field(default_factory=list, init=False)
    _ceilings: list[tuple[int, float]] = field(default_factory=list, init=False)
    _solution: Solution | None = field(default=None, init=False)
    _taken_apart: Apart | None = field(default=None, init=False)

    def climb(self) -> Climb:
        """Return the last level's solution and how each level went."""
        count = self.formulation.level_count
        apart = self._taken_apart = self._apart() if self.apart else None
        for level in range(count):
            part = self.control.share(1.0 / (count - level), level=level)
            report, solution = self._level(level, part, apart)
            self._reports.append(report)
            if solution is None:
                left = self._solution if level else None
                return Climb(report.status, report.stop, left, self._done())
            self._solution = solution
            limit = solution.value(level)
            room = report.allowed_loss + _KEEP * max(1.0, abs(limit))
            self._ceilings.append((level, limit + room))
        return Climb(*ended(self._reports), self._solution, self._done())

    def stop(self) -> None:
        """End the processes that answered scenarios, if there were any."""
        if self._taken_apart is not None:
            self._taken_apart.replies.stop()

    @property
    def apart(self) -> bool:
        """Whether scenarios are taken apart: asked for, or too many for one program."""
        formulation = self.formulation
        method = formulation.instance.request.method
        if method == "extensive" or not (formulation.separable or formulation.priceable):
            return False
        return method == "l_shaped" or formulation.rows > _WHOLE_MOST

    def _apart(self) -> Apart:
        first = self.formulation.first
        start = None if self.start is None else tidy(first, first_of_plan(first, self.start))
        return Apart(self.formulation, self.control, start, self._described)

    def _done(self) -> tuple[LevelReport, ...]:
        solution = self._solution
        if solution is None:
            return tuple(self._reports)
        return tuple(
            one if one.objective is None else one.model_copy(update={"final": solution.value(n)})
            for n, one in enumerate(self._reports)
        )

    def _level(
        self, level: int, control: RunControl, apart: Apart | None
    ) -> tuple[LevelReport, Solution | None]:
        began = time.monotonic()
        if apart is None:
            found = self._whole(level, control)
        else:
            found = apart.level(level, self._ceilings, control)
        solution = None if found.values is None else self._settled(found.values)
        value = None if solution is None else solution.value(level)
        bound = None if value is None else bound_of(found, value)
        proven = value is not None and bound is not None and closed(value, bound)
        status = Status.OPTIMAL if proven else found.status
        if status is Status.OPTIMAL and not proven:
            status = Status.FEASIBLE
        report = LevelReport(
            kind=self._kind(level),
            sense="min",
            status=status,
            stop=StopReason.PROOF if proven else found.stop,
            objective=value,
            bound=bound,
            allowed_loss=self._allowance(level, value),
            wall_s=time.monotonic() - began,
            node_count=found.node_count,
        )
        return report, solution

    def _whole(self, level: int, control: RunControl) -> Outcome:
        found = self._under(level, control, 0.0)
        if found.status is Status.INFEASIBLE and self._ceilings:
            # The level before is a plan: only rounding can have taken it away.
            found = self._under(level, control, _ROUNDED)
        return found

    def _under(self, level: int, control: RunControl, more: float) -> Outcome:
        """Solve a level's program with ceilings that are so much higher, relatively."""
        levels = self.formulation.levels
        ceilings = [
            Ceiling(levels[one], limit + more * max(1.0, abs(limit)))
            for one, limit in self._ceilings
        ]
        program = self.formulation.program(levels[level], ceilings)
        control.describe = lambda values: self._described(program.objective(values), values)
        return backend_of(control.limits).solve(program, control)

    def _settled(self, values: FloatArray) -> Solution:
        """Return the plan of a program's columns.

        Its recourse is the best to its first stage, unless rules on who is served ask for another:
        then it is the program's own.
        """
        formulation = self.formulation
        first = tidy(formulation.first, values[: formulation.first.width])
        if formulation.separable:
            return settled(formulation, first, self.control)
        width = formulation.first.width
        columns = [values[width + one.start : width + one.stop] for one in formulation.columns]
        return solution_of(formulation, first, columns)

    def _described(self, value: float, values: FloatArray) -> Described:
        """Return an improvement as people hear of it: its value, what it builds, what it holds."""
        first = self.formulation.first
        chosen = tidy(first, values[: first.width])
        built = chosen[first.blocks["size"]] > 0.5
        sites = tuple(
            f"{depot.id}:{size.id}"
            for (_, depot, size), is_built in zip(first.sizes, built, strict=True)
            if is_built
        )
        return Described(value, sites, bare_plan(first, chosen).model_dump(mode="json"))

    def _kind(self, level: int) -> str:
        request = self.formulation.instance.request
        weighted = request.combination is Combination.WEIGHTED_SUM
        return "weighted_sum" if weighted else request.objectives[level].kind

    def _allowance(self, level: int, value: float | None) -> float:
        request = self.formulation.instance.request
        if value is None or request.combination is Combination.WEIGHTED_SUM:
            return 0.0
        return request.objectives[level].relative_loss * abs(value)


def settled(formulation: Formulation, first: FloatArray, control: RunControl) -> Solution:
    """Return a first stage with the best recourse to it in every scenario."""
    endless = RunControl(control.limits.model_copy(update={"time_limit_s": 604_800.0}))
    replies = Replies(formulation.responses, control, keep=False)
    reply = replies.columns(first, endless)
    replies.stop()
    assert reply is not None
    _, slope, columns = reply
    found = solution_of(formulation, first, columns)
    return replace(found, slope=formulation.probability @ slope)


def solution_of(
    formulation: Formulation, first: FloatArray, columns: Sequence[FloatArray]
) -> Solution:
    """Return a first stage with given columns of recourse."""
    outcomes = tuple(
        outcome(response, first, own)
        for response, own in zip(formulation.responses, columns, strict=True)
    )
    return Solution(formulation.first, first, outcomes, formulation.probability)
