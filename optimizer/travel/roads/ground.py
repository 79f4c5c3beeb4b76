"""The ground along roads: a strip on either side, drawn from cells of a grid.

Uniting a buffer around every street of a city takes seconds; marking cells takes none, and the
shape is for the eye.
"""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.speeds import BoolArray

STRIP_M = 75.0  # half a city block on either side of the road
_CELL_M = 25.0
_CELLS_MAX = 4_000_000
_TOLERANCE_M = 30.0  # more than a stair of cells is deep, 25 m / sqrt(2)
_SMALLEST_HOLE_M2 = 90_000.0  # what is left between streets is no ground unreached


def ground_along(lines: NDArray[np.object_]) -> shapely.Geometry:
    """Return the ground within a strip of the lines, as a MultiPolygon on their plane."""
    west, south, east, north = shapely.total_bounds(lines)
    margin_m = STRIP_M + 2 * _CELL_M
    span = np.array([east - west, north - south]) + 2 * margin_m
    cell_m = max(_CELL_M, math.sqrt(span[0] * span[1] / _CELLS_MAX))
    corner = np.array([west, south]) - margin_m
    positions = shapely.get_coordinates(shapely.segmentize(lines, cell_m))
    marked = np.ones(np.ceil(span / cell_m).astype(np.intp) + 1, dtype=np.bool_)
    column, row = ((positions - corner) / cell_m).astype(np.intp).T
    marked[column, row] = False
    inside = distance_transform_edt(marked, sampling=cell_m) <= STRIP_M
    faces = _faces(inside, corner, cell_m)
    simple = shapely.simplify(faces, _TOLERANCE_M * cell_m / _CELL_M)
    return shapely.multipolygons([_without_gaps(one) for one in simple])


def _faces(inside: BoolArray, corner: FloatArray, cell_m: float) -> NDArray[np.object_]:
    """Return the areas that the cells inside form; the outermost cells are never inside."""
    across = np.argwhere(inside[1:] != inside[:-1])  # a wall east of the cell (column, row)
    along = np.argwhere(inside[:, 1:] != inside[:, :-1])  # a wall north of it
    start = np.concatenate([across + np.array([1, 0]), along + np.array([0, 1])])
    end = np.concatenate([across, along]) + 1
    walls = shapely.linestrings(np.stack([start, end], axis=1) * cell_m + corner)
    faces = shapely.get_parts(shapely.polygonize(walls))
    middle = shapely.get_coordinates(shapely.point_on_surface(faces))
    column, row = ((middle - corner) / cell_m).astype(np.intp).T
    kept: NDArray[np.object_] = faces[inside[column, row]]
    return kept


def _without_gaps(polygon: shapely.Geometry) -> shapely.Geometry:
    kept = [one for one in polygon.interiors if shapely.Polygon(one).area >= _SMALLEST_HOLE_M2]
    return shapely.Polygon(polygon.exterior, kept)
