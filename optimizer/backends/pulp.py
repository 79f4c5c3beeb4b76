"""CBC through PuLP: an independent second opinion, and the door to licensed solvers.

``solver`` names any solver PuLP knows ("GUROBI_CMD", "CPLEX_CMD", "HiGHS", ...). PuLP reports
no bound and no improvements for any of them. CBC alone can be cancelled, started from a
solution and limited in nodes; ending it always ends its process. CBC is deterministic with
one thread only, and PuLP's files keep 12 digits. The duals CBC writes are not taken: after
its presolve they may contradict its own values.
"""

import inspect
import tempfile
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pulp

from models.run import Status, StopReason
from optimizer.backends import Capabilities, Outcome
from optimizer.backends.cbc_process import Cbc, status_of
from optimizer.backends.checking import PROOFS, checked, refuse, repeatable, settled
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram

CBC = "COIN_CMD"
CAPABILITIES = Capabilities(
    continuous=True,
    bound=False,
    cancel=True,
    incumbents=False,
    start=True,
    node_limit=True,
    duals=False,
    deterministic=True,
    deterministic_parallel=False,
)
OTHER_CAPABILITIES = replace(
    CAPABILITIES, cancel=False, start=False, node_limit=False, deterministic=False
)


@repeatable
def solve(
    program: LinearProgram,
    control: RunControl,
    *,
    start: FloatArray | None = None,
    absolute_gap: float = 0.0,
    solver: str = CBC,
) -> Outcome:
    """Solve ``program`` until bound and objective are within ``absolute_gap``."""
    name = f"pulp {pulp.__version__} {'cbc' if solver == CBC else solver}"
    capabilities = CAPABILITIES if solver == CBC else OTHER_CAPABILITIES
    refuse(name, capabilities, program, control, start)
    done = settled(program, name)
    if done is not None:
        return done
    problem, columns = build(program)
    if start is not None:
        for column, value in zip(columns, start.tolist(), strict=True):
            column.setInitialValue(value, check=False)
    if solver == CBC:
        outcome = Cbc(problem, control, absolute_gap, warm=start is not None).outcome(name)
    else:
        outcome = _other(problem, control, absolute_gap, solver=solver, name=name)
    control.raise_failure()
    if outcome.status in {Status.OPTIMAL, Status.FEASIBLE}:
        values = np.array([column.value() or 0.0 for column in columns])
        outcome = replace(outcome, values=values)
    return checked(program, outcome, start=start, absolute_gap=absolute_gap)


def build(program: LinearProgram) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Return the program as PuLP's own, and its columns.

    Expressions are made whole from pairs; adding them term by term takes quadratic time.
    """
    senses = {"min": pulp.LpMinimize, "max": pulp.LpMaximize}
    kinds = {False: pulp.LpContinuous, True: pulp.LpInteger}
    problem = pulp.LpProblem("program", senses[program.sense])
    columns = [
        problem.add_variable(f"x{place}", _limit(low), _limit(high), cat=kinds[integer])
        for place, (low, high, integer) in enumerate(
            zip(
                program.lower.tolist(),
                program.upper.tolist(),
                program.integer.tolist(),
                strict=True,
            )
        )
    ]
    cost = pulp.LpAffineExpression(zip(columns, program.cost.tolist(), strict=True))
    cost.constant = program.offset
    problem.setObjective(cost)
    for constraint in _constraints(program, columns):
        problem.addConstraint(constraint)
    return problem, columns


def _limit(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _constraints(
    program: LinearProgram, columns: list[pulp.LpVariable]
) -> Iterator[pulp.LpConstraint]:
    """Yield each row as one equation, or as one inequality per finite limit."""
    places, factors = program.matrix.indices.tolist(), program.matrix.data.tolist()
    starts = program.matrix.indptr.tolist()
    limits = zip(program.row_lower.tolist(), program.row_upper.tolist(), strict=True)
    for row, (low, high) in enumerate(limits):
        at = range(starts[row], starts[row + 1])
        if not at:
            continue  # it holds, or the program would have been settled
        terms = {columns[places[k]]: factors[k] for k in at}
        if low == high:
            yield _constraint(terms, pulp.LpConstraintEQ, f"r{row}", low)
            continue
        if np.isfinite(low):
            yield _constraint(terms, pulp.LpConstraintGE, f"r{row}_low", low)
        if np.isfinite(high):
            yield _constraint(terms, pulp.LpConstraintLE, f"r{row}_high", high)


def _constraint(
    terms: dict[pulp.LpVariable, float], sense: int, name: str, limit: float
) -> pulp.LpConstraint:
    return pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, name, limit)


def _other(
    problem: pulp.LpProblem,
    control: RunControl,
    absolute_gap: float,
    *,
    solver: str,
    name: str,
) -> Outcome:
    """Solve with another of PuLP's solvers, in the way PuLP runs it."""
    with tempfile.TemporaryDirectory(prefix="muster-pulp-") as folder:
        runner = _runner(solver, control, absolute_gap, mixed=problem.isMIP())
        runner.tmpDir = folder
        try:
            problem.solve(runner)
        except pulp.PulpSolverError as failure:
            raise BackendError(f"PuLP's {solver} failed: {failure}") from failure
    status = status_of(problem)
    stop = StopReason.PROOF if status in PROOFS else control.stop or StopReason.TIME
    return Outcome(status, stop, None, None, name)


def _runner(solver: str, control: RunControl, absolute_gap: float, *, mixed: bool) -> pulp.LpSolver:
    if solver not in pulp.listSolvers():
        raise BackendError(f"PuLP knows no solver {solver!r}")
    if solver not in pulp.listSolvers(onlyAvailable=True):
        raise BackendError(f"PuLP's {solver} is not installed or not licensed here")
    takes = inspect.signature(type(pulp.getSolver(solver, msg=False)).__init__).parameters
    if mixed and "gapRel" not in takes:
        raise BackendError(f"PuLP cannot set the gap of {solver}: its optimum proves nothing")
    wishes: dict[str, object] = {
        "msg": False,
        "timeLimit": control.remaining_s,
        "threads": control.limits.threads,
        "gapRel": 0.0,
        "gapAbs": absolute_gap,
    }
    return pulp.getSolver(solver, **{key: wishes[key] for key in wishes if key in takes})
