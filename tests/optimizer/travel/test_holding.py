"""Which times still hold after a closure: whatever is said to hold does, whatever is shut."""

import numpy as np
import pytest

from models.roads import ByRoads, Closure
from optimizer.travel.roads.anew import dense
from optimizer.travel.roads.holding import still_hold
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.situation import Roads
from optimizer.travel.roads.times import sparse_times
from tests.optimizer.travel.networks import STEP_DEG, by_roads, grid, kept


def closed(travel: ByRoads, *closures: Closure) -> ByRoads:
    scenario = travel.scenarios[0].model_copy(update={"closures": tuple(c.id for c in closures)})
    return travel.model_copy(update={"closures": closures, "scenarios": (scenario,)})


def closure(east: float, north: float, factor: float, name: str = "shut") -> Closure:
    place = {"type": "Point", "coordinates": [east * STEP_DEG, north * STEP_DEG]}
    return Closure.model_validate(
        {"id": name, "geometry": place, "speed_factor": factor, "buffer_m": 200.0}
    )


def times_s(roads: Roads) -> np.ndarray:
    """Return the times (site, point), inf where there is no way."""
    return dense(sparse_times(roads)[0]).T


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, ByRoads]:
    store, network = kept(grid(7), tmp_path_factory.mktemp("roads"))
    return Network.load(network.sha256, store), by_roads(network)


@pytest.mark.parametrize("seed", range(12))
def test_no_trip_that_is_said_to_hold_changes(town: tuple[Network, ByRoads], seed: int) -> None:
    network, travel = town
    rng = np.random.default_rng(seed)
    places = rng.random((2, 15, 2)) * 6 * STEP_DEG
    before = Roads.joining(travel, network, (places[0], places[1]))
    after = before.travelled(closed(travel, closure(*rng.random(2) * 6, 0.5 * (seed % 2))))
    trips = tuple(one.ravel() for one in np.indices((15, 15)))
    was, now = times_s(before)[trips], times_s(after)[trips]
    holds = still_hold(before, after, trips, was)
    assert now[holds] == pytest.approx(was[holds])
    assert holds.sum() >= 60  # most ways of a town pass one crossing by


def test_nothing_is_sure_where_a_road_became_faster(town: tuple[Network, ByRoads]) -> None:
    network, travel = town
    at = np.array([[0.0, 0.0], [0.05, 0.05]])
    shut = Roads.joining(closed(travel, closure(1.5, 0.0, 0.0)), network, (at, at))
    elsewhere = shut.travelled(closed(travel, closure(4.5, 3.0, 0.0)))
    trips = np.array([0, 1]), np.array([1, 0])
    assert not still_hold(shut, elsewhere, trips, times_s(shut)[trips]).any()
    assert still_hold(shut, shut, trips, times_s(shut)[trips]).all()
