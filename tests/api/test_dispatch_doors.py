"""Dispatch through the processes of the service: replays, a dispatcher's own orders, starts."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.output import request_json
from api.processes import PROCESSES
from api.requests import Document
from api.settings import Settings
from api.solving import Task, answered
from instances.examples import EXAMPLES
from optimizer.errors import InputError

REPLAYED = {
    "replay-dispatch-teams": "minimal-dispatch",
    "replay-dispatch-phase": "minimal-phase",
    "replay-dispatch-readiness": "minimal-readiness",
    "replay-dispatch-positioning": "minimal-positioning",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store_folder=tmp_path / "store")


@pytest.mark.parametrize("name", REPLAYED)
def test_a_replay_brings_the_plan_of_the_run_it_is_of(name: str, settings: Settings) -> None:
    process, request = PROCESSES[name], EXAMPLES[REPLAYED[name]].build()
    if name == "replay-dispatch-phase":
        limits = request.limits.model_copy(update={"node_limit": 20, "time_limit_s": 60.0})
        request = request.model_copy(update={"limits": limits})
    first = answered(Task(request, settings.store))
    assert first.run.record is not None
    inputs = {
        "request": json.loads(request_json(request)),
        "record": json.loads(first.run.record.model_dump_json()),
    }
    again = answered(process.read(Document(inputs), settings))
    assert again.plan is not None
    assert again.plan.model_dump_json() == first.plan.model_dump_json()
    inputs["record"]["versions"] = {"nothing of that name": "1"}
    with pytest.raises(InputError):
        answered(process.read(Document(inputs), settings))


@pytest.mark.parametrize("name", [*REPLAYED, "evaluate-orders"])
def test_the_example_of_a_process_works(name: str, settings: Settings) -> None:
    process = PROCESSES[name]
    assert answered(process.read(Document(process.example()), settings)).plan is not None


def test_own_orders_are_judged_and_what_the_best_would_change_is_told(settings: Settings) -> None:
    process = PROCESSES["evaluate-orders"]
    answer = answered(process.read(Document(process.example()), settings))
    # Two of three teams serve the lesser incident; the graver one and half of it could be.
    assert answer.verification.passed
    level = answer.run.levels[0]
    assert (level.objective, level.bound, level.status) == (2.0, 6.0, "feasible")
    changed = {one.team_id: (one.was, one.now) for one in answer.explanation.changes}
    assert ("car", "flood") in changed.values()


def test_orders_that_break_a_rule_are_shown_to(settings: Settings) -> None:
    process = PROCESSES["evaluate-orders"]
    inputs = process.example()
    crowd = [{"team_id": one, "incident_id": "car"} for one in ("west", "east", "north")]
    inputs["plan"] = {"orders": crowd}
    answer = answered(process.read(Document(inputs), settings))
    broken = {one.rule for one in answer.verification.checks if not one.passed}
    assert broken == {"not_too_many"}
    assert answer.run.status == "unknown"
    inputs["plan"] = {"orders": [{"team_id": "nobody", "incident_id": "car"}, *crowd, crowd[0]]}
    with pytest.raises(InputError) as caught:
        answered(process.read(Document(inputs), settings))
    paths = [one.path for one in caught.value.faults]
    assert paths == ["plan.orders[0].team_id", "plan.orders[4].team_id"]


def test_an_answer_is_no_worse_than_the_orders_it_starts_from(settings: Settings) -> None:
    request = EXAMPLES["minimal-dispatch"].build().model_copy(update={"deadline_ms": 10})
    best = answered(Task(request.model_copy(update={"deadline_ms": 5000}), settings.store))
    hurried = answered(Task(request, settings.store, best.plan))
    assert hurried.plan.severity_served == best.plan.severity_served
    assert not hurried.run.record.replayable


@pytest.mark.slow
def test_the_commands_replay_and_evaluate_a_dispatch(tmp_path: Path) -> None:
    request, answer = tmp_path / "request.json", tmp_path / "answer.json"
    request.write_text(request_json(EXAMPLES["minimal-dispatch"].build()), encoding="utf-8")
    solved = CliRunner().invoke(app, ["solve", str(request), "--out", str(answer)])
    assert solved.exit_code == 0, solved.output
    assert CliRunner().invoke(app, ["replay", str(request), str(answer)]).exit_code == 0
    judged = CliRunner().invoke(app, ["evaluate", str(request), str(answer), "--json"])
    assert judged.exit_code == 0, judged.output
    warm = ["solve", str(request), "--warm-from", str(answer), "--json"]
    assert CliRunner().invoke(app, warm).exit_code == 0
