"""Cells of a mesh, cut at the edge of an area, in metres on a plane."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from instances.extras import library
from instances.shapes import Geometries, polygons_only

Whole = NDArray[np.int64]
Cut = tuple[list[str], Geometries]  # names of cells, and their pieces inside the area

# Smaller pieces come of rounding where an edge of the area runs along an edge of the mesh.
_SLIVER_M2 = 1e-4


def square_count(outline: Any, cell_m: float) -> float:
    """Return how many squares the frame of an area holds."""
    west, south, east, north = outline.bounds
    columns, rows = (math.floor(one / cell_m) + 2.0 for one in (east - west, north - south))
    return float(columns * rows)


def squares(outline: Any, cell_m: float) -> Cut:
    """Return the pieces of an area by squares of a mesh whose corners are multiples of ``cell_m``.

    A cell is named by its column and row in the mesh, which do not depend on the area.

    Examples
    --------
    >>> names, pieces = squares(shapely.box(0, 0, 250, 100), 100.0)
    >>> names, shapely.area(pieces).tolist()
    (['0_0', '1_0', '2_0'], [10000.0, 10000.0, 5000.0])
    """
    west, south, east, north = outline.bounds
    columns = np.arange(math.floor(west / cell_m), math.floor(east / cell_m) + 1)
    rows = np.arange(math.floor(south / cell_m), math.floor(north / cell_m) + 1)
    column, row = (one.ravel() for one in np.meshgrid(columns, rows))
    return _cut(outline, *boxes(column, row, cell_m))


def boxes(column: Whole, row: Whole, cell_m: float) -> Cut:
    """Return the squares of a mesh at these columns and rows."""
    west, south = column * cell_m, row * cell_m
    east, north = (column + 1) * cell_m, (row + 1) * cell_m
    names = [f"{x}_{y}" for x, y in zip(column.tolist(), row.tolist(), strict=True)]
    return names, np.asarray(shapely.box(west, south, east, north), dtype=object)


def hexagons(outline: Any, resolution: int, way: Callable[[Geometries, bool], Geometries]) -> Cut:
    """Return the pieces of an area by hexagons of H3, named by their H3 index.

    ``way`` carries shapes from the plane to WGS 84, and back where its second argument is true.
    """
    h3 = library("h3")
    reach_m = 2 * float(h3.average_hexagon_edge_length(resolution, unit="m"))
    wide = np.array([shapely.buffer(outline, reach_m, quad_segs=4)], dtype=object)
    names = sorted(
        {
            name
            for part in shapely.get_parts(way(wide, False)[0])
            for name in h3.geo_to_cells(part, resolution)
        }
    )
    return _cut(outline, names, way(outlines_of(names), True))


def outlines_of(names: list[str]) -> Geometries:
    """Return hexagons of H3 by their names, on WGS 84."""
    h3 = library("h3")
    rings = [[(lon, lat) for lat, lon in h3.cell_to_boundary(name)] for name in names]
    return np.array([shapely.Polygon(ring) for ring in rings], dtype=object)


def hexagon_count(area_m2: float, resolution: int) -> float:
    """Return about how many hexagons an area holds."""
    return area_m2 / float(library("h3").average_hexagon_area(resolution, unit="m^2"))


def _cut(outline: Any, names: list[str], cells: Geometries) -> Cut:
    shapely.prepare(outline)
    met = np.flatnonzero(shapely.intersects(outline, cells))
    pieces = cells[met]
    edge = np.flatnonzero(~shapely.contains(outline, pieces))
    pieces[edge] = polygons_only(np.asarray(shapely.intersection(outline, pieces[edge])))
    area_m2 = shapely.area(pieces)
    kept = area_m2 > _SLIVER_M2
    if not kept.any():
        kept = area_m2 > 0
    return [names[at] for at in met[kept].tolist()], pieces[kept]
