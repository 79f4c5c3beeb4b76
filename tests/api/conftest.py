"""What the tests of the doors share: the command line as a real process."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.api.doors import Muster, environment, tiny
from tests.api.warm import completed


@pytest.fixture
def muster(tmp_path: Path) -> Muster:
    """Run ``muster`` with these arguments in an empty folder."""

    def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
        surroundings = environment(MUSTER_STORE_FOLDER=str(tmp_path / "store"), **settings)
        return completed([*map(str, arguments)], surroundings, tmp_path, timeout=120)

    return run


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    """The tiny request as a file."""
    path = tmp_path / "request.json"
    path.write_text(json.dumps(tiny()), encoding="utf-8")
    return path
