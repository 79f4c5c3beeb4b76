"""Personal particulars in a project: they leave the tables as these are read, and every copy."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from instances.projects.roles import role_of_table
from instances.projects.rows import EXAMPLE
from instances.tables.columns import guess_columns
from instances.tables.contacts import masked, split_contacts
from instances.tables.files import Table, is_blank, read_name
from models.faults import Fault
from models.text import Text


@dataclass(frozen=True)
class Contact:
    """One personal cell: the table and the row it stood in, and that row's id or name."""

    table: str
    row: int
    id: str | None
    column: str
    value: str


def without_contacts(table: Table) -> tuple[Table, tuple[Contact, ...]]:
    """Return a table without its personal columns, and what stood in them."""
    split = split_contacts(table.rows)
    if not split.columns:
        return table, ()
    columns = tuple(one for one in table.columns if one not in split.columns)
    kept = replace(table, columns=columns, rows=tuple(map(dict, split.rows)))
    return kept, tuple(_contacts(kept, split.contacts))


def all_contacts(table: Table) -> tuple[Contact, ...]:
    """Return every cell of a table that holds nothing but contacts."""
    rows = [{"row": at} | row for at, row in enumerate(table.rows)]
    return tuple(_contacts(table, rows))


def _contacts(table: Table, found: Iterable[Mapping[str, object]]) -> Iterator[Contact]:
    known = guess_columns(table)
    keys = [known[one] for one in ("id", "name") if one in known]
    for told in found:
        at = int(str(told["row"]))
        said = (read_name(table.rows[at].get(key)) for key in keys)
        name = next((one for one in said if one is not None), None)
        if name is not None and name.casefold().startswith(EXAMPLE):
            continue
        for column, value in told.items():
            shown = read_name(value)
            if column != "row" and column not in keys and shown is not None:
                yield Contact(table.name, table.numbers[at], name, column, shown)


def discreet(fault: Fault) -> Fault:
    """Return a fault in which no telephone or identity-card number is quoted."""
    values = {
        key: masked(value) if isinstance(value, str) else value
        for key, value in fault.need.values.items()
    }
    shown = None if fault.value is None else masked(fault.value)
    need = Text(code=fault.need.code, values=values)
    return Fault(path=masked(fault.path), value=shown, need=need)


def discreet_copy(workbook: bytes) -> bytes:
    """Return a workbook without its sheets of contacts, and with its personal columns empty.

    Telephone and identity-card numbers in other texts are masked. What is no workbook comes back
    as it is.
    """
    import openpyxl  # noqa: PLC0415 - an extra

    try:
        book = openpyxl.load_workbook(io.BytesIO(workbook))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, TypeError):
        return workbook
    for sheet in book.worksheets:
        if role_of_table(sheet.title) == "contacts" and len(book.worksheets) > 1:
            book.remove(sheet)
        else:
            _empty(sheet)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _empty(sheet: Any) -> None:
    """Empty the cells of a sheet's personal columns, and mask what is personal in others."""
    rows = [row for row in sheet.iter_rows() if any(not is_blank(cell.value) for cell in row)]
    heads = (
        ["" if is_blank(cell.value) else str(cell.value).strip() for cell in rows[0]]
        if rows
        else []
    )
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
