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
from optimizer.algorithms.two_echelon.exchanges import Exchanges
from optimizer.algorithms.two_echelon.search import _EXACT_MOST
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
            assert solved.fun is not None
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


def near(seed: int) -> TwoStageProblem:
    """A problem made like the first class of the published ones: its bound is near its optimum."""
    rng = np.random.default_rng(seed)
    plants, depots, customers = 45, 65, 40
    demand = rng.integers(10, 21, customers).astype(np.float64)
    total = demand.sum()
    return TwoStageProblem(
        name="near",
        demand=demand,
        plant_capacity=np.round(total * rng.uniform(0.04, 0.1, plants)),
        plant_opening=np.round(total * rng.uniform(6.7, 10.0, plants)),
        depot_capacity=np.round(total * rng.uniform(0.02, 0.05, depots)),
        depot_opening=np.round(total * rng.uniform(2.7, 4.0, depots)),
        inbound=rng.integers(35, 46, (plants, depots)).astype(np.float64),
        outbound=rng.integers(55, 66, (depots, customers)).astype(np.float64),
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_where_the_bound_is_near_a_proof_takes_no_tree_and_few_plans(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not even a search that finds nothing keeps the proof away: it hangs on the bound alone.
    monkeypatch.setattr(Exchanges, "search", lambda *_: None)
    problem = near(seed)
    assert len(problem.plant_capacity) + len(problem.depot_capacity) > _EXACT_MOST
    found = locate_stages(problem, RunControl(RunLimits(time_limit_s=120.0, node_limit=1)))
    assert found.status is Status.OPTIMAL
    assert found.bound == found.objective
    assert found.nodes == 0
    assert found.judged <= 5
