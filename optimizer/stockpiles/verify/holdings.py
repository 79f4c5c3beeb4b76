"""What a plan holds: allowed, fitting, paid for, and no less than the law asks."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from models.answer import Check
from models.stockpiles import StockPlan
from models.stockpiles.nodes import Depot, DepotSize
from optimizer.stockpiles.verify.question import Question
from optimizer.verification import at_least, at_most, finding, named


def known(question: Question, plan: StockPlan) -> Iterator[Check]:
    """Yield the check that everything the plan names is in the request, once."""
    request = question.request
    sizes = {(depot.id, size.id) for depot in request.depots for size in depot.sizes}
    contracts = {one.id for one in request.contracts}
    blocks = {one.id for one in request.blocks}
    strange = [
        f"{one.depot_id}/{one.item_id}"
        for one in plan.stock
        if one.depot_id not in question.depots or one.item_id not in question.items
    ]
    strange += [one.block_id for one in plan.kits if one.block_id not in blocks]
    strange += [one.contract_id for one in plan.agreed if one.contract_id not in contracts]
    strange += [
        f"{one.depot_id}/{one.size_id}"
        for one in plan.built
        if (one.depot_id, one.size_id) not in sizes
    ]
    strange += [
        one.scenario_id for one in plan.deliveries if one.scenario_id not in question.scenarios
    ]
    counts = Counter(
        [
            *(("stock", one.depot_id, one.item_id) for one in plan.stock),
            *(("kits", one.block_id, "") for one in plan.kits),
            *(("agreed", one.contract_id, "") for one in plan.agreed),
            *(("built", one.depot_id, one.size_id) for one in plan.built),
            *(("deliveries", one.scenario_id, "") for one in plan.deliveries),
        ]
    )
    strange += ["/".join(key[1:]).strip("/") for key, count in counts.items() if count > 1]
    yield _none("plan.known", strange, "stock")


def holdings(question: Question, plan: StockPlan) -> Iterator[Check]:
    """Yield the checks of what is held, agreed, given and built."""
    yield _none("stock.allowed", _not_allowed(question, plan), "tiers")
    yield _none("stock.existing", _not_there(question, plan), "lots")
    yield _none("depots.sizes", _twice_built(plan), "depots")
    yield _none("depots.volume_m3", _too_full(question, plan, "volume_m3"), "depots")
    yield _none("depots.weight_kg", _too_full(question, plan, "weight_kg"), "depots")
    yield _none("contracts.most", _too_much(question, plan), "contracts")
    yield _none("households.share", _kits_out_of_range(question, plan), "households")
    yield from _rules(question, plan)


def _none(rule: str, offenders: list[str], path: str) -> Check:
    return finding(
        rule,
        passed=not offenders,
        path=path,
        code=f"check.stockpiles.{rule}",
        found=named(sorted(set(offenders))),
    )


def _not_allowed(question: Question, plan: StockPlan) -> list[str]:
    found = []
    for one in plan.stock:
        depot, item = question.depots[one.depot_id], question.items[one.item_id]
        may = question.tiers[depot.tier].may_hold
        fits = (may is None or item.id in may) and set(item.conditions) <= set(depot.conditions)
        room = depot.room.get(item.id)
        if not fits or (room is not None and not at_most(one.quantity - one.kept, room)):
            found.append(f"{depot.id}/{item.id}")
    return found


def _not_there(question: Question, plan: StockPlan) -> list[str]:
    return [
        f"{one.depot_id}/{one.item_id}"
        for one in plan.stock
        if not at_most(one.kept, one.quantity)
        or not at_most(one.kept, question.existing(one.depot_id, one.item_id))
    ]


def _twice_built(plan: StockPlan) -> list[str]:
    counts = Counter(one.depot_id for one in plan.built)
    return [name for name, count in counts.items() if count > 1]


def built_sizes(question: Question, plan: StockPlan) -> Mapping[str, list[DepotSize]]:
    """Return the sizes built at each depot."""
    found: dict[str, list[DepotSize]] = defaultdict(list)
    for one in plan.built:
        sizes = question.depots[one.depot_id].sizes
        found[one.depot_id] += [size for size in sizes if size.id == one.size_id]
    return found


def _too_full(question: Question, plan: StockPlan, measure: str) -> list[str]:
    used: dict[str, float] = defaultdict(float)
    for one in plan.stock:
        used[one.depot_id] += one.quantity * getattr(question.items[one.item_id], measure)
    built = built_sizes(question, plan)
    found = []
    for name, amount in used.items():
        room = getattr(question.depots[name], measure)
        if room is not None:
            room += sum(getattr(size, measure) or 0.0 for size in built.get(name, ()))
            if not at_most(amount, room):
                found.append(name)
    return found


def _too_much(question: Question, plan: StockPlan) -> list[str]:
    most = {one.id: one.most for one in question.request.contracts}
    return [
        one.contract_id for one in plan.agreed if not at_most(one.quantity, most[one.contract_id])
    ]


def kit_share(question: Question, plan: StockPlan) -> dict[str, float]:
    """Return the share of each block's people with a kit."""
    home = question.request.households
    if home is None:
        return {}
    free = {
        one.id: home.free_share_by_block.get(one.id, home.free_share)
        for one in question.request.blocks
    }
    return free | {one.block_id: one.share for one in plan.kits}


def _kits_out_of_range(question: Question, plan: StockPlan) -> list[str]:
    home = question.request.households
    if home is None:
        return [one.block_id for one in plan.kits if one.share > 0]
    found = []
    for name, share in kit_share(question, plan).items():
        free = home.free_share_by_block.get(name, home.free_share)
        if not at_least(share, free) or not at_most(share, max(free, home.share_max)):
            found.append(name)
    return found


def kit_outlay(question: Question, plan: StockPlan) -> float:
    """Return what kits beyond those people have already cost once."""
    home = question.request.households
    if home is None:
        return 0.0
    shares = kit_share(question, plan)
    return sum(
        (shares[block.id] - home.free_share_by_block.get(block.id, home.free_share))
        * sum(block.weights.values())
        * home.cost_per_person
        for block in question.request.blocks
    )


def outlays(question: Question, plan: StockPlan) -> dict[str, float]:
    """Return what each tier spends once."""
    found = dict.fromkeys(question.tiers, 0.0)
    for one in plan.stock:
        depot = question.depots[one.depot_id]
        if depot.fee_share is None:
            found[depot.tier] += (one.quantity - one.kept) * question.items[one.item_id].price
    for name, sizes in built_sizes(question, plan).items():
        found[question.depots[name].tier] += sum(size.capital_cost for size in sizes)
    home = question.request.households
    if home is not None:
        found[home.tier] += kit_outlay(question, plan)
    return found


def yearly_parts(question: Question, plan: StockPlan) -> dict[str, float]:
    """Return what a plan costs a year, by what for."""
    request = question.request
    parts = dict.fromkeys(("capital", "running", "holding", "replacement", "kits", "fees"), 0.0)
    parts["running"] = sum(one.yearly_cost for one in request.depots)
    for one in plan.stock:
        depot, item = question.depots[one.depot_id], question.items[one.item_id]
        worth = one.quantity * item.price
        if depot.fee_share is not None:
            parts["fees"] += depot.fee_share * worth
            continue
        parts["holding"] += request.holding_rate * worth
        lives = [days for days in (item.shelf_life_days, item.service_life_days) if days]
        if lives:
            parts["replacement"] += worth * (1.0 - request.recovered_share) * 365.0 / min(lives)
    for sizes in built_sizes(question, plan).values():
        parts["capital"] += sum(size.capital_cost / size.life_years for size in sizes)
        parts["running"] += sum(size.yearly_cost for size in sizes)
    fees = {one.id: one.fee for one in request.contracts}
    parts["fees"] += sum(one.quantity * fees[one.contract_id] for one in plan.agreed)
    if request.households is not None:
        parts["kits"] = kit_outlay(question, plan) / request.households.life_years
    return parts


def _rules(question: Question, plan: StockPlan) -> Iterator[Check]:
    request = question.request
    spent = outlays(question, plan)
    rules = request.rules
    if rules.budget is not None:
        yield _money(request.currency, "rules.budget", sum(spent.values()), rules.budget)
    if rules.yearly_budget is not None:
        yearly = sum(yearly_parts(question, plan).values())
        yield _money(request.currency, "rules.yearly_budget", yearly, rules.yearly_budget)
    for t, tier in enumerate(request.tiers):
        if tier.budget is not None:
            yield _money(request.currency, f"tiers[{t}].budget", spent[tier.id], tier.budget)
    if rules.max_built is not None:
        yield finding(
            "rules.max_built",
            passed=len(plan.built) <= rules.max_built,
            path="rules.max_built",
            code="check.stockpiles.max_built",
            found=len(plan.built),
            limit=rules.max_built,
        )
    for n, least in enumerate(rules.minimums):
        held = {one.depot_id: one.quantity for one in plan.stock if one.item_id == least.item_id}
        depots = [one for one in request.depots if one.tier == least.tier]
        short = _short(question, least.each, depots, held, (least.quantity, least.per_resident))
        yield _none("rules.minimums", short, f"rules.minimums[{n}]")


def _short(
    question: Question,
    each: bool,
    depots: list[Depot],
    held: Mapping[str, float],
    need: tuple[float, float],
) -> list[str]:
    quantity, per_resident = need
    if not each:
        total = sum(held.get(one.id, 0.0) for one in depots)
        enough = at_least(total, quantity + per_resident * question.residents(None))
        return [] if enough else [depots[0].tier if depots else "-"]
    return [
        one.id
        for one in depots
        if not at_least(
            held.get(one.id, 0.0), quantity + per_resident * question.residents(one.area)
        )
    ]


def _money(currency: str, path: str, found: float, limit: float) -> Check:
    return finding(
        path.partition("[")[0] + (".budget" if path.startswith("tiers") else ""),
        passed=at_most(found, limit),
        path=path,
        code="check.stockpiles.budget",
        found=found,
        limit=limit,
        currency=currency,
    )
