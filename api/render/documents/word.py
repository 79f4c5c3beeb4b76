"""The report as a Word document."""

import io
from typing import Any

from api.render.documents.content import Block, Heading, Line, Picture, blocks, first_cells
from api.render.files.errors import needs_library
from api.render.html import TableView
from api.render.names import Names
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import Language

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")
_LINE_STYLES = {"item": "List Bullet", "warning": "Intense Quote", "headline": "Subtitle"}
_PICTURE_CM, _CELL_PT = 16.0, 8


def word(request: FireStationRequest, answer: FireStationAnswer, language: Language) -> bytes:
    """Return the report as DOCX, to be edited and put into other documents."""
    try:
        import docx  # noqa: PLC0415  comes with an extra
    except ImportError as error:
        raise needs_library("python-docx", "documents") from error
    names = Names(request, language)
    paper = docx.Document()
    for style in (*_STYLES, *_LINE_STYLES.values()):
        _set_fonts(paper.styles[style])
    paper.core_properties.title = request.name.text(language)
    paper.core_properties.author = ""
    for one in blocks(request, answer, language):
        _write(paper, names, one)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _set_fonts(style: Any) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415  comes with an extra

    style.font.name = _LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _CHINESE)


def _write(paper: Any, names: Names, one: Block) -> None:
    from docx.shared import Cm  # noqa: PLC0415  comes with an extra

    match one:
        case Heading():
            paper.add_heading(one.text, one.level)
        case Line():
            paper.add_paragraph(one.text, style=_LINE_STYLES.get(one.kind))
        case Picture():
            paper.add_picture(io.BytesIO(one.data), width=Cm(_PICTURE_CM))
        case TableView():
            _table(paper, names, one)


def _table(paper: Any, names: Names, view: TableView) -> None:
    paper.add_heading(view.title, 2)
    if view.note:
        paper.add_paragraph(view.note)
    rows = [tuple(title for title, _ in view.columns), *first_cells(names, view)]
    grid = paper.add_table(len(rows), len(view.columns), style="Light List Accent 1")
    cells = grid._cells  # noqa: SLF001  asked for once: the public way is quadratic
    texts = [text for row in rows for text in row]
    numbers = [number for _, number in view.columns] * len(rows)
    for cell, text, is_number in zip(cells, texts, numbers, strict=True):
        _fill(cell, text, is_number=is_number)
    paper.add_paragraph()


def _fill(cell: Any, text: str, *, is_number: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  comes with an extra
    from docx.shared import Pt  # noqa: PLC0415  comes with an extra

    paragraph = cell.paragraphs[0]
    paragraph.add_run(text).font.size = Pt(_CELL_PT)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
