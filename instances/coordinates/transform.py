"""From any coordinate system to WGS 84 and back, and lengths on the ellipsoid.

``x`` is always the easting or the longitude, ``y`` the northing or the latitude, whatever order
the definition of a system lists its axes in: EPSG:4490 and EPSG:4547 list north first. Lengths are
measured on the ellipsoid or in a system that keeps them, never in Web Mercator, which stretches
Shenzhen by 1.08.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from instances.coordinates.gcj02 import (
    Floats,
    Pair,
    bd09_from_wgs84,
    gcj02_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)
from instances.coordinates.mainland import in_mainland
from instances.coordinates.systems import Crs, parse_crs
from instances.extras import library

_FIRST_ZONE, _FIRST_MERIDIAN = 4534, 75  # CGCS2000 / 3-degree Gauss-Kruger CM 75E


def to_wgs84(x: ArrayLike, y: ArrayLike, crs: Crs | str) -> Pair:
    """Return longitudes and latitudes (WGS 84, degrees) of positions in ``crs``.

    CGCS2000 is taken to be WGS 84, from which it differs by centimetres. A position outside what
    a projection can hold comes back as infinity.

    Raises
    ------
    CrsError
        ``crs`` names no system.
    """
    given_x, given_y = _floats(x, y)
    system = parse_crs(crs) if isinstance(crs, str) else crs
    match system.kind:
        case "wgs84" | "cgcs2000":
            return given_x, given_y
        case "gcj02":
            return wgs84_from_gcj02(given_x, given_y)
        case "bd09":
            return wgs84_from_bd09(given_x, given_y)
        case "projected":
            return _pair(_transformer(system.name, system.base).transform(given_x, given_y))


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: Crs | str) -> Pair:
    """Return positions in ``crs`` of longitudes and latitudes (WGS 84, degrees).

    Raises
    ------
    CrsError
        ``crs`` names no system.
    """
    given_lon, given_lat = _floats(lon, lat)
    system = parse_crs(crs) if isinstance(crs, str) else crs
    match system.kind:
        case "wgs84" | "cgcs2000":
            return given_lon, given_lat
        case "gcj02":
            return gcj02_from_wgs84(given_lon, given_lat)
        case "bd09":
            return bd09_from_wgs84(given_lon, given_lat)
        case "projected":
            return _pair(_transformer(system.base, system.name).transform(given_lon, given_lat))


def metric_crs(lon: float, lat: float) -> Crs:
    """Return a system in which lengths near a position are true to a few parts in ten thousand.

    In the mainland of China the 3-degree zone of CGCS2000 whose central meridian is the nearest,
    elsewhere the zone of UTM, and beyond its 84° N and 80° S the polar stereographic ones.

    Examples
    --------
    >>> metric_crs(114.05, 22.54).name, metric_crs(-0.1, 51.5).name
    ('EPSG:4547', 'EPSG:32630')
    """
    if bool(in_mainland(lon, lat)):
        meridian = 3 * round(lon / 3)
        code = _FIRST_ZONE + (meridian - _FIRST_MERIDIAN) // 3
        return Crs("projected", f"EPSG:{code}", "EPSG:4490")
    if not -80 <= lat <= 84:
        return Crs("projected", "EPSG:32661" if lat > 0 else "EPSG:32761")
    zone = int((lon + 180) // 6) % 60 + 1
    return Crs("projected", f"EPSG:{(32600 if lat >= 0 else 32700) + zone}")


def distance_m(
    from_lon: ArrayLike, from_lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike
) -> Floats:
    """Return the lengths of geodesics on the ellipsoid of WGS 84, metres."""
    ends = np.broadcast_arrays(*_floats(from_lon, from_lat), *_floats(to_lon, to_lat))
    _, _, length = library("pyproj").Geod(ellps="WGS84").inv(*ends)
    return np.asarray(length, dtype=np.float64)


def _floats(x: ArrayLike, y: ArrayLike) -> Pair:
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _pair(found: tuple[Any, Any]) -> Pair:
    return _floats(found[0], found[1])


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Any:
    """Return PROJ's way between two systems, east first in both."""
    pyproj = library("pyproj")
    return pyproj.Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
