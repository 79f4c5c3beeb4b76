"""Answers of every kind side by side, from the bytes that jobs keep."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.output import to_json
from api.payloads import Payload
from api.problems import PROBLEMS, problem_of
from api.processes import PROCESSES
from api.reports import _SIDES
from api.settings import Settings
from api.writing import Ended, compared
from instances.examples import EXAMPLES
from models.text import LANGUAGES
from optimizer import Extras
from optimizer.control import RunControl
from optimizer.errors import InputError

LISTS = {  # what a plan of each kind chooses
    "minimal": ("site-fire-stations", "stations"),
    "minimal-shelters": ("site-shelters", "shelters"),
    "minimal-facilities": ("site-facilities", "facilities"),
    "minimal-opening": ("open-shelters", "steps"),
    "minimal-stockpiles": ("place-stockpiles", "stock"),
    "minimal-rotation": ("plan-rotation", "orders"),
    "minimal-dispatch": ("dispatch-teams", "orders"),
    "minimal-phase": ("plan-disaster-phase", "rounds"),
    "minimal-readiness": ("plan-readiness", "moves"),
    "minimal-positioning": ("pre-position", "moves"),
}
NAMES = [pytest.param(name, marks=pytest.mark.slow) if "phase" in name else name for name in LISTS]


@cache
def ended(name: str) -> Ended:
    request = EXAMPLES[name].build()
    control = RunControl(request.limits)
    answer = problem_of(request).solve(request, control, None, None, Extras())
    process = LISTS[name][0]
    inputs = json.dumps(PROCESSES[process].example() | {"request": request.model_dump(mode="json")})
    return Ended("one", process, Payload.of(inputs.encode()), Payload.of(to_json(answer).encode()))


def without_the_last(one: Ended, chosen: str) -> Ended:
    """Return a job whose plan chooses one thing fewer."""
    answer: dict[str, Any] = json.loads(one.result.read())
    answer["plan"][chosen] = answer["plan"][chosen][:-1]
    return Ended("other", one.process_id, one.inputs, Payload.of(json.dumps(answer).encode()))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_plan_lacks_and_has_beyond_the_first_is_named(name: str, tmp_path: Path) -> None:
    settings = Settings(store_folder=tmp_path)
    whole, less = ended(name), without_the_last(ended(name), LISTS[name][1])
    first, second = compared([whole, less], "en", settings).jobs
    assert first.chosen is not None
    assert second.chosen is not None
    gone = first.chosen - second.chosen
    assert (first.gained, first.lost, second.gained) == ((), (), ())
    assert len(second.lost) == gone
    # The best may be to stay, and what is bought last may be bought before, too.
    assert gone >= (name not in ("minimal-readiness", "minimal-rotation"))
    first, second = compared([less, whole], "en", settings).jobs
    assert (len(second.gained), second.lost) == (gone, ())


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_a_plan_are_told_in_both_languages(name: str, tmp_path: Path) -> None:
    one = ended(name)
    other = again(one)
    for language in LANGUAGES:
        told = compared([one, other], language, Settings(store_folder=tmp_path)).figures
        assert len(told) > 5
        assert all(figure.values[0] == figure.values[1] for figure in told[4:])
        assert len({figure.key for figure in told}) == len(told)
        assert any("一" <= sign <= "龥" for one in told for sign in one.title) == (language == "zh")


def test_the_ways_of_a_day_are_compared_and_so_is_what_they_carry(tmp_path: Path) -> None:
    request = EXAMPLES["minimal-stock-day"].build()
    answer = problem_of(request).solve(request, RunControl(request.limits), None, None, Extras())
    inputs = Payload.of(json.dumps({"request": request.model_dump(mode="json")}).encode())
    whole, less = json.loads(to_json(answer)), json.loads(to_json(answer))
    sent = less["plan"]["deliveries"][0]
    for name, values in sent.items():
        sent[name] = values[:-1] if isinstance(values, list) else values
    jobs = [
        Ended(name, "send-supplies", inputs, Payload.of(json.dumps(one).encode()))
        for name, one in (("whole", whole), ("less", less))
    ]
    found = compared(jobs, "en", Settings(store_folder=tmp_path))
    assert found.jobs[1].lost
    figures = {one.key: one for one in found.figures}
    before, after = figures["load"].values
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert before > after
    assert figures["met"].values[0] == whole["plan"]["figures"]["scenarios"][0]["met"]


def test_every_kind_is_in_the_table_of_sides_and_tells_its_levels(tmp_path: Path) -> None:
    assert _SIDES.keys() == PROBLEMS.keys()
    for name in ("minimal", "minimal-stockpiles", "minimal-rotation", "minimal-dispatch"):
        one = ended(name)
        figures = compared([one, again(one)], "en", Settings(store_folder=tmp_path)).figures
        levels = [figure for figure in figures if figure.key.startswith("level.")]
        told = json.loads(one.result.read())["run"]["levels"]
        assert [figure.values[0] for figure in levels] == [
            level["objective"] if level["final"] is None else level["final"] for level in told
        ]
        assert all(figure.title.startswith("Level ") for figure in levels)


def again(one: Ended) -> Ended:
    """Return the same job by another name."""
    return replace(one, job_id="other")


def test_the_command_line_compares_them_by_their_request(tmp_path: Path) -> None:
    one = ended("minimal-dispatch")
    files = {name: tmp_path / f"{name}.json" for name in ("request", "a", "b")}
    files["request"].write_text(
        json.dumps(json.loads(one.inputs.read())["request"]), encoding="utf-8"
    )
    files["a"].write_bytes(one.result.read())
    files["b"].write_bytes(without_the_last(one, "orders").result.read())
    plans = [str(files["a"]), str(files["b"])]
    told = CliRunner().invoke(app, ["compare", *plans, "--request", str(files["request"])])
    assert told.exit_code == 0, told.output
    for figure in compared([one, one], "en", Settings(store_folder=tmp_path)).figures[4:]:
        assert figure.title in told.output
    assert CliRunner().invoke(app, ["compare", *plans]).exit_code == 2  # of fire stations, if any


def test_jobs_about_different_things_are_not_compared(tmp_path: Path) -> None:
    jobs = [ended("minimal"), ended("minimal-dispatch")]
    with pytest.raises(InputError) as caught:
        compared(jobs, "en", Settings(store_folder=tmp_path))
    assert [one.path for one in caught.value.faults] == ["jobs[1]"]
