"""Muster itself, through the engine's entry for facilities."""

from collections.abc import Callable
from pathlib import Path

from api import __version__
from benchmarks.peers import Found, versions
from benchmarks.task import Task, request_of, store_of
from models.run import RunLimits, Status
from optimizer.algorithms import covers, medians
from optimizer.control import RunControl
from optimizer.facilities.solve import solve as answer_of

label = "Muster"
version = f"Muster {__version__}, {versions('highspy')}"

# Compiled searches are loaded with the program, as are the compiled libraries of other peers.
for _searches in (covers, medians):
    _searches.prepare(RunControl(RunLimits()))


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the opened sites of the engine's plan; reasons are not asked for."""
    del task
    request = request_of(folder)
    control = RunControl(RunLimits(time_limit_s=max(0.001, seconds_left()), threads=1))
    answer = answer_of(request, control, store=store_of(folder), reasons=False)
    if answer.plan is None:
        return None
    place = {site.id: index for index, site in enumerate(request.sites)}
    return Found(
        sites=tuple(place[one.site_id] for one in answer.plan.facilities),
        proven=answer.run.status is Status.OPTIMAL,
        solve_s=sum(level.wall_s for level in answer.run.levels),
    )
