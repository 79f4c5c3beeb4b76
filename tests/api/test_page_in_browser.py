"""The page at the root in a real browser, clicked through in both languages."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from models.messages.page import PAGE
from models.text import LANGUAGES, Language
from tests.api.chrome import Browser
from tests.api.doors import long, tiny
from tests.api.jobs.servers import Served
from tests.api.questions import filled


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("page")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}") as made:
        yield made


@pytest.fixture
def chrome(browser: str, tmp_path: Path) -> Iterator[Browser]:
    with Browser(browser, tmp_path) as made:
        yield made


def say(code: str, language: Language) -> str:
    return PAGE[code][LANGUAGES.index(language)]


def root(served: Served, language: Language = "en") -> str:
    return f"{served.client.base_url}?lang={language}"


def bring(chrome: Browser, folder: Path, content: bytes, name: str = "questions.xlsx") -> None:
    file = folder / name
    file.write_bytes(content)
    chrome.choose("#file", file)


def downloaded(folder: Path, pattern: str) -> Path:
    deadline = time.monotonic() + 30
    while not (found := list(folder.glob(pattern))):
        assert time.monotonic() < deadline, f"no {pattern} came"
        time.sleep(0.05)
    return found[0]


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_a_workbook_is_brought_solved_and_its_report_opened(
    served: Served, chrome: Browser, tmp_path: Path, language: Language
) -> None:
    chrome.open(root(served, language))
    bring(chrome, tmp_path, filled(bad=True))
    chrome.until("document.querySelectorAll('#fault-rows tr').length === 2")
    assert "E4" in chrome.text("#fault-rows")
    chrome.picture(tmp_path / "checked.png")

    chrome.click("#marked")
    marked = openpyxl.load_workbook(downloaded(tmp_path, "workbook-faults.xlsx"))
    assert marked["需求 Demand"]["E4"].comment is not None

    chrome.click("#start")
    done = say("page.state.successful", language)
    chrome.until(f"document.querySelector('#job-state').innerText.includes({json.dumps(done)})")
    assert chrome.value("document.querySelector('#chart .best').getAttribute('d').length") > 5
    assert not chrome.value("document.querySelector('#results').hidden")
    chrome.picture(tmp_path / "solved.png")
    chrome.click("[data-format=xlsx]")
    assert openpyxl.load_workbook(downloaded(tmp_path, "muster-*.xlsx")).sheetnames

    report = chrome.value("document.querySelector('#report').href")
    assert chrome.problems == []
    assert all(
        one.startswith(("data:", "blob:", str(served.client.base_url))) for one in chrome.asked
    )
    chrome.open(report)
    assert chrome.value("document.documentElement.lang") == {"en": "en", "zh": "zh-Hans"}[language]
    chrome.until("document.querySelector('.leaflet-interactive') !== null")


def test_a_long_solve_is_watched_stopped_and_its_plan_kept(
    served: Served, chrome: Browser, tmp_path: Path
) -> None:
    chrome.open(root(served))
    bring(chrome, tmp_path, json.dumps(long()).encode(), "request.json")
    chrome.click("#start")
    chrome.until("document.querySelector('#job-objective').innerText !== '–'")
    chrome.until("document.querySelector('#job-level').innerText.includes('second station')")
    chrome.picture(tmp_path / "watched.png")
    chrome.click("#stop")
    stopped = say("page.end.stopped", "en")
    chrome.until(f"document.querySelector('#job-state').innerText.includes({json.dumps(stopped)})")
    assert chrome.problems == []


def test_a_solve_is_dismissed(served: Served, chrome: Browser, tmp_path: Path) -> None:
    chrome.open(root(served))
    bring(chrome, tmp_path, json.dumps(long()).encode(), "request.json")
    chrome.click("#start")
    chrome.click("#dismiss")
    gone = say("page.state.dismissed", "en")
    chrome.until(f"document.querySelector('#job-state').innerText === {json.dumps(gone)}")


def test_two_finished_jobs_are_compared(served: Served, chrome: Browser, tmp_path: Path) -> None:
    one = served.submit(tiny())
    other = served.submit(tiny() | {"new_stations": {"city": 1}})
    for job in (one, other):
        served.until(job)
    chrome.open(root(served))
    chrome.click(f"[data-pick='{one}']")
    chrome.click(f"[data-pick='{other}']")
    chrome.click("#compare")
    chrome.until("document.querySelectorAll('#comparison-rows tr').length > 5")
    assert one[:8] in chrome.text("#comparison-heads")
    chrome.click("[data-to=zh]")
    chrome.until("document.querySelector('#comparison-rows').innerText.includes('平均')")
    chrome.picture(tmp_path / "compared.png")
    assert chrome.problems == []


def test_the_language_is_switched_and_nothing_is_lost(
    served: Served, chrome: Browser, tmp_path: Path
) -> None:
    chrome.open(root(served))
    bring(chrome, tmp_path, filled(bad=True, new_stations="several"))
    chrome.until("document.querySelectorAll('#fault-rows tr').length >= 3")
    before = chrome.text("#fault-rows")
    chrome.click("[data-to=zh]")
    chrome.until(f"document.querySelector('#fault-rows').innerText !== {json.dumps(before)}")
    assert chrome.text("h1") == say("page.title", "zh")
    assert "E4" in chrome.text("#fault-rows")


def test_the_page_is_worked_by_keys_alone_and_fits_a_phone(
    served: Served, chrome: Browser, tmp_path: Path
) -> None:
    chrome.open(root(served, "zh"), width=360, height=740)
    chrome.until("document.querySelector('#no-jobs').hidden !== undefined")
    for _ in range(20):
        chrome.press("Tab")
        if chrome.value("document.activeElement.id") == "example":
            break
    chrome.press("Enter", "\r")
    chrome.until("!document.querySelector('#go').hidden")
    wide = "document.documentElement.scrollWidth <= 360"
    assert chrome.value(wide)
    chrome.picture(tmp_path / "phone.png")


def test_every_button_and_field_has_a_name(served: Served, chrome: Browser) -> None:
    served.until(served.submit(tiny()))
    chrome.open(root(served))
    chrome.until("document.querySelector('[data-pick]') !== null")
    unnamed = chrome.value(
        """[...document.querySelectorAll("button, a, input, summary")].filter((one) =>
             !one.innerText.trim() && !one.ariaLabel && !one.labels?.length).length"""
    )
    assert unnamed == 0


def test_the_page_allows_itself_nothing_from_elsewhere(served: Served) -> None:
    page = served.client.get("/")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for name in ("page.js", "page.css"):
        assert served.client.get(f"/page/{name}").status_code == 200
    assert served.client.get("/page/map.js").status_code == 404
    assert served.client.get("/docs").status_code == 200
