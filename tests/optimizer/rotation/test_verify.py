"""Every rule of a correct plan broken in turn: exactly that check fails."""

from collections.abc import Callable
from datetime import date

import pytest

from models.rotation import RotationPlan, RotationRequest
from models.rotation.plan import Issue, Move
from optimizer.rotation.verify import verify
from tests.optimizer.rotation.store import answered, store

Change = Callable[[RotationPlan], RotationPlan]


@pytest.fixture(scope="module")
def plan() -> RotationPlan:
    found = answered().plan
    assert found is not None
    return found


def bare(plan: RotationPlan, **update: object) -> RotationPlan:
    """Return a plan without claims, changed."""
    moves = () if "orders" in update else plan.moves
    kept = RotationPlan(orders=plan.orders, issues=plan.issues, moves=moves)
    return kept.model_copy(update=update)


def failed(request: RotationRequest, plan: RotationPlan) -> set[str]:
    return {one.rule for one in verify(request, plan).failed}


def test_a_correct_plan_passes_and_so_do_its_movements_alone(plan: RotationPlan) -> None:
    assert failed(store(), plan) == set()
    assert failed(store(), bare(plan)) == set()


def _issue(quantity: float, lot: str, period: int = 0, outlet: str = "sale") -> Issue:
    return Issue(period=period, outlet_id=outlet, depot_id="store", lot_id=lot, quantity=quantity)


def _move(lot: str, period: int, arrival: int, quantity: float = 1.0) -> Move:
    return Move(
        period=period,
        arrival=arrival,
        depot_id="store",
        to_depot_id="shop",
        lot_id=lot,
        quantity=quantity,
    )


BROKEN: dict[str, tuple[Change, set[str]]] = {
    "a lot that is not in the book": (
        lambda plan: bare(plan, issues=(_issue(1, "nobody"),)),
        {"known"},
    ),
    "more than is there": (
        lambda plan: bare(plan, issues=(_issue(100.0, "old", 2, "drills"),), orders=()),
        {"stock", "outlets"},
    ),
    "more than the outlet takes": (
        lambda plan: bare(plan, issues=(_issue(30.0, "old"),), orders=()),
        {"outlets"},
    ),
    "older than the outlet takes": (
        lambda plan: bare(plan, issues=(_issue(5.0, "old", 3),), orders=()),
        {"outlets"},
    ),
    "younger while an older one stays": (
        lambda plan: bare(plan, issues=(_issue(5.0, "new"),), orders=()),
        {"order_of_expiry"},
    ),
    "sent to arrive too old": (
        lambda plan: bare(plan, issues=(), orders=(), moves=(_move("old", 2, 2),)),
        {"moves"},
    ),
    "sent to arrive on another day": (
        lambda plan: bare(plan, issues=(), orders=(), moves=(_move("new", 0, 1),)),
        {"moves"},
    ),
    "a part of a box": (
        lambda plan: bare(
            plan,
            issues=(),
            orders=tuple(
                one.model_copy(
                    update={"packs": 0.5, "quantity": 5.0, "cost": 10.0},
                )
                for one in plan.orders[:1]
            ),
        ),
        {"whole"},
    ),
    "an order that lasts longer than it can": (
        lambda plan: bare(
            plan,
            issues=(),
            orders=tuple(
                one.model_copy(update={"expires_on": date(2031, 1, 1)}) for one in plan.orders[:1]
            ),
        ),
        {"orders"},
    ),
    "a wrong balance": (
        lambda plan: plan.model_copy(
            update={
                "balances": tuple(
                    one.model_copy(update={"on_hand": (1.0, *one.on_hand[1:])})
                    for one in plan.balances or ()
                )
            }
        ),
        {"balances"},
    ),
    "a write-off left out": (
        lambda plan: plan.model_copy(update={"write_offs": ()}),
        {"write_offs"},
    ),
    "an unclear lot left out": (lambda plan: plan.model_copy(update={"unclear": ()}), {"unclear"}),
    "a flattering year": (
        lambda plan: plan.model_copy(
            update={
                "years": tuple(
                    one.model_copy(update={"spent": one.spent - 10.0}) for one in plan.years or ()
                )
            }
        ),
        {"years"},
    ),
    "a flattering total": (
        lambda plan: plan.model_copy(
            update={"figures": plan.figures and plan.figures.model_copy(update={"cost": 0.0})}
        ),
        {"figures"},
    ),
    "other periods": (
        lambda plan: plan.model_copy(update={"periods": (plan.periods or ())[1:]}),
        {"periods"},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found_and_no_other(plan: RotationPlan, name: str) -> None:
    change, rules = BROKEN[name]
    assert failed(store(), change(plan)) - {"simulation"} == rules


def test_budgets_room_the_law_and_the_cap_are_held(plan: RotationPlan) -> None:
    poor = {"budgets": [{"year": 2027, "amount": 1.0}, {"year": 2028, "amount": 1.0}]}
    assert failed(store(**poor), bare(plan)) == {"budgets"}
    small = [{"id": "store", "tier": "upper", "volume_m3": 50.0}, {"id": "shop", "tier": "lower"}]
    assert failed(store(depots=small), bare(plan)) == {"room"}
    required = [{"depot_id": "store", "item_id": "water", "target": 500.0, "statutory": 400.0}]
    law = {"required": required, "rules": {"statutory": "require"}}
    assert failed(store(**law), bare(plan)) == {"statutory"}
    nothing = RotationPlan(orders=(), issues=(), moves=())
    assert failed(store(rules={"write_off": "require"}), nothing) == {"write_off"}


def test_who_issues_the_wrong_lots_is_found_by_playing_the_years_through(
    plan: RotationPlan,
) -> None:
    # What a ledger lets pass, since both lots are there, a storekeeper would not do.
    swapped = bare(plan, issues=(_issue(5.0, "new"),), orders=())
    assert "order_of_expiry" in failed(store(), swapped)
    right = bare(plan, issues=(_issue(5.0, "old"),), orders=())
    checks = {one.rule: one.passed for one in verify(store(), right).checks}
    assert checks["simulation"]
