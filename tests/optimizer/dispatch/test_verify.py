"""The verifier: break each rule of a correct plan in turn, and exactly that is seen."""

from typing import Any

import pytest

from models.dispatch import DispatchPlan
from optimizer.dispatch.solve import solve
from optimizer.dispatch.verify import verify
from tests.strategies.dispatch import incident, team, town

TOWN = town(
    [
        team("a", 0),
        team("b", 200, skills={"boat": 1}),
        team("c", 300, tier="aid"),
        team("d", 50, shift_ends_s=60),
        team("e", 60, owner="held"),
        team("f", 70),
        team("g", 20_000),
        team("p", 80),
        team("r", 90, zone="north"),
        team("s", 40, status="on_scene"),
    ],
    [
        incident("x", 10, full_within_s=900, on_scene_s=100, severity=4),
        incident("y", 400, needs=[{"skill": "boat"}], severity=2),
        incident("z", 30, needs=[{"skill": "pump", "teams": 2}]),
    ],
    owners=[{"id": "held", "needs_permission": True}],
    orders=[{"team_id": "s", "incident_id": "z"}],
    policy={
        "tiers": [{"id": "aid", "opens_at": "I"}],
        "forbidden": [{"team_id": "f", "incident_id": "x"}],
        "pinned": [{"team_id": "p", "incident_id": "z"}],
        "reserve": [{"zone": "north", "teams": 1, "hard": True}],
    },
)
PLAN = solve(TOWN).plan


def broken(change: Any) -> set[str]:
    document = PLAN.model_dump(mode="json")
    change(document)
    checks = verify(TOWN, DispatchPlan.model_validate(document)).failed
    return {one.rule for one in checks}


def order_of(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in document["orders"] if one["team_id"] == name)


def instead(name: str):
    """Return a change that sends another team in the place of ``a``, with its true times."""

    def change(document: dict[str, Any]) -> None:
        entry = order_of(document, "a")
        away = abs(next(one.x_m for one in TOWN.teams if one.id == name) - 10)
        entry |= {"team_id": name, "leave_s": 0.0, "arrive_s": away / 10}

    return change


def set_in(path: str, value: Any):
    def change(document: dict[str, Any]) -> None:
        document[path] = value

    return change


def test_the_plan_itself_passes() -> None:
    assert verify(TOWN, PLAN).passed
    assert {one.team_id for one in PLAN.orders} == {"a", "b", "p", "s"}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("c", "tier"),
        ("d", "shift"),
        ("e", "free"),
        ("f", "forbidden"),
        ("g", "deadline"),
        ("r", "reserve"),
    ],
)
def test_a_team_that_may_not_go_is_seen(name: str, rule: str) -> None:
    found = broken(instead(name))
    assert {one for one in found if not one.startswith("figure.")} == {rule}


def test_a_team_without_the_skill_is_seen() -> None:
    def swap(document: dict[str, Any]) -> None:
        order_of(document, "b").update(team_id="f", arrive_s=33.0)

    assert "skill" in broken(swap)


def test_a_pinned_team_left_out_is_seen() -> None:
    def drop(document: dict[str, Any]) -> None:
        document["orders"].remove(order_of(document, "p"))

    assert "pinned" in broken(drop)


def test_a_team_taken_from_its_scene_is_seen() -> None:
    def drop(document: dict[str, Any]) -> None:
        document["orders"].remove(order_of(document, "s"))

    assert "frozen" in broken(drop)


def test_an_unknown_team_and_one_sent_twice_are_seen() -> None:
    def ghost(document: dict[str, Any]) -> None:
        order_of(document, "a")["team_id"] = "ghost"

    assert "one_place" in broken(ghost)

    def twice(document: dict[str, Any]) -> None:
        document["orders"].append(order_of(document, "a") | {"incident_id": "y"})

    assert "one_place" in broken(twice)


def test_wrong_times_roles_and_marks_are_seen() -> None:
    assert "times" in broken(lambda document: order_of(document, "a").update(arrive_s=0.5))
    assert "role" in broken(lambda document: order_of(document, "a").update(need=7))
    assert "fixed" in broken(lambda document: order_of(document, "a").update(fixed="pin"))
    assert "first_due" in broken(lambda document: order_of(document, "a").update(first_due=True))


def test_a_team_too_many_is_seen() -> None:
    def more(document: dict[str, Any]) -> None:
        extra = order_of(document, "a") | {"team_id": "f", "incident_id": "z", "arrive_s": 4.0}
        document["orders"].append(extra)

    assert "not_too_many" in broken(more)


def test_half_an_incident_is_seen() -> None:
    request = town(
        [team("a", 0), team("b", 5)], [incident("x", 10, needs=[{"skill": "pump", "teams": 2}])]
    )
    document = solve(request).plan.model_dump(mode="json")
    document["orders"] = document["orders"][:1]
    failed = verify(request, DispatchPlan.model_validate(document)).failed
    assert "whole" in {one.rule for one in failed}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("severity_served", 99.0, "figure.severity_served"),
        ("severity_total", 99.0, "figure.severity_total"),
        ("reserve_shortfall", 3, "figure.reserve_shortfall"),
        ("response", 1.0, "figure.response"),
        ("diversions", 2, "figure.diversions"),
        ("served_incidents", ["x"], "figure.served"),
        ("reserve", [], "figure.reserve_rules"),
        ("unserved", [{"incident_id": "x", "need": 0, "asked": 1, "short": 1}], "figure.unserved"),
    ],
)
def test_a_wrong_figure_is_seen(field: str, value: Any, rule: str) -> None:
    assert broken(set_in(field, value)) == {rule}


def test_who_commands_is_told_and_checked() -> None:
    crowd = town(
        [team("a", 0), team("b", 5, command_span=1), team("c", 9, command_span=1), team("d", 90)],
        [incident("x", 10, needs=[{"skill": "pump", "teams": 3}]), incident("y", 91)],
    )
    plan = solve(crowd).plan
    (told,) = plan.commands  # nobody commands at y, where one team goes
    assert told.model_dump() == {
        "incident_id": "x",
        "team_id": "b",
        "led": 2,
        "span": 1,
        "over": 1,
    }
    other = told.model_copy(update={"team_id": "c"})
    for commands in ((), (other,)):
        wrong = plan.model_copy(update={"commands": commands})
        assert {one.rule for one in verify(crowd, wrong).failed} == {"figure.commands"}
