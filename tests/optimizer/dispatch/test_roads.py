"""Dispatch over a road network: teams by road, a road shut, a boat that does not mind."""

from itertools import pairwise
from pathlib import Path

import pytest

from api.render.dispatch import layers
from models.dispatch import Reason, TeamStatus
from models.dispatch.situation import ClockAdvanced, RoadShut, Situation, TeamReported
from models.roads import Closure
from optimizer.dispatch.questions import WhatIf, what_if
from optimizer.dispatch.situation import orders_of, step
from optimizer.dispatch.solve import solve
from tests.optimizer.travel.networks import by_roads, grid, kept, row
from tests.strategies.dispatch import incident, team, town

FLOOD = Closure.model_validate(
    {"id": "flood", "geometry": {"type": "Point", "coordinates": [0.015, 0.00005]}}
)

AT_THE_END = {"type": "Point", "coordinates": [0.045, 0.00005]}

BY_BOAT = {
    "kind": "coordinates",
    "scenarios": [{"law": {"speed_m_s": 1.0, "kind": "constant_speed"}}],
}


def at(east: float) -> dict[str, float | None]:
    return {"lat": 0.0, "lon": east * 0.01, "x_m": None, "y_m": None}


def flooded_town(folder: Path):
    """Return a store, and a road of four places with a team at one end and a boat beside it."""
    store, network = kept(row(4), folder)
    request = town(
        [team("truck", 0) | at(0), team("boat", 0, mode="boat") | at(0)],
        [incident("x", 0) | at(3)],
        modes=[
            {"id": "road", "travel": by_roads(network).model_dump()},
            {"id": "boat", "travel": BY_BOAT},
        ],
    )
    return store, request


def test_the_team_by_road_arrives_as_the_roads_say(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    order = solve(request, store=store).plan.orders[0]
    assert (order.team_id, order.arrive_s) == ("truck", pytest.approx(300.0))


def test_a_road_that_is_shut_sends_the_boat(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    _, then = what_if(request, WhatIf(closures=[FLOOD]), store=store)
    assert then.plan.orders[0].team_id == "boat"
    situation = Situation(request=request, proposed=solve(request, store=store).plan.orders)
    shut = RoadShut(at_s=10, by="police", closure=FLOOD)
    _, change = step(situation, shut, store)
    assert {one.team_id for one in change.changes} == {"truck", "boat"}


def test_soon_after_a_closure_old_times_are_marked_and_exact_ones_follow(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    situation = Situation(request=request, proposed=solve(request, store=store).plan.orders)
    shut = RoadShut(at_s=10, by="police", closure=FLOOD, soon=True)
    marked, change = step(situation, shut, store)
    assert (change.changes, change.stale_travel) == ((), ("truck",))
    assert [one.stale_travel for one in orders_of(marked)] == [True]
    exact, change = step(marked, ClockAdvanced(at_s=10, by="muster"), store)
    assert {one.team_id for one in change.changes} == {"truck", "boat"}
    assert change.stale_travel == exact.stale_travel == ()
    at_once, _ = step(situation, RoadShut(at_s=10, by="police", closure=FLOOD), store)
    assert at_once.proposed == exact.proposed


def test_until_the_exact_times_are_there_everything_is_answered_by_the_old(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    situation = Situation(request=request, proposed=solve(request, store=store).plan.orders)
    shut = RoadShut(at_s=10, by="police", closure=FLOOD, soon=True)
    marked, _ = step(situation, shut, store)
    ready = TeamReported(at_s=11, by="crew", team_id="truck", status=TeamStatus.READY)
    again, change = step(marked, ready, store)
    assert (change.changes, change.stale_travel) == ((), ("truck",))
    assert again.answered.modes == request.modes
    elsewhere = FLOOD.model_copy(update={"id": "too"})
    both, change = step(again, RoadShut(at_s=12, by="police", closure=elsewhere, soon=True), store)
    assert change.stale_travel == ("truck",)
    assert both.answered.modes == request.modes
    for sure in (
        ClockAdvanced(at_s=12, by="muster"),
        RoadShut(at_s=12, by="police", closure=FLOOD),
    ):
        exact, change = step(both, sure, store)
        assert change.stale_travel == exact.known_modes == ()
        assert exact.answered is exact.request
        assert [one.team_id for one in exact.proposed] == ["boat"]


def test_only_orders_whose_way_may_be_shut_are_marked(tmp_path: Path) -> None:
    store, network = kept(row(6), tmp_path)
    request = town(
        [team("near", 0) | at(0), team("far", 0) | at(5)],
        [incident("x", 0) | at(1), incident("y", 0) | at(4)],
        modes=[{"id": "road", "travel": by_roads(network).model_dump()}],
    )
    situation = Situation(request=request, proposed=solve(request, store=store).plan.orders)
    shut = Closure.model_validate(FLOOD.model_dump() | {"geometry": AT_THE_END})
    event = RoadShut(at_s=10, by="police", closure=shut, soon=True)
    marked, change = step(situation, event, store)
    assert change.stale_travel == ("far",)
    exact, _ = step(marked, ClockAdvanced(at_s=10, by="muster"), store)
    sure = {one.team_id: one.arrive_s for one in marked.proposed if one.team_id == "near"}
    assert sure.items() <= {one.team_id: one.arrive_s for one in exact.proposed}.items()


def test_without_a_boat_the_place_is_out_of_reach(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    alone = request.model_copy(update={"teams": request.teams[:1]})
    _, then = what_if(alone, WhatIf(closures=[FLOOD]), store=store)
    assert then.explanation.unserved[0].limits == (Reason.REACHABLE,)


def test_an_answer_says_what_its_times_rest_on(tmp_path: Path) -> None:
    store, request = flooded_town(tmp_path)
    travel = solve(request, store=store).travel
    assert travel is not None
    assert travel.method == "roads"
    assert [one.scenario_id for one in travel.scenarios] == ["all_day"]
    alone = request.model_copy(update={"teams": request.teams[1:]})
    other = solve(alone, store=store).travel
    assert other is not None
    assert other.method == "straight_line"


def test_an_order_by_road_has_the_way_it_takes(tmp_path: Path) -> None:
    store, network = kept(grid(3), tmp_path)
    request = town(
        [team("truck", 0) | at(0), team("boat", 0, mode="boat") | at(0)],
        [incident("x", 0, needs=[{"teams": 2}]) | at(2) | {"lat": 0.015}],
        modes=[
            {"id": "road", "travel": by_roads(network).model_dump()},
            {"id": "boat", "travel": BY_BOAT},
        ],
    )
    answer = solve(request, store=store)
    (route,) = answer.routes
    assert (route.team_id, route.incident_id) == ("truck", "x")
    line = [tuple(round(one, 4) for one in place) for place in route.line.coordinates]
    assert line[0] == (0.0, 0.0)
    assert line[-1] == (0.02, 0.015)
    steps = pairwise(line)
    assert sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in steps) == pytest.approx(0.035)
    drawn = layers(request, answer, "en")["orders"]["features"]
    assert len(drawn[0]["geometry"]["coordinates"]) == len(line)
    shut = Closure.model_validate(
        {"id": "all", "geometry": {"type": "Point", "coordinates": [0.005, 0.0]}}
    )
    around = what_if(request, WhatIf(closures=[shut]), store=store)[1].routes[0]
    assert (0.005, 0.0) not in around.line.coordinates
    assert around.line.coordinates[1][1] > 0.0
