"""Laws of rotation, its limits and its proofs, on stores made by hand."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from models.rotation import RotationAnswer, RotationPlan
from models.rotation.storekeeping import PickOrder
from models.run import Incumbent, RunLimits, Status
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.rotation.evaluate import evaluate
from optimizer.rotation.picking import pick
from optimizer.rotation.replay import replay
from optimizer.rotation.solve import solve
from tests.interrupting import told
from tests.optimizer.rotation.drawn import drawn
from tests.optimizer.rotation.store import answered, store, usual


def value(answer: RotationAnswer, kind: str) -> float:
    found = next(one.objective for one in answer.run.levels if one.kind == kind)
    assert found is not None
    return found


def test_the_old_lot_leaves_first_and_nothing_is_short() -> None:
    plan = usual().plan
    assert plan is not None
    leaves: dict[str, list[int]] = {}
    for one in plan.issues:
        leaves.setdefault(one.lot_id, []).append(one.period)
    assert max(leaves["old"]) <= min(leaves["new"])
    assert value(usual(), "shortfall") == pytest.approx(0.0, abs=1e-6)
    assert all(one.packs == round(one.packs) for one in plan.orders)


def test_what_nobody_knows_is_flagged_and_bounded() -> None:
    plan = usual().plan
    assert plan is not None
    assert plan.unclear is not None
    assert plan.figures is not None
    (lot,) = plan.unclear
    assert (lot.lot_id, lot.counted, lot.most) == ("unknown", 5.0, 20.0)
    assert lot.no_quantity
    assert lot.no_date
    gone = plan.figures.write_off
    assert plan.figures.write_off_at_most == pytest.approx(gone + 15.0 * 2.0)


def test_a_lot_without_any_date_counts_as_nothing_and_is_not_thrown_away() -> None:
    lots = [{"id": "lost", "depot_id": "store", "item_id": "water", "quantity": 50.0}]
    plan = answered(lots=lots).plan
    assert plan is not None
    assert plan.unclear is not None
    assert plan.unclear[0].counted == 0.0
    assert "lost" not in {one.lot_id for one in (*plan.issues, *(plan.write_offs or ()))}


def test_more_budget_never_makes_anything_worse_in_order() -> None:
    seed = drawn(7).model_dump(mode="json")
    found = []
    for factor in (0.2, 1.0, 5.0):
        budgets = [{**one, "amount": 100.0 * factor} for one in seed["budgets"]]
        request = drawn(7, budgets=budgets)
        answer = solve(request, RunControl(request.limits))
        found.append([one.objective or 0.0 for one in answer.run.levels[:-1]])
    for poorer, richer in pairwise(found):
        first = next((a - b for a, b in zip(poorer, richer, strict=True) if abs(a - b) > 1e-4), 0.0)
        assert first >= 0.0


POOR: dict[str, Any] = {
    "lots": [
        {
            "id": "old",
            "depot_id": "store",
            "item_id": "water",
            "quantity": 100.0,
            "expires_on": "2028-01-31",
        }
    ],
    "required": [{"depot_id": "store", "item_id": "water", "target": 90.0, "statutory": 90.0}],
    "outlets": [{"id": "sale", "kind": "sale", "item_id": "water", "per_year": 1200.0}],
    "supplies": [{"id": "boxes", "item_id": "water", "depot_ids": ["store"]}],
    "budgets": [{"year": 2027, "amount": 120.0}, {"year": 2028, "amount": 1000.0}],
    "whole": False,
}
"""90 must be there by law until the old expire, and the money for new ones comes too late."""


def test_a_cap_that_no_budget_allows_is_refused_with_the_budget_that_would_do() -> None:
    asked = POOR | {"rules": {"statutory": "require", "write_off": "require"}}
    answer = answered(**asked)
    assert answer.run.status is Status.INFEASIBLE
    assert answer.conflict is not None
    rules = {one.path: one for one in answer.conflict.rules}
    assert set(rules) == {
        "budgets[0].amount",
        "required[0].statutory",
        "rules.write_off_share_max",
    }
    assert rules["budgets[0].amount"].restores_at == pytest.approx(176.4)
    mended = answered(**asked | {"budgets": [{"year": 2027, "amount": 176.5}]})
    assert mended.run.status is Status.OPTIMAL


def test_why_more_is_written_off_than_should_be_is_proven() -> None:
    answer = answered(outlets=[], whole=False)
    reasons = answer.explanation
    assert reasons is not None
    cap = reasons.write_off_cap
    assert cap is not None
    assert not cap.holds
    assert cap.possible is False
    assert cap.conflict is not None
    assert [one.path for one in cap.conflict.rules] == ["rules.write_off_share_max"]
    assert {one.year for one in cap.by_year} == set(cap.years_above)
    assert {one.reason for one in cap.by_year} == {"book"}
    for one in cap.by_year:
        assert one.least is not None
        assert one.least_without_budgets is not None
        assert one.least_without_budgets <= one.least + 1e-9
        assert one.least <= one.share + 1e-6


def test_a_year_above_for_want_of_money_is_told_from_one_whose_lots_are_too_old() -> None:
    answer = answered(**POOR | {"rules": {"statutory": "require"}})
    assert answer.explanation is not None
    cap = answer.explanation.write_off_cap
    assert cap is not None
    assert cap.possible is False
    (year,) = cap.by_year
    assert (year.year, year.reason) == (2028, "budget")
    assert year.least == pytest.approx(year.share, rel=1e-4)
    assert year.least_without_budgets == pytest.approx(0.0, abs=1e-6)


def test_shortage_that_money_can_mend_is_told_from_that_of_time() -> None:
    lots = [
        {
            "id": "few",
            "depot_id": "store",
            "item_id": "water",
            "quantity": 50.0,
            "expires_on": "2028-12-31",
        }
    ]
    supplies = [{"id": "b", "item_id": "water", "depot_ids": ["store"], "lead_days": 80.0}]
    late = answered(lots=lots, supplies=supplies, whole=False).explanation
    assert late is not None
    assert late.short[0].reason == "time"
    assert late.least_shortfall is not None
    assert late.least_shortfall > 0
    poor = answered(lots=lots, budgets=[{"year": y, "amount": 0.0} for y in (2027, 2028)])
    assert poor.explanation is not None
    assert poor.explanation.short[0].reason == "budget"
    assert poor.explanation.budget_worth == () or poor.explanation.budget_worth[0].shortfall > 0


def test_picks_take_the_oldest_first_and_say_what_is_missing() -> None:
    orders = [
        PickOrder(
            vehicle="A", depot_id="store", item_id="water", quantity=70.0, destination="hall"
        ),
        PickOrder(
            vehicle="B",
            depot_id="store",
            item_id="water",
            quantity=80.0,
            destination="school",
            load_kg=30.0,
        ),
    ]
    found = pick(store(), orders, date(2027, 2, 1))
    assert [(one.vehicle, one.lot_id, one.quantity) for one in found.picks] == [
        ("A", "old", 60.0),
        ("A", "new", 10.0),
        ("B", "new", 50.0),
    ]
    assert [(one.order, one.quantity, one.reason) for one in found.missing] == [
        (2, 20.0, "load"),
        (2, 10.0, "stock"),
    ]
    after = pick(store(), orders[:1], date(2027, 5, 1))
    assert [one.lot_id for one in after.picks] == ["new"]


def test_all_faults_are_told_at_once_each_by_its_path() -> None:
    request = store(
        start="2027-01-05",
        budgets=[{"year": 2027, "amount": 1.0}, {"year": 2027, "amount": 2.0}],
        tiers=[{"id": "upper", "refills": []}, {"id": "lower", "refills": ["upper"]}],
        required=[{"depot_id": "nowhere", "item_id": "water", "target": 1.0, "statutory": 2.0}],
    )
    with pytest.raises(InputError) as raised:
        solve(request, RunControl(request.limits))
    assert {one.path for one in raised.value.faults} == {
        "start",
        "budgets[1].year",
        "tiers[1].refills[0]",
        "refills[0].to_tier",
        "required[0].depot_id",
        "required[0].target",
    }


def test_a_kit_is_one_item_of_the_book() -> None:
    water = store().items[0]
    kit = water.model_copy(
        update={"id": "box", "contents": {water.id: 2.0, "gold": 1.0}, "shelf_life_days": None}
    )
    wrong = store().model_copy(update={"items": (*store().items, kit)})
    with pytest.raises(InputError) as raised:
        solve(wrong, RunControl(wrong.limits))
    at = len(wrong.items) - 1
    paths = {one.path for one in raised.value.faults}
    assert paths == {f"items[{at}].contents.gold", f"items[{at}].shelf_life_days"}


@pytest.mark.parametrize("number", [3, 7, 12])
def test_a_replay_finds_the_same_plan_byte_for_byte(number: int) -> None:
    request = drawn(number)
    answer = solve(request, RunControl(RunLimits()))
    assert answer.run.record is not None
    again = replay(request, answer.run.record)
    assert told(again.plan, again.run) == told(answer.plan, answer.run)


def test_listeners_hear_what_every_level_came_to() -> None:
    told_of: list[Incumbent] = []
    answer = solve(store(), RunControl(RunLimits(), on_incumbent=told_of.append))
    heard = {one.level: one.objective for one in told_of}
    for level, report in enumerate(answer.run.levels):
        assert heard[level] == pytest.approx(report.objective)


@pytest.mark.parametrize("number", [3, 7, 12])
def test_a_plan_is_evaluated_to_what_its_own_run_says(number: int) -> None:
    request = drawn(number)
    answer = solve(request, RunControl(RunLimits()))
    if answer.plan is None:
        pytest.skip("no plan keeps the rules")
    plan = answer.plan
    bare = RotationPlan(orders=plan.orders, issues=plan.issues, moves=plan.moves)
    found = evaluate(request, bare, against=answer)
    assert found.verification is not None
    assert found.verification.passed
    assert found.run.status is Status.OPTIMAL
    assert found.plan is not None
    assert found.plan.objective_values == pytest.approx(plan.objective_values)
    assert found.plan.figures is not None
    assert plan.figures is not None
    assert found.plan.figures.model_dump() == pytest.approx(plan.figures.model_dump())


def test_an_idle_plan_is_worse_and_an_impossible_one_fails_its_checks() -> None:
    request, best = store(), usual()
    idle = evaluate(request, RotationPlan(orders=(), issues=(), moves=()), against=best)
    assert idle.run.status is Status.FEASIBLE
    assert value(idle, "shortfall") > value(best, "shortfall")
    assert best.plan is not None
    twice = best.plan.model_copy(update={"issues": (*best.plan.issues, *best.plan.issues)})
    broken = evaluate(request, twice)
    assert broken.run.status is Status.UNKNOWN
    assert broken.verification is not None
    assert not broken.verification.passed
    strange = best.plan.issues[0].model_copy(update={"lot_id": "nobody's"})
    unknown = evaluate(request, RotationPlan(orders=(), issues=(strange,), moves=()))
    assert unknown.run.status is Status.UNKNOWN
