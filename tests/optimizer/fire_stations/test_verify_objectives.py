"""Each kind of objective, its value counted by hand from the table in `town`."""

import math
from typing import Any

import pytest

from models.messages import render
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import broken, plan_of, request_of

_NIGHT_SIGMA = math.log(260 / 210)  # so that 210 s against 260 s is one standard deviation
_ONE_SIGMA = 0.8413447460685429

BY_HAND: list[tuple[dict[str, Any], float]] = [
    # Peak: p1 + p2 + p3; free flow: all.
    ({"kind": "cover"}, 0.75 * 600 + 0.25 * 1000),
    ({"kind": "cover", "scenarios": "worst"}, 600),
    ({"kind": "cover", "within_s": 160}, 0.75 * (100 + 300) + 0.25 * (100 + 300)),
    ({"kind": "cover", "weight": "chemical"}, 0.75 * 1 + 0.25 * 4),
    # Six vehicles: p4 gets only C's five at the peak.
    ({"kind": "full_force", "vehicles": 6}, 0.75 * 600 + 0.25 * 1000),
    ({"kind": "full_force"}, 1000),
    # 46 people need two city stations, or all three: A and C reach p1 and p2, C and B not.
    ({"kind": "full_force", "vehicles": 0, "people": 46}, 0.75 * 300 + 0.25 * 600),
    ({"kind": "backup"}, 0.75 * 600 + 0.25 * 1000),
    ({"kind": "backup", "second_s": 300}, 0.75 * 500 + 0.25 * 600),
    (
        {"kind": "expected_cover", "busy_fraction": 0.5, "classes": ["small"]},
        0.75 * (0.75 * 500) + 0.25 * (0.75 * 600),
    ),
    (
        {"kind": "expected_cover", "busy_fraction": 0.5, "scenarios": "worst"},
        100 * (1 - 0.5**5) + 500 * (1 - 0.5**7),
    ),
    (
        {
            "kind": "gradual_cover",
            "steps": [{"within_s": 160, "value": 1}, {"within_s": 300, "value": 0.5}],
        },
        0.75 * (400 + 0.5 * 200) + 0.25 * (400 + 0.5 * 600),
    ),
    (
        {
            "kind": "probabilistic_cover",
            "weight": "at_p2",
            "within_s": 260,
            "sigma": _NIGHT_SIGMA,
        },
        0.75 * 0.5 * 8 + 0.25 * _ONE_SIGMA * 8,
    ),
    (
        {"kind": "mean_time"},
        0.75 * (100 * 160 + 200 * 260 + 300 * 160 + 400 * 310) / 1000
        + 0.25 * (100 * 140 + 200 * 210 + 300 * 140 + 400 * 260) / 1000,
    ),
    ({"kind": "mean_time", "scenarios": "worst"}, 240),
    ({"kind": "worst_time"}, 0.75 * 310 + 0.25 * 260),
    ({"kind": "worst_time", "scenarios": "worst"}, 310),
    ({"kind": "worst_time", "weight": "at_p2"}, 0.75 * 260 + 0.25 * 210),
    # North is covered whole; of the south's 700, 300 at the peak and all in free flow.
    ({"kind": "worst_area"}, (0.75 * 300 + 0.25 * 700) / 700),
    ({"kind": "worst_area", "scenarios": "worst"}, 300 / 700),
    ({"kind": "worst_area", "level": "town"}, 0.75 * 0.6 + 0.25),
    # Only p4 can be reached within 155 s at the peak, from D: the north does not count there.
    ({"kind": "worst_area", "within_s": 155, "scenarios": "worst"}, 0),
    ({"kind": "fewest_stations"}, 1),
    ({"kind": "cost"}, 62 + 10 * 27),
    ({"kind": "cost", "horizon_years": 1}, 62 + 27),
]


@pytest.mark.parametrize(("objective", "value"), BY_HAND)
def test_an_objective_is_worth_what_a_hand_counts(objective: dict[str, Any], value: float) -> None:
    request = request_of(objectives=[objective], demand_points__1__weights__at_p2=8)
    stations = ("A:city", "B:small", "C:city")
    assert broken(request, plan_of(*stations, objective_values=[value])) == set()
    boast = value + max(1e-3, abs(value) * 1e-5)
    boastful = plan_of(*stations, objective_values=[boast])
    assert broken(request, boastful) == {("objective.0", "objectives[0]")}


def test_areas_nobody_can_reach_do_not_count_as_the_worst_off() -> None:
    objective = {"kind": "worst_area", "within_s": 140}
    request = request_of(objectives=[objective])
    # 80 s of travel are enough in free flow alone: p1 from A, p2 from E, p3 from C, p4 from D.
    # Open are A and C: they cover 100 of the north's 300, and 300 of the south's 700.
    plan = plan_of("A:city", "B:small", "C:city", objective_values=[100 / 300])
    assert broken(request, plan) == set()
    unreachable = request_of(objectives=[objective | {"within_s": 59}])
    assert broken(unreachable, plan_of("A:city", "B:small", objective_values=[1])) == set()


def test_a_point_no_open_station_can_reach_counts_the_time_asked_for_it() -> None:
    request = request_of(
        objectives=[
            {"kind": "mean_time", "unreached_s": 1000, "scenarios": "worst"},
            {"kind": "worst_time", "unreached_s": 1000, "scenarios": "worst"},
        ],
        sites__1__station__may=["close"],
    )
    # A alone at the peak: 160, 300, 560 s, and p4 is out of reach.
    mean_s = (100 * 160 + 200 * 300 + 300 * 560 + 400 * 1000) / 1000
    assert broken(request, plan_of("A:city", objective_values=[mean_s, 1000])) == set()


def test_a_class_of_slow_turnout_arrives_later() -> None:
    request = request_of(
        classes__1__turnout_s=120, objectives=[{"kind": "cover", "scenarios": "worst"}]
    )
    # B now needs 320 s to p2, 360 s to p3; A still reaches p2 in 300 s, and p1.
    plan = plan_of("A:city", "B:small", objective_values=[100 + 200])
    assert broken(request, plan) == set()


def test_full_force_needs_the_vehicle_types_of_the_risk_class() -> None:
    request = request_of(
        risk_classes=[{"id": "high", "vehicle_types": {"ladder": 2}}],
        objectives=[{"kind": "full_force"}],
    )
    # p3 gets C's ladder at the peak, and A's as well (460 s) only in free flow.
    plan = plan_of("A:city", "B:small", "C:city", objective_values=[1000 - 0.75 * 300])
    assert broken(request, plan) == set()


def test_as_many_values_are_claimed_as_there_are_objectives() -> None:
    request = request_of(objectives=[{"kind": "fewest_stations"}, {"kind": "cost"}])
    plan = plan_of("A:city", "B:small", objective_values=[0])
    assert broken(request, plan) == {("objective_count", "objectives")}


def test_a_false_value_is_told_in_both_languages() -> None:
    request = request_of(objectives=[{"kind": "cover"}])
    plan = plan_of("A:city", "B:small", objective_values=[999])
    (check,) = verify(request, plan).failed
    assert check.detail is not None
    assert "recomputed 600, claimed 999" in render(check.detail, "en")
    assert "复算 600，所列 999" in render(check.detail, "zh")
