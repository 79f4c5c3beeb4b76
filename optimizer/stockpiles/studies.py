"""What a request asks to be found out beside its plan: curve, tiers, balance, the next money."""

from collections.abc import Iterator

from models.stockpiles import StockRequest
from models.stockpiles.explanation import NextMoney, StockExplanation
from models.stockpiles.plan import Held
from models.text import Text
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.quiet import quiet
from optimizer.stockpiles.balance import balance
from optimizer.stockpiles.curve import (
    budget_curve,
    budgets_for_target,
    planned,
    worth_of_tiers,
)
from optimizer.stockpiles.solution import Solution, bare_plan

_NAMES = ("balance", "tiers", "next_money", "target_probability", "budgets")
_LEAST = 1e-6
_SHOWN = 50


def studied(
    request: StockRequest,
    solution: Solution,
    found: StockExplanation,
    control: RunControl,
    store: Store | None,
) -> StockExplanation:
    """Return the reasons with every study that the request asks for and the time allows.

    Each study has an even share of the time that is left; what it does not get to is named in
    ``left_out``.
    """
    asked = request.studies
    update: dict[str, object] = {}
    names = [name for name in _NAMES if getattr(asked, name)]
    late: list[str] = []
    for n, name in enumerate(names):
        part = quiet(control, 1.0 / (len(names) - n))
        if control.stop is not None:
            late.append(name)
        elif name == "balance":
            update["balance"] = balance(request, part, store)
        elif name == "tiers":
            worth = worth_of_tiers(request, part, store)
            update["tiers"] = worth
        elif name == "next_money":
            update["next_money"] = _next_money(request, solution, part, store)
        elif name == "target_probability":
            share = asked.target_probability or 0.0
            targets = budgets_for_target(request, share, part, store)
            update["targets"] = targets
            asked_for = 1 if request.households is None else 3
            late += [name] * (part.stop is not None or len(targets) < asked_for)
        else:
            update["curve"] = budget_curve(request, sorted(asked.budgets), part, store)
            late += [name] * (part.stop is not None)
    left_out = tuple(Text(code=f"explanation.stockpiles.{name}") for name in late)
    return found.model_copy(update=update | {"left_out": (*found.left_out, *left_out)})


def _next_money(
    request: StockRequest, solution: Solution, control: RunControl, store: Store | None
) -> NextMoney | None:
    """Return what more money buys; None where there is no budget, or no plan in time."""
    more, budget = request.studies.next_money, request.rules.budget
    if more is None or budget is None:
        return None
    rules = request.rules.model_copy(update={"budget": budget + more})
    richer, proven = planned(request.model_copy(update={"rules": rules}), control, store)
    if richer is None:
        return None
    saved = float(solution.probability @ (solution.unmet - richer.unmet))
    first = solution.first
    residents = first.instance.people.sum(axis=1)
    kits = first.blocks["kits"]
    return NextMoney(
        more=more,
        saved=saved,
        per_money=saved / more,
        proven=proven,
        buys=tuple(_bought(request, solution, richer)),
        kits=max(0.0, float(residents @ (richer.values[kits] - solution.values[kits]))),
    )


def _bought(request: StockRequest, before: Solution, after: Solution) -> Iterator[Held]:
    """Yield what depots hold more of, the dearest first."""
    price = {one.id: one.price for one in request.items}
    there = {
        (one.depot_id, one.item_id): one.quantity
        for one in bare_plan(before.first, before.values).stock
    }
    grown = [
        one.model_copy(
            update={
                "quantity": one.quantity - there.get((one.depot_id, one.item_id), 0.0),
                "kept": 0.0,
            }
        )
        for one in bare_plan(after.first, after.values).stock
    ]
    grown.sort(key=lambda one: -one.quantity * price[one.item_id])
    yield from (one for one in grown[:_SHOWN] if one.quantity > _LEAST)
