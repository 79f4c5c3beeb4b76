"""The storekeeper's workbook: the book, a sheet a period of what to do, and the plan's tables.

Its first columns are for people and for the import that reads it back; what the storekeeper fills
in is left empty and coloured. No cell is ever a formula.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from api.render.files.about import about_any
from api.render.files.workbook import empty_book, fill_sheet, put, table_sheet, title_for
from api.render.rotation.lines import Line, lines
from api.render.rotation.names import RotationNames
from api.render.rotation.tables import all_tables
from models.messages import message
from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.rotation.storekeeping import (
    BOOK_COLUMNS,
    BOOK_SHEET,
    LINE_COLUMNS,
    NOTES_SHEET,
    Heading,
    PickList,
)
from models.text import LANGUAGES, Language

_SHEETS = 12  # periods that get a sheet of work; the tables hold all
_FILLED_IN = frozenset({"done", "unit", "new_expiry", "remark", "counted"})
_COLOUR = "FFF2CC"
_HEAD = "DCE6F1"

Cells = dict[str, Any]


def storekeepers_workbook(
    request: RotationRequest, answer: RotationAnswer, language: Language
) -> bytes:
    """Return the workbook of a plan.

    Raises
    ------
    FileError
        The library that writes workbooks is missing.
    """
    names = RotationNames(request, language)
    book = empty_book()
    first = book.active
    first.title = NOTES_SHEET
    _notes(first, about_any(request.name.text(language), answer, language))
    _sheet(book, BOOK_SHEET, BOOK_COLUMNS, (_entry(names, n) for n in range(len(request.lots))))
    if answer.plan is not None:
        _periods(book, names, answer.plan)
    for table in all_tables(request, answer, language):
        table_sheet(book, table, language)
    return _bytes(book)


def pick_workbook(request: RotationRequest, picks: PickList, language: Language) -> bytes:
    """Return a sheet for each vehicle: which lots, in how many packs, how heavy, where to."""
    names = RotationNames(request, language)
    book = empty_book()
    first = book.active
    first.title = NOTES_SHEET
    _notes(first, ((message("rotation.pick.day", language), str(picks.day)),))
    for vehicle in dict.fromkeys(one.vehicle for one in picks.picks):
        mine = [one for one in picks.picks if one.vehicle == vehicle]
        rows = (
            {
                "action": _action("issue"),
                "vehicle": one.vehicle,
                "depot": one.depot_id,
                "item": one.item_id,
                "lot": one.lot_id,
                "expires": one.expires_on,
                "planned": one.quantity,
                "packs": names.packed(one.item_id, one.quantity),
                "weight_kg": round(one.weight_kg, 2),
                "to": one.destination,
            }
            for one in mine
        )
        _sheet(book, vehicle, LINE_COLUMNS, rows)
    return _bytes(book)


def _bytes(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _notes(sheet: Any, said: Iterable[tuple[str, str]]) -> None:
    notes = (
        ("", message(f"rotation.notes.{number}", language))
        for number in range(1, 7)
        for language in reversed(LANGUAGES)
    )
    fill_sheet(sheet, ("", ""), (*said, *notes))


def _periods(book: Any, names: RotationNames, plan: RotationPlan) -> None:
    by_period: dict[int, list[Line]] = {}
    for line in lines(names, plan):
        by_period.setdefault(line.period, []).append(line)
    for t, period in enumerate((plan.periods or ())[:_SHEETS]):
        rows = (_line(names, one) for one in by_period.get(t, ()))
        _sheet(book, names.period(period), LINE_COLUMNS, rows)


def _entry(names: RotationNames, n: int) -> Cells:
    lot = names.request.lots[n]
    return {
        "lot": lot.id,
        "depot": lot.depot_id,
        "item": lot.item_id,
        "quantity": lot.quantity,
        "expires": lot.expires_on,
        "packs": None if lot.quantity is None else names.packed(lot.item_id, lot.quantity),
    }


def _line(names: RotationNames, one: Line) -> Cells:
    return {
        "action": _action(one.action),
        "depot": one.depot_id,
        "item": one.item_id,
        "lot": one.lot_id,
        "expires": one.expires_on,
        "planned": round(one.quantity, 4),
        "packs": names.packed(one.item_id, one.quantity),
        "weight_kg": round(one.quantity * names.item[one.item_id].weight_kg, 2),
        "to": one.to,
        "arrives": one.arrives_on,
    }


def _action(action: str) -> str:
    """Return an action in Chinese and its key, which the import knows it by."""
    return f"{message(f'rotation.action.{action}', 'zh')} {action}"


def _sheet(book: Any, title: str, columns: Sequence[Heading], rows: Iterable[Cells]) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415  comes with an extra

    sheet = book.create_sheet(title_for(book.sheetnames, title))
    for place, column in enumerate(columns, 1):
        head = sheet.cell(1, place)
        put(head, column.text)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor=_HEAD)
        sheet.column_dimensions[head.column_letter].width = column.width
    for number, cells in enumerate(rows, 2):
        for place, column in enumerate(columns, 1):
            cell = sheet.cell(number, place)
            put(cell, cells.get(column.key))
            if column.key in _FILLED_IN:
                cell.fill = PatternFill("solid", fgColor=_COLOUR)
    sheet.freeze_panes = "A2"
