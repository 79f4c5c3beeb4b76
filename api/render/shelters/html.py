"""Parts of a report on shelters: each a title and a piece of HTML, escaped."""

from html import escape

from api.render.shelters.sheets import sheets
from api.render.shelters.tables import all_tables
from api.render.shelters.text import summary
from api.render.tables import Table, formatted
from models.messages import message
from models.shelters import ShelterAnswer, ShelterRequest
from models.text import Language


def sections(
    request: ShelterRequest, answer: ShelterAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, every table, a sheet per community."""
    first = (message("shelters.summary", language), _lines(summary(request, answer, language)))
    tables = all_tables(request, answer, language)
    printed = () if answer.plan is None else sheets(request, answer.plan, language)
    return (first, *((one.title, _table(one, language)) for one in (*tables, *printed)))


def _lines(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _table(table: Table, language: Language) -> str:
    titles, rows = formatted(table, language)
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    note = "" if table.note is None else f"<p>{escape(table.note)}</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
