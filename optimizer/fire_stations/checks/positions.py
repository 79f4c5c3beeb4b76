"""Coordinates: whole pairs, of one kind, where they are needed, and the right way round."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.faults import Fault
from models.fire_stations.request import FireStationRequest
from models.places import DemandTable, Place
from models.roads import ByRoads
from models.travel import ByCoordinates
from optimizer.demand import DemandArrays, FloatArray
from optimizer.listing import fault, listed

_FIELDS = ("lat", "lon", "x_m", "y_m")
_NONE, _GEOGRAPHIC, _PLANAR, _BROKEN = range(4)
_KINDS = {(False,) * 4: _NONE, (True, True, False, False): _GEOGRAPHIC}
_KINDS[False, False, True, True] = _PLANAR

# A city's places lie within a degree of their median; half of them suffice to tell it, so that
# requests that span continents raise no alarm.
_NEAR_DEG = 1.0
_FAR_DEG = 5.0

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class _Places:
    """The places of one list; ``coordinates`` are NaN where nothing is given."""

    path: str
    coordinates: FloatArray  # (place, field)
    required: bool
    table: bool = False

    def at(self, index: int) -> str:
        return self.path if self.table else f"{self.path}[{index}]"

    def value(self, index: int) -> dict[str, float] | None:
        row = self.coordinates[index].tolist()
        given = {name: one for name, one in zip(_FIELDS, row, strict=True) if not math.isnan(one)}
        return given or None

    def kinds(self) -> IntArray:
        given = ~np.isnan(self.coordinates)
        code = given @ (1 << np.arange(4))
        table = np.full(16, _BROKEN)
        for pattern, kind in _KINDS.items():
            table[sum(1 << bit for bit, on in enumerate(pattern) if on)] = kind
        found: IntArray = table[code]
        return found


def positions(request: FireStationRequest, demand: DemandArrays) -> Iterator[Fault]:
    """Yield a fault for every place whose coordinates cannot be meant as they stand."""
    by_roads = isinstance(request.travel, ByRoads)
    placed = by_roads or isinstance(request.travel, ByCoordinates)
    spaced = request.rules.spacing is not None
    groups = (
        _demand_places(request, demand, required=placed),
        _Places("sites", _coordinates(request.sites), required=placed or spaced),
    )
    kinds = [group.kinds() for group in groups]
    outside = [_outside(group) for group in groups]
    wanted = _GEOGRAPHIC if by_roads else _wanted(np.concatenate(kinds))
    code = "fault.road_places" if by_roads else "fault.coordinates"
    for group, kind, beyond in zip(groups, kinds, outside, strict=True):
        yield from _unusable(group, kind, wanted, code)
        yield from _out_of_range(group, beyond)
    if wanted == _GEOGRAPHIC:
        whole = [
            (kind == _GEOGRAPHIC) & ~beyond for kind, beyond in zip(kinds, outside, strict=True)
        ]
        yield from _swapped(groups, whole)


def _coordinates(places: Sequence[Place]) -> FloatArray:
    nan = np.nan
    columns = [[getattr(place, name) for place in places] for name in _FIELDS]
    return np.array(
        [[nan if one is None else one for one in column] for column in columns], dtype=np.float64
    ).T


def _demand_places(request: FireStationRequest, demand: DemandArrays, *, required: bool) -> _Places:
    if not isinstance(request.demand_points, DemandTable):
        return _Places("demand_points", _coordinates(request.demand_points), required)
    missing = np.full(len(demand), np.nan)
    given = (demand.lat, demand.lon, demand.x_m, demand.y_m)
    columns = [missing if column is None else column for column in given]
    return _Places("demand_points", np.column_stack(columns), required, table=True)


def _wanted(kinds: IntArray) -> int:
    """Return the kind that most places are of."""
    planar = np.count_nonzero(kinds == _PLANAR)
    return _PLANAR if planar > np.count_nonzero(kinds == _GEOGRAPHIC) else _GEOGRAPHIC


def _unusable(group: _Places, kinds: IntArray, wanted: int, code: str) -> Iterator[Fault]:
    fine = kinds == wanted
    if not group.required:
        fine |= kinds == _NONE
    if not fine.any():  # one fault says it of them all
        yield fault(group.path, code, group.value(0))
        return
    yield from listed(
        group.path,
        np.flatnonzero(~fine).tolist(),
        lambda index: fault(group.at(index), code, group.value(index)),
    )


def _outside(group: _Places) -> BoolArray:
    """Return which places are off the globe; only a table can hold them, models refuse them."""
    outside: BoolArray = (np.abs(group.coordinates[:, :2]) / (90.0, 180.0)).max(axis=1) > 1.0
    return outside


def _out_of_range(group: _Places, outside: BoolArray) -> Iterator[Fault]:
    yield from listed(
        group.path,
        np.flatnonzero(outside).tolist(),
        lambda index: fault(group.at(index), "fault.degrees", group.value(index), row=index),
    )


def _swapped(groups: Sequence[_Places], whole: Sequence[BoolArray]) -> Iterator[Fault]:
    """Yield a fault for each place that would lie among the others with lat and lon exchanged.

    Where all of one list is the other way round than the other, one fault says so.
    """
    degrees = [group.coordinates[:, :2] for group in groups]
    ours, theirs = (_heart(one[kept]) for one, kept in zip(degrees, whole, strict=True))
    if ours is not None and theirs is not None and _mirrored(ours[None], theirs)[0]:
        value = {"lat": float(ours[0]), "lon": float(ours[1])}
        yield fault(
            groups[0].path,
            "fault.swapped_all",
            value,
            other=groups[1].path,
            lat=float(theirs[0]),
            lon=float(theirs[1]),
        )
        return
    pooled = np.concatenate([one[kept] for one, kept in zip(degrees, whole, strict=True)])
    heart = _heart(pooled)
    if heart is None:
        return
    for group, one, kept in zip(groups, degrees, whole, strict=True):
        mirrored = np.flatnonzero(kept & _mirrored(one, heart)).tolist()
        yield from listed(group.path, mirrored, partial(_swapped_fault, group))


def _swapped_fault(group: _Places, index: int) -> Fault:
    lat, lon = group.coordinates[index, :2].tolist()
    return fault(group.at(index), "fault.swapped", group.value(index), lat=lat, lon=lon)


def _heart(degrees: FloatArray) -> FloatArray | None:
    """Return the median (lat, lon), or None where fewer than half of the places are near it."""
    if not len(degrees):
        return None
    middle: FloatArray = np.median(degrees, axis=0)
    apart = np.median(np.abs(degrees - middle), axis=0)
    return middle if (apart <= _NEAR_DEG).all() else None


def _mirrored(degrees: FloatArray, heart: FloatArray) -> BoolArray:
    """Return which places (place, 2) are far from ``heart``, yet near it when exchanged."""
    far = np.abs(degrees - heart).max(axis=1) > _FAR_DEG
    near = np.abs(degrees[:, ::-1] - heart).max(axis=1) <= 2 * _NEAR_DEG
    mirrored: BoolArray = far & near
    return mirrored
