"""A workbook to fill in: headings in both languages, notes, drop-down lists, example rows."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from instances.projects.dispatch_forms import DISPATCH_FORM, DISPATCH_SHEETS
from instances.projects.fields import (
    DISPATCH,
    FIRE_STATIONS,
    PLAIN_FACILITIES,
    SHELTERS,
    STOCKPILES,
)
from instances.projects.forms import FACILITY_SHEETS, SHEETS, Column, Sheet
from instances.projects.rows import EXAMPLE
from instances.projects.shelter_forms import SHELTER_FORM, SHELTER_SHEETS
from instances.projects.stock_forms import STOCK_FORM, STOCK_SHEETS
from models.facilities.request import Goal
from models.messages import message
from models.presets import RESPONSE_STANDARDS
from models.text import LANGUAGES

_ROWS_MAX = 20_000  # how far down the drop-down lists reach
_SYSTEMS = ("wgs84", "cgcs2000", "gcj02", "bd09")


Setting = tuple[str, object, str, tuple[str, ...]]  # key, value, message, choices

_SETTINGS: tuple[Setting, ...] = (
    ("name", None, "template.name", ()),
    ("crs", None, "template.crs", _SYSTEMS),
    ("new_stations", None, "template.new_stations", ()),
    ("new_stations.small", None, "template.new_stations_small", ()),
    ("standard", "china", "template.standard", tuple(RESPONSE_STANDARDS)),
    ("network", None, "template.network", ()),
    ("detour_factor", None, "template.detour_factor", ()),
)
_FACILITIES: tuple[Setting, ...] = (
    ("kind", PLAIN_FACILITIES, "template.kind", ()),
    ("name", None, "template.name", ()),
    ("crs", None, "template.crs", _SYSTEMS),
    ("facility", None, "template.facility", ()),
    ("goal", Goal.COVER.value, "template.goal", tuple(Goal)),
    ("number", None, "template.number", ()),
    ("budget", None, "template.budget", ()),
    ("radius", None, "template.radius", ()),
    ("measure", "metres", "template.measure", ("metres", "seconds")),
    ("weight", None, "template.weight", ()),
    ("unreached", None, "template.unreached", ()),
    ("front", None, "template.front", ("cost", "longest_way")),
    ("network", None, "template.network", ()),
    ("detour_factor", None, "template.detour_factor", ()),
)
_SHELTERS: tuple[Setting, ...] = (
    ("kind", SHELTERS, "template.kind", ()),
    ("name", None, "template.name", ()),
    ("crs", None, "template.crs", _SYSTEMS),
    *SHELTER_FORM,
    ("network", None, "template.network", ()),
    ("detour_factor", None, "template.detour_factor", ()),
)
_DISPATCH: tuple[Setting, ...] = (
    ("kind", DISPATCH, "template.kind", ()),
    ("name", None, "template.name", ()),
    ("crs", None, "template.crs", _SYSTEMS),
    *DISPATCH_FORM,
    ("network", None, "template.network", ()),
    ("detour_factor", None, "template.detour_factor", ()),
)

_STOCKPILES: tuple[Setting, ...] = (
    ("kind", STOCKPILES, "template.kind", ()),
    ("name", None, "template.name", ()),
    ("crs", None, "template.crs", _SYSTEMS),
    *STOCK_FORM,
    ("network", None, "template.network", ()),
    ("detour_factor", None, "template.detour_factor", ()),
)


@dataclass(frozen=True)
class _Form:
    """A workbook to fill in: its sheets, its settings, and the notes before them."""

    sheets: tuple[Sheet, ...]
    settings: tuple[Setting, ...]
    notes: tuple[str, ...]


_FORMS: Mapping[str, _Form] = {
    FIRE_STATIONS: _Form(
        SHEETS, _SETTINGS, tuple(f"template.notes.{number}" for number in range(1, 11))
    ),
    SHELTERS: _Form(
        SHELTER_SHEETS,
        _SHELTERS,
        (
            *("template.notes.shelters", "template.notes.2", "template.notes.3"),
            *("template.notes.6", "template.notes.10"),
        ),
    ),
    PLAIN_FACILITIES: _Form(
        FACILITY_SHEETS,
        _FACILITIES,
        (
            *("template.notes.facilities", "template.notes.2", "template.notes.3"),
            *("template.notes.6", "template.notes.10"),
        ),
    ),
    STOCKPILES: _Form(
        STOCK_SHEETS,
        _STOCKPILES,
        (
            *("template.notes.stockpiles", "template.notes.2", "template.notes.3"),
            *("template.notes.6", "template.notes.10"),
        ),
    ),
    DISPATCH: _Form(
        DISPATCH_SHEETS,
        _DISPATCH,
        (
            *("template.notes.dispatch", "template.notes.2", "template.notes.3"),
            *("template.notes.6", "template.notes.10"),
        ),
    ),
}
KINDS = tuple(_FORMS)


def template(kind: str = FIRE_STATIONS) -> bytes:
    """Return the workbook of a kind of project, one of `KINDS`, as the bytes of an XLSX file."""
    import openpyxl  # noqa: PLC0415 - an extra

    book = openpyxl.Workbook()
    book.remove(book.active)
    form = _FORMS[kind]
    _notes(book.create_sheet("说明 Notes"), form.notes)
    _settings(book.create_sheet("参数 Settings"), form.settings)
    for sheet in form.sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _notes(sheet: Any, codes: tuple[str, ...]) -> None:
    from openpyxl.styles import Alignment  # noqa: PLC0415 - an extra

    sheet.column_dimensions["A"].width = 110
    for code in codes:
        for language in reversed(LANGUAGES):
            sheet.append((message(code, language, example=EXAMPLE),))
            sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")


def _settings(sheet: Any, settings: tuple[Setting, ...]) -> None:
    heads = (Column("项目 key", width=20), Column("取值 value", width=28), Column("", width=80))
    _head(sheet, heads)
    for number, (key, value, code, choices) in enumerate(settings, 2):
        said = " / ".join(message(code, language) for language in reversed(LANGUAGES))
        sheet.append((key, value, said))
        _choose(sheet, f"B{number}", choices)
    sheet.cell(1, 3).value = "说明 meaning"


def _fill(sheet: Any, form: Sheet) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 - an extra

    _head(sheet, form.columns)
    for row in form.rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.font = Font(italic=True, color="808080")
    for index, column in enumerate(form.columns, 1):
        letter = sheet.cell(1, index).column_letter
        _choose(sheet, f"{letter}2:{letter}{_ROWS_MAX}", column.choices)


def _head(sheet: Any, columns: tuple[Column, ...]) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 - an extra

    sheet.append([column.heading for column in columns])
    for cell, column in zip(sheet[1], columns, strict=True):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        sheet.column_dimensions[cell.column_letter].width = column.width
    sheet.freeze_panes = "A2"


def _choose(sheet: Any, cells: str, choices: tuple[str, ...]) -> None:
    """Let cells take one of ``choices`` from a list."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - an extra

    if not choices:
        return
    form = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    sheet.add_data_validation(form)
    form.add(cells)
