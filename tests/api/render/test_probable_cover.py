"""Probable cover: from the engine through the verifier into everything that people read."""

import io
from typing import Any

import openpyxl
import pytest

from api.render.compare import compare
from api.render.figures import group
from api.render.files.workbook import workbook
from api.render.html import report
from api.render.station_side import side
from api.render.text import summary
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import Language
from optimizer import solve
from tests.api.doors import tiny


def _answered(**fields: Any) -> tuple[FireStationRequest, FireStationAnswer]:
    request = FireStationRequest.model_validate(tiny() | fields)
    return request, solve(request)


@pytest.fixture(scope="module")
def scattered() -> tuple[FireStationRequest, FireStationAnswer]:
    """The tiny request as its times scatter."""
    return _answered(time_sigma=0.35)


def test_the_figures_equal_the_objective_of_the_same_scatter() -> None:
    request, answer = _answered(
        time_sigma=0.35, objectives=[{"kind": "probabilistic_cover"}, {"kind": "cover"}]
    )
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan.objective_values is not None
    total = group(answer.plan.after)
    assert total is not None
    assert total.probable[0].covered == pytest.approx(answer.plan.objective_values[0])
    assert total.probable[0].covered != pytest.approx(total.cover[0].covered)
    assert request.time_sigma == 0.35


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("en", "As times scatter (sigma 0.35)", "Cover as times scatter"),
        ("zh", "计入时间离散（sigma 0.35）", "计入时间离散的覆盖"),
    ],
)
def test_summary_report_and_workbook_say_it(
    scattered: tuple[FireStationRequest, FireStationAnswer],
    language: Language,
    text: str,
    title: str,
) -> None:
    assert text in summary(*scattered, language)
    page = report(*scattered, language)
    assert title in page
    assert ("expected to be reached within" if language == "en" else "预期可到达") in page
    book = openpyxl.load_workbook(io.BytesIO(workbook(*scattered, [language])))
    sheet = book[title]
    total = group(scattered[1].plan.after) if scattered[1].plan else None
    assert total is not None
    assert sheet.cell(2, 4).value == pytest.approx(total.probable[0].share)


def test_without_a_scatter_nothing_is_said_of_it() -> None:
    request, answer = _answered()
    assert "scatter" not in summary(request, answer, "en")
    assert "Cover as times scatter" not in report(request, answer, "en")


def test_plans_are_compared_by_it_where_one_knows_it(
    scattered: tuple[FireStationRequest, FireStationAnswer],
) -> None:
    plain = _answered()[1]

    def labels(*answers: FireStationAnswer) -> list[str]:
        sides = {str(place): side(None, one, "en") for place, one in enumerate(answers)}
        return [str(row.cells[0]) for row in compare(sides, "en").rows]

    assert any("as times scatter" in label for label in labels(plain, scattered[1]))
    assert not any("as times scatter" in label for label in labels(plain, plain))
