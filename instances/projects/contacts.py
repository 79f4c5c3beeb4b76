"""Personal particulars in a project: they leave the tables as these are read, and every copy."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from instances.projects.rows import EXAMPLE
from instances.tables.columns import guess_columns
from instances.tables.contacts import masked, split_contacts
from instances.tables.files import Table, read_name
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
