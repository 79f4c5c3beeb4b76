"""An answer as files that people and other programs read: one table of formats for every door."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from api.render.documents import map_picture, pdf, word
from api.render.files.errors import FileError
from api.render.files.geopackage import geopackage
from api.render.files.places import Target
from api.render.files.spots import stations_csv
from api.render.files.workbook import workbook
from api.render.geojson import combined
from api.render.html import report as report_html
from api.render.names import Names
from api.render.text import summary
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import Language
from optimizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


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


def made(
    request: FireStationRequest,
    answer: FireStationAnswer,
    as_format: Format,
    language: Language,
    target: Target,
) -> str | bytes:
    """Return ``answer`` in a format; ``target`` is the system of files with coordinates.

    Raises
    ------
    InputError
        The answer cannot be written so, or a library for it is missing.
    """
    makers: dict[Format, Callable[[], str | bytes]] = {
        Format.HTML: lambda: report_html(request, answer, language),
        Format.TEXT: lambda: summary(request, answer, language),
        Format.GEOJSON: lambda: geojson_text(request, answer, language),
        Format.GPKG: lambda: geopackage(request, answer, target),
        Format.XLSX: lambda: workbook(request, answer, (language,), target),
        Format.CSV: lambda: _csv(request, answer, language, target),
        Format.PDF: lambda: pdf(request, answer, language),
        Format.DOCX: lambda: word(request, answer, language),
        Format.PNG: lambda: map_picture(request, answer, language),
    }
    try:
        return makers[as_format]()
    except FileError as error:
        raise InputError((error.fault,)) from error


def geojson_text(request: FireStationRequest, answer: FireStationAnswer, language: Language) -> str:
    """Return all layers of an answer as one collection."""
    layers = combined(request, answer, language)
    return json.dumps(layers, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(
    request: FireStationRequest, answer: FireStationAnswer, language: Language, target: Target
) -> str:
    text = stations_csv(Names(request, language), answer, target)
    if text is None:
        need = "file.no_plan" if answer.plan is None else "file.no_places"
        raise FileError("--format csv", need)
    return text
