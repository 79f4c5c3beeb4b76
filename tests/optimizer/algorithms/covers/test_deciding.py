"""Whether few sites are enough, against all choices of small instances."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.run import RunLimits
from optimizer.algorithms.covers import few_enough, greatest, least
from optimizer.algorithms.siting.choice import BoolArray
from optimizer.algorithms.siting.reductions import Cover
from optimizer.algorithms.siting.set_cover import set_cover
from optimizer.control import RunControl


def drawn(seed: int, places: int, sites: int) -> BoolArray:
    rng = np.random.default_rng(seed)
    reaches = rng.random((places, sites)) < rng.uniform(0.1, 0.5)
    reaches[np.arange(places), rng.integers(0, sites, places)] = True
    return reaches


def plane(seed: int, places: int, radius: float) -> BoolArray:
    points = np.random.default_rng(seed).random((places, 2))
    return np.asarray(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) <= radius)


def fewest(reaches: BoolArray) -> int:
    for size in range(1, reaches.shape[1] + 1):
        for some in combinations(range(reaches.shape[1]), size):
            if reaches[:, some].any(axis=1).all():
                return size
    raise AssertionError


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([0.0, 0.1, 0.4, 3.0]))
def test_few_sites_are_found_where_all_choices_have_them(seed: int, scale: float) -> None:
    reaches = drawn(seed, 14, 12)
    dual = scale * np.random.default_rng(seed).random(14)
    best = fewest(reaches)
    for most in range(1, best + 2):
        found = few_enough(reaches, most, dual, lambda: False, nodes=10**6)
        assert found.settled
        assert (found.sites is not None) == (most >= best)
        if found.sites is not None:
            assert len(found.sites) <= most
            assert reaches[:, found.sites].any(axis=1).all()


@pytest.mark.parametrize("seed", range(4))
def test_places_in_a_plane_are_decided_as_the_whole_search_does(seed: int) -> None:
    reaches = plane(seed, 150, 0.2)
    whole = set_cover(Cover(reaches, np.ones(150)), RunControl(RunLimits()))
    assert whole.objective is not None
    best = int(whole.objective)
    for most in (best - 1, best):
        found = few_enough(reaches, most, np.full(150, 0.02), lambda: False, nodes=10**6)
        assert found.settled
        assert (found.sites is not None) == (most == best)
    again = few_enough(reaches, best - 1, np.full(150, 0.02), lambda: False, nodes=10**6)
    assert (
        again.nodes
        == few_enough(reaches, best - 1, np.full(150, 0.02), lambda: False, nodes=10**6).nodes
    )


def test_a_search_that_is_stopped_or_short_of_nodes_says_nothing() -> None:
    reaches = plane(1, 200, 0.17)
    assert not few_enough(reaches, 14, np.zeros(200), lambda: True, nodes=10**6).settled
    short = few_enough(reaches, 14, np.zeros(200), lambda: False, nodes=3)
    assert (short.sites, short.settled, short.nodes) == (None, False, 3)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 100_000))
def test_rows_are_dropped_for_what_contains_them_or_what_they_contain(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.random((rng.integers(1, 12), rng.integers(1, 8))) < rng.random()
    cost = rng.integers(1, 3, len(rows)).astype(np.float64)
    both = [(a, b) for a in range(len(rows)) for b in range(len(rows)) if a != b]
    inside = [(a, b) for a, b in both if not (rows[a] & ~rows[b]).any()]
    same = {(a, b) for a, b in inside if (rows[a] == rows[b]).all()}
    replaced = {
        a
        for a, b in inside
        if cost[b] < cost[a] or (cost[a] == cost[b] and ((a, b) not in same or b < a))
    }
    implied = {b for a, b in inside if (a, b) not in same or a < b}
    every = set(range(len(rows)))
    assert set(np.flatnonzero(greatest(rows, cost)).tolist()) == every - replaced
    assert set(np.flatnonzero(least(rows)).tolist()) == every - implied
