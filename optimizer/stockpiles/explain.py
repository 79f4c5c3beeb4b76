"""The reasons: what is missing and why, what one more unit is worth, and how sure it all is."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.stockpiles.explanation import (
    Binding,
    MarginalValue,
    Reason,
    StochasticValue,
    StockExplanation,
    UnmetNeed,
)
from models.text import Text
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.quiet import quiet
from optimizer.stockpiles.estimates import out_of_sample
from optimizer.stockpiles.first_stage import FirstStage
from optimizer.stockpiles.formulation import Expression, Formulation
from optimizer.stockpiles.instance import BoolArray, IndexArray, Instance
from optimizer.stockpiles.levels import Levels, settled
from optimizer.stockpiles.outcomes import Outcome
from optimizer.stockpiles.replies import Replies
from optimizer.stockpiles.rules import first_rules
from optimizer.stockpiles.situations import Situations
from optimizer.stockpiles.solution import Solution

_REASONS: tuple[Reason, ...] = ("out_of_reach", "not_held", "lost", "handling", "used_up")
_SHOWN = 200
_LEAST = 1e-6
_TIGHT = 1e-6  # relative
_SLOPE_SHARE = 0.3  # of the time left, for what one more unit is worth
_SCENARIOS_MOST = 400  # for what is solved scenario by scenario


def explain(formulation: Formulation, solution: Solution, control: RunControl) -> StockExplanation:
    """Return the reasons of a plan, as far as the time allows."""
    left_out: list[Text] = []
    solution = _sloped(formulation, solution, control)
    if solution.slope is None:
        left_out.append(Text(code="explanation.stockpiles.marginal"))
    found = StockExplanation(
        unmet=tuple(_unmet(solution)),
        marginal=_marginal(formulation.first, solution),
        binding=tuple(_binding(formulation, solution)),
        out_of_sample=None if control.stop else out_of_sample(solution, control),
    )
    stochastic = StochasticValue()
    if control.stop is None and len(formulation.situations) > 1:
        stochastic = StochasticValue(
            vss=_vss(formulation, solution, control), evpi=_evpi(formulation, solution, control)
        )
    if formulation.instance.request.held_out and found.out_of_sample is None:
        left_out.append(Text(code="explanation.stockpiles.out_of_sample"))
    if len(formulation.situations) > 1 and None in (stochastic.vss, stochastic.evpi):
        left_out.append(Text(code="explanation.stockpiles.stochastic"))
    return found.model_copy(update={"stochastic": stochastic, "left_out": tuple(left_out)})


def unmet_needs(solution: Solution) -> StockExplanation:
    """Return what is missing and why, and what one more unit would be worth, alone."""
    return StockExplanation(
        unmet=tuple(_unmet(solution)), marginal=_marginal(solution.first, solution)
    )


def _unmet(solution: Solution) -> Iterator[UnmetNeed]:
    """Yield what is missing by the deadline, the most first."""
    instance = solution.instance
    request = instance.request
    band = instance.deadline_band
    missing = np.array([one.missing[:, :, band] for one in solution.outcomes])
    expected = np.einsum("s,sjk->jk", solution.probability, missing)
    worst = missing.argmax(axis=0)
    weighted = (expected * instance.weight).ravel()
    reasons: dict[int, IndexArray] = {}
    for at in np.argsort(-weighted, kind="stable")[:_SHOWN]:
        j, k = divmod(int(at), len(request.items))
        s = int(worst[j, k])
        if expected[j, k] <= _LEAST:
            return
        if s not in reasons:
            reasons[s] = _reasons(solution, solution.outcomes[s])
        yield UnmetNeed(
            block_id=request.blocks[j].id,
            item_id=request.items[k].id,
            expected=float(expected[j, k]),
            worst=float(missing[s, j, k]),
            worst_scenario=solution.outcomes[s].situation.id,
            reason=_REASONS[int(reasons[s][j, k])],
        )


def _reasons(solution: Solution, one: Outcome) -> IndexArray:
    """Return the reason, by its place among all, why each block lacks each item."""
    instance = solution.instance
    shape = instance.holding.shape
    stock, sent, may = np.zeros(shape), np.zeros(shape), instance.holding >= 0
    place = (instance.holding_source, instance.holding_item)
    stock[place] = solution.first.stock @ solution.values
    survives = stock * one.situation.survives[:, None]
    in_time = one.band <= instance.deadline_band
    exchange = one.exchange[in_time]
    amount = one.quantity[in_time] * instance.exchange_rate[exchange]
    np.add.at(sent, (one.source[in_time], instance.exchange_sent[exchange]), amount)
    reach = (one.situation.arrives <= instance.deadline_band).T.astype(np.float64)
    able = _for_need(instance, shape[1])

    def some(held: BoolArray) -> BoolArray:
        return np.asarray(reach @ held.astype(np.float64) @ able > 0)

    tests = (
        some(may),
        some(stock > _LEAST),
        some(survives > _LEAST),
        ~some(survives - sent > 1e-4),
    )
    reason = np.full(tests[0].shape, len(tests), dtype=np.int64)
    for n in reversed(range(len(tests))):
        reason[~tests[n]] = n
    return reason


def _for_need(instance: Instance, items: int) -> FloatArray:
    """Return (item sent, item needed): whether the one does for the other."""
    able = np.zeros((items, items))
    exchange, needed = np.nonzero(instance.gives)
    able[instance.exchange_sent[exchange], needed] = 1.0
    return able


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


def _marginal(first: FirstStage, solution: Solution) -> tuple[MarginalValue, ...]:
    """Return what one more unit is worth in each depot, the best for its price first."""
    if solution.slope is None:
        return ()
    instance = first.instance
    request = instance.request
    value = np.maximum(0.0, -solution.slope[first.blocks["buy"]])
    item = instance.holding_item[first.bought]
    price = instance.price[item]
    per_money = np.divide(value, price, out=np.zeros_like(value), where=price > 0)
    order = np.argsort(-per_money, kind="stable")
    return tuple(
        MarginalValue(
            depot_id=request.depots[instance.holding_source[first.bought[n]]].id,
            item_id=request.items[item[n]].id,
            per_unit=float(value[n]),
            per_money=float(per_money[n]) if price[n] > 0 else None,
        )
        for n in order
        if value[n] > _LEAST
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


def _vss(formulation: Formulation, solution: Solution, control: RunControl) -> float | None:
    """Return how much more goes unmet under the plan for mean need."""
    instance = formulation.instance
    if not formulation.separable:
        return None
    mean = Situations(instance, instance.request.scenarios).mean()
    single = Formulation(instance, (mean,), np.ones(1))
    found = Levels(single, quiet(control, 0.5)).climb().solution
    if found is None:
        return None
    judged = settled(formulation, found.values, control)
    return float(solution.probability @ (judged.unmet - solution.unmet))


def _evpi(formulation: Formulation, solution: Solution, control: RunControl) -> float | None:
    """Return how much less would go unmet if every scenario were known beforehand.

    Each scenario that leaves need unmet gets the best plan for it alone, under the same rules on
    what may be held and spent.
    """
    open_ = np.flatnonzero(solution.unmet > _LEAST)
    if not formulation.separable or len(open_) > _SCENARIOS_MOST:
        return None
    saved = 0.0
    for s in open_:
        part = replace(
            formulation,
            situations=(formulation.situations[s],),
            probability=np.ones(1),
        )
        program = part.program(Expression({"recourse": part.weighted_cost})).relaxed()
        found = highs.solve(program, quiet(control))
        if found.bound is None:
            return None
        saved += float(solution.probability[s]) * max(0.0, float(solution.unmet[s]) - found.bound)
    return saved
