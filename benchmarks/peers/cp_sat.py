"""The textbook programs in whole numbers, solved by OR-Tools' CP-SAT.

It takes integers only, so all columns are whole, and numbers that are not are refused: scaled and
rounded they would be another question. Rows go into its message one by one, for it has no arrays.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from benchmarks.peers import Found, RefusedError, versions
from benchmarks.programs import Program, program_of
from benchmarks.task import FloatArray, Task

label = "CP-SAT"
version = versions("ortools")

_FREE = 2**62  # stands for "no limit" in a row


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of the compact program; one worker, to proof or the limit."""
    program = program_of(task, folder)
    model = _model(program)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.relative_gap_limit = 0.0
    solver.parameters.max_time_in_seconds = max(0.0, seconds_left())
    start = time.monotonic()
    status = solver.solve(model)
    solve_s = time.monotonic() - start
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return Found(
        sites=program.opened(np.array(solver.response_proto.solution, dtype=np.float64)),
        proven=status == cp_model.OPTIMAL,
        solve_s=solve_s,
    )


def _model(program: Program) -> cp_model.CpModel:
    model = cp_model.CpModel()
    message = model.proto
    for high in _integers(program.upper, "upper limits").tolist():
        message.variables.add().domain.extend([0, high])
    places, starts = program.matrix.indices.tolist(), program.matrix.indptr.tolist()
    factors = _integers(program.matrix.data, "coefficients").tolist()
    limits = zip(_limits(program.row_lower), _limits(program.row_upper), strict=True)
    for row, (low, high) in enumerate(limits):
        linear = message.constraints.add().linear
        linear.vars.extend(places[starts[row] : starts[row + 1]])
        linear.coeffs.extend(factors[starts[row] : starts[row + 1]])
        linear.domain.extend([low, high])
    sign = -1 if program.maximise else 1  # it only minimises
    costed = np.flatnonzero(program.cost)
    message.objective.vars.extend(costed.tolist())
    message.objective.coeffs.extend((sign * _integers(program.cost[costed], "costs")).tolist())
    message.objective.scaling_factor = float(sign)
    return model


def _integers(numbers: FloatArray, what: str) -> NDArray[np.int64]:
    """Return the same numbers as integers.

    Raises
    ------
    RefusedError
        Some are none.
    """
    whole = np.rint(numbers).astype(np.int64)
    if (whole != numbers).any():
        raise RefusedError(f"{what} that are not whole")
    return whole


def _limits(limit: FloatArray) -> list[int]:
    free = np.isinf(limit)
    whole = _integers(np.where(free, 0.0, limit), "limits")
    limits: list[int] = np.where(free, np.sign(limit) * _FREE, whole).astype(np.int64).tolist()
    return limits
