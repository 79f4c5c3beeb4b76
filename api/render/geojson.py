"""Map layers of a plan as GeoJSON (RFC 7946): coordinates are [lon, lat] on WGS 84.

Layers: ``demand`` (cells as squares, points where no area is known), ``stations``,
``candidates`` (sites not chosen), ``closed``, ``uncovered``; and, as far as they are known,
``backdrop``, ``isochrones``, ``closed_roads``, ``slowed_roads`` and ``cut_off`` (sites that reach
nobody, points that nobody reaches), each feature of these with the id of its ``scenario``. Every
feature says whether it rests on illustrative data. A request on a plane, or without coordinates,
has no layers.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from api.render.cells import Cells
from api.render.names import Names, implied_action
from api.render.station_tables import changed_stations, closed_sites, ordered_stations
from api.render.travel import cut_off, notes, shapes
from models.answer import Answer
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.plan import PlannedStation
from models.messages import message, named
from models.places import DemandPoint, Place, Site
from models.text import Language

EARTH_RADIUS_M = 6_371_008.8
_METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180

Feature = dict[str, Any]
FeatureCollection = dict[str, Any]
Placing = Literal["geographic", "planar", "unplaced"]


def placing(request: FireStationRequest) -> Placing:
    """Return how all places of a request are given; ``unplaced`` where any has no position."""
    points = request.demand_points if isinstance(request.demand_points, tuple) else ()
    places: tuple[Place, ...] = (*request.sites, *points)
    if all(place.lat is not None for place in places):
        return "geographic"
    planar = all(place.x_m is not None for place in places)
    return "planar" if planar else "unplaced"


def layers(
    request: FireStationRequest,
    answer: FireStationAnswer,
    language: Language,
    *,
    points_max: int | None = None,
) -> dict[str, FeatureCollection]:
    """Return the map layers by name; none where places have no ``lat`` and ``lon``.

    With more than ``points_max`` demand points, no single point is drawn.
    """
    plan = answer.plan
    if plan is None or placing(request) != "geographic":
        return {}
    names = Names(request, language)
    cells = Cells(request, answer)
    drawn = points_max is None or len(cells.points) <= points_max
    points = cells.points if drawn else ()
    made = {
        "demand": [_cell(names, cells, point) for point in points],
        "stations": _stations(names, plan),
        "candidates": [_site(names, one) for one in _not_chosen(request, plan)],
        "closed": [_site(names, one) for one in closed_sites(names, plan)],
        "uncovered": _uncovered(names, cells, points),
        **{name: found for name, found in shapes(names, answer).items() if found},
    }
    if marks := _cut_off(names, answer, points):
        made["cut_off"] = marks
    for name in ("stations", "candidates", "closed"):
        _mark_cut_off(names, answer, made[name])
    return {name: collection(features) for name, features in made.items()}


def combined(
    request: FireStationRequest, answer: FireStationAnswer, language: Language
) -> FeatureCollection:
    """Return all layers as one collection; ``layer`` says which a feature belongs to.

    ``about`` says what the whole rests on: ``illustrative`` and ``travel_notes``.
    """
    said = about(answer, language, illustrative=request.illustrative)
    return collection(labelled(layers(request, answer, language))) | {"about": said}


def labelled(layers: Mapping[str, dict[str, Any]]) -> Iterator[Feature]:
    """Yield the features of layers, each with the name of its layer."""
    for name, layer in layers.items():
        for feature in layer["features"]:
            yield {**feature, "properties": {"layer": name, **feature["properties"]}}


def about(
    answer: Answer[Any, Any], language: Language, *, illustrative: bool = False
) -> dict[str, Any]:
    """Return what a collection rests on; ``illustrative``: whatever the answer says of it."""
    return {
        "illustrative": illustrative or answer.illustrative,
        "travel_method": answer.travel.method if answer.travel else None,
        "travel_notes": list(notes(answer, language)),
    }


def _cut_off(
    names: Names, answer: FireStationAnswer, points: Iterable[DemandPoint]
) -> list[Feature]:
    """Return a mark in each scenario for every site and point that the roads leave out."""
    known = {one.id: one for one in points}
    made = []
    for one in answer.travel.scenarios if answer.travel else ():
        sites: list[tuple[str, Site | DemandPoint, str]] = [
            ("site", names.sites[name], names.site(name))
            for name in one.cut_off_sites
            if name in names.sites
        ]
        places: list[tuple[str, Site | DemandPoint, str]] = [
            ("demand_point", known[name], name) for name in one.unreachable_points if name in known
        ]
        made += [
            _feature(
                point(place),
                what=what,
                id=place.id,
                name=called,
                scenario=one.scenario_id,
                scenario_name=names.scenario(one.scenario_id),
                illustrative=names.request.illustrative,
            )
            for what, place, called in (*sites, *places)
        ]
    return made


def _mark_cut_off(names: Names, answer: FireStationAnswer, features: list[Feature]) -> None:
    found = cut_off(answer)
    for feature in features:
        scenarios = found.get(feature["properties"]["id"], ())
        if scenarios:
            said = names.say("words.separate").join(map(names.scenario, scenarios))
            feature["properties"]["cut_off"] = said


def collection(features: Iterable[Feature]) -> FeatureCollection:
    """Return features as a collection with its bounding box (none where it is empty)."""
    kept = list(features)
    made: FeatureCollection = {"type": "FeatureCollection", "features": kept}
    spots = [spot for feature in kept for spot in _spots(feature["geometry"])]
    if spots:
        lons, lats = zip(*spots, strict=True)
        made["bbox"] = [min(lons), min(lats), max(lons), max(lats)]
    return made


def _spots(geometry: Mapping[str, Any]) -> list[list[float]]:
    """Return all positions of a geometry, however deep they lie in it."""

    def within(given: Any) -> list[list[float]]:
        return (
            [given] if isinstance(given[0], float | int) else [p for g in given for p in within(g)]
        )

    return within(geometry["coordinates"]) if geometry["coordinates"] else []


def _feature(geometry: Mapping[str, Any], **properties: object) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _located(place: Place) -> tuple[float, float]:
    if place.lat is None or place.lon is None:
        raise ValueError("a place without lat and lon cannot be drawn on a map")
    return place.lat, place.lon


def point(place: Place) -> dict[str, Any]:
    """Return a place as a GeoJSON point, to a decimetre."""
    lat, lon = _located(place)
    return {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}


def square(place: Place, area_m2: float) -> dict[str, Any]:
    """Return a square of ``area_m2`` around a place, its ring counterclockwise."""
    lat, lon = _located(place)
    half_lat = math.sqrt(area_m2) / 2 / _METRES_PER_DEGREE
    half_lon = half_lat / max(math.cos(math.radians(lat)), 1e-6)
    south, north = max(lat - half_lat, -90.0), min(lat + half_lat, 90.0)
    west, east = max(lon - half_lon, -180.0), min(lon + half_lon, 180.0)
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = [[round(one_lon, 6), round(one_lat, 6)] for one_lon, one_lat in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def _shape(one: DemandPoint) -> dict[str, Any]:
    return square(one, one.area_m2) if one.area_m2 else point(one)


def _cell(names: Names, cells: Cells, one: DemandPoint) -> Feature:
    return _feature(
        _shape(one),
        id=one.id,
        area=one.area,
        area_name=names.area(one.area) if one.area else None,
        risk_class=one.risk_class,
        weights=one.weights,
        covered_before=cells.covered_share(one.id, "before"),
        covered_after=cells.covered_share(one.id, "after"),
        scenarios=cells.by_scenario(one.id),
        uncovered_reason=cells.reason.get(one.id),
        precision=one.precision,
        illustrative=names.request.illustrative,
    )


def _stations(names: Names, plan: FireStationPlan) -> list[Feature]:
    order = {one.site_id: place for place, one in enumerate(changed_stations(names, plan), 1)}
    return [
        _station(names, one, order.get(one.site_id))
        for one in ordered_stations(names, plan)
        if one.site_id in names.sites
    ]


def _station(names: Names, one: PlannedStation, order: int | None) -> Feature:
    site = names.sites[one.site_id]
    action = implied_action(names.request, one)
    return _feature(
        point(site),
        id=one.site_id,
        name=names.site(one.site_id),
        order=order,
        class_id=one.class_id,
        class_name=names.station_class(one.class_id),
        action=action,
        action_name=message(f"action.{action}", names.language),
        on_duty_people=one.on_duty_people,
        vehicles=one.vehicles,
        vehicles_text=names.vehicles(one.vehicles),
        owner=_owner(names, site),
        moved_from=one.moved_from,
        capital_cost=one.capital_cost,
        yearly_cost=one.yearly_cost,
        precision=site.precision,
        illustrative=site.illustrative,
    )


def _owner(names: Names, site: Site) -> str | None:
    owner = site.station.owner if site.station else None
    return names.half(owner) if owner else None


def _not_chosen(request: FireStationRequest, plan: FireStationPlan) -> list[Site]:
    chosen = {one.site_id for one in plan.stations}
    return [one for one in request.sites if one.station is None and one.id not in chosen]


def _site(names: Names, site: Site) -> Feature:
    station = site.station
    return _feature(
        point(site),
        id=site.id,
        name=names.site(site.id),
        class_id=station.class_id if station else None,
        class_name=names.station_class(station.class_id) if station else None,
        status=named("station_status", station.status, names.language) if station else None,
        owner=_owner(names, site),
        allowed_classes=site.allowed_classes,
        outskirts=site.outskirts,
        precision=site.precision,
        illustrative=site.illustrative,
    )


def _uncovered(names: Names, cells: Cells, points: Iterable[DemandPoint]) -> list[Feature]:
    return [
        _feature(
            _shape(one),
            id=one.id,
            weights=one.weights,
            reason=cells.reason[one.id],
            reason_text=message(f"uncovered.{cells.reason[one.id]}", names.language),
            illustrative=names.request.illustrative,
        )
        for one in points
        if one.id in cells.reason
    ]
