from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.run import RunLimits, Status
from optimizer.algorithms.siting import search
from optimizer.algorithms.siting.covering import (
    count_covered,
    cover_choice,
    maximal_cover,
    reached,
)
from optimizer.algorithms.siting.instance import GivenDistance, LocationInstance, PlaneDistance
from optimizer.algorithms.siting.program import settle_covering
from optimizer.algorithms.siting.raster import grouped, reached_sets
from optimizer.control import RunControl
from optimizer.coverage import pack


def control(**limits: float) -> RunControl:
    return RunControl(RunLimits.model_validate({"time_limit_s": 30.0, **limits}))


def plane(seed: int, places: int, sites: int, count: int, radius: float) -> LocationInstance:
    rng = np.random.default_rng(seed)
    distance = PlaneDistance(rng.uniform(0, 30, (places, 2)), rng.uniform(0, 30, (sites, 2)))
    weight = rng.integers(1, 101, places).astype(np.float64)
    return LocationInstance(distance, weight, count, radius)


def by_enumeration(instance: LocationInstance) -> float:
    sites = np.setdiff1d(np.arange(instance.distance.shape[1]), instance.closed)
    return max(
        count_covered(instance, np.array(chosen))
        for chosen in combinations(sites.tolist(), instance.count)
        if set(instance.opened.tolist()) <= set(chosen)
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.floats(0.01, 20.0))
@example(1, 2, 0.001)  # no site reaches anything
def test_no_choice_of_sites_covers_more(seed: int, count: int, radius: float) -> None:
    instance = plane(seed, 60, 9, count, radius)
    found = maximal_cover(instance, control())
    assert found.status is Status.OPTIMAL
    assert found.objective == found.bound == by_enumeration(instance)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_a_program_settles_what_the_tree_leaves(seed: int, count: int) -> None:
    instance = plane(seed, 60, 12, count, 7.0)
    found = reached(instance, 7.0)
    total = float(found.weight.sum())
    sites, bound = settle_covering(cover_choice(found, 12, count), control(), near=0.5)
    assert sites is not None
    assert count_covered(instance, sites) == by_enumeration(instance)
    assert total - bound == pytest.approx(by_enumeration(instance), abs=0.5)


def test_a_tree_of_no_nodes_ends_in_a_proof_by_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_FEW_NODES", 0)
    monkeypatch.setattr(search, "_ROOT_STEPS", 3)
    asked: list[int] = []

    def settle(*given: Any, **more: Any) -> Any:
        asked.append(1)
        return settle_covering(*given, **more)

    monkeypatch.setattr(search, "settle_covering", settle)
    instance = plane(3, 300, 14, 5, 5.0)
    found = maximal_cover(instance, control())
    assert asked
    assert found.status is Status.OPTIMAL
    assert found.objective == found.bound == by_enumeration(instance)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_open_sites_stay_and_closed_ones_stay_away(seed: int) -> None:
    whole = plane(seed, 60, 9, 4, 6.0)
    instance = LocationInstance(
        whole.distance, whole.weight, 4, 6.0, np.array([2, 5]), np.array([0, 1])
    )
    found = maximal_cover(instance, control())
    assert {2, 5} <= set(found.chosen)
    assert not {0, 1} & set(found.chosen)
    assert found.objective == by_enumeration(instance)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([3, 70, 130]), st.floats(0.05, 40.0))
def test_drawing_circles_groups_points_as_measuring_each_pair_does(
    seed: int, sites: int, radius: float
) -> None:
    instance = plane(seed, 3000, sites, 1, radius)
    distance = instance.distance
    assert isinstance(distance, PlaneDistance)
    away = distance.places[:, None] - distance.sites[None]
    within = (away[:, :, 0] ** 2 + away[:, :, 1] ** 2) <= radius**2
    drawn = reached_sets(distance.places, instance.weight, distance.sites, radius)
    measured = grouped(pack(within), instance.weight)
    assert as_dict(drawn.sets, drawn.weight) == as_dict(measured.sets, measured.weight)
    assert drawn.unreached == measured.unreached


def as_dict(sets: np.ndarray, weight: np.ndarray) -> dict[bytes, float]:
    return {row.tobytes(): float(one) for row, one in zip(sets, weight, strict=True)}


def test_points_on_a_circle_count_as_covered() -> None:
    places = np.array([[3.0, 4.0], [3.0, 4.0 + 1e-9], [0.0, 0.0]])
    instance = LocationInstance(
        PlaneDistance(places, np.array([[0.0, 0.0]])), np.array([1.0, 2.0, 4.0]), 1, 5.0
    )
    assert maximal_cover(instance, control()).objective == 5.0


def test_a_matrix_and_its_plane_give_the_same_cover() -> None:
    instance = plane(4, 200, 20, 3, 5.0)
    given_matrix = LocationInstance(
        GivenDistance(instance.distance.part(slice(None), slice(None))), instance.weight, 3, 5.0
    )
    assert (
        maximal_cover(instance, control()).objective
        == maximal_cover(given_matrix, control()).objective
    )


def test_a_search_stopped_at_once_still_tells_a_true_bound() -> None:
    instance = plane(1, 20_000, 60, 12, 3.0)
    stopped = maximal_cover(instance, control(time_limit_s=0.05))
    proved = maximal_cover(instance, control())
    assert proved.status is Status.OPTIMAL
    assert stopped.objective is not None
    assert stopped.bound is not None
    assert stopped.objective <= proved.objective <= stopped.bound


def test_the_same_seed_does_the_same_work() -> None:
    instance = plane(2, 20_000, 60, 12, 3.0)
    first, second = (maximal_cover(instance, control()) for _ in range(2))
    assert (first.chosen, first.work) == (second.chosen, second.work)


def test_more_sites_than_there_are_is_infeasible() -> None:
    assert maximal_cover(plane(1, 10, 3, 4, 5.0), control()).status is Status.INFEASIBLE


def test_fractional_weights_are_proved_to_rounding() -> None:
    whole = plane(3, 100, 10, 3, 5.0)
    instance = LocationInstance(whole.distance, whole.weight / 7.0, 3, 5.0)
    found = maximal_cover(instance, control())
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(by_enumeration(instance), rel=1e-12)


def test_points_out_of_every_reach_leave_nothing_to_cover() -> None:
    away = PlaneDistance(np.full((3, 2), 9.0), np.zeros((4, 2)))
    found = maximal_cover(LocationInstance(away, np.ones(3), 2, 1.0), control())
    assert (found.status, found.objective, found.bound) == (Status.OPTIMAL, 0.0, 0.0)
