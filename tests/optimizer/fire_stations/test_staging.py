"""The years of building: hand-sized budgets and laws."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from models.fire_stations import FireStationPlan, FireStationRequest
from models.fire_stations.staging import StagingPlan
from models.run import RunLimits, Status, StopReason
from optimizer.control import RunControl
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staging import staging
from optimizer.fire_stations.staging.schedule import Budget, best_years
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import Json, failed, plan_of, request_of

FAR, NEAR = 900, 100


def row_of_towns(weights: list[float], money: list[float], **fields: Any) -> FireStationRequest:
    """Return as many candidate sites as points; site k reaches point k alone in time.

    The first site costs 10, the others 5.
    """
    count = len(weights)
    times = [[NEAR if i == j else FAR for j in range(count)] for i in range(count)]
    request: Json = {
        "demand_points": [
            {"id": f"p{k}", "weights": {"residents": weight}} for k, weight in enumerate(weights)
        ],
        "sites": [{"id": f"S{k}", "land_cost": 5 if k else 10} for k in range(count)],
        "classes": [{"id": "city", "name": "City", "on_duty_people": 30, "vehicles": {}}],
        "new_stations": {"city": count},
        "travel": {"kind": "matrix", "scenarios": [{"id": "one", "travel_time_s": times}]},
        "objectives": [{"kind": "cover"}],
        "staging": {
            "years": [{"year": 2026 + k, "capital_budget": one} for k, one in enumerate(money)]
        },
    }
    return FireStationRequest.model_validate(request | fields)


def all_sites(request: FireStationRequest) -> FireStationPlan:
    return plan_of(*(f"{site.id}:city" for site in request.sites))


def staged(
    request: FireStationRequest, plan: FireStationPlan, control: RunControl | None = None
) -> StagingPlan:
    """Return the years of ``plan``, which the verifier has passed."""
    solution = Solution.of_plan(Instance.from_request(request), plan)
    assert solution is not None
    found = staging(solution, control or RunControl(request.limits))
    verification = verify(request, plan.model_copy(update={"staging": found}))
    assert verification.passed, verification.failed
    return found


def built(request: FireStationRequest) -> StagingPlan:
    return staged(request, all_sites(request))


def sites_by_year(found: StagingPlan) -> list[tuple[str, ...]]:
    return [year.opened_sites for year in found.years]


def test_the_order_gives_the_greatest_sum_over_the_years() -> None:
    # S0 first covers 10, 16, 21; S1 and S2 first cover 11, 11, 21.
    found = built(row_of_towns([10, 6, 5], [10, 5, 5]))
    assert sites_by_year(found) == [("S0",), ("S1",), ("S2",)]
    assert [year.objective for year in found.years] == [10, 16, 21]
    assert found.status is Status.OPTIMAL
    assert (found.level.objective, found.level.bound) == (47, 47)


def test_the_largest_gain_waits_where_two_smaller_ones_are_worth_more() -> None:
    # S1 and S2 first cover 15, 15, 25; S0 first covers 10, 18, 25.
    found = built(row_of_towns([10, 8, 7], [10, 5, 5]))
    assert sites_by_year(found) == [("S1", "S2"), (), ("S0",)]
    assert found.level.objective == 55


def test_money_left_over_carries_to_the_next_year() -> None:
    found = built(row_of_towns([12, 6, 5], [4, 6, 10]))
    assert sites_by_year(found) == [(), ("S0",), ("S1", "S2")]
    assert [year.budget_left for year in found.years] == [4, 0, 0]
    assert [year.capital_cost for year in found.years] == [0, 10, 10]


def test_what_the_last_year_cannot_pay_is_infeasible_and_verified_as_such() -> None:
    request = row_of_towns([10, 6, 5], [4, 6, 9])
    found = built(request)
    assert (found.status, found.years) == (Status.INFEASIBLE, ())
    assert (found.level.status, found.level.stop) == (Status.INFEASIBLE, StopReason.PROOF)
    assert (found.level.objective, found.level.bound) == (None, None)


def test_calling_infeasible_what_can_be_paid_fails_verification() -> None:
    unpayable = built(row_of_towns([10, 6, 5], [4, 6, 9]))
    payable = row_of_towns([10, 6, 5], [4, 6, 10])
    claimed = all_sites(payable).model_copy(update={"staging": unpayable})
    assert failed(verify(payable, claimed)) == {("staging.infeasible", "plan.staging.status")}


def test_a_minimised_first_objective_is_made_least() -> None:
    found = built(
        row_of_towns([10, 6, 5], [10, 5, 5], objectives=[{"kind": "mean_time"}, {"kind": "cover"}])
    )
    assert sites_by_year(found) == [("S0",), ("S1",), ("S2",)]
    assert found.level.sense == "min"
    # The unbuilt towns wait for 960 s, the others for 160.
    assert found.years[0].objective == pytest.approx((10 * 160 + 11 * 960) / 21)


def test_cost_as_the_first_objective_builds_as_late_as_can_be() -> None:
    found = built(row_of_towns([10, 6, 5], [20, 5, 5], objectives=[{"kind": "cost"}]))
    assert sites_by_year(found) == [(), (), ("S0", "S1", "S2")]


def test_what_adds_nothing_is_still_opened_as_soon_as_there_is_money() -> None:
    found = built(row_of_towns([10, 0, 0], [10, 5, 100]))
    assert sites_by_year(found)[:2] in ([("S0",), ("S1",)], [("S0",), ("S2",)])


def test_a_plan_that_opens_nothing_has_years_all_the_same() -> None:
    years = [{"year": 1, "capital_budget": 0}, {"year": 2, "capital_budget": 3}]
    request = request_of(objectives=[{"kind": "cover"}], staging={"years": years})
    found = staged(request, plan_of("A:city", "B:small"))
    assert [year.objective for year in found.years] == [600, 600]
    assert [year.budget_left for year in found.years] == [0, 3]


def test_a_station_to_be_moved_stands_at_its_old_site_until_its_year() -> None:
    years = [{"year": 1, "capital_budget": 8}, {"year": 2, "capital_budget": 1}]
    request = request_of(
        objectives=[{"kind": "cover"}],
        sites__1__station__may=["move"],
        staging={"years": years},
    )
    plan = FireStationPlan.model_validate(
        {
            "stations": [
                {"site_id": "A", "class_id": "city"},
                {"site_id": "D", "class_id": "small", "action": "move", "moved_from": "B"},
            ]
        }
    )
    found = staged(request, plan)
    assert sites_by_year(found) == [(), ("D",)]
    # A and B are in time at p1, p2 and p3 (B just so, 300 s at the peak), A and D at all but p3.
    assert [year.objective for year in found.years] == [600, 700]


def test_many_openings_get_good_years_and_an_honest_bound() -> None:
    # Every town but the first costs 5: 4, 8 and 12 can be paid, the last 2 of money buy nothing.
    weights = [float(1 + k * 7 % 11) for k in range(18)]
    found = built(row_of_towns(weights, [22, 20, 20, 60]))
    assert (found.status, found.level.stop) == (Status.FEASIBLE, StopReason.CONVERGED)
    ranked = sorted(weights[1:], reverse=True)
    by_hand = sum(ranked[:4]) + sum(ranked[:8]) + sum(ranked[:12]) + sum(weights)
    assert found.level.objective == by_hand
    assert by_hand < found.level.bound <= 1.05 * by_hand


def test_a_bound_that_closes_proves_the_years_of_many_openings() -> None:
    weights = [float(1 + k * 7 % 11) for k in range(18)]
    found = built(row_of_towns(weights, [20, 20, 20, 60]))
    assert (found.status, found.level.stop) == (Status.OPTIMAL, StopReason.PROOF)


def test_out_of_time_there_still_are_years_that_can_be_paid() -> None:
    request = row_of_towns([10, 6, 5], [10, 5, 5])
    found = staged(request, all_sites(request), RunControl(RunLimits(time_limit_s=1e-9)))
    assert (found.status, found.level.stop) == (Status.FEASIBLE, StopReason.TIME)
    assert found.level.objective < 47 <= found.level.bound


def test_more_money_is_never_worse() -> None:
    totals = [
        built(row_of_towns([10, 8, 7, 3], [first, 5, 25])).level.objective
        for first in range(0, 30, 3)
    ]
    assert totals == sorted(totals)


@pytest.mark.parametrize("seed", range(8))
def test_the_best_years_are_those_of_every_choice_tried(seed: int) -> None:
    rng = np.random.default_rng(seed)
    openings, years = 4, 3
    worth = rng.normal(size=2**openings)
    budget = Budget(np.array([4.0, 8.0, 20.0]), rng.integers(0, 6, openings).astype(float))
    masks = 1 << np.arange(openings)

    def total(chosen: np.ndarray) -> float:
        affordable = all(
            budget.affords(year, budget.cost[chosen <= year].sum()) for year in range(years)
        )
        sums = (worth[masks[chosen <= year].sum()] for year in range(years))
        return sum(sums) if affordable else -np.inf

    every = [total(np.array(one)) for one in product(range(years), repeat=openings)]
    assert total(best_years(worth, budget)) == pytest.approx(max(every))
