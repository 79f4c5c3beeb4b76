"""The textbook programs passed to HiGHS as arrays: a second, independent opinion.

It shares with the engine the solver library and nothing else.
"""

import time
from collections.abc import Callable
from pathlib import Path

import highspy
import numpy as np

from benchmarks.peers import Found, versions
from benchmarks.programs import Program, program_of
from benchmarks.task import Task

label = "highspy"
version = versions("highspy")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of the compact program."""
    return solved(program_of(task, folder), seconds_left)


def solved(program: Program, seconds_left: Callable[[], float]) -> Found | None:
    """Solve ``program`` with one thread, to proof or the limit."""
    highs = highspy.Highs()
    highs.silent()
    rows, columns = program.matrix.shape
    highs.passModel(
        columns,
        rows,
        program.matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize if program.maximise else highspy.ObjSense.kMinimize),
        0.0,
        program.cost,
        np.zeros(columns),
        program.upper,
        program.row_lower,
        program.row_upper,
        program.matrix.indptr.astype(np.int32),
        program.matrix.indices.astype(np.int32),
        program.matrix.data,
        program.whole.astype(np.int32),
    )
    limit_s = max(0.0, seconds_left())
    for option, value in {"threads": 1, "mip_rel_gap": 0.0, "time_limit": limit_s}.items():
        highs.setOptionValue(option, value)
    start = time.monotonic()
    highs.run()
    solve_s = time.monotonic() - start
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return Found(
        sites=program.opened(np.array(highs.getSolution().col_value)),
        proven=highs.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        solve_s=solve_s,
    )
