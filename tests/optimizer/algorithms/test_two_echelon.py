import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from instances.plain import TwoStageProblem
from models.run import RunLimits, Status
from optimizer.algorithms.two_echelon import count_flows, locate_stages
from optimizer.control import RunControl
from optimizer.errors import BackendError


def drawn(seed: int) -> TwoStageProblem:
    rng = np.random.default_rng(seed)
    plants, depots, customers = 3, 3, 4
    return TwoStageProblem(
        name="drawn",
        demand=rng.integers(1, 9, customers).astype(np.float64),
        plant_capacity=rng.integers(5, 20, plants).astype(np.float64),
        plant_opening=rng.integers(0, 60, plants).astype(np.float64),
        depot_capacity=rng.integers(4, 18, depots).astype(np.float64),
        depot_opening=rng.integers(0, 60, depots).astype(np.float64),
        inbound=rng.integers(1, 12, (plants, depots)).astype(np.float64),
        outbound=rng.integers(1, 12, (depots, customers)).astype(np.float64),
    )


def by_enumeration(problem: TwoStageProblem) -> float:
    """The least cost over every choice of plants and depots, each a transport of its own."""
    plants, depots = problem.inbound.shape
    customers = len(problem.demand)
    arcs, ways = plants * depots, depots * customers
    cost = np.concatenate([problem.inbound.ravel(), problem.outbound.ravel()])
    made = np.hstack([np.kron(np.eye(plants), np.ones(depots)), np.zeros((plants, ways))])
    sent = np.hstack([np.zeros((depots, arcs)), np.kron(np.eye(depots), np.ones(customers))])
    got = np.hstack([np.tile(np.eye(depots), plants), np.zeros((depots, ways))])
    served = np.hstack([np.zeros((customers, arcs)), np.tile(np.eye(customers), depots)])
    best = math.inf
    for chosen in product((0, 1), repeat=plants + depots):
        y, z = np.array(chosen[:plants]), np.array(chosen[plants:])
        rooms = np.concatenate(
            [problem.plant_capacity * y, problem.depot_capacity * z, np.zeros(depots)]
        )
        solved = linprog(cost, np.vstack([made, sent, sent - got]), rooms, served, problem.demand)
        if solved.status == 0:
            setup = float(problem.plant_opening @ y + problem.depot_opening @ z)
            best = min(best, solved.fun + setup)
    return best


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_no_choice_of_plants_and_depots_is_cheaper(seed: int) -> None:
    problem = drawn(seed)
    best = by_enumeration(problem)
    found = locate_stages(problem, RunControl(RunLimits(time_limit_s=120.0)))
    if math.isinf(best):
        assert found.status is Status.INFEASIBLE
        return
    assert found.status is Status.OPTIMAL
    assert found.plan is not None
    assert found.objective == pytest.approx(best, rel=1e-6)
    assert found.bound == pytest.approx(best, rel=1e-6)
    assert count_flows(problem, found.plan) == found.objective


def test_a_plan_that_sends_more_than_it_gets_is_refused() -> None:
    problem = drawn(3)
    found = locate_stages(problem, RunControl(RunLimits(time_limit_s=120.0)))
    assert found.plan is not None
    for part in ("inbound", "outbound"):
        with pytest.raises(BackendError, match="breaks a rule"):
            count_flows(problem, replace(found.plan, **{part: getattr(found.plan, part) * 0.5}))
    with pytest.raises(BackendError, match="breaks a rule"):
        count_flows(problem, replace(found.plan, plants=found.plan.plants[:0]))
