import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from instances.examples import EXAMPLES
from models.answer import Assumption
from models.base import Model
from models.fire_stations import FireStationRequest
from models.presets import STATION_CLASSES
from models.text import Label
from optimizer.fire_stations.assumptions import assumptions
from optimizer.fire_stations.checks import effective_classes, effective_standard

Json = dict[str, Any]

# Fields whose default says nothing of the world: names, marks, lists that are merely empty, the
# two parts of a loss (told as one).
SILENT = {
    "schema_version",
    "kind",
    "name",
    "weight_names",
    "owner",
    "source",
    "confidence",
    "illustrative",
    "assumptions",
    "classes",
    "areas",
    "risk_classes",
    "staffing",
    "staging",
    "station",
    "backdrop",
    "source_crs",
    "time_sigma",
    "fractile",
    "lat",
    "lon",
    "precision",
    "x_m",
    "y_m",
    "up_to_m",
    "parent",
    "area",
    "area_m2",
    "risk_class",
    "each",
    "class_id",
    "absolute",
    "relative",
}
# Defaults that count in other requests than the wide one: names of groups, a weighted sum, each.
WIDE_SILENT = {
    "areas.level",
    "travel.scenarios.id",
    "objectives.importance",
    "rules.cover_floors.level",
}
# Of the least request: lists told field by field; forest without area; no clearance to keep.
LEAST_SILENT = {
    "rules",
    "limits",
    "demand_points.forest_share",
    "sites.nearby",
    "travel.scenarios.id",
    "objectives.importance",
}


def own(assumption: Json | None = None) -> Json:
    given = {"path": "sites.lat", "value": "3", "source": "drawn on a map"}
    return given | (assumption or {})


def least_request() -> Json:
    return {
        "demand_points": [{"id": "P", "lat": 22.7, "lon": 114.3}],
        "sites": [{"id": "S", "lat": 22.71, "lon": 114.31}],
        "new_stations": 1,
    }


def wide_request() -> Json:
    """Return a request with one of everything, each with its needed fields alone."""
    norm = {"id": "own", "name": "own", "on_duty_people": 4, "vehicles": {"engine": 1}}
    standard = {"id": "own", "name": "own", "clock_start": "call", "turnout_s": 1, "travel_s": 2}
    kinds = ["cover", "full_force", "backup", "expected_cover", "probabilistic_cover"]
    kinds += ["mean_time", "worst_time", "worst_area", "fewest_stations", "cost"]
    return least_request() | {
        "demand_points": [{"id": "P", "lat": 1, "lon": 2}, {"id": "Q", "area_m2": 9}],
        "sites": [
            {"id": "A"},
            {"id": "B", "station": {"class_id": "own"}},
            {"id": "C", "station": {"class_id": "own", "status": "built_idle"}},
        ],
        "new_stations": {"own": {}},
        "classes": [norm],
        "standard": standard | {"source": "here", "confidence": "derived"},
        "travel": {
            "kind": "coordinates",
            "scenarios": [
                {"law": {"kind": "constant_speed"}},
                {"law": {"kind": "acceleration", "cruise_speed_m_s": 9, "acceleration_m_s2": 1}},
            ],
        },
        "rules": {
            "idle_stations": "may_open",
            "spacing": {"distance_m": 5},
            "clearances": [{"kind": "hazard", "distance_m": 5}],
            "cover_floors": [{"share": 0.5}],
        },
        "objectives": [{"kind": kind} for kind in kinds],
        "areas": [{"id": "D"}],
        "risk_classes": [{"id": "high"}],
        "staffing": {},
        "limits": {},
    }


def full_request() -> Json:
    """Return a request that leaves nothing open."""
    norm = {"id": "own", "name": "own", "rank": 2, "on_duty_people": 4, "vehicles": {"engine": 1}}
    norm |= {"nominal_area_m2": 7, "outskirts_nominal_area_m2": 9, "turnout_s": 30}
    norm |= {"capital_cost": 1, "yearly_cost": 1, "commissioning_cost": 1, "strengthening_cost": 1}
    standard = {"id": "own", "name": "own", "clock_start": "call", "turnout_s": 1, "travel_s": 2}
    standard |= {"full_force_travel_s": 3, "vehicles": 1, "people": 4}
    station = {"class_id": "own", "status": "in_service", "headcount_people": 8}
    station |= {"on_duty_people": 4, "vehicles": {"engine": 1}, "may": ["close"], "yearly_cost": 1}
    site = {"allowed_classes": ["own"], "land_cost": 2, "outskirts": False}
    return {
        "demand_points": [{"id": "P", "weights": {"residents": 5}, "built_up_area_m2": 4}],
        "sites": [site | {"id": "A"}, site | {"id": "B", "station": station}],
        "new_stations": {"own": {"min": 1, "max": 1}},
        "classes": [norm],
        "standard": standard | {"source": "here", "confidence": "derived"},
        "travel": {
            "kind": "matrix",
            "scenarios": [{"id": "all", "weight": 1, "travel_time_s": [[60, 90]]}],
        },
        "rules": {
            "open_sites": [],
            "forbidden_sites": [],
            "idle_stations": "closed",
            "capital_budget": None,
            "yearly_budget": 9,
            "crew_limit_people": 9,
            "spacing": None,
            "clearances": [],
            "cover_floors": [],
            "small_adjoins_larger": False,
            "nominal_area": "report",
        },
        "objectives": [
            {"kind": "cover", "weight": "residents", "scenarios": "worst", "within_s": 9}
        ],
        "combination": "lexicographic",
        "population_weight": "residents",
        "shift_count": 3,
        "currency": "CNY",
        "limits": {
            "time_limit_s": 9,
            "threads": 1,
            "seed": 1,
            "node_limit": 9,
            "backend": "highs",
            "pulp_solver": "COIN_CMD",
        },
    }


def assumptions_of(request: Json | FireStationRequest) -> tuple[Assumption, ...]:
    valid = FireStationRequest.model_validate(request)
    return assumptions(valid, effective_classes(valid), effective_standard(valid))


def by_path(request: Json) -> dict[str, Assumption]:
    return {one.path: one for one in assumptions_of(request)}


def plain(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def open_fields(path: str, value: object) -> Iterator[str]:
    """Yield the path of every field at or below ``value`` that was left to its default."""
    if isinstance(value, tuple | list):
        for one in value:
            yield from open_fields(path, one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from open_fields(f"{path}.{key}", one)
    elif isinstance(value, Model) and not isinstance(value, Label):
        for field in type(value).model_fields:
            where = f"{path}.{field}".lstrip(".")
            if field not in value.model_fields_set:
                yield where
            yield from open_fields(where, getattr(value, field))


@pytest.mark.parametrize(
    ("build", "silent"), [(least_request, LEAST_SILENT), (wide_request, WIDE_SILENT)]
)
def test_every_field_left_open_is_listed(build: Callable[[], Json], silent: set[str]) -> None:
    request = FireStationRequest.model_validate(build())
    left_open = set(open_fields("", request))
    counting = {path for path in left_open if path.rpartition(".")[2] not in SILENT}
    listed = {plain(one.path) for one in assumptions_of(request)}
    assert counting - listed == silent


def test_no_path_stands_twice_unless_its_values_differ() -> None:
    listed = [(one.path, one.value) for one in assumptions_of(wide_request())]
    assert len(set(listed)) == len(listed)


def test_a_request_that_says_everything_lists_only_its_own() -> None:
    request = full_request() | {"assumptions": [own()]}
    assert assumptions_of(request) == (Assumption(**own()),)


def test_the_requests_own_come_last_and_as_given() -> None:
    listed = assumptions_of(least_request() | {"assumptions": [own(), own({"value": "4"})]})
    assert [one.value for one in listed[-2:]] == ["3", "4"]
    assert not any(one.is_default for one in listed[-2:])
    assert all(one.is_default for one in listed[:-2])


@pytest.mark.parametrize(
    ("path", "value", "confidence"),
    [
        ("travel", "coordinates", None),
        ("travel.detour_factor", "1.35", "found"),
        ("travel.scenarios[0].law.speed_m_s", "8.33 m/s (30 km/h)", "memory_high"),
        ("standard", "china", "found"),
        ("standard.travel_s", "240 s", "found"),
        ("objectives[0].within_s", "300 s", "found"),
        ("objectives[1].within_s", "480 s", "found"),
        ("objectives[1].people", "27", "found"),
        ("rules.idle_stations", "closed", None),
        ("rules.capital_budget", "∞", None),
        ("classes.city.on_duty_people", "30", "found"),
        ("classes.city.vehicles", "engine 4, ladder 1", "memory_medium"),
        ("demand_points.weights", "residents 1 (1×)", None),
        ("sites.allowed_classes", "city (1×)", None),
    ],
)
def test_a_default_says_value_and_confidence(path: str, value: str, confidence: str) -> None:
    assumption = by_path(least_request())[path]
    assert (assumption.value, assumption.confidence) == (value, confidence)


def test_invented_figures_are_marked_and_found_ones_are_not() -> None:
    listed = by_path(least_request())
    assert listed["classes.city.capital_cost"].illustrative
    assert listed["shift_count"].illustrative
    assert not listed["classes.city.on_duty_people"].illustrative
    assert not listed["travel.detour_factor"].illustrative


def test_what_is_said_is_no_default() -> None:
    listed = by_path(least_request() | {"travel": {"detour_factor": 1.2, "kind": "coordinates"}})
    assert not {"travel", "travel.detour_factor"} & listed.keys()
    assert "travel.scenarios[0].law.speed_m_s" in listed


def test_every_figure_of_a_preset_class_is_listed() -> None:
    for class_id, preset in STATION_CLASSES.items():
        listed = by_path(least_request() | {"new_stations": {class_id: 1}})
        figures = {path for path in listed if path.startswith(f"classes.{class_id}.")}
        named = {"id", "name", "source", "confidence", "illustrative"}
        given = {field for field, value in preset if value is not None} - named
        assert figures == {f"classes.{class_id}.{field}" for field in given}


def test_a_preset_standard_that_is_named_is_still_a_preset() -> None:
    listed = by_path(least_request() | {"standard": "cfai_urban"})
    assert "standard" not in listed
    assert listed["standard.travel_s"].confidence == "memory_medium"


def test_the_same_gap_of_many_stations_is_told_once_a_class() -> None:
    stations = [{"id": str(j), "station": {"class_id": "small"}} for j in range(3)]
    listed = by_path(least_request() | {"sites": [*stations, {"id": "S"}]})
    assert listed["sites.station.on_duty_people"].value == "small: 15 (3×)"
    assert listed["sites.station.yearly_cost"].value == "small: 5,000,000 CNY (3×)"
    assert listed["sites.station.yearly_cost"].illustrative


def test_idle_stations_that_stay_closed_leave_nothing_open() -> None:
    idle = {"id": "I", "station": {"class_id": "small", "status": "planned"}}
    request = least_request() | {"sites": [idle, {"id": "S"}]}
    assert not any(path.startswith("sites.station") for path in by_path(request))
    opened = request | {"rules": {"open_sites": [{"site_id": "I"}]}}
    assert "sites.station.commissioning_cost" in by_path(opened)


def test_importance_counts_only_in_a_weighted_sum() -> None:
    summed = by_path(least_request() | {"combination": "weighted_sum"})
    assert "objectives[0].importance" in summed
    assert "objectives[0].loss" not in summed
    assert "objectives[0].importance" not in by_path(least_request())


def test_illustrative_sites_and_classes_are_counted() -> None:
    norm = {"id": "own", "name": "own", "on_duty_people": 4, "vehicles": {}, "illustrative": True}
    site = {"id": "S", "illustrative": True}
    request = least_request() | {"sites": [site], "classes": [norm], "new_stations": {"own": 1}}
    listed = by_path(request)
    for path in ("sites", "classes[0]"):
        assert listed[path].illustrative
        assert not listed[path].is_default


@pytest.mark.parametrize("name", ["minimal", "pingshan-fire-stations", "pingshan-idle-first"])
def test_every_assumption_of_an_example_has_a_value_and_a_source(name: str) -> None:
    listed = assumptions_of(EXAMPLES[name].build())
    assert all(one.value and one.source and len(one.value) < 80 for one in listed)
