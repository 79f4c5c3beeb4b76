"""Times by the fewest searches: to the bit those of a search from every site, whatever is known."""

from pathlib import Path

import numpy as np
import pytest

from models.roads import ByRoads
from optimizer.datasets import Store
from optimizer.travel.roads import anew, road_times
from optimizer.travel.roads.anew import Known, dense, found_anew
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.situation import Roads
from optimizer.travel.roads.times import sparse_times
from tests.optimizer.travel.networks import (
    BOTH,
    FORWARD,
    STEP_DEG,
    by_roads,
    grid,
    kept,
    points,
    sites,
)
from tests.optimizer.travel.test_holding import closed, closure

SIDE = 6


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, ByRoads]:
    """Streets of their own speeds, a third of them one way, with a loop at one crossing."""
    rng = np.random.default_rng(7)
    streets = grid(SIDE)
    count = len(streets["edge_from"])
    streets["edge_time_s"] = rng.uniform(20.0, 200.0, count)
    streets["edge_access"] = np.where(rng.random(count) < 1 / 3, FORWARD, BOTH).astype(np.uint8)
    store, network = kept(streets, tmp_path_factory.mktemp("roads"))
    travel = by_roads(network, profile={"snap_limit_m": 900.0}, cutoff_s=700.0)
    return Network.load(network.sha256, store), travel


def drawn(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return places beside the streets, some at crossings, some too far outside."""
    at = rng.uniform(-0.2, SIDE - 0.8, (count, 2))
    at[::3] = np.rint(at[::3])
    return at * STEP_DEG


@pytest.mark.parametrize("seed", range(20))
def test_times_are_those_of_a_search_from_every_site(
    town: tuple[Network, ByRoads], seed: int
) -> None:
    network, travel = town
    rng = np.random.default_rng(seed)
    if seed % 2:
        shut = closure(*rng.random(2) * (SIDE - 1), 0.5 * (seed % 4 == 1))
        travel = closed(travel, shut)
    rows, columns = drawn(rng, 9), drawn(rng, 14)
    roads = Roads.joining(travel, network, (rows, columns))
    whole = dense(sparse_times(roads)[0])
    alone = found_anew(roads, (rows, columns), None)
    assert alone is not None
    assert alone.searches == 9  # from the fewer ends
    np.testing.assert_array_equal(alone.time_s, whole)
    assert 0 < np.isfinite(whole).sum() < whole.size

    # Two incidents and three teams are new, others have left, and all stand in another order.
    was_rows, was_columns = rng.permutation(rows[2:]), rng.permutation(columns[3:])
    was = Roads.joining(travel, network, (was_rows, was_columns))
    known = Known(was_rows, was_columns, dense(sparse_times(was)[0]))
    found = found_anew(roads, (rows, columns), known)
    assert found is not None
    assert 3 <= found.searches <= 5  # two may stand at one crossing
    np.testing.assert_array_equal(found.time_s, whole)


def test_from_one_site_one_search_is_the_least(town: tuple[Network, ByRoads]) -> None:
    network, travel = town
    rng = np.random.default_rng(1)
    places = drawn(rng, 9), drawn(rng, 1)
    assert found_anew(Roads.joining(travel, network, places), places, None) is None


def test_a_new_incident_is_all_that_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, reference = kept(grid(SIDE), tmp_path)
    travel = by_roads(reference)
    teams = sites(*((k % 5, k // 5) for k in range(20)))
    first = [(0.5, 0.0), (3.0, 2.5), (4.0, 4.4)]
    sources = []
    searched = anew.times_from
    monkeypatch.setattr(
        anew, "times_from", lambda g, s, c: sources.append(len(s)) or searched(g, s, c)
    )

    def asked(*incidents: tuple[float, float], keeping: Store) -> np.ndarray:
        return dense(road_times(travel, points(*incidents), teams, keeping)[0])

    many = [(0.1 * k, 1.0) for k in range(9)]
    asked(*first, *many, keeping=store)
    assert sources == [12]  # not from twenty teams
    found = asked(*first, *many, (2.0, 0.3), keeping=store)
    assert sources == [12, 1]
    alone = Store(tmp_path / "alone", cache_bytes=0)
    alone.add_arrays(grid(SIDE))
    np.testing.assert_array_equal(found, asked(*first, *many, (2.0, 0.3), keeping=alone))


def test_what_is_kept_and_makes_no_sense_is_as_good_as_nothing() -> None:
    two = np.zeros((2, 2))
    assert Known.of(None) is None
    assert Known.of({"demand_deg": two, "sites_deg": two}) is None
    assert Known.of({"demand_deg": two, "sites_deg": two, "time_s": np.zeros((3, 2))}) is None
    assert Known.of({"demand_deg": two, "sites_deg": two, "time_s": two}) is not None
