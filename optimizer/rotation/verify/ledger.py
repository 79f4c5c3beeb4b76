"""Every lot through the periods: what is where at the end of each, and what cannot be."""

from collections import defaultdict

from models.rotation import RotationPlan
from optimizer.rotation.verify.question import Goods, Question

TRIFLE = 1e-5  # units: fewer are rounding
Place = tuple[str, str]  # depot, lot


class Ledger:
    """What a plan's movements leave in every depot of every lot, period by period.

    ``stock[t]`` is what is there at the end of a period, expired stock taken out and kept in
    ``expired[t]``. ``overdrawn`` names the places where more leaves than is there.
    """

    def __init__(self, question: Question, plan: RotationPlan) -> None:
        self.question = question
        self.goods: dict[str, Goods] = question.goods(plan)
        self.stock: list[dict[Place, float]] = []
        self.expired: list[dict[Place, float]] = []
        self.overdrawn: list[str] = []
        change: list[dict[Place, float]] = [defaultdict(float) for _ in range(question.count)]
        for name, one in self.goods.items():
            change[one.period][one.depot, name] += one.quantity
        for move in plan.moves:
            change[move.period][move.depot_id, move.lot_id] -= move.quantity
            change[move.arrival][move.to_depot_id, move.lot_id] += move.quantity
        for issue in plan.issues:
            change[issue.period][issue.depot_id, issue.lot_id] -= issue.quantity
        now: dict[Place, float] = {}
        for t in range(question.count):
            self._close(t, now, change[t])

    def _close(self, t: int, now: dict[Place, float], change: dict[Place, float]) -> None:
        for place, quantity in change.items():
            now[place] = now.get(place, 0.0) + quantity
        gone = {}
        for place, quantity in [*now.items()]:
            if quantity < -TRIFLE:
                self.overdrawn.append(f"{place[1]}/{place[0]}/{t}")
            if quantity <= TRIFLE:
                del now[place]
            elif self.question.left(self.goods[place[1]], t) < 0:
                gone[place] = now.pop(place)
        self.stock.append(dict(now))
        self.expired.append(gone)

    def on_hand(self, t: int) -> dict[tuple[str, str], float]:
        """Return what each depot has of each item at the end of a period."""
        found: dict[tuple[str, str], float] = defaultdict(float)
        for (depot, lot), quantity in self.stock[t].items():
            found[depot, self.goods[lot].item] += quantity
        return found
