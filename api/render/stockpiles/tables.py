"""The tables of a stockpile plan: who holds what, who is served, what it costs, what is missing."""

import math
from collections.abc import Iterator

from api.render.stockpiles.names import StockNames
from api.render.tables import Row, Table, build, columns
from models.messages import MESSAGES
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.explanation import StockExplanation, TargetBudget
from models.stockpiles.items import Item
from models.text import Language

_SHOWN = 100
_NEAR_WHOLE = 1e-6


def all_tables(request: StockRequest, answer: StockAnswer, language: Language) -> tuple[Table, ...]:
    """Return every table that has something to say, in the order of a report."""
    names, plan = StockNames(request, language), answer.plan
    if plan is None:
        return ()
    made = (
        _covers(names, plan),
        stock(request, plan, language),
        _contents(names),
        _built(names, plan),
        _agreed(names, plan),
        _kits(names, plan),
        _costs(names, plan),
        *_reasons(names, answer.explanation),
        _scenarios(names, plan),
    )
    return tuple(table for table in made if table is not None)


def stock(request: StockRequest, plan: StockPlan, language: Language) -> Table | None:
    """Return who holds how much of what."""
    names = StockNames(request, language)
    depots = {one.id: one for one in request.depots}
    rows = []
    for one in plan.stock:
        depot, item = depots[one.depot_id], names.items[one.item_id]
        rows.append(
            Row(
                (
                    names.depots[depot.id],
                    names.tiers[depot.tier],
                    names.item_names[item.id],
                    one.quantity,
                    item.unit.text(language),
                    _packs(item, one.quantity, language),
                    one.kept,
                    one.quantity * item.volume_m3,
                    one.quantity * item.price,
                ),
                illustrative=depot.illustrative or item.illustrative,
            )
        )
    titles = columns(
        language,
        "depot",
        "tier",
        "stock_item",
        "quantity:number",
        "unit",
        "packs",
        "stock_kept:number",
        "volume:number",
        "worth:money",
    )
    return build("stock", language, titles, rows, currency=request.currency)


def _contents(names: StockNames) -> Table | None:
    rows = [
        Row(
            (
                names.item_names[kit.id],
                names.item_names[name],
                units,
                names.items[name].unit.text(names.language),
            ),
            illustrative=kit.illustrative,
        )
        for kit in names.request.items
        for name, units in kit.contents.items()
    ]
    titles = columns(names.language, "kit", "stock_item", "quantity:number", "unit")
    return build("stock_contents", names.language, titles, rows)


def _packs(item: Item, quantity: float, language: Language) -> str | None:
    """Return how many of an item's largest packs hold a quantity."""
    if not item.packs:
        return None
    pack = max(item.packs, key=lambda one: one.holds)
    name = pack.id if pack.name is None else pack.name.text(language)
    return f"{math.ceil(quantity / pack.holds - _NEAR_WHOLE)} {name}"


def _built(names: StockNames, plan: StockPlan) -> Table | None:
    costs = {
        (depot.id, size.id): size.capital_cost
        for depot in names.request.depots
        for size in depot.sizes
    }
    rows = [
        Row((names.depots[one.depot_id], one.size_id, costs[one.depot_id, one.size_id]))
        for one in plan.built
    ]
    titles = columns(names.language, "depot", "size", "cost:money")
    return build("stock_built", names.language, titles, rows, currency=names.request.currency)


def _agreed(names: StockNames, plan: StockPlan) -> Table | None:
    items = {one.id: one.item_id for one in names.request.contracts}
    rows = [
        Row(
            (
                names.contracts[one.contract_id],
                names.item_names[items[one.contract_id]],
                one.quantity,
            )
        )
        for one in plan.agreed
    ]
    titles = columns(names.language, "contract", "stock_item", "quantity:number")
    return build("stock_agreed", names.language, titles, rows)


def _kits(names: StockNames, plan: StockPlan) -> Table | None:
    people = {one.id: sum(one.weights.values()) for one in names.request.blocks}
    rows = [
        Row((names.blocks[one.block_id], one.share, one.share * people[one.block_id]))
        for one in plan.kits
    ]
    titles = columns(names.language, "block", "kit_share:share", "people:count")
    return build("stock_kits", names.language, titles, rows)


def _covers(names: StockNames, plan: StockPlan) -> Table | None:
    known = {
        "band": {one.id: one.id for one in names.request.bands},
        "tier": names.tiers,
        "item": names.item_names,
        "area": names.areas,
        "group": {group: group for one in names.request.blocks for group in one.weights},
    }
    rows = [
        Row(
            (
                names.say(
                    f"stockpiles.scope.{one.scope}", name=known.get(one.scope, {}).get(one.id or "")
                ),
                one.expected,
                one.worst_tenth,
                one.worst,
            ),
            key=f"{one.scope}/{one.id or ''}",
        )
        for one in (plan.figures.covers if plan.figures else ())
        if one.expected is not None
    ]
    titles = columns(names.language, "what", "expected:share", "worst_tenth:share", "worst:share")
    return build("stock_covers", names.language, titles, rows)


def _costs(names: StockNames, plan: StockPlan) -> Table | None:
    parts = ("capital", "running", "holding", "replacement", "kits", "fees")
    rows = [
        Row((names.say(f"stockpiles.cost.{part}"), getattr(plan.figures.costs, part)), key=part)
        for part in parts
        if plan.figures is not None
    ]
    titles = columns(names.language, "what", "cost:money")
    return build("stock_costs", names.language, titles, rows, currency=names.request.currency)


def _reasons(names: StockNames, found: StockExplanation | None) -> Iterator[Table | None]:
    if found is None:
        return
    yield _unseen(names, found)
    titles = columns(
        names.language,
        "block",
        "stock_item",
        "expected:number",
        "worst:number",
        "scenario",
        "reason",
    )
    rows = [
        Row(
            (
                names.blocks[one.block_id],
                names.item_names[one.item_id],
                one.expected,
                one.worst,
                names.scenarios[one.worst_scenario],
                names.say(f"stockpiles.reason.{one.reason}"),
            )
        )
        for one in found.unmet[:_SHOWN]
    ]
    yield build("stock_unmet", names.language, titles, rows)
    titles = columns(names.language, "depot", "stock_item", "per_unit:number", "per_money:number")
    rows = [
        Row(
            (
                {**names.depots, **names.contracts}[one.depot_id],
                names.item_names[one.item_id],
                one.per_unit,
                one.per_money,
            )
        )
        for one in (
            *[one for one in found.marginal if one.depot_id in names.depots][:_SHOWN],
            *[one for one in found.marginal if one.depot_id not in names.depots],
        )
    ]
    yield build("stock_marginal", names.language, titles, rows)
    titles = columns(names.language, "block", "per_kit:number", "per_money:number")
    rows = [
        Row((names.blocks[one.block_id], one.per_person, one.per_money))
        for one in found.marginal_kits[:_SHOWN]
    ]
    yield build("stock_marginal_kits", names.language, titles, rows)
    titles = columns(
        names.language, "tier", "without_tier:number", "target_without:share", "proven"
    )
    rows = [
        Row(
            (
                names.tiers.get(one.tier) or names.say("stockpiles.no_kits"),
                one.unmet_without,
                one.meets_target_without,
                _how_sure(names, proven=one.proven),
            )
        )
        for one in found.tiers
    ]
    yield build("stock_tiers", names.language, titles, rows)
    yield from _studies(names, found)


def _studies(names: StockNames, found: StockExplanation) -> Iterator[Table | None]:
    currency = names.request.currency
    titles = columns(
        names.language,
        "budget:money",
        "unmet_need:number",
        "cover:share",
        "target_met:share",
        "unseen_target:share",
        "proven",
    )
    rows = [
        Row(
            (
                one.budget,
                one.expected_unmet,
                one.cover,
                one.meets_target,
                one.unseen_meets_target,
                _how_sure(names, proven=one.proven),
            )
        )
        for one in found.curve
    ]
    yield build("stock_curve", names.language, titles, rows, currency=currency)
    titles = columns(
        names.language,
        "done_without",
        "wanted_probability:share",
        "budget:money",
        "not_enough:money",
        "target_met:share",
        "unseen_target:share",
    )
    rows = [
        Row(
            (
                left_out(names, one),
                one.probability,
                None if one.point is None else one.point.budget,
                one.tried,
                None if one.point is None else one.point.meets_target,
                None if one.point is None else one.point.unseen_meets_target,
            )
        )
        for one in found.targets
    ]
    yield build("stock_targets", names.language, titles, rows, currency=currency)
    titles = columns(names.language, "depot", "stock_item", "quantity:number", "worth:money")
    lists = (
        ("stock_next", found.next_money.buys if found.next_money else ()),
        ("stock_best", found.balance.best_stock if found.balance else ()),
    )
    for name, held in lists:
        rows = [
            Row(
                (
                    names.depots[one.depot_id],
                    names.item_names[one.item_id],
                    one.quantity,
                    one.quantity * names.items[one.item_id].price,
                )
            )
            for one in held[:_SHOWN]
        ]
        yield build(name, names.language, titles, rows, currency=currency)


def _how_sure(names: StockNames, *, proven: bool) -> str:
    return names.say("status.optimal" if proven else "status.feasible")


def left_out(names: StockNames, one: TargetBudget) -> str:
    """Return who holds nothing where a budget is to meet the target."""
    if one.without is None:
        return names.say("stockpiles.nobody_left_out")
    who = names.tiers.get(one.without) or names.say("stockpiles.no_kits")
    return names.say("stockpiles.without", who=who)


def _unseen(names: StockNames, found: StockExplanation) -> Table | None:
    unseen = found.out_of_sample
    figures = ("unmet", "cover", "worst_tenth_cover", "meets_target")
    rows = []
    for figure in figures if unseen is not None else ():
        one = getattr(unseen, figure)
        rows.append(
            Row(
                (
                    names.say(f"stockpiles.figure.{figure}"),
                    one.in_sample,
                    one.out_of_sample,
                    one.half_width,
                ),
                kind="number" if figure == "unmet" else "share",
                key=figure,
            )
        )
    titles = columns(
        names.language, "what", "in_sample:number", "out_of_sample:number", "half_width:number"
    )
    return build("stock_unseen", names.language, titles, rows)


def _scenarios(names: StockNames, plan: StockPlan) -> Table | None:
    figures = () if plan.figures is None else plan.figures.scenarios
    scenarios = {one.id: one for one in names.request.scenarios}
    total = sum(one.weight for one in names.request.scenarios)
    worst = sorted(figures, key=lambda one: (-one.unmet, one.scenario_id))[:_SHOWN]
    rows = [
        Row(
            (
                names.scenarios[one.scenario_id],
                _hazard(names, scenarios[one.scenario_id].kind),
                scenarios[one.scenario_id].weight / total,
                one.need,
                one.met / one.need if one.need > 0 else 1.0,
                one.from_kits,
                one.unmet,
            )
        )
        for one in worst
    ]
    titles = columns(
        names.language,
        "scenario",
        "hazard",
        "chance:share",
        "need:number",
        "cover:share",
        "from_kits:number",
        "unmet_need:number",
    )
    return build("stock_scenarios", names.language, titles, rows)


def _hazard(names: StockNames, kind: str | None) -> str | None:
    code = f"hazard.{kind}"
    return names.say(code) if code in MESSAGES else kind
