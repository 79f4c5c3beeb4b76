"""The opening order through the doors: solved, verified, told and drawn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.output import request_json
from api.problems import problem_of
from api.processes import PROCESSES
from api.reports import Format, Look, made
from api.settings import Settings
from instances.examples import EXAMPLES
from models.run import RunLimits, Status
from models.shelters.opening import OpeningAnswer, OpeningOrder, OpeningRequest, Situation
from models.text import LANGUAGES
from optimizer import Extras
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.verify.opening import verify_opening
from tests.optimizer.shelters.test_fetching import fetching
from tests.optimizer.shelters.village import village


def day(**known: object) -> OpeningRequest:
    given = {"scenario_id": "dry", "open_sites": ("school",), "inside": {"school": 10.0}, **known}
    return OpeningRequest(
        shelters=village(), situation=Situation.model_validate(given), limits=RunLimits()
    )


def solved(request: OpeningRequest) -> OpeningAnswer:
    control = RunControl(request.limits)
    answer = problem_of(request).solve(request, control, None, Settings().store, Extras())
    assert isinstance(answer, OpeningAnswer)
    return answer


@pytest.fixture(scope="module")
def order() -> OpeningOrder:
    answer = solved(day())
    assert answer.plan is not None
    return answer.plan


def test_the_order_is_proven_where_no_more_can_be_housed() -> None:
    # The school has room for 50 of the west's 100, the park for 50; the hall takes the east's 70.
    answer = solved(day())
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.levels[0].objective == pytest.approx(5.0)
    assert answer.verification is not None
    assert answer.verification.passed
    limited = solved(day(steps_max=1))
    assert limited.run.status is Status.FEASIBLE
    assert limited.run.levels[0].bound == pytest.approx(5.0)
    assert limited.run.levels[0].objective == pytest.approx(55.0)


CHANGES: list[tuple[str, Callable[[OpeningOrder], dict[str, object]]]] = [
    ("opening.steps", lambda one: {"steps": (one.steps[0], one.steps[0])}),
    (
        "opening.steps",
        lambda one: {"steps": (one.steps[0].model_copy(update={"site_id": "school"}),)},
    ),
    ("opening.scenario", lambda _: {"scenario_id": "flood"}),
    ("people.open", lambda one: {"steps": one.steps[:1]}),
    (
        "people.capacity",
        lambda one: {
            "assignments": tuple(
                a.model_copy(update={"people": a.people + 20}) if a.site_id == "school" else a
                for a in one.assignments
            )
        },
    ),
    (
        "steps",
        lambda one: {"steps": (one.steps[0].model_copy(update={"gains": 1.0}), *one.steps[1:])},
    ),
    ("without_place", lambda _: {"without_place": ()}),
]


@pytest.mark.parametrize(("rule", "change"), CHANGES)
def test_an_order_that_breaks_a_rule_fails_it(
    order: OpeningOrder, rule: str, change: Callable[[OpeningOrder], dict[str, object]]
) -> None:
    broken = verify_opening(day(), order.model_copy(update=change(order)))
    assert rule in [check.rule for check in broken.failed]


def test_a_good_order_passes_and_one_with_vehicles_too(order: OpeningOrder) -> None:
    assert verify_opening(day(), order).passed
    request = OpeningRequest(
        shelters=fetching(), situation=Situation(scenario_id="dry", open_sites=("school",))
    )
    assert solved(request).plan is not None


def test_faults_name_their_part_of_the_request() -> None:
    process = PROCESSES["open-shelters"]
    wrong = day(open_sites=("nowhere",))
    with pytest.raises(InputError) as caught:
        problem_of(wrong).check(wrong, Settings().store)
    assert [one.path for one in caught.value.faults] == ["situation.open_sites[0]"]
    assert process.kind == "shelter_opening"


def test_it_is_told_and_drawn_in_both_languages() -> None:
    request = EXAMPLES["minimal-opening"].build()
    answer = problem_of(request).solve(
        request, RunControl(request.limits), None, Settings().store, Extras()
    )
    for language in LANGUAGES:
        look = Look(language)
        assert "hall" in str(made(request, answer, Format.TEXT, look))
        assert "hall" in str(made(request, answer, Format.HTML, look))
        assert "hall" in str(made(request, answer, Format.CSV, look))
    layers = {
        one["properties"]["layer"]
        for one in json.loads(str(made(request, answer, Format.GEOJSON, look)))["features"]
    }
    assert {"blocks", "shelters", "walks"} <= layers


def test_the_command_line_solves_and_verifies_it(tmp_path: Path) -> None:
    request, plan = tmp_path / "request.json", tmp_path / "plan.json"
    request.write_text(request_json(EXAMPLES["minimal-opening"].build()), encoding="utf-8")
    done = CliRunner().invoke(app, ["solve", str(request), "--out", str(plan)])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(app, ["verify", str(request), str(plan)]).exit_code == 0
