"""Muster itself, through the engine's one entry."""

from collections.abc import Callable
from pathlib import Path

from api import __version__
from benchmarks.peers import Found, versions
from benchmarks.task import Task, request_of, store_of
from models.run import RunLimits, Status
from optimizer import Extras
from optimizer import solve as answer_of
from optimizer.control import RunControl

label = "Muster"
version = f"Muster {__version__}, {versions('highspy')}"


def solve(task: Task, folder: Path, seconds_left: Callable[[], float]) -> Found | None:
    """Return the opened sites of the engine's plan; reasons are not asked for."""
    del task
    request = request_of(folder)
    control = RunControl(RunLimits(time_limit_s=max(0.001, seconds_left()), threads=1))
    answer = answer_of(request, control, store=store_of(folder), extras=Extras(explain=False))
    if answer.plan is None:
        return None
    place = {site.id: index for index, site in enumerate(request.sites)}
    return Found(
        sites=tuple(place[station.site_id] for station in answer.plan.stations),
        proven=answer.run.status is Status.OPTIMAL,
        solve_s=sum(level.wall_s for level in answer.run.levels),
    )
