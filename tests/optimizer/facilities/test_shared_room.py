"""The search for capacitated location against the program of the same request."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from models.facilities import FacilityRequest
from models.run import Status
from optimizer.algorithms.capacitated.search import locate
from optimizer.control import RunControl
from optimizer.facilities import shared_room
from optimizer.facilities.instance import Instance
from optimizer.facilities.solve import solve
from optimizer.facilities.verify import verify
from tests.optimizer.facilities.questions import drawn

ASKED: dict[str, dict[str, Any]] = {
    "cover": {"goal": "cover", "radius": 45.0, "number": 3},
    "cover at one price": {"goal": "cover", "radius": 45.0, "budget": 2.0, "free": True},
    "set cover": {"goal": "set_cover", "radius": 70.0},
    "fewest": {"goal": "set_cover", "radius": 75.0, "number": 4, "free": True},
    "p-median": {"goal": "p_median", "number": 3},
    "p-center": {"goal": "p_center", "number": 3},
    "least cost": {"goal": "least_cost", "way_cost": 0.02},
}


def by_program(request: FacilityRequest, monkeypatch: pytest.MonkeyPatch) -> float | None:
    with monkeypatch.context() as patched:
        patched.setattr(shared_room, "suits", lambda instance: False)
        answer = solve(request, RunControl(request.limits), reasons=False)
    assert answer.run.backend != shared_room.SEARCH
    assert answer.run.status in {Status.OPTIMAL, Status.INFEASIBLE}
    return answer.run.objective


@pytest.mark.parametrize(("name", "single", "seed"), [*product(ASKED, (False, True), range(4))])
def test_search_and_program_come_to_the_same(
    name: str, single: bool, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = drawn(seed, **ASKED[name], capacity=14.0, single_source=single)
    control = RunControl(request.limits)
    found = shared_room.settle(Instance.from_request(request, None), control)
    known = by_program(request, monkeypatch)
    if known is None:
        assert found.status is Status.INFEASIBLE
        return
    assert found.status is Status.OPTIMAL
    assert found.bound == pytest.approx(known, abs=1e-6)
    assert found.solution is not None
    plan = found.solution.plan()
    assert found.solution.value == pytest.approx(known, abs=1e-6)
    assert verify(request, plan, None).passed
    # What listeners heard is of the goal, not of the search: the last is the answer.
    assert control.incumbents[-1].objective == pytest.approx(known, abs=1e-6)


def test_a_request_that_fits_is_sent_to_the_search() -> None:
    request = drawn(1, goal="cover", radius=45.0, number=3, capacity=14.0)
    answer = solve(request, RunControl(request.limits), reasons=False)
    assert answer.run.backend == shared_room.SEARCH
    assert answer.verification is not None
    assert answer.verification.passed


@pytest.mark.parametrize(
    "told",
    [
        {"goal": "cover", "radius": 45.0, "budget": 9.0},
        {"goal": "set_cover", "radius": 70.0, "budget": 20.0},
        {"goal": "set_cover", "radius": 70.0, "share": 0.5},
        {"goal": "p_center", "budget": 20.0},
    ],
)
def test_money_and_shares_are_no_question_for_it(told: dict[str, Any]) -> None:
    assert not shared_room.suits(Instance.from_request(drawn(1, **told, capacity=14.0), None))


def test_the_place_of_no_service_is_no_site() -> None:
    instance = Instance.from_request(
        drawn(1, goal="cover", radius=45.0, number=3, capacity=14.0), None
    )
    asked = shared_room.as_located(instance)
    assert asked.sites == instance.sites + 1
    nowhere = replace(asked, capacity=asked.capacity * 0.0)
    assert locate(nowhere, RunControl(instance.request.limits)).status is Status.INFEASIBLE
