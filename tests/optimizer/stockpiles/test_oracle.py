"""Drawn requests against a plain program of the same question."""

import numpy as np
import pytest

from models.run import RunLimits, Status
from models.stockpiles import StockRequest
from models.stockpiles.objectives import Combination, LargestShare, Unmet, YearlyCost
from models.stockpiles.rules import LeastCover
from optimizer.control import RunControl
from optimizer.stockpiles import apart as taken_apart
from optimizer.stockpiles.figures import complete_plan
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import Climb, Levels
from optimizer.stockpiles.verify import verify
from tests.optimizer.stockpiles.drawn import LEVEL, drawn
from tests.optimizer.stockpiles.oracle import Plain


def climbed(request: StockRequest) -> Climb:
    formulation = Formulation.of(Instance.from_request(request, None))
    return Levels(formulation, RunControl(RunLimits(time_limit_s=60.0))).climb()


def agrees(seed: int) -> None:
    equals_plain(drawn(seed))


def equals_plain(request: StockRequest) -> None:
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
    apart_equals(drawn(seed, plain=True))


def apart_equals(request: StockRequest) -> None:
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


def priced_agrees(seed: int) -> None:
    """Least covers beyond what the best plan gives of itself: priced, the answer is the same."""
    request, level = drawn(seed), LEVEL[seed % 2]
    rules = request.rules.model_copy(update={"gini": None, "chance": None, "least_cover": ()})
    asked = request.model_copy(
        update={
            "rules": rules,
            "objectives": (Unmet(weight=10.0), YearlyCost(weight=0.05)),
            "combination": Combination.WEIGHTED_SUM,
            "method": "extensive",
        }
    )
    free = climbed(asked)
    fairest = climbed(asked.model_copy(update={"objectives": (LargestShare(level=level),)}))
    if free.solution is None or fairest.solution is None:
        return
    least, most = (float(one.solution.area_cover(level).min()) for one in (free, fairest))
    floor = LeastCover(share=least + 0.9 * (most - least), level=level)
    fair = asked.model_copy(update={"rules": rules.model_copy(update={"least_cover": (floor,)})})
    whole = climbed(fair)
    apart = climbed(fair.model_copy(update={"method": "l_shaped"}))
    assert apart.solution is not None
    found, best = apart.reports[0], whole.reports[0].objective
    assert best is not None
    assert found.bound is not None
    assert found.bound <= best + 1e-6 * max(1.0, best)
    assert found.objective == pytest.approx(best, rel=2e-4)
    assert verify(fair, complete_plan(apart.solution)).failed == ()


@pytest.mark.parametrize("seed", [1, 19, 23])
def test_fair_plans_taken_apart_by_scenario_are_as_good(seed: int) -> None:
    priced_agrees(seed)


def test_a_sample_to_begin_with_changes_nothing_of_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("_SAMPLED_LEAST", "_SAMPLED"):
        monkeypatch.setattr(taken_apart, name, 2)
    priced_agrees(19)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 120))
def test_fair_plans_taken_apart_by_scenario_are_as_good_in_any_of_many(seed: int) -> None:
    priced_agrees(seed)


def test_a_cover_that_nobody_can_give_is_refused_by_prices_too() -> None:
    request = drawn(7)
    rules = request.rules.model_copy(
        update={
            "gini": None,
            "chance": None,
            "minimums": (),
            "least_cover": (LeastCover(share=0.99),),
        }
    )
    asked = request.model_copy(
        update={
            "rules": rules,
            "objectives": (Unmet(),),
            "households": None,
            "method": "l_shaped",
        }
    )
    for method in ("extensive", "l_shaped"):
        assert climbed(asked.model_copy(update={"method": method})).status is Status.INFEASIBLE


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
