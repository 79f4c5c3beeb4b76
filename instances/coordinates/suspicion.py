"""Which system a file's numbers seem to be in: as given, or shifted like GCJ-02 or BD-09.

A file cannot say which it is: there is no code for GCJ-02, and a .prj that says WGS 84 is a claim.
What can be asked is under which reading the points lie inside the outlines that the user gives and
near his roads. Another reading is suspected only where it fits clearly better: by a sign test over
the points, so that a few strays or roads that lie everywhere prove nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from instances.coordinates.gcj02 import Floats, Pair
from instances.coordinates.mainland import in_mainland
from instances.coordinates.systems import Crs
from instances.coordinates.transform import distance_m, from_wgs84, metric_crs, to_wgs84
from instances.extras import library
from models.faults import Fault
from models.text import Text

Reading = Literal["wgs84", "gcj02", "bd09"]
READINGS: tuple[Reading, ...] = ("wgs84", "gcj02", "bd09")

# How sure the sign test must be, and how much nearer to roads the other reading must lie.
_ROAD_CHANCE, _OUTLINE_CHANCE, _NEARER = 1e-3, 1e-2, 0.7
_BY_ROAD_M = 500.0  # what is farther from every road under both readings speaks for neither


@dataclass(frozen=True)
class Score:
    """How well the points fit when their numbers are read as ``reading``.

    ``inside_share`` is None without outlines, ``road_distance_m`` (the median distance to the
    nearest road) None without roads. ``shift_m`` is the median distance from the declared reading.
    """

    reading: Reading
    lon: Floats  # (point,) WGS 84
    lat: Floats  # (point,)
    shift_m: float
    inside_share: float | None
    road_distance_m: float | None


@dataclass(frozen=True)
class Suspicion:
    """The scores of every reading, and the one that fits clearly better than the declared one."""

    declared: Reading
    scores: tuple[Score, ...]
    better: Reading | None
    warning: Text | None


@dataclass(frozen=True)
class _Fit:
    """Point by point: inside the outlines, and the distance to the nearest road in metres."""

    inside: NDArray[np.bool_] | None
    road_m: Floats | None


def suspect(lon: Floats, lat: Floats, layers: Sequence[Any], *, declared: Reading) -> Suspicion:
    """Return how points fit the user's layers under every reading of their numbers.

    Parameters
    ----------
    lon, lat
        The numbers as they stand in the file, degrees, shape (point,).
    layers
        Geometries on WGS 84 (shapely): lines are roads, polygons outlines.
    declared
        What the user says they are. Only points in the mainland are judged.
    """
    in_scope = in_mainland(lon, lat)
    places = {reading: to_wgs84(lon[in_scope], lat[in_scope], reading) for reading in READINGS}
    fits = _fits(places, layers) if in_scope.any() else {}
    scores = tuple(_score(one, places, fits, declared) for one in READINGS if fits)
    better = _better(fits, declared) if fits else None
    if better is None:
        return Suspicion(declared, scores, None, None)
    chosen = next(score for score in scores if score.reading == better)
    given = next(score for score in scores if score.reading == declared)
    return Suspicion(declared, scores, better, _warning(given, chosen))


def needs_crs(lon: Floats, lat: Floats, declared: Crs | None, *, path: str) -> Fault | None:
    """Return the fault of points in the mainland of China without a system that a person named.

    What a .prj file or a GeoPackage says is a claim, not a person's word; do not pass it here.
    """
    if declared is not None or not in_mainland(lon, lat).any():
        return None
    need = Text(
        code="coordinates.need.explicit", values={"count": int(in_mainland(lon, lat).sum())}
    )
    return Fault(path=path, need=need)


def swapped(x: Floats, y: Floats, crs: Crs, *, path: str) -> Fault | None:
    """Return the fault of coordinates with north first, None where nothing speaks for it.

    As given most of them lie outside what the system is for, and turned around inside.
    """
    if _usable_share(x, y, crs) < 0.5 and _usable_share(y, x, crs) > 0.5:
        value = f"{float(x[0])}, {float(y[0])}" if len(x) else None
        return Fault(path=path, value=value, need=Text(code="coordinates.need.east_first"))
    return None


def _usable_share(x: Floats, y: Floats, crs: Crs) -> float:
    if not len(x):
        return 0.0
    west, south, east, north = -180.0, -90.0, 180.0, 90.0
    if crs.definition is None:
        usable = (np.abs(x) <= 180) & (np.abs(y) <= 90)
        return float(usable.mean())
    area = library("pyproj").CRS.from_user_input(crs.definition).area_of_use
    if area is not None:  # a margin of three degrees, for sheets used beyond their zone
        west, south, east, north = area.west - 3, area.south - 3, area.east + 3, area.north + 3
    lon, lat = to_wgs84(x, y, crs)
    return float(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).mean())


def _fits(places: dict[Reading, Pair], layers: Sequence[Any]) -> dict[Reading, _Fit]:
    """Return the fit of every reading, measured in a system that keeps lengths there."""
    first_lon, first_lat = places["wgs84"]
    crs = metric_crs(float(np.median(first_lon)), float(np.median(first_lat)))
    flat = [_flattened(one, crs) for one in layers]
    outlines = [one for one in flat if one.geom_type in {"Polygon", "MultiPolygon"}]
    roads = [one for one in flat if one.geom_type in {"LineString", "MultiLineString"}]
    area = shapely.union_all([shapely.make_valid(one) for one in outlines]) if outlines else None
    if area is not None:
        shapely.prepare(area)
    tree = shapely.STRtree(shapely.get_parts(roads)) if roads else None
    return {
        reading: _fit(shapely.points(*from_wgs84(*place, crs)), area, tree)
        for reading, place in places.items()
    }


def _flattened(shape: Any, crs: Crs) -> Any:
    return shapely.transform(shape, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], crs)))


def _fit(points: Any, area: Any | None, roads: Any | None) -> _Fit:
    inside = None if area is None else np.asarray(shapely.covers(area, points), dtype=bool)
    if roads is None:
        return _Fit(inside, None)
    found, distance = roads.query_nearest(points, return_distance=True, all_matches=False)
    road_m = np.full(len(points), np.inf)
    road_m[found[0]] = distance
    return _Fit(inside, road_m)


def _score(
    reading: Reading, places: dict[Reading, Pair], fits: dict[Reading, _Fit], declared: Reading
) -> Score:
    fit = fits[reading]
    return Score(
        reading=reading,
        lon=places[reading][0],
        lat=places[reading][1],
        shift_m=float(np.median(distance_m(*places[declared], *places[reading]))),
        inside_share=None if fit.inside is None else float(fit.inside.mean()),
        road_distance_m=None if fit.road_m is None else float(np.median(fit.road_m)),
    )


def _better(fits: dict[Reading, _Fit], declared: Reading) -> Reading | None:
    """Return the reading that beats the declared one beyond doubt; of two the better by far."""
    better: Reading = declared
    for reading in READINGS:
        if reading != better and _beats(fits[reading], fits[better]):
            better = reading
    return better if better != declared and _beats(fits[better], fits[declared]) else None


def _beats(other: _Fit, given: _Fit) -> bool:
    """Say whether ``other`` fits better by one layer, and not worse by the other."""
    by_roads, by_outline = _verdict_of_roads(other, given), _verdict_of_outlines(other, given)
    return max(by_roads, by_outline) > 0 and min(by_roads, by_outline) >= 0


def _verdict_of_roads(other: _Fit, given: _Fit) -> int:
    if other.road_m is None or given.road_m is None:
        return 0
    by_road = np.minimum(other.road_m, given.road_m) <= _BY_ROAD_M
    if not by_road.any():
        return 0
    theirs, ours = other.road_m[by_road], given.road_m[by_road]
    for sign, one, two in ((1, theirs, ours), (-1, ours, theirs)):
        nearer = float(np.median(one)) <= _NEARER * float(np.median(two))
        if nearer and _chance(int((one < two).sum()), int((one > two).sum())) <= _ROAD_CHANCE:
            return sign
    return 0


def _verdict_of_outlines(other: _Fit, given: _Fit) -> int:
    if other.inside is None or given.inside is None:
        return 0
    gained = int((other.inside & ~given.inside).sum())
    lost = int((given.inside & ~other.inside).sum())
    if _chance(gained, lost) <= _OUTLINE_CHANCE:
        return 1
    return -1 if _chance(lost, gained) <= _OUTLINE_CHANCE else 0


def _chance(wins: int, losses: int) -> float:
    """Return how likely so many wins are, were wins and losses as likely (the sign test)."""
    from scipy.stats import binom  # noqa: PLC0415  heavy, and only needed here

    return float(binom.sf(wins - 1, wins + losses, 0.5)) if wins + losses else 1.0


def _warning(given: Score, better: Score) -> Text:
    values: dict[str, Any] = {
        "declared": given.reading,
        "better": better.reading,
        "shift_m": better.shift_m,
    }
    shares = {"inside": given.inside_share, "inside_better": better.inside_share}
    distances = {"road_m": given.road_distance_m, "road_better_m": better.road_distance_m}
    if given.road_distance_m is None:
        return Text(code="coordinates.suspicion_by_outlines", values=values | shares)
    if given.inside_share is None:
        return Text(code="coordinates.suspicion_by_roads", values=values | distances)
    return Text(code="coordinates.suspicion", values=values | shares | distances)
