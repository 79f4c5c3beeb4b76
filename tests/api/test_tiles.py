"""A background map: off unless asked for, never fetched here, and told of where it is on."""

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from api.cli.commands import app
from api.render.html import report
from models.tiles import TileService, url_fault
from tests.api.browsing import drawn, without_scripts
from tests.api.render.answers import answer, request

URL = "https://{s}.tile.example.org/{z}/{x}/{y}.png"


def _service(url: str = URL) -> TileService:
    return TileService(url=url, attribution="© Survey <office>")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/{z}/{x}/{y}", "tiles.need_http"),
        ("file:///{z}/{x}/{y}", "tiles.need_http"),
        ("https://me:secret@example.org/{z}/{x}/{y}", "tiles.need_http"),
        ("https://a.org; script-src */{z}/{x}/{y}", "tiles.need_http"),
        ("https://[/{z}/{x}/{y}", "tiles.need_http"),
        ("https://example.org/{z}/{x}.png", "tiles.need_places"),
        ("https://example.org/{z}/{x}/{y}?k={key}", "tiles.need_places"),
        ("https://{s}/{z}/{x}/{y}", "tiles.need_places"),
        ("https://{s}.org/{z}/{x}/{y}", "tiles.need_places"),
        ("https://{z}.example.org/{z}/{x}/{y}", "tiles.need_places"),
        ("http://localhost:8080/{z}/{x}/{y}{r}.png", None),
        (URL, None),
    ],
)
def test_an_address_must_be_one_of_tiles(url: str, code: str | None) -> None:
    assert url_fault(url) == code
    if code is not None:
        with pytest.raises(ValidationError):
            _service(url)


@pytest.mark.parametrize(
    ("host", "shifted"),
    [
        ("webrd01.is.autonavi.com", True),
        ("rt0.map.gtimg.com", True),
        ("online{s}.map.bdimg.com", True),
        ("tile.openstreetmap.org", False),
        ("t0.tianditu.gov.cn", False),
        ("notamap.com", False),
    ],
)
def test_services_known_to_be_shifted_are_told_apart(host: str, shifted: bool) -> None:
    service = _service(f"https://{host}/{{z}}/{{x}}/{{y}}")
    assert service.shifted is shifted
    said = report(request(), answer(), "en", tiles=service)
    assert ("lie on GCJ-02 or BD-09" in said) is shifted


def test_the_page_may_fetch_pictures_from_that_service_and_nothing_else() -> None:
    said = report(request(), answer(), "en", tiles=_service())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', said)
    assert policy is not None
    assert "img-src data: blob: https://*.tile.example.org;" in policy[1]
    assert policy[1].count("http") == 1
    assert "Opening this page uses the network" in said
    assert "the page opens without a network" not in said


def test_without_tiles_the_page_fetches_nothing() -> None:
    said = report(request(), answer(), "zh")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', said)
    assert policy is not None
    assert "http" not in policy[1]
    assert "打开本页面需要联网" not in said


def test_a_browser_asks_for_the_tiles_and_shows_whom_to_thank(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(report(request(), answer(), "en", tiles=_service()), encoding="utf-8")
    shown = without_scripts(drawn(browser, page))
    assert re.search(r'src="https://[abc]\.tile\.example\.org/\d+/\d+/\d+\.png"', shown)
    assert "© Survey &lt;office&gt;" in shown
    assert 'id="layer-tiles"' in shown


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The request and the answer as files."""
    for name, model in (("request.json", request()), ("plan.json", answer())):
        (tmp_path / name).write_text(model.model_dump_json(), encoding="utf-8")
    return [str(tmp_path / "request.json"), str(tmp_path / "plan.json")]


def test_the_command_writes_it_and_warns(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    url = "https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}&style=8"
    asked = ["report", *files, "--tiles", url, "--tiles-attribution", "高德", "--out", str(out)]
    said = CliRunner().invoke(app, [*asked, "--lang", "zh"])
    assert said.exit_code == 0, said.output
    assert "打开本页面需要联网" in said.output
    assert "存在偏移" in said.output
    settings = re.search(r'id="muster-settings">(.*?)</script>', out.read_text(encoding="utf-8"))
    assert settings is not None
    assert json.loads(settings[1])["tiles"] == {"url": url, "attribution": "高德"}


@pytest.mark.parametrize(
    ("more", "paths"),
    [
        (["--tiles", URL], ["--tiles-attribution"]),
        (["--tiles", "tiles"], ["--tiles: ", "--tiles-attribution"]),
        (["--tiles-attribution", "me"], ["--tiles: "]),
        (["--tiles", URL, "--tiles-attribution", "me", "--format", "text"], ["--tiles: "]),
    ],
)
def test_half_a_service_is_refused(files: list[str], more: list[str], paths: list[str]) -> None:
    said = CliRunner().invoke(app, ["report", *files, *more])
    assert said.exit_code == 2
    for path in paths:
        assert path in said.output
