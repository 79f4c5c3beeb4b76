"""Trips by their quickest way: metres by class add up to the times of the engine."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instances.generators.road_town import road_town
from instances.roads import read_network
from models.roads import ByRoads
from optimizer.travel.roads import Roads
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.routes import Routes
from optimizer.travel.roads.speeds import SPEEDS_M_S
from optimizer.travel.roads.times import sparse_times
from tests.optimizer.travel.networks import by_roads, kept, network, points, sites


def _town(folder: Path, **travel: Any) -> Roads:
    (folder / "roads.geojson").write_text(road_town(size=8)["roads.geojson"], encoding="utf-8")
    arrays = dict(read_network(folder / "roads.geojson").columns)
    _, reference = kept(arrays, folder)
    rng = np.random.default_rng(4)
    places = [
        np.column_stack([rng.uniform(30.002, 30.03, count), rng.uniform(112.002, 112.035, count)])
        for count in (60, 12)
    ]
    asked = by_roads(reference, **travel)
    return Roads.joining(asked, Network.of(arrays), (places[0], places[1]))


def _all_trips(roads: Roads, scenario: int = 0) -> tuple[Routes, np.ndarray[Any, Any]]:
    """Return every trip and the engine's time of it."""
    shape = (len(roads.demand), len(roads.sites))
    point, site = (one.ravel() for one in np.indices(shape))
    times = sparse_times(roads)[scenario].toarray().ravel()
    return Routes.of(roads, scenario, site, point), np.where(times > 0, times, np.inf)


@pytest.mark.parametrize("against", [None, 3.0])
def test_metres_at_their_speeds_are_the_times_of_the_engine(
    tmp_path: Path, against: float | None
) -> None:
    profile = {"maxspeed": "ignore", "start_s": 40.0, "against_one_way": against}
    scenario = {"time_factor": 1.5, "class_time_factors": {"primary": 1.2}}
    roads = _town(tmp_path, profile=profile, scenarios=[scenario])

    routes, times_s = _all_trips(roads)

    paces = np.array([1 / SPEEDS_M_S[name] for name in roads.network.class_names])
    paces *= np.where(np.array(roads.network.class_names) == "primary", 1.2, 1.0)
    assert np.isfinite(times_s).all()
    assert routes.time_s == pytest.approx(times_s)
    metres, seconds = np.hsplit(routes.driven, 2)
    assert not seconds.any()
    assert 40 + 1.5 * (routes.access_s + metres @ paces) == pytest.approx(times_s)


def test_roads_with_times_of_their_own_count_by_these(tmp_path: Path) -> None:
    times = {"edge_time_s": np.array([100.0, np.nan])}
    arrays = network([(0, 0), (1, 0), (2, 0)], [(0, 1), (1, 2)], **times)
    store, reference = kept(arrays, tmp_path)
    asked = by_roads(reference, scenarios=[{"class_time_factors": {"residential": 2.0}}])
    roads = Roads.of(asked, points((2.0, 0.0)), sites((0.0, 0.0)), store)
    routes = Routes.of(roads, 0, np.array([0]), np.array([0]))
    assert routes.driven[0] == pytest.approx([1113.2, 100.0])
    pace = 1 / SPEEDS_M_S["residential"]
    assert routes.time_s[0] == pytest.approx(2 * (100 + pace * 1113.2))


def test_trips_beyond_the_cutoff_have_no_time_and_no_metres(tmp_path: Path) -> None:
    routes, times_s = _all_trips(_town(tmp_path, cutoff_s=200.0))
    far = np.isinf(times_s)
    assert 0 < far.sum() < len(far)
    assert (np.isinf(routes.time_s) == far).all()
    assert not routes.driven[far].any()


def test_the_quicker_of_two_roads_between_the_same_crossings_is_driven(tmp_path: Path) -> None:
    arrays = network([(0, 0), (1, 0)], [(0, 1), (0, 1)], classes=["residential", "primary"])
    store, reference = kept(arrays, tmp_path)
    roads = Roads.of(by_roads(reference), points((1.0, 0.0)), sites((0.0, 0.0)), store)
    routes = Routes.of(roads, 0, np.array([0]), np.array([0]))
    assert roads.network.class_names == ("primary", "residential")
    assert routes.driven[0, 0] == pytest.approx(1113.2)
    assert routes.driven[0, 1] == 0


def test_a_start_is_part_of_every_trip(tmp_path: Path) -> None:
    roads = _town(tmp_path)
    _, usual_s = _all_trips(roads)
    profile = roads.travel.profile.model_copy(update={"start_s": 60.0})
    later = ByRoads.model_validate(roads.travel.model_copy(update={"profile": profile}))
    _, later_s = _all_trips(roads.travelled(later))
    assert later_s == pytest.approx(usual_s + 60)
