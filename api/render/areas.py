"""Which areas are worth a name on a map and a bar in a plot."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.render.cells import Cells
from models.fire_stations import FireStationRequest
from models.places import Area, DemandPoint


@dataclass(frozen=True)
class NamedArea:
    """An area and the points in it, each with the weight it pulls the name by."""

    id: str
    points: tuple[tuple[DemandPoint, float], ...]


def parents(areas: Iterable[Area]) -> Mapping[str, str | None]:
    """Return every area's parent by id."""
    return {area.id: area.parent for area in areas}


def ancestors(area_id: str | None, parent: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return an area and all it lies in, smallest first.

    Examples
    --------
    >>> ancestors("a", {"a": "b", "b": None})
    ('a', 'b')
    """
    found: list[str] = []
    here = area_id
    while here is not None and here not in found:
        found.append(here)
        here = parent.get(here)
    return tuple(found)


def main_areas(request: FireStationRequest) -> tuple[str, ...]:
    """Return the areas of the coarsest level that tells places apart (two areas or more)."""
    parent = parents(request.areas)
    depth = {area.id: len(ancestors(area.id, parent)) for area in request.areas}
    counts = Counter(depth.values())
    level = next((one for one in sorted(counts) if counts[one] > 1), None)
    return tuple(area.id for area in request.areas if depth[area.id] == level)


def named_areas(request: FireStationRequest, cells: Cells) -> tuple[NamedArea, ...]:
    """Return the main areas with their points; an area without demand has no place."""
    parent = parents(request.areas)
    wanted = set(main_areas(request))
    inside: defaultdict[str, list[tuple[DemandPoint, float]]] = defaultdict(list)
    for point in cells.points:
        for area_id in wanted.intersection(ancestors(point.area, parent)):
            weight = point.weights.get(request.population_weight, 0.0)
            inside[area_id].append((point, weight + 1e-9))
    return tuple(NamedArea(area_id, tuple(inside[area_id])) for area_id in sorted(inside))
