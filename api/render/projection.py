"""From places to a sheet of paper."""

import math
from dataclasses import dataclass

from api.render.cells import Cells
from api.render.geojson import EARTH_RADIUS_M
from models.places import Place

WIDTH = 960.0
_MARGIN = 26.0


@dataclass(frozen=True)
class Sheet:
    """Where places lie on a sheet ``WIDTH`` wide, true to scale, north up.

    Latitude and longitude are drawn equirectangular around ``middle_lat``.
    """

    west_m: float
    north_m: float
    scale: float
    height: float
    middle_lat: float

    def at(self, place: Place) -> tuple[float, float]:
        """Return where a place lies, from the sheet's upper left corner."""
        return self._on_paper(*_metres(place, self.middle_lat))

    def at_degrees(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a position of a shape lies."""
        return self._on_paper(*_from_degrees(lon, lat, self.middle_lat))

    def _on_paper(self, x_m: float, y_m: float) -> tuple[float, float]:
        across = _MARGIN + (x_m - self.west_m) * self.scale
        return across, _MARGIN + (self.north_m - y_m) * self.scale


def _metres(place: Place, middle_lat: float) -> tuple[float, float]:
    if place.lat is not None and place.lon is not None:
        return _from_degrees(place.lon, place.lat, middle_lat)
    if place.x_m is None or place.y_m is None:
        raise ValueError("a place without coordinates cannot be drawn")
    return place.x_m, place.y_m


def _from_degrees(lon: float, lat: float, middle_lat: float) -> tuple[float, float]:
    turn = math.pi / 180 * EARTH_RADIUS_M
    return lon * turn * math.cos(math.radians(middle_lat)), lat * turn


def sheet(cells: Cells) -> Sheet:
    """Return the sheet that holds all sites and demand points of a request."""
    places: tuple[Place, ...] = (*cells.request.sites, *cells.points)
    lats = [place.lat for place in places if place.lat is not None]
    middle = (min(lats) + max(lats)) / 2 if lats else 0.0
    xs, ys = zip(*(_metres(place, middle) for place in places), strict=True)
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = (WIDTH - 2 * _MARGIN) / max(width, height, 1.0)
    slack = (WIDTH - 2 * _MARGIN - width * scale) / 2
    return Sheet(
        west_m=min(xs) - slack / scale,
        north_m=max(ys),
        scale=scale,
        height=height * scale + 2 * _MARGIN,
        middle_lat=middle,
    )
