"""What an answer says: by hand-sized numbers, reasons, conflicts, unseen scenarios, faults."""

import pytest

from instances.examples import example
from models.run import Status
from models.stockpiles import StockRequest
from models.stockpiles.nodes import Contract, HouseholdStock
from models.stockpiles.plan import Held
from models.stockpiles.rules import LeastCover, Minimum, StockRules
from models.stockpiles.scenarios import StockScenario
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.stockpiles.evaluate import evaluate
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.solve import solve
from tests.optimizer.stockpiles.town import answered, town


def smallest(**change: object) -> StockRequest:
    request = example("minimal-stockpiles")
    assert isinstance(request, StockRequest)
    return request.model_copy(update=change)


def solved(request: StockRequest):
    return solve(request, RunControl(request.limits))


def test_the_smallest_request_spends_its_money_where_both_blocks_are_reached() -> None:
    # 1,500 buys 1,250 l of the 1,890 l needed in the storm and of the 4,050 l in the flood.
    plan = solved(smallest()).plan
    assert plan is not None
    assert [(one.depot_id, round(one.quantity, 3)) for one in plan.stock] == [("depot", 1250.0)]
    assert plan.figures is not None
    assert plan.figures.expected_unmet == pytest.approx(0.9 * 640 + 0.1 * 2800)


def test_need_beyond_the_last_litre_is_called_used_up() -> None:
    explanation = solved(smallest()).explanation
    assert explanation is not None
    assert {one.reason for one in explanation.unmet} == {"used_up"}
    assert explanation.marginal[0].per_unit == pytest.approx(1.0)
    assert explanation.marginal[0].per_money == pytest.approx(1.0 / 1.2)


def test_what_one_more_unit_is_worth_is_told_of_fair_plans_too() -> None:
    poor = smallest(rules=StockRules(budget=1500.0, least_cover=(LeastCover(share=0.1),)))
    explanation = solved(poor).explanation
    assert explanation is not None
    assert explanation.marginal
    assert explanation.marginal[0].per_unit == pytest.approx(1.0)
    assert "explanation.stockpiles.marginal" not in {one.code for one in explanation.left_out}


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("lost", {"surviving_share": {"depot": 0.0, "store": 0.0}}),
        ("out_of_reach", {"slower": 40.0}),
    ],
)
def test_what_is_missing_has_its_own_reason(reason: str, change: dict[str, object]) -> None:
    calm = StockScenario(id="calm", weight=9.0, affected={"north": 0.5})
    bad = StockScenario(id="bad", affected={"north": 0.9}).model_copy(update=change)
    explanation = solved(smallest(scenarios=(calm, bad), rules=StockRules())).explanation
    assert explanation is not None
    assert {one.reason for one in explanation.unmet} == {reason}


def test_rules_that_cannot_hold_are_named_with_the_smallest_change() -> None:
    least = Minimum(tier="district", item_id="water", quantity=2000.0)
    answer = solved(smallest(rules=StockRules(budget=1500.0, minimums=(least,))))
    assert answer.run.status is Status.INFEASIBLE
    assert answer.plan is None
    assert answer.conflict is not None
    assert answer.conflict.irreducible
    found = {one.path: one.restores_at for one in answer.conflict.rules}
    assert found == {
        "rules.budget": pytest.approx(2400.0),
        "rules.minimums[0]": pytest.approx(1250.0),
    }


def test_unseen_scenarios_stand_beside_the_plans_own() -> None:
    unseen = (
        StockScenario(id="h1", weight=0.9, affected={"north": 0.2, "south": 0.3}),
        StockScenario(id="h2", weight=0.9, affected={"south": 0.2}),
    )
    explanation = solved(smallest(held_out=unseen)).explanation
    assert explanation is not None
    found = explanation.out_of_sample
    assert found is not None
    assert found.unmet.in_sample == pytest.approx(856.0)
    assert found.unmet.out_of_sample == pytest.approx(0.5 * 640)
    # Two unmet needs, 640 and 0, of one half each: their mean's deviation is 320.
    assert found.unmet.half_width == pytest.approx(1.959964 * 320)
    assert found.bias == pytest.approx(-1.675)


def test_planning_for_the_mean_is_never_better_and_foresight_never_worse() -> None:
    request = smallest(rules=StockRules(budget=3000.0))
    explanation = solved(request).explanation
    assert explanation is not None
    worth = explanation.stochastic
    assert worth is not None
    assert worth.vss is not None
    assert worth.evpi is not None
    assert worth.vss >= -1e-6
    assert worth.evpi >= -1e-6


def test_an_evaluated_plan_gets_the_best_deliveries_and_the_checks_it_fails() -> None:
    request = smallest()
    best = solved(request)
    assert best.plan is not None
    again = evaluate(request, best.plan, against=best)
    assert again.run.status is Status.OPTIMAL
    assert again.plan is not None
    assert again.plan.figures == best.plan.figures
    dear = best.plan.model_copy(
        update={"stock": (Held(depot_id="depot", item_id="water", quantity=1300.0),)}
    )
    worse = evaluate(request, dear)
    assert worse.run.status is Status.UNKNOWN
    assert worse.verification is not None
    assert {check.rule for check in worse.verification.failed} == {"rules.budget"}


def test_a_lot_that_nobody_counted_is_bounded_and_named() -> None:
    answer = answered()
    assert answer.plan is not None
    kept = {(one.depot_id, one.item_id): one.kept for one in answer.plan.stock}
    held = {(one.depot_id, one.item_id): one.quantity for one in answer.plan.stock}
    assert 0.0 < held["store", "water"] == kept["store", "water"]
    lot = town().lots[0].model_copy(update={"quantity": None, "quantity_between": (10.0, 90.0)})
    instance = Instance.from_request(town().model_copy(update={"lots": (lot,)}), None)
    assert instance.existing.sum() == 10.0
    undated = lot.model_copy(update={"expires_on": None})
    instance = Instance.from_request(town().model_copy(update={"lots": (undated,)}), None)
    assert instance.existing.sum() == 0.0


def test_every_fault_of_a_request_is_named_at_once() -> None:
    broken = smallest(
        scenarios=(StockScenario(id="s", affected={"moon": 0.5}, counts={"person": {}}),),
        rules=StockRules(minimums=(Minimum(tier="no", item_id="none"),)),
    )
    with pytest.raises(InputError) as raised:
        Instance.from_request(broken, None)
    assert {one.path for one in raised.value.faults} == {
        "scenarios[0].affected.moon",
        "scenarios[0].counts.person",
        "rules.minimums[0].tier",
        "rules.minimums[0].item_id",
    }


def test_one_more_unit_agreed_and_one_more_kit_are_worth_what_planning_anew_says() -> None:
    # North alone is affected; money is out, so what is held, agreed and given is all there is.
    base = smallest()
    water = base.items[0].id
    firm = Contract(
        id="firm",
        tier=base.tiers[0].id,
        item_id=water,
        lat=base.depots[0].lat,
        lon=base.depots[0].lon,
        most=100.0,
        lead_time_s=600.0,
        fee=0.5,
    )
    homes = HouseholdStock(
        tier=base.tiers[0].id, kit={water: 1.5}, share_max=0.2, cost_per_person=3.0
    )
    request = base.model_copy(update={"contracts": (firm,), "households": homes})
    found = solved(request).explanation
    assert found is not None
    agreed = [one for one in found.marginal if one.depot_id == "firm"]
    assert [(one.item_id, one.per_unit, one.per_money) for one in agreed] == [
        (water, pytest.approx(1.0), pytest.approx(2.0))
    ]
    more = firm.model_copy(update={"most": 101.0})
    richer = solved(request.model_copy(update={"contracts": (more,)})).plan
    poorer = solved(request).plan
    assert richer is not None
    assert richer.figures is not None
    assert poorer is not None
    assert poorer.figures is not None
    saved = poorer.figures.expected_unmet - richer.figures.expected_unmet
    assert saved == pytest.approx(agreed[0].per_unit)
    values = {one.block_id: one.per_person for one in found.marginal_kits}
    assert set(values) <= {one.id for one in request.blocks}
    assert max(values.values()) == pytest.approx(1.5 * _affected(request), rel=1e-6)


def _affected(request: StockRequest) -> float:
    """The largest expected share of a block's people that is affected."""
    total = sum(one.weight for one in request.scenarios)
    return max(
        sum(one.weight * one.affected.get(block.id, 0.0) for one in request.scenarios) / total
        for block in request.blocks
    )


def test_a_tiers_share_is_told_where_it_delivers_least() -> None:
    plan = solved(smallest()).plan
    assert plan is not None
    assert plan.figures is not None
    (tier,) = (one for one in plan.figures.covers if one.scope == "tier" and one.expected)
    # 1,250 l of the 1,890 needed in the storm, nine times in ten, and of the 4,050 in the flood.
    assert tier.worst == pytest.approx(1250.0 / 4050.0)
    assert tier.worst_tenth == pytest.approx(1250.0 / 4050.0)
    assert tier.expected == pytest.approx(1250.0 / (0.9 * 1890.0 + 0.1 * 4050.0))
