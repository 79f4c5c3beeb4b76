"""The workbook that asked, as it is handed back: without our own marks, and without contacts."""

import io
from typing import Any

from instances.projects.comments import unmark
from instances.projects.roles import role_of_table, sheets_of_ours
from instances.tables.contacts import masked, split_contacts
from instances.tables.files import is_blank
from instances.tables.workbooks import DamagedError, TooLargeError, read_book


def clean_copy(workbook: bytes, *, with_contacts: bool = False) -> bytes:
    """Return a workbook without the answers, comments and lists of an earlier run.

    Unless they are asked for its sheets of contacts are gone, its personal columns empty, and
    telephone and identity-card numbers in other texts masked. What is no workbook comes back as
    it is.
    """
    try:
        book = read_book(workbook)
    except (TooLargeError, DamagedError):
        return workbook
    gone = set(sheets_of_ours(book.sheetnames))
    if not with_contacts:
        gone |= {one for one in book.sheetnames if role_of_table(one) == "contacts"}
    for sheet in book.worksheets:
        if sheet.title in gone and len(book.worksheets) > 1:
            book.remove(sheet)
            continue
        unmark(sheet)
        if not with_contacts:
            _empty(sheet)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _empty(sheet: Any) -> None:
    """Empty the cells of a sheet's personal columns, and mask what is personal in others."""
    rows = [row for row in sheet.iter_rows() if any(not is_blank(cell.value) for cell in row)]
    if not rows:
        return
    heads = ["" if is_blank(cell.value) else str(cell.value).strip() for cell in rows[0]]
    told = [
        {head: cell.value for head, cell in zip(heads, row, strict=True) if head}
        for row in rows[1:]
    ]
    personal = split_contacts(told).columns
    for number, row in enumerate(rows):
        for head, cell in zip(heads, row, strict=True):
            filled = cell.value is not None or cell.comment is not None  # merged cells never are
            if filled and number and head in personal:
                cell.value = cell.comment = cell.hyperlink = None
            elif cell.data_type == "s" and masked(str(cell.value)) != cell.value:
                cell.value = masked(str(cell.value))
