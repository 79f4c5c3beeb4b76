"""Levels held against another solver's, and verdicts by hand."""

import pytest

from models.fire_stations.explanation import SecondOpinion
from models.run import LevelReport, RunLimits, Status, StopReason
from optimizer.control import RunControl
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Levels
from optimizer.fire_stations.second_opinion import second_opinion
from tests.optimizer.fire_stations.town import request_of
from tests.strategies import request_number


def opinions_of(number: int) -> tuple[tuple[LevelReport, ...], tuple[SecondOpinion, ...]]:
    formulation = Formulation(Instance.from_request(request_number(number)))
    reports = Levels(formulation, RunControl(RunLimits())).climb().reports
    return reports, second_opinion(formulation, reports, RunControl(RunLimits()))


@pytest.mark.parametrize("number", range(0, 40, 3))
def test_another_solver_agrees_on_every_level(number: int) -> None:
    reports, opinions = opinions_of(number)
    assert [one.verdict for one in opinions] == ["agrees"] * len(reports)
    for report, opinion in zip(reports, opinions, strict=True):
        if report.objective is None:
            assert opinion.objective is None
        else:
            assert opinion.objective == pytest.approx(report.objective, rel=1e-6, abs=1e-6)


def town_opinion(claimed: LevelReport, time_limit_s: float = 60.0) -> SecondOpinion:
    """Return the opinion of a claimed report of the town's first level: 1,000 is the best."""
    objectives = [{"kind": "cover"}]
    request = request_of(new_stations={"city": 1}, objectives=objectives)
    formulation = Formulation(Instance.from_request(request))
    control = RunControl(RunLimits(time_limit_s=time_limit_s))
    return second_opinion(formulation, (claimed,), control)[0]


def claim(objective: float | None, bound: float | None, status: Status) -> LevelReport:
    return LevelReport(
        kind="cover",
        sense="max",
        status=status,
        stop=StopReason.PROOF,
        objective=objective,
        bound=bound,
    )


def test_a_wrong_optimum_is_found_out() -> None:
    opinion = town_opinion(claim(700.0, 700.0, Status.OPTIMAL))
    assert (opinion.objective, opinion.verdict) == (1000.0, "differs")


def test_an_optimum_that_no_plan_attains_is_found_out() -> None:
    assert town_opinion(claim(1100.0, 1100.0, Status.OPTIMAL)).verdict == "differs"


def test_a_better_plan_within_an_open_bound_agrees() -> None:
    assert town_opinion(claim(700.0, 1000.0, Status.FEASIBLE)).verdict == "agrees"


def test_a_plan_where_we_say_there_is_none_differs() -> None:
    assert town_opinion(claim(None, None, Status.INFEASIBLE)).verdict == "differs"


def test_no_time_is_no_opinion() -> None:
    opinion = town_opinion(claim(1000.0, 1000.0, Status.OPTIMAL), time_limit_s=1e-9)
    assert (opinion.objective, opinion.verdict) == (None, "not_finished")
