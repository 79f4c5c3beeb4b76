"""What a plan must keep: known names, orders as supplies allow, and the rules of the request."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from models.answer import Check
from models.rotation import RotationPlan
from models.rotation.calendar import first_day, months_in
from models.rotation.plan import Order
from optimizer.rotation.verify.ledger import TRIFLE, Ledger
from optimizer.rotation.verify.question import Question, within
from optimizer.verification import agrees, at_least, at_most, finding, named


def _listed(rule: str, path: str, wrong: list[str]) -> Check:
    return finding(
        rule,
        passed=not wrong,
        path=path,
        code=f"check.rotation.{rule.replace('.', '_')}",
        found=named(wrong),
    )


def known(question: Question, plan: RotationPlan) -> Iterator[Check]:
    """Yield the check that a plan names only what there is, in periods that there are."""
    wrong = [
        one.lot_id
        for one in plan.orders
        if one.supply_id not in question.supplies
        or one.depot_id not in question.depots
        or one.item_id not in question.items
        or max(one.period, one.arrival) >= question.count
    ]
    lots = {one.id for one in (*question.request.lots, *question.request.incoming)}
    ordered = [one.lot_id for one in plan.orders]
    wrong += [one for one in ordered if one in lots or ordered.count(one) > 1]
    goods = set() if wrong else set(question.goods(plan))
    for issue in plan.issues:
        fits = issue.outlet_id in question.outlets and issue.depot_id in question.depots
        if not fits or issue.lot_id not in goods or issue.period >= question.count:
            wrong.append(issue.lot_id)
    for move in plan.moves:
        fits = {move.depot_id, move.to_depot_id} <= set(question.depots)
        late = max(move.period, move.arrival) >= question.count
        if not fits or move.lot_id not in goods or late or move.arrival < move.period:
            wrong.append(move.lot_id)
    yield _listed("known", "lots", wrong)


def orders(question: Question, plan: RotationPlan) -> Iterator[Check]:
    """Yield the checks of what is bought: how, when, and in whole packs where asked."""
    wrong = [one.lot_id for one in plan.orders if not _as_supplied(question, one)]
    yield _listed("orders", "supplies", wrong)
    broken = [
        one.lot_id
        for one in plan.orders
        if question.request.whole and abs(one.packs - round(one.packs)) > TRIFLE
    ]
    moved = [(one.lot_id, one.quantity) for one in (*plan.issues, *plan.moves)]
    if question.request.whole:
        sizes = {one.id: one.sure_quantity for one in question.request.lots}
        sizes |= {one.id: one.quantity for one in question.request.incoming}
        sizes |= {one.lot_id: one.quantity for one in plan.orders}
        odd = {lot for lot, size in sizes.items() if abs(size - round(size)) > TRIFLE}
        broken += [
            lot for lot, amount in moved if abs(amount - round(amount)) > TRIFLE and lot not in odd
        ]
    yield _listed("whole", "whole", broken)


def _as_supplied(question: Question, one: Order) -> bool:
    supply, item = question.supplies[one.supply_id], question.items[one.item_id]
    packs = {pack.id: pack.holds for pack in item.packs}
    units = 1.0 if supply.pack_id is None else packs.get(supply.pack_id, 0.0)
    price = item.price if supply.price is None else supply.price
    allowed = question.tiers[question.depots[one.depot_id].tier].may_hold
    day = _ordered_on(question, one)
    life = supply.least_life_days or item.shelf_life_days
    if supply.item_id != one.item_id or day is None or one.packs < 0:
        return False
    arrives = question.after(day, supply.lead_days)
    return (
        (supply.depot_ids is None or one.depot_id in supply.depot_ids)
        and (allowed is None or one.item_id in allowed)
        and one.ordered_on == day
        and one.arrives_on == arrives
        and one.arrival == question.period_of(arrives)
        and one.expires_on == (None if life is None else question.after(arrives, life))
        and agrees(one.packs * units, one.quantity)
        and agrees(one.quantity * price, one.cost)
    )


def _ordered_on(question: Question, one: Order) -> date | None:
    """Return the day on which an order of this period is placed, None where none may be."""
    supply = question.supplies[one.supply_id]
    for month in months_in(question.grid[one.period]):
        season = supply.months is None or month % 12 + 1 in supply.months
        if season and within(supply.from_day, supply.until_day, month):
            return first_day(month)
    return None


def rules(question: Question, plan: RotationPlan, ledger: Ledger) -> Iterator[Check]:
    """Yield a check of every rule of movements and of the request."""
    negative = [one.lot_id for one in (*plan.issues, *plan.moves) if one.quantity < 0]
    yield _listed("stock", "lots", ledger.overdrawn + negative)
    yield _listed("outlets", "outlets", [*_issues(question, plan, ledger)])
    yield _listed("moves", "refills", [*_moves(question, plan, ledger)])
    yield _listed("order_of_expiry", "lots", [*_out_of_order(question, plan, ledger)])
    yield _listed("budgets", "budgets", [*_budgets(question, plan)])
    yield _listed("room", "depots", [*_room(question, ledger)])
    if question.request.rules.statutory == "require":
        yield _listed("statutory", "required", [*_statutory(question, ledger)])
    if question.request.rules.write_off == "require":
        yield _listed("write_off", "rules.write_off_share_max", [*_write_off(question, ledger)])


def _issues(question: Question, plan: RotationPlan, ledger: Ledger) -> Iterator[str]:
    """Yield what leaves through an outlet that does not take it, or takes less."""
    taken: dict[tuple[str, int], float] = defaultdict(float)
    for one in plan.issues:
        outlet, goods = question.outlets[one.outlet_id], ledger.goods[one.lot_id]
        taken[one.outlet_id, one.period] += one.quantity
        fits = question.serves(outlet, one.depot_id) and goods.item == outlet.item_id
        left = question.left(goods, one.period)
        if not fits or left < max(0.0, question.least(outlet)):
            yield f"{one.outlet_id}/{one.lot_id}/{one.period}"
    for (name, t), quantity in taken.items():
        if quantity > question.amount(question.outlets[name], t) * (1 + 1e-6) + TRIFLE:
            yield f"{name}/{t}"


def _moves(question: Question, plan: RotationPlan, ledger: Ledger) -> Iterator[str]:
    for one in plan.moves:
        goods = ledger.goods[one.lot_id]
        rule = question.refill(one.depot_id, one.to_depot_id, goods.item)
        name = f"{one.depot_id}/{one.to_depot_id}/{one.lot_id}/{one.period}"
        if rule is None:
            yield name
            continue
        allowed = question.tiers[question.depots[one.to_depot_id].tier].may_hold
        months = months_in(question.grid[one.period])
        season = rule.months is None or any(month % 12 + 1 in rule.months for month in months)
        due = question.period_of(question.after(question.grid[one.period].first, rule.lead_days))
        least = rule.least_remaining_days
        least = question.items[goods.item].least_remaining_days if least is None else least
        old = question.left(goods, one.arrival) < least or question.left(goods, one.period) < 0
        may = allowed is None or goods.item in allowed
        if not season or due != one.arrival or old or not may:
            yield name


def _out_of_order(question: Question, plan: RotationPlan, ledger: Ledger) -> Iterator[str]:
    """Yield issues of a lot while an older one, that the outlet would take, stays behind."""
    for one in plan.issues:
        if one.quantity <= TRIFLE:
            continue
        outlet, goods = question.outlets[one.outlet_id], ledger.goods[one.lot_id]
        mine = question.left(goods, one.period)
        for (depot, lot), quantity in ledger.stock[one.period].items():
            other = ledger.goods[lot]
            if depot != one.depot_id or other.item != goods.item or quantity <= TRIFLE:
                continue
            if question.least(outlet) <= question.left(other, one.period) < mine:
                yield f"{one.lot_id}/{one.depot_id}/{one.period}"
                break


def _budgets(question: Question, plan: RotationPlan) -> Iterator[str]:
    for budget in question.request.budgets:
        spent = sum(
            one.cost for one in plan.orders if question.grid[one.period].year == budget.year
        )
        if not at_most(spent, budget.amount):
            yield str(budget.year)


def _room(question: Question, ledger: Ledger) -> Iterator[str]:
    for t in range(question.count):
        used: dict[tuple[str, str], float] = defaultdict(float)
        for (depot, item), quantity in ledger.on_hand(t).items():
            used[depot, "volume_m3"] += quantity * question.items[item].volume_m3
            used[depot, "weight_kg"] += quantity * question.items[item].weight_kg
        for (depot, name), value in used.items():
            limit = getattr(question.depots[depot], name)
            if limit and not at_most(value, limit):
                yield f"{depot}/{t}"


def _statutory(question: Question, ledger: Ledger) -> Iterator[str]:
    for t in range(question.count):
        there = ledger.on_hand(t)
        for pair, wanted in question.wanted(t, statutory=True).items():
            if not at_least(there.get(pair, 0.0), wanted):
                yield f"{'/'.join(pair)}/{t}"


def target_values(question: Question) -> dict[int, float]:
    """Return the mean value of the targets in each year."""
    value: dict[int, float] = defaultdict(float)
    length: dict[int, float] = defaultdict(float)
    for t, period in enumerate(question.grid):
        wanted = question.wanted(t, statutory=False).items()
        total = sum(quantity * question.items[item].price for (_, item), quantity in wanted)
        value[period.year] += total * question.share[t]
        length[period.year] += question.share[t]
    return {year: total / length[year] for year, total in value.items()}


def written_off(question: Question, ledger: Ledger) -> dict[int, float]:
    """Return the value that expires in each year."""
    found: dict[int, float] = dict.fromkeys(target_values(question), 0.0)
    for t, gone in enumerate(ledger.expired):
        for (_, lot), quantity in gone.items():
            price = question.items[ledger.goods[lot].item].price
            found[question.grid[t].year] += quantity * price
    return found


def _write_off(question: Question, ledger: Ledger) -> Iterator[str]:
    limit = question.request.rules.write_off_share_max
    base = target_values(question)
    for year, value in written_off(question, ledger).items():
        if not at_most(value, limit * base[year]):
            yield str(year)
