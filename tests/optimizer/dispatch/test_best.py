"""The plan is the best there is: against enumeration, and against one whole program."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from instances.generators.incidents import Dispatching, dispatching
from models.dispatch import DispatchRequest, Policy, ReserveRule
from models.run import Incumbent, RunLimits, Status
from optimizer.control import RunControl
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.solve import solve
from tests.oracles.dispatch import best_by_trying


@st.composite
def tiny_requests(draw: st.DrawFn) -> DispatchRequest:
    size = Dispatching(
        teams=draw(st.integers(1, 5)),
        incidents=draw(st.integers(1, 3)),
        load=draw(st.sampled_from([0.5, 0.9, 1.3])),
        within_s=draw(st.sampled_from([900.0, 1800.0, None])),
        skills=draw(st.integers(1, 3)),
        partial=draw(st.booleans()),
    )
    request = dispatching(size, draw(st.integers(0, 10_000)))
    zones = [draw(st.sampled_from(["north", "south"])) for _ in request.teams]
    teams = tuple(
        one.model_copy(update={"zone": zone})
        for one, zone in zip(request.teams, zones, strict=True)
    )
    rules = draw(
        st.lists(
            st.builds(
                ReserveRule,
                zone=st.sampled_from(["north", "south", None]),
                teams=st.integers(0, 2),
                hard=st.booleans(),
            ),
            max_size=2,
        )
    )
    return request.model_copy(update={"teams": teams, "policy": Policy(reserve=tuple(rules))})


@settings(max_examples=40, deadline=None)
@given(tiny_requests())
def test_no_plan_serves_more_nor_keeps_more_in_reserve(request_: DispatchRequest) -> None:
    severity, shortfall, response = best_by_trying(request_)
    answer = solve(request_.model_copy(update={"deadline_ms": 60_000}))
    assert answer.quality == "proven"
    # The plan tells six decimals of a share that is met.
    assert answer.plan.severity_served == pytest.approx(severity, abs=1e-6)
    assert answer.plan.reserve_shortfall >= shortfall
    levels = answer.run.levels
    if levels[1].status is Status.OPTIMAL:
        assert answer.plan.reserve_shortfall == shortfall
        assert levels[2].bound <= response + 1e-6
    if answer.run.status is Status.OPTIMAL:
        assert answer.plan.response == pytest.approx(response, rel=1e-6, abs=1e-3)


def most_by_one_program(request: DispatchRequest) -> float:
    """Return the most severity that one program over all pairs serves, by another solver door."""
    instance = Instance.from_request(request)
    groups = instance.groups
    pairs = np.argwhere(instance.reach)
    units = len(groups.unit_incident)
    matrix = lil_array((len(groups) + instance.reach.shape[1], len(pairs) + units))
    for column, (group, team) in enumerate(pairs):
        matrix[group, column] = 1.0
        matrix[len(groups) + team, column] = 1.0
    for group in range(len(groups)):
        matrix[group, len(pairs) + groups.unit[group]] = -float(groups.slots[group])
    severity = instance.severity[groups.unit_incident]
    lower = np.r_[np.zeros(len(groups)), np.full(instance.reach.shape[1], -np.inf)]
    upper = np.r_[np.zeros(len(groups)), np.ones(instance.reach.shape[1])]
    found = milp(
        np.r_[np.zeros(len(pairs)), -severity],
        constraints=LinearConstraint(matrix.tocsr(), lower, upper),
        integrality=np.ones(len(pairs) + units),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    assert found.status == 0
    return -found.fun


@pytest.mark.parametrize("seed", range(12))
def test_a_middling_city_is_served_as_one_program_serves_it(seed: int) -> None:
    size = Dispatching(teams=50, incidents=20, load=[0.6, 1.1, 1.6][seed % 3], within_s=1200.0)
    request = dispatching(size, seed).model_copy(update={"deadline_ms": 60_000})
    answer = solve(request)
    assert answer.quality == "proven"
    assert answer.plan.severity_served == pytest.approx(most_by_one_program(request))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_two_hundred_cities_are_served_as_one_program_serves_them(seed: int) -> None:
    size = Dispatching(
        teams=(30, 50, 80)[seed % 3],
        incidents=(12, 20, 30)[seed % 3],
        load=(0.6, 1.1)[seed % 2],
        within_s=(900.0, 1800.0, None)[seed % 3],
    )
    request = dispatching(size, seed).model_copy(update={"deadline_ms": 60_000})
    answer = solve(request)
    assert answer.quality == "proven"
    assert answer.plan.severity_served == pytest.approx(most_by_one_program(request))


def test_what_is_told_on_the_way_is_what_a_plan_is_worth() -> None:
    told: list[Incumbent] = []
    size = Dispatching(20, 8, load=1.0, within_s=1800.0, pumps=True)
    request = dispatching(size, 3).model_copy(update={"deadline_ms": 60_000})
    answer = solve(request, RunControl(RunLimits(), on_incumbent=told.append))
    assert {one.level for one in told} == {0, 2}
    for level in (0, 2):
        last = [one.objective for one in told if one.level == level][-1]
        assert last == pytest.approx(answer.run.levels[level].final)
