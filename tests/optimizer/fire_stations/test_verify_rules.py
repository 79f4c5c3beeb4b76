"""Each rule of a correct plan broken in turn: that check fails, and no other."""

import copy
from typing import Any

import pytest

from models.answer import Check
from models.fire_stations import FireStationRequest
from models.messages import render
from models.text import LANGUAGES
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import (
    TOWN,
    Json,
    broken,
    changed,
    failed,
    plan_of,
    request_of,
)

# C is built (60 + 2 for the land), E commissioned (1); both add 16 a year and 45 people.
STATIONS = ("A:city", "B:small", "C:city", "E:small")

RULED: Json = changed(
    TOWN,
    {
        # Nearest at the peak: p1 to A, p2 to E, p3 and p4 to C: all districts just fit.
        "demand_points.0.built_up_area_m2": 500,
        "demand_points.1.area_m2": 400,
        "demand_points.1.forest_share": 0.5,
        "demand_points.2.built_up_area_m2": 300,
        "demand_points.3.built_up_area_m2": 200,
        "rules": {
            "open_sites": [{"site_id": "C", "class_id": "city"}, {"site_id": "A"}],
            "forbidden_sites": ["D", "A"],
            "idle_stations": "may_open",
            "capital_budget": 63,
            "yearly_budget": 16,
            "crew_limit_people": 45,
            "spacing": {"distance_m": 3000},
            "clearances": [{"kind": "school", "distance_m": 60}],
            "cover_floors": [
                {"share": 0.7},
                {"share": 0.6, "scenarios": "worst"},
                {"share": 1, "risk_class": "high"},
                {"share": 1, "area": "north"},
                {"share": 0.57, "each": "area"},
                {"share": 1, "each": "risk_class"},
                {"share": 0.7, "each": "area", "level": "town"},
                {"share": 0.4, "within_s": 160},
            ],
            "small_adjoins_larger": True,
            "nominal_area": "enforce",
        },
    },
)

RICH: Json = {
    "rules.capital_budget": 500,
    "rules.yearly_budget": 500,
    "rules.crew_limit_people": 500,
}


def _stations(*changes: str) -> tuple[str, ...]:
    """Return the plan's stations with some replaced (``E:city``), added or left out (``E``)."""
    by_site = {one.partition(":")[0]: one for one in STATIONS}
    by_site.update({one.partition(":")[0]: one for one in changes})
    return tuple(one for one in by_site.values() if ":" in one)


BREAKS: list[tuple[str, Json, tuple[str, ...], tuple[str, str]]] = [
    ("an unknown site", {}, (*STATIONS, "Z:city"), ("sites", "sites")),
    ("a site twice", {}, (*STATIONS, "A:city"), ("sites", "sites")),
    ("an unknown class", {}, _stations("E:castle"), ("classes", "sites")),
    (
        "a class not allowed there",
        {"sites.2.allowed_classes": ["small"]},
        STATIONS,
        ("classes", "sites"),
    ),
    ("an idle station of another class", RICH, _stations("E:city"), ("classes", "sites")),
    (
        "a regrading to a class not allowed there",
        {
            **RICH,
            "sites.1.station.may": ["regrade"],
            "sites.1.allowed_classes": ["small"],
        },
        _stations("B:city"),
        ("classes", "sites"),
    ),
    ("building on a station", {}, _stations("A:city:build"), ("actions", "sites")),
    ("commissioning nothing", {}, _stations("C:city:commission"), ("actions", "sites")),
    ("keeping what is not there", {}, _stations("C:city:keep"), ("actions", "sites")),
    ("moving from nowhere", {}, _stations("C:city:move"), ("actions", "sites")),
    ("strengthening without leave", RICH, _stations("B:small:strengthen"), ("actions", "sites")),
    ("regrading without leave", RICH, _stations("B:city"), ("actions", "sites")),
    ("closing without leave", {}, _stations("B"), ("kept_stations", "sites")),
    (
        "an idle station opened",
        {"rules.idle_stations": "closed"},
        STATIONS,
        ("idle_stations", "rules.idle_stations"),
    ),
    (
        "an idle station left",
        {"rules.idle_stations": "open"},
        _stations("E"),
        ("idle_stations", "rules.idle_stations"),
    ),
    (
        "too many new",
        {"new_stations.city": {"max": 0}},
        STATIONS,
        ("new_stations", "new_stations.city"),
    ),
    (
        "too few new",
        {"new_stations.small": {"min": 1}},
        STATIONS,
        ("new_stations", "new_stations.small"),
    ),
    (
        "a class not asked for",
        {"new_stations": {"small": {"max": 1}}},
        STATIONS,
        ("new_stations", "new_stations"),
    ),
    (
        "a site to be open is not",
        {"rules.open_sites.1": {"site_id": "D"}},
        STATIONS,
        ("open_sites", "rules.open_sites[1]"),
    ),
    (
        "a site to be open has another class",
        {"rules.open_sites.0": {"site_id": "C", "class_id": "small"}},
        STATIONS,
        ("open_sites", "rules.open_sites[0]"),
    ),
    (
        "a forbidden site built on",
        {"rules.forbidden_sites": ["D", "C"]},
        STATIONS,
        ("forbidden_sites", "rules.forbidden_sites[1]"),
    ),
    (
        "a forbidden idle station opened",
        {"rules.forbidden_sites": ["E"]},
        STATIONS,
        ("forbidden_sites", "rules.forbidden_sites[0]"),
    ),
    (
        "capital overspent",
        {"rules.capital_budget": 62.9},
        STATIONS,
        ("capital_budget", "rules.capital_budget"),
    ),
    (
        "yearly cost overspent",
        {"rules.yearly_budget": 15.9},
        STATIONS,
        ("yearly_budget", "rules.yearly_budget"),
    ),
    (
        "crews too large",
        {"rules.crew_limit_people": 44},
        STATIONS,
        ("crew_limit_people", "rules.crew_limit_people"),
    ),
    (
        "too near to any station",
        {"rules.spacing.distance_m": 3001, "sites.4.x_m": 9000},
        STATIONS,
        ("spacing", "rules.spacing"),
    ),
    (
        "too near to a new station",
        {"rules.spacing": {"distance_m": 3001, "between": "new"}},
        STATIONS,
        ("spacing", "rules.spacing"),
    ),
    (
        "too near to a school",
        {"rules.clearances.0.distance_m": 61},
        STATIONS,
        ("clearances", "rules.clearances[0]"),
    ),
    *[
        (
            f"cover floor {k} missed",
            {f"rules.cover_floors.{k}.{name}": value},
            STATIONS,
            ("cover_floors", f"rules.cover_floors[{k}]"),
        )
        for k, name, value in (
            (0, "share", 0.71),
            (1, "share", 0.61),
            (2, "within_s", 159),
            (3, "within_s", 159),
            (4, "share", 0.58),
            (5, "within_s", 159),
            (6, "share", 0.71),
            (7, "within_s", 139),
        )
    ],
    (
        "a small station alone at the peak",
        {"travel.scenarios.0.travel_time_s.1.4": 250},
        STATIONS,
        ("small_adjoins_larger", "rules.small_adjoins_larger"),
    ),
    (
        "a district too large",
        {"demand_points.1.area_m2": 402},
        STATIONS,
        ("nominal_area", "rules.nominal_area"),
    ),
]


def test_a_plan_that_keeps_every_rule_passes_and_every_rule_is_checked() -> None:
    verification = verify(FireStationRequest.model_validate(RULED), plan_of(*STATIONS))
    assert failed(verification) == set()
    assert {rule for *_, (rule, _) in BREAKS} == {one.rule for one in verification.checks}


@pytest.mark.parametrize(("name", "changes", "stations", "expected"), BREAKS)
def test_a_broken_rule_fails_its_own_check_alone(
    name: str, changes: Json, stations: tuple[str, ...], expected: tuple[str, str]
) -> None:
    del name
    request = FireStationRequest.model_validate(changed(RULED, changes))
    checks = verify(request, plan_of(*stations)).checks
    assert {(one.rule, one.path) for one in checks if not one.passed} == {expected}
    for check in checks:
        _assert_told(check)


def _assert_told(check: Check) -> None:
    assert check.detail is not None
    assert len({render(check.detail, language) for language in LANGUAGES}) == 2


def test_a_plan_that_knows_no_site_and_no_class_fails_without_an_error() -> None:
    request = FireStationRequest.model_validate(RULED)
    rules = {rule for rule, _ in broken(request, plan_of("Y:castle", "Z:tower"))}
    assert {"sites", "kept_stations", "open_sites", "cover_floors"} <= rules


def test_an_empty_plan_is_judged() -> None:
    request = request_of(rules__nominal_area="enforce", rules__small_adjoins_larger=True)
    assert broken(request, plan_of()) == {("kept_stations", "sites")}


CHANGES: list[tuple[str, Json, Json, dict[str, float]]] = [
    (
        "strengthened to the norm, what is above it kept",
        {"may": ["strengthen"], "on_duty_people": 9, "vehicles": {"engine": 1, "boat": 1}},
        {"site_id": "B", "class_id": "small", "action": "strengthen"},
        {"capital": 1.5, "yearly": 5, "people": 15, "engine": 2, "boat": 1},
    ),
    (
        "regraded at the difference in cost",
        {"may": ["regrade"], "on_duty_people": 40},
        {"site_id": "B", "class_id": "city"},
        {"capital": 51, "yearly": 11, "people": 30, "engine": 4, "ladder": 1},
    ),
    (
        "moved with its people and its yearly cost",
        {"may": ["move"], "headcount_people": 25, "yearly_cost": 4},
        {"site_id": "C", "class_id": "small", "moved_from": "B"},
        {"capital": 11, "yearly": 4, "people": 12, "engine": 2},
    ),
    (
        "kept as it stands",
        {"on_duty_people": 9, "headcount_people": 30, "vehicles": {"boat": 1}},
        {"site_id": "B", "class_id": "small"},
        {"capital": 0, "yearly": 5, "people": 9, "boat": 1},
    ),
    (
        "commissioned at its own cost with its own people",
        {"status": "planned", "commissioning_cost": 7, "on_duty_people": 3},
        {"site_id": "B", "class_id": "small", "action": "commission"},
        {"capital": 7, "yearly": 5, "people": 3, "engine": 2},
    ),
]


def _claims(numbers: dict[str, float]) -> Json:
    named = ("capital", "yearly", "people")
    return {
        "capital_cost": numbers["capital"],
        "yearly_cost": numbers["yearly"],
        "on_duty_people": numbers["people"],
        "vehicles": {kind: count for kind, count in numbers.items() if kind not in named},
    }


@pytest.mark.parametrize(("name", "station", "planned", "numbers"), CHANGES)
def test_a_change_has_the_crew_and_the_cost_that_a_hand_counts(
    name: str, station: Json, planned: Json, numbers: dict[str, float]
) -> None:
    del name
    request = request_of(
        sites__1__station={"class_id": "small", **station}, rules__idle_stations="may_open"
    )
    plan = {"stations": [{"site_id": "A", "class_id": "city"}, {**planned, **_claims(numbers)}]}
    assert broken(request, plan_of().model_validate(plan)) == set()
    for claim, rule in (
        ("capital_cost", "station.capital_cost"),
        ("yearly_cost", "station.yearly_cost"),
        ("on_duty_people", "station.on_duty_people"),
    ):
        boast: Any = copy.deepcopy(plan)
        boast["stations"][1][claim] += 1
        path = f"plan.stations[1].{claim}"
        assert broken(request, plan_of().model_validate(boast)) == {(rule, path)}


@pytest.mark.parametrize(
    "planned",
    [
        [{"site_id": "C", "class_id": "small", "moved_from": "A"}],  # the class of another
        [{"site_id": "C", "class_id": "city", "moved_from": "A"}],  # A may not move
        [{"site_id": "C", "class_id": "small", "moved_from": "E"}],  # idle
        [{"site_id": "C", "class_id": "small", "moved_from": "Z"}],  # unknown
        [
            {"site_id": "B", "class_id": "small"},  # and still there
            {"site_id": "C", "class_id": "small", "moved_from": "B"},
        ],
        [
            {"site_id": "C", "class_id": "small", "moved_from": "B"},  # to two places
            {"site_id": "D", "class_id": "small", "moved_from": "B"},
        ],
        [{"site_id": "C", "class_id": "small", "action": "build", "moved_from": "B"}],
    ],
)
def test_a_move_needs_a_station_in_service_that_may_move_and_then_is_gone(
    planned: list[Json],
) -> None:
    request = request_of(sites__1__station__may=["move", "close"], sites__0__station__may=["close"])
    plan = plan_of().model_validate({"stations": planned})
    assert ("actions", "sites") in broken(request, plan)


def test_a_station_in_service_stands_on_a_forbidden_site_and_near_a_school() -> None:
    request = request_of(
        rules__forbidden_sites=["A"],
        rules__clearances=[{"kind": "school", "distance_m": 900}],
        rules__spacing={"distance_m": 2000},
        sites__0__nearby=[{"kind": "school", "distance_m": 5}],
    )
    assert broken(request, plan_of("A:city", "B:small")) == set()


def test_spacing_follows_the_sphere() -> None:
    # One hundredth of a degree of latitude is 1111.95 m.
    data = copy.deepcopy(TOWN)
    for j, site in enumerate(data["sites"]):
        site.update(lat=22.7 + 0.01 * j, lon=114.3, x_m=None, y_m=None)
    for distance_m, rules in ((1111, set()), (1113, {("spacing", "rules.spacing")})):
        data["rules"] = {"spacing": {"distance_m": distance_m}}
        request = FireStationRequest.model_validate(data)
        assert broken(request, plan_of("A:city", "B:small", "C:city")) == rules
