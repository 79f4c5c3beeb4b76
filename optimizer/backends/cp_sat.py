"""CP-SAT: whole numbers only.

It refuses continuous columns, infinite column bounds, and numbers that are not whole. Decimal
fractions pass where a power of ten up to a million makes a row's coefficients, or all costs,
whole exactly; each row has its own scale. It counts no nodes, so it takes no node limit, and
it is deterministic with one thread only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from models.run import Status, StopReason
from optimizer.backends import Capabilities, Outcome
from optimizer.backends.checking import PROOFS, checked, improves, refuse, repeatable, settled
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram

NAME = f"cp_sat {version('ortools')}"
CAPABILITIES = Capabilities(
    continuous=False,
    bound=True,
    cancel=True,
    incumbents=True,
    start=True,
    node_limit=False,
    duals=False,
    deterministic=True,
    deterministic_parallel=False,
)
_STATUSES = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.UNKNOWN,
}
_SCALES = 10.0 ** np.arange(7)
_LARGEST = 2.0**53  # beyond it a float no longer counts one by one
_FREE = 2**62  # stands for "no limit" in a row; CP-SAT reads it so
_POLL_S = 0.02


@repeatable
def solve(
    program: LinearProgram,
    control: RunControl,
    *,
    start: FloatArray | None = None,
    absolute_gap: float = 0.0,
) -> Outcome:
    """Solve an all-integer ``program`` until bound and objective are within ``absolute_gap``."""
    refuse("CP-SAT", CAPABILITIES, program, control, start)
    done = settled(program, NAME)
    if done is not None:
        return done
    if not np.isfinite([program.lower, program.upper]).all():
        raise BackendError("CP-SAT needs finite bounds of every column")
    scale = float(_scales(program.cost, np.zeros(len(program.cost), dtype=np.intp), 1)[0])
    model = cp_model.CpModel()
    _fill(model, program, scale, start)
    watch = _Watch(program, control, scale)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = control.remaining_s
    solver.parameters.num_workers = control.limits.threads
    solver.parameters.random_seed = control.limits.seed
    solver.parameters.relative_gap_limit = 0.0
    solver.parameters.absolute_gap_limit = absolute_gap * scale
    with _stopped_by(control, solver):
        native = solver.solve(model, watch)
    control.raise_failure()
    if native not in _STATUSES:
        raise BackendError(f"CP-SAT ended with {solver.status_name(native)}: {model.validate()}")
    status = _STATUSES[native]
    found = status in {Status.OPTIMAL, Status.FEASIBLE}
    if found and watch.stop is None:
        watch.offer(np.array(solver.response_proto.solution, dtype=np.float64), None)
    outcome = Outcome(
        status=status,
        stop=StopReason.PROOF
        if status in PROOFS
        else watch.stop or control.stop or StopReason.TIME,
        values=watch.values,
        bound=solver.best_objective_bound / scale + program.offset if found else None,
        backend=NAME,
        ordinal=control.ordinal or None,
    )
    return checked(program, outcome, start=start, absolute_gap=absolute_gap)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Hears of solutions; nothing here may raise while the search runs."""

    def __init__(self, program: LinearProgram, control: RunControl, scale: float) -> None:
        super().__init__()
        self._program = program
        self._control = control
        self._scale = scale
        self._best: float | None = None
        self.values: FloatArray | None = None
        self.stop: StopReason | None = None

    def on_solution_callback(self) -> None:
        """Record the improvement, and stop where the control says so."""
        if self.stop is None:
            found = np.array(self.response_proto.solution, dtype=np.float64)
            self.offer(found, self.best_objective_bound / self._scale + self._program.offset)
        self.stop = self.stop or self._control.stop
        if self.stop is not None:
            self.stop_search()

    def offer(self, values: FloatArray, bound: float | None) -> None:
        """Take a solution if it is better than the last."""
        objective = self._program.objective(values)
        if improves(self._program, objective, self._best):
            self.values, self._best = values, objective
            self._control.improved(objective, bound, values)


@contextmanager
def _stopped_by(control: RunControl, solver: cp_model.CpSolver) -> Iterator[None]:
    """End the search soon after the control says stop, from a thread of its own."""
    done = Event()

    def watch() -> None:
        while not done.wait(_POLL_S):
            if control.stop is not None:
                solver.stop_search()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _fill(
    model: cp_model.CpModel, program: LinearProgram, scale: float, start: FloatArray | None
) -> None:
    proto = model.proto
    lower, upper = np.ceil(program.lower).astype(int), np.floor(program.upper).astype(int)
    for low, high in zip(lower.tolist(), upper.tolist(), strict=True):
        proto.variables.add().domain.extend([low, high])
    coefficients, row_lower, row_upper = _whole_rows(program)
    places, starts = program.matrix.indices.tolist(), program.matrix.indptr.tolist()
    for row, (low, high) in enumerate(zip(row_lower, row_upper, strict=True)):
        linear = proto.constraints.add().linear
        linear.vars.extend(places[starts[row] : starts[row + 1]])
        linear.coeffs.extend(coefficients[starts[row] : starts[row + 1]])
        linear.domain.extend([low, high])
    sign = -1 if program.sense == "max" else 1  # CP-SAT itself only minimises
    costed = np.flatnonzero(program.cost)
    whole = np.round(program.cost[costed] * scale).astype(int) * sign
    proto.objective.vars.extend(costed.tolist())
    proto.objective.coeffs.extend(whole.tolist())
    proto.objective.scaling_factor = float(sign)
    if start is not None:
        proto.solution_hint.vars.extend(range(len(start)))
        proto.solution_hint.values.extend(np.round(start).astype(int).tolist())


def _whole_rows(program: LinearProgram) -> tuple[list[int], list[int], list[int]]:
    """Return whole coefficients and row limits, each row times its own power of ten."""
    height = len(program.row_lower)
    row = np.repeat(np.arange(height), np.diff(program.matrix.indptr))
    scale = _scales(program.matrix.data, row, height)
    coefficients = np.round(program.matrix.data * scale[row]).astype(int)
    lower = _limits(program.row_lower, scale, np.ceil)
    upper = _limits(program.row_upper, scale, np.floor)
    return coefficients.tolist(), lower.tolist(), upper.tolist()


def _limits(limit: FloatArray, scale: FloatArray, inward: np.ufunc) -> NDArray[np.int64]:
    """Return the limits of whole sums: rounded inward unless they are whole but for rounding."""
    scaled = limit * scale
    nearest = np.round(scaled)
    whole = np.where(nearest / scale == limit, nearest, inward(scaled))
    free = np.abs(whole) >= _LARGEST
    return np.where(free, np.sign(whole) * _FREE, np.where(free, 0.0, whole)).astype(np.int64)


def _scales(numbers: FloatArray, group: NDArray[np.intp], groups: int) -> FloatArray:
    """Return per group the least power of ten that makes all its numbers whole exactly.

    Exactly means that the number is the float nearest to the decimal fraction.
    """
    scales = np.zeros(groups)
    for scale in _SCALES[::-1]:
        nearest = np.round(numbers * scale)
        odd = (nearest / scale != numbers) | (np.abs(nearest) > _LARGEST)
        whole = np.bincount(group[odd], minlength=groups) == 0
        scales[whole] = scale
    if not scales.all():
        raise BackendError("CP-SAT needs whole numbers, or decimal fractions of 6 places")
    return scales
