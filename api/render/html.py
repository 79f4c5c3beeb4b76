"""The report: one HTML file that opens from disk, in one language, with all it needs inside."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.render import figure_tables, reason_tables, run_tables, station_tables, travel
from api.render.assets import leaflet_script, leaflet_style, plotly_script, template, web
from api.render.cells import Cells
from api.render.council import council_page
from api.render.drawing import draw
from api.render.framing import standing, warnings
from api.render.geojson import layers, placing, point
from api.render.labels import label_places
from api.render.names import Names
from api.render.plots import plots
from api.render.tables import Row, Table, cell
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.messages import MESSAGES, message
from models.text import Language
from models.tiles import TileService

# Beyond so many points a browser labours; the drawing and the tables still show them all.
_MAP_POINTS_MAX = 20_000
_TEXT_KINDS = frozenset({"text", "flag"})


@dataclass(frozen=True)
class TableView:
    """A table as the page shows it: cells as text, numbers marked for their alignment."""

    key: str
    title: str
    note: str | None
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, ...], bool], ...]


@dataclass(frozen=True)
class TableGroup:
    """Tables under one heading."""

    key: str
    title: str
    tables: tuple[TableView, ...]


def report(
    request: FireStationRequest,
    answer: FireStationAnswer,
    language: Language,
    *,
    tiles: TileService | None = None,
) -> str:
    """Return the report of an answer as one HTML file.

    Nothing is fetched: scripts, styles and data stand inside, and the page's own policy forbids
    any connection, but that to ``tiles`` where a background map is asked for. Text given by the
    user is escaped wherever it is shown.
    """
    names = Names(request, language)
    cells = Cells(request, answer)
    map_layers = layers(request, answer, language, points_max=_MAP_POINTS_MAX)
    plan = answer.plan
    figures = plots(names, cells, answer) if plan else []
    return template("report.html.j2").render(
        language="en" if language == "en" else "zh-Hans",
        say=names.say,
        name=request.name.text(language),
        illustrative=request.illustrative,
        status=standing(answer.run),
        banners=banners(names, answer),
        council=council_page(names, answer, plan) if plan else None,
        drawing=draw(names, cells, plan) if plan else None,
        no_map=_no_map(names, map_layers),
        map_notes=_map_notes(names, cells, answer, tiles),
        tiles_origin=tiles.origin if tiles and map_layers else None,
        has_points=bool(cells.points),
        has_before=cells.has_times("before"),
        layers=embedded(map_layers),
        settings=embedded(_settings(names, cells) | {"tiles": tiles and tiles.model_dump()}),
        figures=[(figure["id"], figure["title"]) for figure in figures],
        plots=embedded(figures),
        groups=_groups(names, answer),
        conflict=table_view(names, run_tables.conflict(names, answer)),
        rests=_rests_on(names, answer),
        left_out=left_out(names, answer),
        style=web("style.css"),
        leaflet_style=leaflet_style() if map_layers else "",
        leaflet=leaflet_script() if map_layers else "",
        plotly=plotly_script() if figures else "",
        map_script=web("scenarios.js") + web("map.js"),
        report_script=web("report.js"),
    )


def embedded(data: object) -> str:
    r"""Return data as JSON that no text in it can break out of a script element with.

    Examples
    --------
    >>> print(embedded({"name": "</script><b>"}))
    {"name":"\u003c/script\u003e\u003cb\u003e"}
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def banners(names: Names, answer: FireStationAnswer) -> list[tuple[str, str]]:
    """Return what must be said above an answer, each with its kind."""
    found = list(warnings(answer, names.language))
    if answer.plan is not None and answer.verification is None:
        found.append(("unproven", names.say("summary.not_verified")))
    if names.request.illustrative or answer.illustrative:
        found.append(("illustrative", names.say("report.illustrative_banner")))
    origin = travel.origin(answer.travel, names.language)
    found += [
        ("source" if note == origin else "illustrative", note)
        for note in travel.notes(answer, names.language)
    ]
    return found


def _no_map(names: Names, map_layers: dict[str, Any]) -> str | None:
    if map_layers:
        return None
    kind = placing(names.request)
    return names.say("report.no_map.planar" if kind == "planar" else "report.no_map.unplaced")


def _map_notes(
    names: Names, cells: Cells, answer: FireStationAnswer, tiles: TileService | None
) -> list[str]:
    notes = [names.say("report.no_tiles" if tiles is None else "report.cells")]
    if tiles is not None:
        notes.insert(0, names.say("tiles.online", host=tiles.host))
    if tiles is not None and tiles.shifted:
        notes.insert(1, names.say("tiles.shifted", host=tiles.host))
    if len(cells.points) > _MAP_POINTS_MAX:
        notes.append(names.say("report.too_many_points", number=len(cells.points)))
    drawn = travel.marks_drawn(answer)
    if drawn is not None:
        notes.append(names.say("report.marks_cut", shown=drawn))
    return notes


def _settings(names: Names, cells: Cells) -> dict[str, Any]:
    """Return what the map's script needs besides its layers: words, scenarios, the standard."""
    column = 0 if names.language == "en" else 1
    words = {
        code: texts[column]
        for code, texts in MESSAGES.items()
        if code.startswith(("map.", "uncovered."))  # the script fills these in itself
    }
    words["report.illustrative"] = names.say("report.illustrative")
    weight = names.request.population_weight
    return {
        "words": words,
        "weight": weight,
        "weight_names": {key: names.weight(key) for key in sorted(_weights(cells))},
        "within_s": cells.within_s,
        "scenarios": [
            {"id": one.id, "name": names.scenario(one.id)} for one in names.request.travel.scenarios
        ],
        "scenario_weights": dict(cells.scenario_weights),
        "site_names": {site.id: names.site(site.id) for site in names.request.sites},
        "areas": _area_labels(names, cells),
        "illustrative": names.request.illustrative,
        "before": cells.has_times("before"),
        "after": cells.has_times("after"),
    }


def _weights(cells: Cells) -> set[str]:
    return {weight for one in cells.points for weight in one.weights}


def _area_labels(names: Names, cells: Cells) -> list[dict[str, Any]]:
    if placing(names.request) != "geographic":
        return []
    return [
        {"name": names.area(area_id), "at": point(place)["coordinates"][::-1]}
        for area_id, place in label_places(names, cells).items()
    ]


def table_view(names: Names, table: Table | None) -> TableView | None:
    """Return a table as people read it, columns without any value left out."""
    if table is None:
        return None
    shown = [index for index in range(len(table.columns)) if _says_something(table, index)]
    columns = tuple((table.columns[index].title, _is_number(table, index)) for index in shown)
    rows = tuple((_said(names, table, row, shown), row.illustrative) for row in table.rows)
    return TableView(table.key, table.title, table.note, columns, rows)


def _says_something(table: Table, index: int) -> bool:
    return any(row.cells[index] is not None for row in table.rows)


def _is_number(table: Table, index: int) -> bool:
    mixed = index > 0 and any(row.kind not in {None, "text"} for row in table.rows)
    return mixed or table.columns[index].kind not in _TEXT_KINDS


def _said(names: Names, table: Table, row: Row, shown: Sequence[int]) -> tuple[str, ...]:
    return tuple(
        cell(
            row.cells[index],
            row.kind or table.columns[index].kind,
            names.language,
            table.currency,
        )
        for index in shown
    )


def tables(names: Names, answer: FireStationAnswer) -> dict[str, tuple[Table, ...]]:
    """Return all tables of an answer by the part of the report they belong to."""
    plan, explanation = answer.plan, answer.explanation
    found: dict[str, list[Table | None]] = {"figures": [], "reasons": [], "run": []}
    if plan is not None:
        found["figures"] = [
            station_tables.stations(names, plan),
            station_tables.closed(names, plan),
            figure_tables.cover(names, plan),
            figure_tables.areas(names, plan),
            figure_tables.risk_classes(names, plan),
            figure_tables.scenarios(names, plan),
            figure_tables.probable(names, plan),
            figure_tables.resources(names, plan),
            station_tables.districts(names, plan),
            station_tables.staffing(names, plan),
            station_tables.staging(names, plan),
        ]
    if explanation is not None:
        found["reasons"] = [
            reason_tables.contributions(names, explanation),
            reason_tables.marginal(names, explanation),
            reason_tables.uncovered(names, explanation),
            reason_tables.binding(names, explanation),
            reason_tables.ranking(names, explanation),
            reason_tables.robustness(names, explanation),
            reason_tables.survival(names, explanation),
            reason_tables.second_opinion(names, explanation, answer.run),
        ]
    found["run"] = [
        travel.table(names, answer),
        run_tables.levels(names, answer),
        run_tables.staffing_levels(names, answer),
        run_tables.verification(names, answer),
    ]
    return {part: tuple(one for one in made if one is not None) for part, made in found.items()}


def all_tables(names: Names, answer: FireStationAnswer) -> tuple[Table, ...]:
    """Return every table of the report, in its order, with what it rests on."""
    rests = (run_tables.assumptions(names, answer), run_tables.record(names, answer))
    found = [run_tables.conflict(names, answer)]
    found += [one for group in tables(names, answer).values() for one in group]
    return tuple(one for one in (*found, *rests) if one is not None)


def _groups(names: Names, answer: FireStationAnswer) -> list[TableGroup]:
    made = []
    for part, found in tables(names, answer).items():
        views = tuple(view for one in found if (view := table_view(names, one)) is not None)
        if views:
            title = message(f"report.tables.{part}", names.language)
            made.append(TableGroup(part, title, views))
    return made


def _rests_on(names: Names, answer: FireStationAnswer) -> list[TableView]:
    found = (run_tables.assumptions(names, answer), run_tables.record(names, answer))
    return [view for one in found if (view := table_view(names, one)) is not None]


def left_out(names: Names, answer: FireStationAnswer) -> list[str]:
    """Return which parts of the explanation were left out, and why."""
    explanation = answer.explanation
    return [names.text(one) for one in explanation.left_out] if explanation else []
