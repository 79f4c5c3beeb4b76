"""Conflicts against enumeration, and against the request with the number changed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from models.answer import Conflict, ConflictRule
from models.fire_stations import FireStationRequest
from models.fire_stations.rules import IdlePolicy, Rules
from models.messages import render
from models.places import StationStatus
from models.run import RunLimits
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.fire_stations.conflict import conflict
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from tests.optimizer.fire_stations.town import request_of
from tests.oracles import plans, rules
from tests.oracles.facts import Facility, Facts, Plan
from tests.strategies import request_number

SCANNED_COUNT = 120
MOST_OPTIONS = 13  # enumeration looks at every set of them
Holds = Callable[[Plan], bool]


def conflict_of(request: FireStationRequest, time_limit_s: float = 60.0) -> Conflict:
    control = RunControl(RunLimits(time_limit_s=time_limit_s))
    return conflict(Formulation(Instance.from_request(request)), control)


def every_option(request: FireStationRequest) -> list[Facility]:
    """Return all options, those of idle stations whatever the policy."""
    facts = Facts(request)
    listed = [plans.site_options(facts, j) for j in range(len(request.sites))]
    return [one for options in listed for one in options if one is not None]


@cache
def infeasible_requests() -> tuple[FireStationRequest, ...]:
    """Return the drawn requests that enumeration finds no plan for."""
    drawn = map(request_number, range(SCANNED_COUNT))
    return tuple(request for request in drawn if not is_feasible(request))


def fates(plan: Plan) -> Counter[int]:
    return Counter(one.site if one.moved_from is None else one.moved_from for one in plan)


def structure(request: FireStationRequest) -> dict[str, Holds]:
    stations = [(j, site.station) for j, site in enumerate(request.sites)]
    serving = [
        (j, "close" in one.may)
        for j, one in stations
        if one is not None and one.status is StationStatus.IN_SERVICE
    ]
    stay = [j for j, closable in serving if not closable]
    leave = [j for j, closable in serving if closable]
    return {
        "sites": lambda plan: max(Counter(one.site for one in plan).values(), default=0) <= 1,
        "sites[*].station": lambda plan: all(fates(plan)[j] == 1 for j in stay),
        "sites[*].station.may": lambda plan: all(fates(plan)[j] <= 1 for j in leave),
    }


def only(request: FireStationRequest, **kept: Any) -> Facts:
    """Return the facts of the request with no other rule than ``kept``."""
    free = Rules(**{"idle_stations": IdlePolicy.MAY_OPEN, **kept})
    return Facts(request.model_copy(update={"rules": free}))


def floor_rule(request: FireStationRequest, index: int, group: str | None) -> Holds:
    floor = request.rules.cover_floors[index]
    if group is not None:
        apart = {"area": None, "risk_class": None, "each": None, "level": None}
        floor = floor.model_copy(update={**apart, str(floor.each): group})
    return lambda plan: rules.floor_holds(Facts(request), floor, plan)


def count_rule(request: FireStationRequest, class_id: str, end: str | None) -> Holds:
    asked = request.new_stations[class_id]

    def holds(plan: Plan) -> bool:
        built = sum(one.action == "build" and one.class_id == class_id for one in plan)
        exact = asked.min == asked.max
        low = asked.min if end == "min" or exact or asked.max is None else 0
        high = asked.max if end is None and asked.max is not None else built
        return low <= built <= high

    return holds


def rule_at(request: FireStationRequest, path: str) -> Holds:
    """Return the oracle's reading of the one rule at ``path``."""
    if path in structure(request):
        return structure(request)[path]
    if path.startswith("new_stations."):
        _, class_id, *end = path.split(".")
        return count_rule(request, class_id, end[0] if end else None)
    parts = re.fullmatch(r"rules\.(\w+)(?:\[(\d+)\])?(?:\.share(?:\[(.*)\])?)?", path)
    assert parts is not None, path
    name, index, group = parts.groups()
    if name == "cover_floors":
        return floor_rule(request, int(index), group)
    value = getattr(request.rules, name)
    facts = only(request, **{name: value if index is None else (value[int(index)],)})
    return lambda plan: rules.RULES[name](facts, plan)


def some_plan_keeps(options: list[Facility], kept: list[Holds]) -> bool:
    every = (plan for size in range(len(options) + 1) for plan in combinations(options, size))
    return any(all(rule(plan) for rule in kept) for plan in every)


def assert_irreducible(request: FireStationRequest, options: list[Facility]) -> None:
    """Assert that no set of options keeps a conflict, and that some keeps all but any rule."""
    found = conflict_of(request)
    kept = [rule_at(request, rule.path) for rule in found.rules]
    assert found.irreducible
    assert not some_plan_keeps(options, kept)
    for left_out in range(len(kept)):
        assert some_plan_keeps(options, kept[:left_out] + kept[left_out + 1 :])


def test_a_conflict_cannot_hold_and_holds_without_any_one_of_its_rules() -> None:
    tried = 0
    for request in infeasible_requests():
        options = every_option(request)
        if len(options) <= MOST_OPTIONS:
            assert_irreducible(request, options)
            tried += 1
    assert tried >= 10


def renumbered(request: FireStationRequest, path: str, number: float) -> FireStationRequest:
    """Return the request with the number of the rule at ``path`` changed."""
    asked = request.model_dump(mode="json")
    if path.startswith("new_stations."):
        _, class_id, *end = path.split(".")
        count = asked["new_stations"][class_id]
        exact = count["min"] == count["max"]
        ends = end or (["min", "max"] if exact else ["max"])
        count.update(dict.fromkeys(ends, round(number)))
        return FireStationRequest.model_validate(asked)
    name, *rest = re.split(r"[.\[\]]+", path.removeprefix("rules."))
    if rest:
        field = "share" if name == "cover_floors" else "distance_m"
        asked["rules"][name][int(rest[0])][field] = number
    elif name == "spacing":
        asked["rules"]["spacing"]["distance_m"] = number
    else:
        asked["rules"][name] = round(number) if name == "crew_limit_people" else number
    return FireStationRequest.model_validate(asked)


def is_feasible(request: FireStationRequest) -> bool:
    facts = Facts(request)
    return any(rules.feasible(facts, plan) for plan in plans.enumerate_plans(facts))


def not_quite(rule: ConflictRule) -> float:
    """Return a number that changes a little less than the smallest change."""
    assert rule.value is not None
    assert rule.restores_at is not None
    if rule.path.startswith(("new_stations", "rules.crew_limit_people")):
        return rule.restores_at + (1 if rule.value > rule.restores_at else -1)
    return rule.restores_at + 1e-3 * (rule.value - rule.restores_at)


def far_numbers(rule: ConflictRule) -> Iterator[float]:
    """Yield numbers of the rule that ask the least, one of which would hold if any does."""
    if rule.path.endswith(".min") or "floors" in rule.path or "distance" in rule.path:
        yield 0.0
    elif rule.path.startswith("new_stations"):
        yield from range(9)
    else:
        yield from (0.0,) if rule.path.startswith(("rules.cl", "rules.sp")) else (1e9,)


def assert_smallest_changes(request: FireStationRequest) -> None:
    """Assert that each change named restores feasibility, and that none smaller does."""
    for rule in conflict_of(request).rules:
        if rule.value is None:
            assert rule.smallest_change is None
        elif rule.restores_at is None:
            tried = [renumbered(request, rule.path, far) for far in far_numbers(rule)]
            assert not any(map(is_feasible, tried)), rule
        else:
            assert rule.smallest_change == abs(rule.restores_at - rule.value)
            assert is_feasible(renumbered(request, rule.path, rule.restores_at)), rule
            assert not is_feasible(renumbered(request, rule.path, not_quite(rule))), rule


def test_the_smallest_change_of_a_number_restores_feasibility_and_none_smaller_does() -> None:
    assert len(infeasible_requests()) >= 10
    for request in infeasible_requests():
        assert_smallest_changes(request)


def test_a_budget_too_small_is_named_with_the_budget_that_would_do() -> None:
    request = request_of(new_stations={"city": 1}, rules__capital_budget=50)
    found = conflict_of(request)
    assert [rule.path for rule in found.rules] == ["new_stations.city", "rules.capital_budget"]
    city, budget = found.rules
    assert (city.value, city.smallest_change, city.restores_at) == (1.0, 1.0, 0.0)
    assert (budget.value, budget.smallest_change, budget.restores_at) == (50.0, 10.0, 60.0)
    assert render(budget.rule, "en") == "Capital budget of at most 50"


def test_rules_that_have_no_part_in_a_conflict_are_not_named() -> None:
    harmless = ["D"]
    request = request_of(
        new_stations={"city": 1},
        rules__capital_budget=50,
        rules__forbidden_sites=harmless,
        rules__crew_limit_people=100,
        rules__cover_floors=[{"share": 0.1}],
    )
    paths = [rule.path for rule in conflict_of(request).rules]
    assert paths == ["new_stations.city", "rules.capital_budget"]


def test_a_floor_of_each_area_has_one_share_and_its_change_restores_every_area() -> None:
    floors = [{"share": 0.9, "each": "area"}]
    request = request_of(new_stations={"city": 0}, rules__cover_floors=floors)
    for rule in conflict_of(request).rules:
        if rule.restores_at is not None:
            assert is_feasible(renumbered(request, rule.path, rule.restores_at))


def test_a_conflict_cut_short_by_the_clock_does_not_claim_to_be_irreducible() -> None:
    request = request_of(new_stations={"city": 1}, rules__capital_budget=50)
    found = conflict_of(request, time_limit_s=1e-9)
    assert not found.irreducible
    assert {"new_stations.city", "rules.capital_budget"} <= {rule.path for rule in found.rules}


def test_rules_that_hold_together_are_no_conflict() -> None:
    with pytest.raises(BackendError, match="hold together"):
        conflict_of(request_of())
