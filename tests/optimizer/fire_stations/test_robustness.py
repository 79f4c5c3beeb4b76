"""Changed assumptions against enumeration of the changed requests."""

import pytest

from models.fire_stations import FireStationRequest
from models.fire_stations.explanation import Robustness
from models.fire_stations.objectives import MAXIMISED, Combination
from models.fire_stations.rules import IdlePolicy
from models.run import RunLimits, Status
from optimizer.control import RunControl
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Levels
from optimizer.fire_stations.robustness import robustness
from optimizer.fire_stations.solution import Solution
from tests.optimizer.fire_stations.town import request_of
from tests.oracles import levels, plans, rules, values
from tests.oracles.facts import RELATIVE, Facts
from tests.strategies import request_number

SCANNED = range(26)


def solved(request: FireStationRequest) -> Solution | None:
    formulation = Formulation(Instance.from_request(request))
    return Levels(formulation, RunControl(RunLimits())).climb().solution


def trial(request: FireStationRequest, solution: Solution, time_s: float = 60.0) -> Robustness:
    return robustness(request, solution, RunControl(RunLimits(time_limit_s=time_s)))


def simple(number: int) -> FireStationRequest:
    """Return a drawn request with its first objective alone."""
    request = request_number(number)
    alone = {"combination": Combination.LEXICOGRAPHIC, "objectives": request.objectives[:1]}
    return request.model_copy(update=alone)


def at_speed(request: FireStationRequest, speed_kmh: float) -> FireStationRequest:
    asked = request.model_dump(mode="json")
    for scenario in asked["travel"]["scenarios"]:
        scenario["law"] = {"kind": "constant_speed", "speed_m_s": speed_kmh / 3.6}
    return FireStationRequest.model_validate(asked)


def slowed(request: FireStationRequest, factor: float) -> FireStationRequest:
    asked = request.model_dump(mode="json")
    for scenario in asked["travel"]["scenarios"]:
        scenario["travel_time_s"] = [
            [None if one is None else factor * one for one in row]
            for row in scenario["travel_time_s"]
        ]
    return FireStationRequest.model_validate(asked)


def changed_by(
    request: FireStationRequest, code: str, said: dict[str, float]
) -> FireStationRequest:
    if code == "robustness.speed":
        return at_speed(request, said["speed_kmh"])
    sign = 1.0 if code == "robustness.slower" else -1.0
    return slowed(request, 1.0 + sign * said["change"])


@pytest.mark.parametrize("number", SCANNED)
def test_other_speeds_and_times_are_solved_like_the_request_that_has_them(number: int) -> None:
    request = simple(number)
    solution = solved(request)
    if solution is None:
        return
    plan = plans.from_plan(Facts(request), solution.to_plan())
    ours = {"robustness.speed", "robustness.slower", "robustness.faster"}
    found = [one for one in trial(request, solution).cases if one.case.code in ours]
    assert len(found) == (5 if found[0].case.code == "robustness.speed" else 4)
    for case in found:
        facts = Facts(changed_by(request, case.case.code, case.case.values))
        worth = values.objective_value(facts, plan, request.objectives[0])
        assert case.plan_objective == pytest.approx(worth, rel=RELATIVE, abs=1e-6)
        best = levels.best(facts)
        assert case.status is best.status
        if best.status is Status.OPTIMAL:
            assert case.objective == pytest.approx(best.objective_values[0], rel=RELATIVE, abs=1e-6)


def without_station(request: FireStationRequest, site_id: str) -> list[plans.Plan]:
    """Return every plan that keeps the rules when a site has no station, whatever is asked of it.

    Only for requests without sites that must open and without policies for idle stations.
    """
    asked = request.model_dump(mode="json")
    index = next(j for j, site in enumerate(request.sites) if site.id == site_id)
    if request.sites[index].station is not None:
        asked["sites"][index]["station"]["may"].append("close")
    facts = Facts(FireStationRequest.model_validate(asked))
    return [
        plan
        for plan in plans.enumerate_plans(facts)
        if all(index not in {one.site, one.moved_from} for one in plan)
        and rules.feasible(facts, plan)
    ]


@pytest.mark.parametrize("number", SCANNED)
def test_a_station_out_leaves_the_best_plan_that_does_without_it(number: int) -> None:
    request = simple(number)
    if request.rules.open_sites or request.rules.idle_stations is IdlePolicy.OPEN:
        return
    solution = solved(request)
    if solution is None or any(one.moved_from for one in solution.to_plan().stations):
        return
    facts, objective = Facts(request), request.objectives[0]
    sign = 1.0 if objective.kind in MAXIMISED else -1.0
    found = [one for one in trial(request, solution).cases if one.case.code == "robustness.out"]
    assert len(found) == len(solution.to_plan().stations)
    for case in found:
        possible = without_station(request, str(case.case.values["site_id"]))
        worth = [sign * values.objective_value(facts, plan, objective) for plan in possible]
        if not worth:
            assert case.status is Status.INFEASIBLE
        else:
            assert case.objective == pytest.approx(sign * max(worth), rel=RELATIVE, abs=1e-6)


def town(**changes: object) -> tuple[FireStationRequest, Solution]:
    cover = [{"kind": "cover"}]
    request = request_of(**{"new_stations": {"city": 1}, "objectives": cover, **changes})
    solution = solved(request)
    assert solution is not None
    return request, solution


def test_growth_where_most_live_at_the_edge_and_in_the_first_area_is_tried() -> None:
    places = [(0, 0), (0, 1000), (3000, 1000), (3000, 5000)]
    changes = {
        f"demand_points__{i}__{axis}": place[k]
        for i, place in enumerate(places)
        for k, axis in enumerate(("x_m", "y_m"))
    }
    request, solution = town(areas=[{"id": "north"}, {"id": "south"}, {"id": "town"}], **changes)
    cases = {one.case.code: one for one in trial(request, solution).cases}
    assert cases["robustness.growth_dense"].plan_objective == pytest.approx(1000 + 0.12 * 400)
    assert cases["robustness.growth_edge"].plan_objective == pytest.approx(1000 + 0.12 * 100)
    assert cases["robustness.growth_area"].plan_objective == pytest.approx(1000 + 0.12 * 300)
    assert cases["robustness.growth_area"].case.values["area"] == "north"


def test_a_site_that_every_changed_plan_has_survives() -> None:
    request, solution = town(rules__forbidden_sites=["C"])
    made = trial(request, solution)
    assert [(one.site_id, one.chosen_share, one.survives) for one in made.sites] == [
        ("D", 1.0, True)
    ]
    assert made.complete


def test_a_site_that_costs_much_where_another_is_better_does_not_survive() -> None:
    times = [
        [100, 300, 400, 500, 500],
        [240, 100, 400, 500, 100],
        [500, 500, 100, 400, 500],
        [500, 500, 220, 90, 500],  # C is in time, but not where trips take 15 % longer
    ]
    request, solution = town(travel__scenarios=[{"id": "all_day", "travel_time_s": times}])
    made = trial(request, solution)
    assert solution.opened_sites == ("C",)
    kept = {one.case.code + str(one.case.values.get("change", "")): one for one in made.cases}
    assert kept["robustness.faster0.15"].kept_sites == ("C",)
    assert kept["robustness.slower0.15"].kept_sites == ()
    assert kept["robustness.slower0.15"].regret == 100.0
    assert [(one.chosen_share, one.survives) for one in made.sites] == [(0.75, False)]


def test_no_time_is_told() -> None:
    request, solution = town()
    made = trial(request, solution, time_s=1e-9)
    assert made.cases == ()
    assert not made.complete
    assert not any(one.survives for one in made.sites)
