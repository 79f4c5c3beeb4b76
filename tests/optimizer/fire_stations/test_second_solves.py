"""Staffing and staging against every way of sharing out and every year of opening."""

import pytest

from models.fire_stations.objectives import MAXIMISED
from models.run import Status
from optimizer.control import RunControl
from optimizer.fire_stations import staging as staging_package
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staffing import staffing
from optimizer.fire_stations.staging import staging
from optimizer.fire_stations.verify import verify
from tests.oracles import levels
from tests.oracles.facts import RELATIVE, Facts
from tests.oracles.plans import to_plan
from tests.oracles.staffing import best_staffing
from tests.oracles.staging import best_staging
from tests.strategies.second_solves import staffing_request_number, staging_request_number

NUMBERS = [pytest.param(n, marks=[] if n < 40 else [pytest.mark.slow]) for n in range(200)]


@pytest.mark.parametrize("number", NUMBERS)
def test_no_sharing_out_is_better_than_the_staffing_found(number: int) -> None:
    request = staffing_request_number(number)
    facts = Facts(request)
    plan = levels.best(facts).plans[0]
    named = to_plan(facts, plan)
    solution = Solution.of_plan(Instance.from_request(request), named)
    found = staffing(solution, RunControl(request.limits))
    values = [level.objective for level in found.levels]
    values.append(found.hired_people + sum(found.bought_vehicles.values()))
    assert values == pytest.approx(best_staffing(facts, plan), rel=RELATIVE, abs=RELATIVE)
    verification = verify(request, named.model_copy(update={"staffing": found}))
    assert verification.passed, verification.failed


@pytest.mark.parametrize("number", NUMBERS)
def test_no_years_are_better_than_the_staging_found(number: int) -> None:
    request = staging_request_number(number)
    facts = Facts(request)
    plan = levels.best(facts).plans[0]
    named = to_plan(facts, plan)
    solution = Solution.of_plan(Instance.from_request(request), named)
    found, best = staging(solution, RunControl(request.limits)), best_staging(facts, plan)
    assert found.status is best.status
    if best.total is not None:
        assert found.level.objective == pytest.approx(best.total, rel=RELATIVE)
        verification = verify(request, named.model_copy(update={"staging": found}))
        assert verification.passed, verification.failed


@pytest.mark.parametrize("number", range(40))
def test_years_found_by_search_never_beat_the_best_nor_their_bound(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging_package, "ENUMERATED", 0)
    request = staging_request_number(number)
    facts = Facts(request)
    plan = levels.best(facts).plans[0]
    best = best_staging(facts, plan)
    solution = Solution.of_plan(Instance.from_request(request), to_plan(facts, plan))
    found = staging(solution, RunControl(request.limits))
    assert (found.status is Status.INFEASIBLE) == (best.total is None)
    if best.total is not None:
        sign = 1 if request.objectives[0].kind in MAXIMISED else -1
        room = RELATIVE * max(1.0, abs(best.total))
        assert sign * found.level.objective <= sign * best.total + room
        assert sign * found.level.bound >= sign * best.total - room
