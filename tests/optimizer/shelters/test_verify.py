"""The verifier: each rule broken in turn, and exactly that check fails."""

from collections.abc import Callable

import pytest

from models.shelters import ShelterPlan, ShelterRequest
from models.shelters.plan import Assignment, OpenShelter
from models.shelters.rules import AreaTarget, CentralShelters, ServedFloor, ShelterRules
from optimizer.control import RunControl
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from tests.optimizer.shelters.village import village

OPEN = tuple(OpenShelter(site_id=one) for one in ("school", "hall", "park"))


def goes(
    scenario: str, block: str, site: str, people: float, group: str = "residents"
) -> Assignment:
    return Assignment(
        scenario_id=scenario, block_id=block, group=group, site_id=site, people=people
    )


GOOD = ShelterPlan(
    shelters=OPEN,
    assignments=(
        goes("dry", "west", "school", 60),
        goes("dry", "west", "park", 40),
        goes("dry", "east", "hall", 60),
        goes("dry", "east", "hall", 10, "wheelchair"),
        goes("flood", "west", "school", 60),
        goes("flood", "east", "park", 10, "wheelchair"),
    ),
)


def strict() -> ShelterRequest:
    return village(
        rules=ShelterRules(
            walk_limit_m=600.0,
            budget=11.0,
            max_new_sites=2,
            open_sites=("park",),
            forbidden_sites=("barn",),
            served_floors=(ServedFloor(share=1.0, group="wheelchair"),),
            area_targets=(AreaTarget(), AreaTarget(reading="gross", level="half")),
        )
    )


def failed(plan: ShelterPlan, request: ShelterRequest | None = None) -> list[str]:
    return [check.rule for check in verify(request or strict(), plan).failed]


def with_assignment(*more: Assignment) -> ShelterPlan:
    return GOOD.model_copy(update={"assignments": (*GOOD.assignments, *more)})


def with_sites(*names: str) -> ShelterPlan:
    sites = tuple(OpenShelter(site_id=one) for one in names)
    inside = tuple(one for one in GOOD.assignments if one.site_id in names)
    return GOOD.model_copy(update={"shelters": sites, "assignments": inside})


def test_a_good_plan_made_by_hand_passes() -> None:
    assert failed(GOOD) == []


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        (with_sites("school", "hall", "park", "x"), "sites.known"),
        (with_sites("school", "hall", "park", "park"), "sites.known"),
        (with_sites("hall", "park"), "sites.existing"),
        (with_assignment(goes("dry", "moon", "park", 1)), "people.known"),
        (with_assignment(goes("flood", "east", "hall", 1)), "people.hazard"),
        (with_assignment(goes("flood", "east", "barn", 1)), "people.open"),
        (with_assignment(goes("flood", "far", "park", 1)), "people.walk"),
        (with_assignment(goes("flood", "east", "park", 41)), "people.capacity"),
        (with_assignment(goes("dry", "west", "park", 1)), "people.once"),
    ],
)
def test_a_plan_that_breaks_one_rule_fails_that_check(plan: ShelterPlan, rule: str) -> None:
    assert failed(plan)[0] == rule
    assert set(failed(plan)) - {rule} <= {"people.capacity"}


RULES: list[tuple[str, Callable[[ShelterRules], dict[str, object]]]] = [
    ("budget", lambda _: {"budget": 10.9}),
    ("max_new_sites", lambda _: {"max_new_sites": 1}),
    ("open_sites", lambda _: {"open_sites": ("park", "barn"), "forbidden_sites": ()}),
    ("forbidden_sites", lambda _: {"forbidden_sites": ("hall",)}),
    ("served_floors", lambda _: {"served_floors": (ServedFloor(share=0.9),)}),
    ("area_targets", lambda _: {"area_targets": (AreaTarget(m2_per_resident=1.81),)}),
    (
        "area_targets",
        lambda _: {
            "area_targets": (AreaTarget(m2_per_resident=2.1, reading="gross", level="half"),)
        },
    ),
]


@pytest.mark.parametrize(("rule", "change"), RULES)
def test_a_rule_of_the_request_that_is_broken_is_named(
    rule: str, change: Callable[[ShelterRules], dict[str, object]]
) -> None:
    rules = strict().rules
    request = strict().model_copy(update={"rules": rules.model_copy(update=change(rules))})
    assert failed(GOOD, request) == [rule]


MANNERS: list[tuple[str, dict[str, object]]] = [
    ("together", {"together": "block"}),
    ("together", {"together": "half"}),
    ("nearest_first", {"nearest_first": 0.0}),
    ("least_fill", {"least_fill": 0.5}),
    ("fill_balance", {"fill_balance": 0.1}),
    ("central", {"central": CentralShelters(people_each=50.0, least_effective_m2=80.0)}),
]


@pytest.mark.parametrize(("rule", "change"), MANNERS)
def test_a_rule_on_how_people_are_spread_is_checked(rule: str, change: dict[str, object]) -> None:
    plan = with_assignment(goes("dry", "east", "park", 0))
    moved = [one for one in plan.assignments if (one.block_id, one.site_id) != ("east", "hall")]
    moved += [goes("dry", "east", "park", 5), goes("dry", "east", "hall", 10)]
    plan = plan.model_copy(update={"assignments": tuple(moved)})
    rules = ShelterRules(walk_limit_m=600.0).model_copy(update=change)
    assert failed(plan, village(rules=rules)) == [rule]


def test_a_wheelchair_is_not_sent_where_it_cannot_enter() -> None:
    rules = ShelterRules(walk_limit_m=600.0)
    plan = GOOD.model_copy(
        update={
            "shelters": (*OPEN, OpenShelter(site_id="barn")),
            "assignments": (goes("flood", "east", "barn", 10, "wheelchair"),),
        }
    )
    assert failed(plan, village(rules=rules)) == ["people.accessible"]


@pytest.fixture(scope="module")
def complete() -> ShelterPlan:
    plan = solve(village(), RunControl(village().limits)).plan
    assert plan is not None
    return plan


def test_a_complete_plan_passes(complete: ShelterPlan) -> None:
    assert failed(complete, village()) == []


CLAIMS: list[tuple[str, Callable[[ShelterPlan], dict[str, object]]]] = [
    ("objectives", lambda plan: {"objective_values": (1.0, *plan.objective_values[1:])}),  # type: ignore[index]
    ("objectives", lambda plan: {"objective_values": plan.objective_values[:2]}),  # type: ignore[index]
    ("without_place", lambda plan: {"without_place": plan.without_place[1:]}),  # type: ignore[index]
    (
        "without_place",
        lambda plan: {
            "without_place": tuple(
                one.model_copy(update={"reason": "full"}) for one in plan.without_place or ()
            )
        },
    ),
    ("fills", lambda plan: {"fills": plan.fills[1:]}),  # type: ignore[index]
    (
        "shelters",
        lambda plan: {
            "shelters": (plan.shelters[0].model_copy(update={"open_cost": 9.0}), *plan.shelters[1:])
        },
    ),
]


@pytest.mark.parametrize(("rule", "change"), CLAIMS)
def test_a_false_claim_is_found(
    complete: ShelterPlan, rule: str, change: Callable[[ShelterPlan], dict[str, object]]
) -> None:
    assert failed(complete.model_copy(update=change(complete)), village()) == [rule]


@pytest.mark.parametrize(
    "name", ["expected_unmet", "unmet_risk", "open_cost", "new_sites", "expected_person_metres"]
)
def test_a_false_figure_is_found(complete: ShelterPlan, name: str) -> None:
    assert complete.figures is not None
    figures = complete.figures.model_copy(update={name: 12345})
    assert failed(complete.model_copy(update={"figures": figures}), village()) == ["figures"]


@pytest.mark.parametrize("name", ["leaving", "sheltered", "unmet", "mean_walk_m", "p90_walk_m"])
def test_a_false_figure_of_a_scenario_is_found(complete: ShelterPlan, name: str) -> None:
    assert complete.figures is not None
    first, *others = complete.figures.scenarios
    scenarios = (first.model_copy(update={name: 12345.0}), *others)
    figures = complete.figures.model_copy(update={"scenarios": scenarios})
    assert failed(complete.model_copy(update={"figures": figures}), village()) == ["figures"]
