"""spopt, the spatial optimisation library of PySAL, with HiGHS."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.by_pulp import highs, solved
from benchmarks.peers import Found, versions
from benchmarks.peers.spopt_cbc import modelled
from benchmarks.task import Task

label = "spopt + HiGHS"
version = versions("spopt", "PuLP", "highspy")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of spopt's model."""
    model = modelled(task, folder)
    return solved(model.problem, list(model.fac_vars), highs(seconds_left()))
