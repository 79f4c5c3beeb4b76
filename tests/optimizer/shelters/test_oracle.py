"""The engine against trying every set of sites."""

import pytest
from hypothesis import HealthCheck, given, settings

from models.run import Status
from models.shelters import ShelterRequest
from optimizer.control import RunControl
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.drawn import requests
from tests.optimizer.shelters.oracle import best_values

CALM = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def compare(request: ShelterRequest) -> None:
    answer = solve(request, RunControl(request.limits))
    best = best_values(request)
    if best is None:
        assert answer.run.status is Status.INFEASIBLE
        assert answer.plan is None
        assert answer.conflict is not None
        assert answer.conflict.rules
        return
    assert answer.run.status is Status.OPTIMAL
    assert answer.verification is not None
    assert answer.verification.passed
    found = [level.objective for level in answer.run.levels]
    assert found == pytest.approx(best, rel=2e-5, abs=2e-4)
    again = solve(request, RunControl(request.limits), start=answer.plan)
    assert [level.objective for level in again.run.levels] == pytest.approx(best, 2e-5, 2e-4)


@given(requests())
@settings(max_examples=40, **CALM)  # type: ignore[arg-type]
def test_no_choice_of_sites_and_walks_is_better(request: ShelterRequest) -> None:
    compare(request)


@pytest.mark.slow
@given(requests())
@settings(max_examples=500, **CALM)  # type: ignore[arg-type]
def test_no_choice_is_better_on_many_requests(request: ShelterRequest) -> None:
    compare(request)
