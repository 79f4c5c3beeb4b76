"""The reasons: what is missing and why, what one more unit is worth, and how sure it all is."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.stockpiles.explanation import (
    Binding,
    KitValue,
    MarginalValue,
    StochasticValue,
    StockExplanation,
)
from models.text import Text
from optimizer.control import RunControl
from optimizer.quiet import quiet
from optimizer.stockpiles.estimates import out_of_sample
from optimizer.stockpiles.first_stage import FirstStage
from optimizer.stockpiles.foresight import worth_of_scenarios
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import BoolArray
from optimizer.stockpiles.reasons import unmet_needs
from optimizer.stockpiles.replies import Replies
from optimizer.stockpiles.rules import first_rules
from optimizer.stockpiles.solution import Solution

_LEAST = 1e-6
_TIGHT = 1e-6  # relative
_SLOPE_SHARE = 0.3  # of the time left, for what one more unit is worth


def explain(formulation: Formulation, solution: Solution, control: RunControl) -> StockExplanation:
    """Return the reasons of a plan, as far as the time allows."""
    left_out: list[Text] = []
    solution = _sloped(formulation, solution, control)
    if solution.slope is None:
        left_out.append(Text(code="explanation.stockpiles.marginal"))
    found = StockExplanation(
        unmet=unmet_needs(solution),
        marginal=_marginal(formulation.first, solution),
        marginal_kits=_marginal_kits(formulation.first, solution),
        binding=tuple(_binding(formulation, solution)),
        out_of_sample=None if control.stop else out_of_sample(solution, control),
    )
    stochastic = StochasticValue()
    if control.stop is None and len(formulation.situations) > 1:
        stochastic = worth_of_scenarios(formulation, solution, control)
    if formulation.instance.request.held_out and found.out_of_sample is None:
        left_out.append(Text(code="explanation.stockpiles.out_of_sample"))
    unknown = stochastic.vss is None and not stochastic.mean_breaks_rules
    if len(formulation.situations) > 1 and (unknown or stochastic.evpi is None):
        left_out.append(Text(code="explanation.stockpiles.stochastic"))
    return found.model_copy(update={"stochastic": stochastic, "left_out": tuple(left_out)})


def explain_day(solution: Solution, driven: BoolArray | None) -> StockExplanation:
    """Return what is missing and why, and what one more unit would be worth, alone.

    ``driven`` (source,) are the sources whose stock vehicles' trips carry; None: there are none.
    """
    return StockExplanation(
        unmet=unmet_needs(solution, driven),
        marginal=_marginal(solution.first, solution, agreements=False),
    )


def _sloped(formulation: Formulation, solution: Solution, control: RunControl) -> Solution:
    """Return a solution that knows what more stock is worth, if the time allows.

    Where rules on who is served chose the recourse, it is worth what the best recourse without
    them makes of it.
    """
    if solution.slope is not None or control.halted is not None:
        return solution
    replies = Replies(formulation.responses, control, keep=False)
    reply = replies.ask(solution.values, quiet(control, _SLOPE_SHARE))
    replies.stop()
    if reply is None:
        return solution
    return replace(solution, slope=formulation.probability @ reply[1])


def _marginal(
    first: FirstStage, solution: Solution, *, agreements: bool = True
) -> tuple[MarginalValue, ...]:
    """Return what one more unit is worth, the best for its price first: in depots, then agreed."""
    if solution.slope is None:
        return ()
    instance = first.instance
    request = instance.request
    names = ("buy", "agree") if agreements else ("buy",)
    places = np.concatenate([np.arange(first.width)[first.blocks[one]] for one in names])
    held = np.concatenate([first.bought, first.agreed])[: len(places)]
    value = np.maximum(0.0, -solution.slope[places])
    item = instance.holding_item[held]
    fees = np.array([one.fee for one in request.contracts])
    price = np.concatenate([instance.price[instance.holding_item[first.bought]], fees])
    price = price[: len(places)]
    per_money = np.divide(value, price, out=np.zeros_like(value), where=price > 0)
    order = np.lexsort((-per_money, held >= len(instance.holding_source) - len(first.agreed)))
    return tuple(
        MarginalValue(
            depot_id=request.sources[instance.holding_source[held[n]]].id,
            item_id=request.items[item[n]].id,
            per_unit=float(value[n]),
            per_money=float(per_money[n]) if price[n] > 0 else None,
        )
        for n in order
        if value[n] > _LEAST
    )


def _marginal_kits(first: FirstStage, solution: Solution) -> tuple[KitValue, ...]:
    """Return what one more household kit is worth in each block, the best first."""
    households = first.instance.request.households
    if solution.slope is None or households is None:
        return ()
    people = first.instance.people.sum(axis=1)
    value = np.maximum(0.0, -solution.slope[first.blocks["kits"]])
    each = np.divide(value, people, out=np.zeros_like(value), where=people > 0)
    cost = households.cost_per_person
    return tuple(
        KitValue(
            block_id=first.instance.request.blocks[n].id,
            per_person=float(each[n]),
            per_money=float(each[n]) / cost if cost > 0 else None,
        )
        for n in np.argsort(-each, kind="stable")
        if each[n] > _LEAST
    )


def _binding(formulation: Formulation, solution: Solution) -> Iterator[Binding]:
    """Yield the rules on the first stage that leave no room, least and most alike."""
    first = formulation.first
    for rule in first_rules(first):
        if rule.number is None:
            continue
        used = np.zeros(len(rule.lower))
        for block, matrix in rule.terms.items():
            used = used + matrix @ solution.values[first.blocks[block]]
        limit = np.where(np.isfinite(rule.upper), rule.upper, rule.lower)
        tight = np.abs(used - limit) <= _TIGHT * np.maximum(1.0, np.abs(limit))
        if tight.any():
            n = int(np.flatnonzero(tight)[0])
            yield Binding(
                path=rule.path, rule=rule.text, used=float(used[n]), limit=float(limit[n])
            )
