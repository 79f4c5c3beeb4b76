"""Stockpile answers, for the years and for a day, as one of several side by side."""

from collections import defaultdict
from collections.abc import Iterator

from api.render.compare import Figure, Side
from api.render.stockpiles.names import StockNames
from api.render.tables import Kind
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.day import StockDayAnswer, StockDayRequest
from models.stockpiles.plan import Deliveries, StockFigures
from models.text import Language

_COVERS = ("expected", "worst_tenth", "worst")
_PLAIN: dict[str, Kind] = {
    "meets_target": "share",
    "expected_unmet": "number",
    "unmet_risk": "number",
    "gini": "number",
    "built": "count",
}


def side(request: StockRequest, answer: StockAnswer, language: Language) -> Side:
    """Return which depots hold which items, and what that achieves and costs."""
    names, plan = StockNames(request, language), answer.plan
    if plan is None:
        return Side(answer.run.status, None, (), "stocks", request.currency)
    chosen = {
        f"{one.depot_id} {one.item_id}": names.say(
            "compare.pair",
            depot=names.depots[one.depot_id],
            item=names.item_names[one.item_id],
        )
        for one in plan.stock
        if one.quantity > 0
    }
    return Side(answer.run.status, chosen, _figures(names, plan), "stocks", request.currency)


def day_side(request: StockDayRequest, answer: StockDayAnswer, language: Language) -> Side:
    """Return what goes from where to where, and what need that meets."""
    names, plan = StockNames(request.asked, language), answer.plan
    currency = request.stockpiles.currency
    if plan is None:
        return Side(answer.run.status, None, (), "deliveries", currency)
    sent = plan.deliveries[0] if plan.deliveries else Deliveries(scenario_id=request.today.id)
    figures = tuple(_of_the_day(names, plan, sent))
    return Side(answer.run.status, dict(_ways(names, sent)), figures, "deliveries", currency)


def _figures(names: StockNames, plan: StockPlan) -> tuple[Figure, ...]:
    known = () if plan.figures is None else tuple(_told(names, plan.figures))
    return (*known, *_held(names, plan))


def _told(names: StockNames, figures: StockFigures) -> Iterator[Figure]:
    covers = {(one.scope, one.id): one for one in figures.covers}
    whole = covers.get(("all", None))
    for how in _COVERS:
        title = names.say("compare.covered", how=names.say(f"column.{how}"))
        yield Figure(f"covered.{how}", title, "share", getattr(whole, how, None))
    for tier, name in names.tiers.items():
        title = names.say("compare.by_tier", tier=name)
        yield Figure(
            f"tier.{tier}", title, "share", getattr(covers.get(("tier", tier)), "expected", None)
        )
    for key, kind in _PLAIN.items():
        yield Figure(key, names.say(f"compare.{key}"), kind, getattr(figures, key))
    outlay = figures.costs.outlay
    yield Figure("outlay", names.say("compare.outlay"), "money", outlay)
    yield Figure("yearly", names.say("column.yearly"), "money", figures.yearly_cost)


def _held(names: StockNames, plan: StockPlan) -> Iterator[Figure]:
    held: dict[str, float] = defaultdict(float)
    for one in plan.stock:
        held[one.item_id] += one.quantity
    people = {one.id: sum(one.weights.values()) for one in names.request.blocks}
    kits = sum(one.share * people[one.block_id] for one in plan.kits)
    yield Figure("kits", names.say("compare.kits"), "count", kits, absent=0)
    taken = sum(one.quantity > 0 for one in plan.agreed)
    yield Figure("agreed", names.say("compare.agreed"), "count", taken, absent=0)
    for item, name in names.item_names.items():
        title = names.say("compare.held", item=name)
        yield Figure(f"held.{item}", title, "number", held[item], absent=0)


def _ways(names: StockNames, sent: Deliveries) -> Iterator[tuple[str, str]]:
    asked, sources = names.request, {**names.depots, **names.contracts}
    ways = [
        (source, names.blocks[asked.blocks[block].id], asked.blocks[block].id, item)
        for source, block, item in zip(sent.source, sent.block, sent.item, strict=True)
    ]
    ways += [
        (source, names.depots[asked.depots[to].id], asked.depots[to].id, item)
        for source, to, item in zip(
            sent.refill_source, sent.refill_target, sent.refill_item, strict=True
        )
    ]
    for source, name, to, item in ways:
        start, what = asked.sources[source].id, asked.items[item].id
        said = names.say("compare.way", item=names.item_names[what], source=sources[start], to=name)
        yield f"{start} {to} {what}", said


def _of_the_day(names: StockNames, plan: StockPlan, sent: Deliveries) -> Iterator[Figure]:
    today = None if plan.figures is None else plan.figures.scenarios[0]
    for key in ("met", "need"):
        yield Figure(key, names.say(f"compare.{key}"), "number", getattr(today, key, None))
    items, quantities = names.request.items, defaultdict[str, float](float)
    for item, quantity in zip(sent.item, sent.quantity, strict=True):
        quantities[items[item].id] += quantity
    load = sum(quantities[one.id] * one.weight_kg for one in items)
    yield Figure("load", names.say("compare.load"), "number", load)
    for one in items:
        title = names.say("compare.sent", item=names.item_names[one.id])
        yield Figure(f"sent.{one.id}", title, "number", quantities[one.id], absent=0)
