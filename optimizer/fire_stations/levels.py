"""The ordered levels: each made best while the earlier ones keep what they won.

A level's worth is counted afresh from its solution, never copied from the solver. What later
levels may spend of it is counted from its incumbent. A level not proven in its share of the time
(of what remains, more than an even part) does not stop the rest.
"""

import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from models.fire_stations.objectives import Combination
from models.run import LevelReport, Status, StopReason
from optimizer.backends import Outcome
from optimizer.backends.table import backend_of
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.fire_stations.center import Center, applies
from optimizer.fire_stations.districts import DistrictCuts
from optimizer.fire_stations.fixing import fixed
from optimizer.fire_stations.formulation import Floor, Formulation, floor_of, forces
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.formulation.thinning import Active, activated, thinned
from optimizer.fire_stations.improve import improve, repair
from optimizer.fire_stations.known import Known
from optimizer.fire_stations.narrowing import narrowed
from optimizer.fire_stations.nearly import nearly_proven
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.scaling import scaling, tidy_bound
from optimizer.fire_stations.searching import Reduced, Scale, searched
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.tighten import tightened
from optimizer.fire_stations.values import level_value
from optimizer.judging import PROVEN_GAP, closed, ended
from optimizer.linear import LinearProgram

_KEPT_FOR_LATER = 0.15  # of the time left, for each later level: most are faster than their share
_NARROWING = 0.2  # of the time left, at most, for what a level settles for the others
_FEW = 20  # options in question: programs of no more are solved sooner than narrowed
_EXACT = 0.05  # of a level's time, for the last half percent, where later levels may spend a loss
_AGREEMENT = 1e-6  # between the program's objective and the recount, relative
_CACHE = "cache"  # the backend of a bound that an earlier run has proven
_BEGINNING = 0.8  # of the time, at most, for a first plan that keeps the rules


@dataclass(frozen=True)
class Climb:
    """What the levels came to: the last solution, and how each level went."""

    status: Status
    stop: StopReason
    solution: Solution | None
    reports: tuple[LevelReport, ...]


@dataclass(frozen=True)
class _Thin:
    """What a level's program, as it now is, is made of."""

    part: Part
    floors: tuple[Floor, ...]


class Levels:
    """Climbs the levels of one formulation."""

    def __init__(
        self,
        formulation: Formulation,
        control: RunControl,
        *,
        start: BoolArray | None = None,
    ) -> None:
        self.formulation = formulation
        self.instance = formulation.instance
        self.control = control
        self._backend = backend_of(control.limits)
        self._chosen = start
        self._cuts = DistrictCuts(self.instance)
        self._floors: tuple[Floor, ...] = ()
        self._reports: list[LevelReport] = []
        self._active: Active = {}
        cache = self.instance.cache
        read = start is not None
        self._known = None if cache is None else Known(self.instance.request, cache, read)

    def climb(self) -> Climb:
        """Solve every level in turn."""
        for level in range(self.formulation.levels):
            report = self._level(level)
            self._reports.append(report)
            if report.objective is None:
                stopped = tuple(self._reports)
                return Climb(report.status, report.stop, None, stopped)
            self._keep(level)
        assert self._chosen is not None
        solution = Solution(self.instance, self._chosen)
        reports = tuple(
            report.model_copy(update={"final": level_value(self.instance, solution.values, level)})
            for level, report in enumerate(self._reports)
        )
        return Climb(*ended(reports), solution, reports)

    def _keep(self, level: int) -> None:
        """Make a floor of the level's worth, and go on with what can still be decided."""
        self._floors = self._kept_floors()
        if level + 1 == self.formulation.levels or applies(self.formulation, level):
            return
        assert self._chosen is not None
        instance = self.formulation.instance
        if (~instance.excluded & ~instance.forced).sum() <= _FEW:
            return
        if self._settled(self.formulation.part(level + 1)) is not None:
            return
        control = self.control.share(_NARROWING, level=level)
        found = narrowed(self.formulation, self._floors, self._chosen, control)
        if found is not None:
            self.formulation = found
            self._floors = self._kept_floors()

    def _kept_floors(self) -> tuple[Floor, ...]:
        parts = (self.formulation.part(level) for level in range(len(self._reports)))
        return tuple(map(floor_of, parts, self._reports))

    def _level(self, level: int) -> LevelReport:
        began = time.monotonic()
        part = self.formulation.part(level)
        later = self.formulation.levels - level - 1
        share = max(1.0 - _KEPT_FOR_LATER * later, 1.0 / (later + 1))
        outcome = self._begin(part) if level == 0 else None
        control = self.control.share(share, level=level)
        outcome = outcome or self._settled(part) or self._kept(part, self._solve(part, control))
        if outcome.values is not None:
            self._chosen = outcome.values[: len(self.instance.options)] > 0.5
        value = self._recounted(level, outcome)
        bound = _bound(part, outcome, value)
        proven = value is not None and bound is not None and closed(value, bound)
        if proven and bound is not None and self._known and outcome.backend != _CACHE:
            self._known.keep(tuple(self._reports), bound)
        status = Status.OPTIMAL if proven else outcome.status
        if status is Status.OPTIMAL and not proven:
            status = Status.FEASIBLE
        return LevelReport(
            kind=self._kind(level),
            sense=part.sense,
            status=status,
            stop=StopReason.PROOF if proven else outcome.stop,
            objective=value,
            bound=bound,
            allowed_loss=self._allowance(level, value),
            wall_s=time.monotonic() - began,
            node_count=outcome.node_count,
            accepted_ordinal=None if outcome.stop is StopReason.PROOF else outcome.ordinal or 0,
        )

    def _settled(self, part: Part) -> Outcome | None:
        """Return the proof of the next level where the plan at hand attains a bound known of it."""
        if self._known is None or self._chosen is None:
            return None
        bound = self._known.bound(tuple(self._reports))
        if bound is None or not self._keeps(self._chosen):
            return None
        if not closed(self.formulation.value(part, self._chosen), bound):
            return None
        values = self._chosen.astype(np.float64)
        return Outcome(Status.OPTIMAL, StopReason.PROOF, values, bound, _CACHE)

    def _kind(self, level: int) -> str:
        request = self.instance.request
        weighted = request.combination is Combination.WEIGHTED_SUM
        return "weighted_sum" if weighted else request.objectives[level].kind

    def _allowance(self, level: int, value: float | None) -> float:
        request = self.instance.request
        if value is None or request.combination is Combination.WEIGHTED_SUM:
            return 0.0
        loss = request.objectives[level].loss
        return loss.absolute + loss.relative * abs(value)

    def _begin(self, part: Part) -> Outcome | None:
        """Find a plan that keeps the rules, near the given one; return the proof if none does.

        The search then has a start, and an answer that runs out of time a plan. Where nominal
        areas are a rule, cuts are added until the plan keeps them too; a plan found too late for
        that is only a start.
        """
        given = self._chosen
        if given is not None and self._keeps(given):
            return None
        cost = np.zeros(len(self.instance.options)) if given is None else np.where(given, -1.0, 1.0)
        self._chosen = None
        if not self._backend.CAPABILITIES.start:
            return None
        near = Part("min", (), Expression({"option": cost}))
        control = self.control.share(
            _BEGINNING,
            level=0,
            describe=lambda values: self._described(part, values, bounded=False),
        )
        while True:
            program = self.formulation.program(near, (), self._cuts.rows())
            outcome = self._backend.solve(self._whole(program), control)
            if outcome.status is Status.INFEASIBLE:
                return outcome
            if outcome.values is None:
                return None
            self._chosen = outcome.values[: len(self.instance.options)] > 0.5
            if control.halted is not None or not self._cuts.separate(self._chosen):
                return None
            mended = repair(self.formulation, self._cuts, self._chosen, control=control)
            if not self._cuts.separate(mended) and self._keeps(mended):
                self._chosen = mended
                return None

    def _kept(self, part: Part, outcome: Outcome) -> Outcome:
        """Return the outcome, with the plan of the levels before where it has none of its own."""
        if outcome.values is not None or self._chosen is None or self._cuts.broken(self._chosen):
            return outcome
        if outcome.status is Status.INFEASIBLE:
            raise BackendError(f"{outcome.backend} calls infeasible what an earlier plan satisfies")
        return replace(outcome, status=Status.FEASIBLE, values=self._chosen.astype(np.float64))

    def _solve(self, part: Part, control: RunControl) -> Outcome:
        """Solve one level: from a good start, growing its program until nothing is left out."""
        control.describe = lambda values: self._described(part, values)
        control.scale, step = scaling(part)
        self._improve(part, control)
        level = control.level
        if (
            self._chosen is not None
            and not self._cuts.enforced
            and applies(self.formulation, level)
        ):
            center = Center(self.formulation, level, self._floors, self._backend)
            control.scale = 1.0
            return center.search(self._chosen, control)
        self._active = {}
        if self._chosen is not None:
            self._grow(part, self._chosen)
        while True:
            outcome = self._round(part, control, step)
            if outcome.values is None or outcome.stop is StopReason.WORK:
                return outcome
            chosen = outcome.values[: len(self.instance.options)] > 0.5
            grown = self._cuts.separate(chosen) or self._grow(part, chosen)
            if not grown:
                return outcome
            if self._chosen is None or self._beats(part, chosen):
                self._chosen = chosen if self._keeps(chosen) else self._chosen
            stop = control.halted
            if stop is not None:
                return replace(outcome, status=Status.UNKNOWN, stop=stop, values=None)

    def _round(self, part: Part, control: RunControl, step: float | None) -> Outcome:
        """Solve the level's program as it now is."""
        floors = tuple(
            Floor(thinned(floor.part, self._active), floor.limit) for floor in self._floors
        )
        thin = thinned(part, self._active)
        program = self.formulation.program(thin, floors, self._cuts.rows())
        program = self._whole(program)
        start = self._start(program, thin, floors)
        slack = 0.0 if start is None else 0.5 * PROVEN_GAP * abs(program.objective(start))
        return searched(
            program,
            start,
            control,
            scale=Scale(control.scale, step, slack),
            solve=self._backend.solve,
            reduce=partial(self._reduced, _Thin(thin, floors)),
        )

    def _reduced(
        self,
        thin: _Thin,
        program: LinearProgram,
        start: FloatArray | None,
        gap: float,
        control: RunControl,
    ) -> Reduced:
        """Tighten a program, settle options, and prove it nearly where choices are many."""
        if not self._roomy or not self._backend.CAPABILITIES.continuous:
            return Reduced(program, start, control)
        blocks = forces((thin.part, *(one.part for one in thin.floors)))
        whole, session = tightened(program, blocks, control)
        if start is None:
            return Reduced(whole, start, control)
        left = fixed(whole, start, gap, control, session)
        if session is None:
            return Reduced(left, start, control)
        completed = partial(self._completed, thin, program)
        near = nearly_proven(whole, session, start, control, completed)
        if near.reached and self._allowance(control.level, 1.0) > 0:
            control = control.share(_EXACT)
        return Reduced(left, near.best, control, near.bound)

    def _completed(
        self, thin: _Thin, program: LinearProgram, values: FloatArray
    ) -> FloatArray | None:
        """Return the solution that the options of ``values`` mean, None where they break a rule."""
        chosen = values[: len(self.instance.options)] > 0.5
        if self._cuts.broken(chosen):
            return None
        found = self.formulation.complete(program, thin.part, thin.floors, chosen)
        return found if program.violation(found, relative=True) <= PROVEN_GAP else None

    def _grow(self, part: Part, chosen: BoolArray) -> bool:
        """Let the sets join that ``chosen`` calls for; return whether it missed one left out."""
        posts = self.instance.posts.options
        open_posts = (posts @ chosen.astype(np.float64)) > 0
        parts = (part, *(floor.part for floor in self._floors))
        self._active, undercounted = activated(self._active, parts, open_posts)
        return undercounted

    def _beats(self, part: Part, chosen: BoolArray) -> bool:
        assert self._chosen is not None
        ours, theirs = (self.formulation.value(part, one) for one in (self._chosen, chosen))
        return theirs > ours if part.sense == "max" else theirs < ours

    def _whole(self, program: LinearProgram) -> LinearProgram:
        """Return the program in whole numbers for a solver that takes nothing else.

        Every column but an extreme's is whole where the options are; that one is unbounded, and
        such a solver refuses it by itself.
        """
        return program if self._backend.CAPABILITIES.continuous else program.whole()

    @property
    def _roomy(self) -> bool:
        """Whether earlier levels leave room: else few choices are left, and solvers are fast."""
        return not self._reports or any(one.allowed_loss > 0 for one in self._reports)

    def _improve(self, part: Part, control: RunControl) -> None:
        """Put a better choice in place of the last one, where the search knows how."""
        if self._chosen is None or not self._roomy:
            return
        if self._keeps(self._chosen):
            chosen = improve(
                self.formulation,
                part,
                self._floors,
                self._chosen,
                districts=self._cuts,
                control=control,
            )
            if self._keeps(chosen):
                self._chosen = chosen

    def _keeps(self, chosen: BoolArray) -> bool:
        """Return whether a choice keeps every rule and floor."""
        if not self.formulation.lawful(chosen):
            return False
        for floor in self._floors:
            room = PROVEN_GAP * max(1.0, abs(floor.limit))
            over = self.formulation.value(floor.part, chosen) - floor.limit
            if (over if floor.part.sense == "max" else -over) < -room:
                return False
        return not self._cuts.broken(chosen)

    def _start(
        self, program: LinearProgram, thin: Part, floors: tuple[Floor, ...]
    ) -> FloatArray | None:
        """Return the last solution as a start, if the backend takes one and it holds."""
        if self._chosen is None or not self._backend.CAPABILITIES.start:
            return None
        if self._cuts.broken(self._chosen):
            return None
        values = self.formulation.complete(program, thin, floors, self._chosen)
        return values if program.violation(values, relative=True) <= PROVEN_GAP else None

    def _described(
        self, part: Part, values: FloatArray, *, bounded: bool = True
    ) -> Described | None:
        chosen = values[: len(self.instance.options)] > 0.5
        if self._cuts.broken(chosen):
            return None
        solution = Solution(self.instance, chosen)
        value = self.formulation.value(part, chosen)
        return Described(value, solution.opened_sites, solution.bare_plan, bounded)

    def _recounted(self, level: int, outcome: Outcome) -> float | None:
        if outcome.values is None or self._chosen is None:
            return None
        solution = Solution(self.instance, self._chosen)
        value = level_value(self.instance, solution.values, level)
        claimed = self.formulation.value(self.formulation.part(level), self._chosen)
        if abs(value - claimed) > _AGREEMENT * max(1.0, abs(value)):
            raise BackendError(f"level {level} is worth {value:g}, its program says {claimed:g}")
        return value


def _bound(part: Part, outcome: Outcome, value: float | None) -> float | None:
    """Return what was proven; a claim of optimality without a bound implies one."""
    if value is None:
        return None
    claimed = outcome.bound
    if claimed is None and outcome.status is Status.OPTIMAL:
        claimed = value
    return None if claimed is None else tidy_bound(part, claimed, value)
