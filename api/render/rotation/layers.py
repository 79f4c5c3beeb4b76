"""Map layers of a rotation plan as GeoJSON: depots with their figures, and what goes between."""

from collections import defaultdict
from typing import Any

from api.render.rotation.names import RotationNames
from models.rotation import RotationAnswer, RotationRequest
from models.text import Language


def layers(
    request: RotationRequest, answer: RotationAnswer, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the layers ``stock_depots`` and ``stock_refills``; none without coordinates."""
    plan = answer.plan
    if plan is None or any(one.lat is None or one.lon is None for one in request.depots):
        return {}
    names = RotationNames(request, language)
    short: dict[str, bool] = defaultdict(bool)
    for balance in plan.balances or ():
        short[balance.depot_id] |= any(one > 1e-6 for one in balance.short)
    gone: dict[str, float] = defaultdict(float)
    for one in plan.write_offs or ():
        gone[one.depot_id] += one.value
    bought: dict[str, float] = defaultdict(float)
    for order in plan.orders:
        bought[order.depot_id] += order.cost
    spots = {one.id: [one.lon, one.lat] for one in request.depots}
    tiers = {
        one.id: one.id if one.name is None else one.name.text(language) for one in request.tiers
    }
    depots = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": spots[one.id]},
            "properties": {
                "id": one.id,
                "name": names.depots[one.id],
                "tier": tiers[one.tier],
                "served": not short[one.id],
                "bought": round(bought[one.id]),
                "written_off": round(gone[one.id]),
                "illustrative": one.illustrative,
            },
        }
        for one in request.depots
    ]
    sent: dict[tuple[str, str], float] = defaultdict(float)
    goods = names.goods(plan)
    for move in plan.moves:
        price = names.item[goods[move.lot_id].item_id].price
        sent[move.depot_id, move.to_depot_id] += move.quantity * price
    ways = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [spots[a], spots[b]]},
            "properties": {
                "name": f"{names.depots[a]} → {names.depots[b]}",
                "worth_sent": round(value),
                "illustrative": request.illustrative,
            },
        }
        for (a, b), value in sorted(sent.items())
    ]
    made = {"stock_depots": depots, "stock_refills": ways}
    return {key: {"type": "FeatureCollection", "features": some} for key, some in made.items()}
