"""spopt, the spatial optimisation library of PySAL, with HiGHS."""

from collections.abc import Callable
from pathlib import Path

import pulp

from benchmarks.peers import Found, versions
from benchmarks.peers.spopt_cbc import modelled, solved
from benchmarks.task import Task

label = "spopt + HiGHS"
version = versions("spopt", "PuLP", "highspy")


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the open sites of spopt's model."""
    model = modelled(task, folder)
    solver = pulp.HiGHS(msg=False, threads=1, gapRel=0.0, timeLimit=max(1.0, seconds_left()))
    return solved(model, solver)
