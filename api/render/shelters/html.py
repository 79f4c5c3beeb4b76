"""Parts of a report on shelters: each a title and a piece of HTML, escaped."""

from api.render.parts import lines_html, sections_of
from api.render.shelters.sheets import tables_and_sheets
from api.render.shelters.text import summary
from models.messages import message
from models.shelters import ShelterAnswer, ShelterRequest
from models.text import Language


def sections(
    request: ShelterRequest, answer: ShelterAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, every table, a sheet per community."""
    first = (message("shelters.summary", language), lines_html(summary(request, answer, language)))
    return (first, *sections_of(tables_and_sheets(request, answer, language), language))
