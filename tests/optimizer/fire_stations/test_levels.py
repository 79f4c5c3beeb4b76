"""The climb over the levels: what later ones may spend, and what comes back when time is short."""

import numpy as np
import pytest

from instances.examples import example
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import MAXIMISED
from models.run import RunLimits, Status, StopReason
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.fire_stations.formulation import Formulation, floor_of
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Climb, Levels
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.solution import Solution
from tests.optimizer.fire_stations.choices import choices_number
from tests.optimizer.fire_stations.town import request_of
from tests.strategies import request_number

NUMBERS = [21, 24, 33, 37, 60, 66, 72, 84, 85, 110, 118, 125]
SHORT_S = 0.05


def formulation_of(request: FireStationRequest) -> Formulation:
    return Formulation(Instance.from_request(request))


def climb(formulation: Formulation, start: BoolArray | None = None, **limits: float) -> Climb:
    control = RunControl(RunLimits.model_validate(limits))
    return Levels(formulation, control, start=start).climb()


@pytest.mark.parametrize("number", NUMBERS)
def test_no_later_level_spends_more_than_a_level_allows(number: int) -> None:
    found = climb(formulation_of(request_number(number)))
    for report in found.reports:
        sign = 1 if report.sense == "max" else -1
        room = report.allowed_loss + 1e-6 * max(1.0, abs(report.objective))
        assert sign * report.final >= sign * report.objective - room


def test_a_loss_is_spent_where_a_later_level_gains_by_it_and_not_otherwise() -> None:
    finals = []
    for absolute in (0, 400):
        cover = {"kind": "cover", "within_s": 300, "loss": {"absolute": absolute}}
        request = request_of(objectives=[cover, {"kind": "cost"}])
        (first, second) = climb(formulation_of(request)).reports
        assert first.objective == pytest.approx(1000.0)
        finals.append((first.final, second.final))
    assert finals[0][0] == pytest.approx(1000.0)
    assert 600.0 <= finals[1][0] < 1000.0
    assert finals[1][1] < finals[0][1]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_final_value_is_what_the_oracle_counts(number: int) -> None:
    request, choices = request_number(number), choices_number(number)
    found = climb(formulation_of(request))
    assert len(found.reports) == len(request.objectives)
    for level, report in enumerate(found.reports):
        worth = choices.value(found.solution.chosen, level)
        assert report.final == pytest.approx(worth, rel=1e-6, abs=1e-6)


def test_a_program_that_claims_another_value_than_the_recount_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    true = Formulation.value
    monkeypatch.setattr(Formulation, "value", lambda *asked: true(*asked) + 1.0)
    with pytest.raises(BackendError, match="its program says"):
        climb(formulation_of(request_of(objectives=[{"kind": "cover"}])))


def test_a_start_comes_back_where_there_is_no_time_at_all() -> None:
    request = request_of(objectives=[{"kind": "cover"}, {"kind": "cost"}])
    formulation = formulation_of(request)
    today = Solution.today(formulation.instance).chosen
    found = climb(formulation, today, time_limit_s=1e-9)
    assert (found.status, found.stop) == (Status.FEASIBLE, StopReason.TIME)
    np.testing.assert_array_equal(found.solution.chosen, today)
    assert [report.objective for report in found.reports] == list(found.solution.values)


def test_a_large_example_has_a_lawful_plan_when_its_time_runs_out() -> None:
    formulation = formulation_of(example("pingshan-fire-stations"))
    levels = Levels(formulation, RunControl(RunLimits()))
    found = climb(formulation, time_limit_s=1.0)
    assert found.solution is not None
    assert levels._keeps(found.solution.chosen)
    again = climb(formulation, found.solution.chosen, time_limit_s=SHORT_S)
    assert levels._keeps(again.solution.chosen)
    assert again.reports[0].objective >= found.reports[0].final - 1e-6


def test_a_climb_that_finds_no_plan_in_its_time_says_that_it_does_not_know() -> None:
    formulation = formulation_of(request_of(objectives=[{"kind": "cover"}]))
    found = climb(formulation, time_limit_s=1e-9)
    assert (found.status, found.stop) == (Status.UNKNOWN, StopReason.TIME)
    assert found.solution is None
    assert found.reports[0].objective is None


@pytest.mark.parametrize("number", NUMBERS)
def test_a_start_that_breaks_a_rule_is_mended_by_as_few_changes_as_can_be(number: int) -> None:
    choices = choices_number(number)
    formulation = Formulation(choices.instance)
    for start in choices.unlawful[:5]:
        levels = Levels(formulation, RunControl(RunLimits()), start=start)
        assert levels._begin(formulation.part(0)) is None
        mended = levels._chosen
        assert choices.keeps_rules(mended)
        fewest = min(int(np.sum(one != start)) for one in choices.lawful)
        assert np.sum(mended != start) == fewest


def test_a_start_that_keeps_the_rules_is_left_alone() -> None:
    choices = choices_number(29)
    formulation = Formulation(choices.instance)
    for start in choices.lawful[:5]:
        levels = Levels(formulation, RunControl(RunLimits()), start=start)
        assert levels._begin(formulation.part(0)) is None
        np.testing.assert_array_equal(levels._chosen, start)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_bad_start_changes_no_level_of_the_answer(number: int) -> None:
    choices = choices_number(number)
    formulation = Formulation(choices.instance)
    expected = [report.objective for report in climb(formulation).reports]
    for start in [*choices.unlawful[:1], *choices.lawful[:1]]:
        found = [report.objective for report in climb(formulation, start).reports]
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_plan_is_beyond_the_bound_of_a_climb_without_time(number: int) -> None:
    choices = choices_number(number)
    formulation = Formulation(choices.instance)
    report = climb(formulation, choices.lawful[0], time_limit_s=0.002).reports[0]
    sign = 1 if report.kind in MAXIMISED else -1
    best = max(sign * choices.value(chosen) for chosen in choices.lawful)
    assert sign * report.objective <= best + 1e-6 * max(1.0, abs(best))
    if report.bound is not None:
        assert sign * report.bound >= best - 1e-6 * max(1.0, abs(best))


def test_the_floor_of_a_level_is_its_value_less_what_it_may_lose() -> None:
    cover = {"kind": "cover", "loss": {"relative": 0.1, "absolute": 5}}
    formulation = formulation_of(request_of(objectives=[cover]))
    (report,) = climb(formulation).reports
    floor = floor_of(formulation.part(0), report)
    assert report.allowed_loss == pytest.approx(0.1 * report.objective + 5)
    assert floor.limit == pytest.approx(report.objective - report.allowed_loss, rel=1e-6)
