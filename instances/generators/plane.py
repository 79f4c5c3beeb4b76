"""A local plane around one point: metres east and north, and back to degrees."""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = radians(1.0) * EARTH_RADIUS_M


@dataclass(frozen=True)
class Plane:
    """Equirectangular coordinates about ``lat``, ``lon``; over 20 km they err by under 0.1 %."""

    lat: float
    lon: float

    def to_metres(self, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """Return the points (n, 2) in metres east and north of the origin.

        Examples
        --------
        >>> Plane(0.0, 0.0).to_metres(np.array([1.0]), np.array([0.0])).round().tolist()
        [[0.0, 111195.0]]
        """
        east = (lon - self.lon) * METRES_PER_DEGREE * cos(radians(self.lat))
        north = (lat - self.lat) * METRES_PER_DEGREE
        return np.column_stack([east, north])

    def to_degrees(self, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return ``lat`` and ``lon`` of points (n, 2), to 6 decimals (0.1 m)."""
        lat = self.lat + points_m[:, 1] / METRES_PER_DEGREE
        lon = self.lon + points_m[:, 0] / (METRES_PER_DEGREE * cos(radians(self.lat)))
        return lat.round(6), lon.round(6)


def distances_m(from_m: FloatArray, to_m: FloatArray) -> FloatArray:
    """Return the straight-line distances (from, to) between points on a plane."""
    apart = from_m[:, None, :] - to_m[None, :, :]
    distances: FloatArray = np.sqrt((apart**2).sum(axis=2))
    return distances


def inside(points_m: FloatArray, outline_m: FloatArray) -> NDArray[np.bool_]:
    """Return for each point (n, 2) whether it lies inside the closed ``outline_m`` (k, 2).

    A ray to the east crosses the outline of what it starts in an odd number of times.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    >>> inside(np.array([[1.0, 1.0], [3.0, 1.0]]), square).tolist()
    [True, False]
    """
    within = np.zeros(len(points_m), dtype=np.bool_)
    for start, end in zip(outline_m, np.roll(outline_m, -1, axis=0), strict=True):
        if start[1] == end[1]:
            continue
        straddles = (start[1] > points_m[:, 1]) != (end[1] > points_m[:, 1])
        share = (points_m[:, 1] - start[1]) / (end[1] - start[1])
        within ^= straddles & (points_m[:, 0] < start[0] + share * (end[0] - start[0]))
    return within


def lattice(low_m: FloatArray, high_m: FloatArray, *, spacing_m: float) -> FloatArray:
    """Return the points of a staggered lattice in a rectangle, row by row from the south-west.

    Every point has six neighbours at ``spacing_m``.
    """
    rows = np.arange(low_m[1], high_m[1], spacing_m * np.sqrt(0.75))
    points = [
        np.column_stack([columns, np.full(len(columns), north)])
        for row, north in enumerate(rows)
        for columns in [np.arange(low_m[0] + (row % 2) * spacing_m / 2, high_m[0], spacing_m)]
    ]
    return np.concatenate(points)
