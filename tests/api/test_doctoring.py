"""``muster doctor``, and the table of settings that people read."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.settings import PREFIX, Settings
from tests.api.doors import ROOT

MILLION = 1_000_000


def seen(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str, **more: str) -> str:
    """Return what the doctor says, after its exit code."""
    settings = {"STORE_FOLDER": f"{folder}/store", "DATABASE_URL": f"sqlite:///{folder}/j.sqlite3"}
    for name, value in (settings | more).items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    result = CliRunner().invoke(app, ["doctor", *arguments])
    return f"{result.exit_code}\n{result.output}"


def test_a_fit_machine_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = seen(monkeypatch, tmp_path, DISK_RESERVE_BYTES="0")
    unfit = [line for line in said.splitlines() if line.startswith("BAD")]
    assert [line for line in unfit if "font" not in line] == []
    for solver in ("highs", "cp_sat", "mathopt", "pulp"):
        assert f"the solver {solver} works (optimal)" in said


def test_what_is_unfit_is_named_all_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = {"JOB_LEASE_S": "0.1", "HTTP_GRACE_S": "soon", "JOB_WORKER": "1"}
    said = seen(monkeypatch, tmp_path, **wrong)
    assert said.startswith("2\n")
    for name in wrong:
        assert f"{PREFIX}{name}" in said


def test_a_disk_and_places_that_cannot_be_used_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    wrong = {
        "STORE_FOLDER": f"{tmp_path}/file/store",
        "DATABASE_URL": "postgresql+psycopg://muster@/none?host=/nowhere",
        "DISK_RESERVE_BYTES": str(10**18),
        "DISK_QUOTA_BYTES": "1",
    }
    said = seen(monkeypatch, tmp_path, "--lang", "zh", **wrong)
    assert said.startswith("2\n")
    for text in ("不可写", "数据库不可写", "磁盘仅剩", "配额"):
        assert text in said


def test_the_readme_lists_every_setting_with_its_default() -> None:
    rows = re.findall(
        r"^\| `MUSTER_(\w+)` \| (.+?) \|", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    listed = {name.lower(): default.strip("`") for name, default in rows}
    assert listed.keys() == Settings.model_fields.keys()
    for name, field in Settings.model_fields.items():
        assert read(listed[name]) == shown(field.default), name


def read(default: str) -> object:
    if default.startswith("SQLite in "):
        return f"sqlite:///{Path(default.removeprefix('SQLite in ').strip('`')).expanduser()}"
    if default.startswith("~"):
        return str(Path(default).expanduser())
    amount = re.fullmatch(r"([\d,.]+)( MB)?", default)
    if amount is None:
        return default
    number = amount[1].replace(",", "")
    return float(number) * (MILLION if amount[2] else 1) if number.count(".") < 2 else default


def shown(default: object) -> object:
    if default in (None, ""):
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, int | float):
        return float(default)
    return str(default).removesuffix("/muster.sqlite3")
