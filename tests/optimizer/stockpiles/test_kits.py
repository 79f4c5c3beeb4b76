"""Kits of items: held, sent and counted as one, opened where they arrive."""

import pytest

from api.render.stockpiles.day import orders
from models.dispatch.teams import Team
from models.run import Status
from models.stockpiles import StockPlan, StockRequest
from models.stockpiles.day import LOAD, StockDayRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot, HouseholdStock, StockBlock
from models.stockpiles.plan import Deliveries, Held
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.solve import solve
from optimizer.stockpiles.today import solve_day
from optimizer.stockpiles.verify import verify
from tests.optimizer.stockpiles.drawn import drawn, with_kits
from tests.optimizer.stockpiles.test_oracle import apart_equals, equals_plain


@pytest.mark.parametrize("seed", [0, 1, 2, 5, 8, 9])
def test_no_plan_with_kits_is_better_than_the_one_found(seed: int) -> None:
    equals_plain(with_kits(drawn(seed), seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 110))
def test_no_plan_with_kits_is_better_than_the_one_found_in_any_of_many(seed: int) -> None:
    equals_plain(with_kits(drawn(seed), seed))


@pytest.mark.parametrize("seed", [3, 14])
def test_taken_apart_by_scenario_the_answer_with_kits_is_the_same(seed: int) -> None:
    apart_equals(with_kits(drawn(seed, plain=True), seed))


WATER = Item(id="water", volume_m3=0.01, price=1.0, weight=2.0, needs=(Need(quantity=3.0),))
QUILT = Item(id="quilt", volume_m3=0.1, price=50.0, needs=(Need(quantity=1.0),))
BOX = Item(id="box", volume_m3=0.1, price=5.0, contents={"water": 6.0, "quilt": 1.0})


def village(*items: Item, budget: float, tier: Tier | None = None) -> StockRequest:
    """A hundred people near a depot, all affected."""
    return StockRequest(
        tiers=(tier or Tier(id="depots"),),
        items=items,
        depots=(Depot(id="depot", tier="depots", x_m=0.0, y_m=0.0, volume_m3=100.0),),
        blocks=(StockBlock(id="b", x_m=500.0, y_m=0.0, weights={"residents": 100.0}),),
        scenarios=(StockScenario(id="s", affected={"b": 1.0}),),
        rules=StockRules(budget=budget),
    )


def solved(request: StockRequest) -> StockPlan:
    answer = solve(request, RunControl(request.limits))
    assert answer.run.status is Status.OPTIMAL
    assert answer.plan is not None
    return answer.plan


def stock(plan: StockPlan) -> dict[str, float]:
    return {one.item_id: pytest.approx(one.quantity) for one in plan.stock}


def test_a_kit_meets_the_needs_of_what_it_contains_and_single_items_the_rest() -> None:
    # 50 boxes hold all the water that is needed and half the quilts; money is left for one quilt.
    quilts = QUILT.model_copy(update={"needs": (Need(quantity=0.51),)})
    plan = solved(village(WATER, quilts, BOX, budget=300.0))
    assert stock(plan) == {"box": 51.0}
    dear = BOX.model_copy(update={"price": 51.0})
    plan = solved(village(WATER, quilts, dear, budget=1e6))
    assert stock(plan) == {"box": 50.0, "quilt": 1.0}
    assert plan.figures is not None
    assert plan.figures.expected_unmet == pytest.approx(0.0, abs=1e-6)


def test_what_a_kit_brings_too_much_of_counts_for_nobody() -> None:
    plan = solved(village(WATER, QUILT, BOX, budget=1e6))
    assert stock(plan) == {"box": 100.0}
    assert plan.figures is not None
    covers = {(one.scope, one.id): one.expected for one in plan.figures.covers}
    assert covers["tier", "depots"] == pytest.approx(1.0)
    assert covers["item", "box"] is None
    assert verify(village(WATER, QUILT, BOX, budget=1e6), plan).passed


@pytest.mark.parametrize(
    ("quantity", "rules"),
    [((100.0,), set()), ((101.0,), {"deliveries.needed"}), ((121.0,), {"deliveries.needed"})],
)
def test_more_kits_than_any_need_could_use_are_found(
    quantity: tuple[float, ...], rules: set[str]
) -> None:
    sent = Deliveries(
        scenario_id="s", band=(0,), source=(0,), block=(0,), item=(2,), need=(2,), quantity=quantity
    )
    held = (Held(depot_id="depot", item_id="box", quantity=quantity[0]),)
    plan = StockPlan(stock=held, deliveries=(sent,))
    request = village(WATER, QUILT, BOX, budget=1e6)
    assert {one.rule for one in verify(request, plan).failed} == rules
    single = sent.model_copy(update={"item": (0,), "need": (0,), "quantity": (301.0,)})
    wrong = StockPlan(
        stock=(Held(depot_id="depot", item_id="water", quantity=301.0),), deliveries=(single,)
    )
    assert {one.rule for one in verify(request, wrong).failed} == {"deliveries.needed"}


def test_a_plan_that_opens_a_kit_as_what_it_contains_is_refused() -> None:
    sent = Deliveries(
        scenario_id="s", band=(0,), source=(0,), block=(0,), item=(2,), need=(0,), quantity=(1.0,)
    )
    held = (Held(depot_id="depot", item_id="box", quantity=1.0),)
    plan = StockPlan(stock=held, deliveries=(sent,))
    found = {one.rule for one in verify(village(WATER, QUILT, BOX, budget=1e6), plan).failed}
    assert found == {"deliveries.substitutes"}


@pytest.mark.parametrize(
    ("budget", "tier", "reason"),
    [
        (250.0, None, "used_up"),
        (0.0, None, "not_held"),
        (250.0, Tier(id="depots", dispatch_s=11_000.0), "out_of_reach"),
    ],
)
def test_what_is_missing_of_kits_is_told_by_what_they_contain(
    budget: float, tier: Tier | None, reason: str
) -> None:
    request = village(WATER, QUILT, BOX, budget=budget, tier=tier)
    only = request.tiers[0].model_copy(update={"may_hold": ("box",)})
    answer = solve(request.model_copy(update={"tiers": (only,)}), RunControl(request.limits))
    assert answer.explanation is not None
    found = {one.item_id: one.reason for one in answer.explanation.unmet}
    assert found["quilt"] == reason
    assert "box" not in found


def test_every_fault_of_kits_is_named_by_its_field() -> None:
    own = (Need(quantity=1.0),)
    fresh = WATER.model_copy(update={"shelf_life_days": 300.0})
    crate = Item(id="crate", volume_m3=1.0, price=1.0, contents={"box": 2.0, "gold": 1.0})
    wrong = BOX.model_copy(update={"needs": own, "substitutes": {"quilt": 1.0}})
    ring = Item(id="ring", volume_m3=1.0, price=1.0, contents={"ring": 1.0})
    home = HouseholdStock(tier="depots", kit={"box": 1.0}, cost_per_person=1.0)
    request = village(fresh, QUILT, wrong, crate, ring, budget=1.0)
    with pytest.raises(InputError) as raised:
        Instance.from_request(request.model_copy(update={"households": home}), None)
    assert {one.path: one.need.code.rpartition(".")[2] for one in raised.value.faults} == {
        "items[2].needs": "kit_needs",
        "items[2].substitutes": "kit_needs",
        "items[2].shelf_life_days": "kit_life",
        "items[3].contents.box": "kit_of_kits",
        "items[3].contents.gold": "reference",
        "items[4].contents.ring": "kit_of_kits",
        "households.kit.box": "kit_at_home",
    }


def today(*vehicles: Team) -> StockDayRequest:
    request = village(WATER, QUILT, BOX.model_copy(update={"weight_kg": 10.0}), budget=0.0)
    lots = tuple(
        Lot(id=name, item_id=name, depot_id="depot", quantity=units)
        for name, units in (("box", 70.0), ("water", 20.0), ("quilt", 5.0))
    )
    return StockDayRequest(
        stockpiles=request.model_copy(update={"lots": lots}),
        today=request.scenarios[0],
        vehicles=vehicles,
    )


def test_on_the_day_kits_go_where_any_of_what_they_contain_is_missing() -> None:
    answer = solve_day(today(), RunControl(today().limits))
    assert answer.run.status is Status.OPTIMAL
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.passed
    sent = answer.plan.deliveries[0]
    assert dict(zip(sent.item, sent.quantity, strict=True)) == {
        1: pytest.approx(5.0),
        2: pytest.approx(70.0),
    }
    assert answer.plan.figures is not None
    assert answer.plan.figures.expected_unmet == pytest.approx(25.0)


def test_vehicles_carry_kits_by_their_own_weight() -> None:
    request = today(Team(id="van", x_m=0.0, y_m=0.0, amounts={LOAD: 200.0}))
    answer = solve_day(request, RunControl(request.limits))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.passed
    kits = [one for trip in answer.plan.trips for one in trip.carried if one.item == 2]
    assert sum(one.quantity for one in kits) == pytest.approx(70.0)
    assert all(trip.weight_kg <= 200.0 + 1e-6 for trip in answer.plan.trips)
    assert {line[2] for line in orders(request, answer.plan)} == {"box", "quilt"}
