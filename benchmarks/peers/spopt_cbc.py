"""spopt, the spatial optimisation library of PySAL, with CBC."""

import time
from collections.abc import Callable
from pathlib import Path

import pulp
from spopt.locate import MCLP, PMedian

from benchmarks.peers import Found, versions
from benchmarks.peers.plain_pulp import found
from benchmarks.task import Task, weights_and_distances

label = "spopt + CBC"
version = versions("spopt", "PuLP", "cbcbox")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of spopt's model."""
    model = modelled(task, folder)
    solver = pulp.COIN_CMD(msg=False, threads=1, gapRel=0.0, timeLimit=max(1.0, seconds_left()))
    return solved(model, solver)


def modelled(task: Task, folder: Path) -> MCLP | PMedian:
    """Return the task as spopt models it, from a matrix of distances."""
    weight, distance_m = weights_and_distances(folder)
    if task.kind == "cover":
        return MCLP.from_cost_matrix(
            distance_m, weight, service_radius=task.radius_m, p_facilities=task.station_count
        )
    return PMedian.from_cost_matrix(distance_m, weight, p_facilities=task.station_count)


def solved(model: MCLP | PMedian, solver: pulp.LpSolver) -> Found | None:
    """Solve spopt's program as its own `solve` does, which would raise where time ran out."""
    start = time.monotonic()
    model.problem.solve(solver)
    return found(model.problem, list(model.fac_vars), time.monotonic() - start)
