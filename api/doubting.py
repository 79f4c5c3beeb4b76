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
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite
from models.fire_stations import FireStationRequest
from models.geometry import Geometry
from models.places import DemandPoint, Site
from models.roads import ByRoads
from models.shelters import ShelterRequest
from models.shelters.places import ShelterSite
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


Located = FireStationRequest | FacilityRequest | ShelterRequest


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
    the systems the lists came in (``demand``, ``sites``, ``stations``), else the request's own.
    """
    try:
        own = parse_crs(request.source_crs or "wgs84")
    except CrsError:
        return
    layers = _layers(request, store)
    if not layers:
        return
    for name, crs, places in _lists(request, placed_in or {}, own):
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


def _lists(
    request: Located, placed_in: Mapping[str, Crs], own: Crs
) -> Iterator[tuple[str, Crs, Sequence[DemandPoint | Site | FacilitySite | ShelterSite]]]:
    """Yield each list of places; stations and other sites apart where their systems differ."""
    points = _points(request)
    yield "demand", placed_in.get("demand", own), points
    of_sites = placed_in.get("sites", own)
    of_stations = placed_in.get("stations", of_sites)
    if of_stations == of_sites or isinstance(request, FacilityRequest | ShelterRequest):
        yield "sites", of_sites, request.sites
        return
    yield "sites", of_sites, [one for one in request.sites if one.station is None]
    yield "stations", of_stations, [one for one in request.sites if one.station is not None]


def _points(request: Located) -> Sequence[DemandPoint]:
    if isinstance(request, ShelterRequest):
        return request.blocks
    return request.demand_points if isinstance(request.demand_points, tuple) else ()


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


def _layers(request: Located, store: Store) -> list[Any]:
    """Return the outlines and roads of a request as shapes on WGS 84."""
    layers = [
        shapely.geometry.shape(one.geometry.model_dump())
        for one in request.backdrop
        if one.kind in {"outline", "road"}
    ]
    if isinstance(request.travel, ByRoads):
        try:
            network = Network.load(request.travel.network.sha256, store)
        except InputError:
            return layers  # the engine says what is wrong with it
        layers += shapely.transform(network.lines, network.plane.degrees).tolist()
    return layers
