"""Ways on foot, and who may fill up where."""

from typing import Any

import numpy as np
import pytest

from models.dispatch import TeamNeed
from models.dispatch.phase import (
    Crew,
    Depot,
    PhaseRequest,
    Volume,
    Work,
)
from models.dispatch.walking import Night, Pace, Walk, WalkPoint
from optimizer.dispatch.phase.solve import solve
from optimizer.dispatch.phase.verify.walking import walk_s
from optimizer.dispatch.phase.ways import hike_s, stretches
from optimizer.errors import InputError
from tests.optimizer.dispatch.phase.hills import (
    DARK,
    DOWN_S,
    HILL,
    HOUR,
    UP_S,
    asked,
    calls,
    crew,
    failed,
    fire,
    solved,
    with_call,
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
    plan = solved(WATERED).plan
    assert plan is not None
    assert "loads" in failed(WATERED, with_call(plan, 1, by_depot=None))


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
