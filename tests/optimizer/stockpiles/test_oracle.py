"""Drawn requests against a plain program of the same question."""

import numpy as np
import pytest

from models.run import RunLimits, Status
from models.stockpiles import StockRequest
from optimizer.control import RunControl
from optimizer.stockpiles.figures import complete_plan
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import Climb, Levels
from optimizer.stockpiles.verify import verify
from tests.optimizer.stockpiles.drawn import drawn
from tests.optimizer.stockpiles.oracle import Plain


def climbed(request: StockRequest) -> Climb:
    formulation = Formulation.of(Instance.from_request(request, None))
    return Levels(formulation, RunControl(RunLimits(time_limit_s=60.0))).climb()


def agrees(seed: int) -> None:
    request = drawn(seed)
    climb, best = climbed(request), Plain(request).solve()
    if best is None:
        assert climb.status is Status.INFEASIBLE
        return
    assert climb.solution is not None
    found = [one.objective for one in climb.reports]
    assert found == pytest.approx(best, rel=2e-5, abs=2e-5)
    assert verify(request, complete_plan(climb.solution)).failed == ()


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_better_than_the_one_found(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 320))
def test_no_plan_is_better_than_the_one_found_in_any_of_many(seed: int) -> None:
    agrees(seed)


def apart_agrees(seed: int) -> None:
    request = drawn(seed, plain=True)
    whole = climbed(request.model_copy(update={"method": "extensive"}))
    apart = climbed(request.model_copy(update={"method": "l_shaped"}))
    if whole.solution is None:
        assert apart.status is Status.INFEASIBLE
        return
    assert apart.solution is not None
    first, found = whole.reports[0], apart.reports[0]
    assert found.bound is not None
    assert first.objective is not None
    room = 1e-6 * max(1.0, first.objective)
    assert found.bound <= first.objective + room
    assert found.objective == pytest.approx(first.objective, rel=2e-4, abs=2e-4)
    assert found.objective >= first.objective - room
    assert verify(request, complete_plan(apart.solution)).failed == ()


@pytest.mark.parametrize("seed", [0, 3, 7, 11, 14])
def test_taken_apart_by_scenario_the_answer_is_the_same(seed: int) -> None:
    apart_agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 140))
def test_taken_apart_by_scenario_the_answer_is_the_same_in_any_of_many(seed: int) -> None:
    apart_agrees(seed)


def test_a_level_is_never_paid_for_with_an_earlier_one() -> None:
    climb = climbed(drawn(5))
    assert climb.solution is not None
    for report in climb.reports:
        assert report.objective is not None
        assert report.final is not None
        assert report.final <= report.objective + 1e-6 * max(1.0, abs(report.objective))


def test_money_saves_need_and_never_costs_any() -> None:
    request = drawn(1, plain=True)
    found = []
    for budget in np.linspace(100.0, 4000.0, 4):
        rules = request.rules.model_copy(
            update={"budget": float(budget), "yearly_budget": None, "minimums": ()}
        )
        climb = climbed(request.model_copy(update={"rules": rules}))
        assert climb.solution is not None
        found.append(climb.reports[0].objective)
    assert found == sorted(found, reverse=True)
