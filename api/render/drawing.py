"""The plan drawn as one SVG picture: for the council's page, for print, for places on a plane."""

import html
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.render.areas import named_areas
from api.render.cells import Cells
from api.render.geojson import EARTH_RADIUS_M, placing
from api.render.names import Names, implied_action
from api.render.station_tables import changed_stations, closed_sites
from models.fire_stations import FireStationPlan
from models.messages import message
from models.places import DemandPoint, Place

_WIDTH, _MARGIN = 960.0, 26.0
_SHADES = (0.45, 0.7, 1.0)
_POINT_SIDE_M = 120.0


@dataclass(frozen=True)
class _Sheet:
    """From metres on the ground to points on the sheet."""

    west_m: float
    north_m: float
    scale: float
    height: float

    def at(self, x_m: float, y_m: float) -> tuple[float, float]:
        return (
            _MARGIN + (x_m - self.west_m) * self.scale,
            _MARGIN + (self.north_m - y_m) * self.scale,
        )


def _metres(place: Place, middle_lat: float) -> tuple[float, float]:
    if place.lat is not None and place.lon is not None:
        turn = math.pi / 180 * EARTH_RADIUS_M
        return place.lon * turn * math.cos(math.radians(middle_lat)), place.lat * turn
    return place.x_m or 0.0, place.y_m or 0.0


def _sheet(spots: Sequence[tuple[float, float]]) -> _Sheet:
    xs, ys = zip(*spots, strict=True)
    width = max(max(xs) - min(xs), 1.0)
    height = max(ys) - min(ys)
    scale = min((_WIDTH - 2 * _MARGIN) / width, (_WIDTH - 2 * _MARGIN) / max(height, 1.0))
    return _Sheet(min(xs), max(ys), scale, height * scale + 2 * _MARGIN)


def draw(names: Names, cells: Cells, plan: FireStationPlan) -> str | None:
    """Return the plan as an SVG element; None where places have no position."""
    if placing(names.request) == "unplaced":
        return None
    places: list[Place] = [*names.request.sites, *cells.points]
    lats = [place.lat for place in places if place.lat is not None]
    middle = (min(lats) + max(lats)) / 2 if lats else 0.0
    sheet = _sheet([_metres(place, middle) for place in places])
    title = html.escape(message("report.static_map", names.language))
    parts = [
        *_cells(names, cells, sheet, middle),
        *_areas(names, cells, sheet, middle),
        *_stations(names, plan, sheet, middle),
    ]
    box = f"0 0 {_WIDTH:.0f} {sheet.height:.0f}"
    return (
        f'<svg class="drawing" viewBox="{box}" role="img" aria-label="{title}">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _shade(value: float, top: float) -> int:
    if value <= 0:
        return -1
    part = math.sqrt(value / top) if top > 0 else 1.0
    return min(int(part * len(_SHADES)), len(_SHADES) - 1)


def _cells(names: Names, cells: Cells, sheet: _Sheet, middle: float) -> Iterable[str]:
    weight = names.request.population_weight
    values = sorted(point.weights.get(weight, 0.0) for point in cells.points)
    top = values[int(0.95 * (len(values) - 1))] if values else 0.0
    paths: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for point in cells.points:
        shade = _shade(point.weights.get(weight, 0.0), top)
        kind: str = cells.category(point.id) if shade >= 0 else "empty"
        paths[kind, shade].append(_square(point, sheet, middle))
    for (kind, shade), squares in sorted(paths.items()):
        opacity = _SHADES[shade] if shade >= 0 else 1
        yield f'<path class="cell {kind}" opacity="{opacity}" d="{"".join(squares)}"/>'


def _square(point: DemandPoint, sheet: _Sheet, middle: float) -> str:
    side = (math.sqrt(point.area_m2) if point.area_m2 else _POINT_SIDE_M) * sheet.scale
    side = max(side * 0.94, 2.5)
    x, y = sheet.at(*_metres(point, middle))
    return f"M{x - side / 2:.1f} {y - side / 2:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z"


def _areas(names: Names, cells: Cells, sheet: _Sheet, middle: float) -> Iterable[str]:
    for area in named_areas(names.request, cells):
        spots = [(_metres(point, middle), weight) for point, weight in area.points]
        total = sum(weight for _, weight in spots)
        x_m = sum(spot[0] * weight for spot, weight in spots) / total
        y_m = sum(spot[1] * weight for spot, weight in spots) / total
        x, y = sheet.at(x_m, y_m)
        text = html.escape(names.area(area.id))
        yield f'<text class="area-name" x="{x:.1f}" y="{y:.1f}">{text}</text>'


def _stations(names: Names, plan: FireStationPlan, sheet: _Sheet, middle: float) -> list[str]:
    def spot(site_id: str) -> tuple[float, float]:
        return sheet.at(*_metres(names.sites[site_id], middle))

    drawn = []
    for site in closed_sites(names, plan):
        x, y = spot(site.id)
        drawn.append(_circle("closed", x, y, 5, names.site(site.id)))
    for one in plan.stations:
        if one.site_id in names.sites and implied_action(names.request, one) == "keep":
            x, y = spot(one.site_id)
            drawn.append(_circle("kept", x, y, 6.5, names.site(one.site_id)))
    for order, one in enumerate(changed_stations(names, plan), 1):
        if one.site_id in names.sites:
            x, y = spot(one.site_id)
            mark = " illustrative" if names.illustrative(one.site_id) else ""
            drawn.append(_circle(f"opened{mark}", x, y, 12.5, names.site(one.site_id)))
            drawn.append(f'<text class="order" x="{x:.1f}" y="{y + 5:.1f}">{order}</text>')
    return drawn


def _circle(kind: str, x: float, y: float, radius: float, title: str) -> str:
    return (
        f'<circle class="station {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">'
        f"<title>{html.escape(title)}</title></circle>"
    )
