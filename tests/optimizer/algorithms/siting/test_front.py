from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.run import RunLimits, Status
from optimizer.algorithms.siting.blocks import BlockProgram, Effort, Part
from optimizer.algorithms.siting.choice import dense_choice
from optimizer.algorithms.siting.covering import count_covered, maximal_cover
from optimizer.algorithms.siting.front import Front, Trade, front, point
from optimizer.algorithms.siting.instance import LocationInstance, PlaneDistance
from optimizer.algorithms.siting.median import count_median
from optimizer.algorithms.siting.rules import Paid, Reaching
from optimizer.control import RunControl

TRADES: tuple[Trade, ...] = ("cover-cost", "cover-equity", "mean-max")


def control(**limits: float) -> RunControl:
    return RunControl(RunLimits.model_validate({"time_limit_s": 60.0, **limits}))


def drawn(seed: int, places: int, sites: int, count: int, *, whole: bool) -> LocationInstance:
    rng = np.random.default_rng(seed)
    at, to = (rng.integers(0, 30, (size, 2)).astype(np.float64) for size in (places, sites))
    weight = rng.integers(1, 9, places).astype(np.float64)
    cost = rng.integers(0, 9, sites).astype(np.float64)
    if not whole:
        weight, cost = weight + rng.uniform(0, 1, places), cost + rng.uniform(0, 1, sites)
    distance = PlaneDistance(at, to, "nearest" if whole else "none")
    return LocationInstance(distance, weight, count, 9.0, cost=cost)


def worth(instance: LocationInstance, trade: Trade, chosen: tuple[int, ...]) -> tuple[float, float]:
    """Return both objectives, each the smaller the better."""
    sites = np.array(chosen, dtype=np.intp)
    some = len(sites) > 0
    if trade == "mean-max":
        first = count_median(instance, sites) if some else np.inf
    else:
        first = -count_covered(instance, sites) if some else 0.0
    if trade == "cover-cost":
        assert instance.cost is not None
        return first, float(instance.cost[sites].sum())
    every = slice(None)
    return first, float(instance.distance.part(every, sites).min(axis=1).max()) if some else np.inf


def choices(instance: LocationInstance) -> Iterator[tuple[int, ...]]:
    may = np.setdiff1d(np.arange(instance.distance.shape[1]), instance.closed).tolist()
    for size in range(instance.count + 1):
        for chosen in combinations(may, size):
            if set(instance.opened.tolist()) <= set(chosen):
                yield chosen


def by_enumeration(instance: LocationInstance, trade: Trade) -> list[tuple[float, float]]:
    best: list[tuple[float, float]] = []
    pairs = {worth(instance, trade, chosen) for chosen in choices(instance)}
    for first, second in sorted(pairs, key=lambda pair: (round(pair[0], 6), pair[1])):
        if not best or second < best[-1][1] - 1e-9:
            best.append((first, second))
    return [pair for pair in best if np.isfinite(pair[0]) and np.isfinite(pair[1])]


def as_pairs(found: Front, trade: Trade) -> list[tuple[float, float]]:
    sign = 1.0 if trade == "mean-max" else -1.0
    return [(sign * one.first, one.second) for one in found.points]


@pytest.mark.parametrize("trade", TRADES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 4), whole=st.booleans())
def test_every_point_of_the_front_is_there_and_no_other(
    trade: Trade, seed: int, count: int, whole: bool
) -> None:
    instance = drawn(seed, 14, 8, count, whole=whole)
    found = front(instance, trade, control())
    assert found.status is Status.OPTIMAL
    expected = by_enumeration(instance, trade)
    assert len(found.points) == len(expected)
    assert np.array(as_pairs(found, trade)) == pytest.approx(np.array(expected), rel=1e-9)


@pytest.mark.parametrize("trade", TRADES)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_open_sites_stay_and_closed_ones_stay_away_along_the_front(trade: Trade, seed: int) -> None:
    instance = replace(
        drawn(seed, 14, 8, 4, whole=True), opened=np.array([2, 5]), closed=np.array([0, 1])
    )
    found = front(instance, trade, control())
    for one in found.points:
        assert {2, 5} <= set(one.chosen)
        assert not {0, 1} & set(one.chosen)
    assert as_pairs(found, trade) == by_enumeration(instance, trade)


def by_arrays(instance: LocationInstance, trade: Trade) -> list[tuple[float, float]]:
    """Return the front over all choices of ``count`` sites or fewer, all at once."""
    assert instance.cost is not None
    assert instance.radius is not None
    far = instance.distance.part(slice(None), slice(None))
    best: list[tuple[float, float]] = []
    firsts, seconds = [np.zeros(1)], [np.zeros(1)]  # nothing is open
    for size in range(1, instance.count + 1):
        some = np.array([*combinations(range(far.shape[1]), size)])
        nearest = far[:, some].min(axis=2)
        mean_max = trade == "mean-max"
        counted = nearest if mean_max else -(nearest <= instance.radius).astype(np.float64)
        firsts.append(instance.weight @ counted)
        seconds.append(
            instance.cost[some].sum(axis=1) if trade == "cover-cost" else nearest.max(axis=0)
        )
    start = 0 if trade == "cover-cost" else 1
    first, second = np.concatenate(firsts[start:]), np.concatenate(seconds[start:])
    for at in np.lexsort((second, first)):
        if not best or second[at] < best[-1][1]:
            best.append((float(first[at]), float(second[at])))
    return best


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("seed", [2, 3])
def test_the_front_of_some_thousand_choices_is_whole(trade: Trade, seed: int) -> None:
    rng = np.random.default_rng(seed)
    at, to = (rng.integers(0, 300, (size, 2)).astype(np.float64) for size in (70, 24))
    weight, cost = (rng.integers(1, 99, size).astype(np.float64) for size in (70, 24))
    instance = LocationInstance(PlaneDistance(at, to, "nearest"), weight, 4, 60.0, cost=cost)
    found = front(instance, trade, control())
    assert as_pairs(found, trade) == by_arrays(instance, trade)


def test_with_sites_of_one_cost_the_front_holds_the_best_cover_of_every_number() -> None:
    rng = np.random.default_rng(2)
    to, at = rng.uniform(0, 30, (50, 2)), rng.uniform(0, 30, (3000, 2))
    weight = rng.integers(1, 101, 3000).astype(np.float64)
    instance = LocationInstance(PlaneDistance(at, to), weight, 14, 5.5, cost=np.ones(50))
    found = front(instance, "cover-cost", control())
    assert [one.second for one in found.points] == list(range(14, -1, -1))
    for one in found.points[:4]:
        asked = replace(instance, count=int(one.second))
        assert one.first == maximal_cover(asked, control()).objective


@pytest.mark.parametrize("trade", TRADES)
def test_a_few_points_are_points_of_the_whole_front_and_hold_its_ends(trade: Trade) -> None:
    instance = drawn(3, 30, 9, 4, whole=True)
    every = as_pairs(front(instance, trade, control()), trade)
    some = as_pairs(front(instance, trade, control(), points=4), trade)
    assert len(some) <= 5
    assert set(some) <= set(every)
    assert {every[0], every[-1]} <= set(some)


@pytest.mark.parametrize("trade", TRADES)
def test_a_front_ended_early_says_so_and_keeps_what_is_proved(trade: Trade) -> None:
    instance = drawn(3, 30, 9, 4, whole=True)
    found = front(instance, trade, control(node_limit=0))
    assert found.status in {Status.FEASIBLE, Status.UNKNOWN}
    proved = {
        pair
        for pair, one in zip(as_pairs(found, trade), found.points, strict=True)
        if one.status is Status.OPTIMAL
    }
    assert proved <= set(by_enumeration(instance, trade))


@pytest.mark.parametrize("trade", TRADES)
def test_a_point_alone_is_the_fronts_under_its_limit(trade: Trade) -> None:
    instance = drawn(5, 20, 9, 3, whole=True)
    for one in front(instance, trade, control()).points:
        alone = point(instance, trade, control(), limit=one.second)
        assert alone is not None
        assert (alone.first, alone.second, alone.status) == (one.first, one.second, Status.OPTIMAL)


def test_there_is_no_point_where_the_farthest_place_is_nearer_than_any_site() -> None:
    assert point(drawn(5, 20, 9, 3, whole=True), "mean-max", control(), limit=0.5) is None


def test_of_choices_that_cover_as_much_the_cheapest_is_the_point() -> None:
    """Every site covers the one place: only its cost tells them apart."""
    places, sites = np.zeros((1, 2)), np.zeros((40, 2))
    cost = (1 + np.random.default_rng(1).permutation(40)).astype(np.float64)
    instance = LocationInstance(PlaneDistance(places, sites), np.ones(1), 3, 1.0, cost=cost)
    found = front(instance, "cover-cost", control())
    assert as_pairs(found, "cover-cost") == [(-1.0, 1.0), (0.0, 0.0)]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), whole=st.booleans())
def test_what_rounding_and_covers_say_of_a_budget_holds_for_all_it_pays(
    seed: int, *, whole: bool
) -> None:
    rng = np.random.default_rng(seed)
    price = rng.integers(1, 30, 9).astype(np.float64)
    price = price if whole else price + rng.uniform(0, 1, 9)
    limit = float(rng.uniform(5, 0.8 * price.sum()))
    rule = Paid(dense_choice(np.ones((1, 9)), np.ones(1), 9), price, step=1.0 if whole else None)
    every = np.array([*product([0.0, 1.0], repeat=9)])
    paid = every[every @ price <= limit]
    rows = [rule.rows(limit)]
    rows += [
        found
        for _ in range(5)
        if (found := rule.missed(limit, rng.uniform(0, 1, 9).round())) is not None
    ]
    for some in rows:
        assert (some.matrix @ paid.T <= some.upper[:, None] + 1e-9).all()


def test_the_hardest_places_stand_for_all() -> None:
    instance = drawn(3, 40, 7, 3, whole=True)
    far = instance.distance.part(slice(None), slice(None))
    choice = dense_choice(far, np.full(40, 99.0), 3)
    rule = Reaching(instance, choice, np.arange(7), np.full(40, np.inf))
    for limit in (6.0, 12.0, 18.0):
        rows = rule.rows(limit)
        more = rule.missed(limit, np.zeros(7))
        posed = np.vstack([rows.matrix.toarray(), *([more.matrix.toarray()] if more else [])])
        for sites in choices(instance):
            chosen = np.zeros(7)
            chosen[list(sites)] = 1.0
            kept = rule.missed(limit, chosen) is None and (posed @ chosen >= 1.0).all()
            within = len(sites) > 0 and far[:, list(sites)].min(axis=1).max() <= limit
            assert kept == within


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), whole=st.booleans())
def test_a_bound_on_choices_of_so_many_sites_holds_for_each_of_them(
    seed: int, *, whole: bool
) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 20, (30, 9)).astype(np.float64)
    cost += 0.0 if whole else rng.uniform(0, 1, (30, 9))
    choice = dense_choice(cost, rng.uniform(5, 25, 30), 5)
    program = BlockProgram(choice, rng.integers(0, 6, 30), control())
    for fewest, most in ((0, 5), (2, 3), (4, 5), (0, 1), (3, 3)):
        with_site, without = rng.permutation(9)[:2]
        lower, upper = np.arange(9) == with_site, np.arange(9) != without
        part = Part(lower, upper, fewest, most)
        found = program.bound(part, Effort(np.inf, 20, 0.0), lambda share: None)
        assert found is not None
        values = [
            choice.value(np.array(sites))
            for size in range(max(1, fewest), most + 1)
            for sites in combinations(np.flatnonzero(upper).tolist(), size)
            if with_site in sites
        ]
        assert found.bound <= min(values) + 1e-6


def test_few_nodes_are_opened_where_money_pays_for_no_whole_number_of_sites() -> None:
    """Splitting by the number of sites takes about a hundred nodes; by sites alone, twice that."""
    nodes = 0
    for seed in (1, 4, 5):
        rng = np.random.default_rng(seed)
        to, at = rng.uniform(0, 30, (50, 2)), rng.uniform(0, 30, (3000, 2))
        weight = rng.integers(1, 101, 3000).astype(np.float64)
        cost = rng.integers(50, 151, 50).astype(np.float64)
        instance = LocationInstance(PlaneDistance(at, to), weight, 8, 5.5, cost=cost)
        found = front(instance, "cover-cost", control(), points=12)
        assert found.status is Status.OPTIMAL
        nodes += found.work.nodes
    assert nodes < 550
