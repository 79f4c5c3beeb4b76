"""Each rule and figure of a correct plan broken in turn: exactly that check fails."""

from collections.abc import Callable
from typing import Any

import pytest

from models.stockpiles import StockPlan, StockRequest
from models.stockpiles.items import Need
from models.stockpiles.plan import Agreed, Built, Deliveries, Held, KitShare
from models.stockpiles.rules import ChanceTarget, GiniLimit, LeastCover, Minimum
from optimizer.control import RunControl
from optimizer.stockpiles.solve import solve
from optimizer.stockpiles.verify import verify
from tests.optimizer.stockpiles.town import NO_RULES, answered, town


def plan() -> StockPlan:
    """The town's plan without claims, so that a broken rule is all there is to find."""
    found = answered().plan
    assert found is not None
    return found.model_copy(update={"objective_values": None, "figures": None})


def failed(request: StockRequest, one: StockPlan) -> set[str]:
    return {check.rule for check in verify(request, one).failed}


def test_a_correct_plan_passes_every_check() -> None:
    found = answered().plan
    assert found is not None
    checks = verify(town(), found).checks
    assert all(check.passed for check in checks)
    assert len(checks) >= 28


def _held(depot: str, item: str, **change: float) -> Callable[[StockPlan], StockPlan]:
    def broken(one: StockPlan) -> StockPlan:
        others = [h for h in one.stock if (h.depot_id, h.item_id) != (depot, item)]
        own = [h for h in one.stock if (h.depot_id, h.item_id) == (depot, item)]
        base = own[0] if own else Held(depot_id=depot, item_id=item, quantity=0.0)
        return one.model_copy(update={"stock": (*others, base.model_copy(update=change))})

    return broken


def _with(**change: Any) -> Callable[[StockPlan], StockPlan]:
    return lambda one: one.model_copy(update=change)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("plan.known", _with(stock=(Held(depot_id="moon", item_id="water", quantity=1.0),))),
        ("plan.known", _with(built=(Built(depot_id="depot", size_id="more"),) * 2)),
        ("stock.allowed", _held("store", "bed", quantity=0.1)),
        ("stock.existing", _held("store", "water", kept=60.0, quantity=300.0)),
        ("contracts.most", _with(agreed=(Agreed(contract_id="firm", quantity=101.0),))),
        ("households.share", _with(kits=(KitShare(block_id="e", share=0.5),))),
        ("depots.volume_m3", _held("store", "water", kept=50.0, quantity=301.0)),
        (
            "depots.sizes",
            _with(built=tuple(Built(depot_id="depot", size_id=s) for s in ("more", "most"))),
        ),
    ],
)
def test_a_broken_rule_is_found(rule: str, broken: Callable[[StockPlan], StockPlan]) -> None:
    bare = town().model_copy(update={"rules": NO_RULES})
    assert rule not in failed(bare, plan())
    found = failed(bare, broken(plan()))
    assert rule in found
    assert len({one for one in found if not one.startswith("deliveries")}) == 1


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ("rules.budget", {"budget": 10.0}),
        ("rules.yearly_budget", {"yearly_budget": 1.0}),
        ("rules.max_built", {"max_built": 0}),
        (
            "rules.minimums",
            {"minimums": (Minimum(tier="district", item_id="bed", per_resident=100.0),)},
        ),
        ("rules.least_cover", {"least_cover": (LeastCover(share=0.999),)}),
        ("rules.gini", {"gini": GiniLimit(most=0.0, level="community")}),
        ("rules.chance", {"chance": ChanceTarget(share=0.95, risk=0.0)}),
    ],
)
def test_a_rule_that_was_not_asked_is_not_kept(rule: str, limit: dict[str, Any]) -> None:
    rules = NO_RULES.model_copy(update=limit)
    built = plan().model_copy(update={"built": (Built(depot_id="depot", size_id="more"),)})
    one = built if rule == "rules.max_built" else plan()
    assert failed(town().model_copy(update={"rules": rules}), one) - {"depots.volume_m3"} == {rule}


def _delivery(**change: tuple[Any, ...]) -> Callable[[StockPlan], StockPlan]:
    """One delivery alone, of a litre from the depot to block e in the calm scenario."""
    base: dict[str, tuple[Any, ...]] = {
        "band": (0,),
        "source": (0,),
        "block": (0,),
        "item": (0,),
        "need": (0,),
        "quantity": (1.0,),
    }
    made = Deliveries(scenario_id="calm", **(base | change))
    return _with(deliveries=(made,))


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("deliveries.known", _delivery(source=(9,))),
        ("deliveries.known", _delivery(band=(0, 0))),
        ("deliveries.in_time", _delivery(source=(1,), block=(1,), quantity=(0.0,))),
        ("deliveries.substitutes", _delivery(item=(1,))),
        ("deliveries.needed", _delivery(quantity=(240.0,))),
        ("deliveries.stock", _delivery(source=(2,), quantity=(101.0,))),
    ],
)
def test_a_broken_delivery_is_found(rule: str, broken: Callable[[StockPlan], StockPlan]) -> None:
    bare = town().model_copy(update={"rules": NO_RULES})
    assert failed(bare, _delivery()(plan())) == set()
    assert failed(bare, broken(plan())) == {rule}


def test_more_than_a_depot_can_load_is_found() -> None:
    slow = town().depots[0].model_copy(update={"handling_m3_per_h": 1e-6})
    request = town().model_copy(update={"depots": (slow, town().depots[1]), "rules": NO_RULES})
    assert failed(request, _delivery()(plan())) == {"deliveries.handling"}


@pytest.mark.parametrize(
    "path",
    [
        ("expected_unmet",),
        ("unmet_risk",),
        ("yearly_cost",),
        ("gini",),
        ("costs", "holding"),
        ("costs", "outlay"),
        ("scenarios", 0, "unmet"),
        ("scenarios", 1, "from_kits"),
        ("covers", 0, "worst_tenth"),
        ("covers", 3, "expected"),
    ],
)
def test_a_false_figure_is_found(path: tuple[str | int, ...]) -> None:
    found = answered().plan
    assert found is not None
    data = found.model_dump(mode="json")
    at = data["figures"]
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = 0.5 * at[path[-1]] + 0.1
    checks = failed(town(), StockPlan.model_validate(data))
    assert len(checks) == 1
    assert checks.pop().startswith("figures")


def test_a_false_objective_is_found() -> None:
    found = answered().plan
    assert found is not None
    assert found.objective_values is not None
    wrong = (found.objective_values[0] + 1.0, *found.objective_values[1:])
    assert failed(town(), found.model_copy(update={"objective_values": wrong})) == {
        "objective_values"
    }


def test_what_groups_of_people_get_is_told_and_counted_again() -> None:
    request = town()
    (first, *others) = request.blocks
    mixed = first.model_copy(update={"weights": {**first.weights, "guests": 20.0}})
    items = tuple(
        one.model_copy(update={"needs": (*one.needs, Need(quantity=2.0, group="guests"))})
        for one in request.items
    )
    asked = request.model_copy(update={"blocks": (mixed, *others), "items": items})
    answer = solve(asked, RunControl(asked.limits))
    assert answer.plan is not None
    assert answer.plan.figures is not None
    covers = {one.id: one for one in answer.plan.figures.covers if one.scope == "group"}
    assert sorted(covers) == sorted({group for one in asked.blocks for group in one.weights})
    assert all(one.expected is not None for one in covers.values())
    wrong = tuple(
        one.model_copy(update={"expected": 0.123}) if one.scope == "group" else one
        for one in answer.plan.figures.covers
    )
    figures = answer.plan.figures.model_copy(update={"covers": wrong})
    plan = answer.plan.model_copy(update={"figures": figures})
    assert {one.rule for one in verify(asked, plan).failed} == {"figures.covers"}
