"""The tables of a rotation plan."""

from api.render.rotation.lines import lines
from api.render.rotation.names import RotationNames
from api.render.tables import Row, Table, build, columns
from models.messages import render
from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.rotation.storekeeping import Action
from models.text import Language


def all_tables(
    request: RotationRequest, answer: RotationAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table that has something to say, in the order of a report."""
    names, plan = RotationNames(request, language), answer.plan
    if plan is None:
        return ()
    made = (
        _years(names, plan),
        _cap(names, answer),
        _short(names, answer),
        _worth(names, answer),
        _unclear(names, plan),
        _orders(names, plan),
        _write_offs(names, plan),
        actions(request, plan, language),
    )
    return tuple(table for table in made if table is not None)


def actions(request: RotationRequest, plan: RotationPlan, language: Language) -> Table | None:
    """Return everything that is done but counting, period by period."""
    names = RotationNames(request, language)
    periods = plan.periods or ()
    rows = (
        Row(
            (
                names.period(periods[one.period]),
                names.say(f"rotation.action.{one.action}"),
                names.depots[one.depot_id],
                names.items[one.item_id],
                one.lot_id,
                names.day(one.expires_on),
                one.quantity,
                names.packed(one.item_id, one.quantity),
                names.outlets.get(one.to) or names.depots.get(one.to) or one.to,
            ),
            illustrative=request.illustrative,
        )
        for one in lines(names, plan)
        if one.action is not Action.COUNT
    )
    titles = columns(
        language,
        "when",
        "action",
        "depot",
        "stock_item",
        "lot",
        "good_until",
        "quantity:number",
        "packed",
        "goes",
    )
    return build("rotation_actions", language, titles, rows)


def _years(names: RotationNames, plan: RotationPlan) -> Table | None:
    titles = columns(
        names.language,
        "year",
        "year_budget:money",
        "spent:money",
        "came_back:money",
        "written_off:money",
        "written_share:share",
        "short_units:number",
    )
    rows = (
        Row(
            (
                str(one.year),
                one.budget,
                one.spent,
                one.recovered,
                one.write_off,
                one.write_off_share,
                one.shortfall,
            ),
            illustrative=names.request.illustrative,
        )
        for one in plan.years or ()
    )
    return build("rotation_years", names.language, titles, rows, currency=names.request.currency)


def _short(names: RotationNames, answer: RotationAnswer) -> Table | None:
    periods = answer.plan.periods or () if answer.plan else ()
    titles = columns(
        names.language,
        "depot",
        "stock_item",
        "from_month",
        "to_month",
        "short_most:number",
        "short_units:number",
        "reason",
    )
    rows = (
        Row(
            (
                names.depots[one.depot_id],
                names.items[one.item_id],
                names.period(periods[one.first_period]),
                names.period(periods[one.last_period]),
                one.worst,
                one.shortfall,
                names.say(f"rotation.reason.{one.reason}"),
            )
        )
        for one in (answer.explanation.short if answer.explanation else ())
    )
    return build("rotation_short", names.language, titles, rows)


def _worth(names: RotationNames, answer: RotationAnswer) -> Table | None:
    titles = columns(names.language, "year", "short_saved:number", "gone_saved:number")
    rows = (
        Row((str(one.year), one.shortfall, one.write_off))
        for one in (answer.explanation.budget_worth if answer.explanation else ())
        if max(one.shortfall, one.write_off) > 1e-9
    )
    return build("rotation_worth", names.language, titles, rows)


def _cap(names: RotationNames, answer: RotationAnswer) -> Table | None:
    cap = answer.explanation.write_off_cap if answer.explanation else None
    rules = cap.conflict.rules if cap and cap.conflict else ()
    titles = columns(names.language, "rule", "value:number", "restores_at:number", "path")
    rows = (
        Row((render(one.rule, names.language), one.value, one.restores_at, one.path))
        for one in rules
    )
    note = names.say("rotation.cap_impossible")
    return build("rotation_cap", names.language, titles, rows, note=note)


def _unclear(names: RotationNames, plan: RotationPlan) -> Table | None:
    lots = {one.id: one for one in names.request.lots}
    titles = columns(
        names.language, "lot", "depot", "stock_item", "counted_on:number", "at_most:number"
    )
    rows = (
        Row(
            (
                one.lot_id,
                names.depots[lots[one.lot_id].depot_id],
                names.items[lots[one.lot_id].item_id],
                one.counted,
                one.most,
            ),
            illustrative=names.request.illustrative,
        )
        for one in plan.unclear or ()
    )
    return build("rotation_unclear", names.language, titles, rows)


def _orders(names: RotationNames, plan: RotationPlan) -> Table | None:
    titles = columns(
        names.language,
        "when",
        "depot",
        "stock_item",
        "quantity:number",
        "packed",
        "cost:money",
        "arrives",
        "good_until",
    )
    rows = (
        Row(
            (
                str(one.ordered_on),
                names.depots[one.depot_id],
                names.items[one.item_id],
                one.quantity,
                names.packed(one.item_id, one.quantity),
                one.cost,
                str(one.arrives_on),
                names.day(one.expires_on),
            ),
            illustrative=names.request.illustrative,
        )
        for one in sorted(plan.orders, key=lambda one: (one.ordered_on, one.lot_id))
    )
    return build("rotation_orders", names.language, titles, rows, currency=names.request.currency)


def _write_offs(names: RotationNames, plan: RotationPlan) -> Table | None:
    goods, periods = names.goods(plan), plan.periods or ()
    titles = columns(
        names.language,
        "when",
        "depot",
        "stock_item",
        "lot",
        "good_until",
        "quantity:number",
        "written_off:money",
    )
    rows = (
        Row(
            (
                names.period(periods[one.period]),
                names.depots[one.depot_id],
                names.items[goods[one.lot_id].item_id],
                one.lot_id,
                names.day(goods[one.lot_id].expires_on),
                one.quantity,
                one.value,
            ),
            illustrative=names.request.illustrative,
        )
        for one in plan.write_offs or ()
    )
    return build(
        "rotation_write_offs", names.language, titles, rows, currency=names.request.currency
    )
