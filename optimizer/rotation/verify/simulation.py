"""The years played through by a storekeeper who knows only how much leaves, not which lots."""

from collections import defaultdict

from models.answer import Check
from models.rotation import RotationPlan
from optimizer.rotation.verify.ledger import TRIFLE, Ledger, Place
from optimizer.rotation.verify.question import Question
from optimizer.verification import finding, named


def simulation(question: Question, plan: RotationPlan, ledger: Ledger) -> Check:
    """Return the check that issuing the oldest lots that will do leaves the stock of the plan.

    Orders, and what is sent from depot to depot, are the plan's; each outlet is given as much as
    in the plan, from the oldest lots that it takes, those outlets first that ask for more life.
    Compared is what each depot has at the end of every period, by item and date of expiry.
    """
    issued: dict[int, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))
    for one in plan.issues:
        issued[one.period][one.outlet_id, one.depot_id] += one.quantity
    now: dict[Place, float] = defaultdict(float)
    wrong = []
    for t in range(question.count):
        _receive(plan, ledger, now, t)
        for outlet, depot in sorted(
            issued[t], key=lambda key: -question.least(question.outlets[key[0]])
        ):
            short = _issue(question, ledger, now, t, (outlet, depot), issued[t][outlet, depot])
            if short > TRIFLE:
                wrong.append(f"{outlet}/{depot}/{t}")
        for place in [*now]:
            if question.left(ledger.goods[place[1]], t) < 0 or now[place] <= TRIFLE:
                del now[place]
        if _by_date(ledger, now) != _by_date(ledger, ledger.stock[t]):
            wrong.append(str(question.grid[t].first))
    return finding(
        "simulation",
        passed=not wrong,
        path="issues",
        code="check.rotation.simulation",
        periods=question.count,
        found=named(wrong),
    )


def _receive(plan: RotationPlan, ledger: Ledger, now: dict[Place, float], t: int) -> None:
    for name, goods in ledger.goods.items():
        if goods.period == t:
            now[goods.depot, name] += goods.quantity
    for move in plan.moves:
        if move.period == t:
            now[move.depot_id, move.lot_id] -= move.quantity
        if move.arrival == t:
            now[move.to_depot_id, move.lot_id] += move.quantity


def _issue(
    question: Question,
    ledger: Ledger,
    now: dict[Place, float],
    t: int,
    key: tuple[str, str],
    quantity: float,
) -> float:
    """Issue from the oldest lots that an outlet takes, and return what could not be."""
    outlet, depot = question.outlets[key[0]], key[1]
    fitting = [
        place
        for place in now
        if place[0] == depot
        and ledger.goods[place[1]].item == outlet.item_id
        and question.left(ledger.goods[place[1]], t) >= max(0.0, question.least(outlet))
    ]
    for place in sorted(fitting, key=lambda one: (question.left(ledger.goods[one[1]], t), one[1])):
        taken = min(quantity, max(0.0, now[place]))
        now[place] -= taken
        quantity -= taken
    return quantity


def _by_date(ledger: Ledger, stock: dict[Place, float]) -> dict[tuple[str, str, str], int]:
    """Return stock by depot, item and date, to a hundredth of a unit."""
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for (depot, lot), quantity in stock.items():
        goods = ledger.goods[lot]
        found[depot, goods.item, str(goods.expires)] += quantity
    return {key: round(100 * value) for key, value in found.items() if value > 0.005}
