"""Areas to cells with their share of what is counted: by ground, or by the floors that stand there.

**What is assumed.** Inside an area people live evenly over its ground, or evenly over its floor
area where buildings are given; a building counts whole in the cell that holds its inner point. An
area without a building in it falls back to its ground, and is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from instances.coordinates import Crs
from instances.extras import library
from instances.grids.cells import (
    Cut,
    boxes,
    hexagon_count,
    hexagons,
    outlines_of,
    square_count,
    squares,
)
from instances.grids.spread import spread, too_fine
from instances.grids.zones import Zones, read_amounts
from instances.shapes import (
    Geometries,
    ShapeError,
    Shapes,
    from_plane,
    plane_of,
    refuse,
    to_plane,
)
from models.text import Text

_MAX_CELLS = 2_000_000
_MIN_CELL_M, _MAX_RESOLUTION = 1.0, 15
_NAMES_SHOWN = 10
_OVERLAP_SHARE = 1e-4  # common edges that were drawn twice overlap by less


@dataclass(frozen=True)
class Mesh:
    """Squares of ``cell_m`` metres, or hexagons of H3 of ``resolution`` where that is given."""

    cell_m: float = 250.0
    resolution: int | None = None


@dataclass(frozen=True)
class Buildings:
    """Where floors are: buildings as points or polygons, and their floor areas in a column.

    Without a column a polygon counts its footprint.
    """

    shapes: Shapes
    floor_column: str | None = None


@dataclass(frozen=True)
class Grid:
    """Cells as demand: each one's inner position, piece, and weights.

    ``totals`` are as they were given. ``zones`` names the area a cell is cut from; it and
    ``area_m2`` are None where points were gathered.
    """

    ids: tuple[str, ...]
    lon: NDArray[np.float64]  # (cell,)
    lat: NDArray[np.float64]  # (cell,)
    pieces: Geometries  # (cell,) polygons on WGS 84
    area_m2: NDArray[np.float64] | None  # (cell,)
    zones: tuple[str, ...] | None
    weights: dict[str, tuple[Decimal, ...]]
    totals: dict[str, Decimal]
    notes: tuple[Text, ...]


def make_grid(zones: Zones, mesh: Mesh, buildings: Buildings | None = None) -> Grid:
    """Return the cells of areas, or of points, with totals kept exactly.

    Raises
    ------
    ShapeError
        The mesh is too fine, or a total cannot be kept; every fault is named.
    """
    _check_mesh(mesh)
    plane = plane_of(zones.shapes)
    outlines = to_plane(zones.shapes.geometry, plane)
    points = shapely.get_dimensions(outlines) == 0
    if points.any() and not points.all():
        raise refuse(zones.shapes.path, "grid.need.one_kind")
    if points.all():
        if buildings is not None:
            raise refuse("--buildings", "grid.need.areas")
        return _gathered(zones, outlines, mesh, plane)
    return _spread_over(zones, outlines, mesh, plane, buildings)


def _spread_over(
    zones: Zones, outlines: Geometries, mesh: Mesh, plane: Crs, buildings: Buildings | None
) -> Grid:
    _check_size(zones, outlines, mesh)
    cuts = [_pieces(outline, mesh, plane) for outline in outlines]
    pieces = np.concatenate([cut[1] for cut in cuts])
    starts = np.cumsum([0] + [len(cut[0]) for cut in cuts])
    area_m2 = np.asarray(shapely.area(pieces), dtype=np.float64)
    notes = _overlap(outlines)
    shares = area_m2
    if buildings is not None:
        shares, more = _floors(zones, pieces, starts, buildings, plane)
        notes += more
    _check_digits(zones, np.diff(starts))
    lon, lat = _inner(pieces, plane)
    names = [zone for zone, cut in zip(zones.ids, cuts, strict=True) for _ in cut[0]]
    ids = [f"{zone}:{cell}" for zone, cut in zip(zones.ids, cuts, strict=True) for cell in cut[0]]
    return Grid(
        tuple(ids),
        lon,
        lat,
        from_plane(pieces, plane),
        area_m2,
        tuple(names),
        {name: _shared(totals, shares, starts) for name, totals in zones.totals.items()},
        _sums(zones),
        (*zones.shapes.notes, *notes),
    )


def _sums(zones: Zones) -> dict[str, Decimal]:
    return {name: sum(totals, Decimal(0)) for name, totals in zones.totals.items()}


def _shared(
    totals: Sequence[Decimal], shares: NDArray[np.float64], starts: NDArray[np.int64]
) -> tuple[Decimal, ...]:
    return tuple(
        part
        for total, first, last in zip(totals, starts[:-1], starts[1:], strict=True)
        for part in spread(total, shares[first:last])
    )


def _pieces(outline: Any, mesh: Mesh, plane: Crs) -> Cut:
    if mesh.resolution is None:
        return squares(outline, mesh.cell_m)

    def way(shapes: Geometries, back: bool) -> Geometries:
        return to_plane(shapes, plane) if back else from_plane(shapes, plane)

    return hexagons(outline, mesh.resolution, way)


def _inner(pieces: Geometries, plane: Crs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the centroid of each piece, or a point on it where the centroid lies outside."""
    centers = np.asarray(shapely.centroid(pieces), dtype=object)
    outside = ~shapely.intersects(pieces, centers)
    centers[outside] = shapely.point_on_surface(pieces[outside])
    placed = from_plane(centers, plane)
    return shapely.get_x(placed), shapely.get_y(placed)


def _floors(
    zones: Zones, pieces: Geometries, starts: NDArray[np.int64], buildings: Buildings, plane: Crs
) -> tuple[NDArray[np.float64], list[Text]]:
    """Return the floor area in each piece; in an area that has none, its pieces' own areas."""
    placed = to_plane(buildings.shapes.geometry, plane)
    floor_m2 = _floor_areas(buildings, placed)
    inner = shapely.point_on_surface(placed)
    building, piece = shapely.STRtree(pieces).query(inner, predicate="intersects")
    _, first = np.unique(building, return_index=True)  # on a shared edge, the earlier piece
    shares: NDArray[np.float64] = np.zeros(len(pieces))
    np.add.at(shares, piece[first], floor_m2[building[first]])
    bare = [at for at in range(len(zones.ids)) if not shares[starts[at] : starts[at + 1]].any()]
    for at in bare:
        within = slice(starts[at], starts[at + 1])
        shares[within] = shapely.area(pieces[within])
    notes = [*buildings.shapes.notes]
    outside = len(placed) - len(first)
    if outside:
        notes.append(Text(code="grid.buildings_outside", values={"number": outside}))
    if bare:
        shown = ", ".join(zones.ids[at] for at in bare[:_NAMES_SHOWN])
        values = {"number": len(bare), "names": shown + ("…" if len(bare) > _NAMES_SHOWN else "")}
        notes.append(Text(code="grid.bare", values={**values}))
    return shares, notes


def _floor_areas(buildings: Buildings, placed: Geometries) -> NDArray[np.float64]:
    shapes, column = buildings.shapes, buildings.floor_column
    if column is None:
        if (shapely.get_dimensions(placed) == 0).any():
            known = ", ".join(shapes.columns)
            raise refuse(shapes.path, "grid.need.floor_column", known=known)
        return np.asarray(shapely.area(placed), dtype=np.float64)
    shapes.column(column)
    return np.array([float(one) for one in read_amounts(shapes, column)])


def _gathered(zones: Zones, points: Geometries, mesh: Mesh, plane: Crs) -> Grid:
    """Return the cells that hold points: the sums of these, at their middle."""
    x, y = shapely.get_x(points), shapely.get_y(points)
    names, cells = _cells_of(x, y, mesh, plane)
    ids, which = np.unique(names, return_inverse=True)
    _, one = np.unique(which, return_index=True)
    count = np.bincount(which)
    middle = shapely.points(np.bincount(which, x) / count, np.bincount(which, y) / count)
    placed = from_plane(middle, plane)
    sums = {name: [Decimal(0)] * len(ids) for name in zones.totals}
    for name, totals in zones.totals.items():
        for at, total in zip(which.tolist(), totals, strict=True):
            sums[name][at] += total
    return Grid(
        tuple(ids.tolist()),
        shapely.get_x(placed),
        shapely.get_y(placed),
        from_plane(cells[one], plane),
        None,
        None,
        {name: tuple(parts) for name, parts in sums.items()},
        _sums(zones),
        zones.shapes.notes,
    )


def _cells_of(x: Any, y: Any, mesh: Mesh, plane: Crs) -> tuple[NDArray[np.str_], Geometries]:
    if mesh.resolution is None:
        cell_m = mesh.cell_m
        column, row = (np.floor(one / cell_m).astype(np.int64) for one in (x, y))
        names, cells = boxes(column, row, cell_m)
        return np.array(names), cells
    h3 = library("h3")
    spots = from_plane(shapely.points(x, y), plane)
    pairs = zip(shapely.get_y(spots).tolist(), shapely.get_x(spots).tolist(), strict=True)
    names = [h3.latlng_to_cell(lat, lon, mesh.resolution) for lat, lon in pairs]
    return np.array(names), to_plane(outlines_of(names), plane)


def _overlap(outlines: Geometries) -> list[Text]:
    total_m2 = float(shapely.area(outlines).sum())
    twice_m2 = total_m2 - float(shapely.area(shapely.union_all(outlines)))
    if twice_m2 <= _OVERLAP_SHARE * total_m2:
        return []
    return [Text(code="grid.overlap", values={"area": twice_m2 / 1e6})]


def _check_mesh(mesh: Mesh) -> None:
    if mesh.resolution is None and not _MIN_CELL_M <= mesh.cell_m < float("inf"):
        raise refuse("--cell-m", "grid.need.cell", f"{mesh.cell_m:g}")
    if mesh.resolution is not None and not 0 <= mesh.resolution <= _MAX_RESOLUTION:
        raise refuse("--h3", "grid.need.resolution", str(mesh.resolution))


def _check_size(zones: Zones, outlines: Geometries, mesh: Mesh) -> None:
    flat = np.flatnonzero(~(shapely.area(outlines) > 0))
    if len(flat):
        need = Text(code="shape.need.polygon")
        raise ShapeError(tuple(zones.shapes.fault(row, None, None, need) for row in flat.tolist()))
    if mesh.resolution is None:
        number = sum(square_count(outline, mesh.cell_m) for outline in outlines)
    else:
        number = hexagon_count(float(shapely.area(outlines).sum()), mesh.resolution)
    if number > _MAX_CELLS:
        path, value = ("--cell-m", mesh.cell_m) if mesh.resolution is None else ("--h3", number)
        raise refuse(path, "grid.need.coarser", f"{value:g}", number=number, limit=_MAX_CELLS)


def _check_digits(zones: Zones, cell_counts: NDArray[np.int64]) -> None:
    need = Text(code="grid.need.digits")
    faults = [
        zones.shapes.fault(row, name, total, need)
        for name, totals in zones.totals.items()
        for row, (total, number) in enumerate(zip(totals, cell_counts.tolist(), strict=True))
        if too_fine(total, number)
    ]
    if faults:
        raise ShapeError(tuple(faults))
