"""The report as a browser shows it: opened from disk, map and plots drawn, no network."""

import re
from pathlib import Path

import pytest

from api.render.html import report
from instances.examples import EXAMPLES
from models.text import LANGUAGES, Language
from optimizer import solve
from tests.api.browsing import drawn, without_scripts
from tests.api.render.answers import asked, two_states


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_opened_from_disk_draws_its_map_and_plots(
    browser: str, tmp_path: Path, language: Language
) -> None:
    request = EXAMPLES["minimal"].build()
    page = tmp_path / "report.html"
    written = report(request, solve(request), language)
    page.write_text(written, encoding="utf-8")
    shown = drawn(browser, page)
    for mark in (r'class="[^"]*leaflet-interactive', r'class="[^"]*svg-container'):
        assert re.search(mark, without_scripts(shown))
        assert not re.search(mark, without_scripts(written))


@pytest.mark.parametrize(
    ("scenario", "closed", "marks"),
    [
        ("", ["peak hours", "free flow"], 1),
        ("peak", ["peak hours"], 1),
        ("free_flow", ["free flow"], 0),
    ],
)
def test_whoever_chooses_a_scenario_sees_what_that_one_closes(
    browser: str, tmp_path: Path, scenario: str, closed: list[str], marks: int
) -> None:
    chosen = f"""<script>
      const chosen = document.getElementById("map-scenario");
      chosen.value = "{scenario}";
      chosen.dispatchEvent(new Event("change"));
    </script></body>"""
    page = tmp_path / "report.html"
    written = report(asked(), two_states(), "en")
    page.write_text(written.replace("</body>", chosen), encoding="utf-8")

    shown = without_scripts(drawn(browser, page))

    assert re.findall(r"</i>Closed roads · ([^<]+)<", shown) == closed
    assert len(re.findall(r'class="[^"]*pin cut-off', shown)) == marks
    assert ("Cut off: sites (×)" in shown) == bool(marks)
    assert 'id="layer-closed_roads-0"' in shown
