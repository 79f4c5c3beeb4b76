"""Whether a site lies in a hazard, by counting the edges a ray crosses."""

from collections.abc import Sequence

from models.geometry import Polygon
from models.shelters.places import ShelterSite
from models.shelters.scenarios import HazardShape, PlanarPolygon

_Point = tuple[float, float]


def lies_in(shape: HazardShape, site: ShelterSite) -> bool:
    """Return whether a site lies in a shape or on its edge; one without a position does not."""
    planar = isinstance(shape, PlanarPolygon)
    across, along = (site.x_m, site.y_m) if planar else (site.lon, site.lat)
    if across is None or along is None:
        return False
    point = (across, along)
    if isinstance(shape, PlanarPolygon):
        return _in_rings((shape.corners_m,), point)
    if isinstance(shape, Polygon):
        return _in_rings(shape.coordinates, point)
    return any(_in_rings(part, point) for part in shape.coordinates)


def _in_rings(rings: Sequence[Sequence[_Point]], point: _Point) -> bool:
    """Return whether a point lies within the first ring and in none of the holes."""
    crossings = 0
    for ring in rings:
        for start, end in zip(ring, (*ring[1:], ring[0]), strict=True):
            if _on(start, end, point):
                return True
            crossings += _crosses(start, end, point)
    return crossings % 2 == 1


def _crosses(start: _Point, end: _Point, point: _Point) -> bool:
    """Return whether the ray from the point towards larger first numbers crosses an edge."""
    if (start[1] > point[1]) == (end[1] > point[1]):
        return False
    share = (point[1] - start[1]) / (end[1] - start[1])
    return point[0] < start[0] + share * (end[0] - start[0])


def _on(start: _Point, end: _Point, point: _Point) -> bool:
    if start == end:
        return point == start
    along = (end[0] - start[0], end[1] - start[1])
    offset = (point[0] - start[0], point[1] - start[1])
    if along[0] * offset[1] - along[1] * offset[0] != 0.0:
        return False
    reached = along[0] * offset[0] + along[1] * offset[1]
    return 0.0 <= reached <= along[0] ** 2 + along[1] ** 2
