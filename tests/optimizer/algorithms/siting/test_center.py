from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.catalog import available, load
from models.run import RunLimits, Status
from models.travel import ByMatrix
from optimizer.algorithms.siting.center import count_center, p_center
from optimizer.algorithms.siting.instance import GivenDistance, LocationInstance, PlaneDistance
from optimizer.control import RunControl


def control(seconds: float = 30.0) -> RunControl:
    return RunControl(RunLimits(time_limit_s=seconds))


def plane(seed: int, places: int, count: int, *, most: int = 1) -> LocationInstance:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 1000, (places, 2)).astype(np.float64)
    weight = rng.integers(1, most + 1, places).astype(np.float64)
    return LocationInstance(PlaneDistance(points, points), weight, count)


def by_enumeration(instance: LocationInstance) -> float:
    sites = np.setdiff1d(np.arange(instance.distance.shape[1]), instance.closed)
    return min(
        count_center(instance, np.array(chosen))
        for chosen in combinations(sites.tolist(), instance.count)
        if set(instance.opened.tolist()) <= set(chosen)
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.sampled_from([1, 9]))
def test_no_choice_of_sites_has_a_nearer_farthest_place(seed: int, count: int, most: int) -> None:
    instance = plane(seed, 13, count, most=most)
    found = p_center(instance, control())
    assert found.status is Status.OPTIMAL
    assert found.objective == found.bound == by_enumeration(instance)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_open_sites_stay_and_closed_ones_stay_away(seed: int, count: int) -> None:
    whole = plane(seed, 13, count)
    instance = LocationInstance(
        whole.distance, whole.weight, count, None, np.array([2, 5]), np.array([0, 1])
    )
    found = p_center(instance, control())
    assert {2, 5} <= set(found.chosen)
    assert not {0, 1} & set(found.chosen)
    assert found.objective == by_enumeration(instance)


def test_a_search_stopped_at_once_still_tells_a_true_bound() -> None:
    instance = plane(1, 150, 6)
    stopped, proved = p_center(instance, control(0.02)), p_center(instance, control())
    assert proved.status is Status.OPTIMAL
    assert proved.objective is not None
    assert stopped.objective is not None
    assert stopped.bound is not None
    assert stopped.bound <= proved.objective <= stopped.objective


@pytest.mark.parametrize("name", ["pmed1-center", "pmed21-center", "pmed25-center"])
def test_published_centers_are_reproduced_and_proved(name: str) -> None:
    if name not in available():
        pytest.skip("no published p-centers; set MUSTER_DATA to the folder of published data")
    request, known = load(name)
    assert isinstance(request.travel, ByMatrix)
    matrix = np.array(request.travel.scenarios[0].travel_time_s, dtype=np.float64)
    count = request.new_stations["station"].max
    assert count is not None
    found = p_center(
        LocationInstance(GivenDistance(matrix), np.ones(len(matrix)), count), control()
    )
    assert (found.status, found.objective) == (Status.OPTIMAL, known.value)


def test_radii_refuted_one_after_the_other_are_followed_by_larger_steps() -> None:
    """With steps that stay small, 91 radii are decided on these three."""
    decided = 0
    for seed in (1, 2, 3):
        rng = np.random.default_rng(seed)
        places, sites = rng.uniform(0, 30, (2000, 2)), rng.uniform(0, 30, (60, 2))
        instance = LocationInstance(PlaneDistance(places, sites), np.ones(2000), 8)
        found = p_center(instance, control())
        assert found.status is Status.OPTIMAL
        decided += found.work.nodes
    assert decided < 85
