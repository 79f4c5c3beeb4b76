"""The plan drawn as one SVG picture: for the council's page, for print, for places on a plane."""

import html
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from api.render.cells import Cells
from api.render.geojson import placing
from api.render.labels import label_places
from api.render.names import Names, implied_action
from api.render.projection import WIDTH, Sheet, sheet
from api.render.station_tables import changed_stations, closed_sites
from models.fire_stations import FireStationPlan
from models.messages import message
from models.places import DemandPoint

_SHADES = (0.45, 0.7, 1.0)
_POINT_SIDE_M = 120.0
_RADII: dict[str, float] = {"closed": 5, "kept": 6.5, "opened": 12.5}


def draw(names: Names, cells: Cells, plan: FireStationPlan) -> str | None:
    """Return the plan as an SVG element; None where places have no position."""
    if placing(names.request) == "unplaced":
        return None
    paper = sheet(cells)
    title = html.escape(message("report.static_map", names.language))
    parts = [
        *_cells(names, cells, paper),
        *_areas(names, cells, paper),
        *_stations(names, plan, paper),
    ]
    box = f"0 0 {WIDTH:.0f} {paper.height:.0f}"
    return (
        f'<svg class="drawing" viewBox="{box}" role="img" aria-label="{title}">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _shade(value: float, top: float) -> int:
    if value <= 0:
        return -1
    part = math.sqrt(value / top) if top > 0 else 1.0
    return min(int(part * len(_SHADES)), len(_SHADES) - 1)


def _cells(names: Names, cells: Cells, paper: Sheet) -> Iterable[str]:
    weight = names.request.population_weight
    values = sorted(point.weights.get(weight, 0.0) for point in cells.points)
    top = values[int(0.95 * (len(values) - 1))] if values else 0.0
    paths: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for point in cells.points:
        shade = _shade(point.weights.get(weight, 0.0), top)
        kind: str = cells.category(point.id) if shade >= 0 else "empty"
        paths[kind, shade].append(_square(point, paper))
    for (kind, shade), squares in sorted(paths.items()):
        opacity = _SHADES[shade] if shade >= 0 else 1
        yield f'<path class="cell {kind}" opacity="{opacity}" d="{"".join(squares)}"/>'


def _square(point: DemandPoint, paper: Sheet) -> str:
    side = (math.sqrt(point.area_m2) if point.area_m2 else _POINT_SIDE_M) * paper.scale
    side = max(side * 0.94, 2.5)
    x, y = paper.at(point)
    return f"M{x - side / 2:.1f} {y - side / 2:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z"


def _areas(names: Names, cells: Cells, paper: Sheet) -> Iterable[str]:
    for area_id, place in label_places(names, cells).items():
        x, y = paper.at(place)
        text = html.escape(names.area(area_id))
        yield f'<text class="area-name" x="{x:.1f}" y="{y + 6:.1f}">{text}</text>'


@dataclass(frozen=True)
class StationSpot:
    """A station on the map: closed, kept, or opened in an order."""

    kind: Literal["closed", "kept", "opened"]
    site_id: str
    order: int | None = None


def station_spots(names: Names, plan: FireStationPlan) -> list[StationSpot]:
    """Return the stations a map shows, those to be drawn on top last."""
    closed = [StationSpot("closed", site.id) for site in closed_sites(names, plan)]
    kept = [
        StationSpot("kept", one.site_id)
        for one in plan.stations
        if one.site_id in names.sites and implied_action(names.request, one) == "keep"
    ]
    opened = [
        StationSpot("opened", one.site_id, order)
        for order, one in enumerate(changed_stations(names, plan), 1)
        if one.site_id in names.sites
    ]
    return [*closed, *kept, *opened]


def _stations(names: Names, plan: FireStationPlan, paper: Sheet) -> list[str]:
    drawn = []
    for spot in station_spots(names, plan):
        x, y = paper.at(names.sites[spot.site_id])
        invented = spot.order is not None and names.illustrative(spot.site_id)
        kind = f"{spot.kind} illustrative" if invented else spot.kind
        drawn.append(_circle(kind, x, y, _RADII[spot.kind], names.site(spot.site_id)))
        if spot.order is not None:
            drawn.append(f'<text class="order" x="{x:.1f}" y="{y + 5:.1f}">{spot.order}</text>')
    return drawn


def _circle(kind: str, x: float, y: float, radius: float, title: str) -> str:
    return (
        f'<circle class="station {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">'
        f"<title>{html.escape(title)}</title></circle>"
    )
