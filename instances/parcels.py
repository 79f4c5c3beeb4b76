"""Parcels as candidate sites: kept where ground, frontage and use fit a class, else with reasons.

**Frontage** is the length of a parcel's outer boundary that looks onto a main or secondary road
within ``road_distance_m`` of its centre line: each piece of boundary counts by its length along
the road, so that the sides of a deep lot count nothing, and only where no part of the parcel
itself lies between it and the road. It is measured in steps of two metres.

The smallest areas of ground are those of the construction standard for urban fire stations,
建标 152-2017; that they are recalled, not read, is said with them. No standard known here puts a
number on frontage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from instances.coordinates import Crs, to_wgs84
from instances.grids.zones import read_ids, usual_column
from instances.roads.lines import CLASS_COLUMNS, CLASS_COLUMNS_ZH, CLASSES_ZH
from instances.shapes import Geometries, Shapes, plane_of, refuse, to_plane
from instances.tables.files import read_name
from models.text import Text

LAND_AREA_M2: Mapping[str, float] = {
    "special_service": 5600.0,
    "city": 3900.0,
    "city_second": 2300.0,
    "small": 600.0,
}
ROAD_CLASSES = frozenset({"primary", "primary_link", "secondary", "secondary_link"})

_STEP_M = 2.0
_CROSSED_M = 0.05  # a connector shorter inside the parcel only touches its edge
_ID = ("id", "code", "编号", "地块编号", "地块编码", "宗地号", "dkbh")
_NAME = ("name", "名称", "地块名称")
_ROAD_NAME = ("name", "名称", "路名", "道路名称")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """What a site must have. ``allowed_uses`` empty: any use."""

    min_area_m2: Mapping[str, float] = field(default_factory=lambda: dict(LAND_AREA_M2))
    min_frontage_m: float = 20.0
    road_distance_m: float = 40.0
    allowed_uses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Columns:
    """Columns of the parcels and roads; None is found by the usual names (``use``: not read)."""

    id: str | None = None
    use: str | None = None
    road_class: str | None = None


@dataclass(frozen=True)
class Parcel:
    """One parcel measured. Its position is the middle of its frontage, where vehicles leave.

    Without frontage that is an inner point. ``classes`` fit its ground; ``reasons`` drop it.
    """

    id: str
    name: str
    lat: float
    lon: float
    area_m2: float
    frontage_m: float
    road: str
    use: str
    classes: tuple[str, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class _Front:
    """What faces a road: length and middle (on the plane) per parcel, and the road there."""

    length_m: Floats  # (parcel,)
    middle: dict[int, tuple[float, float]]
    road: dict[int, int]  # row of the roads


def judge(
    parcels: Shapes, roads: Shapes, rules: Rules, columns: Columns | None = None
) -> tuple[tuple[Parcel, ...], tuple[Text, ...]]:
    """Return every parcel measured, with the reasons against it, and notes on how it was read.

    Raises
    ------
    ShapeError
        A rule is no length, a column is missing, an id is not its own, or no road is of a class
        that counts.
    """
    columns = columns or Columns()
    _check(rules)
    ids = read_ids(parcels, columns.id or usual_column(parcels, _ID))
    uses = parcels.column(columns.use) if columns.use else [None] * len(parcels)
    plane = plane_of(parcels)
    outlines, several = _largest(to_plane(parcels.geometry, plane))
    rows = _counting(roads, columns.road_class)
    front = _front(outlines, to_plane(roads.geometry[rows], plane), rules.road_distance_m)
    lon, lat = _positions(outlines, front, plane)
    names, road_names = _names(parcels, _NAME), _names(roads, _ROAD_NAME)
    found = []
    for at, area_m2 in enumerate(shapely.area(outlines).tolist()):
        classes = tuple(one for one, least in rules.min_area_m2.items() if area_m2 >= least)
        use, frontage_m = read_name(uses[at]) or "", float(front.length_m[at])
        reasons = _reasons(area_m2, frontage_m, use, rules)
        road = road_names[rows[front.road[at]]] if at in front.road else ""
        place = (ids[at], names[at], float(lat[at]), float(lon[at]))
        found.append(Parcel(*place, area_m2, frontage_m, road, use, classes, reasons))
    notes = [Text(code="parcel.parts", values={"number": several})] if several else []
    return tuple(found), (*parcels.notes, *roads.notes, *notes)


def _check(rules: Rules) -> None:
    if not 0 <= rules.min_frontage_m < float("inf"):
        raise refuse("--min-frontage-m", "grid.need.amount", f"{rules.min_frontage_m:g}")
    if not 0 < rules.road_distance_m < float("inf"):
        raise refuse("--road-distance-m", "parcel.need.positive", f"{rules.road_distance_m:g}")


def _reasons(area_m2: float, frontage_m: float, use: str, rules: Rules) -> tuple[Text, ...]:
    found = []
    least = min(rules.min_area_m2.values())
    if area_m2 < least:
        found.append(Text(code="parcel.small", values={"area": area_m2, "need": least}))
    if frontage_m < rules.min_frontage_m:
        values = {"frontage": frontage_m, "need": rules.min_frontage_m}
        distance = {"distance": rules.road_distance_m}
        found.append(Text(code="parcel.frontage", values={**values, **distance}))
    if rules.allowed_uses and not use:
        found.append(Text(code="parcel.no_use"))
    elif rules.allowed_uses and use.casefold() not in {o.casefold() for o in rules.allowed_uses}:
        allowed = ", ".join(sorted(rules.allowed_uses))
        found.append(Text(code="parcel.use", values={"use": use, "allowed": allowed}))
    return tuple(found)


def _names(shapes: Shapes, usual: tuple[str, ...]) -> list[str]:
    column = usual_column(shapes, usual)
    if column is None:
        return [""] * len(shapes)
    return [read_name(one) or "" for one in shapes.columns[column]]


def _largest(outlines: Geometries) -> tuple[Geometries, int]:
    """Return the largest part of each parcel, and how many have several."""
    parts, row = shapely.get_parts(outlines, return_index=True)
    order = np.lexsort((-shapely.area(parts), row))
    _, first = np.unique(row[order], return_index=True)
    return parts[order][first], int((np.bincount(row) > 1).sum())


def _counting(roads: Shapes, asked: str | None) -> NDArray[np.int64]:
    """Return the rows of main and secondary roads, by OpenStreetMap's words or Chinese ones."""
    column = asked or usual_column(roads, CLASS_COLUMNS + CLASS_COLUMNS_ZH)
    if column is None:
        raise refuse(roads.path, "parcel.need.road_class", known=", ".join(roads.columns))
    kinds = [read_name(one) or "" for one in roads.column(column)]
    counts = [CLASSES_ZH.get(kind, kind.lower()) in ROAD_CLASSES for kind in kinds]
    if not any(counts):
        known = ", ".join(sorted(set(kinds))[:20])
        classes = "primary, secondary (主干路、次干路)"
        raise refuse(roads.path, "parcel.need.roads", classes=classes, known=known)
    return np.flatnonzero(counts)


def _segments(lines: Geometries) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the straight pieces of lines, from and to (piece, 2), and the line of each."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    same = line[:-1] == line[1:]
    return points[:-1][same], points[1:][same], line[:-1][same]


def _front(outlines: Geometries, roads: Geometries, distance_m: float) -> _Front:
    lines, line_row = shapely.get_parts(roads, return_index=True)
    road_from, road_to, line = _segments(lines)
    pieces = shapely.linestrings(np.stack([road_from, road_to], axis=1))
    rings = shapely.segmentize(shapely.get_exterior_ring(outlines), _STEP_M)
    edge_from, edge_to, parcel = _segments(rings)
    middles = shapely.points((edge_from + edge_to) / 2)
    edge, near = shapely.STRtree(pieces).query_nearest(
        middles, max_distance=distance_m, all_matches=False
    )
    across = shapely.shortest_line(middles[edge], pieces[near])
    inside_m = shapely.length(shapely.intersection(across, outlines[parcel[edge]]))
    facing = inside_m < _CROSSED_M
    edge, near = edge[facing], near[facing]
    along_m = _along(edge_to[edge] - edge_from[edge], road_to[near] - road_from[near])
    length_m: Floats = np.zeros(len(outlines))
    np.add.at(length_m, parcel[edge], along_m)
    middle, road = {}, {}
    for at in np.unique(parcel[edge]).tolist():
        mine = np.flatnonzero(parcel[edge] == at)
        half = int(np.searchsorted(np.cumsum(along_m[mine]), along_m[mine].sum() / 2))
        here = mine[min(half, len(mine) - 1)]
        point = middles[edge[here]]
        middle[at] = (float(point.x), float(point.y))
        road[at] = int(line_row[line[near[here]]])
    return _Front(length_m, middle, road)


def _along(edges: Floats, roads: Floats) -> Floats:
    """Return how much of each edge (vector) runs along its road."""
    length = np.maximum(np.hypot(roads[:, 0], roads[:, 1]), 1e-12)
    along: Floats = np.abs((edges * roads).sum(axis=1)) / length
    return along


def _positions(outlines: Geometries, front: _Front, plane: Crs) -> tuple[Floats, Floats]:
    inner = shapely.point_on_surface(outlines)
    spots = [front.middle.get(at, (one.x, one.y)) for at, one in enumerate(inner)]
    x, y = np.array(spots).T
    return to_wgs84(x, y, plane)
