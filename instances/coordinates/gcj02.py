r"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps, forth and back.

GCJ-02 (AMap, Tencent) moves a WGS 84 position by some hundred metres that vary with the place;
BD-09 (Baidu) moves a GCJ-02 position once more. Neither has an EPSG code. The formulas are the
publicly known approximation: with :math:`x = \lambda - 105` and :math:`y = \varphi - 35` in
degrees, the shift is a sum of sines in metres, turned to degrees on the Krassovsky ellipsoid.

**Where it applies.** Only inside a coarse outline of the mainland (`in_mainland`); positions in
Hong Kong, Macao and Taiwan, at sea and abroad are the same in all three systems. That is a
decision, not a law of nature: map providers differ there, and some shift Hong Kong too. Its
price: who has shifted coordinates for Hong Kong or Macao must convert them beforehand; the
outline is good to some kilometres along land borders, to some hundred metres around Hong Kong and
Macao; and in a strip one shift wide outside the outline a shifted position may come from either
side, where the inverse decides for the mainland.

The inverse is found by fixed-point iteration. The shift changes by less than 3 % of a step, so
that twelve rounds leave less than a micrometre, against published inverses of up to a metre.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from instances.coordinates.mainland import in_mainland

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

_AXIS_M, _ECCENTRICITY_SQUARED = 6378245.0, 0.00669342162296594323  # Krassovsky 1940
_BAIDU_STEP = np.pi * 3000.0 / 180.0
_ROUNDS = 12


def gcj02_from_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Return GCJ-02 positions of WGS 84 ones, degrees.

    Examples
    --------
    >>> lon, lat = gcj02_from_wgs84(np.array([114.05]), np.array([22.54]))
    >>> round(float(lon[0]), 5), round(float(lat[0]), 5)
    (114.0551, 22.53727)
    """
    return _inside(lon, lat, _gcj02)


def bd09_from_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Return BD-09 positions of WGS 84 ones, degrees."""
    return _inside(lon, lat, _bd09)


def wgs84_from_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Return WGS 84 positions of GCJ-02 ones, degrees."""
    return _undone(lon, lat, _gcj02)


def wgs84_from_bd09(lon: Floats, lat: Floats) -> Pair:
    """Return WGS 84 positions of BD-09 ones, degrees."""
    return _undone(lon, lat, _bd09)


def _inside(lon: Floats, lat: Floats, shift: Callable[[Floats, Floats], Pair]) -> Pair:
    shifted_lon, shifted_lat = shift(lon, lat)
    inside = in_mainland(lon, lat)
    return np.where(inside, shifted_lon, lon), np.where(inside, shifted_lat, lat)


def _undone(lon: Floats, lat: Floats, shift: Callable[[Floats, Floats], Pair]) -> Pair:
    found_lon, found_lat = lon, lat
    for _ in range(_ROUNDS):
        shifted_lon, shifted_lat = shift(found_lon, found_lat)
        found_lon, found_lat = found_lon - (shifted_lon - lon), found_lat - (shifted_lat - lat)
    inside = in_mainland(found_lon, found_lat)
    return np.where(inside, found_lon, lon), np.where(inside, found_lat, lat)


def _gcj02(lon: Floats, lat: Floats) -> Pair:
    east_m, north_m = _shift_m(lon - 105.0, lat - 35.0)
    radians = np.radians(lat)
    root = np.sqrt(1.0 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2)
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / root**3
    return (
        lon + np.degrees(east_m / (_AXIS_M / root * np.cos(radians))),
        lat + np.degrees(north_m / meridian_m),
    )


def _shift_m(x: Floats, y: Floats) -> Pair:
    """Return the shift to the east and to the north; both share a wave along ``x``."""
    root, turn = np.sqrt(np.abs(x)), np.pi
    shared = 20.0 * np.sin(6.0 * x * turn) + 20.0 * np.sin(2.0 * x * turn)
    east = 300.0 + x + 2.0 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root
    east += (shared + 20.0 * np.sin(x * turn) + 40.0 * np.sin(x / 3.0 * turn)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * turn) + 300.0 * np.sin(x / 30.0 * turn)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root
    north += (shared + 20.0 * np.sin(y * turn) + 40.0 * np.sin(y / 3.0 * turn)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * turn) + 320.0 * np.sin(y / 30.0 * turn)) * 2.0 / 3.0
    return east, north


def _bd09(lon: Floats, lat: Floats) -> Pair:
    x, y = _gcj02(lon, lat)
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BAIDU_STEP)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BAIDU_STEP)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
