"""Crews and vehicles: hand-sized cases of the town, and laws that hold whatever the numbers.

The town's plan has two city stations (A, C: 30 on duty, 4 engines and a ladder) and a small one
(B: 15 and 2 engines) with two shifts. At hand today are A's 60 and B's 30 people, 6 engines and a
ladder. Full force is 5 vehicles and 27 people within 480 s; at the peak p4 gets C's alone, p3
those of B and C, p1 and p2 everybody's.
"""

from threading import Event
from typing import Any

import numpy as np
import pytest

from models.fire_stations import FireStationRequest
from models.fire_stations.staffing import StaffingPlan, StationCrew
from models.run import RunLimits, Status, StopReason
from optimizer.backends.table import BACKENDS
from optimizer.control import RunControl
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staffing import staffing
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import plan_of, request_of
from tests.strategies.second_solves import staffing_request_number

NOTHING_MORE = {"people_hired_max": 0, "vehicles_bought_max": {}, "people_per_10k": 0}
PLAN = plan_of("A:city", "B:small", "C:city")


def solution_of(request: FireStationRequest) -> Solution:
    solution = Solution.of_plan(Instance.from_request(request), PLAN)
    assert solution is not None
    return solution


def staffed(request: FireStationRequest, control: RunControl | None = None) -> StaffingPlan:
    """Return the staffing of A, B and C, which the verifier has passed."""
    found = staffing(solution_of(request), control or RunControl(request.limits))
    verification = verify(request, PLAN.model_copy(update={"staffing": found}))
    assert verification.passed, verification.failed
    return found


def asking(**asked: Any) -> FireStationRequest:
    return request_of(staffing=asked)


def crew(found: StaffingPlan, site_id: str) -> StationCrew:
    return next(one for one in found.crews if one.site_id == site_id)


def levels(found: StaffingPlan) -> dict[str, float | None]:
    return {level.kind: level.objective for level in found.levels}


def test_without_limits_every_norm_is_met_and_no_more_is_hired_than_that_takes() -> None:
    found = staffed(
        asking(people_per_10k=0, hire_cost_yearly=3, vehicle_price={"engine": 7, "ladder": 9})
    )
    assert found.status is Status.OPTIMAL
    assert [one.on_duty_people for one in found.crews] == [30, 15, 30]
    assert (found.hired_people, found.yearly_cost) == (60, 180)
    assert (found.bought_vehicles, found.capital_cost) == ({"engine": 4, "ladder": 1}, 37)
    assert list(levels(found).items()) == [
        ("norm_people", 0),
        ("norm_vehicles", 0),
        ("per_10k", 0),
        ("full_force", 1000),
        ("hiring_cost", 217),
    ]


def test_what_costs_nothing_is_not_hired_or_bought_for_nothing() -> None:
    found = staffed(asking(people_per_10k=0))
    assert found.hired_people == 60
    assert found.bought_vehicles == {"engine": 4, "ladder": 1}


def test_scarce_crews_stand_where_full_force_needs_them() -> None:
    found = staffed(asking(**NOTHING_MORE))
    assert (found.people_short_of_norm, found.vehicles_short_of_norm) == (30, 5)
    assert found.full_force_weight == 1000
    assert crew(found, "C").on_duty_people >= 27
    assert crew(found, "C").vehicles == {"engine": 4, "ladder": 1}


def test_too_few_vehicles_leave_nobody_with_full_force() -> None:
    found = staffed(asking(**NOTHING_MORE, vehicles_at_hand={"engine": 4}))
    assert found.vehicles_short_of_norm == 8
    assert found.full_force_weight == 0


def test_norms_come_before_full_force() -> None:
    # With both ladders at C, p3 would have two of them at the peak; but A's norm is one.
    request = request_of(
        staffing={"vehicles_bought_max": {"ladder": 1}, "people_per_10k": 0},
        risk_classes=[{"id": "high", "vehicle_types": {"ladder": 2}}],
    )
    found = staffed(request)
    assert [one.vehicles.get("ladder", 0) for one in found.crews] == [1, 0, 1]
    assert found.full_force_weight == pytest.approx(1000 - 0.75 * 300)


def test_a_vehicle_that_a_risk_class_needs_is_bought_beyond_the_norm() -> None:
    request = request_of(
        staffing={"people_per_10k": 0, "vehicle_price": {"ladder": 8}},
        risk_classes=[{"id": "high", "vehicle_types": {"ladder": 2}}],
    )
    found = staffed(request)
    assert found.full_force_weight == 1000
    assert found.bought_vehicles == {"engine": 4, "ladder": 2}
    assert crew(found, "B").vehicles.get("ladder", 0) + crew(found, "C").vehicles["ladder"] == 2


def test_cheaper_goes_before_fewer() -> None:
    # Full force of 6 takes one vehicle more at C than its norm: two cheap ones never win.
    standard = {
        "id": "own",
        "name": "own",
        "clock_start": "dispatch",
        "turnout_s": 60,
        "travel_s": 240,
        "vehicles": 6,
        "source": "test",
        "confidence": "derived",
    }
    request = request_of(
        standard=standard,
        staffing={"people_per_10k": 0, "vehicle_price": {"engine": 5, "ladder": 2}},
    )
    found = staffed(request)
    assert found.bought_vehicles == {"engine": 4, "ladder": 2}
    assert found.capital_cost == 24


@pytest.mark.parametrize(
    ("hired_max", "short_of_norm", "short_of_ratio", "hired"),
    [(None, 0, 0, 60), (20, 20, 11, 20), (21, 20, 10, 21), (0, 30, 31, 0)],
)
def test_people_are_hired_up_to_the_limit_for_norms_then_for_the_ratio(
    hired_max: int | None, short_of_norm: int, short_of_ratio: int, hired: int
) -> None:
    # 1205 per 10,000 are 121 people for 1,000 residents; the norms take 150.
    found = staffed(asking(people_per_10k=1205, people_hired_max=hired_max))
    assert found.people_short_of_norm == short_of_norm
    assert found.people_short_of_per_10k == short_of_ratio
    assert found.hired_people == hired


def test_the_ratio_is_met_beyond_the_norms_and_spread_in_proportion_to_them() -> None:
    found = staffed(asking(people_per_10k=2000))
    assert found.headcount_people == 200
    assert [one.headcount_people for one in found.crews] == [80, 40, 80]
    assert found.per_10k == 2000


def test_everyone_and_everything_at_hand_gets_a_station() -> None:
    at_hand = {"engine": 21, "ladder": 3, "boat": 1}
    risk = [{"id": "high", "vehicle_types": {"boat": 1}}]
    asked = {**NOTHING_MORE, "people_at_hand": 301, "vehicles_at_hand": at_hand}
    found = staffed(request_of(staffing=asked, risk_classes=risk))
    assert (found.headcount_people, found.hired_people) == (301, 0)
    for kind, count in at_hand.items():
        assert sum(one.vehicles.get(kind, 0) for one in found.crews) == count
    assert found.full_force_weight == 1000


def test_what_nobody_lists_as_for_sale_is_not_bought() -> None:
    found = staffed(asking(vehicles_bought_max={"engine": 1}, people_per_10k=0))
    assert found.bought_vehicles == {"engine": 1}
    assert found.vehicles_short_of_norm == 4


def test_a_plan_without_stations_has_nobody() -> None:
    request = asking(people_per_10k=60)
    instance = Instance.from_request(request)
    nothing = Solution(instance, np.zeros(len(instance.options), dtype=np.bool_))
    found = staffing(nothing, RunControl(request.limits))
    assert (found.status, found.crews, found.headcount_people) == (Status.OPTIMAL, (), 0)
    assert found.people_short_of_per_10k == 6
    assert found.full_force_weight == 0


def score(found: StaffingPlan) -> tuple[float, ...]:
    """Return the levels' worth in their order, so that less is better."""
    return (
        found.people_short_of_norm,
        found.vehicles_short_of_norm,
        found.people_short_of_per_10k,
        -round(found.full_force_weight, 6),
    )


@pytest.mark.parametrize("field", ["people_at_hand", "people_hired_max"])
def test_more_people_are_never_worse(field: str) -> None:
    fixed = {"people_at_hand": 10, "people_hired_max": 7, "people_per_10k": 900}
    scores = [
        score(staffed(asking(**{**fixed, field: number}, vehicles_bought_max={"engine": 2})))
        for number in range(0, 150, 13)
    ]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("number", range(0, 60, 6))
@pytest.mark.parametrize("backend", sorted(set(BACKENDS) - {"highs"}))
def test_every_backend_finds_what_highs_finds(backend: str, number: int) -> None:
    request = staffing_request_number(number)
    solution = Solution.today(Instance.from_request(request))
    found, other = (
        staffing(solution, RunControl(RunLimits.model_validate({"backend": name})))
        for name in ("highs", backend)
    )
    assert levels(other) == pytest.approx(levels(found))
    assert other.hired_people == found.hired_people
    assert sum(other.bought_vehicles.values()) == sum(found.bought_vehicles.values())


def test_out_of_time_the_plan_at_hand_is_given_as_feasible() -> None:
    request = asking(**NOTHING_MORE)
    found = staffed(request, RunControl(RunLimits(time_limit_s=1e-9)))
    assert found.status is Status.FEASIBLE
    force = found.levels[3]
    assert (force.status, force.stop) == (Status.FEASIBLE, StopReason.TIME)
    assert force.objective <= 1000 <= force.bound
    assert found.people_short_of_norm == 30


def test_a_cancelled_staffing_still_has_a_plan() -> None:
    cancel = Event()
    cancel.set()
    found = staffed(asking(**NOTHING_MORE), RunControl(RunLimits(), cancel=cancel))
    assert found.people_short_of_norm == 30


def test_improvements_are_told_in_the_objectives_unit_after_the_levels_of_the_siting() -> None:
    request = asking(**NOTHING_MORE)
    control = RunControl(request.limits)
    staffed(request, control)
    last = control.incumbents[-1]
    assert last.level == len(request.objectives) + 3
    assert last.objective == 1000
    assert last.plan_sites == ("C",)
