"""Where the names of areas stand on a map, clear of stations and of one another."""

import math
from collections.abc import Mapping

from api.render.areas import NamedArea, named_areas
from api.render.cells import Cells
from api.render.names import Names
from api.render.projection import Sheet, sheet
from models.places import DemandPoint

_LINE, _SIGN, _WIDE_SIGN, _CLEAR = 17.0, 9.0, 17.0, 12.0
_LAST_LATIN = 0x2E80

Spot = tuple[float, float]


def label_places(names: Names, cells: Cells) -> Mapping[str, DemandPoint]:
    """Return for each main area the demand point its name is put at.

    Of the area's points it is the one nearest to the middle of its demand where the name covers
    no station and no other name; where there is none, the nearest.
    """
    paper = sheet(cells)
    plan = cells.answer.plan
    shown = {one.site_id for one in plan.stations} if plan else set()
    taken = [paper.at(site) for site in cells.request.sites if site.station or site.id in shown]
    placed: dict[str, DemandPoint] = {}
    for area in named_areas(names.request, cells):
        width = text_width(names.area(area.id))
        place = _place(area, paper, taken, width=width)
        placed[area.id] = place
        x, y = paper.at(place)
        steps = range(math.ceil(width / _LINE) + 1)
        taken += [(x - width / 2 + step * _LINE, y) for step in steps]
    return placed


def text_width(text: str) -> float:
    """Return about how wide a name is drawn."""
    return sum(_WIDE_SIGN if ord(sign) > _LAST_LATIN else _SIGN for sign in text)


def _place(area: NamedArea, paper: Sheet, taken: list[Spot], *, width: float) -> DemandPoint:
    spots = [(paper.at(point), weight) for point, weight in area.points]
    total = sum(weight for _, weight in spots)
    middle = (
        sum(spot[0] * weight for spot, weight in spots) / total,
        sum(spot[1] * weight for spot, weight in spots) / total,
    )
    nearest = sorted(
        (point for point, _ in area.points),
        key=lambda point: (math.dist(paper.at(point), middle), point.id),
    )
    return next(
        (point for point in nearest if _is_clear(paper.at(point), taken, width)), nearest[0]
    )


def _is_clear(at: Spot, taken: list[Spot], width: float) -> bool:
    return all(
        abs(x - at[0]) > width / 2 + _CLEAR or abs(y - at[1]) > _LINE / 2 + _CLEAR for x, y in taken
    )
