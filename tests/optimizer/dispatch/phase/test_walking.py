"""Ways on foot, nights, and who may fill up where."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.dispatch import DispatchRequest, Incident, Team, TeamNeed, TravelMode
from models.dispatch.phase import (
    Call,
    Crew,
    Depot,
    PhaseAnswer,
    PhasePlan,
    PhaseRequest,
    Volume,
    Work,
)
from models.dispatch.walking import Night, Pace, Walk, WalkPoint
from models.run import RunLimits
from models.travel import ByCoordinates, ConstantSpeed, LawScenario
from optimizer.control import RunControl
from optimizer.dispatch.phase.solve import solve
from optimizer.dispatch.phase.verify import verify
from optimizer.dispatch.phase.verify.walking import touches, walk_s
from optimizer.dispatch.phase.ways import hike_s, stretches
from optimizer.errors import InputError

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


@pytest.mark.parametrize("rule", ["tobler", "naismith"])
@pytest.mark.parametrize("off_path", [True, False])
def test_engine_and_verifier_count_the_same_time_on_foot(rule: Any, *, off_path: bool) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        length, climb = float(rng.uniform(50, 3000)), float(rng.uniform(-1, 1))
        pace = Pace(
            rule=rule, speed_m_s=float(rng.uniform(0.5, 2)), laden_share=float(rng.uniform(0.2, 1))
        )
        walk = Walk(length_m=length, climb_m=climb * length, off_path=off_path)
        for down, sign in ((False, 1.0), (True, -1.0)):
            found = hike_s(length, sign * walk.climb_m, pace, off_path=off_path)
            theirs = walk_s(Work(incident_id="i", walk=walk), pace, down=down)
            assert theirs == pytest.approx(found)


def test_a_line_of_points_is_walked_stretch_by_stretch() -> None:
    heights = [(0.0, 50.0), (300.0, 150.0), (700.0, 130.0)]
    flat = [WalkPoint(x_m=x, y_m=0.0, height_m=h) for x, h in heights]
    assert stretches(Walk(line=tuple(flat))) == [(300.0, 100.0), (400.0, -20.0)]
    degree_m = 2 * np.pi * 6_371_008.8 / 360
    north = [WalkPoint(lat=x / degree_m, lon=114.0, height_m=h) for x, h in heights]
    line = Walk(line=tuple(north))
    assert stretches(line)[1][0] == pytest.approx(400.0)
    up = walk_s(Work(incident_id="i", walk=line), Pace(), down=False)
    assert up == pytest.approx(
        hike_s(300.0, 100.0, Pace(), off_path=True) + hike_s(400.0, -20.0, Pace(), off_path=True)
    )


def test_a_crew_walks_up_to_the_work_and_down_again_before_it_drives_on() -> None:
    first, second = calls(asked([fire("a", 1000.0), fire("b", 2000.0)], [crew("only")]))
    assert first.road_end_s == pytest.approx(100.0)
    assert first.arrive_s == first.start_s == pytest.approx(100.0 + UP_S)
    assert (first.walk_s, first.back_s) == pytest.approx((UP_S, DOWN_S))
    assert second.start_s == pytest.approx(first.finish_s + DOWN_S + 100.0 + UP_S)


def test_a_helicopter_is_set_down_at_the_work_and_needs_no_day() -> None:
    flies = crew("heli", mode="air")
    late = asked([fire("a", 1000.0)], [flies], now_s=11 * HOUR, no_foot_at_night=DARK)
    (call,) = calls(late)
    assert (call.road_end_s, call.walk_s, call.back_s, call.waits_for_day) == (
        None,
        0.0,
        0.0,
        False,
    )
    assert call.start_s == pytest.approx(11 * HOUR + 20.0)


def test_vehicles_drive_to_where_the_line_begins_and_helicopters_to_its_end() -> None:
    line = tuple(WalkPoint(x_m=x, y_m=0.0, height_m=9.0) for x in (5000.0, 6000.0))
    work = (Work(incident_id="a", walk=Walk(line=line)),)
    (by_road,) = calls(asked([fire("a", 6000.0)], [crew("c")], works=work))
    assert by_road.road_end_s == pytest.approx(500.0)
    (by_air,) = calls(asked([fire("a", 6000.0)], [crew("c", mode="air")], works=work))
    assert by_air.start_s == pytest.approx(120.0)


def test_who_carries_much_or_is_slow_walks_longer() -> None:
    slow = Pace(speed_m_s=0.7, laden_share=0.5)
    request = asked([fire("a", 0.0)], [crew("c")], crews=(Crew(team_id="c", pace=slow),))
    (call,) = calls(request)
    assert call.walk_s == pytest.approx(UP_S * (5 / 3 * np.exp(-0.175)) / 0.7 / 0.5)
    by_all = request.model_copy(update={"crews": (), "pace": slow})
    assert calls(by_all)[0].walk_s == pytest.approx(call.walk_s)


def test_a_known_time_on_foot_still_counts_the_way_up_alone() -> None:
    works = tuple(Work(incident_id=one, approach_s=500.0) for one in "ab")
    fires = [fire("a", 0.0), fire("b", 0.0)]
    first, second = calls(asked(fires, [crew("c")], works=works))
    assert (first.start_s, first.back_s) == (500.0, 0.0)
    assert second.start_s == pytest.approx(first.finish_s + 500.0)


@pytest.mark.parametrize("works", [None, (Work(incident_id="a", approach_s=900.0),)])
def test_what_would_end_on_the_slope_at_night_begins_in_the_morning(works: Any) -> None:
    more = {} if works is None else {"works": works}
    up = UP_S if works is None else 900.0
    request = asked(
        [fire("a", 100.0)], [crew("c")], no_foot_at_night=DARK, now_s=8.8 * HOUR, **more
    )
    (call,) = calls(request)
    assert call.road_end_s == pytest.approx(8.8 * HOUR + 10.0)
    assert call.arrive_s == call.start_s == pytest.approx(18 * HOUR + up)
    assert call.waits_for_day
    by_day = request.model_copy(update={"no_foot_at_night": None})
    assert calls(by_day)[0].start_s == pytest.approx(8.8 * HOUR + 10.0 + up)


def test_work_by_the_roadside_goes_on_at_night() -> None:
    roadside = asked([fire("a", 100.0)], [crew("c")], works=(), no_foot_at_night=DARK, now_s=1e5)
    assert calls(roadside)[0].start_s == pytest.approx(1e5 + 10.0)


def test_crews_that_must_meet_wait_for_a_morning_that_suits_them_all() -> None:
    both = fire("a", 0.0, needs=(TeamNeed(skill="line", teams=2),), partial=False)
    slow = Pace(speed_m_s=0.3)
    plan = solved(
        asked(
            [both],
            [crew("near"), crew("slow")],
            crews=(Crew(team_id="slow", pace=slow),),
            no_foot_at_night=DARK,
            now_s=9 * HOUR,
        )
    ).plan
    assert plan is not None
    up = hike_s(1000.0, 200.0, slow, off_path=True)
    assert [one.calls[0].start_s for one in plan.rounds] == pytest.approx([18 * HOUR + up] * 2)
    assert all(one.calls[0].waits_for_day for one in plan.rounds)


def best_by_enumeration(request: PhaseRequest) -> float:
    """Return the least severity x time over all orders of all shares of the fires."""
    fires, teams = request.situation.incidents, request.situation.teams
    best = np.inf
    for whose in itertools.product(range(len(teams)), repeat=len(fires)):
        cost = 0.0
        for t in range(len(teams)):
            mine = [one for one, team in zip(fires, whose, strict=True) if team == t]
            cost += min(_along(request, t, order) for order in itertools.permutations(mine))
        best = min(best, cost)
    return best


def _along(request: PhaseRequest, team: int, order: tuple[Incident, ...]) -> float:
    """Return what a team's fires cost in an order; minute by minute until the slope is free."""
    now, cost = request.situation.now_s, 0.0
    own = request.crews[team].pace or request.pace
    free, place, work = now, request.situation.teams[team].x_m or 0.0, None
    for one in order:
        free += 0.0 if work is None else walk_s(work, own, down=True)
        free += abs((one.x_m or 0.0) - place) / 10.0
        work = next(w for w in request.works if w.incident_id == one.id)
        up, down = (walk_s(work, own, down=down) for down in (False, True))
        end = free + up + one.on_scene_s
        assert request.no_foot_at_night is not None
        if touches(request.no_foot_at_night, free, end + down, 0.0):
            day = (free - 18 * HOUR) // 86_400.0 + 1.0
            free = 18 * HOUR + day * 86_400.0
        free += up + one.on_scene_s
        cost += (one.severity or 1) * (free - now)
        place = one.x_m or 0.0
    return cost


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_walks_between_nights_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fires = [
        fire(
            f"f{k}",
            float(rng.uniform(0, 9000)),
            on_scene_s=float(rng.uniform(1, 7)) * HOUR,
            severity=int(rng.integers(1, 9)),
        )
        for k in range(4)
    ]
    walks = [
        Walk(length_m=float(m), climb_m=float(m * rng.uniform(-0.3, 0.5)))
        for m in rng.uniform(100, 2500, 4)
    ]
    request = asked(
        fires,
        [crew("a"), crew("b", x_m=8000.0)],
        works=tuple(
            Work(incident_id=one.id, walk=walk) for one, walk in zip(fires, walks, strict=True)
        ),
        crews=(Crew(team_id="a", pace=Pace(laden_share=0.7)), Crew(team_id="b")),
        no_foot_at_night=DARK,
        now_s=float(rng.uniform(0, 9)) * HOUR,
        unserved_s=5e5,
    )
    answer = solved(request)
    assert answer.plan is not None
    assert answer.plan.unserved == ()
    assert answer.plan.completion == pytest.approx(best_by_enumeration(request))


@pytest.mark.parametrize(
    ("reason", "fires", "more"),
    [
        ("NIGHT", [fire("a", 0.0, on_scene_s=16 * HOUR)], {}),
        ("NIGHT", [fire("a", 0.0, full_within_s=9.9 * HOUR)], {"hard_deadlines": True}),
        ("TIME_WINDOW", [fire("a", 0.0, full_within_s=60.0)], {"hard_deadlines": True}),
        ("SKILL", [fire("a", 0.0, needs=(TeamNeed(skill="boat"),))], {}),
    ],
)
def test_what_the_night_alone_prevents_says_so(
    reason: str, fires: list[Incident], more: dict[str, Any]
) -> None:
    request = asked(fires, [crew("c")], no_foot_at_night=DARK, now_s=9 * HOUR, **more)
    answer = solved(request)
    assert answer.explanation is not None
    assert [one.reason for one in answer.explanation.unserved] == [reason]
    if reason == "NIGHT":
        plan = solved(request.model_copy(update={"no_foot_at_night": None})).plan
        assert plan is not None
        assert plan.unserved == ()


WATERED = asked(
    [fire("a", 1000.0), fire("b", 2000.0)],
    [crew("c")],
    works=tuple(
        Work(
            incident_id=one,
            walk=HILL,
            volume=Volume(of="m_h", amount=600.0, uses={"water": 1.0}),
        )
        for one in "ab"
    ),
    crews=(Crew(team_id="c", carries={"water": 800.0}, reload_s=60.0),),
    depots=(
        Depot(id="near", x_m=1500.0, y_m=0.0, per_hour={"water": 1200.0}),
        Depot(id="far", x_m=20_000.0, y_m=0.0),
    ),
)
WATERED = WATERED.model_copy(
    update={
        "situation": WATERED.situation.model_copy(
            update={
                "teams": (
                    crew("c", vehicles={"tanker": 1}, amounts={"m_h": 300.0}),
                    crew(
                        "idle", x_m=9e5, skills={}, kind="flood", vehicles={"pump": 1}, mode="air"
                    ),
                )
            }
        )
    }
)


def with_depot(**changes: Any) -> PhaseRequest:
    near, far = WATERED.depots
    return WATERED.model_copy(update={"depots": (near.model_copy(update=changes), far)})


def test_water_follows_from_the_line_and_flows_for_what_is_missing() -> None:
    first, second = calls(WATERED)
    assert (first.by_depot, second.by_depot) == (None, "near")
    assert first.finish_s - first.start_s == pytest.approx(3 * HOUR)
    filled = first.finish_s + DOWN_S + 50.0 + 60.0 + 0.5 * HOUR
    assert second.road_end_s == pytest.approx(filled + 50.0)


@pytest.mark.parametrize(
    ("changes", "depot"),
    [
        ({"modes": ("road",)}, "near"),
        ({"modes": ("air",)}, "far"),
        ({"vehicles": ("tanker", "pump")}, "near"),
        ({"vehicles": ("pump",)}, "far"),
        ({"kinds": ("team",)}, "near"),
        ({"kinds": ("flood",)}, "far"),
        ({"per_hour": {"water": 10.0}}, "far"),
    ],
)
def test_a_team_fills_up_where_it_may(changes: dict[str, Any], depot: str) -> None:
    request = with_depot(**changes)
    plan = solved(request).plan
    assert plan is not None
    assert plan.rounds[0].calls[1].by_depot == depot
    if depot == "far" and "per_hour" not in changes:
        assert "travel" in failed(request, with_call(plan, 1, by_depot="near"))


def test_the_teams_of_a_fire_share_its_line() -> None:
    both = fire("a", 0.0, needs=(TeamNeed(skill="line", teams=2),), on_scene_s=0.0)
    shared = Volume(of="m_h", amount=600.0, shared=True)
    teams = [crew(name, amounts={"m_h": 100.0}) for name in "cd"]
    plan = solved(asked([both], teams, works=(Work(incident_id="a", volume=shared),))).plan
    assert plan is not None
    assert plan.done_s == pytest.approx(3 * HOUR)


NIGHTLY = asked(
    [fire("a", 100.0), fire("b", 200.0, on_scene_s=5 * HOUR)],
    [crew("c")],
    no_foot_at_night=DARK,
    now_s=5 * HOUR,
)


@pytest.fixture(scope="module")
def nightly() -> PhasePlan:
    plan = solved(NIGHTLY).plan
    assert plan is not None
    assert [call.waits_for_day for call in plan.rounds[0].calls] == [False, True]
    return plan


SHIFT = -4 * HOUR  # into the night, when it could be there
BROKEN: dict[str, Callable[[PhasePlan], PhasePlan]] = {
    "night": lambda plan: with_call(
        plan,
        1,
        arrive_s=plan.rounds[0].calls[1].arrive_s + SHIFT,
        start_s=plan.rounds[0].calls[1].start_s + SHIFT,
        finish_s=plan.rounds[0].calls[1].finish_s + SHIFT,
    ),
    "walk": lambda plan: with_call(plan, 0, walk_s=plan.rounds[0].calls[0].walk_s - 60.0),
    "travel": lambda plan: with_call(plan, 1, road_end_s=plan.rounds[0].calls[0].finish_s),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_plan_that_breaks_a_rule_on_foot_fails_its_check(rule: str, nightly: PhasePlan) -> None:
    assert failed(NIGHTLY, nightly) == set()
    assert rule in failed(NIGHTLY, BROKEN[rule](nightly))
    back = with_call(nightly, 0, back_s=0.0)
    assert failed(NIGHTLY, back) == {"walk"}


def test_who_waits_on_the_slope_overnight_breaks_the_night(nightly: PhasePlan) -> None:
    early = with_call(nightly, 1, arrive_s=nightly.rounds[0].calls[1].arrive_s - 9 * HOUR)
    assert failed(NIGHTLY, early) == {"night"}


@pytest.mark.parametrize(
    ("begin", "end", "dark"),
    [
        (9 * HOUR, 10 * HOUR, False),
        (9 * HOUR, 10 * HOUR + 5, True),
        (18 * HOUR, 34 * HOUR, False),
        (17.9 * HOUR, 19 * HOUR, True),
        (20 * HOUR, 50 * HOUR, True),
        (11 * HOUR, 12 * HOUR, True),
        (-3 * HOUR, -2 * HOUR, False),
        (-8 * HOUR, -5 * HOUR, True),
    ],
)
def test_nights_come_every_day(begin: float, end: float, *, dark: bool) -> None:
    assert touches(DARK, begin, end, 1e-3) == dark


def test_all_faults_of_walks_and_depots_come_at_once() -> None:
    steep = tuple(WalkPoint(x_m=x, y_m=0.0, height_m=h) for x, h in ((0.0, 0.0), (1.0, 9.0)))
    lost = (WalkPoint(height_m=1.0), steep[0])
    bad = asked(
        [fire(name, 0.0) for name in "abcd"],
        [crew("t")],
        works=(
            Work(incident_id="a", walk=HILL, approach_s=5.0),
            Work(incident_id="b", walk=Walk(line=steep)),
            Work(incident_id="c", walk=Walk(line=lost)),
            Work(incident_id="d", volume=Volume(of="m_h", amount=1.0, uses={"foam": 1.0})),
        ),
        depots=(
            Depot(
                id="d",
                x_m=0.0,
                y_m=0.0,
                modes=("boat",),
                kinds=("none",),
                vehicles=("ship",),
                per_hour={"foam": 5.0},
            ),
        ),
    )
    with pytest.raises(InputError) as caught:
        solve(bad)
    assert {one.path for one in caught.value.faults} == {
        "works[0].approach_s",
        "works[1].walk.line[0]",
        "works[2].walk.line[0]",
        "works[3].volume.uses",
        "depots[0].modes[0]",
        "depots[0].kinds[0]",
        "depots[0].vehicles[0]",
        "depots[0].per_hour",
    }


@pytest.mark.parametrize(
    ("model", "bad"),
    [
        (Walk, {}),
        (Walk, {"length_m": 10.0, "climb_m": 21.0}),
        (Walk, {"line": [{"x_m": 0, "y_m": 0, "height_m": 1}]}),
        (Night, {"falls": "22:00", "ends": "22:00"}),
        (Night, {"falls": "22:00Z", "ends": "06:00"}),
        (Pace, {"laden_share": 0.0}),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_edge(model: Any, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        model.model_validate(bad)
