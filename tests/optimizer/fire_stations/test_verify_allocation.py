"""Allocations kept in the store: read, held against the count, and refused where broken."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.datasets import Store
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import Json, failed, plan_of, request_of

STATIONS = ("A:city", "B:small", "C:city")
REQUEST = request_of()


def _in_store(store: Store, sites: list[str], points: list[str], times: list[float]) -> Json:
    name = store.add_arrays(
        {
            "point_id": np.array(points),
            "site_id": np.array(sites),
            "response_time_s": np.array(times),
        }
    )
    return {
        "scenario_id": "peak",
        "nearest_site": {"sha256": name},
        "response_time_s": {"sha256": name},
    }


def test_an_allocation_is_read_from_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    points, times = ["p1", "p2", "p3", "p4"], [160.0, 260.0, 160.0, 310.0]
    right = _in_store(store, ["A", "B", "C", "C"], points, times)
    assert failed(verify(REQUEST, plan_of(*STATIONS, allocation=[right]), store)) == set()
    turned = _in_store(store, ["C", "C", "B", "A"], points[::-1], times[::-1])
    assert failed(verify(REQUEST, plan_of(*STATIONS, allocation=[turned]), store)) == set()
    wrong = _in_store(store, ["A", "B", "C", "B"], points, [*times[:3], 560.0])
    assert failed(verify(REQUEST, plan_of(*STATIONS, allocation=[wrong]), store)) == {
        ("allocation", "plan.allocation[0]"),
        ("allocation.response_time", "plan.allocation[0].response_time_s"),
    }
    twice = _in_store(store, ["A", "B", "C", "C", "C"], [*points, "p4"], [*times, 310.0])
    assert ("allocation", "plan.allocation[0]") in failed(
        verify(REQUEST, plan_of(*STATIONS, allocation=[twice]), store)
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"nothing": np.zeros(3)},
        {"point_id": np.array(["p1"])},
        {"point_id": np.array(["p1", "p2"]), "site_id": np.array(["A"])},
        {"point_id": np.array([["p1"]]), "site_id": np.array([["A"]])},
    ],
)
def test_an_allocation_that_cannot_be_read_fails_without_an_error(
    tmp_path: Path, columns: dict[str, Any]
) -> None:
    store = Store(tmp_path)
    claimed = {"scenario_id": "peak", "nearest_site": {"sha256": store.add_arrays(columns)}}
    plan = plan_of(*STATIONS, allocation=[claimed])
    assert failed(verify(REQUEST, plan, store)) == {("allocation", "plan.allocation[0]")}


def test_an_allocation_that_is_not_in_the_store_fails_without_an_error(tmp_path: Path) -> None:
    lost = {"scenario_id": "peak", "nearest_site": {"sha256": "0" * 64}}
    plan = plan_of(*STATIONS, allocation=[lost])
    for store in (None, Store(tmp_path)):
        assert failed(verify(REQUEST, plan, store)) == {("allocation", "plan.allocation[0]")}


def test_response_times_that_are_no_numbers_fail_without_an_error(tmp_path: Path) -> None:
    store = Store(tmp_path)
    columns = {"point_id": np.array(["p1"]), "response_time_s": np.array(["soon"])}
    nearest = {"p1": "A", "p2": "B", "p3": "C", "p4": "C"}
    times = {"sha256": store.add_arrays(columns)}
    claimed = {"scenario_id": "peak", "nearest_site": nearest, "response_time_s": times}
    plan = plan_of(*STATIONS, allocation=[claimed])
    assert {rule for rule, _ in failed(verify(REQUEST, plan, store))} == {"allocation"}
