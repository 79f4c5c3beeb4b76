"""OR-Tools' MathOpt: GLOP or PDLP for linear programs, SCIP for mixed-integer ones.

SCIP here reports no improvements: its solution events through MathOpt arrive for every point
it meets, hundreds without improvement, each as a dict of all columns. Its C library prints
two harmless lines about events to standard error. It runs on one thread; PDLP uses all it is
granted. HiGHS through MathOpt ignores interrupts, so it goes through highspy instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from threading import Event, Thread
from typing import Literal

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.pdlp import solvers_pb2
from ortools.util.python.solve_interrupter import SolveInterrupter
from scipy.sparse import csr_array

from models.run import Status, StopReason
from optimizer.backends import Capabilities, Duals, Outcome
from optimizer.backends.checking import PROOFS, checked, refuse, repeatable, settled
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram

CAPABILITIES = Capabilities(
    continuous=True,
    bound=True,
    cancel=True,
    incumbents=False,
    start=True,
    node_limit=True,
    duals=True,
    deterministic=True,
    deterministic_parallel=True,
)
LpSolver = Literal["glop", "pdlp"]
_LP_SOLVERS = {"glop": mathopt.SolverType.GLOP, "pdlp": mathopt.SolverType.PDLP}
_STATUSES = {
    mathopt.TerminationReason.OPTIMAL: Status.OPTIMAL,
    mathopt.TerminationReason.FEASIBLE: Status.FEASIBLE,
    mathopt.TerminationReason.INFEASIBLE: Status.INFEASIBLE,
    mathopt.TerminationReason.NO_SOLUTION_FOUND: Status.UNKNOWN,
}
_STOPS = {
    mathopt.Limit.TIME: StopReason.TIME,
    mathopt.Limit.UNDETERMINED: StopReason.TIME,  # how GLOP says that its time is up
    mathopt.Limit.NODE: StopReason.WORK,
    mathopt.Limit.INTERRUPTED: StopReason.CANCELLED,
}
_PDLP_TOLERANCE = 1e-9
_POLL_S = 0.02


@repeatable
def solve(
    program: LinearProgram,
    control: RunControl,
    *,
    start: FloatArray | None = None,
    absolute_gap: float = 0.0,
    lp_solver: LpSolver = "glop",
) -> Outcome:
    """Solve ``program`` until bound and objective are within ``absolute_gap``."""
    mixed = bool(program.integer.any())
    solver = mathopt.SolverType.GSCIP if mixed else _LP_SOLVERS[lp_solver]
    name = f"mathopt {version('ortools')} {solver.name.lower()}"
    refuse("MathOpt", CAPABILITIES, program, control, start)
    done = settled(program, name)
    if done is not None:
        return done
    model = mathopt.Model.from_model_proto(_proto(_one_sided(program) if mixed else program))
    result = _run(model, solver, control, start if mixed else None, absolute_gap)
    status, stop = _ending(program, result, name)
    found = result.has_primal_feasible_solution()
    proved_lp = status is Status.OPTIMAL and not mixed
    outcome = Outcome(
        status=status,
        stop=stop,
        values=np.array(result.variable_values(model.variables())) if found else None,
        bound=result.dual_bound(),
        backend=name,
        node_count=result.solve_stats.node_count if mixed else None,
        duals=_duals(model, result) if proved_lp else None,
    )
    return checked(program, outcome, start=start, absolute_gap=absolute_gap)


def _one_sided(program: LinearProgram) -> LinearProgram:
    """Return the program with no row limited on both sides, but for equations.

    SCIP's presolve loses the upper limit of some (MathOpt 9.15): of x - 2y with
    0 <= 4y - 3x <= 4, x <= 2, y <= 3 it calls (1, 2) optimal.
    """
    both = np.isfinite(program.row_lower) & np.isfinite(program.row_upper)
    both &= program.row_lower < program.row_upper
    if not both.any():
        return program
    loose = replace(program, row_upper=np.where(both, np.inf, program.row_upper))
    again = csr_array(program.matrix[both])
    return loose.with_rows("upper_limits", again, -np.inf, program.row_upper[both])


def _run(
    model: mathopt.Model,
    solver: mathopt.SolverType,
    control: RunControl,
    start: FloatArray | None,
    absolute_gap: float,
) -> mathopt.SolveResult:
    mixed = solver is mathopt.SolverType.GSCIP
    pdlp = solver is mathopt.SolverType.PDLP
    hints = [] if start is None else [_hint(model, start)]
    try:
        with _interrupted_by(control) as interrupter:
            return mathopt.solve(
                model,
                solver,
                params=mathopt.SolveParameters(
                    time_limit=timedelta(seconds=control.remaining_s),
                    absolute_gap_tolerance=absolute_gap if mixed else None,
                    relative_gap_tolerance=0.0 if mixed else None,
                    node_limit=control.limits.node_limit if mixed else None,
                    threads=None if mixed else control.limits.threads,
                    # PDLP draws nothing by chance and refuses a seed.
                    random_seed=None if pdlp else control.limits.seed,
                    pdlp=_pdlp_parameters(),
                ),
                model_params=mathopt.ModelSolveParameters(solution_hints=hints),
                interrupter=interrupter,
            )
    except (RuntimeError, ValueError, AttributeError) as failure:
        # MathOpt 9.15 stumbles over its own error ("no attribute 'canonical_code'").
        raise BackendError(f"{solver.name} failed: {failure}") from failure


def _ending(
    program: LinearProgram, result: mathopt.SolveResult, name: str
) -> tuple[Status, StopReason]:
    reason, limit = result.termination.reason, result.termination.limit
    bounded = bool(np.isfinite([program.lower, program.upper]).all())
    if reason is mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED and bounded:
        reason = mathopt.TerminationReason.INFEASIBLE
    if reason not in _STATUSES:
        detail = result.termination.detail
        raise BackendError(f"{name} ended with {reason.name.lower()}: {detail}")
    status = _STATUSES[reason]
    if status in PROOFS:
        return status, StopReason.PROOF
    if limit not in _STOPS:
        raise BackendError(f"{name} ended at the limit {limit}")
    return status, _STOPS[limit]


@contextmanager
def _interrupted_by(control: RunControl) -> Iterator[SolveInterrupter]:
    """Interrupt the solve soon after the control is cancelled, from a thread of its own."""
    interrupter, done = SolveInterrupter(), Event()

    def watch() -> None:
        while not done.wait(_POLL_S):
            if control.stop is StopReason.CANCELLED:
                interrupter.interrupt()
                return

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield interrupter
    finally:
        done.set()
        thread.join()


def _hint(model: mathopt.Model, start: FloatArray) -> mathopt.SolutionHint:
    return mathopt.SolutionHint(
        variable_values=dict(zip(model.variables(), start.tolist(), strict=True))
    )


def _pdlp_parameters() -> solvers_pb2.PrimalDualHybridGradientParams:
    parameters = solvers_pb2.PrimalDualHybridGradientParams()
    optimality = parameters.termination_criteria.simple_optimality_criteria
    optimality.eps_optimal_absolute = _PDLP_TOLERANCE
    optimality.eps_optimal_relative = _PDLP_TOLERANCE
    return parameters


def _duals(model: mathopt.Model, result: mathopt.SolveResult) -> Duals | None:
    if not result.has_dual_feasible_solution():
        return None
    rows, columns = model.linear_constraints(), model.variables()
    return Duals(
        row=np.array(result.dual_values(rows)),
        reduced_cost=np.array(result.reduced_costs(columns)),
    )


def _proto(program: LinearProgram) -> model_pb2.ModelProto:
    rows, columns = program.matrix.shape
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend(program.lower.tolist())
    proto.variables.upper_bounds.extend(program.upper.tolist())
    proto.variables.integers.extend(program.integer.tolist())
    proto.objective.maximize = program.sense == "max"
    proto.objective.offset = program.offset
    costed = np.flatnonzero(program.cost)
    proto.objective.linear_coefficients.ids.extend(costed.tolist())
    proto.objective.linear_coefficients.values.extend(program.cost[costed].tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(program.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(program.row_upper.tolist())
    matrix = program.matrix.sorted_indices()
    row = np.repeat(np.arange(rows), np.diff(matrix.indptr))
    proto.linear_constraint_matrix.row_ids.extend(row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    proto.linear_constraint_matrix.coefficients.extend(matrix.data.tolist())
    return proto
