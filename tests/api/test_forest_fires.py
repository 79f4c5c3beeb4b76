"""The forest-fire day through the doors: the command, the process, the report, and bad input."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.output import request_json
from api.processes import PROCESSES
from api.reports import Format, Look, made
from api.requests import Document
from api.settings import Settings
from api.solving import Task, answered
from instances.generators.pingshan.wildfire import forest_fires
from models.dispatch.phase import PhaseAnswer, PhaseRequest
from models.run import RunLimits
from optimizer.errors import InputError
from tests.api.doors import timeless


def request() -> PhaseRequest:
    limits = RunLimits(time_limit_s=120, node_limit=300)
    return forest_fires().model_copy(update={"limits": limits})


@cache
def answer() -> PhaseAnswer:
    found = answered(Task(request(), None))
    assert isinstance(found, PhaseAnswer)
    return found


def test_command_and_process_give_the_same_verified_plan(tmp_path: Path) -> None:
    file, out = tmp_path / "fires.json", tmp_path / "answer.json"
    file.write_text(request_json(request()), encoding="utf-8")
    done = CliRunner().invoke(app, ["solve", str(file), "--out", str(out)])
    assert done.exit_code == 0, done.output
    process = PROCESSES["plan-disaster-phase"]
    inputs = {"request": json.loads(request_json(request()))}
    over = answered(process.read(Document(inputs), Settings(store_folder=tmp_path / "store")))
    plan = json.loads(out.read_text(encoding="utf-8"))["plan"]
    assert timeless(plan) == timeless(json.loads(over.plan.model_dump_json()))
    assert plan == json.loads(answer().model_dump_json())["plan"]
    assert CliRunner().invoke(app, ["verify", str(file), str(out)]).exit_code == 0
    broken = json.loads(out.read_text(encoding="utf-8"))
    walked = next(c for r in broken["plan"]["rounds"] for c in r["calls"] if c["walk_s"])
    walked["walk_s"] /= 2
    out.write_text(json.dumps(broken), encoding="utf-8")
    assert CliRunner().invoke(app, ["verify", str(file), str(out)]).exit_code == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("On foot", "Waiting for daylight", "not before daylight", "Cistern", "of 14")),
        ("zh", ("徒步", "待天亮", "蓄水池", "在要求时限内完成")),
    ],
)
def test_the_report_shows_walks_and_the_night(language: Any, said: tuple[str, ...]) -> None:
    html = made(request(), answer(), Format.HTML, Look(language))
    assert isinstance(html, str)
    for words in said:
        assert words in html, words
    for kind in ("walk", "night", "way", "work", "rest"):
        assert f'class="{kind}"' in html, kind
    assert answer().plan is not None
    drawn = html.count('class="walk"')
    calls = [call for one in answer().plan.rounds for call in one.calls]
    assert drawn >= sum(call.walk_s > 0.0 for call in calls)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("no_foot_at_night", "falls"), "dusk", "no_foot_at_night.falls"),
        (("no_foot_at_night", "ends"), "22:00", "no_foot_at_night"),
        (("works", 1, "walk", "climb_m"), 1e4, "works[1].walk"),
        (("works", 1, "approach_s"), 60.0, "works[1].approach_s"),
        (("depots", 0, "modes"), ["boat"], "depots[0].modes[0]"),
        (("crews", 0, "pace", "rule"), "stroll", "crews[0].pace.rule"),
    ],
)
def test_bad_walks_nights_and_depots_are_refused_by_their_place(
    path: tuple[str | int, ...], value: Any, named: str, tmp_path: Path
) -> None:
    asked = json.loads(request_json(request()))
    at = asked
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    process = PROCESSES["plan-disaster-phase"]
    with pytest.raises(InputError) as caught:
        answered(process.read(Document({"request": asked}), Settings(store_folder=tmp_path)))
    assert any(one.path.removeprefix("request.").startswith(named) for one in caught.value.faults)
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    assert CliRunner().invoke(app, ["solve", str(file)]).exit_code == 2
