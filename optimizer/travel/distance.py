"""Straight-line distances: haversine on the mean earth radius, or Euclidean on a plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.faults import Fault
from models.places import Place, Site
from models.text import Text
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class Positions:
    """Points on the sphere (``first`` = lat, ``second`` = lon, degrees) or a plane (metres)."""

    first: FloatArray  # (point,)
    second: FloatArray
    planar: bool

    @classmethod
    def of_both(cls, demand: DemandArrays, sites: tuple[Site, ...]) -> tuple[Self, Self]:
        """Return the positions of demand and sites, all on the sphere or all on one plane.

        Raises
        ------
        InputError
            Some place has no coordinates of the kind the others have.
        """
        planar = demand.lat is None or demand.lon is None
        first, second = (demand.x_m, demand.y_m) if planar else (demand.lat, demand.lon)
        if first is None or second is None:
            raise InputError((_fault("demand_points"),))
        return cls(first, second, planar), cls.of_sites(sites, planar=planar)

    @classmethod
    def of_sites(cls, sites: tuple[Site, ...], *, planar: bool) -> Self:
        """Return the positions of ``sites``; all must have coordinates of the asked kind."""
        pairs = [_pair(site, planar=planar) for site in sites]
        faults = tuple(_fault(f"sites[{j}]") for j, pair in enumerate(pairs) if None in pair)
        if faults:
            raise InputError(faults)
        array = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        return cls(array[:, 0].copy(), array[:, 1].copy(), planar)

    def take(self, index: slice | NDArray[np.intp]) -> "Positions":
        """Return the positions at ``index``."""
        return Positions(self.first[index], self.second[index], self.planar)

    def distances_m(self, other: "Positions") -> FloatArray:
        """Return the matrix (self, other) of distances in metres.

        Examples
        --------
        >>> a = Positions(np.array([0.0]), np.array([0.0]), planar=True)
        >>> b = Positions(np.array([3.0, 6.0]), np.array([4.0, 8.0]), planar=True)
        >>> a.distances_m(b)
        array([[ 5., 10.]])
        """
        if self.planar:
            across = self.first[:, None] - other.first[None]
            along = self.second[:, None] - other.second[None]
            across *= across
            along *= along
            across += along
            return np.sqrt(across, out=across)
        return _haversine_m(self.first[:, None], self.second[:, None], other.first, other.second)

    def apart_m(self, other: "Positions") -> FloatArray:
        """Return how far each point is from its partner in ``other`` (point,), in metres.

        Examples
        --------
        >>> a = Positions(np.array([0.0, 0.0]), np.array([0.0, 9.0]), planar=True)
        >>> b = Positions(np.array([3.0, 0.0]), np.array([4.0, 8.0]), planar=True)
        >>> a.apart_m(b)
        array([5., 1.])
        """
        if self.planar:
            return np.hypot(self.first - other.first, self.second - other.second)
        return _haversine_m(self.first, self.second, other.first, other.second)


def positions_of(places: Sequence[Place]) -> Positions:
    """Return the positions of places that all have coordinates, of the first one's kind."""
    planar = places[0].lat is None
    first = [one.x_m if planar else one.lat for one in places]
    second = [one.y_m if planar else one.lon for one in places]
    return Positions(np.array(first, dtype=float), np.array(second, dtype=float), planar)


def _haversine_m(
    lat_a: FloatArray, lon_a: FloatArray, lat_b: FloatArray, lon_b: FloatArray
) -> FloatArray:
    """Return the distances between positions in degrees, of shapes that broadcast."""
    rad_a, rad_b = np.radians(lat_a), np.radians(lat_b)
    half_lat = np.sin((rad_b - rad_a) / 2)
    half_lon = np.sin(np.radians(lon_b - lon_a) / 2)
    half_lon *= half_lon
    half_lon *= np.cos(rad_a) * np.cos(rad_b)
    half_lat *= half_lat
    half_lat += half_lon
    distance: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_lat, 1.0)))
    return distance


def _pair(place: Place, *, planar: bool) -> tuple[float | None, float | None]:
    return (place.x_m, place.y_m) if planar else (place.lat, place.lon)


def _fault(path: str) -> Fault:
    return Fault(path=path, need=Text(code="fault.coordinates"))
