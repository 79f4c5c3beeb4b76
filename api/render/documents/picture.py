"""The plan's map and plots as pictures."""

import html
import io
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from api.render.cells import Cells
from api.render.documents.fonts import font_for, settings
from api.render.drawing import station_spots
from api.render.files.errors import FileError, needs_library
from api.render.geojson import placing
from api.render.html import banners
from api.render.labels import label_places
from api.render.names import Names
from api.render.plots import Figure
from api.render.projection import WIDTH, Sheet, sheet
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.geometry import Geometry
from models.text import Language

_INK, _PAPER = "#1c2733", "#f4f6f7"
_COLORS = {
    "covered_already": "#8fbfe0",
    "covered_newly": "#0b5fa5",
    "covered": "#3f8fc8",
    "covered_partly": "#e5b93c",
    "uncovered": "#d2601a",
    "lost": "#a8477f",
    "unknown": "#b9bfc4",
    "empty": "#e4e7e3",
}
_SHAPES = {
    "outline": "#5a6671",
    "road": "#b5b0a4",
    "water": "#9cc7dc",
    "forest": "#b9d3ac",
    "building": "#cfc8be",
}
_DOTS = {"kept": ("#3b4652", 55), "opened": ("#0b5fa5", 210), "closed": ("#a8477f", 45)}
_CLOSED_ROAD = "#c02020"
_DOTS_PER_INCH, _INCHES = 150, 9.0
_POINT_SIDE_M = 120.0


def map_picture(
    request: FireStationRequest, answer: FireStationAnswer, language: Language
) -> bytes:
    """Return the map of a plan as PNG: cells by what changes, stations, roads, backdrop."""
    names = Names(request, language)
    cells = Cells(request, answer)
    if answer.plan is None or placing(request) == "unplaced":
        raise FileError("--format png", "document.no_map")
    said = [names.say("report.static_map"), *(text for _, text in banners(names, answer))]
    words = "".join(
        [request.name.text(language), *said, *map(names.area, label_places(names, cells))]
    )
    return drawn(
        font_for(words), lambda figure: _map(figure, names, cells, said), _map_height(cells)
    )


def plot_picture(plot: Figure, font: Path | None) -> bytes:
    """Return one of the report's plots as PNG."""
    height = min(max(plot["layout"].get("height", 380) / 95, 2.8), 9.5)
    return drawn(font, lambda figure: _plot(figure, plot), height)


def drawn(font: Path | None, draw: Callable[[Any], None], height: float) -> bytes:
    """Return what ``draw`` puts on a figure as PNG."""
    try:
        import matplotlib as mpl  # noqa: PLC0415  comes with an extra
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure as Sketch  # noqa: PLC0415
    except ImportError as error:
        raise needs_library("matplotlib", "documents") from error
    rules: Any = settings(font)
    with mpl.rc_context(rules):
        figure = Sketch(figsize=(_INCHES, height), dpi=_DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _map_height(cells: Cells) -> float:
    return _INCHES * min(max(sheet(cells).height / WIDTH, 0.35), 1.1) + 1.6


def _map(figure: Any, names: Names, cells: Cells, said: list[str]) -> None:
    paper = sheet(cells)
    axes = figure.add_subplot()
    axes.set_facecolor(_PAPER)
    axes.set(xlim=(0, WIDTH), ylim=(paper.height, 0), aspect="equal", xticks=[], yticks=[])
    if placing(names.request) == "geographic":
        _backdrop(axes, names, paper)
    _draw_cells(axes, names, cells, paper)
    if placing(names.request) == "geographic":
        _closed_roads(axes, names, cells, paper)
    _stations(axes, names, cells, paper)
    for area, place in label_places(names, cells).items():
        x, y = paper.at(place)
        axes.text(x, y, _literal(names.area(area)), ha="center", va="center", color=_INK, zorder=8)
    axes.set_title(_literal(f"{names.request.name.text(names.language)} · {said[0]}"), loc="left")
    axes.set_xlabel("\n".join(map(_literal, said[1:])), loc="left", color="#7a4a00", wrap=True)
    figure.legend(loc="outside lower left", ncols=3, frameon=False, fontsize="small")


def _backdrop(axes: Any, names: Names, paper: Sheet) -> None:
    named: set[str] = set()
    for shape in names.request.backdrop:
        label = "_" if shape.kind in named else names.say(f"map.layer.{shape.kind}")
        named.add(shape.kind)
        filled = "Polygon" in shape.geometry.type and shape.kind != "outline"
        _shape(axes, shape.geometry, paper, color=_SHAPES[shape.kind], filled=filled, label=label)


def _shape(
    axes: Any, geometry: Geometry, paper: Sheet, *, color: str, filled: bool, label: str
) -> None:
    for index, line in enumerate(_lines(geometry)):
        xs, ys = zip(*(paper.at_degrees(*position) for position in line), strict=True)
        name = label if index == 0 else "_"
        if filled:
            axes.fill(xs, ys, color=color, label=name, zorder=1)
        else:
            marker = "o" if len(xs) == 1 else None
            axes.plot(xs, ys, color=color, marker=marker, label=name, linewidth=1.2, zorder=2)


def _lines(geometry: Geometry) -> Iterator[tuple[tuple[float, float], ...]]:
    match geometry.type:
        case "Point":
            yield (geometry.coordinates,)
        case "LineString":
            yield geometry.coordinates
        case "MultiLineString" | "Polygon":
            yield from geometry.coordinates
        case _:
            for rings in geometry.coordinates:
                yield from rings


def _draw_cells(axes: Any, names: Names, cells: Cells, paper: Sheet) -> None:
    from matplotlib.collections import PolyCollection  # noqa: PLC0415  comes with an extra

    weight = names.request.population_weight
    squares: defaultdict[str, list[list[tuple[float, float]]]] = defaultdict(list)
    for point in cells.points:
        kind: str = cells.category(point.id) if point.weights.get(weight, 0.0) > 0 else "empty"
        side = (math.sqrt(point.area_m2) if point.area_m2 else _POINT_SIDE_M) * paper.scale
        half = max(side * 0.94, 2.5) / 2
        x, y = paper.at(point)
        corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
        squares[kind].append([(x + a, y + b) for a, b in corners])
    for kind in (one for one in _COLORS if one in squares):
        label = names.say("report.legend.empty" if kind == "empty" else f"map.{kind}")
        found = PolyCollection(squares[kind], facecolor=_COLORS[kind], alpha=0.85, label=label)
        found.set_zorder(3)
        axes.add_collection(found, autolim=False)


def _closed_roads(axes: Any, names: Names, cells: Cells, paper: Sheet) -> None:
    label = names.say("map.layer.closed_roads")
    for one in cells.answer.travel.scenarios if cells.answer.travel else ():
        if one.closed_roads is not None:
            _shape(axes, one.closed_roads, paper, color=_CLOSED_ROAD, filled=False, label=label)
            label = "_"


def _stations(axes: Any, names: Names, cells: Cells, paper: Sheet) -> None:
    if cells.answer.plan is None:
        return
    named: set[str] = set()
    for spot in station_spots(names, cells.answer.plan):
        x, y = paper.at(names.sites[spot.site_id])
        color, size = _DOTS[spot.kind]
        label = "_" if spot.kind in named else names.say(f"report.legend.{spot.kind}")
        named.add(spot.kind)
        invented = spot.order is not None and names.illustrative(spot.site_id)
        edge, style = ("#b67a16", "dashed") if invented else ("white", "solid")
        axes.scatter(
            [x], [y], s=size, c=color, edgecolors=edge, linestyle=style, label=label, zorder=6
        )
        if spot.order is not None:
            axes.text(x, y, spot.order, color="white", ha="center", va="center", zorder=7)


def _literal(text: str) -> str:
    """Return a text without the sign the plotting library reads as mathematics."""
    return text.replace("$", r"\$")


def _plot(figure: Any, plot: Figure) -> None:
    axes = figure.add_subplot()
    layout = plot["layout"]
    for index, one in enumerate(plot["data"]):
        (_bars if one["type"] == "bar" else _line)(axes, one, index, len(plot["data"]))
    _axes(axes, layout)
    for one in layout.get("shapes", ()):
        axes.axvline(one["x0"], color=one["line"]["color"], linestyle="--", linewidth=1)
    for one in layout.get("annotations", ()):
        axes.text(one["x"], 0.02, f" {_literal(one['text'])}", transform=axes.get_xaxis_transform())
    axes.spines[["top", "right"]].set_visible(False)
    if any(one.get("name") for one in plot["data"]):
        figure.legend(loc="outside upper right", ncols=2, frameon=False)


def _axes(axes: Any, layout: Any) -> None:
    for which in ("x", "y"):
        axis = layout.get(f"{which}axis", {})
        getattr(axes, f"set_{which}label")(_literal(axis.get("title", {}).get("text", "")))
        if axis.get("tickformat") == ".0%":
            getattr(axes, f"{which}axis").set_major_formatter("{x:.0%}")
        if "range" in axis:
            getattr(axes, f"set_{which}lim")(*axis["range"])
    if layout.get("yaxis", {}).get("autorange") == "reversed":
        axes.invert_yaxis()


def _bars(axes: Any, one: Figure, index: int, count: int) -> None:
    height = 0.8 / count
    places = [row + (index - (count - 1) / 2) * height for row in range(len(one["y"]))]
    values = [value or 0.0 for value in one["x"]]
    made = axes.barh(places, values, height, color=one["marker"]["color"], label=one["name"])
    axes.bar_label(made, labels=one["text"], padding=3, fontsize="small")
    axes.set_yticks(range(len(one["y"])), [_literal(html.unescape(name)) for name in one["y"]])


def _line(axes: Any, one: Figure, index: int, count: int) -> None:
    del index, count
    style = "dotted" if one["line"].get("dash") == "dot" else "solid"
    drawstyle = "steps-post" if one["line"].get("shape") == "hv" else "default"
    values = [math.nan if value is None else value for value in one["y"]]
    axes.plot(
        one["x"],
        values,
        color=one["line"]["color"],
        linestyle=style,
        drawstyle=drawstyle,
        marker="o" if "markers" in one["mode"] else None,
        label=one.get("name"),
    )
    for x, y, text in _texts(one):
        axes.annotate(text, (x, y), xytext=(-10, 4), textcoords="offset points")


def _texts(one: Figure) -> Iterable[tuple[float, float, str]]:
    return zip(one["x"], one["y"], one["text"], strict=True) if "text" in one["mode"] else ()
