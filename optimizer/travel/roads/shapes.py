"""Shapes of the plane as GeoJSON in degrees."""

import numpy as np
import shapely

from models.geometry import Geometry, LineString, MultiLineString, MultiPolygon
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.plane import FloatArray, Plane
from optimizer.travel.roads.speeds import BoolArray

_LINE_TOLERANCE_M = 3.0
_DECIMALS = 6  # of a degree: a tenth of a metre


def drawn_lines(network: Network, edges: BoolArray) -> Geometry | None:
    """Return edges as lines, None where there are none."""
    simple = shapely.simplify(network.lines[edges], _LINE_TOLERANCE_M)
    lines = tuple(_positions(line, network.plane) for line in simple)
    return MultiLineString(coordinates=lines) if lines else None


def drawn_way(positions_m: FloatArray, plane: Plane) -> LineString:
    """Return a way along positions (place, 2); places that follow upon themselves count once."""
    moved = np.append(True, (np.diff(positions_m, axis=0) != 0.0).any(axis=1))
    moved[-1] |= moved.sum() < 2
    line = positions_m[moved] if moved.sum() > 1 else np.repeat(positions_m[:1], 2, axis=0)
    simple = shapely.simplify(shapely.linestrings(line), _LINE_TOLERANCE_M)
    return LineString(coordinates=_positions(simple, plane))


def drawn_area(area: shapely.Geometry, plane: Plane) -> MultiPolygon:
    """Return the polygons of an area with their holes."""
    polygons = [one for one in shapely.get_parts(area) if one.geom_type == "Polygon"]
    return MultiPolygon(
        coordinates=tuple(
            (_positions(one.exterior, plane), *(_positions(hole, plane) for hole in one.interiors))
            for one in polygons
        )
    )


def _positions(line: shapely.Geometry, plane: Plane) -> tuple[tuple[float, float], ...]:
    degrees = np.round(plane.degrees(shapely.get_coordinates(line)), _DECIMALS)
    return tuple((float(lon), float(lat)) for lon, lat in degrees)
