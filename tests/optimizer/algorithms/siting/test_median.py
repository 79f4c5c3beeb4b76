from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.catalog import available, load
from instances.readers import or_library_pmed
from models.run import RunLimits, Status
from models.travel import ByMatrix
from optimizer.algorithms.siting import median, search
from optimizer.algorithms.siting.choice import dense_choice
from optimizer.algorithms.siting.instance import GivenDistance, LocationInstance, PlaneDistance
from optimizer.algorithms.siting.lagrangian import bound_at
from optimizer.algorithms.siting.median import count_median, near_choice, p_median
from optimizer.algorithms.siting.swap import greedy, interchange
from optimizer.control import RunControl


def control(seconds: float = 30.0) -> RunControl:
    return RunControl(RunLimits(time_limit_s=seconds))


def plane(seed: int, places: int, count: int) -> LocationInstance:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 1000, (places, 2)).astype(np.float64)
    weight = rng.integers(1, 101, places).astype(np.float64)
    return LocationInstance(PlaneDistance(points, points, "nearest"), weight, count)


def by_enumeration(instance: LocationInstance) -> float:
    sites = np.setdiff1d(np.arange(instance.distance.shape[1]), instance.closed)
    return min(
        count_median(instance, np.array(chosen))
        for chosen in combinations(sites.tolist(), instance.count)
        if set(instance.opened.tolist()) <= set(chosen)
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_choice_of_sites_is_nearer(seed: int, count: int) -> None:
    instance = plane(seed, 14, count)
    found = p_median(instance, control())
    assert found.status is Status.OPTIMAL
    assert found.objective == found.bound == by_enumeration(instance)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_open_sites_stay_and_closed_ones_stay_away(seed: int) -> None:
    whole = plane(seed, 14, 4)
    instance = LocationInstance(
        whole.distance, whole.weight, 4, None, np.array([2, 5]), np.array([0, 1])
    )
    found = p_median(instance, control())
    assert {2, 5} <= set(found.chosen)
    assert not {0, 1} & set(found.chosen)
    assert found.objective == by_enumeration(instance)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_any_multipliers_bound_every_choice_of_the_whole_matrix(seed: int, count: int) -> None:
    instance = plane(seed, 60, count)
    choice, whole = near_choice(instance)
    rng = np.random.default_rng(seed)
    value, _, _ = bound_at(choice, rng.uniform(0.0, 1.0, 60) * choice.cap)
    sites = interchange(choice, rng.choice(60, count, replace=False), lambda: False)
    assert whole
    assert value <= count_median(instance, sites)


def test_near_sites_by_a_tree_of_points_are_those_of_the_whole_matrix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for rounding in ("none", "nearest", "down"):
        rng = np.random.default_rng(len(rounding))
        points = rng.uniform(0, 100, (150, 2))
        weight = rng.integers(1, 9, 150).astype(np.float64)
        instance = LocationInstance(PlaneDistance(points, points, rounding), weight, 90)
        monkeypatch.setattr(median, "_SPARSE", 1)
        by_tree, whole = near_choice(instance)
        monkeypatch.setattr(median, "_SPARSE", 1000)
        by_matrix, same = near_choice(instance)
        assert whole == same
        assert (by_tree.cap <= by_matrix.cap + 1e-9).all()
        assert by_tree.cap == pytest.approx(by_matrix.cap, rel=1e-9)
        served = np.arange(0, 150, 7)
        cap = by_tree.cap
        assert by_tree.served(served).tolist() == by_matrix.within(cap).served(served).tolist()
        owner = by_matrix.owner[by_matrix.cost < cap[by_matrix.place]]
        assert np.bincount(owner, minlength=150).tolist() == np.diff(by_tree.start).tolist()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_greedy_takes_what_then_saves_most(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    choice = dense_choice(rng.integers(0, 9, (12, 9)).astype(np.float64), np.full(12, 8.0), count)
    taken: list[int] = []
    for site in greedy(choice).tolist():
        rest = np.setdiff1d(np.arange(9), taken)
        values = [choice.value(np.array([*taken, one])) for one in rest.tolist()]
        assert site == rest[int(np.argmin(values))]
        taken.append(site)
    assert len(taken) == count


def test_a_tree_made_anew_proves_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_FEWER", 9.0)
    nodes = 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        matrix = rng.integers(1, 60, (24, 16)).astype(np.float64)
        instance = LocationInstance(GivenDistance(matrix), np.ones(24), 4)
        found = p_median(instance, control())
        assert found.objective == found.bound == by_enumeration(instance)
        nodes += found.work.nodes
    assert nodes > 0


def test_real_distances_are_proved_to_rounding() -> None:
    points = np.random.default_rng(1).uniform(0, 100, (40, 2))
    instance = LocationInstance(PlaneDistance(points, points), np.ones(40), 3)
    found = p_median(instance, control())
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(by_enumeration(instance), rel=1e-12)


def test_scaling_all_distances_scales_the_median() -> None:
    instance = plane(5, 60, 5)
    matrix = instance.distance.part(slice(None), slice(None))
    thrice = LocationInstance(GivenDistance(3.0 * matrix), instance.weight, 5)
    found, scaled = p_median(instance, control()), p_median(thrice, control())
    assert found.objective is not None
    assert scaled.objective == 3.0 * found.objective


def test_improvements_are_told_and_only_ever_improve() -> None:
    told = p_median(plane(6, 120, 6), control()).incumbents
    assert told
    values = [one.objective for one in told]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("name", ["pmed1", "pmed7", "pmed20"])
def test_published_medians_are_reproduced_and_proved(name: str) -> None:
    if name not in available():
        pytest.skip("no published p-medians; set MUSTER_DATA to the folder of published data")
    request, known = load(name)
    assert isinstance(request.travel, ByMatrix)
    matrix = np.array(request.travel.scenarios[0].travel_time_s, dtype=np.float64)
    count = request.new_stations["station"].max
    assert count is not None
    found = p_median(
        LocationInstance(GivenDistance(matrix), np.ones(len(matrix)), count), control()
    )
    assert (found.status, found.objective) == (Status.OPTIMAL, known.value)
    assert or_library_pmed.sum_of_distances(request, 1.0) == len(matrix)


@pytest.mark.parametrize("seed", range(3))
def test_without_cuts_the_bound_climbs_anew_and_the_optimum_is_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = plane(seed, 40, 3)
    expected = by_enumeration(instance)
    monkeypatch.setattr(search, "_MOST_CUT", 0)
    monkeypatch.setattr(search, "_ROOT_STEPS", 20)
    found = p_median(instance, control())
    assert found.status is Status.OPTIMAL
    assert found.objective == found.bound == expected
    assert found.work.steps > 20, "the root was not bounded a second time"


def test_changes_near_a_place_find_what_a_bad_choice_lacks() -> None:
    instance = plane(4, 40, 3)
    choice, whole = near_choice(instance)

    def cost(sites: np.ndarray) -> float:
        return count_median(instance, sites)

    looking = search.Search(search.Question(choice, cost, lambda cost: cost, whole), control())
    every = np.arange(len(choice.site))
    looking.judge(np.array([0, 1, 2]))
    looking._change(np.random.default_rng(0), choice, every, np.array([0, 1, 2]))
    assert looking.cost == by_enumeration(instance)
