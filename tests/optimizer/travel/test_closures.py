"""What closures do to the roads, to those who stand on them, and to the answer."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.fire_stations import FireStationRequest
from optimizer import InputError, solve
from optimizer.datasets import Store
from optimizer.fire_stations.verify import verify
from optimizer.travel import TravelTimes, travel_times
from tests.optimizer.travel.networks import (
    Arrays,
    by_roads,
    demand,
    grid,
    kept,
    points,
    row,
    sites,
)

INF = np.inf
POINT = {"type": "Point", "coordinates": [0.015, 0.00005]}
LINE = {"type": "LineString", "coordinates": [[0.015, -0.001], [0.015, 0.001]]}
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[0.0145, -0.001], [0.0155, -0.001], [0.0155, 0.001], [0.0145, 0.001], [0.0145, -0.001]]
    ],
}


def closed_times(folder: Path, closure: dict[str, Any], **changes: Any) -> list[list[float]]:
    """Return the times to (1, 0), (1.25, 0), (1.75, 0), (3, 0) from (0, 0) along one road."""
    store, reference = kept(row(4, **changes.pop("road", {})), folder)
    travel = by_roads(
        reference,
        closures=[{"id": "shut", **closure}],
        scenarios=[{"closures": ["shut"]}],
        **changes,
    )
    places = points((1, 0), (1.25, 0), (1.75, 0), (3, 0))
    found = travel_times(travel, places, sites((0, 0)), store).block(0, slice(None))
    return np.round(found[:, 0], 6).tolist()


@pytest.mark.parametrize("shape", [POINT, LINE, AREA], ids=lambda one: one["type"])
def test_a_closed_road_is_driven_up_to_where_it_is_closed(
    tmp_path: Path, shape: dict[str, Any]
) -> None:
    assert closed_times(tmp_path, {"geometry": shape}) == [100.0, 125.0, INF, INF]


def test_a_slowed_road_takes_longer(tmp_path: Path) -> None:
    slow = {"geometry": POINT, "speed_factor": 0.5}
    assert closed_times(tmp_path, slow) == [100.0, 150.0, 250.0, 400.0]


def test_a_point_closes_nothing_beyond_its_buffer(tmp_path: Path) -> None:
    near = {"geometry": POINT, "buffer_m": 5.0}  # 5.5 m off the road
    assert closed_times(tmp_path, near)[3] == 300.0


def test_who_passes_a_closure_is_not_held_up(tmp_path: Path) -> None:
    profile = {"passes": ["shut"]}
    assert closed_times(tmp_path, {"geometry": AREA}, profile=profile)[3] == 300.0


def test_a_closure_of_other_classes_leaves_a_road_open(tmp_path: Path) -> None:
    below = {"geometry": AREA, "road_classes": ["tertiary"]}
    road = {"class_names": np.array(["residential", "tertiary"])}
    assert closed_times(tmp_path, below, road=road)[3] == 300.0


def test_a_site_inside_a_closure_reaches_nobody(tmp_path: Path) -> None:
    store, reference = kept(row(4), tmp_path)
    closures = [{"id": "shut", "geometry": AREA}]
    travel = by_roads(reference, closures=closures, scenarios=[{"closures": ["shut"]}])
    found = travel_times(travel, points((1.49, 0), (3, 0)), sites((1.5, 0)), store)
    assert np.isinf(found.block(0, slice(None))).all()


@pytest.fixture
def flooded(tmp_path: Path) -> tuple[FireStationRequest, Store]:
    """A town of six by six crossings, dry and with its middle under water."""
    store, reference = kept(grid(6), tmp_path)
    ring = [[0.015, 0.015], [0.025, 0.015], [0.025, 0.032], [0.015, 0.032], [0.015, 0.015]]
    flood = {"id": "flood", "kind": "flood", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    travel = by_roads(
        reference,
        closures=[{**flood, "illustrative": True}],
        scenarios=[{"id": "dry"}, {"id": "wet", "closures": ["flood"], "weight": 0.2}],
    )
    request = FireStationRequest(
        demand_points=demand(*[(x + 0.3, y) for x in range(5) for y in range(6)], (2, 7)),
        sites=sites((0, 0), (5, 5), (2, 2), (3.5, 1), (1, 4)),
        new_stations={"city": {"min": 2, "max": 2}},
        travel=travel,
    )
    return request, store


def test_a_plan_over_roads_holds_with_the_verifier(
    flooded: tuple[FireStationRequest, Store],
) -> None:
    request, store = flooded
    answer = solve(request, store=store)
    assert answer.plan is not None
    assert verify(request, answer.plan, store).passed


def test_the_answer_says_whom_a_flood_cuts_off(flooded: tuple[FireStationRequest, Store]) -> None:
    request, store = flooded
    travel = solve(request, store=store).travel
    assert travel is not None
    dry, wet = travel.scenarios
    assert (dry.cut_off_sites, wet.cut_off_sites) == ((), ("S2",))
    assert (dry.unreachable_points, wet.unreachable_points) == (("P30",), ("P14", "P15", "P30"))
    assert [one.id for one in travel.unsnapped] == ["P30"]
    assert (dry.closed_length_m, wet.closed_length_m) == (0.0, pytest.approx(7 * 1113.2))


def test_an_invented_flood_marks_the_answer(flooded: tuple[FireStationRequest, Store]) -> None:
    request, store = flooded
    answer = solve(request, store=store)
    assert answer.illustrative


def test_more_is_reached_in_more_time(flooded: tuple[FireStationRequest, Store]) -> None:
    request, store = flooded
    travel = solve(request, store=store).travel
    assert travel is not None
    first, full = travel.scenarios[0].isochrones
    assert (first.within_s, full.within_s) == (300.0, 480.0)
    assert first.geometry != full.geometry


def test_the_same_request_is_answered_from_the_cache(tmp_path: Path) -> None:
    store, reference = kept(grid(4), tmp_path)
    missed = _blocks(reference, store)
    file = next((store.root / "cache").iterdir())
    written = file.stat().st_mtime_ns
    np.testing.assert_array_equal(_blocks(reference, store), missed)
    assert file.stat().st_mtime_ns == written


def test_a_damaged_cache_counts_as_none(tmp_path: Path) -> None:
    store, reference = kept(grid(4), tmp_path)
    missed = _blocks(reference, store)
    file = next((store.root / "cache").iterdir())
    file.write_bytes(file.read_bytes()[:200])
    np.testing.assert_array_equal(_blocks(reference, store), missed)


def _blocks(reference: Any, store: Store) -> Any:
    places = points((0.2, 0), (3, 2.5), (1, 1))
    times: TravelTimes = travel_times(by_roads(reference), places, sites((1, 0), (2.5, 3)), store)
    return times.block(0, slice(None))


def broken(**changes: Any) -> Arrays:
    return {**grid(3), **changes}


@pytest.mark.parametrize(
    ("arrays", "code"),
    [
        ({"node_lat": np.zeros(9)}, "fault.road_arrays"),
        (broken(edge_to=np.full(12, 9)), "fault.road_index"),
        (broken(edge_length_m=np.full(12, -1.0)), "fault.road_negative"),
        (broken(edge_length_m=np.ones(11)), "fault.road_length"),
        (broken(edge_time_s=np.array(["a"] * 12)), "fault.road_kinds"),
        (broken(shape_start=np.arange(13)), "fault.road_shapes"),
        (
            broken(class_names=np.array(["lane"]), edge_time_s=np.full(12, np.nan)),
            "fault.road_speed",
        ),
        (broken(edge_access=np.zeros(12, dtype=np.uint8)), "fault.road_mode"),
        (broken(about=np.array("[")), "fault.road_about"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_network_that_cannot_be_used_says_why(tmp_path: Path, arrays: Arrays, code: str) -> None:
    store, reference = kept(arrays, tmp_path)
    with pytest.raises(InputError) as raised:
        travel_times(by_roads(reference), points((0, 0)), sites((1, 0)), store)
    assert [one.need.code for one in raised.value.faults] == [code]


def test_closures_are_known_and_places_have_degrees(
    flooded: tuple[FireStationRequest, Store],
) -> None:
    request, store = flooded
    data = request.model_dump(mode="json")
    data["travel"]["profile"]["passes"] = ["bridge"]
    data["travel"]["scenarios"][1]["closures"] = ["food"]
    data["travel"]["closures"] *= 2
    data["sites"][0] |= {"lat": None, "lon": None, "x_m": 1.0, "y_m": 2.0}
    with pytest.raises(InputError) as raised:
        solve(FireStationRequest.model_validate(data), store=store)
    assert {one.path for one in raised.value.faults} == {
        "travel.profile.passes[0]",
        "travel.scenarios[1].closures[0]",
        "travel.closures[1].id",
        "sites[0]",
    }
