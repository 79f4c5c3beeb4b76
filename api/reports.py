"""An answer as files that people and other programs read: one table of formats for every door."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.problems import DEFAULT_KIND, AnyAnswer, AnyRequest
from api.render import dispatch, facilities, rotation, shelters, station_side, stockpiles
from api.render.compare import Side, with_levels
from api.render.dispatch import phase, positioning, readiness
from api.render.documents import map_picture, pdf, word
from api.render.files.about import about_any
from api.render.files.errors import FileError
from api.render.files.geopackage import geopackage
from api.render.files.places import WGS84, Target
from api.render.files.spots import stations_csv, table_csv
from api.render.files.workbook import answered, tables_answered, tables_workbook, workbook
from api.render.folio import Layers, Sections, folio
from api.render.geojson import about, combined, labelled
from api.render.html import report as report_html
from api.render.names import Names, level_names
from api.render.rotation.workbook import storekeepers_workbook
from api.render.shelters import opening
from api.render.stockpiles import day as stock_day
from api.render.tables import Table
from api.render.text import summary
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.messages import named
from models.rotation import RotationRequest
from models.shelters import ShelterRequest
from models.shelters.objectives import Combination
from models.stockpiles import StockRequest
from models.stockpiles.objectives import Combination as StockCombination
from models.text import Language, Text
from models.tiles import TileService
from optimizer.errors import InputError


class Format(StrEnum):
    """What a report may be written as."""

    HTML = "html"
    TEXT = "text"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    DOCX = "docx"
    PNG = "png"


# What carries coordinates in the user's own system; GeoJSON is WGS 84 by its standard.
PLACED = frozenset({Format.GPKG, Format.XLSX, Format.CSV})


@dataclass(frozen=True)
class Look:
    """How an answer is to be written.

    ``target`` is the system of files with coordinates, ``tiles`` what a report's map may load.
    """

    language: Language
    target: Target = WGS84
    tiles: TileService | None = None


Maker = Callable[[Any, Any, Look], str | bytes]


def made(
    request: AnyRequest,
    answer: AnyAnswer,
    as_format: Format,
    look: Look,
) -> str | bytes:
    """Return ``answer`` in a format.

    Raises
    ------
    InputError
        The answer cannot be written so, or a library for it is missing.
    """
    makers = _MAKERS[request.kind]
    if as_format not in makers:
        need = Text(code="need.one_of", values={"known": ", ".join(makers)})
        raise InputError((Fault(path="--format", value=as_format.value, need=need),))
    try:
        return makers[as_format](request, answer, look)
    except FileError as error:
        raise InputError((error.fault,)) from error


def formats_of(request: AnyRequest) -> frozenset[Format]:
    """Return what an answer to a request can be written as."""
    return frozenset(_MAKERS[request.kind])


def workbook_answered(asked: bytes, request: AnyRequest, answer: AnyAnswer, look: Look) -> bytes:
    """Return the workbook that asked, with the answer's sheets behind its own.

    Raises
    ------
    InputError
        A library for it is missing.
    """
    try:
        return _ANSWERED[request.kind](asked, request, answer, look)
    except FileError as error:
        raise InputError((error.fault,)) from error


def summary_of(request: AnyRequest, answer: AnyAnswer, language: Language) -> str:
    """Return what a terminal shows of an answer."""
    text = _MAKERS[request.kind][Format.TEXT](request, answer, Look(language))
    assert isinstance(text, str)
    return text


def levels_of(request: AnyRequest, language: Language) -> tuple[str, ...]:
    """Return what the levels of a request look for, in their order."""
    return _LEVELS[request.kind](request, language)


def side_of(
    request: AnyRequest | None, answer: AnyAnswer, language: Language, kind: str = DEFAULT_KIND
) -> Side:
    """Return what stands in the column of an answer among several side by side.

    It is what the plan chooses, its figures and costs, and what its levels came to. Without its
    ``request`` it is told by ids, where its ``kind`` can be told so.
    """
    side: Side = _SIDES[kind if request is None else request.kind](request, answer, language)
    levels = answer.run.levels
    titles = (
        tuple(named("objective", one.kind, language) for one in levels)
        if request is None
        else levels_of(request, language)
    )
    return with_levels(side, levels, titles, language)


def geojson_text(request: FireStationRequest, answer: FireStationAnswer, language: Language) -> str:
    """Return all layers of an answer as one collection."""
    return _json_text(combined(request, answer, language))


def _json_text(collection: dict[str, Any]) -> str:
    return json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(request: FireStationRequest, answer: FireStationAnswer, look: Look) -> str:
    text = stations_csv(Names(request, look.language), answer, look.target)
    if text is None:
        need = "file.no_plan" if answer.plan is None else "file.no_places"
        raise FileError("--format csv", need)
    return text


@dataclass(frozen=True)
class _Teller:
    """The functions that say what an answer of a kind says, each of (request, answer, language)."""

    summary: Callable[[Any, Any, Language], str]
    sections: Callable[[Any, Any, Language], Sections]
    layers: Callable[..., dict[str, dict[str, Any]]]
    tables: Callable[[Any, Any, Language], tuple[Table, ...]]
    listing: Callable[[Any, Any, Language], Table | None]  # what a CSV file holds
    on_plane: bool = False  # whether its layers can be drawn in metres

    def page(self, request: AnyRequest, answer: AnyAnswer, look: Look) -> str:
        """Return the report."""
        language = look.language
        layers = self.layers(request, answer, language)
        plane = self.on_plane and not any(one["features"] for one in layers.values())
        if plane:
            layers = self.layers(request, answer, language, plane=True)
        return folio(
            request.name.text(language),
            answer,
            language,
            sections=self.sections(request, answer, language),
            layers=Layers(layers, request.backdrop, plane=plane),
            levels=levels_of(request, language),
        )

    def workbook(self, request: AnyRequest, answer: AnyAnswer, look: Look) -> bytes:
        """Return every table as a workbook."""
        said = about_any(request.name.text(look.language), answer, look.language)
        return tables_workbook(said, self.tables(request, answer, look.language), look.language)

    def answered(self, asked: bytes, request: AnyRequest, answer: AnyAnswer, look: Look) -> bytes:
        """Return the workbook that asked, with every table behind its sheets."""
        said = about_any(request.name.text(look.language), answer, look.language)
        tables = self.tables(request, answer, look.language)
        return tables_answered(asked, said, tables, look.language)

    def csv(self, request: AnyRequest, answer: AnyAnswer, look: Look) -> str:
        """Return who goes where as CSV; with nobody to go, its head alone cannot be written."""
        plan = answer.plan
        table = None if plan is None else self.listing(request, plan, look.language)
        if table is None:
            raise FileError("--format csv", "file.no_plan")
        return table_csv(table, answer.travel)

    def makers(self) -> dict[Format, Maker]:
        """Return how to write an answer in each format."""
        return {
            Format.HTML: self.page,
            Format.TEXT: lambda request, answer, look: self.summary(request, answer, look.language),
            Format.GEOJSON: lambda request, answer, look: _json_text(
                {
                    "type": "FeatureCollection",
                    "features": [*labelled(self.layers(request, answer, look.language))],
                    "about": about(answer, look.language),
                }
            ),
            Format.XLSX: self.workbook,
            Format.CSV: self.csv,
        }


def _shelter_levels(request: ShelterRequest, language: Language) -> tuple[str, ...]:
    weighted = request.combination is Combination.WEIGHTED_SUM
    kinds = ["weighted_sum"] if weighted else [one.kind for one in request.objectives]
    return tuple(named("objective.shelters", one, language) for one in kinds)


def _stock_levels(request: StockRequest, language: Language) -> tuple[str, ...]:
    weighted = request.combination is StockCombination.WEIGHTED_SUM
    kinds = ["weighted_sum"] if weighted else [one.kind for one in request.objectives]
    return tuple(named("objective.stockpiles", one, language) for one in kinds)


def _rotation_levels(request: RotationRequest, language: Language) -> tuple[str, ...]:
    law = request.rules.statutory == "first" and any(one.statutory > 0 for one in request.required)
    kinds = [*(["statutory_shortfall"] if law else []), "shortfall", "write_off", "cost"]
    return tuple(named("objective.rotation", one, language) for one in kinds)


def _always(kind: str, *levels: str) -> Callable[[object, Language], tuple[str, ...]]:
    """Return the names of levels that are the same in every request."""
    return lambda _, language: tuple(named(f"objective.{kind}", one, language) for one in levels)


_LEVELS: Mapping[str, Callable[[Any, Language], tuple[str, ...]]] = {
    "fire_stations": level_names,
    "shelters": _shelter_levels,
    "facilities": lambda request, language: (
        named("objective.facilities", request.goal.value, language),
    ),
    "stockpiles": _stock_levels,
    "stock_rotation": _rotation_levels,
    "dispatch_teams": _always("dispatch", "severity", "reserve", "response"),
    "dispatch_phase": _always("dispatch_phase", "phase_completion"),
    "shelter_opening": _always("shelter_opening", "unmet"),
    "stockpile_day": _always("stockpile_day", "unmet"),
    "dispatch_readiness": _always("dispatch_readiness", "expected_cover"),
    "dispatch_positioning": _always("dispatch_positioning", "expected_severity"),
}

_SIDES: Mapping[str, Callable[[Any, Any, Language], Side]] = {
    "fire_stations": station_side.side,
    "shelters": shelters.side,
    "facilities": facilities.side,
    "stockpiles": stockpiles.side,
    "stockpile_day": stockpiles.day_side,
    "stock_rotation": rotation.side,
    "dispatch_teams": dispatch.dispatch_side,
    "dispatch_phase": dispatch.phase_side,
    "dispatch_readiness": dispatch.readiness_side,
    "dispatch_positioning": dispatch.positioning_side,
    "shelter_opening": shelters.opening_side,
}

_FACILITIES = _Teller(
    facilities.summary,
    facilities.sections,
    facilities.layers,
    facilities.all_tables,
    facilities.allocations,
    on_plane=True,
)

_SHELTERS = _Teller(
    shelters.summary,
    shelters.sections,
    shelters.layers,
    shelters.tables_and_sheets,
    shelters.assignments,
)
_DISPATCH = _Teller(
    dispatch.summary,
    dispatch.sections,
    dispatch.layers,
    dispatch.all_tables,
    dispatch.orders,
    on_plane=True,
)
_STOCKPILES = _Teller(
    stockpiles.summary,
    stockpiles.sections,
    stockpiles.layers,
    stockpiles.all_tables,
    stockpiles.stock,
)
# How a workbook that asked is handed back with the answer, for the kinds that workbooks ask.
_ANSWERED: Mapping[str, Callable[[bytes, Any, Any, Look], bytes]] = {
    "fire_stations": lambda asked, request, answer, look: answered(
        asked, request, answer, (look.language,), look.target
    ),
    "facilities": _FACILITIES.answered,
    "shelters": _SHELTERS.answered,
    "dispatch_teams": _DISPATCH.answered,
    "stockpiles": _STOCKPILES.answered,
}

_MAKERS: Mapping[str, Mapping[Format, Maker]] = {
    "fire_stations": {
        Format.HTML: lambda request, answer, look: report_html(
            request, answer, look.language, tiles=look.tiles
        ),
        Format.TEXT: lambda request, answer, look: summary(request, answer, look.language),
        Format.GEOJSON: lambda request, answer, look: geojson_text(request, answer, look.language),
        Format.GPKG: lambda request, answer, look: geopackage(request, answer, look.target),
        Format.XLSX: lambda request, answer, look: workbook(
            request, answer, (look.language,), look.target
        ),
        Format.CSV: _csv,
        Format.PDF: lambda request, answer, look: pdf(request, answer, look.language),
        Format.DOCX: lambda request, answer, look: word(request, answer, look.language),
        Format.PNG: lambda request, answer, look: map_picture(request, answer, look.language),
    },
    "shelters": _SHELTERS.makers(),
    "facilities": _FACILITIES.makers(),
    "shelter_opening": _Teller(
        opening.summary,
        opening.sections,
        opening.layers,
        opening.all_tables,
        opening.assignments,
    ).makers(),
    "stockpiles": _STOCKPILES.makers(),
    "stockpile_day": _Teller(
        stock_day.summary,
        stock_day.sections,
        stock_day.layers,
        stock_day.all_tables,
        stock_day.deliveries,
    ).makers(),
    "stock_rotation": _Teller(
        rotation.summary,
        rotation.sections,
        rotation.layers,
        rotation.all_tables,
        rotation.actions,
    ).makers()
    | {
        Format.XLSX: lambda request, answer, look: storekeepers_workbook(
            request, answer, look.language
        )
    },
    "dispatch_teams": _DISPATCH.makers(),
    "dispatch_phase": _Teller(
        phase.summary,
        phase.sections,
        phase.layers,
        phase.all_tables,
        phase.calls,
        on_plane=True,
    ).makers(),
    "dispatch_readiness": _Teller(
        readiness.summary,
        readiness.sections,
        readiness.layers,
        readiness.all_tables,
        readiness.moves,
        on_plane=True,
    ).makers(),
    "dispatch_positioning": _Teller(
        positioning.summary,
        positioning.sections,
        positioning.layers,
        positioning.all_tables,
        readiness.moves,
        on_plane=True,
    ).makers(),
}
