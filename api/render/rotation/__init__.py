"""A rotation answer for people: text, tables, map layers, and the storekeeper's workbook."""

from api.render.parts import lines_html, sections_of
from api.render.rotation.layers import layers as layers
from api.render.rotation.side import side as side
from api.render.rotation.tables import actions as actions
from api.render.rotation.tables import all_tables as all_tables
from api.render.rotation.text import summary as summary
from models.messages import message
from models.rotation import RotationAnswer, RotationRequest
from models.text import Language


def sections(
    request: RotationRequest, answer: RotationAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, then every table."""
    first = (message("rotation.summary", language), lines_html(summary(request, answer, language)))
    return (first, *sections_of(all_tables(request, answer, language), language))
