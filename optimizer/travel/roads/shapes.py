"""Shapes of the plane as GeoJSON in degrees."""

import numpy as np
import shapely

from models.geometry import Geometry, MultiLineString, MultiPolygon
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.plane import Plane
from optimizer.travel.roads.speeds import BoolArray

_LINE_TOLERANCE_M = 3.0
_DECIMALS = 6  # of a degree: a tenth of a metre


def drawn_lines(network: Network, edges: BoolArray) -> Geometry | None:
    """Return edges as lines, None where there are none."""
    simple = shapely.simplify(network.lines[edges], _LINE_TOLERANCE_M)
    lines = tuple(_positions(line, network.plane) for line in simple)
    return MultiLineString(coordinates=lines) if lines else None


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
