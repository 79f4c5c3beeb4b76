"""A pre-positioning request as arrays: who reaches which slot of a scenario from which place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dispatch import AmountNeed, DispatchRequest, TeamStatus
from models.dispatch.positioning import PositioningRequest, WarningScenario
from models.faults import Fault
from models.places import Place
from models.roads import TravelReport
from models.text import Text
from models.travel import ByMatrix
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.dispatch.checks import check as check_situation
from optimizer.dispatch.checks import each_once, located
from optimizer.dispatch.crews import Crews, forbidden, released, tier_open
from optimizer.dispatch.groups import Groups
from optimizer.dispatch.needs import Asked, asked
from optimizer.errors import InputError
from optimizer.travel.modes import mode_report, mode_times

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Case:
    """One scenario: its incidents as groups of slots, and who reaches them from where."""

    scenario: WarningScenario
    wanted: list[Asked]
    groups: Groups
    able: BoolArray  # (group, team), among the ready
    brings: FloatArray  # (group, team), to an amount; 0 for slots
    reach: BoolArray  # (group, team, place); place 0 is where the team is

    @property
    def severity(self) -> FloatArray:
        """The severity of each incident."""
        return np.array([one.severity for one in self.wanted], dtype=np.float64)


@dataclass(frozen=True)
class Instance:
    """Ready teams, the places they may wait at, and the scenarios."""

    request: PositioningRequest
    ready: IntArray  # positions in the situation's teams
    way_s: FloatArray  # (team, post)
    cases: tuple[Case, ...]
    travel: TravelReport | None  # what the times rest on

    @classmethod
    def from_request(cls, request: PositioningRequest, store: Store | None = None) -> "Instance":
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
        ready = np.array(
            [t for t, one in enumerate(teams) if one.status is TeamStatus.READY], dtype=np.intp
        )
        mine = [teams[t] for t in ready.tolist()]
        mode = Crews.of(situation).mode[ready]
        travels = [one.travel for one in situation.modes]
        return cls(
            request=request,
            ready=ready,
            way_s=mode_times(travels, mode, request.posts, mine, store).T,
            travel=mode_report(travels, mode, _ends(request), mine, store),
            cases=tuple(_case(request, one, ready, store) for one in request.scenarios),
        )


def _ends(request: PositioningRequest) -> list[Place]:
    """Return where ways end: posts and incidents, one that several scenarios name once."""
    incidents = {one.id: one for case in request.scenarios for one in case.incidents}
    return [*request.posts, *incidents.values()]


def supposed(request: PositioningRequest, scenario: WarningScenario) -> DispatchRequest:
    """Return the situation in which a scenario has just come true."""
    situation = request.situation
    now = {"reported_s": situation.now_s}
    incidents = tuple(one.model_copy(update=now) for one in scenario.incidents)
    return situation.model_copy(update={"incidents": incidents, "orders": ()})


def _case(
    request: PositioningRequest, scenario: WarningScenario, ready: IntArray, store: Store | None
) -> Case:
    situation = supposed(request, scenario)
    wanted = asked(situation)
    groups, crews = Groups.of(situation, wanted), Crews.of(situation)
    may = tier_open(situation, wanted) & released(situation)[None]
    may[forbidden(situation)] = False
    able = crews.able(groups)[:, ready] & may[groups.incident][:, ready]
    travels = [one.travel for one in situation.modes]
    mine = [situation.teams[t] for t in ready.tolist()]
    mode = crews.mode[ready]
    ways = [mode_times(travels, mode, situation.incidents, mine, store)]
    one_way = np.zeros(len(request.posts), dtype=np.intp)
    from_posts = [
        mode_times([one], one_way, situation.incidents, request.posts, store) for one in travels
    ]
    ways += [
        np.array([from_posts[mode[t]][:, post] for t in range(len(mine))]).reshape(len(mine), -1).T
        for post in range(len(request.posts))
    ]
    arrive = np.array(ways).transpose(1, 2, 0) + crews.leave_s[ready][None, :, None]
    in_time = arrive[groups.incident] <= groups.deadline_s[:, None, None] + 1e-9
    reach = able[:, :, None] & in_time & np.isfinite(arrive[groups.incident])
    return Case(scenario, wanted, groups, able, _brings(groups, crews, ready), reach)


def _brings(groups: Groups, crews: Crews, ready: IntArray) -> FloatArray:
    """Return what each ready team brings to the amount of each group (group, team)."""
    brings = np.zeros((len(groups), len(ready)))
    for group, need in enumerate(groups.needs):
        if isinstance(need, AmountNeed) and need.of in crews.amounts:
            brings[group] = crews.amounts[need.of][ready]
    return brings


def _faults(request: PositioningRequest) -> Iterator[Fault]:
    situation = request.situation.model_copy(update={"incidents": (), "orders": ()})
    for one in check_situation(situation, []):
        yield one.model_copy(update={"path": f"situation.{one.path}"})
    for k, mode in enumerate(situation.modes):
        if isinstance(mode.travel, ByMatrix):
            yield _fault(f"situation.modes[{k}].travel", "fault.phase.matrix", mode.id)
    planar = all(one.lat is None for one in situation.teams)
    yield from each_once("posts", (one.id for one in request.posts), "id")
    yield from each_once("scenarios", (one.id for one in request.scenarios), "id")
    yield from located("posts", enumerate(request.posts), planar=planar)
    total = sum(one.probability for one in request.scenarios)
    if total > 1.0 + 1e-9:
        yield _fault("scenarios", "fault.positioning.probability", str(round(total, 9)))
    for s, scenario in enumerate(request.scenarios):
        yield from _scenario_faults(request, scenario, f"scenarios[{s}]")


def _scenario_faults(
    request: PositioningRequest, scenario: WarningScenario, path: str
) -> Iterator[Fault]:
    """Yield what is wrong with the incidents of a scenario."""
    then = supposed(request, scenario)
    wanted = asked(then)
    # Pins name incidents of the moment, which a scenario does not have.
    policy = then.policy.model_copy(update={"pinned": ()})
    for one in check_situation(then.model_copy(update={"policy": policy}), wanted):
        if one.path.startswith("incidents"):
            yield one.model_copy(update={"path": f"{path}.{one.path}"})


def _fault(path: str, code: str, value: str | None = None) -> Fault:
    return Fault(path=path, value=value, need=Text(code=code))
