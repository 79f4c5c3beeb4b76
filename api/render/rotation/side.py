"""A rotation answer as one of several side by side: what is bought, what is lacking, cost."""

from collections import defaultdict
from collections.abc import Iterator

from api.render.compare import Figure, Side
from api.render.rotation.names import RotationNames
from api.render.tables import Kind
from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.rotation.plan import RotationFigures
from models.text import Language

_KINDS: dict[str, Kind] = {
    "statutory_shortfall": "number",
    "shortfall": "number",
    "unmet_use": "number",
    "write_off": "money",
    "write_off_at_most": "money",
    "bought": "money",
    "recovered": "money",
    "left_expiring": "money",
}


def side(request: RotationRequest, answer: RotationAnswer, language: Language) -> Side:
    """Return which items are bought for which depots, and what the years come to."""
    names, plan = RotationNames(request, language), answer.plan
    if plan is None:
        return Side(answer.run.status, None, (), "purchases", request.currency)
    chosen = {
        f"{one.depot_id} {one.item_id}": names.say(
            "compare.bought_for",
            depot=names.depots[one.depot_id],
            item=names.items[one.item_id],
        )
        for one in plan.orders
    }
    figures = (*_told(names, plan.figures), *_bought(names, plan))
    return Side(answer.run.status, chosen, figures, "purchases", request.currency)


def _told(names: RotationNames, figures: RotationFigures | None) -> Iterator[Figure]:
    if figures is None:
        return
    for key, kind in _KINDS.items():
        yield Figure(key, names.say(f"compare.{key}"), kind, getattr(figures, key))
    yield Figure("cost", names.say("compare.net_cost"), "money", figures.cost)


def _bought(names: RotationNames, plan: RotationPlan) -> Iterator[Figure]:
    bought: dict[str, float] = defaultdict(float)
    for one in plan.orders:
        bought[one.item_id] += one.quantity
    for item, name in names.items.items():
        title = names.say("compare.bought_of", item=name)
        yield Figure(f"bought.{item}", title, "number", bought[item], absent=0)
