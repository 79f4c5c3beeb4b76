"""A stockpile answer as lines of plain text."""

from collections import defaultdict
from collections.abc import Iterator

from api.render.framing import conflict_lines, ending, heading
from api.render.stockpiles.names import StockNames
from api.render.stockpiles.tables import left_out
from models.messages import render
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.explanation import StockExplanation
from models.stockpiles.rules import ChanceTarget
from models.text import Language


def summary(request: StockRequest, answer: StockAnswer, language: Language) -> str:
    """Return what a planner must know of an answer, one thing a line."""
    names = StockNames(request, language)
    return "\n".join(_lines(names, answer)) + "\n"


def _lines(names: StockNames, answer: StockAnswer) -> Iterator[str]:
    yield from heading(names.request.name, answer, names.language)
    if answer.plan is not None:
        yield from _plan(names, answer.plan)
    if answer.explanation is not None:
        yield from _sure(names, answer.explanation)
    yield from conflict_lines(answer, names.language)
    yield from ending("stockpiles", answer, names.language)


def _plan(names: StockNames, plan: StockPlan) -> Iterator[str]:
    figures = plan.figures
    if figures is None:
        return
    covers = {(one.scope, one.id): one for one in figures.covers}
    overall = covers["all", None]
    if overall.expected is not None:
        yield names.say(
            "stockpiles.cover",
            expected=overall.expected,
            tenth=overall.worst_tenth,
            worst=overall.worst,
        )
    share = (names.request.rules.chance or ChanceTarget()).share
    yield names.say("stockpiles.target", share=share, found=figures.meets_target)
    yield names.say("stockpiles.costs", outlay=figures.costs.outlay, yearly=figures.yearly_cost)
    tier_of = {one.id: one.tier for one in names.request.depots}
    worth: dict[str, float] = defaultdict(float)
    for one in plan.stock:
        worth[tier_of[one.depot_id]] += one.quantity * names.items[one.item_id].price
    for tier in names.request.tiers:
        yield "  " + names.say(
            "stockpiles.held",
            tier=names.tiers[tier.id],
            value=worth[tier.id],
            share=covers["tier", tier.id].expected or 0.0,
        )
    if plan.kits:
        people = {one.id: sum(one.weights.values()) for one in names.request.blocks}
        with_kit = sum(one.share * people[one.block_id] for one in plan.kits)
        yield "  " + names.say("stockpiles.kits", people=with_kit)


def _sure(names: StockNames, found: StockExplanation) -> Iterator[str]:
    unseen = found.out_of_sample
    if unseen is not None:
        yield names.say(
            "stockpiles.unseen",
            count=unseen.scenarios,
            cover=unseen.cover.out_of_sample,
            half=unseen.cover.half_width,
            target=unseen.meets_target.out_of_sample,
            target_half=unseen.meets_target.half_width,
        )
    worth = found.stochastic
    if worth is not None and worth.vss is not None and worth.evpi is not None:
        yield names.say("stockpiles.stochastic", vss=worth.vss, evpi=worth.evpi)
    elif worth is not None and worth.mean_breaks_rules:
        yield names.say("stockpiles.mean_breaks_rules")
        if worth.evpi is not None:
            yield names.say("stockpiles.foresight", evpi=worth.evpi)
    yield from _studied(names, found)


def _studied(names: StockNames, found: StockExplanation) -> Iterator[str]:
    if found.balance is not None:
        yield names.say("stockpiles.balance", actual=found.balance.actual, best=found.balance.best)
    if found.next_money is not None:
        more, saved = found.next_money.more, found.next_money.saved
        is_open = _open(names, proven=found.next_money.proven)
        yield names.say("stockpiles.next_money", more=more, saved=saved, open=is_open)
    if found.curve:
        yield names.say("stockpiles.curve")
    for one in found.curve:
        achieved = {"budget": one.budget, "cover": one.cover, "target": one.meets_target}
        is_open = _open(names, proven=one.proven)
        yield "  " + names.say("stockpiles.point", **achieved, open=is_open)
    for target in found.targets:
        who = left_out(names, target)
        if target.point is None:
            yield names.say("stockpiles.no_target", without=who, tried=target.tried)
        else:
            met = {"budget": target.point.budget, "target": target.point.meets_target}
            yield names.say("stockpiles.target_budget", without=who, **met)
    if found.left_out:
        what = "; ".join(render(one, names.language) for one in found.left_out)
        yield names.say("stockpiles.left_out", what=what)


def _open(names: StockNames, *, proven: bool) -> str:
    """Return the words for a plan that may not be the best."""
    return "" if proven else names.say("stockpiles.may_be_better")
