"""Crews and years: each sum, limit and shortfall of a staffing and a staging plan by hand."""

from typing import Any

import pytest

from models.fire_stations import FireStationPlan
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import Json, broken, changed, failed, plan_of, request_of

_LEVEL: Json = {"kind": "cover", "sense": "max", "status": "optimal", "stop": "proof"}
_CITY_NORM: Json = {"engine": 4, "ladder": 1}

# At hand today: A's 60 and B's 30 people; 6 engines and 1 ladder.
STAFFING: Json = {
    "people_hired_max": 20,
    "hire_cost_yearly": 3,
    "vehicles_bought_max": {"engine": 3},
    "vehicle_price": {"engine": 7},
    "people_per_10k": 1205,
}
STAFFED: Json = {
    "stations": [
        {"site_id": "A", "class_id": "city"},
        {"site_id": "B", "class_id": "small"},
        {"site_id": "C", "class_id": "city"},
    ],
    "staffing": {
        "status": "optimal",
        "levels": [],
        "crews": [
            {
                "site_id": "A",
                "class_id": "city",
                "headcount_people": 45,
                "on_duty_people": 22,
                "vehicles": {"engine": 3, "ladder": 1},
                "norm_on_duty_people": 30,
                "norm_vehicles": _CITY_NORM,
            },
            {
                "site_id": "B",
                "class_id": "small",
                "headcount_people": 30,
                "on_duty_people": 15,
                "vehicles": {"engine": 2},
                "norm_on_duty_people": 15,
                "norm_vehicles": {"engine": 2},
            },
            {
                "site_id": "C",
                "class_id": "city",
                "headcount_people": 34,
                "on_duty_people": 17,
                "vehicles": {"engine": 4},
                "norm_on_duty_people": 30,
                "norm_vehicles": _CITY_NORM,
            },
        ],
        "headcount_people": 109,
        "hired_people": 19,
        "bought_vehicles": {"engine": 3},
        "per_10k": 1090,
        # A lacks 8 people and an engine, C 13 and a ladder.
        "people_short_of_norm": 21,
        "vehicles_short_of_norm": 2,
        # 1205 per 10,000 are 120.5 people for 1,000 residents: 121.
        "people_short_of_per_10k": 12,
        # 5 vehicles and 27 people: p4 gets only C's 17 people at the peak; p3 B's and C's 32.
        "full_force_weight": 1000 - 0.75 * 400,
        "full_force_total": 1000,
        "yearly_cost": 57,
        "capital_cost": 21,
    },
}


def _broken(changes: Json, asked: Json) -> set[tuple[str, str | None]]:
    request = request_of(staffing=changed(STAFFING, asked))
    return broken(request, FireStationPlan.model_validate(changed(STAFFED, changes)))


def test_a_staffing_plan_whose_sums_are_right_passes() -> None:
    assert _broken({}, {}) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("headcount_people", 110),
        ("per_10k", 1091),
        ("people_short_of_norm", 20),
        ("vehicles_short_of_norm", 1),
        ("people_short_of_per_10k", 11),
        ("full_force_weight", 1000),
        ("full_force_total", 900),
        ("yearly_cost", 56),
        ("capital_cost", 20),
    ],
)
def test_a_false_figure_of_the_staffing_fails_its_own_check_alone(name: str, value: float) -> None:
    expected = {(f"staffing.{name}", f"plan.staffing.{name}")}
    assert _broken({f"staffing.{name}": value}, {}) == expected


@pytest.mark.parametrize(
    ("rule", "changes", "asked"),
    [
        ("people_at_hand", {}, {"people_at_hand": 89}),
        ("vehicles_at_hand", {}, {"vehicles_at_hand": {"engine": 5, "ladder": 1}}),
        ("vehicles_at_hand", {}, {"vehicles_at_hand": {"engine": 9}}),
        ("people_hired_max", {}, {"people_hired_max": 18}),
        ("vehicles_bought_max", {}, {"vehicles_bought_max": {"engine": 2}}),
        ("vehicles_bought_max", {}, {"vehicles_bought_max": {"ladder": 2}}),
    ],
)
def test_people_and_vehicles_are_at_hand_or_hired_and_bought_within_limits(
    rule: str, changes: Json, asked: Json
) -> None:
    assert _broken(changes, asked) == {(f"staffing.{rule}", f"staffing.{rule}")}


def test_a_crew_is_of_an_open_station_with_its_norm_and_its_shift() -> None:
    crew = "plan.staffing.crews[1]"
    for field, value in (("on_duty_people", 16), ("norm_on_duty_people", 14)):
        assert ("staffing.crews", f"{crew}.{field}") in _broken(
            {f"staffing.crews.1.{field}": value}, {}
        )
    norm = {"staffing.crews.1.norm_vehicles": {"engine": 1}}
    assert _broken(norm, {}) == {("staffing.crews", f"{crew}.norm_vehicles.engine")}
    stranger = {"staffing.crews.1.site_id": "D"}
    assert ("staffing.stations", "plan.staffing.crews") in _broken(stranger, {})
    odd = {"staffing.crews.1.class_id": "castle"}
    assert ("staffing.stations", "plan.staffing.crews") in _broken(odd, {})


# C (62) and E (1) open; B moves to D (9) once there is money. Cover of today's A and B is 600.
STAGING: Json = {
    "years": [{"year": 2026, "capital_budget": 62}, {"year": 2027, "capital_budget": 10}]
}


def _staged(*years: tuple[int, list[str], float, float, float]) -> Json:
    names = ("year", "opened_sites", "capital_cost", "budget_left", "objective")
    return {
        "stations": [
            {"site_id": "A", "class_id": "city"},
            {"site_id": "D", "class_id": "small", "moved_from": "B"},
            {"site_id": "C", "class_id": "city"},
            {"site_id": "E", "class_id": "small"},
        ],
        "staging": {
            "status": "optimal",
            "level": _LEVEL,
            "years": [dict(zip(names, year, strict=True)) for year in years],
        },
    }


# A, B, C: 600 at the peak, 1000 in free flow. A, C, D, E: 1000 in both.
RIGHT = ((2026, ["C"], 62, 0, 700), (2027, ["D", "E"], 10, 0, 1000))


def _staging_broken(*years: Any, **changes: Any) -> set[tuple[str, str | None]]:
    request = request_of(
        objectives=[{"kind": "cover"}],
        sites__1__station__may=["move"],
        rules__idle_stations="may_open",
        **({"staging": STAGING} | changes),
    )
    return broken(request, FireStationPlan.model_validate(_staged(*years)))


def test_a_staging_plan_whose_years_are_right_passes() -> None:
    assert _staging_broken(*RIGHT) == set()


@pytest.mark.parametrize(
    ("field", "place", "value"),
    [("capital_cost", 2, 61), ("budget_left", 3, 1), ("objective", 4, 1000)],
)
def test_a_false_figure_of_a_year_fails_its_own_check_alone(
    field: str, place: int, value: float
) -> None:
    first = tuple(value if k == place else one for k, one in enumerate(RIGHT[0]))
    expected = {(f"staging.{field}", f"plan.staging.years[0].{field}")}
    assert _staging_broken(first, RIGHT[1]) == expected


def test_a_year_spends_what_it_has_and_what_was_left() -> None:
    # E first leaves 61, and the 10 of the next year pay for C, not for D as well.
    early = ((2026, ["E"], 1, 61, 600), (2027, ["C", "D"], 71, 0, 1000))
    assert _staging_broken(*early) == set()
    all_at_once = ((2026, ["E", "C", "D"], 72, -10, 1000), (2027, [], 0, 0, 1000))
    assert _staging_broken(*all_at_once) == {("staging.budget", "staging.years")}


@pytest.mark.parametrize(
    ("opened", "rest"),
    [(["C"], ["D"]), (["C"], ["D", "E", "A"]), (["C", "E"], ["D", "E"])],
)
def test_each_opened_site_has_one_year_and_nothing_else_has(
    opened: list[str], rest: list[str]
) -> None:
    years = ((2026, opened, 62, 0, 700), (2027, rest, 10, 0, 1000))
    assert ("staging.sites", "plan.staging.years") in _staging_broken(*years)


def test_the_years_are_those_of_the_request() -> None:
    later = (RIGHT[0], (2028, *RIGHT[1][1:]))
    assert _staging_broken(*later) == {("staging.years", "staging.years")}
    assert ("staging.years", "staging.years") in _staging_broken(*RIGHT, staging=None)


def test_a_station_strengthened_in_its_year_stands_as_today_until_then() -> None:
    request = request_of(
        objectives=[{"kind": "full_force", "people": 40, "scenarios": "worst"}],
        sites__1__station={"class_id": "small", "on_duty_people": 5, "may": ["strengthen"]},
        staging={"years": [{"year": 1, "capital_budget": 0}, {"year": 2, "capital_budget": 2}]},
    )
    # With B's 5 people 35 at most arrive; with 15, A and B are 45 at p1 and p2, 480 s.
    staged = {
        "status": "optimal",
        "level": _LEVEL,
        "years": [
            {"year": 1, "opened_sites": [], "capital_cost": 0, "budget_left": 0, "objective": 0},
            {
                "year": 2,
                "opened_sites": ["B"],
                "capital_cost": 1.5,
                "budget_left": 0.5,
                "objective": 300,
            },
        ],
    }
    plan = plan_of("A:city", "B:small:strengthen", staging=staged)
    assert failed(verify(request, plan)) == set()
