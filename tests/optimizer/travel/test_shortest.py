"""Shortest times against another library, and mended trees against fresh ones."""

import igraph
import numpy as np
import pytest
from scipy.sparse import csr_array

from models.roads import RoadProfile
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.shortest import mended, times_from, trees_from
from optimizer.travel.roads.speeds import edge_times
from tests.optimizer.travel.networks import Arrays
from tests.optimizer.travel.published import edmonton

FAR_S = 1e7


def drawn_network(seed: int) -> csr_array:
    """Return a graph of 500 nodes with arcs at random, some of no length at all."""
    rng = np.random.default_rng(seed)
    ends = np.unique(rng.integers(0, 500, (2000, 2)), axis=0)
    seconds = rng.integers(0, 50, len(ends)).astype(np.float64)
    return csr_array((seconds, ends.T), shape=(500, 500))


def published_graph(arrays: Arrays) -> csr_array:
    times = edge_times(Network.of(arrays), RoadProfile(default_speed_m_s=10.0))
    ends = np.stack([arrays["edge_from"], arrays["edge_to"]])
    order = np.lexsort((times.forward_s, ends[1], ends[0]))
    _, first = np.unique(ends[:, order], axis=1, return_index=True)
    kept = order[first]
    count = len(arrays["node_lat"])
    return csr_array((times.forward_s[kept], ends[:, kept]), shape=(count, count))


def by_igraph(graph: csr_array, sources: list[int], targets: list[int]) -> np.ndarray:
    arcs = graph.tocoo()
    pairs = list(zip(arcs.row.tolist(), arcs.col.tolist(), strict=True))
    other = igraph.Graph(n=graph.shape[0], edges=pairs, directed=True)
    found = other.distances(sources, targets, weights=arcs.data.tolist())
    return np.array(found, dtype=np.float64)


def test_times_of_a_drawn_network_are_those_of_igraph() -> None:
    graph = drawn_network(1)
    every = list(range(500))
    ours = times_from(graph, np.arange(500), FAR_S)
    np.testing.assert_allclose(ours, by_igraph(graph, every, every), atol=1e-6)


def test_a_hundred_thousand_times_in_edmonton_are_those_of_igraph() -> None:
    graph = published_graph(edmonton())
    rng = np.random.default_rng(7)
    sources, targets = (rng.choice(graph.shape[0], count, replace=False) for count in (20, 5000))
    ours = times_from(graph, sources, FAR_S)[:, targets]
    theirs = by_igraph(graph, sources.tolist(), targets.tolist())
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("closed_count", [0, 1, 20, 400])
@pytest.mark.parametrize("slower", [np.inf, 3.0])
def test_mended_trees_are_those_of_a_fresh_search(closed_count: int, slower: float) -> None:
    before = drawn_network(closed_count)
    after = before.copy()
    closed = np.random.default_rng(3).choice(len(after.data), closed_count, replace=False)
    after.data[closed] = (after.data[closed] + 1.0) * slower
    sources = np.arange(40)
    fresh = trees_from(after, sources, 200.0)
    trees = mended(trees_from(before, sources, 200.0), before, after, 200.0)
    np.testing.assert_allclose(trees.time_s, fresh.time_s, atol=1e-9)


def test_mended_trees_can_be_mended_again() -> None:
    first = drawn_network(5)
    second, third = first.copy(), first.copy()
    second.data[:5] = third.data[:10] = np.inf
    sources = np.arange(40)
    trees = mended(trees_from(first, sources, 200.0), first, second, 200.0)
    fresh = times_from(third, sources, 200.0)
    np.testing.assert_allclose(mended(trees, second, third, 200.0).time_s, fresh, atol=1e-9)


def test_a_faster_road_cannot_be_mended() -> None:
    graph = drawn_network(2)
    faster = graph.copy()
    faster.data[:] /= 2
    with pytest.raises(ValueError, match="faster"):
        mended(trees_from(graph, np.arange(2), 200.0), graph, faster, 200.0)
