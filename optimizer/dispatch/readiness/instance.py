"""A readiness request as arrays: who reaches which zone from where it is, or from a post."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dispatch import TeamStatus
from models.dispatch.readiness import ReadinessRequest
from models.faults import Fault
from models.roads import TravelReport
from models.text import Text
from models.travel import ByMatrix
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.dispatch.checks import check as check_situation
from optimizer.dispatch.checks import each_once, located
from optimizer.dispatch.needs import asked
from optimizer.errors import InputError
from optimizer.travel.modes import mode_report, mode_times

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Instance:
    """Ready teams ``t``, posts ``p`` and zones ``z``."""

    request: ReadinessRequest
    ready: tuple[int, ...]  # positions in the request's teams
    demand: FloatArray  # (zone,) sums to 1
    here: BoolArray  # (team, zone) reached from where the team is
    there: BoolArray  # (team, post, zone) reached from a post
    way_s: FloatArray  # (team, post)
    busy: float
    travel: TravelReport | None  # what the times rest on

    @classmethod
    def from_request(cls, request: ReadinessRequest, store: Store | None = None) -> "Instance":
        """Return the request as arrays.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        faults = tuple(_faults(request))
        if faults:
            raise InputError(faults)
        situation = request.situation
        teams = situation.teams
        ready = tuple(t for t, one in enumerate(teams) if one.status is TeamStatus.READY)
        mine = [teams[t] for t in ready]
        at = {one.id: k for k, one in enumerate(situation.modes)}
        mode = np.array([at[one.mode] for one in mine], dtype=np.intp)
        travels = [one.travel for one in situation.modes]
        left_s = request.standard_s - np.array([one.turnout_s for one in mine])
        one_way = np.zeros(len(request.posts), dtype=np.intp)
        zones, posts = request.zones, request.posts
        from_posts = [mode_times([one], one_way, zones, posts, store) for one in travels]
        there = np.zeros((len(mine), len(request.posts), len(request.zones)), dtype=np.bool_)
        for t in range(len(mine)):
            there[t] = (from_posts[mode[t]] <= left_s[t]).T
        demand = np.array([one.demand for one in request.zones])
        known = sum(one.status is not TeamStatus.LOST for one in teams)
        return cls(
            request=request,
            ready=ready,
            demand=demand / demand.sum(),
            here=(mode_times(travels, mode, request.zones, mine, store) <= left_s).T,
            there=there,
            way_s=mode_times(travels, mode, request.posts, mine, store).T,
            busy=1.0 - len(ready) / max(1, known),
            travel=mode_report(travels, mode, (*zones, *posts), mine, store),
        )

    @property
    def gated(self) -> bool:
        """Whether too many teams are busy for anyone to move."""
        return self.busy > self.request.move_up_below


def _faults(request: ReadinessRequest) -> Iterator[Fault]:
    situation = request.situation
    for one in check_situation(situation, asked(situation)):
        yield one.model_copy(update={"path": f"situation.{one.path}"})
    for k, mode in enumerate(situation.modes):
        if isinstance(mode.travel, ByMatrix):
            yield _fault(f"situation.modes[{k}].travel", "fault.phase.matrix", mode.id)
    if not any(one.demand > 0 for one in request.zones):
        yield _fault("zones", "fault.readiness.no_demand")
    planar = all(one.lat is None for one in situation.teams)
    for path, places in (("zones", request.zones), ("posts", request.posts)):
        yield from located(path, enumerate(places), planar=planar)
        yield from each_once(path, (one.id for one in places), "id")


def _fault(path: str, code: str, value: str | None = None, **values: str) -> Fault:
    return Fault(path=path, value=value, need=Text(code=code, values={**values}))
