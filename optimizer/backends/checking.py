"""What every backend does before and after the library's turn: refuse, and believe nothing."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

from models.run import Status, StopReason
from optimizer.backends import Capabilities, Outcome
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.journal import EARLY
from optimizer.linear import LinearProgram

VIOLATION_TOLERANCE = 1e-5  # relative to a row's limit; solvers promise 1e-6 or 1e-7
PROOF_TOLERANCE = 1e-6  # relative; solvers compare objectives to about 1e-9
PROOFS = {Status.OPTIMAL, Status.INFEASIBLE}
_Solve = TypeVar("_Solve", bound=Callable[..., Outcome])


def repeatable(solve: _Solve) -> _Solve:
    """Make a backend's ``solve`` a step of the run: a replay ends it where the run ended it."""

    @wraps(solve)
    def repeated(program: LinearProgram, control: RunControl, *args: Any, **kwargs: Any) -> Outcome:
        journal, before = control.journal, control.ordinal
        step = journal.step()
        again = journal.ending(step)
        start = kwargs.get("start")
        if again is None:
            outcome = solve(program, control, *args, **kwargs)
        elif again.improvements:
            part = control.slice(math.inf, stop_after=before + again.improvements)
            outcome = solve(program, part, *args, **kwargs)
        else:
            status = Status.FEASIBLE if again.started else Status.UNKNOWN
            outcome = Outcome(
                status, again.stop, None, None, "replay", ordinal=control.ordinal or None
            )
        if again is not None:
            outcome = replace(
                outcome, stop=again.stop, bound=again.bound, node_count=again.node_count
            )
        if outcome.stop not in EARLY:
            return outcome
        found = control.ordinal - before
        if again is not None and again.started:
            assert isinstance(start, np.ndarray)
            outcome = replace(outcome, values=start)
        started = not found and _same(outcome.values, start)
        journal.whole &= started or found > 0 or outcome.values is None
        journal.end(
            step,
            outcome.stop,
            improvements=found,
            bound=outcome.bound,
            node_count=outcome.node_count,
            started=started,
        )
        return outcome

    return cast("_Solve", repeated)


def _same(values: FloatArray | None, start: object) -> bool:
    return values is not None and isinstance(start, np.ndarray) and np.array_equal(values, start)


def refuse(
    name: str,
    capabilities: Capabilities,
    program: LinearProgram,
    control: RunControl,
    start: FloatArray | None,
) -> None:
    """Raise where the caller asks for an ability that the backend does not declare."""
    asked = {
        "continuous columns": not program.integer.all() and not capabilities.continuous,
        "a start": start is not None and not capabilities.start,
        "a node limit": control.limits.node_limit is not None and not capabilities.node_limit,
        "stopping at an improvement": control.stop_after is not None
        and not capabilities.incumbents,
    }
    missing = [ability for ability, lacks in asked.items() if lacks]
    if missing:
        raise BackendError(f"{name} does not take {' or '.join(missing)}")
    if start is not None and start.shape != program.cost.shape:
        raise BackendError(f"the start has shape {start.shape}, not {program.cost.shape}")


def settled(program: LinearProgram, name: str) -> Outcome | None:
    """Return the outcome of a program that needs no solver: no coefficients, crossed limits.

    Libraries differ on these: HiGHS calls a program without columns "empty" even where its
    rows cannot hold, and forgets the offset; CBC aborts on a program of empty rows.
    """
    lower = np.where(program.integer, np.ceil(program.lower), program.lower)
    upper = np.where(program.integer, np.floor(program.upper), program.upper)
    empty = np.diff(program.matrix.indptr) == 0
    broken = (program.row_lower > program.row_upper) | (
        empty & ((program.row_lower > 0.0) | (program.row_upper < 0.0))
    )
    if broken.any() or (lower > upper).any():
        return Outcome(Status.INFEASIBLE, StopReason.PROOF, None, None, name)
    if program.matrix.nnz:
        return None
    rising = program.cost > 0.0 if program.sense == "max" else program.cost < 0.0
    resting = np.clip(0.0, lower, upper)
    values = np.where(program.cost == 0.0, resting, np.where(rising, upper, lower))
    if not np.isfinite(values).all():
        raise BackendError("the program is unbounded: nothing limits its objective")
    bound = program.objective(values)
    return Outcome(Status.OPTIMAL, StopReason.PROOF, values, bound, name)


def improves(program: LinearProgram, objective: float, best: float | None) -> bool:
    """Return whether ``objective`` beats ``best`` by more than rounding.

    HiGHS reports the same solution again when its objective differs in the last digit.
    """
    if best is None:
        return True
    gain = objective - best if program.sense == "max" else best - objective
    return gain > 1e-9 * max(1.0, abs(best))


def checked(
    program: LinearProgram,
    outcome: Outcome,
    *,
    start: FloatArray | None = None,
    absolute_gap: float = 0.0,
) -> Outcome:
    """Return ``outcome`` with whole numbers whole, its start kept, its claims recounted.

    Raises
    ------
    BackendError
        Where the values break a rule, or bound and objective contradict each other.
    """
    if outcome.status is Status.INFEASIBLE:
        if start is not None and holds(program, start):
            raise BackendError(f"{outcome.backend} calls infeasible what the start satisfies")
        return replace(outcome, values=None, bound=None)
    values = _best(program, _tidy(program, outcome), start)
    if values is None:
        if outcome.status is Status.OPTIMAL:
            raise BackendError(f"{outcome.backend} says optimal and gives no values")
        return replace(outcome, status=Status.UNKNOWN, bound=_finite(outcome.bound))
    objective = program.objective(values)
    bound = _consistent(program, outcome, objective)
    optimal = outcome.status is Status.OPTIMAL
    if optimal and bound is not None and not _closed(objective, bound, absolute_gap):
        return replace(
            outcome, status=Status.FEASIBLE, stop=StopReason.WORK, values=values, bound=bound
        )
    status = Status.OPTIMAL if optimal else Status.FEASIBLE
    return replace(outcome, status=status, values=values, bound=bound)


def _tidy(program: LinearProgram, outcome: Outcome) -> FloatArray | None:
    """Return the values on whole numbers and within bounds, if that breaks no rule."""
    if outcome.values is None:
        return None
    if not holds(program, outcome.values):
        excess = program.violation(outcome.values, relative=True)
        raise BackendError(f"{outcome.backend} gives values that break a rule by {excess:g}")
    tidy = rounded(program, outcome.values)
    return tidy if holds(program, tidy) else outcome.values


def rounded(program: LinearProgram, values: FloatArray) -> FloatArray:
    """Return the values with integer columns at the nearest whole number, within bounds."""
    nearest = np.where(program.integer, np.round(values), values)
    return np.clip(nearest, program.lower, program.upper)


def holds(program: LinearProgram, values: FloatArray) -> bool:
    """Return whether the values keep every rule, but for a solver's rounding."""
    return program.violation(values, relative=True) <= VIOLATION_TOLERANCE


def _best(
    program: LinearProgram, values: FloatArray | None, start: FloatArray | None
) -> FloatArray | None:
    # A solver may end before it has looked at its start, or drop it.
    if start is None or not holds(program, start):
        return values
    if values is None:
        return start
    better = improves(program, program.objective(start), program.objective(values))
    return start if better else values


def _consistent(program: LinearProgram, outcome: Outcome, objective: float) -> float | None:
    """Return the bound, never on the wrong side of the objective."""
    bound = _finite(outcome.bound)
    if bound is None:
        return None
    above = objective - bound if program.sense == "max" else bound - objective
    if above > VIOLATION_TOLERANCE * max(1.0, abs(objective)):
        raise BackendError(f"{outcome.backend} claims the bound {bound:g}, but found {objective:g}")
    return objective if above > 0.0 else bound


def _closed(objective: float, bound: float, absolute_gap: float) -> bool:
    rounding = PROOF_TOLERANCE * max(1.0, abs(objective))
    return abs(objective - bound) <= absolute_gap + rounding


def _finite(value: float | None) -> float | None:
    return value if value is not None and abs(value) < 1e100 else None
