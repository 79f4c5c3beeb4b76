"""Every kind of question through every door: one answer, files that open, a report that stands."""

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.output import request_json
from api.problems import AnyAnswer, AnyRequest, problem_of
from api.reports import Format, Look, made
from instances.examples import EXAMPLES
from models.messages import MESSAGES
from models.text import Language
from optimizer import Extras
from optimizer.control import RunControl
from tests.api.chrome import Browser
from tests.api.jobs.servers import Served

KINDS = {
    "minimal-shelters": "site-shelters",
    "minimal-facilities": "site-facilities",
    "minimal-opening": "open-shelters",
    "minimal-stockpiles": "place-stockpiles",
    "minimal-stock-day": "send-supplies",
    "minimal-rotation": "plan-rotation",
    "minimal-dispatch": "dispatch-teams",
    "minimal-phase": "plan-disaster-phase",
    "minimal-readiness": "plan-readiness",
    "minimal-positioning": "pre-position",
}


@cache
def answered(name: str) -> tuple[AnyRequest, AnyAnswer]:
    request = EXAMPLES[name].build()
    control = RunControl(request.limits)
    return request, problem_of(request).solve(request, control, None, None, Extras())


def written(name: str, as_format: Format, language: Language = "en") -> str | bytes:
    return made(*answered(name), as_format, Look(language))


slow = pytest.mark.slow  # browsers, and a process for every answer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("kinds")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}") as one:
        yield one


@slow
@pytest.mark.parametrize("name", [*KINDS, "pingshan-stock-day"])
def test_the_command_line_and_the_service_find_the_same_plan(
    served: Served, tmp_path: Path, name: str
) -> None:
    request, out = tmp_path / "request.json", tmp_path / "answer.json"
    request.write_text(request_json(EXAMPLES[name].build()), encoding="utf-8")
    done = CliRunner().invoke(app, ["solve", str(request), "--out", str(out)])
    assert done.exit_code == 0, done.output
    body = {"inputs": {"request": json.loads(request.read_text(encoding="utf-8"))}}
    path = f"/v1/processes/{KINDS.get(name, 'send-supplies')}/execution"
    answer = served.client.post(path, json=body, timeout=60).json()
    assert answer["plan"] == json.loads(out.read_text(encoding="utf-8"))["plan"]
    assert answer["plan"] is not None


@pytest.mark.parametrize("name", [one for one in KINDS if one != "minimal-rotation"])
def test_straight_lines_that_stand_for_roads_are_called_so_in_every_output(name: str) -> None:
    """Of rotation nothing travels."""
    said = MESSAGES["travel.straight_line"]
    assert answered(name)[1].travel is not None
    for language, line in zip(("en", "zh"), said, strict=True):
        assert line in str(written(name, Format.TEXT, language))  # type: ignore[arg-type]
        assert line in str(written(name, Format.HTML, language))  # type: ignore[arg-type]
    about = json.loads(written(name, Format.GEOJSON))["about"]
    assert about["travel_method"] == "straight_line"
    assert said[0] in about["travel_notes"]
    book = openpyxl.load_workbook(io.BytesIO(bytes(written(name, Format.XLSX))))  # type: ignore[arg-type]
    assert said[0] in {cell.value for row in book.worksheets[0] for cell in row}


@pytest.mark.parametrize("name", KINDS)
def test_whatever_a_map_layer_says_has_a_name_in_both_languages(name: str) -> None:
    features = json.loads(written(name, Format.GEOJSON))["features"]
    assert features
    for one in features:
        said = dict(one["properties"])
        assert f"folio.layer.{said.pop('layer')}" in MESSAGES
        assert [key for key in said if f"folio.field.{key}" not in MESSAGES] == []
        assert set(one) == {"type", "geometry", "properties"}
        flat = json.dumps(one["geometry"]["coordinates"]).replace("[", "").replace("]", "")
        numbers = [float(part) for part in flat.split(",")]
        assert all(114 < lon < 115 for lon in numbers[::2])
        assert all(22 < lat < 23 for lat in numbers[1::2])


@slow
@pytest.mark.parametrize("name", KINDS)
def test_a_workbook_and_a_csv_hold_the_tables(name: str) -> None:
    raw = written(name, Format.XLSX)
    assert isinstance(raw, bytes)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert len(book.sheetnames) >= 3
    text = written(name, Format.CSV, "zh")
    assert isinstance(text, str)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) >= 2
    assert {len(row) for row in rows} == {len(rows[0])}


@slow
@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", KINDS)
def test_a_report_opens_from_disk_without_network_or_complaint(
    browser: str, tmp_path: Path, name: str, language: Language
) -> None:
    page = tmp_path / "report.html"
    page.write_text(str(written(name, Format.HTML, language)), encoding="utf-8")
    with Browser(browser, tmp_path) as chrome:
        chrome.open(page.as_uri())
        chrome.until("document.querySelector('.leaflet-control-layers label') !== null")
        assert chrome.problems == []
        assert [one for one in chrome.asked if one.startswith("http")] == []


@slow
@pytest.mark.parametrize("name", ["minimal-phase", "minimal-shelters"])
def test_the_page_starts_what_answers_the_kind_that_was_brought(
    served: Served, browser: str, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "request.json"
    file.write_text(request_json(EXAMPLES[name].build()), encoding="utf-8")
    with Browser(browser, tmp_path) as chrome:
        chrome.open(f"{served.client.base_url}?lang=en")
        chrome.choose("#file", file)
        chrome.until("!document.querySelector('#go').hidden")
        assert "it can be solved" in chrome.text("#verdict")
        chrome.click("#start")
        chrome.until("!document.querySelector('#results').hidden")
        job = chrome.value("location.hash").removeprefix("#job=")
        status = served.client.get(f"/v1/jobs/{job}").json()
        assert status["processID"] == KINDS[name]
        chrome.until(f"!document.querySelector('[data-pick=\"{job}\"]').disabled")
        assert chrome.problems == []
        chrome.open(chrome.value("document.querySelector('#report').href"))
        chrome.until("document.querySelector('.leaflet-control-layers label') !== null")
