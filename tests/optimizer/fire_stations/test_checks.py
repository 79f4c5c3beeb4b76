from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instances.examples import EXAMPLES
from models.fire_stations import FireStationRequest
from models.messages import fields
from models.messages.faults import FAULTS
from models.presets import STATION_CLASSES
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.fire_stations.checks import check, effective_classes, effective_standard
from optimizer.listing import FAULTS_OF_A_KIND
from tests.optimizer.fire_stations.one_fault import (
    ONE_FAULT,
    Json,
    edited,
    faults_of,
    found,
    own_standard,
    right_request,
)
from tests.strategies import request_number


def test_a_right_request_has_no_fault() -> None:
    assert faults_of(right_request()) == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_example_has_a_fault(name: str) -> None:
    request = EXAMPLES[name].build()
    if not isinstance(request, FireStationRequest):
        pytest.skip("of another kind")
    assert check(request, DemandArrays.from_request(request.demand_points, None)) == ()


@pytest.mark.parametrize("number", range(0, 500, 5))
def test_generated_requests_have_no_fault_but_too_little_room(number: int) -> None:
    request = request_number(number)
    faults = check(request, DemandArrays.from_request(request.demand_points, None))
    room = {"fault.too_many_in_all", "fault.too_many_stations"}
    assert {fault.need.code for fault in faults} <= room


@pytest.mark.parametrize("name", ONE_FAULT)
def test_each_fault_is_found_and_no_other(name: str) -> None:
    edits, path, code = ONE_FAULT[name]
    assert found(faults_of(edited(*edits))) == [(path, f"fault.{code}")]


def test_all_faults_are_listed_at_once() -> None:
    chosen = ["site id twice", "unknown parent", "lon missing", "min above max", "bands descend"]
    edits = [edit for name in chosen for edit in ONE_FAULT[name][0]]
    expected = [(ONE_FAULT[name][1], f"fault.{ONE_FAULT[name][2]}") for name in chosen]
    assert sorted(found(faults_of(edited(*edits)))) == sorted(expected)


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_speaks_of_the_same_in_both_languages(code: str) -> None:
    english, chinese = FAULTS[code]
    assert fields(english) == fields(chinese)


def test_a_fault_shows_the_value_as_json() -> None:
    (fault,) = faults_of(edited(("demand_points.1.lon", None)))
    assert fault.value == '{"lat": 45.1}'


@pytest.mark.parametrize("field", ["areas", "risk_classes"])
def test_what_a_list_should_hold_but_is_not_there_is_said_to_be_missing(field: str) -> None:
    codes = {code for _, code in found(faults_of(edited((field, []))))}
    assert "fault.reference_none" in codes
    assert codes <= {"fault.reference_none", "fault.no_areas"}


@pytest.mark.parametrize(
    ("each", "field", "code"),
    [("area", "areas", "no_areas"), ("risk_class", "risk_classes", "no_risk_classes")],
)
def test_a_floor_of_each_group_needs_groups(each: str, field: str, code: str) -> None:
    request = least_request() | {"rules": {"cover_floors": [{"share": 0.5, "each": each}]}}
    assert field not in request
    assert found(faults_of(request)) == [("rules.cover_floors[0].each", f"fault.{code}")]


def test_the_worst_area_needs_areas() -> None:
    request = least_request() | {"objectives": [{"kind": "worst_area"}]}
    assert found(faults_of(request)) == [("objectives[0]", "fault.no_areas")]


def least_request() -> Json:
    return {
        "demand_points": [{"id": "P", "lat": 22.7, "lon": 114.3}],
        "sites": [{"id": "S", "lat": 22.71, "lon": 114.31}],
        "new_stations": 1,
    }


def test_the_least_request_has_no_fault() -> None:
    assert faults_of(least_request()) == ()


def test_a_default_weight_that_no_point_has_is_a_fault_of_each_objective() -> None:
    point = {"id": "P", "lat": 22.7, "lon": 114.3, "weights": {"calls": 4}}
    paths = [fault.path for fault in faults_of(least_request() | {"demand_points": [point]})]
    assert paths == [f"objectives[{k}].weight" for k in range(3)]


def test_places_without_any_coordinates_are_named_once_a_list() -> None:
    request = edited()
    for place in request["demand_points"] + request["sites"]:
        del place["lat"], place["lon"]
    expected = [(path, "fault.coordinates") for path in ("demand_points", "sites")]
    assert found(faults_of(request)) == expected


def by_matrix(request: Json) -> Json:
    rows = [[60.0] * len(request["sites"])] * len(request["demand_points"])
    return request | {"travel": {"kind": "matrix", "scenarios": [{"travel_time_s": rows}]}}


def test_with_a_matrix_only_spacing_needs_coordinates_of_sites() -> None:
    request = by_matrix(edited())
    for place in request["demand_points"] + request["sites"]:
        del place["lat"], place["lon"]
    assert found(faults_of(request)) == [("sites", "fault.coordinates")]
    del request["rules"]["spacing"]
    assert faults_of(request) == ()


def test_all_demand_swapped_against_the_sites_is_one_fault() -> None:
    request = edited()
    for point in request["demand_points"]:
        point["lat"], point["lon"] = point["lon"], point["lat"]
    assert found(faults_of(request)) == [("demand_points", "fault.swapped_all")]


def test_places_all_over_the_world_raise_no_alarm() -> None:
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(-60, 60, 400), rng.uniform(-170, 170, 400)
    points = [{"id": str(i), "lat": lat[i], "lon": lon[i]} for i in range(300)]
    sites = [{"id": str(i), "lat": lat[i], "lon": lon[i]} for i in range(300, 400)]
    assert faults_of({"demand_points": points, "sites": sites, "new_stations": 1}) == ()


def test_a_station_in_service_may_be_named_open_and_its_site_forbidden() -> None:
    edits = [("rules.open_sites.+", {"site_id": "S0"}), ("rules.forbidden_sites.+", "S0")]
    assert faults_of(edited(*edits)) == ()


def test_an_idle_station_that_must_open_while_idle_ones_stay_closed_is_no_fault() -> None:
    assert faults_of(edited(("rules.open_sites.+", {"site_id": "S3"}))) == ()


def test_sites_that_rules_forbid_still_count_as_room() -> None:
    assert faults_of(edited(("rules.forbidden_sites", ["S1"]), ("new_stations.small", 1))) == ()


def test_full_force_time_counts_only_where_it_is_used() -> None:
    standard = own_standard(travel_s=500)
    request = least_request() | {"standard": standard, "objectives": [{"kind": "cover"}]}
    assert faults_of(request) == ()


def test_two_rings_of_areas_are_two_faults() -> None:
    rings = {"A": "B", "B": "A", "C": "D", "D": "C", "E": "A"}
    areas = [{"id": id_, "parent": parent} for id_, parent in rings.items()]
    expected = [("areas[0].parent", "fault.cycle"), ("areas[2].parent", "fault.cycle")]
    assert found(faults_of(least_request() | {"areas": areas})) == expected


def test_a_hundred_of_a_kind_are_listed_and_the_rest_counted() -> None:
    places = [{"id": str(i), "lat": 22.7, "lon": 114.3, "area": "none"} for i in range(130)]
    faults = faults_of(least_request() | {"demand_points": places, "areas": [{"id": "A"}]})
    assert len(faults) == FAULTS_OF_A_KIND + 1
    assert faults[-1].need.code == "fault.more"
    assert faults[-1].need.values["count"] == 130 - FAULTS_OF_A_KIND


def table_request(store: Store, **columns: Any) -> Json:
    sha256 = store.add_arrays({name: np.array(column) for name, column in columns.items()})
    return least_request() | {"demand_points": {"sha256": sha256}}


def test_a_table_is_checked_like_listed_points(tmp_path: Path) -> None:
    store = Store(tmp_path)
    request = table_request(
        store,
        id=["a", "b", "a", "c"],
        lat=[22.7, 22.7, 22.7, 114.3],
        lon=[114.3, 114.3, 114.3, 22.7],
        residents=[1, 2, 3, 4],
        area=["A", "B", "B", "A"],
    )
    faults = faults_of(request | {"areas": [{"id": "A"}]}, store)
    codes = ["fault.duplicate", "fault.reference", "fault.degrees"]
    assert found(faults) == [("demand_points", code) for code in codes]
    assert faults[0].need.values["first"] == "demand_points[0]"
    assert faults[1].value == '"B"'
    assert faults[2].need.values["row"] == 3


def test_a_right_table_has_no_fault(tmp_path: Path) -> None:
    store = Store(tmp_path)
    request = table_request(store, lat=[22.7, 22.8], lon=[114.3, 114.4], residents=[1, 2])
    assert faults_of(request, store) == ()


def test_a_table_without_lon_is_a_fault(tmp_path: Path) -> None:
    store = Store(tmp_path)
    request = table_request(store, lat=[22.7, 22.8], residents=[1, 2])
    assert found(faults_of(request, store)) == [("demand_points", "fault.coordinates")]


def test_own_classes_come_first_and_stand_for_presets() -> None:
    own = {"id": "small", "name": "kiosk", "on_duty_people": 2, "vehicles": {}}
    request = FireStationRequest.model_validate(edited(("classes", [own])))
    classes = effective_classes(request)
    assert [one.id for one in classes] == ["small", "city"]
    assert classes[0].on_duty_people == 2
    assert classes[1] is STATION_CLASSES["city"]


def test_only_classes_that_are_named_somewhere_count() -> None:
    request = FireStationRequest.model_validate(least_request())
    assert [one.id for one in effective_classes(request)] == ["city"]


def test_the_standard_is_the_preset_or_the_requests_own() -> None:
    named = FireStationRequest.model_validate(least_request() | {"standard": "agbf"})
    own = FireStationRequest.model_validate(right_request())
    assert effective_standard(named).within_s == 570
    assert effective_standard(own).id == "own"
