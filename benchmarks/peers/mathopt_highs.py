"""The textbook programs through OR-Tools' MathOpt, solved by HiGHS.

MathOpt's expressions build such a program several times slower than its own message filled
from arrays, so the message it is.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from benchmarks.peers import Found, versions
from benchmarks.programs import Program, program_of
from benchmarks.task import Task

label = "MathOpt + HiGHS"
version = versions("ortools")

_LEAST_S = 1.0
_FOUND = {mathopt.TerminationReason.OPTIMAL, mathopt.TerminationReason.FEASIBLE}


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of the compact program."""
    program = program_of(task, folder)
    model = mathopt.Model.from_model_proto(_message(program))
    # MathOpt refuses a number of threads for HiGHS; its own option takes it.
    own = highs_pb2.HighsOptionsProto(int_options={"threads": 1})
    start = time.monotonic()
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(_LEAST_S, seconds_left())),
            relative_gap_tolerance=0.0,
            highs=own,
        ),
    )
    solve_s = time.monotonic() - start
    reason = result.termination.reason
    if reason not in _FOUND or not result.has_primal_feasible_solution():
        return None
    return Found(
        sites=program.opened(np.array(result.variable_values(model.variables()))),
        proven=reason is mathopt.TerminationReason.OPTIMAL,
        solve_s=solve_s,
    )


def _message(program: Program) -> model_pb2.ModelProto:
    rows, columns = program.matrix.shape
    message = model_pb2.ModelProto()
    message.variables.ids.extend(range(columns))
    message.variables.lower_bounds.extend([0.0] * columns)
    message.variables.upper_bounds.extend(program.upper.tolist())
    message.variables.integers.extend(program.whole.tolist())
    message.objective.maximize = program.maximise
    costed = np.flatnonzero(program.cost)
    message.objective.linear_coefficients.ids.extend(costed.tolist())
    message.objective.linear_coefficients.values.extend(program.cost[costed].tolist())
    message.linear_constraints.ids.extend(range(rows))
    message.linear_constraints.lower_bounds.extend(program.row_lower.tolist())
    message.linear_constraints.upper_bounds.extend(program.row_upper.tolist())
    entries = program.matrix.tocoo()
    message.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    message.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    message.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return message
