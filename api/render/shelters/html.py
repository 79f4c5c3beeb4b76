"""Parts of a report on shelters: each a title and a piece of HTML, escaped."""

from collections.abc import Iterable

from api.render.parts import lines_html, sections_of
from api.render.shelters.sheets import SHEET, tables_and_sheets
from api.render.shelters.text import summary
from api.render.tables import Table
from models.messages import message
from models.shelters import ShelterAnswer, ShelterRequest
from models.text import Language


def sections(
    request: ShelterRequest, answer: ShelterAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, every table, a sheet per community."""
    first = (message("shelters.summary", language), lines_html(summary(request, answer, language)))
    return (first, *paged(tables_and_sheets(request, answer, language), language))


def paged(tables: Iterable[Table], language: Language) -> tuple[tuple[str, str], ...]:
    """Return each table as a section; a community's sheet ends its page when printed."""
    made = tuple(tables)
    parts = sections_of(made, language)
    return tuple(_paged(one, part) for one, part in zip(made, parts, strict=True))


def _paged(table: Table, part: tuple[str, str]) -> tuple[str, str]:
    title, body = part
    sheet = table.key.startswith(SHEET)
    return title, f'<div style="break-after: page">{body}</div>' if sheet else body
