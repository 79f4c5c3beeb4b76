"""The figures of the town, counted by hand, and every claim of a plan altered in turn."""

import copy
import json
from typing import Any

import pytest

from models.fire_stations import FireStationPlan
from models.fire_stations.plan import Figures, GroupFigures
from optimizer.errors import InputError
from optimizer.fire_stations.verify import figures, verify
from tests.optimizer.fire_stations.town import (
    Json,
    broken,
    failed,
    plan_of,
    request_of,
)

STATIONS = ("A:city", "B:small", "C:city")
REQUEST = request_of(
    objectives=[{"kind": "cover"}, {"kind": "cost"}],
    demand_points__0__built_up_area_m2=500,
    demand_points__2__built_up_area_m2=40,
    demand_points__3__area_m2=60,
    sites__2__outskirts=True,
    sites__0__station__headcount_people=61,
)


def _figures(*stations: str) -> Figures:
    return figures(REQUEST, plan_of(*stations).stations)


def _group(
    found: Figures, scope: str, name: str | None = None, scenario: str | None = None
) -> GroupFigures:
    (group,) = [
        one
        for one in found.groups
        if (one.scope, one.id, one.scenario_id) == (scope, name, scenario)
    ]
    return group


def _covered(group: GroupFigures, kind: str) -> dict[str, tuple[float, float]]:
    return {one.weight: (one.covered, one.total) for one in getattr(group, kind)}


def _times(group: GroupFigures) -> tuple[float | None, ...]:
    return group.mean_time_s, group.p90_time_s, group.worst_time_s, group.unreached


def test_the_total_is_expected_over_the_scenarios() -> None:
    total = _group(_figures(*STATIONS), "total")
    assert _covered(total, "cover") == {"chemical": (1.75, 4), "residents": (700, 1000)}
    assert _covered(total, "force") == {"chemical": (4, 4), "residents": (1000, 1000)}
    assert _covered(total, "second") == {"chemical": (1.75, 4), "residents": (700, 1000)}
    # In order: 140 s for 100 of 1000, 160 for 300, 210 for 50, 260 for 250, 310 for 300.
    assert _times(total) == pytest.approx((230.5, 310, 310, 0))


def test_each_scenario_has_its_own_figures() -> None:
    peak = _group(_figures(*STATIONS), "total", scenario="peak")
    assert _covered(peak, "cover")["residents"] == (600, 1000)
    assert _times(peak) == pytest.approx((240, 310, 310, 0))
    free = _group(_figures(*STATIONS), "total", scenario="free")
    assert _covered(free, "second")["residents"] == (1000, 1000)
    assert _times(free) == pytest.approx((202, 260, 260, 0))


def test_areas_hold_what_lies_below_them_and_risk_classes_their_points() -> None:
    found = _figures(*STATIONS)
    town, total = _group(found, "area", "town"), _group(found, "total")
    assert town.cover == total.cover
    assert _times(town) == _times(total)
    south = _group(found, "area", "south", "peak")
    assert _covered(south, "cover") == {"chemical": (0, 3), "residents": (300, 700)}
    assert _times(south) == pytest.approx(((300 * 160 + 400 * 310) / 700, 310, 310, 0))
    high = _group(found, "risk_class", "high")
    assert _covered(high, "cover") == {"chemical": (0, 0), "residents": (300, 300)}
    # 140 s in a quarter of the time, 160 s in the rest.
    assert _times(high) == pytest.approx((155, 160, 160, 0))


def test_what_no_station_reaches_is_set_apart_from_the_times() -> None:
    total = _group(_figures("A:city"), "total")
    # The 400 of p4 are out of A's reach at the peak, three quarters of the time.
    mean_s = (0.75 * (16_000 + 60_000 + 168_000) + 0.25 * (14_000 + 52_000 + 138_000 + 264_000)) / (
        0.75 * 600 + 0.25 * 1000
    )
    assert _times(total) == pytest.approx((mean_s, 660, 660, 300))


def test_no_station_at_all_covers_nothing_and_takes_no_time() -> None:
    found = _figures()
    total = _group(found, "total")
    assert _covered(total, "cover")["residents"] == (0, 1000)
    assert _covered(total, "force")["residents"] == (0, 1000)
    assert _times(total) == (None, None, None, 1000)
    assert (found.station_count, found.vehicles, found.crew_per_10k) == ({}, {}, 0)


def test_crews_vehicles_and_costs_are_summed() -> None:
    found = _figures(*STATIONS)
    assert found.station_count == {"city": 2, "small": 1}
    assert found.vehicles == {"engine": 10, "ladder": 2}
    # A's 61 on its books put 30 on duty; the others have twice their 15 and 30.
    assert (found.on_duty_people, found.headcount_people) == (75, 61 + 30 + 60)
    assert found.crew_per_10k == pytest.approx(1510)
    assert (found.capital_cost, found.yearly_cost) == (62, 27)


def test_without_the_population_weight_the_first_by_name_stands_for_it() -> None:
    request = request_of(population_weight="nobody")
    total = figures(request, plan_of(*STATIONS).stations).groups[0]
    # chemical: 1 at p1 and 3 at p4.
    assert total.mean_time_s == pytest.approx(0.75 * (160 + 930) / 4 + 0.25 * (140 + 780) / 4)


def test_figures_of_unknown_stations_are_refused() -> None:
    with pytest.raises(InputError, match="stations"):
        figures(REQUEST, plan_of("Z:city").stations)


def _full_plan() -> Json:
    """Return a plan that claims everything, each claim true."""
    nearest = {"p1": "A", "p2": "B", "p3": "C", "p4": "C"}
    before = {"p1": "A", "p2": "B", "p3": "B", "p4": "B"}
    plan = plan_of(
        *STATIONS,
        objective_values=[700, 332],
        before=_figures("A:city", "B:small"),
        after=_figures(*STATIONS),
        districts=[
            {"site_id": "A", "built_up_area_m2": 500, "nominal_area_m2": 500},
            {"site_id": "B", "built_up_area_m2": 0, "nominal_area_m2": 200},
            {"site_id": "C", "built_up_area_m2": 100, "nominal_area_m2": 900},
        ],
        allocation=[
            {
                "scenario_id": "peak",
                "nearest_site": nearest,
                "response_time_s": {"p1": 160, "p2": 260, "p3": 160, "p4": 310},
            },
            {"scenario_id": "free", "nearest_site": nearest},
        ],
        allocation_before=[{"scenario_id": "peak", "nearest_site": before}],
    )
    data: Json = json.loads(plan.model_dump_json())
    data["stations"][2] |= {
        "action": "build",
        "on_duty_people": 30,
        "vehicles": {"engine": 4, "ladder": 1},
        "capital_cost": 62,
        "yearly_cost": 11,
    }
    return data


def test_a_plan_all_of_whose_claims_are_true_passes() -> None:
    verification = verify(REQUEST, FireStationPlan.model_validate(_full_plan()))
    assert failed(verification) == set()
    claimed = {one.rule for one in verification.checks}
    assert {f"{rule}" for rule, *_ in ALTERED} <= claimed
    assert {one for one in claimed if one.startswith(("figure.", "station.", "allocation"))} <= {
        rule for rule, *_ in ALTERED
    }


_AFTER = "plan.after.groups"
_BEFORE = "plan.before.groups"

ALTERED: list[tuple[str, str, str, Any]] = [
    ("objective.0", "objective_values.0", "objectives[0]", 701),
    ("objective.1", "objective_values.1", "objectives[1]", 331),
    ("station.on_duty_people", "stations.2.on_duty_people", "plan.stations[2].on_duty_people", 31),
    ("station.vehicles", "stations.2.vehicles.engine", "plan.stations[2].vehicles.engine", 5),
    ("station.capital_cost", "stations.2.capital_cost", "plan.stations[2].capital_cost", 60),
    ("station.yearly_cost", "stations.2.yearly_cost", "plan.stations[2].yearly_cost", 10),
    *[
        (
            f"figure.{side}.{kind}",
            f"{side}.groups.1.{kind}.1.covered",
            f"plan.{side}.groups[1].{kind}[residents].covered",
            1,
        )
        for side in ("before", "after")
        for kind in ("cover", "force", "second")
    ],
    *[
        (
            f"figure.{side}.{kind}",
            f"{side}.groups.8.{field}",
            f"plan.{side}.groups[8].{field}",
            value,
        )
        for side in ("before", "after")
        for kind, field, value in (
            ("mean_time", "mean_time_s", 150),
            ("p90_time", "p90_time_s", None),
            ("worst_time", "worst_time_s", 9),
            ("unreached", "unreached", 1),
            ("probable_p90", "probable_p90_s", 300),  # of a request without a scatter
        )
    ],
    *[
        (
            f"figure.{side}.probable",
            f"{side}.groups.8.probable",
            f"plan.{side}.groups[8].probable[residents].total",
            [{"weight": "residents", "total": 9, "covered": 9}],
        )
        for side in ("before", "after")
    ],
    *[
        (f"figure.{side}.{name}", f"{side}.{name}", f"plan.{side}.{name}", 1)
        for side in ("before", "after")
        for name in (
            "on_duty_people",
            "headcount_people",
            "crew_per_10k",
            "capital_cost",
            "yearly_cost",
        )
    ],
    *[
        (f"figure.{side}.{name}", f"{side}.{name}.{key}", f"plan.{side}.{name}.{key}", 9)
        for side in ("before", "after")
        for name, key in (("station_count", "small"), ("vehicles", "boat"))
    ],
    ("figure.before.groups", "before.groups.2.id", _BEFORE, "nowhere"),
    ("figure.after.groups", "after.groups.2.id", _AFTER, "nowhere"),
    ("figure.after.cover", "after.groups.0.cover.0.total", f"{_AFTER}[0].cover[chemical].total", 5),
    ("districts", "districts.1.site_id", "plan.districts", "D"),
    (
        "districts.built_up_area",
        "districts.2.built_up_area_m2",
        "plan.districts[2].built_up_area_m2",
        99,
    ),
    (
        "districts.nominal_area",
        "districts.2.nominal_area_m2",
        "plan.districts[2].nominal_area_m2",
        500,
    ),
    ("allocation", "allocation.0.scenario_id", "plan.allocation[0]", "night"),
    ("allocation", "allocation.1.scenario_id", "plan.allocation[1]", "peak"),
    ("allocation", "allocation.1.nearest_site.p2", "plan.allocation[1]", "A"),
    ("allocation", "allocation.1.nearest_site.p2", "plan.allocation[1]", "D"),
    ("allocation", "allocation.1.nearest_site.p9", "plan.allocation[1]", "A"),
    ("allocation_before", "allocation_before.0.nearest_site.p4", "plan.allocation_before[0]", "A"),
    (
        "allocation.response_time",
        "allocation.0.response_time_s.p4",
        "plan.allocation[0].response_time_s",
        309,
    ),
    (
        "allocation.response_time",
        "allocation.0.response_time_s.p9",
        "plan.allocation[0].response_time_s",
        309,
    ),
]


def _put(data: Json, place: str, value: Any) -> Json:
    result: Any = copy.deepcopy(data)
    at = result
    *above, last = [int(name) if name.isdecimal() else name for name in place.split(".")]
    for name in above:
        at = at[name]
    at[last] = value
    return result  # type: ignore[no-any-return]


@pytest.mark.parametrize(("rule", "place", "path", "value"), ALTERED)
def test_an_altered_claim_fails_its_own_check_alone(
    rule: str, place: str, path: str, value: Any
) -> None:
    plan = FireStationPlan.model_validate(_put(_full_plan(), place, value))
    assert broken(REQUEST, plan) == {(rule, path)}


def test_a_group_a_weight_or_a_district_left_out_is_missed() -> None:
    data = _full_plan()
    data["after"]["groups"].pop()
    data["before"]["groups"][0]["cover"].pop()
    data["districts"].pop()
    assert broken(REQUEST, FireStationPlan.model_validate(data)) == {
        ("figure.after.groups", "plan.after.groups"),
        ("figure.before.cover", "plan.before.groups[0].cover[residents].total"),
        ("districts", "plan.districts"),
    }


def test_a_boastful_plan_fails_where_it_boasts() -> None:
    data = _full_plan()
    data["objective_values"][0] = 1000
    data["after"]["groups"][0]["cover"][1]["covered"] = 1000
    data["after"]["groups"][0]["mean_time_s"] = 120
    data["after"]["capital_cost"] = 10
    rules = {rule for rule, _ in broken(REQUEST, FireStationPlan.model_validate(data))}
    assert rules == {
        "objective.0",
        "figure.after.cover",
        "figure.after.mean_time",
        "figure.after.capital_cost",
    }


def test_a_plan_of_sites_and_classes_alone_passes() -> None:
    assert broken(REQUEST, plan_of(*STATIONS)) == set()


def test_at_an_equal_time_the_lower_site_id_serves_and_a_rounding_decides_nothing() -> None:
    times = [[100, 100, 300], [200, 100, 300], [100, 100 + 1e-8, 300], [None, None, None]]
    request = request_of(
        sites=REQUEST.model_dump(mode="json")["sites"][:3],
        travel={"kind": "matrix", "scenarios": [{"travel_time_s": times}]},
    )

    def claimed(**nearest: str) -> set[tuple[str, str | None]]:
        allocation = [{"scenario_id": "all_day", "nearest_site": nearest}]
        return broken(request, plan_of("A:city", "B:small", allocation=allocation))

    wrong = {("allocation", "plan.allocation[0]")}
    assert claimed(p1="A", p2="B", p3="A") == set()
    assert claimed(p1="A", p2="B", p3="B") == set()
    assert claimed(p1="B", p2="B", p3="A") == wrong
    assert claimed(p1="A", p2="A", p3="A") == wrong
    assert claimed(p1="A", p2="B") == wrong
    assert claimed(p1="A", p2="B", p3="A", p4="A") == wrong
