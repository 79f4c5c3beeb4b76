"""What the report says on paper, in its order, whatever writes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.render.cells import Cells
from api.render.council import Card, CouncilPage, council_page
from api.render.documents.fonts import font_for
from api.render.documents.picture import map_picture, plot_picture
from api.render.framing import standing
from api.render.geojson import placing
from api.render.html import TableView, banners, left_out, table_view, tables
from api.render.names import Names
from api.render.plots import plots
from api.render.run_tables import assumptions, conflict, record
from api.render.tables import Table
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import Language


@dataclass(frozen=True)
class Heading:
    """A heading; level 0 is the title."""

    text: str
    level: int


@dataclass(frozen=True)
class Line:
    """A paragraph: plain, a warning, a note, or one of a list."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True)
class Picture:
    """A picture as PNG, with what it shows."""

    data: bytes
    text: str


Block = Heading | Line | Picture | TableView


def blocks(
    request: FireStationRequest, answer: FireStationAnswer, language: Language
) -> tuple[Block, ...]:
    """Return all that the report says: warnings, the council's page, map, plots, tables."""
    names = Names(request, language)
    return (
        Heading(request.name.text(language), 0),
        Line(names.say(f"status.{standing(answer.run)}")),
        *(Line(text, "warning") for _, text in banners(names, answer)),
        *_titled(names, "report.conflict", (conflict(names, answer),)),
        *_council(names, answer),
        *_pictures(names, answer),
        *_tables(names, answer),
        *_titled(names, "report.rests_on", (assumptions(names, answer), record(names, answer))),
    )


def text_of(made: Iterable[Block]) -> str:
    """Return every sign that blocks show."""
    said: list[str] = []
    for one in made:
        if isinstance(one, TableView):
            said += [one.title, one.note or "", *(title for title, _ in one.columns)]
            said += [text for cells, _ in one.rows for text in cells]
        else:
            said.append(one.text)
    return "".join(said)


def first_cells(names: Names, view: TableView) -> list[tuple[str, ...]]:
    """Return a table's rows, invented ones marked in their first cell."""
    mark = f" [{names.say('report.illustrative')}]"
    return [
        (cells[0] + mark, *cells[1:]) if illustrative else cells
        for cells, illustrative in view.rows
    ]


def _titled(names: Names, code: str, found: Iterable[Table | None]) -> Iterable[Block]:
    views = [view for one in found if (view := table_view(names, one)) is not None]
    return (Heading(names.say(code), 1), *views) if views else ()


def _council(names: Names, answer: FireStationAnswer) -> Iterable[Block]:
    if answer.plan is None:
        return
    page = council_page(names, answer, answer.plan)
    yield Heading(names.say("report.for_council"), 1)
    if page.headline:
        yield Line(page.headline, "headline")
    yield Heading(names.say("report.gained"), 2)
    yield from _cards(names, page.gained)
    yield Heading(names.say("report.where"), 2)
    yield from _where(names, page)
    yield Heading(names.say("report.cost"), 2)
    yield from _cards(names, page.costs)
    yield Heading(names.say("report.left"), 2)
    yield from _cards(names, page.left)
    yield from _listed(names, "report.why", page.reasons)
    if page.reasons_note:
        yield Line(page.reasons_note, "note")
    yield from _listed(names, "report.worst_areas", page.worst_areas)


def _where(names: Names, page: CouncilPage) -> Iterable[Block]:
    mark = f" [{names.say('report.illustrative')}]"
    for one in page.openings:
        invented = mark if one.illustrative else ""
        label = f"{one.order}. {one.site}{invented}"
        yield Line(names.say("document.item", label=label, value=one.text), "item")
    if not page.openings:
        yield Line(names.say("summary.no_changes"), "item")
    yield from (Line(text, "item") for text in page.closed)


def _cards(names: Names, cards: Iterable[Card]) -> Iterable[Line]:
    for card in cards:
        text = names.say("document.item", label=card.label, value=card.value)
        for note in card.notes:
            text = names.say("document.noted", text=text, note=note)
        yield Line(text, "item")


def _listed(names: Names, code: str, texts: tuple[str, ...]) -> Iterable[Block]:
    if texts:
        yield Heading(names.say(code), 3)
        yield from (Line(text, "item") for text in texts)


def _pictures(names: Names, answer: FireStationAnswer) -> Iterable[Block]:
    if answer.plan is None:
        return
    title = names.say("report.static_map")
    if placing(names.request) != "unplaced":
        yield Heading(names.say("report.map"), 1)
        yield Picture(map_picture(names.request, answer, names.language), title)
    else:
        yield Line(names.say("report.no_map.unplaced"), "note")
    made = plots(names, Cells(names.request, answer), answer)
    if made:
        yield Heading(names.say("report.plots"), 1)
        font = font_for(str(made))
        for one in made:
            yield Heading(one["title"], 2)
            yield Picture(plot_picture(one, font), one["title"])


def _tables(names: Names, answer: FireStationAnswer) -> Iterable[Block]:
    for part, found in tables(names, answer).items():
        yield from _titled(names, f"report.tables.{part}", found)
        if part == "reasons":
            for text in left_out(names, answer):
                yield Line(names.say("note.left_out", parts=text), "note")
