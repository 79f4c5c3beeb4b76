"""Requests about fires on a hill, and plans with one call changed."""

from typing import Any

from models.dispatch import DispatchRequest, Incident, Team, TeamNeed, TravelMode
from models.dispatch.phase import (
    Call,
    PhaseAnswer,
    PhasePlan,
    PhaseRequest,
    Work,
)
from models.dispatch.walking import Night, Pace, Walk
from models.run import RunLimits
from models.travel import ByCoordinates, ConstantSpeed, LawScenario
from optimizer.control import RunControl
from optimizer.dispatch.phase.solve import solve
from optimizer.dispatch.phase.verify import verify
from optimizer.dispatch.phase.ways import hike_s

HOUR = 3600.0
DARK = Night(falls="22:00", ends="06:00", clock_zero="12:00")  # ten hours from 0 of the clock
UP_S = hike_s(1000.0, 200.0, Pace(), off_path=True)
DOWN_S = hike_s(1000.0, -200.0, Pace(), off_path=True)
HILL = Walk(length_m=1000.0, climb_m=200.0)


def by_speed(m_s: float) -> ByCoordinates:
    law = ConstantSpeed(speed_m_s=m_s)
    return ByCoordinates(detour_factor=1.0, scenarios=(LawScenario(law=law),))


ROAD = TravelMode(id="road", travel=by_speed(10.0))
AIR = TravelMode(id="air", travel=by_speed(50.0), to_the_spot=True)


def fire(name: str, x_m: float, **more: Any) -> Incident:
    more = {"needs": (TeamNeed(skill="line"),), "severity": 1, "on_scene_s": HOUR} | more
    return Incident(id=name, x_m=x_m, y_m=0.0, **more)


def crew(name: str, **more: Any) -> Team:
    more = {"x_m": 0.0, "skills": {"line": 9}, "people": 9, "turnout_s": 0.0} | more
    return Team(id=name, y_m=0.0, **more)


def asked(fires: list[Incident], teams: list[Team], **more: Any) -> PhaseRequest:
    situation = DispatchRequest(
        incidents=tuple(fires), teams=tuple(teams), modes=(ROAD, AIR), now_s=more.pop("now_s", 0.0)
    )
    more.setdefault("works", tuple(Work(incident_id=one.id, walk=HILL) for one in fires))
    return PhaseRequest(situation=situation, **more)


def solved(request: PhaseRequest) -> PhaseAnswer:
    answer = solve(request, RunControl(RunLimits(time_limit_s=120, node_limit=40)))
    assert answer.verification is not None
    assert answer.verification.passed
    return answer


def calls(request: PhaseRequest) -> tuple[Call, ...]:
    plan = solved(request).plan
    assert plan is not None
    return plan.rounds[0].calls


def failed(request: PhaseRequest, plan: PhasePlan) -> set[str]:
    return {one.rule for one in verify(request, plan).failed}


def with_call(plan: PhasePlan, index: int, **changes: Any) -> PhasePlan:
    """Return the plan with one call of its first round changed."""
    first = plan.rounds[0]
    made = list(first.calls)
    made[index] = made[index].model_copy(update=changes)
    return plan.model_copy(
        update={"rounds": (first.model_copy(update={"calls": tuple(made)}), *plan.rounds[1:])}
    )
