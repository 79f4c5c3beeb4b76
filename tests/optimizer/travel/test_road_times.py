"""Times over roads of a hand's size."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.travel import travel_times
from tests.optimizer.travel.networks import (
    FORWARD,
    STEP_DEG,
    STEP_M,
    WALKERS,
    Arrays,
    by_roads,
    grid,
    kept,
    network,
    points,
    row,
    sites,
)

INF = np.inf


def times(arrays: Arrays, folder: Path, places: Any, at: Any, **changes: Any) -> Any:
    """Return the times (demand, site) of every scenario as nested lists."""
    store, reference = kept(arrays, folder)
    travel = by_roads(reference, **changes)
    found = travel_times(travel, points(*places), sites(*at), store)
    blocks = [found.block(k, slice(None)) for k in range(len(travel.scenarios))]
    return np.round(blocks if len(blocks) > 1 else blocks[0], 6).tolist()


def test_times_add_up_along_the_road(tmp_path: Path) -> None:
    assert times(row(4), tmp_path, [(0, 0), (3, 0)], [(0, 0), (1.25, 0)]) == [
        [0.0, 125.0],
        [300.0, 175.0],
    ]


def test_a_one_way_street_is_driven_one_way(tmp_path: Path) -> None:
    one_way = row(3, access=FORWARD)
    assert times(one_way, tmp_path, [(0.5, 0), (1.5, 0)], [(1, 0)]) == [[INF], [50.0]]


def test_against_a_one_way_street_takes_as_many_times_longer(tmp_path: Path) -> None:
    one_way = row(3, access=FORWARD)
    profile = {"against_one_way": 3}
    found = times(one_way, tmp_path, [(0.5, 0), (1.5, 0)], [(1, 0)], profile=profile)
    assert found == [[150.0], [50.0]]


def test_places_on_one_edge_need_no_crossing(tmp_path: Path) -> None:
    assert times(row(2), tmp_path, [(0.75, 0)], [(0.25, 0)]) == [[50.0]]


def test_a_place_behind_on_a_one_way_edge_is_reached_around_the_block(tmp_path: Path) -> None:
    nodes = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
    block = network(nodes, [(0, 1), (1, 2), (2, 0)], access=FORWARD, edge_time_s=np.full(3, 100.0))
    assert times(block, tmp_path, [(0.25, 0)], [(0.75, 0)]) == [[250.0]]


def test_the_way_to_the_road_is_driven_too(tmp_path: Path) -> None:
    profile = {"access_speed_m_s": 10.0, "snap_limit_m": 600.0}
    off = 500 / 110_574 / STEP_DEG  # 500 m north, in steps of a degree of latitude
    found = times(row(3), tmp_path, [(2, off)], [(0, 0)], profile=profile)
    assert found[0][0] == pytest.approx(200 + 50, abs=0.1)


def test_a_place_beyond_the_limit_is_not_reached(tmp_path: Path) -> None:
    profile = {"snap_limit_m": 400.0}
    assert times(row(3), tmp_path, [(2, 0.5), (2, 0)], [(0, 0)], profile=profile) == [
        [INF],
        [200.0],
    ]


def test_nothing_is_reached_beyond_the_cut_off(tmp_path: Path) -> None:
    found = times(row(4), tmp_path, [(2, 0), (3, 0)], [(0, 0)], cutoff_s=200)
    assert found == [[200.0], [INF]]


def test_speeds_follow_the_class_and_the_posted_limit(tmp_path: Path) -> None:
    posted = np.array([5.0, np.nan])
    road = network(
        [(0, 0), (1, 0), (2, 0)], [(0, 1), (1, 2)], classes="primary", edge_maxspeed_m_s=posted
    )
    found = times(road, tmp_path, [(1, 0), (2, 0)], [(0, 0)])
    assert found[0][0] == pytest.approx(STEP_M / 5)
    assert found[1][0] == pytest.approx(STEP_M / 5 + STEP_M / (40 / 3.6))


def test_a_slow_hour_slows_everything_and_a_class_more(tmp_path: Path) -> None:
    arrays = row(3, classes=["primary", "residential"])
    scenarios = [
        {"id": "free"},
        {"id": "peak", "time_factor": 2, "class_time_factors": {"primary": 1.5}},
    ]
    found = times(arrays, tmp_path, [(1, 0), (2, 0)], [(0, 0)], scenarios=scenarios)
    assert found == [[[100.0], [200.0]], [[300.0], [500.0]]]


def test_walkers_use_what_is_theirs(tmp_path: Path) -> None:
    arrays = row(3, access=[WALKERS, FORWARD], edge_time_s=np.full(2, np.nan))
    found = times(arrays, tmp_path, [(0, 0)], [(1, 0)], profile={"mode": "foot"})
    assert found[0][0] == pytest.approx(STEP_M / 1.4)


def test_of_two_roads_between_two_crossings_the_faster_counts(tmp_path: Path) -> None:
    twice = network([(0, 0), (1, 0)], [(0, 1), (0, 1)], edge_time_s=np.array([100.0, 60.0]))
    assert times(twice, tmp_path, [(1, 0)], [(0, 0)]) == [[60.0]]


def test_a_closed_road_is_driven_around(tmp_path: Path) -> None:
    closure = {"id": "works", "geometry": {"type": "Point", "coordinates": [0.005, 0.0]}}
    scenarios = [{"id": "open"}, {"id": "closed", "closures": ["works"]}]
    found = times(grid(3), tmp_path, [(1, 0)], [(0, 0)], closures=[closure], scenarios=scenarios)
    assert found == [[[100.0]], [[300.0]]]
