"""Whether a project's places would fit its own roads or outline better under another reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pydantic import TypeAdapter

from api.render.preview import Preview, PreviewReading
from instances.coordinates import Crs, CrsError, from_wgs84, parse_crs, to_wgs84
from instances.coordinates.gcj02 import Floats
from instances.coordinates.suspicion import READINGS, Reading, Suspicion, suspect
from models.backdrop import BackdropShape
from models.dispatch import DispatchRequest
from models.dispatch.incidents import Incident
from models.dispatch.situated import Situated
from models.dispatch.teams import Team
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite
from models.fire_stations import FireStationRequest
from models.geometry import Geometry
from models.places import DemandPoint, Site
from models.roads import ByRoads
from models.shelters import ShelterRequest
from models.shelters.places import Block, ShelterSite
from models.stockpiles.nodes import Contract, Depot
from models.stockpiles.request import StockRequest
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.travel.roads.network import Network

_GEOMETRY: TypeAdapter[Geometry] = TypeAdapter(Geometry)
_POINTS_MAX = 5000  # so many prove what more would
_READINGS: dict[str, Reading] = {
    "wgs84": "wgs84",
    "cgcs2000": "wgs84",
    "gcj02": "gcj02",
    "bd09": "bd09",
}


_Asked = FireStationRequest | FacilityRequest | ShelterRequest | StockRequest | DispatchRequest
Located = _Asked | Situated
_Placed = (
    DemandPoint | Site | FacilitySite | Block | ShelterSite | Depot | Contract | Incident | Team
)


@dataclass(frozen=True)
class Doubt:
    """A list of places that fits clearly better under a shifted reading, and what shows it."""

    places: str
    warning: Text
    page: Preview


def suspicions(
    request: Located, store: Store, placed_in: Mapping[str, Crs] | None = None
) -> Iterator[Doubt]:
    """Yield each list of places that a shifted reading fits clearly better.

    Judged are places with coordinates of their own, against the roads travelled on and the
    outlines and roads of the backdrop. A projected system is shifted by nobody. ``placed_in`` are
    the systems the lists came in, by the role of their table (``demand``, ``sites``,
    ``stations``, ``listed``, ``incidents``, ``teams``), else the request's own.
    """
    asked = request.situation if isinstance(request, Situated) else request
    try:
        own = parse_crs(asked.source_crs or "wgs84")
    except CrsError:
        return
    layers = _layers(asked, store)
    if not layers:
        return
    for name, crs, places in _merged(asked, placed_in or {}, own):
        declared = _READINGS.get(crs.kind)
        if declared is None:
            continue
        found = [
            (one.lon, one.lat, one.id)
            for one in places
            if one.lon is not None and one.lat is not None and one.precision is None
        ][:: max(1, len(places) // _POINTS_MAX)]
        lon = np.array([one[0] for one in found], dtype=np.float64)
        lat = np.array([one[1] for one in found], dtype=np.float64)
        lon, lat = from_wgs84(lon, lat, declared)
        judged = suspect(lon, lat, layers, declared=declared)
        if judged.warning is not None:
            names = tuple(one[2] for one in found)
            page = preview_of(name, names, (lon, lat), judged, layers)
            yield Doubt(name, judged.warning, page)


def _merged(
    asked: _Asked, placed_in: Mapping[str, Crs], own: Crs
) -> Iterator[tuple[str, Crs, Sequence[_Placed]]]:
    """Yield each list of places and its system; a further list of a kind only where that differs.

    Stations among sites and people listed by place among blocks are such lists: more points
    prove more.
    """
    for listed in _lists(asked):
        of_system: dict[Crs, tuple[str, list[_Placed]]] = {}
        system = own
        for name, places in listed:
            system = placed_in.get(name, system)
            of_system.setdefault(system, (name, []))[1].extend(places)
        for crs, (name, together) in of_system.items():
            yield name, crs, together


def _lists(asked: _Asked) -> Sequence[Sequence[tuple[str, Sequence[_Placed]]]]:
    """Return the places of a request by kind, each list under the role of its table."""
    if isinstance(asked, DispatchRequest):
        return [[("incidents", asked.incidents)], [("teams", asked.teams)]]
    if isinstance(asked, StockRequest):
        return [[("demand", asked.blocks)], [("sites", (*asked.depots, *asked.contracts))]]
    if isinstance(asked, FacilityRequest):
        points = asked.demand_points if isinstance(asked.demand_points, tuple) else ()
        return [[("demand", points)], [("sites", asked.sites)]]
    if isinstance(asked, ShelterRequest):
        blocks = [one for one in asked.blocks if one.listed is None]
        listed = [one for one in asked.blocks if one.listed is not None]
        return [[("demand", blocks), ("listed", listed)], [("sites", asked.sites)]]
    points = asked.demand_points if isinstance(asked.demand_points, tuple) else ()
    sites = [one for one in asked.sites if one.station is None]
    stations = [one for one in asked.sites if one.station is not None]
    return [[("demand", points)], [("sites", sites), ("stations", stations)]]


def preview_of(
    title: str,
    names: tuple[str, ...],
    numbers: tuple[Floats, Floats],
    judged: Suspicion,
    layers: Sequence[Any],
) -> Preview:
    """Return the page that draws points under every reading of their numbers, over ``layers``.

    Outside the mainland there is one reading alone.
    """
    scores = {score.reading: score for score in judged.scores}
    readings = []
    for reading in READINGS if scores else (judged.declared,):
        score = scores.get(reading)
        positions = np.column_stack(to_wgs84(*numbers, reading)).tolist()
        readings.append(
            PreviewReading(
                key=reading,
                positions=tuple((float(x), float(y)) for x, y in positions),
                declared=reading == judged.declared,
                better=reading == judged.better,
                shift_m=score.shift_m if score is not None else 0.0,
                inside_share=score.inside_share if score is not None else None,
                road_distance_m=score.road_distance_m if score is not None else None,
            )
        )
    return Preview(title, names, tuple(readings), _backdrop(layers), judged.warning)


def _backdrop(shapes: Sequence[Any]) -> tuple[BackdropShape, ...]:
    """Return lines as roads and polygons as outlines, as the page draws them."""
    return tuple(
        BackdropShape(
            kind="road" if shapely.get_dimensions(part) == 1 else "outline",
            geometry=_GEOMETRY.validate_python(shapely.geometry.mapping(part)),
        )
        for shape in shapes
        for part in shapely.get_parts(shape)
    )


def _layers(asked: _Asked, store: Store) -> list[Any]:
    """Return the outlines and roads of a request as shapes on WGS 84."""
    layers = [
        shapely.geometry.shape(one.geometry.model_dump())
        for one in asked.backdrop
        if one.kind in {"outline", "road"}
    ]
    travels = (
        [one.travel for one in asked.modes]
        if isinstance(asked, DispatchRequest)
        else [asked.travel]
    )
    roads = {one.network.sha256 for one in travels if isinstance(one, ByRoads)}
    for sha256 in sorted(roads):
        try:
            network = Network.load(sha256, store)
        except InputError:
            continue  # the engine says what is wrong with it
        layers += shapely.transform(network.lines, network.plane.degrees).tolist()
    return layers
