"""The oracle on cases that a reader can work out by hand."""

import pytest

from models.fire_stations import FireStationRequest
from models.run import Status
from tests import oracles
from tests.oracles.facts import Facts, Plan
from tests.oracles.plans import to_plan
from tests.oracles.staffing import best_staffing
from tests.oracles.staging import best_staging
from tests.strategies import Json
from tests.strategies.by_hand import CITY, SMALL, a_request


def best(fields: Json) -> oracles.OracleAnswer:
    return oracles.best(FireStationRequest.model_validate(fields))


def values(fields: Json) -> tuple[float, ...]:
    answer = best(fields)
    assert answer.status is Status.OPTIMAL
    return answer.objective_values


def opened(fields: Json) -> set[tuple[str, ...]]:
    facts = Facts(FireStationRequest.model_validate(fields))
    plans = [to_plan(facts, plan) for plan in oracles.best(facts.request).plans]
    return {tuple(f"{one.site_id}:{one.class_id}" for one in plan.stations) for plan in plans}


# Point 0 is near site 0, point 1 near site 1, point 2 only just in time of site 2.
LINE: list[list[int | None]] = [[100, 241, None], [300, 120, 400], [None, 500, 240]]
WEIGHTS = [5, 6, 4]


def test_cover_takes_the_heaviest_and_counts_the_limit_as_in_time() -> None:
    assert values(a_request(LINE, WEIGHTS)) == (6,)
    assert values(a_request(LINE, WEIGHTS, new_stations={"small": 2})) == (11,)
    assert opened(a_request(LINE, [0, 0, 4])) == {("S2:small",)}


def test_no_plan_where_the_budget_pays_for_none() -> None:
    fields = a_request(LINE, WEIGHTS, rules={"capital_budget": 19})
    assert best(fields).status is Status.INFEASIBLE
    assert values(fields | {"rules": {"capital_budget": 20}}) == (6,)


def test_a_later_level_spends_the_allowed_loss() -> None:
    objectives = [{"kind": "cover", "loss": {"absolute": 1}}, {"kind": "mean_time"}]
    fields = a_request(LINE, WEIGHTS, objectives=objectives)
    assert opened(fields) == {("S1:small",)}
    assert values(fields) == pytest.approx((6, (5 * 301 + 6 * 180 + 4 * 560) / 15))
    near = a_request([[0, 100], [100, 0]], [5, 6], objectives=objectives)
    near["sites"][1]["land_cost"] = 3
    near["objectives"] = [*objectives[:1], {"kind": "cost", "horizon_years": 2}]
    near["classes"] = [CITY, SMALL | {"turnout_s": 250}]
    assert values(near) == (6, 24)
    assert opened(near) == {("S0:small",)}


def test_mean_and_worst_time_count_the_unreached() -> None:
    mean = [{"kind": "mean_time", "unreached_s": 1000}]
    worst = [{"kind": "worst_time", "unreached_s": 1000}]
    assert values(a_request(LINE, WEIGHTS, objectives=mean)) == pytest.approx((4825 / 15,))
    assert values(a_request(LINE, WEIGHTS, objectives=worst)) == (560,)
    only_first = a_request(LINE, WEIGHTS, objectives=worst)
    only_first["rules"] = {"forbidden_sites": ["S1", "S2"]}
    assert values(only_first) == (1000,)


def test_full_force_needs_vehicles_and_people_together() -> None:
    everywhere: list[list[int | None]] = [[100, 100, 421]]
    force = [{"kind": "full_force"}]
    fields = a_request(everywhere, [7], objectives=force, new_stations={"small": 2})
    assert values(fields) == (0,)
    assert values(fields | {"new_stations": {"small": 1, "city": 1}}) == (7,)
    ladder = [{"id": "high", "vehicle_types": {"ladder": 1}}]
    fields |= {"new_stations": {"small": 1, "city": 1}, "risk_classes": ladder}
    fields["demand_points"][0]["risk_class"] = "high"
    assert values(fields) == (0,)


def test_backup_and_expected_cover_count_stations_and_vehicles() -> None:
    both: list[list[int | None]] = [[100, 200], [100, 500]]
    fields = a_request(both, [10, 1], new_stations={"small": 1, "city": 1})
    assert values(fields | {"objectives": [{"kind": "backup"}]}) == (10,)
    expected = [{"kind": "expected_cover", "busy_fraction": 0.5}]
    assert values(fields | {"objectives": expected}) == pytest.approx((8.75 + 0.75,))
    listed = [expected[0] | {"classes": ["small"]}]
    assert values(fields | {"objectives": listed}) == pytest.approx((5.5,))


def test_gradual_and_probabilistic_cover_value_the_best_station() -> None:
    steps = [{"within_s": 200, "value": 1}, {"within_s": 400, "value": 0.5}]
    fields = a_request([[100, 300]], [10], new_stations={"small": 2})
    assert values(fields | {"objectives": [{"kind": "gradual_cover", "steps": steps}]}) == (10,)
    fields["new_stations"], fields["rules"] = {"small": 1}, {"forbidden_sites": ["S0"]}
    assert values(fields | {"objectives": [{"kind": "gradual_cover", "steps": steps}]}) == (5,)
    half = [{"kind": "probabilistic_cover", "within_s": 360}]
    assert values(fields | {"objectives": half}) == pytest.approx((5,))


def test_the_worst_scenario_is_another_question_than_the_expected() -> None:
    travel = {
        "kind": "matrix",
        "scenarios": [
            {"id": "free", "weight": 3, "travel_time_s": [[0, 100]]},
            {"id": "peak", "weight": 1, "travel_time_s": [[400, 120]]},
        ],
    }
    expected, worst = ({"kind": "mean_time", "scenarios": mode} for mode in ("expected", "worst"))
    fields = a_request([[0, 0]], [1], travel=travel)
    assert values(fields | {"objectives": [expected]}) == (160,)
    assert values(fields | {"objectives": [worst]}) == (180,)
    assert opened(fields | {"objectives": [expected]}) == {("S0:small",)}
    assert opened(fields | {"objectives": [worst]}) == {("S1:small",)}


def test_the_worst_area_is_held_against_what_all_sites_could_cover() -> None:
    fields = a_request(LINE, WEIGHTS, areas=[{"id": "A"}, {"id": "B"}, {"id": "C"}])
    for point, area in zip(fields["demand_points"], "ABA", strict=True):
        point["area"] = area
    fields |= {"objectives": [{"kind": "worst_area"}], "new_stations": {"small": 2}}
    assert values(fields) == pytest.approx((5 / 9,))
    assert opened(fields) == {("S0:small", "S1:small")}


def test_a_weighted_sum_takes_what_is_minimised_as_negative() -> None:
    objectives = [
        {"kind": "cover", "importance": 2},
        {"kind": "cost", "importance": 0.5, "horizon_years": 0},
        {"kind": "fewest_stations", "importance": 3},
    ]
    fields = a_request(LINE, WEIGHTS, objectives=objectives, combination="weighted_sum")
    fields |= {"new_stations": {"small": {"max": 3}}}
    assert values(fields) == (0,)
    fields["classes"] = [CITY, SMALL | {"capital_cost": 14}]
    assert values(fields) == (2,)


def test_what_may_become_of_a_station_in_service() -> None:
    fields = a_request(LINE, WEIGHTS, new_stations={"small": 0})
    cost = [{"kind": "cost", "horizon_years": 10}]
    fields["objectives"] = [{"kind": "cover"}, *cost]
    station = {"class_id": "small", "on_duty_people": 1, "yearly_cost": 1}
    fields["sites"][0]["station"] = station
    assert values(fields) == (5, 10)
    fields["sites"][0]["station"] = station | {"may": ["move"]}
    assert values(fields) == (6, 30)
    fields["sites"][0]["station"] = station | {"may": ["close"]}
    assert values(fields | {"objectives": cost}) == (0,)
    force = [{"kind": "full_force", "people": 4, "vehicles": 1}, *cost]
    fields["sites"][0]["station"] = station | {"may": ["strengthen", "regrade"]}
    assert values(fields | {"objectives": force}) == (11, 7 + 20)
    fields["sites"][0]["allowed_classes"] = ["city"]
    fields["objectives"] = [force[0] | {"people": 6}, *cost]
    assert values(fields) == (11, 30 + 50)


def test_idle_stations_open_at_their_own_cost_where_the_policy_lets_them() -> None:
    fields = a_request(LINE, WEIGHTS, new_stations={"small": 0})
    fields["objectives"] = [{"kind": "cover"}, {"kind": "cost", "horizon_years": 0}]
    fields["sites"][1]["station"] = {"class_id": "small", "status": "built_idle"}
    assert values(fields) == (0, 0)
    assert values(fields | {"rules": {"idle_stations": "may_open"}}) == (6, 4)
    dearest = [{"kind": "cost", "horizon_years": 0}]
    must = fields | {"rules": {"idle_stations": "open"}, "objectives": dearest}
    assert values(must) == (4,)


def test_spacing_and_clearance_bind_what_is_opened() -> None:
    fields = a_request(LINE, WEIGHTS, new_stations={"small": 2})
    spaced = {"spacing": {"distance_m": 1001, "between": "new"}}
    assert values(fields | {"rules": spaced}) == (9,)
    assert values(fields | {"rules": {"spacing": {"distance_m": 1000}}}) == (11,)
    fields["sites"][1]["station"] = {"class_id": "city"}
    fields["new_stations"] = {"small": 1}
    assert values(fields | {"rules": spaced}) == (11,)
    apart = {"spacing": {"distance_m": 1001, "between": "all"}}
    assert best(fields | {"rules": apart}).status is Status.INFEASIBLE
    fields["sites"][0]["nearby"] = [{"kind": "hazard", "distance_m": 99}]
    clear = {"clearances": [{"kind": "hazard", "distance_m": 100}]}
    assert values(fields | {"rules": clear}) == (10,)


def test_a_small_station_needs_a_larger_one_beside_it() -> None:
    fields = a_request(LINE, WEIGHTS, rules={"small_adjoins_larger": True})
    assert best(fields).status is Status.INFEASIBLE
    fields["sites"][0]["station"] = {"class_id": "city"}
    assert best(fields).status is Status.INFEASIBLE
    fields["travel"]["scenarios"][0]["travel_time_s"] = [[100, 240, None], *LINE[1:]]
    assert values(fields) == (11,)


def test_districts_too_large_forbid_a_plan_only_where_enforced() -> None:
    fields = a_request(LINE, WEIGHTS, classes=[CITY, SMALL | {"nominal_area_m2": 200}])
    for point in fields["demand_points"]:
        point |= {"area_m2": 200, "forest_share": 0.5}
    assert values(fields) == (6,)
    fields["rules"] = {"nominal_area": "enforce"}
    assert values(fields) == (5,)
    fields["sites"][1]["outskirts"] = True
    assert values(fields) == (5,)
    fields["classes"][1]["outskirts_nominal_area_m2"] = 300
    assert values(fields) == (6,)


def test_cover_floors_hold_for_each_group_apart() -> None:
    fields = a_request(LINE, WEIGHTS, areas=[{"id": "A"}, {"id": "B", "parent": "A"}])
    fields["demand_points"][0]["area"], fields["demand_points"][2]["area"] = "A", "B"
    for floor, value in (
        ({"share": 0.4}, 6),
        ({"share": 0.5, "area": "A"}, 5),
        ({"share": 0.5, "area": "B"}, 4),
        ({"share": 0.4, "each": "area"}, 4),
    ):
        assert values(fields | {"rules": {"cover_floors": [floor]}}) == (value,)
    too_much = {"rules": {"cover_floors": [{"share": 0.41}]}}
    assert best(fields | too_much).status is Status.INFEASIBLE


def two_stations(**staffing: object) -> tuple[Facts, Plan]:
    """Return a city and a small station, of which the first alone reaches the second point."""
    fields = a_request([[100, 100], [100, None]], [1000, 2000], new_stations={"small": 1})
    fields["sites"][0]["station"] = {"class_id": "city", "headcount_people": 9}
    fields |= {"shift_count": 2, "staffing": {"people_per_10k": 0} | staffing}
    facts = Facts(FireStationRequest.model_validate(fields))
    return facts, oracles.best(facts.request).plans[0]


def test_staffing_fills_the_norms_before_it_reaches_for_force() -> None:
    # Norms: 6 and 4 people, 2 and 1 engines; at hand 9 heads and 2 engines; force: 10 and 3.
    none_hired = {"people_hired_max": 0, "vehicles_bought_max": {}}
    assert best_staffing(*two_stations(**none_hired)) == (6, 1, 0, 0, 0, 0)
    # With the norms met, only the first point has both stations; 6 + 4 people and 3 engines.
    prices = {"hire_cost_yearly": 2, "vehicle_price": {"engine": 5}}
    few = {"people_hired_max": 11, "vehicles_bought_max": {"engine": 1}}
    assert best_staffing(*two_stations(**few, **prices)) == (0, 0, 0, 1000, 27, 12)
    # Without limit the city station gets 10 people and 3 engines, the small one keeps its norm.
    assert best_staffing(*two_stations(**prices)) == (0, 0, 0, 3000, 19 * 2 + 2 * 5, 21)
    assert best_staffing(*two_stations(people_per_10k=100, **few))[2] == 10


def test_staging_opens_what_the_money_pays_and_the_most_first() -> None:
    fields = a_request(LINE, WEIGHTS, new_stations={"small": 2})
    fields["staging"] = {"years": [{"year": y, "capital_budget": 20} for y in (2026, 2027)]}
    facts = Facts(FireStationRequest.model_validate(fields))
    plan = oracles.best(facts.request).plans[0]
    assert best_staging(facts, plan).total == 6 + 11
    fields["staging"]["years"][0]["capital_budget"] = 19
    poorer = Facts(FireStationRequest.model_validate(fields))
    assert best_staging(poorer, plan).status is Status.INFEASIBLE
    fields["staging"]["years"][1]["capital_budget"] = 21
    last = Facts(FireStationRequest.model_validate(fields))
    assert best_staging(last, plan).total == 0 + 11
