"""Three separate readings of one question: enumeration, the verifier, and the engine."""

import random
from typing import Any

import pytest
from hypothesis import given, settings

from models.fire_stations import FireStationPlan, FireStationRequest
from models.fire_stations.objectives import Combination
from models.fire_stations.plan import Action, PlannedStation
from models.run import Status
from optimizer import solve
from optimizer.fire_stations.verify import verify
from tests.oracles import levels
from tests.oracles.facts import RELATIVE, Facts, Plan
from tests.oracles.levels import OracleAnswer, allowed_loss, level_signs
from tests.oracles.plans import enumerate_plans, from_plan, site_options, to_plan
from tests.oracles.rules import broken_rules, feasible
from tests.oracles.values import objective_value
from tests.strategies import FIXED_COUNT, Json, request_number, requests
from tests.strategies.by_hand import SMALL, a_request

NORMAL_COUNT = 100
NUMBERS = [
    pytest.param(number, marks=[] if number < NORMAL_COUNT else [pytest.mark.slow])
    for number in range(FIXED_COUNT)
]


def lawful_plan(facts: Facts, rng: random.Random) -> FireStationPlan:
    """Return options drawn site by site: each may be, all together may break any rule."""
    chosen = [rng.choice(site_options(facts, j)) for j in range(len(facts.sites))]
    taken: dict[int, object] = {}
    plan = [one for one in chosen if one is not None and taken.setdefault(one.site, one) is one]
    return to_plan(facts, tuple(plan))


def any_plan(facts: Facts, rng: random.Random) -> FireStationPlan:
    """Return stations by chance, sensible or not."""
    ids, names = [site.id for site in facts.sites], sorted(facts.classes)
    stations = []
    for site in rng.sample(facts.sites, rng.randint(0, len(ids))):
        today = [site.station.class_id] * 3 if site.station else []
        action = rng.choice([None, None, None, *Action])
        source = rng.choice(ids) if action is Action.MOVE else None
        class_id = rng.choice([*names, *today])
        stations.append(
            PlannedStation(site_id=site.id, class_id=class_id, action=action, moved_from=source)
        )
    return FireStationPlan(stations=tuple(stations))


def some_plans(facts: Facts, rng: random.Random) -> list[FireStationPlan]:
    """Return plans of every sort, some of them feasible where any is."""
    kept = [plan for plan in enumerate_plans(facts) if feasible(facts, plan)]
    plans = [to_plan(facts, plan) for plan in rng.sample(kept, min(3, len(kept)))]
    plans += [lawful_plan(facts, rng) for _ in range(3)]
    return plans + [any_plan(facts, rng) for _ in range(2)]


def values_of(facts: Facts, plan: Plan) -> tuple[float, ...]:
    return tuple(objective_value(facts, plan, one) for one in facts.request.objectives)


def failed_rules(request: FireStationRequest, plan: FireStationPlan) -> set[str]:
    """Return the rules that the verifier finds broken, by the oracle's names."""
    structure = dict.fromkeys(("sites", "classes", "actions", "kept_stations"), "options")
    failed = (check.rule for check in verify(request, plan).failed)
    return {structure.get(rule, rule) for rule in failed}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_verifier_finds_the_rules_broken_that_enumeration_finds(number: int) -> None:
    request = request_number(number)
    facts, rng = Facts(request), random.Random(number)  # noqa: S311 - a test case
    for drawn in some_plans(facts, rng):
        plan, failed = from_plan(facts, drawn), failed_rules(request, drawn)
        if plan is None:
            assert failed, drawn
            continue
        assert failed == broken_rules(facts, plan), drawn
        claimed = to_plan(facts, plan, values_of(facts, plan))
        assert failed_rules(request, claimed) == failed


def same(values: tuple[float, ...]) -> Any:
    return pytest.approx(values, rel=RELATIVE, abs=RELATIVE)


def assert_within_allowances(facts: Facts, values: tuple[float, ...], best: OracleAnswer) -> None:
    """Assert that a final plan is worse in no level than the level's loss allows."""
    if facts.request.combination is Combination.WEIGHTED_SUM:
        return
    for k, (value, attained) in enumerate(zip(values, best.objective_values, strict=True)):
        sign = level_signs(facts)[k]
        loss = 0.0 if k == len(values) - 1 else allowed_loss(facts, k, attained)
        room = 2 * RELATIVE * max(1.0, abs(attained))
        assert sign * value >= sign * attained - loss - room


def assert_agrees(request: FireStationRequest) -> None:
    """Assert that the engine's answer is what enumeration finds."""
    facts, answer = Facts(request), solve(request)
    best = levels.best(facts)
    assert answer.run.status is best.status
    if best.status is Status.INFEASIBLE:
        assert answer.plan is None
        return
    found = [level.objective for level in answer.run.levels]
    if found != same(best.objective_values):
        # A plan that lies within rounding of an earlier level may count or not.
        best = levels.best(facts, room=1e-9)
    assert found == same(best.objective_values)
    assert answer.verification.passed, answer.verification.failed
    plan = from_plan(facts, answer.plan)
    assert plan is not None
    assert broken_rules(facts, plan) == set()
    values = values_of(facts, plan)
    assert answer.plan.objective_values == same(values)
    assert_within_allowances(facts, values, best)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_engine_finds_what_enumeration_finds(number: int) -> None:
    assert_agrees(request_number(number))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(requests)
def test_no_drawn_request_has_a_better_plan_than_the_engine_finds(
    request: FireStationRequest,
) -> None:
    assert_agrees(request)


NEAR: list[list[int | None]] = [[100, 200], [200, 100]]
WITHOUT_LADDERS: Json = {
    "objectives": [{"kind": "full_force", "vehicles": 1, "people": 1}],
    "risk_classes": [{"id": "high", "vehicle_types": {"ladder": 1}}],
}


def assert_agrees_by_hand(fields: Json) -> None:
    assert_agrees(FireStationRequest.model_validate(fields))


def test_a_risk_that_no_possible_station_is_equipped_for_is_never_met() -> None:
    fields = a_request(NEAR, [5, 6], **WITHOUT_LADDERS)
    fields["classes"][0] = fields["classes"][0] | {"vehicles": {"engine": 2, "ladder": 1}}
    fields["demand_points"][1]["risk_class"] = "high"
    assert_agrees_by_hand(fields)


def test_a_level_that_is_the_same_whatever_is_chosen_leaves_the_next_one_free() -> None:
    objectives = [{"kind": "worst_area", "within_s": 60}, {"kind": "cover"}]
    fields = a_request(NEAR, [5, 6], objectives=objectives, areas=[{"id": "A"}])
    fields["demand_points"][0]["area"] = "A"
    assert_agrees_by_hand(fields)


def test_a_strengthened_station_has_the_larger_headcount_of_today_and_the_norm() -> None:
    force = {"kind": "full_force", "people": 5, "vehicles": 1}
    fields = a_request(NEAR, [5, 6], objectives=[force])
    station: Json = {"class_id": "small", "vehicles": {"engine": 0}, "may": ["strengthen"]}
    fields["sites"][0]["station"] = station | {"headcount_people": 9, "on_duty_people": 6}
    fields["classes"][1] = SMALL | {"on_duty_people": 5}
    assert_agrees_by_hand(fields | {"new_stations": {"small": 0}, "shift_count": 2})
