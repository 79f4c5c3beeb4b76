import pytest

from models.run import Status
from optimizer.control import RunControl
from optimizer.rotation.solve import solve
from tests.optimizer.rotation.drawn import drawn
from tests.optimizer.rotation.oracle import best


def agrees(seed: int, *, whole: bool) -> None:
    request = drawn(seed, whole=whole)
    wanted = best(request)
    answer = solve(request, RunControl(request.limits))
    if wanted is None:
        assert answer.run.status is Status.INFEASIBLE
        assert answer.conflict is not None
        assert answer.conflict.rules
        return
    assert answer.run.status is Status.OPTIMAL
    found = [level.objective for level in answer.run.levels]
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-4)
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    assert answer.plan.objective_values == pytest.approx(wanted, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_no_plan_is_better_at_any_level(seed: int) -> None:
    agrees(seed, whole=False)


@pytest.mark.parametrize("seed", range(100, 102))
def test_no_plan_of_whole_packs_and_units_is_better_at_any_level(seed: int) -> None:
    agrees(seed, whole=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 500))
def test_three_hundred_books_are_planned_as_well_as_can_be(seed: int) -> None:
    agrees(seed, whole=seed % 3 == 0)
