"""The report as PDF."""

import io
import logging
import struct
from typing import Any

from api.render.documents.content import (
    Block,
    Heading,
    Line,
    Picture,
    blocks,
    first_cells,
    text_of,
)
from api.render.documents.fonts import font_for, plain_font
from api.render.files.errors import needs_library
from api.render.html import TableView
from api.render.names import Names
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import Language

_INK, _AMBER, _QUIET = (28, 39, 51), (122, 74, 0), (85, 98, 110)
_SIZES_PT = {0: 20.0, 1: 15.0, 2: 12.0, 3: 10.5}
_TEXT_PT, _CELL_PT, _SMALL_CELL_PT = 10.0, 8.0, 6.5
_MANY_COLUMNS = 8
_FONT, _FALLBACK = "report", "plain"
_LEAST_ROOM_MM = 30.0
_HEADINGS_MM = 16.0
_PNG_SIZE = slice(16, 24)  # where a PNG says its width and height


def pdf(request: FireStationRequest, answer: FireStationAnswer, language: Language) -> bytes:
    """Return the report as PDF, its font embedded; text can be searched and copied."""
    made = blocks(request, answer, language)
    page = _page(text_of(made), request.name.text(language), language)
    names = Names(request, language)
    for index, one in enumerate(made):
        if isinstance(one, Heading):
            _keep_with_picture(page, made[index + 1 : index + 3])
        _write(page, names, one)
    return bytes(page.output())


def _page(text: str, title: str, language: Language) -> Any:
    font = font_for(text)
    try:
        from fpdf import FPDF  # noqa: PLC0415  comes with an extra
    except ImportError as error:
        raise needs_library("fpdf2", "documents") from error
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    page = FPDF(format="A4")
    page.add_font(_FALLBACK, fname=str(plain_font()))
    page.add_font(_FONT, fname=str(font or plain_font()))
    page.set_fallback_fonts([_FALLBACK])
    page.set_title(title)
    page.set_lang("en" if language == "en" else "zh-Hans")
    page.set_auto_page_break(auto=True, margin=15)
    page.add_page()
    return page


def _write(page: Any, names: Names, one: Block) -> None:
    match one:
        case Heading():
            _heading(page, one.text, one.level)
        case Line():
            _line(page, one)
        case Picture():
            page.image(io.BytesIO(one.data), w=page.epw, alt_text=one.text)
            page.ln(3)
        case TableView():
            _table(page, names, one)


def _keep_with_picture(page: Any, after: tuple[Block, ...]) -> None:
    """Begin a page where the picture that a heading stands over no longer fits on this one."""
    picture = next((one for one in after if not isinstance(one, Heading)), None)
    if isinstance(picture, Picture):
        width, height = struct.unpack(">II", picture.data[_PNG_SIZE])
        if page.will_page_break(page.epw * height / width + _HEADINGS_MM):
            page.add_page()


def _heading(page: Any, text: str, level: int) -> None:
    if page.will_page_break(_LEAST_ROOM_MM):
        page.add_page()
    page.ln(2 if level else 0)
    _paragraph(page, text, _SIZES_PT[level], _INK)
    page.ln(1)


def _line(page: Any, line: Line) -> None:
    text = f"• {line.text}" if line.kind == "item" else line.text
    color = {"warning": _AMBER, "note": _QUIET}.get(line.kind, _INK)
    size_pt = _SIZES_PT[2] if line.kind == "headline" else _TEXT_PT
    _paragraph(page, text, size_pt, color)


def _paragraph(page: Any, text: str, size_pt: float, color: tuple[int, int, int]) -> None:
    page.set_font(_FONT, size=size_pt)
    page.set_text_color(*color)
    page.multi_cell(0, size_pt * 0.55, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _table(page: Any, names: Names, view: TableView) -> None:
    _heading(page, view.title, 2)
    if view.note:
        _line(page, Line(view.note, "note"))
    many = len(view.columns) > _MANY_COLUMNS
    page.set_font(_FONT, size=_SMALL_CELL_PT if many else _CELL_PT)
    page.set_text_color(*_INK)
    align = tuple("RIGHT" if number else "LEFT" for _, number in view.columns)
    rows = first_cells(names, view)
    with page.table(
        text_align=align,
        col_widths=_widths(view, rows),
        headings_style=_head_style(),
        borders_layout="HORIZONTAL_LINES",
        line_height=4.2,
        padding=0.6,
    ) as grid:
        for row in (tuple(title for title, _ in view.columns), *rows):
            made = grid.row()
            for text in row:
                made.cell(text)
    page.ln(3)


def _head_style() -> Any:
    from fpdf.fonts import FontFace  # noqa: PLC0415  comes with an extra

    return FontFace(color=_QUIET, emphasis="")


def _widths(view: TableView, rows: list[tuple[str, ...]]) -> tuple[int, ...]:
    """Return columns' shares of the page by the longest text in each, none too thin."""
    titles = tuple(title for title, _ in view.columns)
    columns = zip(titles, *rows, strict=True)
    return tuple(min(max(*map(_length, column), 7), 40) for column in columns)


def _length(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)
