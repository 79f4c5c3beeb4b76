"""What is wrong with a workbook, written beside the very cells."""

import io
import re
from typing import Any

from instances.tables.workbooks import read_book
from models.faults import Fault
from models.messages import message, render
from models.text import Language

_AUTHOR = "Muster"
_COLOUR = "FFC7CE"
_CELL = re.compile(r"^[A-Z]{1,3}[1-9]\d*$")


def commented(workbook: bytes, faults: tuple[Fault, ...], language: Language) -> bytes:
    """Return the workbook with a comment on each faulty cell, and all faults on a first sheet.

    A fault's path names the cell as the import does: ``file:sheet:row:column``, a heading by
    ``file:sheet:column``.

    Raises
    ------
    TooLargeError, DamagedError
        It is too large to be read; it is no workbook.
    """
    from openpyxl.comments import Comment  # noqa: PLC0415 - an extra
    from openpyxl.styles import PatternFill  # noqa: PLC0415 - an extra

    book = read_book(workbook)
    said: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        cell = _cell(book, fault.path)
        if cell is not None:
            said.setdefault(cell, []).append(render(fault.need, language))
    for (sheet, at), texts in said.items():
        cell = book[sheet][at]
        cell.comment = Comment("\n".join(texts), _AUTHOR)
        cell.fill = PatternFill("solid", fgColor=_COLOUR)
    _list(book, faults, language)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def by_cell(workbook: bytes, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Return the faults by the cells a spreadsheet shows, ``sheet!C5``, as far as they lie in one.

    Raises
    ------
    TooLargeError, DamagedError
        It is too large to be read; it is no workbook.
    """
    book = read_book(workbook)
    cells = [_cell(book, one.path) for one in faults]
    return tuple(
        one if cell is None else one.model_copy(update={"path": "!".join(cell)})
        for one, cell in zip(faults, cells, strict=True)
    )


def unmark(sheet: Any) -> None:
    """Take the comments and colours of an earlier run off a sheet; those of others stay."""
    from openpyxl.styles import PatternFill  # noqa: PLC0415 - an extra

    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if cell.comment is not None and cell.comment.author == _AUTHOR:
            cell.comment = None
            if str(cell.fill.fgColor.rgb).endswith(_COLOUR):
                cell.fill = PatternFill()


def _cell(book: Any, path: str) -> tuple[str, str] | None:
    """Return sheet and coordinate of the cell that a fault's path names, None where none."""
    _, *rest = path.split(":", 3)
    if len(rest) < 2 or rest[0] not in book.sheetnames:
        return None
    sheet = book[rest[0]]
    heads = {str(cell.value).strip(): cell.column_letter for cell in sheet[1]}
    if len(rest) == 2:
        at = rest[1] if _CELL.match(rest[1]) else f"{heads.get(rest[1], '')}1"
        return (rest[0], at) if _CELL.match(at) else None
    letter = heads.get(rest[2].strip())
    return (rest[0], f"{letter}{rest[1]}") if letter is not None and rest[1].isdigit() else None


def _list(book: Any, faults: tuple[Fault, ...], language: Language) -> None:
    """Put the list of all faults first; texts stay texts, whatever they begin with."""
    sheet = book.create_sheet(message("project.faults_sheet", language), 0)
    for number, fault in enumerate(faults, 1):
        for column, text in enumerate((fault.path, fault.value, render(fault.need, language)), 1):
            cell = sheet.cell(number, column)
            cell.value = text
            if text is not None:
                cell.data_type = "s"
                cell.quotePrefix = text[:1] in tuple("=+-@\t\r")
    for letter, width in (("A", 50), ("B", 24), ("C", 90)):
        sheet.column_dimensions[letter].width = width
