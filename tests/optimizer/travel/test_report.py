"""What an answer says of its travel, and of the defaults it rests on."""

from pathlib import Path

import pytest

from models.fire_stations import FireStationRequest
from models.presets import RESPONSE_STANDARDS
from models.roads import ScenarioTravel, TravelReport
from models.travel import ByCoordinates, ByMatrix, MatrixScenario, Travel
from optimizer.demand import DemandArrays
from optimizer.errors import InputError
from optimizer.fire_stations.assumptions import assumptions
from optimizer.travel import travel_times
from optimizer.travel.report import NAMES_MAX, travel_report
from optimizer.travel.roads.isochrones import isochrone
from optimizer.travel.roads.situation import Roads
from tests.optimizer.travel.networks import by_roads, demand, kept, points, row, sites


def report(travel: Travel) -> TravelReport:
    places = DemandArrays.from_request(demand((0, 0), (1, 0)), None), sites((0, 0), (2, 0))
    return travel_report(travel, travel_times(travel, *places, None), places, None)


def test_straight_lines_are_said_to_be_that() -> None:
    assert report(ByCoordinates()).method == "straight_line"


def test_a_matrix_names_its_source_and_whom_it_leaves_out() -> None:
    times = ((60.0, None), (None, None))
    travel = ByMatrix(source="OSRM", scenarios=(MatrixScenario(travel_time_s=times),))
    found = report(travel)
    assert (found.method, found.source) == ("matrix", "OSRM")
    assert found.scenarios[0].cut_off_sites == ("S1",)
    assert found.scenarios[0].unreachable_points == ("P1",)


def test_counts_are_whole_where_names_are_cut() -> None:
    count = NAMES_MAX + 234
    places = points(*((0.001 * k, 0) for k in range(count))), sites((0, 0))
    times = ((None,),) * (count - 1) + ((60.0,),)
    travel = ByMatrix(scenarios=(MatrixScenario(travel_time_s=times),))
    found = travel_report(travel, travel_times(travel, *places, None), places, None).scenarios[0]
    assert (found.unreachable_count, found.cut_off_count) == (count - 1, 0)
    assert len(found.unreachable_points) == NAMES_MAX
    assert found.unreachable_points[0] == "P0"


def test_a_report_of_names_alone_is_counted_as_it_is_read() -> None:
    old = {"scenario_id": "flood", "cut_off_sites": ["S1"], "unreachable_points": ["P1", "P2"]}
    read = ScenarioTravel.model_validate(old)
    assert (read.cut_off_count, read.unreachable_count) == (1, 2)


def test_ground_is_reached_as_far_as_the_time_left_after_turnout_goes(tmp_path: Path) -> None:
    store, reference = kept(row(5), tmp_path)
    roads = Roads.of(by_roads(reference), points((0, 0)), sites((0, 0)), store)
    ground = isochrone(roads, 0, {0: 60.0}, 210.0)
    assert ground is not None
    east = max(lon for lon, _ in ground.coordinates[0][0])
    assert abs(east - 0.015) < 0.0012  # 150 s of 100 s a step; the strip is 75 m wide


def test_a_start_shortens_the_ground_as_a_later_turnout_does(tmp_path: Path) -> None:
    store, reference = kept(row(5), tmp_path)
    grounds = []
    for start_s, turnout_s in ((40.0, 60.0), (0.0, 100.0)):
        travel = by_roads(reference, profile={"start_s": start_s})
        roads = Roads.of(travel, points((0, 0)), sites((0.4, 0)), store)
        grounds.append(isochrone(roads, 0, {0: turnout_s}, 210.0))
    assert grounds[0] is not None
    assert grounds[0] == grounds[1]


def test_no_ground_is_reached_before_turnout(tmp_path: Path) -> None:
    store, reference = kept(row(2), tmp_path)
    roads = Roads.of(by_roads(reference), points((0, 0)), sites((0, 0)), store)
    assert isochrone(roads, 0, {0: 60.0}, 50.0) is None


def test_speeds_by_class_are_told_with_their_source(tmp_path: Path) -> None:
    _, reference = kept(row(2), tmp_path)
    profile = {"speeds_m_s": {"primary": 9.0}}
    request = FireStationRequest(
        demand_points=demand((0, 0)),
        sites=sites((1, 0)),
        new_stations={"city": {"min": 1, "max": 1}},
        travel=by_roads(reference, profile=profile),
    )
    told = [
        one
        for one in assumptions(request, (), RESPONSE_STANDARDS["china"])
        if one.path == "travel.profile.speeds_m_s"
    ]
    assert {one.confidence for one in told} == {"memory_medium"}
    assert any("60 km/h): motorway" in one.value for one in told)
    assert not any(" primary," in one.value for one in told)


def test_a_matrix_keeps_what_was_known_of_its_making() -> None:
    known = TravelReport(
        method="roads",
        source="OpenStreetMap",
        edge_count=7,
        illustrative=True,
        scenarios=(ScenarioTravel(scenario_id="all_day", closed_length_m=120.0),),
    )
    times = ((60.0, 70.0), (80.0, None))
    scenarios = (MatrixScenario(travel_time_s=times), MatrixScenario(id="b", travel_time_s=times))
    found = report(ByMatrix(rests_on=known, scenarios=scenarios))
    assert (found.method, found.source, found.edge_count) == ("roads", "OpenStreetMap", 7)
    assert found.illustrative
    assert [one.closed_length_m for one in found.scenarios] == [120.0, 0.0]
    named = ByMatrix(source="a copy", rests_on=known, scenarios=scenarios)
    assert report(named).source == "a copy"


def test_roads_are_joined_to_the_places_of_a_run_once(tmp_path: Path) -> None:
    store, reference = kept(row(3), tmp_path)
    places = points((0, 0), (1, 0)), sites((0, 0), (2, 0))
    travel = by_roads(reference)
    first = Roads.of(travel, *places, store)
    assert Roads.of(by_roads(reference), *places, store) is first
    assert Roads.of(travel, places[0], sites((0, 0), (1, 0)), store) is not first
    store.path(reference.sha256).unlink()
    with pytest.raises(InputError):
        Roads.of(travel, *places, store)
