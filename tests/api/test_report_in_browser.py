"""The report as a browser shows it: opened from disk, map and plots drawn, no network."""

import re
import subprocess
from pathlib import Path

import pytest

from api.render.html import report
from instances.examples import EXAMPLES
from models.text import LANGUAGES, Language
from optimizer import solve


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_opened_from_disk_draws_its_map_and_plots(
    browser: str, tmp_path: Path, language: Language
) -> None:
    request = EXAMPLES["minimal"].build()
    page = tmp_path / "report.html"
    written = report(request, solve(request), language)
    page.write_text(written, encoding="utf-8")
    drawn = subprocess.run(  # noqa: S603
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=10000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    ).stdout.decode()
    for mark in (r'class="[^"]*leaflet-interactive', r'class="[^"]*svg-container'):
        assert re.search(mark, without_scripts(drawn))
        assert not re.search(mark, without_scripts(written))


def without_scripts(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
