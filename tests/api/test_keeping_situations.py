"""Kept situations by the command line: the same state as over HTTP, replayed to the same."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.output import request_json
from instances.examples import example
from tests.api.doors import Muster


@pytest.fixture
def typed(muster: Muster, tmp_path: Path) -> Any:
    """Run ``muster situation`` over a file of its own; return exit code, output and errors."""

    def run(command: str, *arguments: str) -> tuple[int, str, str]:
        file = ("--file", str(tmp_path / "kept.sqlite3"))
        done = muster("situation", command, *arguments, *file)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


def written(folder: Path, name: str, content: Any) -> str:
    (folder / name).write_text(json.dumps(content))
    return str(folder / name)


@pytest.mark.slow  # a dozen commands, each a process
def test_a_situation_is_begun_told_shown_and_replayed(
    typed: Any, muster: Muster, tmp_path: Path
) -> None:
    request = muster("example", "minimal-dispatch").stdout
    (tmp_path / "request.json").write_bytes(request)
    code, shown, _ = typed("new", str(tmp_path / "request.json"))
    assert code == 0
    situation = shown.strip()
    clock = {"kind": "clock_advanced", "at_s": 30, "by": "Li"}
    closed = {"kind": "incident_closed", "at_s": 40, "by": "Li"}
    closed["incident_id"] = json.loads(request)["incidents"][0]["id"]
    together = written(tmp_path, "events.json", {"events": [clock, closed]})
    code, changed, _ = typed("event", situation, together, "--json")
    assert (code, json.loads(changed)["event_count"]) == (0, 2)
    now = json.loads(typed("show", situation)[1])
    assert closed["incident_id"] not in [one["id"] for one in now["request"]["incidents"]]
    then = json.loads(typed("show", situation, "--at", "30")[1])
    assert closed["incident_id"] in [one["id"] for one in then["request"]["incidents"]]
    before = typed("orders", situation, "--at", "0", "--lang", "zh")[1]
    assert before.startswith("[建议]")
    assert len(typed("orders", situation)[1].splitlines()) < len(before.splitlines())
    assert typed("replay", situation)[0] == 0
    backwards = typed("event", situation, written(tmp_path, "late.json", clock))
    assert backwards[0] == 2
    assert "backwards" in backwards[2]


@pytest.mark.slow
def test_a_log_that_was_changed_does_not_replay(typed: Any, muster: Muster, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_bytes(muster("example", "minimal-dispatch").stdout)
    situation = typed("new", str(tmp_path / "request.json"))[1].strip()
    told = {"kind": "clock_advanced", "at_s": 30, "by": "Li"}
    typed("event", situation, written(tmp_path, "event.json", told))
    changed = json.dumps(told | {"at_s": 20})
    with sqlite3.connect(tmp_path / "kept.sqlite3") as connection:
        connection.execute("update situation_events set event = ?", (changed,))
    code, _, said = typed("replay", situation)
    assert code == 1
    assert "something else" in said


def test_a_situation_that_is_not_there_is_named(typed: Any) -> None:
    code, _, said = typed("show", "odd")
    assert code == 2
    assert "SITUATION" in said
    assert "Traceback" not in said


def test_who_could_go_and_what_if_are_asked_on_the_command_line(tmp_path: Path) -> None:
    request = example("minimal-dispatch")
    asked = tmp_path / "request.json"
    asked.write_text(request_json(request))
    file = ["--file", str(tmp_path / "kept.sqlite3")]

    def asked_of(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["situation", *arguments, *file])

    situation = asked_of("new", str(asked)).stdout.strip()
    incident = request.incidents[0].id
    ranking = json.loads(asked_of("rank", situation, incident, "--json").stdout)
    told = asked_of("rank", situation, incident, "--lang", "zh").stdout.splitlines()
    pairs = zip(ranking["candidates"], told, strict=True)
    assert all(one["team_id"] in line for one, line in pairs)
    assert ranking["candidates"][0]["chosen"]
    assert "方案已派" in told[0]
    another = request.teams[0].model_copy(update={"id": "another"})
    more = {"teams": [another.model_dump(mode="json")]}
    supposed = asked_of("what-if", situation, written(tmp_path, "more.json", more), "--json")
    figures = json.loads(supposed.stdout)
    assert figures["severity_if"] >= figures["severity_served"]
    said = asked_of("what-if", situation, written(tmp_path, "more.json", more))
    assert "Severity served" in said.stdout
    nobody = asked_of("rank", situation, "nobody")
    assert (nobody.exit_code, "incident_id" in nobody.output) == (2, True)
    roads = {"closures": [{"id": "c", "geometry": {"type": "Point", "coordinates": [0, 0]}}]}
    refused = asked_of("what-if", situation, written(tmp_path, "shut.json", roads))
    assert (refused.exit_code, "closures[0]" in refused.output) == (2, True)
