"""What travel over the roads of a city costs: searching, mending, keeping it sparse."""

import multiprocessing
import resource
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.sparse.csgraph import dijkstra

from benchmarks.streets import STEP_DEG, closure, dispatching_by_road, streets
from models.dispatch.situation import ClockAdvanced, RoadShut, Situation
from models.places import DemandPoint, Site
from models.roads import ByRoads, Closure, RoadNetwork, RoadScenario
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.dispatch.situation import advance
from optimizer.travel.roads import Roads
from optimizer.travel.roads.shortest import mended, times_from, trees_from
from optimizer.travel.roads.times import sparse_times

_SIDES = [30, pytest.param(226, marks=pytest.mark.slow)]  # 226 x 226 crossings: 51,076
_FAR_S = 1e6
_MEMORY_MAX_MB = 500


def _bent(side: int, bends: int) -> dict[str, NDArray[np.generic]]:
    """Return the same streets with bends on every block, as surveys draw them."""
    made = streets(side)
    start, end = made["edge_from"], made["edge_to"]
    blocks = len(start)
    between = side * side + np.arange(blocks * bends).reshape(blocks, bends)
    stops = np.column_stack([start, between, end])
    share = np.arange(1, bends + 1) / (bends + 1)
    for axis in ("node_lat", "node_lon"):
        at = made[axis]
        on_way = at[start, None] * (1.0 - share) + at[end, None] * share
        made[axis] = np.concatenate([at, on_way.ravel()])
    pieces = bends + 1
    return made | {
        "edge_from": stops[:, :-1].ravel(),
        "edge_to": stops[:, 1:].ravel(),
        "edge_length_m": np.repeat(made["edge_length_m"], pieces) / pieces,
        "edge_class": np.repeat(made["edge_class"], pieces),
        "edge_maxspeed_m_s": np.repeat(made["edge_maxspeed_m_s"], pieces),
        "edge_time_s": np.repeat(made["edge_time_s"], pieces) / pieces,
        "edge_access": np.repeat(made["edge_access"], pieces),
        "shape_start": np.zeros(blocks * pieces + 1, dtype=np.int64),
    }


def _roads(
    store: Store,
    side: int,
    *,
    points: int,
    sites: int,
    cutoff_s: float = _FAR_S,
    bends: int = 0,
) -> Roads:
    """Return a square city, open and with a closed square in its middle."""
    rng = np.random.default_rng(2)
    span = (side - 1) * STEP_DEG
    low, high = 0.47 * span, 0.53 * span
    ring = ((low, low), (high, low), (high, high), (low, high), (low, low))
    made = _bent(side, bends) if bends else streets(side)
    shut = {"id": "shut", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    travel = ByRoads(
        network=RoadNetwork(sha256=store.add_arrays(made)),
        closures=(Closure.model_validate(shut),),
        scenarios=(RoadScenario(id="open"), RoadScenario(id="shut", closures=("shut",))),
        cutoff_s=cutoff_s,
    )
    at = rng.uniform(0.0, span, (points, 2)).tolist()
    stand = rng.uniform(0.0, span, (sites, 2)).tolist()
    demand = tuple(DemandPoint(id=str(k), lat=one[0], lon=one[1]) for k, one in enumerate(at))
    return Roads.of(
        travel,
        DemandArrays.from_request(demand, None),
        tuple(Site(id=str(k), lat=one[0], lon=one[1]) for k, one in enumerate(stand)),
        store,
    )


def _sources(roads: Roads) -> NDArray[np.intp]:
    return roads.network.node_count + np.arange(len(roads.sites))


@pytest.mark.parametrize("side", _SIDES)
def test_a_hundred_sites_to_every_crossing(
    benchmark: BenchmarkFixture, store: Store, side: int
) -> None:
    roads = _roads(store, side, points=10, sites=100)
    graph = roads.graph(0)
    times = benchmark.pedantic(times_from, (graph, _sources(roads), _FAR_S), rounds=3)
    assert np.isfinite(times[:, : roads.network.node_count]).all()


@pytest.mark.parametrize("side", [15, pytest.param(102, marks=pytest.mark.slow)])
def test_a_hundred_sites_to_every_bend(
    benchmark: BenchmarkFixture, store: Store, side: int
) -> None:
    roads = _roads(store, side, points=10, sites=100, bends=2)  # 102 x 102: 51,612 nodes
    graph = roads.graph(0)
    times = benchmark.pedantic(times_from, (graph, _sources(roads), _FAR_S), rounds=3)
    whole = dijkstra(graph, indices=_sources(roads)[:5], limit=_FAR_S)
    np.testing.assert_allclose(times[:5], whole, atol=1e-6)


@pytest.mark.parametrize("side", _SIDES)
def test_a_closure_is_mended(benchmark: BenchmarkFixture, store: Store, side: int) -> None:
    roads = _roads(store, side, points=10, sites=100)
    before, after = roads.graph(0), roads.graph(1)
    open_trees = trees_from(before, _sources(roads), _FAR_S)
    trees = benchmark.pedantic(mended, (open_trees, before, after, _FAR_S), rounds=3)
    np.testing.assert_allclose(trees.time_s, times_from(after, _sources(roads), _FAR_S), atol=1e-6)


@pytest.mark.parametrize(
    ("side", "points", "sites"),
    [(30, 500, 20), pytest.param(226, 50_000, 500, marks=pytest.mark.slow)],
)
def test_five_minutes_of_a_city_stay_sparse(
    benchmark: BenchmarkFixture, tmp_path: Path, side: int, points: int, sites: int
) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        given = (str(tmp_path), side, points, sites)
        stored, peak_mb, seconds = benchmark.pedantic(pool.apply, (_measured, given), rounds=1)
    benchmark.extra_info |= {"stored": stored, "peak_mb": peak_mb, "search_s": seconds}
    assert 0 < stored < points * sites
    assert peak_mb <= _MEMORY_MAX_MB


def _measured(folder: str, side: int, points: int, sites: int) -> tuple[int, float, float]:
    """Return how many pairs are stored, the peak memory of this process, and the seconds."""
    roads = _roads(Store(Path(folder)), side, points=points, sites=sites, cutoff_s=300.0)
    began = time.perf_counter()
    found = sparse_times(roads)[0]
    seconds = time.perf_counter() - began
    return int(found.nnz), _peak_mb(), seconds


def _peak_mb() -> float:
    """Return this process's own peak; on Linux `getrusage` would count its parent's too."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("soon", [True, False], ids=["soon", "exact"])
@pytest.mark.parametrize("side", _SIDES)
def test_a_road_is_shut_while_teams_drive(
    benchmark: BenchmarkFixture, store: Store, side: int, soon: bool
) -> None:
    placed = dispatching_by_road(side, store)
    before, _ = advance(Situation(request=placed), (), store)
    taken, marked = [], 0
    for number in range(5):
        event = RoadShut(at_s=0.0, by="police", closure=closure(side, 2 * number), soon=soon)
        start = time.process_time()
        _, change = advance(before, (event,), store)
        taken.append(time.process_time() - start)
        marked = max(marked, len(change.stale_travel))
    orders = len(before.proposed)
    assert orders > 2 * marked
    assert (marked > 0) is soon
    benchmark.extra_info.update(
        worst_s=max(taken), wanted_s=2.0, orders=orders, most_marked=marked, nodes=side * side
    )
    said = ClockAdvanced(at_s=1.0, by="119")
    benchmark.pedantic(advance, args=(before, (said,), store), rounds=3, warmup_rounds=1)
