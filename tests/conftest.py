"""What all tests share: resources a machine may lack, and saying at the end what was left out."""

import os
import shutil
from collections import Counter

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> str:
    """A Chromium that can be started."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser found; apt-get install chromium (or brew install chromium)")
    return found


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests to run at a time: many of them wait for a service, not a processor."""
    return 2 + (os.cpu_count() or 1)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped, why, and what would bring them."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} skipped: {reason}")
