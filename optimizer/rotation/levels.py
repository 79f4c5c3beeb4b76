"""The ordered objectives: each made as small as can be, and kept by the later ones.

Items meet in the rules alone: budgets, room, the largest write-off. So every item is planned by
itself first; where these plans keep all rules together, no plan can be better at any level, and
the sums of their bounds prove it. Otherwise the whole program is solved.
"""

import time
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array, hstack

from models.run import LevelReport, Status, StopReason
from optimizer.backends import Outcome
from optimizer.backends.highs import solve_linear
from optimizer.backends.table import backend_of
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.judging import closed, ended
from optimizer.linear import LinearProgram
from optimizer.rotation.arrays import IndexArray
from optimizer.rotation.formulation import Ceiling, Formulation
from optimizer.rotation.parts import part_of, value_of

_KEEP = 1e-9  # relative: what rounding may take of a level that later ones keep
_KEEP_WHOLE = 1e-6  # the same where whole numbers are searched for: HiGHS is that much less exact
_ROOMS = (_KEEP, 1e-7, 1e-6)  # tried in turn where a solver's own rounding leaves no plan
_ALONE = 0.4  # of the time for items by themselves
_AGREEMENT = 1e-6  # relative: by how much a rule may be broken before items are no plan together


@dataclass(frozen=True)
class Climb:
    """How the levels went: the values of the program's columns, None where there are none."""

    status: Status
    stop: StopReason
    values: FloatArray | None
    reports: tuple[LevelReport, ...]
    budget_duals: tuple[FloatArray, ...] = ()  # by level: a budget's shadow price


@dataclass
class _Trace:
    """What the levels of one program came to."""

    objectives: list[float] = field(default_factory=list)
    bounds: list[float | None] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    stops: list[StopReason] = field(default_factory=list)
    walls: list[float] = field(default_factory=list)
    duals: list[FloatArray] = field(default_factory=list)
    values: FloatArray | None = None

    def add(self, outcome: Outcome, objective: float | None, wall_s: float) -> None:
        """Add a level."""
        bound = outcome.bound
        if objective is not None:
            bound = None if bound is None else min(bound, objective)
            proven = bound is not None and closed(objective, bound)
            self.objectives.append(objective)
            self.statuses.append(Status.OPTIMAL if proven else Status.FEASIBLE)
        else:
            self.statuses.append(outcome.status)
        self.bounds.append(bound)
        self.stops.append(outcome.stop)
        self.walls.append(wall_s)


def climb(formulation: Formulation, control: RunControl) -> Climb:
    """Return the last level's values and how each level went."""
    if not formulation.cap_rule:
        alone = _by_item(formulation, control.share(_ALONE))
        if alone is not None:
            return alone
    whole = formulation.instance.request.whole
    trace = _Trace()
    ceilings: list[Ceiling] = []
    levels = formulation.levels
    for n, (_, expression) in enumerate(levels):
        program = formulation.program(expression, ceilings, whole=whole)
        part = control.share(1.0 / (len(levels) - n), level=n)
        outcome = _level(program, part, trace)
        if outcome.duals is not None:
            rows = [program.rows[path] for path in formulation.budget_paths]
            trace.duals.append(np.array([float(outcome.duals.row[one][0]) for one in rows]))
        if outcome.values is None:
            break
        _tell(formulation, part, trace)
        ceilings.append(Ceiling(expression, _limit(trace.objectives[-1], whole=whole)))
    return _climbed(formulation, trace)


def _level(program: LinearProgram, control: RunControl, trace: _Trace) -> Outcome:
    """Solve a level and note how it went; where it finds nothing, the last values stand."""
    began = time.monotonic()
    outcome = solved(program, control, start=_start(program, trace.values))
    if outcome.values is None and trace.values is not None:
        if outcome.status is Status.INFEASIBLE:
            raise BackendError("a level is called infeasible though a plan satisfies it")
        kept = trace.values
        outcome = Outcome(Status.FEASIBLE, outcome.stop, kept, outcome.bound, outcome.backend)
    if outcome.values is not None:
        trace.values = outcome.values
    value = None if outcome.values is None else program.objective(outcome.values)
    trace.add(outcome, value, time.monotonic() - began)
    return outcome


def _tell(formulation: Formulation, control: RunControl, trace: _Trace) -> None:
    """Let listeners hear what the level of ``control`` came to, as its report will."""
    n = control.level
    more = formulation.lost_of(formulation.levels[n][0])
    bound = trace.bounds[n]
    control.improved(trace.objectives[n] + more, None if bound is None else bound + more)


def _start(program: LinearProgram, values: FloatArray | None) -> FloatArray | None:
    if values is None or program.violation(values, relative=True) > _AGREEMENT:
        return None
    return values


def _limit(value: float, *, whole: bool) -> float:
    """Return how large later levels may let a level be that came to ``value``."""
    return value + (_KEEP_WHOLE if whole else _KEEP) * max(1.0, abs(value))


def _by_item(formulation: Formulation, control: RunControl) -> Climb | None:
    """Return the plans of all items together, None where they break a rule or time runs out."""
    instance = formulation.instance
    began = time.monotonic()
    total = np.zeros(len(formulation.column_item))
    traces = []
    programs = [formulation.program(one, rules=()) for _, one in formulation.levels]
    for item in range(len(instance.request.items)):
        mine = np.flatnonzero(formulation.column_item == item)
        trace = _Trace()
        ceilings: list[tuple[FloatArray, float]] = []
        for program in programs:
            posed = part_of(program, mine, ceilings, whole=instance.request.whole)
            outcome = _level(posed, control, trace)
            if outcome.values is None or trace.statuses[-1] is not Status.OPTIMAL:
                return None
            limit = _limit(trace.objectives[-1], whole=instance.request.whole)
            ceilings.append((posed.cost, limit))
        assert trace.values is not None
        total[mine] = trace.values
        traces.append(trace)
    checked = formulation.program(formulation.levels[0][1])
    if checked.violation(total, relative=True) > _AGREEMENT:
        return None
    together = _Trace(values=total)
    wall_s = (time.monotonic() - began) / len(programs)
    for n in range(len(programs)):
        bounds = [one.bounds[n] for one in traces]
        value = sum(one.objectives[n] for one in traces)
        known = [one for one in bounds if one is not None]
        outcome = Outcome(Status.OPTIMAL, StopReason.PROOF, total, sum(known), "highs")
        together.add(outcome, value, wall_s)
        _tell(formulation, control.slice(control.remaining_s, level=n), together)
    return _climbed(formulation, together)


def _climbed(formulation: Formulation, trace: _Trace) -> Climb:
    reports = []
    for n, (kind, expression) in enumerate(formulation.levels[: len(trace.statuses)]):
        known = n < len(trace.objectives)
        more = formulation.lost_of(kind)
        bound = trace.bounds[n]
        final = None
        if trace.values is not None:
            final = value_of(formulation, expression, trace.values) + more
        reports.append(
            LevelReport(
                kind=kind,
                sense="min",
                status=trace.statuses[n],
                stop=StopReason.PROOF if trace.statuses[n] is Status.OPTIMAL else trace.stops[n],
                objective=trace.objectives[n] + more if known else None,
                bound=None if bound is None else bound + more,
                final=final,
                wall_s=trace.walls[n],
            )
        )
    status, stop = ended(reports)
    if trace.values is None:
        status = trace.statuses[-1]
    return Climb(
        status,
        stop,
        trace.values,
        tuple(reports),
        tuple(trace.duals),
    )


def in_order(formulation: Formulation, values: FloatArray, control: RunControl) -> FloatArray:
    """Return values worth as much at every level in which stock is issued by its expiry.

    Orders stay as they are, and so does what every item comes to at every level, and depots keep
    to their room. See the formulation for why such values exist.

    Raises
    ------
    BackendError
        They are not found.
    """
    result = values.copy()
    program = formulation.program(formulation.order_of_issue, rules=())
    levels = [formulation.program(one, rules=()).cost for _, one in formulation.levels]
    fixed = program.columns["order"]
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[fixed] = upper[fixed] = values[fixed]
    program = program.with_bounds(lower, upper)
    whole = formulation.instance.request.whole
    for item in range(len(formulation.instance.request.items)):
        mine = np.flatnonzero(formulation.column_item == item)
        for room in _ROOMS:
            held = _with_room(formulation, program, result, mine, room)
            ceilings = []
            for cost in levels:
                value = float(cost[mine] @ values[mine])
                ceilings.append((cost[mine], value + room * max(1.0, abs(value))))
            outcome = solved(part_of(held, mine, ceilings, whole=whole), control)
            if outcome.values is not None:
                result[mine] = outcome.values
                break
        else:
            raise BackendError("no order of issue was found for a plan that has one")
    return result


def _with_room(
    formulation: Formulation,
    program: LinearProgram,
    values: FloatArray,
    mine: IndexArray,
    slack: float,
) -> LinearProgram:
    """Return the program in which an item takes no more room than the others leave it."""
    others = values.copy()
    others[mine] = 0.0
    width = len(values)
    for rule in formulation.room_rules:
        rows = rule.terms["hold"]
        empty = csr_array((rows.shape[0], width - rows.shape[1]))
        padded = csr_array(hstack([rows, empty], format="csr"))
        left = rule.upper - padded @ others
        program = program.with_rows(rule.path, padded, -np.inf, left + slack * rule.upper)
    return program


def solved(
    program: LinearProgram, control: RunControl, *, start: FloatArray | None = None
) -> Outcome:
    """Solve a program: a linear one by simplex with presolve, a mixed one by the backend asked."""
    backend = backend_of(control.limits)
    if program.integer.any() or control.limits.backend != "highs":
        usable = start if backend.CAPABILITIES.start else None
        return backend.solve(program, control, start=usable)
    return solve_linear(program, control)
