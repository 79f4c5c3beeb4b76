"""spopt, the spatial optimisation library of PySAL, with CBC."""

from collections.abc import Callable
from pathlib import Path

from spopt.locate import LSCP, MCLP, PCenter, PMedian

from benchmarks.by_pulp import cbc, solved
from benchmarks.peers import Found, versions
from benchmarks.task import Task, weights_and_distances

label = "spopt + CBC"
version = versions("spopt", "PuLP", "cbcbox")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of spopt's model.

    Its program is solved as its own `solve` does, which would raise where time ran out.
    """
    model = modelled(task, folder)
    return solved(model.problem, list(model.fac_vars), cbc(seconds_left()))


def modelled(task: Task, folder: Path) -> MCLP | LSCP | PMedian | PCenter:
    """Return the task as spopt models it, from a matrix of distances."""
    weight, distance_m = weights_and_distances(folder)
    match task.kind:
        case "cover":
            return MCLP.from_cost_matrix(
                distance_m, weight, service_radius=task.reach_m, p_facilities=task.sites_wanted
            )
        case "set-cover":
            return LSCP.from_cost_matrix(distance_m, service_radius=task.reach_m)
        case "p-median":
            return PMedian.from_cost_matrix(distance_m, weight, p_facilities=task.sites_wanted)
        case "p-center":
            return PCenter.from_cost_matrix(distance_m, p_facilities=task.sites_wanted)
