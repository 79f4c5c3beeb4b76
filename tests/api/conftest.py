"""What the tests of the doors share: the command line as a real process."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.api.doors import COMMAND, Muster, environment, tiny


@pytest.fixture
def muster(tmp_path: Path) -> Muster:
    """Run ``muster`` with these arguments in an empty folder."""

    def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603
            [*COMMAND, *map(str, arguments)],
            cwd=tmp_path,
            env=environment(MUSTER_STORE_FOLDER=str(tmp_path / "store"), **settings),
            capture_output=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    """The tiny request as a file."""
    path = tmp_path / "request.json"
    path.write_text(json.dumps(tiny()), encoding="utf-8")
    return path
