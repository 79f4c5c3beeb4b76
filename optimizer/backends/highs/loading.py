"""Hand a program to HiGHS as arrays, and read its endings."""

import highspy
import numpy as np

from models.run import RunLimits, Status
from optimizer.backends import Duals
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram

STATUSES = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kTimeLimit: Status.UNKNOWN,
    highspy.HighsModelStatus.kInterrupt: Status.UNKNOWN,
    highspy.HighsModelStatus.kObjectiveBound: Status.UNKNOWN,  # where a cutoff was given
    highspy.HighsModelStatus.kSolutionLimit: Status.UNKNOWN,  # also what a node limit gives
}
NAME = ".".join(
    (
        f"highs {highspy.HIGHS_VERSION_MAJOR}",
        f"{highspy.HIGHS_VERSION_MINOR}",
        f"{highspy.HIGHS_VERSION_PATCH}",
    )
)
_LARGEST = 2**31 - 1


class _SilentHighs(highspy.Highs):
    """HiGHS without its banner, which it prints to standard output while constructed."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name for it
        """Silence it first: registering callbacks is what prints."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def load(program: LinearProgram, limits: RunLimits) -> highspy.Highs:
    """Return a silent HiGHS that holds ``program``, with the limits that hold for every run."""
    # The thread pool is global to the process; start it afresh for this run's `threads`.
    highspy.Highs.resetGlobalScheduler(True)
    highs = _SilentHighs()  # type: ignore[no-untyped-call]
    for option, value in {
        "threads": limits.threads,
        "random_seed": limits.seed,
        "mip_rel_gap": 0.0,
        "mip_feasibility_tolerance": 1e-7,
        "mip_max_nodes": _LARGEST if limits.node_limit is None else limits.node_limit,
    }.items():
        must(highs.setOptionValue(option, value), f"option {option}")
    senses = {"min": highspy.ObjSense.kMinimize, "max": highspy.ObjSense.kMaximize}
    rows, columns = program.matrix.shape
    status = highs.passModel(
        columns,
        rows,
        program.matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(senses[program.sense]),
        program.offset,
        program.cost,
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        program.matrix.indptr.astype(np.int32),
        program.matrix.indices.astype(np.int32),
        program.matrix.data,
        program.integer.astype(np.int32),
    )
    must(status, "the program")
    return highs


def must(status: highspy.HighsStatus, what: str) -> None:
    """Raise where HiGHS refused ``what``; its warnings are about numbers it may round."""
    if status == highspy.HighsStatus.kError:
        raise BackendError(f"HiGHS refused {what}")


def ending(highs: highspy.Highs) -> Status:
    """Return what the last run proved; raise for every ending that is not in the table."""
    native = highs.getModelStatus()
    if native == highspy.HighsModelStatus.kUnbounded:
        raise BackendError("the program is unbounded: nothing limits its objective")
    if native not in STATUSES:
        raise BackendError(f"HiGHS ended with {native.name}")
    return STATUSES[native]


def run(highs: highspy.Highs, seconds: float) -> Status:
    """Run within ``seconds`` and return what was proved.

    Presolve may not tell infeasible from unbounded; the run is then repeated without it. The
    clock of a HiGHS object runs on from run to run.
    """
    must(highs.setOptionValue("time_limit", highs.getRunTime() + seconds), "the time limit")
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        must(highs.setOptionValue("presolve", "off"), "option presolve")
        must(highs.clearSolver(), "to forget its basis")
        highs.run()
        must(highs.setOptionValue("presolve", "choose"), "option presolve")
    return ending(highs)


def primal(highs: highspy.Highs) -> FloatArray | None:
    """Return the last run's values, or None if it has no feasible ones."""
    return np.array(highs.getSolution().col_value, dtype=np.float64) if has_values(highs) else None


def has_values(highs: highspy.Highs) -> bool:
    """Return whether the last run left feasible values."""
    feasible: bool = highs.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
    return feasible


def duals(highs: highspy.Highs) -> Duals:
    """Return the dual solution of the last run, an optimal LP's."""
    solution = highs.getSolution()
    return Duals(
        row=np.array(solution.row_dual, dtype=np.float64),
        reduced_cost=np.array(solution.col_dual, dtype=np.float64),
    )
