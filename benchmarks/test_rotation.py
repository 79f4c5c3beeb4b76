"""What it costs to plan ten years of rotation for Pingshan, with and without tight budgets."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from instances.generators.pingshan.rotation import rotation
from models.rotation import RotationAnswer
from models.rotation.request import YearBudget
from models.run import Status
from optimizer.control import RunControl
from optimizer.rotation.solve import solve

# The value written off in ten years, as proven.
CASES = [
    pytest.param(800_000.0, 354_209.0, id="usual", marks=pytest.mark.slow),
    pytest.param(620_000.0, 834_971.0, id="tight", marks=pytest.mark.slow),
]


def solved(budget: float) -> RotationAnswer:
    """Solve with a budget a year, and time enough for a proof."""
    request = rotation()
    budgets = tuple(YearBudget(year=one.year, amount=budget) for one in request.budgets)
    limits = request.limits.model_copy(update={"time_limit_s": 900.0})
    return solve(
        request.model_copy(update={"budgets": budgets, "limits": limits}), RunControl(limits)
    )


@pytest.mark.slow
def test_communities_apart_write_off_little_but_at_first_which_is_proven() -> None:
    request = rotation(pooled=False)
    limits = request.limits.model_copy(update={"time_limit_s": 3_600.0})
    answer = solve(request.model_copy(update={"limits": limits}), RunControl(limits))
    assert answer.plan is not None
    assert answer.plan.years is not None
    assert answer.explanation is not None
    share_max = request.rules.write_off_share_max
    shares = {one.year: one.write_off / one.target_value for one in answer.plan.years}
    above = {year for year, share in shares.items() if share > share_max}
    assert above == {2027, 2028}
    cap = answer.explanation.write_off_cap
    assert cap is not None
    assert cap.possible is False
    assert cap.conflict is not None
    (rule,) = cap.conflict.rules
    assert rule.restores_at == pytest.approx(max(shares.values()), rel=1e-3)


@pytest.mark.parametrize(("budget", "write_off"), CASES)
def test_pingshan_is_rotated(benchmark: BenchmarkFixture, budget: float, write_off: float) -> None:
    answer = benchmark.pedantic(solved, (budget,), rounds=1)
    assert answer.run.status is Status.OPTIMAL
    assert answer.plan is not None
    assert answer.plan.figures is not None
    assert answer.plan.figures.write_off == pytest.approx(write_off, rel=1e-6)
