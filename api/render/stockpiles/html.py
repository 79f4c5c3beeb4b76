"""Parts of a report on stockpiles: each a title and a piece of HTML, escaped."""

from api.render.parts import lines_html, sections_of
from api.render.stockpiles.tables import all_tables
from api.render.stockpiles.text import summary
from models.messages import message
from models.stockpiles import StockAnswer, StockRequest
from models.text import Language


def sections(
    request: StockRequest, answer: StockAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, then every table."""
    said = lines_html(summary(request, answer, language))
    first = (message("stockpiles.summary", language), said)
    return (first, *sections_of(all_tables(request, answer, language), language))
