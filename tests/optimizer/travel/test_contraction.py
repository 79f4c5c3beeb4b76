"""Times over the nodes that are left, against a search over all of them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.travel.roads.contraction import Contraction, pays
from optimizer.travel.roads.shortest import times_from

FAR_S = 1e7


def roads(seed: int, *, crossings: int = 12, bends: int = 4, oneway: float = 0.3) -> csr_array:
    """Return crossings joined by roads of several bends, some of them one way, some closed."""
    rng = np.random.default_rng(seed)
    tail, head = [], []
    count = crossings
    for _ in range(2 * crossings):
        first, last = rng.integers(0, crossings, 2).tolist()
        stops = [first, *range(count, count + bends), last]
        count += bends
        pairs = list(pairwise(stops))
        if rng.random() > oneway:
            pairs += [(to, at) for at, to in pairs]
        tail += [at for at, _ in pairs]
        head += [to for _, to in pairs]
    seconds = rng.integers(0, 9, len(tail)).astype(np.float64)
    seconds[rng.random(len(tail)) < 0.03] = np.inf
    arcs, first_of = np.unique(np.array([tail, head]), axis=1, return_index=True)
    return csr_array((seconds[first_of], arcs), shape=(count, count))


@given(st.integers(0, 10_000), st.sampled_from([FAR_S, 40.0, 5.0]))
def test_times_are_those_of_a_search_over_all_nodes(seed: int, cutoff_s: float) -> None:
    graph = roads(seed)
    sources = np.random.default_rng(seed).choice(graph.shape[0], 20, replace=False)
    small = Contraction.of(graph, sources)
    whole = dijkstra(graph, indices=sources, limit=cutoff_s)
    np.testing.assert_array_equal(small.times(sources, cutoff_s), whole)  # whole seconds


def test_bends_are_taken_out_and_sources_are_not() -> None:
    graph = roads(3, crossings=200)
    sources = np.arange(graph.shape[0] - 20, graph.shape[0])
    small = Contraction.of(graph, sources)
    assert len(small.nodes) < graph.shape[0] / 4
    assert small.graph.nnz < graph.nnz / 2
    assert set(sources.tolist()) <= set(small.nodes.tolist())


@pytest.mark.parametrize("cutoff_s", [FAR_S, 60.0])
def test_many_sources_find_what_each_finds_alone(cutoff_s: float) -> None:
    graph = roads(5, crossings=60)
    sources = np.arange(30)
    alone = np.concatenate([times_from(graph, sources[i : i + 1], cutoff_s) for i in range(30)])
    np.testing.assert_array_equal(times_from(graph, sources, cutoff_s), alone)


def test_a_grid_of_streets_is_left_as_it_is() -> None:
    at = np.arange(400).reshape(20, 20)
    pairs = np.concatenate(
        [
            np.stack([at[:, :-1].ravel(), at[:, 1:].ravel()], 1),
            np.stack([at[:-1].ravel(), at[1:].ravel()], 1),
        ]
    )
    both = np.concatenate([pairs, pairs[:, ::-1]])
    graph = csr_array((np.ones(len(both)), both.T), shape=(400, 400))
    assert not pays(graph)
    assert pays(roads(1))
