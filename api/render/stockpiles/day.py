"""The supplies of a day as text, tables, map layers and sections of a report."""

from collections.abc import Iterator, Sequence
from typing import Any

from api.render.framing import ending, heading
from api.render.parts import lines_html, sections_of
from api.render.stockpiles import geojson
from api.render.stockpiles.names import StockNames
from api.render.stockpiles.tables import all_tables as tables_of
from api.render.tables import Row, Table, build, columns
from models.messages import message
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.day import LOAD, StockDayAnswer, StockDayRequest
from models.stockpiles.plan import Deliveries
from models.text import Language

_SHOWN = 20


def summary(request: StockDayRequest, answer: StockDayAnswer, language: Language) -> str:
    """Return what goes where and what is missing, one thing a line."""
    names = StockNames(request.asked, language)
    return "\n".join(_lines(request, names, answer)) + "\n"


def _lines(request: StockDayRequest, names: StockNames, answer: StockDayAnswer) -> Iterator[str]:
    yield from heading(request.name, answer, names.language)
    if answer.plan is not None and answer.plan.figures is not None:
        today = answer.plan.figures.scenarios[0]
        yield names.say("stockpiles.day.cover", met=today.met, need=today.need)
        yield from _sent(names, answer.plan.deliveries[0])
        if answer.plan.trips:
            used = len({one.vehicle_id for one in answer.plan.trips})
            yield names.say("stockpiles.day.trips", count=len(answer.plan.trips), vehicles=used)
    for one in answer.explanation.unmet[:_SHOWN] if answer.explanation else ():
        yield "  " + names.say(
            "stockpiles.day.missing",
            block=names.blocks[one.block_id],
            item=names.item_names[one.item_id],
            quantity=one.expected,
            reason=names.say(f"stockpiles.reason.{one.reason}"),
        )
    if answer.dispatch is not None:
        count, vehicles = len(answer.dispatch.incidents), len(answer.dispatch.teams)
        yield names.say("stockpiles.day.loads", count=count, vehicles=vehicles)
    yield from ending("stockpile_day", answer, names.language)


def _sent(names: StockNames, sent: Deliveries) -> Iterator[str]:
    asked = names.request
    sources = {**names.depots, **names.contracts}
    for n in range(min(_SHOWN, len(sent.band))):
        item = asked.items[sent.item[n]]
        yield "  " + names.say(
            "stockpiles.day.sent",
            band=asked.bands[sent.band[n]].id,
            quantity=sent.quantity[n],
            unit=item.unit.text(names.language),
            item=names.item_names[item.id],
            depot=sources[asked.sources[sent.source[n]].id],
            block=names.blocks[asked.blocks[sent.block[n]].id],
        )
    if len(sent.band) > _SHOWN:
        yield "  " + names.say("stockpiles.day.more", count=len(sent.band) - _SHOWN)


def deliveries(request: StockDayRequest, plan: StockPlan, language: Language) -> Table | None:
    """Return how much of what goes from where to where, in which band; None where nothing does."""
    return flows(request.asked, plan.deliveries[:1], language)


def flows(asked: StockRequest, scenarios: Sequence[Deliveries], language: Language) -> Table | None:
    """Return the same of some scenarios of a stockpile request."""
    names = StockNames(asked, language)
    sources = {**names.depots, **names.contracts}
    rows = []
    for sent in scenarios:
        lines = [
            *_ways(sent.band, sent.source, sent.item, sent.quantity, sent.block, sent.need),
            *_ways(
                sent.refill_band,
                sent.refill_source,
                sent.refill_item,
                sent.refill_quantity,
                sent.refill_target,
                None,
            ),
        ]
        for band, source, item, quantity, to, need in sorted(lines, key=lambda one: one[:3]):
            what = asked.items[item]
            where = asked.depots[to].id if need is None else asked.blocks[to].id
            rows.append(
                Row(
                    (
                        asked.bands[band].id,
                        names.say(f"stockpiles.way.{'refill' if need is None else 'delivery'}"),
                        sources[asked.sources[source].id],
                        names.depots[where] if need is None else names.blocks[where],
                        names.item_names[what.id],
                        quantity,
                        what.unit.text(language),
                        quantity * what.weight_kg,
                        None if need in (None, item) else names.item_names[asked.items[need].id],
                    )
                )
            )
    titles = columns(
        language,
        "band",
        "kind_of_way",
        "sent_from",
        "sent_to",
        "stock_item",
        "quantity:number",
        "unit",
        "load_kg:number",
        "stands_in",
    )
    return build("stock_deliveries", language, titles, rows)


def trips(request: StockDayRequest, plan: StockPlan, language: Language) -> Table | None:
    """Return what each vehicle carries on each of its trips; None where there are none."""
    asked = request.asked
    names = StockNames(asked, language)
    sources = {**names.depots, **names.contracts}
    rows = [
        Row(
            (
                trip_name(plan, n),
                asked.bands[one.band].id,
                one.leaves_s / 60.0,
                one.arrives_s / 60.0,
                sources[asked.sources[one.source].id],
                names.blocks[asked.blocks[one.block].id],
                names.item_names[asked.items[load.item].id],
                load.quantity,
                asked.items[load.item].unit.text(language),
                load.quantity * asked.items[load.item].weight_kg,
            )
        )
        for n, one in enumerate(plan.trips)
        for load in one.carried
    ]
    titles = columns(
        language,
        "trip",
        "band",
        "leaves_min:number",
        "arrives_min:number",
        "sent_from",
        "sent_to",
        "stock_item",
        "quantity:number",
        "unit",
        "load_kg:number",
    )
    return build("stock_trips", language, titles, rows)


def trip_name(plan: StockPlan, n: int) -> str:
    """Return the name of a plan's trip: its vehicle, and which of its trips it is."""
    vehicle = plan.trips[n].vehicle_id
    return f"{vehicle}/{1 + sum(one.vehicle_id == vehicle for one in plan.trips[:n])}"


ORDER_KEYS = ("vehicle", "depot", "item", "quantity", "to", "load_kg")


def orders(request: StockDayRequest, plan: StockPlan) -> Iterator[tuple[str | float, ...]]:
    """Yield the orders (``ORDER_KEYS``) that the trips from depots are, for pick lists.

    Each trip is a vehicle of its own there, for it carries its load once.
    """
    asked = request.asked
    loads = {one.id: one.amounts[LOAD] for one in request.vehicles}
    for n, one in enumerate(plan.trips):
        if one.source >= len(asked.depots):
            continue
        depot, block = asked.depots[one.source].id, asked.blocks[one.block].id
        for load in one.carried:
            item = asked.items[load.item].id
            yield trip_name(plan, n), depot, item, load.quantity, block, loads[one.vehicle_id]


def _ways(*lists: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the deliveries that parallel lists tell of; without needs they are refills."""
    *known, needs = lists
    yield from zip(*known, needs if needs is not None else [None] * len(known[0]), strict=True)


def all_tables(
    request: StockDayRequest, answer: StockDayAnswer, language: Language
) -> tuple[Table, ...]:
    """Return the deliveries first, then who holds what, who is served, and what is missing."""
    if answer.plan is None:
        return ()
    first = deliveries(request, answer.plan, language)
    driven = trips(request, answer.plan, language)
    rest = tables_of(request.asked, _as_answer(answer), language)
    return (*(one for one in (first, driven) if one is not None), *rest)


def sections(
    request: StockDayRequest, answer: StockDayAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, then every table."""
    said = lines_html(summary(request, answer, language))
    first = (message("stockpiles.summary", language), said)
    return (first, *sections_of(all_tables(request, answer, language), language))


def layers(
    request: StockDayRequest, answer: StockDayAnswer, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the map layers of the day."""
    return geojson.layers(request.asked, _as_answer(answer), language)


def _as_answer(answer: StockDayAnswer) -> StockAnswer:
    return StockAnswer(
        plan=answer.plan,
        run=answer.run,
        verification=answer.verification,
        explanation=answer.explanation,
        illustrative=answer.illustrative,
    )
