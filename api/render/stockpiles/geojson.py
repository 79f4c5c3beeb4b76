"""Map layers of a stockpile plan as GeoJSON (RFC 7946): coordinates are [lon, lat] on WGS 84.

Layers: ``stock_depots`` (with what each holds), ``stock_blocks`` (with kits and what is missing),
and ``stock_worst``, a straight line for each delivery of the worst scenario (not the way it goes).
A request on a plane, or without coordinates, has no layers.
"""

from collections import defaultdict
from typing import Any

from api.render.stockpiles.names import StockNames
from models.places import Place
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.text import Language

Feature = dict[str, Any]
_LINES = 400


def layers(
    request: StockRequest, answer: StockAnswer, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the map layers by name; none where places have no ``lat`` and ``lon``."""
    places: tuple[Place, ...] = (*request.blocks, *request.depots, *request.contracts)
    plan = answer.plan
    if plan is None or any(one.lat is None or one.lon is None for one in places):
        return {}
    names = StockNames(request, language)
    made = {
        "stock_depots": _depots(names, plan),
        "stock_blocks": _blocks(names, answer, plan),
        "stock_worst": _worst(names, plan),
    }
    return {
        name: {"type": "FeatureCollection", "features": features} for name, features in made.items()
    }


def _feature(geometry: dict[str, Any], **properties: object) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(place: Place) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [place.lon, place.lat]}


def _depots(names: StockNames, plan: StockPlan) -> list[Feature]:
    held: dict[str, dict[str, float]] = defaultdict(dict)
    for one in plan.stock:
        held[one.depot_id][names.item_names[one.item_id]] = round(one.quantity, 1)
    return [
        _feature(
            _point(one),
            id=one.id,
            name=names.depots[one.id],
            tier=names.tiers[one.tier],
            stock=held.get(one.id, {}),
            illustrative=one.illustrative,
        )
        for one in names.request.depots
    ]


def _blocks(names: StockNames, answer: StockAnswer, plan: StockPlan) -> list[Feature]:
    shares = {one.block_id: one.share for one in plan.kits}
    missing: dict[str, dict[str, float]] = defaultdict(dict)
    for one in () if answer.explanation is None else answer.explanation.unmet:
        missing[one.block_id][names.item_names[one.item_id]] = round(one.expected, 3)
    return [
        _feature(
            _point(block),
            id=block.id,
            name=names.blocks[block.id],
            people=sum(block.weights.values()),
            kit_share=shares.get(block.id, 0.0),
            missing=missing.get(block.id, {}),
            illustrative=names.request.illustrative,
        )
        for block in names.request.blocks
    ]


def _worst(names: StockNames, plan: StockPlan) -> list[Feature]:
    """Return the largest deliveries of the scenario in which most goes unmet."""
    figures = () if plan.figures is None else plan.figures.scenarios
    if not figures or not plan.deliveries:
        return []
    worst = max(figures, key=lambda one: one.unmet).scenario_id
    found = next((one for one in plan.deliveries if one.scenario_id == worst), None)
    if found is None:
        return []
    request = names.request
    sources = (*request.depots, *request.contracts)
    order = sorted(range(len(found.quantity)), key=lambda n: -found.quantity[n])[:_LINES]
    features = []
    for n in order:
        source, block = sources[found.source[n]], request.blocks[found.block[n]]
        ends = [[one.lon, one.lat] for one in (source, block)]
        features.append(
            _feature(
                {"type": "LineString", "coordinates": ends},
                scenario=names.scenarios[worst],
                depot=source.id,
                block=block.id,
                item=names.item_names[request.items[found.item[n]].id],
                quantity=round(found.quantity[n], 1),
            )
        )
    return features
