"""Map layers of a shelter plan as GeoJSON (RFC 7946): coordinates are [lon, lat] on WGS 84.

Layers: ``blocks`` (with who has no place), ``shelters``, ``candidates`` (sites that stay closed),
``hazards``, and ``walks`` and ``rides``, a line from each block to each shelter its people walk or
are driven to: along the roads where they walk on roads, else straight (not the way they take). A
request on a plane, or without coordinates, has no layers.
"""

from collections import defaultdict
from typing import Any

from api.render.shelters.names import ShelterNames
from models.places import Place
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.scenarios import PlanarPolygon
from models.shelters.unfolding import unfolded
from models.text import Language

Feature = dict[str, Any]


def layers(
    request: ShelterRequest, answer: ShelterAnswer, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the map layers by name; none where places have no ``lat`` and ``lon``."""
    places: tuple[Place, ...] = (*request.blocks, *request.sites)
    plan = answer.plan
    if plan is None or any(one.lat is None or one.lon is None for one in places):
        return {}
    names = ShelterNames(unfolded(request), language)
    made = {
        "blocks": _blocks(names, plan),
        "shelters": _sites(names, plan, opened=True),
        "candidates": _sites(names, plan, opened=False),
        "hazards": _hazards(names),
        "walks": _walks(names, plan, fetched=False),
        "rides": _walks(names, plan, fetched=True),
    }
    return {
        name: {"type": "FeatureCollection", "features": features} for name, features in made.items()
    }


def _feature(geometry: dict[str, Any], **properties: object) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(place: Place) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [place.lon, place.lat]}


def _blocks(names: ShelterNames, plan: ShelterPlan) -> list[Feature]:
    unmet: dict[str, dict[str, float]] = defaultdict(dict)
    for one in plan.without_place or ():
        known = unmet[one.block_id].get(one.scenario_id, 0.0)
        unmet[one.block_id][one.scenario_id] = known + one.people
    return [
        _feature(
            _point(block),
            id=block.id,
            name=names.blocks[block.id],
            people=sum(block.weights.values()),
            listed=None if block.listed is None else block.listed.kind.value,
            unmet=unmet.get(block.id, {}),
            illustrative=names.request.illustrative,
        )
        for block in names.request.blocks
    ]


def _sites(names: ShelterNames, plan: ShelterPlan, *, opened: bool) -> list[Feature]:
    chosen = {shelter.site_id for shelter in plan.shelters}
    taken = {site.ground for site in names.request.sites if site.id in chosen}
    shown = {
        site.ground: site.id for site in reversed(names.request.sites) if site.ground not in taken
    }
    inside: dict[str, dict[str, float]] = defaultdict(dict)
    for fill in plan.fills or ():
        inside[fill.site_id][fill.scenario_id] = fill.people
    return [
        _feature(
            _point(site),
            id=site.id,
            name=names.sites[site.id],
            setting=site.setting.value,
            existing=site.existing,
            people=inside.get(site.id, {}),
            illustrative=site.illustrative,
        )
        for site in names.request.sites
        if (site.id in chosen if opened else shown.get(site.ground) == site.id)
    ]


def _hazards(names: ShelterNames) -> list[Feature]:
    return [
        _feature(
            hazard.shape.model_dump(mode="json"),
            scenario=scenario.id,
            kind=hazard.kind,
            surviving_share=hazard.surviving_share,
            illustrative=names.request.illustrative,
        )
        for scenario in names.request.scenarios
        for hazard in scenario.hazards
        if not isinstance(hazard.shape, PlanarPolygon)
    ]


def _walks(names: ShelterNames, plan: ShelterPlan, *, fetched: bool) -> list[Feature]:
    blocks = {block.id: block for block in names.request.blocks}
    sites = {site.id: site for site in names.request.sites}
    features = []
    states = [one.id for one in names.request.travel.scenarios]
    ways = {one.id: one.travel_scenario or states[0] for one in names.request.scenarios}
    routes = {(one.travel_scenario, one.block_id, one.site_id): one for one in plan.routes}
    for one in plan.assignments:
        if (one.ride_s is not None) is not fetched:
            continue
        ends = [blocks[one.block_id], sites[one.site_id]]
        route = routes.get((ways[one.scenario_id], one.block_id, one.site_id))
        straight = [[end.lon, end.lat] for end in ends]
        drawn = straight if route is None else [list(pair) for pair in route.lon_lat]
        line = {"type": "LineString", "coordinates": drawn}
        features.append(
            _feature(
                line,
                scenario=one.scenario_id,
                block=one.block_id,
                site=one.site_id,
                group=one.group,
                people=one.people,
                walk_m=one.walk_m,
                ride_s=one.ride_s,
                along_roads=route is not None,
            )
        )
    return features
