"""Tables: columns that know their unit, rows of plain numbers; as text cells, frames or CSV.

Inside a table numbers keep their base units (seconds, metres, plain amounts); `cell` and
`formatted` turn them into what people read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from models.messages import formats, message
from models.text import Language

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal[
    "text",
    "count",
    "number",
    "share",
    "gap",
    "minutes",
    "seconds",
    "money",
    "area",
    "distance",
    "flag",
]
Value = str | float | bool | None


@dataclass(frozen=True)
class Column:
    """One column: its key in a frame, its title for people, its unit."""

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Row:
    """One row; ``kind`` given stands for that of its columns (a table of mixed figures).

    ``key`` names a row of such a table whatever the language.
    """

    cells: tuple[Value, ...]
    illustrative: bool = False
    kind: Kind | None = None
    key: str = ""


@dataclass(frozen=True)
class Table:
    """A titled table; its key names it in files and links."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str | None = None
    currency: str | None = None

    @property
    def has_illustrative(self) -> bool:
        """Whether any row rests on invented data."""
        return any(row.illustrative for row in self.rows)


def columns(language: Language, *specification: str) -> tuple[Column, ...]:
    """Return columns from ``key`` or ``key:kind``, titled by the messages ``column.key``.

    Examples
    --------
    >>> columns("en", "site", "capital:money")[1]
    Column(key='capital', title='Capital cost', kind='money')
    """
    made = []
    for one in specification:
        key, _, kind = one.partition(":")
        made.append(Column(key, message(f"column.{key}", language), _kind(kind)))
    return tuple(made)


def _kind(name: str) -> Kind:
    kinds: dict[str, Kind] = {
        "": "text",
        "text": "text",
        "count": "count",
        "number": "number",
        "share": "share",
        "gap": "gap",
        "minutes": "minutes",
        "seconds": "seconds",
        "money": "money",
        "area": "area",
        "distance": "distance",
        "flag": "flag",
    }
    return kinds[name]


def kind_of_unit(unit: str) -> Kind:
    """Return the kind of column that values in an objective's unit stand in.

    Examples
    --------
    >>> kind_of_unit("minutes"), kind_of_unit("cover")
    ('minutes', 'count')
    """
    counted = {"cover", "stations", "people"}
    return "count" if unit in counted else _kind(unit)


def build(
    key: str,
    language: Language,
    columns_: tuple[Column, ...],
    rows: Iterable[Row],
    *,
    note: str | None = None,
    currency: str | None = None,
) -> Table | None:
    """Return a table titled by the message ``table.key``; None where it has no rows."""
    kept = tuple(rows)
    if not kept:
        return None
    return Table(key, message(f"table.{key}", language), columns_, kept, note, currency)


def without_empty(table: Table, *keys: str) -> Table:
    """Return a table without those of the columns ``keys`` that no row says anything in."""
    kept = [
        n
        for n, column in enumerate(table.columns)
        if column.key not in keys or any(row.cells[n] is not None for row in table.rows)
    ]
    rows = tuple(replace(row, cells=tuple(row.cells[n] for n in kept)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[n] for n in kept), rows=rows)


def cell(value: Value, kind: Kind, language: Language, currency: str | None = None) -> str:
    """Return a value as people read it.

    Examples
    --------
    >>> cell(277.0, "minutes", "en"), cell(None, "count", "zh"), cell(True, "flag", "zh")
    ('4:37 min', '–', '是')
    """
    if value is None:
        return formats.NO_NUMBER
    if kind == "flag":
        return message("word.yes" if value else "word.no", language)
    if isinstance(value, str):
        return value
    if kind == "money":
        return formats.money(value, language, currency)
    if kind == "text":
        return formats.number(value, language)
    written: Callable[[float, Language], str] = formats.FORMATS[kind]
    return written(value, language)


def formatted(table: Table, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return a table's titles and its rows as people read them."""
    mark = f" [{message('report.illustrative', language)}]"
    titles = tuple(column.title for column in table.columns)
    rows = []
    for row in table.rows:
        said = [
            cell(value, row.kind or column.kind, language, table.currency)
            for value, column in zip(row.cells, table.columns, strict=True)
        ]
        said[0] += mark if row.illustrative else ""
        rows.append(tuple(said))
    return titles, rows


def frame(table: Table) -> "DataFrame":
    """Return a table as a data frame in base units, with a column ``illustrative``."""
    import pandas as pd  # noqa: PLC0415  slow to import, and few callers need it

    keys = [column.key for column in table.columns]
    data = pd.DataFrame([row.cells for row in table.rows], columns=keys)
    data["illustrative"] = [row.illustrative for row in table.rows]
    return data


def csv(table: Table) -> str:
    """Return a table as CSV in base units, the keys of its columns as header."""
    return str(frame(table).to_csv(index=False, lineterminator="\n"))
