"""Pieces of HTML that reports of all kinds are made of, escaped."""

from collections.abc import Iterable
from html import escape

from api.render.tables import Table, formatted
from models.text import Language

_NUMBERS = frozenset(
    {"count", "number", "share", "minutes", "seconds", "money", "area", "distance"}
)


def table_html(table: Table, language: Language) -> str:
    """Return a table as HTML, numbers to the right, its note below it."""
    titles, rows = formatted(table, language)
    marks = [' class="number"' if one.kind in _NUMBERS else "" for one in table.columns]
    head = "".join(
        f'<th scope="col"{mark}>{escape(title)}</th>'
        for title, mark in zip(titles, marks, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{mark}>{escape(cell)}</td>" for cell, mark in zip(row, marks, strict=True))
        + "</tr>"
        for row in rows
    )
    note = "" if table.note is None else f'<p class="note">{escape(table.note)}</p>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def sections_of(tables: Iterable[Table], language: Language) -> tuple[tuple[str, str], ...]:
    """Return each table as a section of a report."""
    return tuple((one.title, table_html(one, language)) for one in tables)


def lines_html(text: str) -> str:
    """Return plain text as HTML that keeps its lines."""
    return f"<pre>{escape(text)}</pre>"


def list_html(lines: Iterable[str]) -> str:
    """Return lines as a list."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
