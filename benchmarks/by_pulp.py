"""What the peers that stand on PuLP share: solvers with equal settings, and reading back."""

import time

import cbcbox
import pulp

from benchmarks.peers import Found

_LEAST_S = 1.0


def cbc(seconds: float) -> pulp.LpSolver:
    """Return CBC with one thread, to proof or the limit."""
    program = cbcbox.cbc_bin_path()
    limit_s = max(_LEAST_S, seconds)
    return pulp.COIN_CMD(path=program, msg=False, threads=1, gapRel=0.0, timeLimit=limit_s)


def highs(seconds: float) -> pulp.LpSolver:
    """Return HiGHS with one thread, to proof or the limit."""
    return pulp.HiGHS(msg=False, threads=1, gapRel=0.0, timeLimit=max(_LEAST_S, seconds))


def solved(
    problem: pulp.LpProblem, opened: list[pulp.LpVariable], solver: pulp.LpSolver
) -> Found | None:
    """Solve ``problem`` and return its open sites, None where the solver holds no solution."""
    start = time.monotonic()
    problem.solve(solver)
    solve_s = time.monotonic() - start
    if problem.sol_status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        return None
    return Found(
        sites=tuple(j for j, column in enumerate(opened) if (column.value() or 0.0) > 0.5),
        proven=problem.sol_status == pulp.LpSolutionOptimal,
        solve_s=solve_s,
    )
