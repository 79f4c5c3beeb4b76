from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.algorithms.covers import half_cuts, lighter_cover, nearest_capped
from optimizer.algorithms.siting.choice import BoolArray, FloatArray, IndexArray
from optimizer.algorithms.siting.reductions import Cover, count_cover, greedy_cover


def drawn(seed: int, places: int = 12, sites: int = 10) -> BoolArray:
    rng = np.random.default_rng(seed)
    reaches = rng.random((places, sites)) < 0.3
    reaches[np.arange(places), rng.integers(0, sites, places)] = True
    return reaches


def covers(reaches: BoolArray) -> FloatArray:
    every = np.array([*product((0.0, 1.0), repeat=reaches.shape[1])])
    return every[(every @ reaches.T >= 1.0).all(axis=1)]


def walked(reaches: BoolArray, cost: FloatArray, *, seed: int = 0) -> IndexArray:
    start = greedy_cover(Cover(reaches, cost), cost)
    return lighter_cover(reaches, cost, start, lambda: False, steps=2000, seed=seed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_a_walk_ends_at_a_cheapest_cover_of_a_small_instance(seed: int, unit: bool) -> None:
    reaches = drawn(seed)
    cost = np.ones(10) if unit else np.random.default_rng(seed).integers(1, 9, 10) / 7.0
    found = count_cover(Cover(reaches, cost), walked(reaches, cost))
    assert found == pytest.approx((covers(reaches) @ cost).min())


def test_a_walk_is_the_same_each_time_and_ends_at_what_is_enough() -> None:
    reaches, cost = drawn(3, 60, 40), np.ones(40)
    found = walked(reaches, cost, seed=5)
    assert walked(reaches, cost, seed=5).tolist() == found.tolist()
    every = np.arange(40)
    some = lighter_cover(reaches, cost, every, lambda: False, steps=2000, seed=0, enough=20.0)
    assert len(found) < len(some) <= 20
    assert reaches[:, some].any(axis=1).all()


def test_a_walk_that_is_stopped_gives_its_start_back() -> None:
    every = np.arange(40)
    found = lighter_cover(drawn(3, 60, 40), np.ones(40), every, lambda: True, steps=9, seed=0)
    assert found.tolist() == every.tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_every_cover_keeps_the_cuts_that_shares_break(seed: int) -> None:
    reaches = drawn(seed)
    share = np.minimum(1.0, np.random.default_rng(seed).integers(0, 3, 10) / 2.0)
    share += np.where((reaches @ share < 1.0) @ reaches, 0.5, 0.0)
    share = np.minimum(share, 1.0)
    cuts, least = half_cuts(reaches, share, most=20)
    assert (covers(reaches) @ cuts.toarray().T >= least).all()
    assert (cuts @ share < least).all()


def test_three_places_of_which_two_share_a_site_each_need_two_sites() -> None:
    reaches = np.array([[True, True, False], [False, True, True], [True, False, True]])
    cuts, least = half_cuts(reaches, np.full(3, 0.5), most=5)
    assert cuts.toarray().tolist() == [[1.0, 1.0, 1.0]]
    assert least.tolist() == [2.0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(0, 32), st.floats(1e-6, 1e3))
def test_shares_are_nearest_of_those_that_sum_to_a_count(
    seed: int, size: int, count: int, scale: float
) -> None:
    values = scale * np.random.default_rng(seed).normal(size=size)
    found = nearest_capped(values, count)
    assert ((found >= 0.0) & (found <= 1.0)).all()
    assert found.sum() == pytest.approx(min(size, count), abs=1e-9 * max(1.0, scale))
    # Nearest: what lies between none and one was lowered by as much everywhere.
    inside = (found > 0.0) & (found < 1.0)
    if 0 < count < size and inside.any():
        level = (values - found)[inside]
        assert np.ptp(level) <= 1e-9 * max(1.0, scale)
        assert (values[found >= 1.0] >= level.min() + 1.0 - 1e-9 * max(1.0, scale)).all()
        assert (values[found <= 0.0] <= level.max() + 1e-9 * max(1.0, scale)).all()
