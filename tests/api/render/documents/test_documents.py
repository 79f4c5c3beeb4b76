import io
import shutil
import subprocess
from pathlib import Path

import pytest

from api.render.documents import fonts, map_picture, pdf, word
from api.render.files.errors import FileError
from api.render.html import all_tables
from api.render.names import Names
from models.backdrop import BackdropShape
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.geometry import LineString
from models.roads import ScenarioTravel, TravelReport
from models.text import Language
from tests.api.render.answers import answer, infeasible, request

pytest.importorskip("matplotlib", reason="needs the extra “documents”")
pytest.importorskip("fpdf", reason="needs the extra “documents”")
docx = pytest.importorskip("docx", reason="needs the extra “documents”")

ROAD = LineString(coordinates=((114.30, 22.70), (114.32, 22.71)))
has_font = pytest.mark.skipif(
    fonts.chinese_font() is None, reason="no Chinese font: apt-get install fonts-wqy-microhei"
)


def asked() -> FireStationRequest:
    river = BackdropShape(kind="water", geometry=ROAD)
    return request(site_name="新站").model_copy(update={"backdrop": (river,)})


def travelled() -> FireStationAnswer:
    flood = ScenarioTravel(scenario_id="peak", closures=("f",), closed_roads=ROAD)
    found = TravelReport(method="straight_line", scenarios=(flood,))
    return answer().model_copy(update={"travel": found})


def read(data: bytes, folder: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext: apt-get install poppler-utils")
    file = folder / "report.pdf"
    file.write_bytes(data)
    done = subprocess.run([program, str(file), "-"], capture_output=True, check=True)  # noqa: S603  a fixed program
    return "".join(done.stdout.decode("utf-8").split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@has_font
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pdf_can_be_searched_for_every_table_and_warning(
    language: Language, tmp_path: Path
) -> None:
    text = read(pdf(asked(), travelled(), language), tmp_path)
    names = Names(asked(), language)
    assert all(squeezed(table.title) in text for table in all_tables(names, travelled()))
    assert squeezed(names.say("report.illustrative_banner")) in text
    assert squeezed(names.say("travel.straight_line")) in text
    assert "新站" in text


@has_font
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_word_document_holds_every_table_and_chinese_name(language: Language) -> None:
    paper = docx.Document(io.BytesIO(word(asked(), travelled(), language)))
    names = Names(asked(), language)
    titles = {paragraph.text for paragraph in paper.paragraphs}
    found = all_tables(names, travelled())
    assert {table.title for table in found} <= titles
    assert [len(grid.rows) - 1 for grid in paper.tables] == [len(one.rows) for one in found]
    assert any("新站" in cell.text for cell in paper.tables[0].columns[0].cells)
    assert names.say("travel.straight_line") in titles


@has_font
def test_a_conflict_is_told_on_paper_without_a_plan() -> None:
    paper = docx.Document(io.BytesIO(word(asked(), infeasible(), "zh")))
    titles = {paragraph.text for paragraph in paper.paragraphs}
    assert Names(asked(), "zh").say("report.conflict") in titles


@has_font
def test_the_map_shows_cells_stations_backdrop_and_closed_roads() -> None:
    image = pytest.importorskip("matplotlib.image")
    pixels = image.imread(io.BytesIO(map_picture(asked(), travelled(), "zh")))
    height, width = pixels.shape[:2]
    assert width > 1000 and height > 500  # noqa: PT018
    colors = {tuple(round(float(part) * 255) for part in row[:3]) for row in pixels.reshape(-1, 4)}
    assert {(0x0B, 0x5F, 0xA5), (0xC0, 0x20, 0x20), (0x3B, 0x46, 0x52)} <= colors


def test_no_map_is_drawn_without_a_plan() -> None:
    with pytest.raises(FileError, match="answer with a plan"):
        map_picture(asked(), infeasible(), "en")


def test_a_missing_font_names_what_brings_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    assert fonts.font_for("Pingshan") is None
    with pytest.raises(FileError, match="fonts-wqy-microhei"):
        fonts.font_for("坪山")
