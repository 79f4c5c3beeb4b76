"""What must hold of any two answers to requests that differ in one known way.

Each law is put to the enumeration too: a law that is wrong fails there first.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import MAXIMISED, Combination, Cover, Loss, MeanTime
from models.fire_stations.rules import CountRange, Rules
from models.run import Status
from optimizer import solve
from tests import oracles
from tests.strategies import requests

Values = tuple[float, ...] | None  # None: no plan
Judge = Callable[[FireStationRequest], Values]


def by_enumeration(request: FireStationRequest) -> Values:
    answer = oracles.best(request)
    return None if answer.status is Status.INFEASIBLE else answer.objective_values


def by_engine(request: FireStationRequest) -> Values:
    answer = solve(request)
    if answer.run.status is Status.INFEASIBLE:
        return None
    assert answer.run.status is Status.OPTIMAL
    return tuple(level.objective for level in answer.run.levels)


judges = pytest.mark.parametrize("judge", [by_enumeration, by_engine])
few = settings(max_examples=8, deadline=None, derandomize=True)
matrix_requests = requests.filter(lambda request: request.travel.kind == "matrix")


def changed(request: FireStationRequest, **fields: Any) -> FireStationRequest:
    """Return ``request`` with other fields, validated anew."""
    return FireStationRequest.model_validate(request.model_dump(mode="json") | fields)


def assert_same(one: Values, other: Values) -> None:
    assert (one is None) is (other is None)
    assert one is None or other == pytest.approx(one, rel=1e-6, abs=1e-6)


def with_matrices(
    request: FireStationRequest, change: Callable[[list[list[float | None]]], list[Any]]
) -> dict[str, Any]:
    """Return the travel of a matrix request with each matrix changed."""
    travel = request.travel.model_dump(mode="json")
    for scenario in travel["scenarios"]:
        scenario["travel_time_s"] = change(scenario["travel_time_s"])
    return travel


def is_worse(request: FireStationRequest, k: int, one: Values, other: Values) -> bool:
    """Return whether level ``k`` of ``one`` is worse than that of ``other``."""
    if other is None or one is None:
        return one is None and other is not None
    sign = 1 if request.objectives[k].kind in MAXIMISED else -1
    return sign * (one[k] - other[k]) < -1e-6 * max(1.0, abs(other[k]))


@judges
@few
@given(request=requests)
def test_one_more_station_never_covers_less(judge: Judge, request: FireStationRequest) -> None:
    fields = request.model_dump(mode="json") | {"rules": {}, "objectives": [{"kind": "cover"}]}
    for site in fields["sites"]:
        site["allowed_classes"] = None
        if site["station"]:
            site["station"]["may"] = []
    one, two = (
        judge(FireStationRequest.model_validate(fields | {"new_stations": {"small": count}}))
        for count in (1, 2)
    )
    assert one is not None
    assert two is not None
    assert two[0] >= one[0] - 1e-6


@judges
@few
@given(request=requests)
def test_renaming_points_changes_nothing(judge: Judge, request: FireStationRequest) -> None:
    points = [point.model_dump(mode="json") for point in request.demand_points]
    renamed = [point | {"id": f"Q{99 - i}"} for i, point in enumerate(points)]
    assert_same(judge(request), judge(changed(request, demand_points=renamed)))


@judges
@few
@given(request=matrix_requests, drawn=st.data())
def test_a_point_counts_as_two_halves(
    judge: Judge, request: FireStationRequest, drawn: st.DataObject
) -> None:
    split = drawn.draw(st.integers(0, len(request.demand_points) - 1))
    points = [point.model_dump(mode="json") for point in request.demand_points]
    half = points[split] | {"weights": {k: w / 2 for k, w in points[split]["weights"].items()}}
    for area in ("area_m2", "built_up_area_m2"):
        half[area] = None if half[area] is None else half[area] / 2
    points[split] = half
    travel = with_matrices(request, lambda rows: [*rows, rows[split]])
    halved = changed(request, demand_points=[*points, half | {"id": "half"}], travel=travel)
    assert_same(judge(request), judge(halved))


@judges
@few
@given(request=matrix_requests)
def test_twice_the_time_is_twice_the_mean_time(judge: Judge, request: FireStationRequest) -> None:
    plain = request.model_copy(update={"objectives": (MeanTime(),), "rules": Rules()})
    doubled = with_matrices(
        request, lambda rows: [[None if time is None else 2 * time for time in row] for row in rows]
    )
    fields = plain.model_dump(mode="json") | {"travel": doubled}
    fields["objectives"][0]["unreached_s"] *= 2
    for one in fields["classes"]:
        one["turnout_s"] = None if one["turnout_s"] is None else 2 * one["turnout_s"]
    if isinstance(fields["standard"], dict) and fields["classes"]:
        fields["standard"]["turnout_s"] *= 2
        once, twice = judge(plain), judge(FireStationRequest.model_validate(fields))
        assert_same(twice, None if once is None else (2 * once[0],))


@judges
@few
@given(request=requests, relative=st.sampled_from([0.02, 0.1, 0.5]))
def test_a_larger_loss_never_makes_the_next_level_worse(
    judge: Judge, request: FireStationRequest, relative: float
) -> None:
    first, second = Cover(), request.objectives[0]
    update = {"objectives": (first, second), "combination": Combination.LEXICOGRAPHIC}
    strict = request.model_copy(update=update)
    loose = strict.model_copy(update={"objectives": (Cover(loss=Loss(relative=relative)), second)})
    assert not is_worse(loose, 1, judge(loose), judge(strict))


@judges
@few
@given(request=matrix_requests)
def test_a_candidate_more_never_makes_the_first_level_worse(
    judge: Judge, request: FireStationRequest
) -> None:
    with_it = request.model_copy(
        update={
            "combination": Combination.LEXICOGRAPHIC,
            "objectives": (Cover(), *request.objectives),
            "new_stations": {
                name: CountRange(max=asked.max) for name, asked in request.new_stations.items()
            },
        }
    )
    locked = {choice.site_id for choice in request.rules.open_sites}
    candidates = [j for j, site in enumerate(request.sites) if site.station is None]
    last = next((j for j in candidates if request.sites[j].id not in locked), None)
    assert last is not None
    sites = [site.model_dump(mode="json") for site in request.sites]
    forbidden = [name for name in request.rules.forbidden_sites if name != sites[last]["id"]]
    rules = request.rules.model_dump(mode="json") | {"forbidden_sites": forbidden}
    without = changed(
        with_it,
        sites=sites[:last] + sites[last + 1 :],
        travel=with_matrices(request, lambda rows: [r[:last] + r[last + 1 :] for r in rows]),
        rules=rules,
    )
    assert not is_worse(with_it, 0, judge(with_it), judge(without))


@judges
@few
@given(request=matrix_requests, drawn=st.data())
def test_the_order_of_sites_changes_no_value(
    judge: Judge, request: FireStationRequest, drawn: st.DataObject
) -> None:
    order = drawn.draw(st.permutations(range(len(request.sites))))
    sites = [request.sites[j].model_dump(mode="json") for j in order]
    travel = with_matrices(request, lambda rows: [[row[j] for j in order] for row in rows])
    assert_same(judge(request), judge(changed(request, sites=sites, travel=travel)))


@judges
@few
@given(request=requests)
def test_names_and_units_of_scenario_weights_change_nothing(
    judge: Judge, request: FireStationRequest
) -> None:
    travel = request.travel.model_dump(mode="json")
    for number, scenario in enumerate(travel["scenarios"]):
        scenario |= {"id": f"day_{9 - number}", "weight": 3 * scenario["weight"]}
    assert_same(judge(request), judge(changed(request, travel=travel)))
