"""All tables of a report as a workbook: a sheet each, the first one says what the file is."""

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from api.render.files.about import about
from api.render.files.errors import needs_library
from api.render.files.places import WGS84, Target
from api.render.files.spots import spots
from api.render.html import all_tables
from api.render.names import Names
from api.render.tables import Kind, Table, Value, cell
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.messages import message
from models.text import Language

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SHEET_NAME_MAX = 31
_WIDTH_MAX = 60
# Kinds that stay numbers; the rest is written as people read it.
_NUMBERS: dict[Kind, str] = {
    "count": "#,##0",
    "number": "#,##0.##",
    "share": "0.0%",
    "money": "#,##0",
}
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def workbook(
    request: FireStationRequest,
    answer: FireStationAnswer,
    languages: Iterable[Language],
    target: Target = WGS84,
) -> bytes:
    """Return the workbook; with several languages, every table stands once in each.

    Raises
    ------
    FileError
        The library that writes workbooks is missing.
    """
    book = empty_book()
    book.remove(book.active)
    return _answered(book, request, answer, languages, target)


def empty_book() -> Any:
    """Return a workbook of one empty sheet.

    Raises
    ------
    FileError
        The library that writes workbooks is missing.
    """
    try:
        import openpyxl  # noqa: PLC0415  comes with an extra
    except ImportError as error:
        raise needs_library("openpyxl", "geography") from error
    return openpyxl.Workbook()


def tables_workbook(
    said: Iterable[tuple[str, str]], tables: Iterable[Table], language: Language
) -> bytes:
    """Return a workbook of tables, whatever they are about; ``said`` is its first sheet.

    Raises
    ------
    FileError
        The library that writes workbooks is missing.
    """
    book = empty_book()
    book.remove(book.active)
    _told(book, said, language)
    for table in tables:
        table_sheet(book, table, language)
    return _bytes(book)


def tables_answered(
    questions: bytes,
    said: Iterable[tuple[str, str]],
    tables: Iterable[Table],
    language: Language,
) -> bytes:
    """Return the workbook that asked, with what is said of the answer and its tables behind."""
    book = _asked(questions)
    _told(book, said, language)
    for table in tables:
        table_sheet(book, table, language)
    return _bytes(book)


def answered(
    questions: bytes,
    request: FireStationRequest,
    answer: FireStationAnswer,
    languages: Iterable[Language],
    target: Target = WGS84,
) -> bytes:
    """Return the workbook that asked, with the answer's sheets behind its own."""
    return _answered(_asked(questions), request, answer, languages, target)


def _asked(questions: bytes) -> Any:
    try:
        import openpyxl  # noqa: PLC0415  comes with an extra
    except ImportError as error:
        raise needs_library("openpyxl", "geography") from error
    return openpyxl.load_workbook(io.BytesIO(questions))


def _told(book: Any, said: Iterable[tuple[str, str]], language: Language) -> None:
    sheet = book.create_sheet(title_for(book.sheetnames, message("file.about", language)))
    fill_sheet(sheet, (message("file.item", language), message("file.value", language)), said)


def _bytes(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _answered(
    book: Any,
    request: FireStationRequest,
    answer: FireStationAnswer,
    languages: Iterable[Language],
    target: Target,
) -> bytes:
    for language in languages:
        names = Names(request, language)
        _told(book, about(request, answer, language, target), language)
        places = spots(names, answer, target)
        if places is not None:
            table_sheet(book, places, language)
        for table in all_tables(names, answer):
            table_sheet(book, table, language)
    return _bytes(book)


def title_for(taken: list[str], wanted: str) -> str:
    """Return a title for a new sheet: short enough, without forbidden signs, not taken."""
    plain = re.sub(r"[\\/*?:\[\]]", " ", wanted)[: _SHEET_NAME_MAX - 3].strip("' ") or "-"
    lowered = {one.lower() for one in taken}
    title, number = plain, 2
    while title.lower() in lowered:
        title, number = f"{plain} {number}", number + 1
    return title


def table_sheet(book: Any, table: Table, language: Language) -> None:
    """Add a table to a workbook as a sheet."""
    sheet = book.create_sheet(title_for(book.sheetnames, table.title))
    mark = message("column.illustrative", language)
    titles = [column.title for column in table.columns] + ([mark] if table.has_illustrative else [])
    rows = []
    for row in table.rows:
        kinds = [row.kind or column.kind for column in table.columns]
        values = [
            _value(value, kind, language, table.currency)
            for value, kind in zip(row.cells, kinds, strict=True)
        ]
        values += [
            message("word.yes", language) if row.illustrative else ""
        ] * table.has_illustrative
        rows.append(values)
    fill_sheet(sheet, titles, rows)
    for index, column in enumerate(table.columns, 1):
        for place, row in enumerate(table.rows, 2):
            form = _NUMBERS.get(row.kind or column.kind)
            if form and isinstance(row.cells[index - 1], int | float):
                sheet.cell(place, index).number_format = form


def _value(value: Value, kind: Kind, language: Language, currency: str | None) -> Value:
    if value is None:
        return None
    if kind in _NUMBERS and not isinstance(value, str | bool):
        return value
    return cell(value, kind, language, currency)


def fill_sheet(sheet: "Worksheet", head: Iterable[str], rows: Iterable[Iterable[Value]]) -> None:
    """Write a head and rows into an empty sheet."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  comes with an extra

    widths: dict[int, int] = {}
    for place, row in enumerate((tuple(head), *rows), 1):
        for index, value in enumerate(row, 1):
            one = sheet.cell(place, index)
            put(one, value)
            one.alignment = Alignment(wrap_text=True, vertical="top")
            if place == 1:
                one.font = Font(bold=True)
            widths[index] = max(widths.get(index, 8), _width(value))
    for index, width in widths.items():
        letter = sheet.cell(1, index).column_letter
        sheet.column_dimensions[letter].width = min(width + 2, _WIDTH_MAX)
    sheet.freeze_panes = "A2"


def put(one: Any, value: Value) -> None:
    """Write a value into a cell; a text is a text, never a formula, whatever it begins with."""
    if isinstance(value, str):
        one.value = _UNREADABLE.sub(" ", value)
        one.data_type = "s"
        one.quotePrefix = value[:1] in tuple("=+-@\t\r")
    else:
        one.value = value


def _width(value: Value) -> int:
    return sum(2 if sign > "\u2e7f" else 1 for sign in str(value or ""))
