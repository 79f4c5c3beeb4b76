"""Whether a project's places would fit its own roads or outline better under another reading."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from instances.coordinates import CrsError, from_wgs84, parse_crs
from instances.coordinates.suspicion import Reading, suspect
from models.fire_stations import FireStationRequest
from models.roads import ByRoads
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.travel.roads.network import Network

if TYPE_CHECKING:
    from models.places import Place

_POINTS_MAX = 5000  # so many prove what more would
_READINGS: dict[str, Reading] = {
    "wgs84": "wgs84",
    "cgcs2000": "wgs84",
    "gcj02": "gcj02",
    "bd09": "bd09",
}


def suspicions(request: FireStationRequest, store: Store) -> Iterator[tuple[str, Text]]:
    """Yield the list of places and the warning, where a shifted reading fits clearly better.

    Judged are places with coordinates of their own, against the roads travelled on and the
    outlines of the backdrop. A projected system is shifted by nobody.
    """
    try:
        declared = _READINGS.get(parse_crs(request.source_crs or "wgs84").kind)
    except CrsError:
        return
    layers = _layers(request, store)
    if declared is None or not layers:
        return
    points = request.demand_points if isinstance(request.demand_points, tuple) else ()
    lists: dict[str, Sequence[Place]] = {"demand": points, "sites": request.sites}
    for name, places in lists.items():
        found = [
            (one.lon, one.lat)
            for one in places
            if one.lon is not None and one.lat is not None and one.precision is None
        ]
        step = max(1, len(found) // _POINTS_MAX)
        lon, lat = np.array(found[::step], dtype=np.float64).reshape(-1, 2).T
        warning = suspect(*from_wgs84(lon, lat, declared), layers, declared=declared).warning
        if warning is not None:
            yield name, warning


def _layers(request: FireStationRequest, store: Store) -> list[Any]:
    """Return the outlines and roads of a request as shapes on WGS 84."""
    layers = [
        shapely.geometry.shape(one.geometry.model_dump())
        for one in request.backdrop
        if one.kind == "outline"
    ]
    if isinstance(request.travel, ByRoads):
        try:
            network = Network.load(request.travel.network.sha256, store)
        except InputError:
            return layers  # the engine says what is wrong with it
        layers += shapely.transform(network.lines, network.plane.degrees).tolist()
    return layers
