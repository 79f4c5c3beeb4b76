import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.run import RunLimits, Status, StopReason
from optimizer.algorithms.capacitated.core import prove_core
from optimizer.algorithms.capacitated.dual import Dual
from optimizer.algorithms.capacitated.instance import (
    CapacitatedInstance,
    Plan,
    count_plan,
    of_matrices,
)
from optimizer.algorithms.capacitated.rounding import rounded_options
from optimizer.algorithms.capacitated.search import Search, locate
from optimizer.algorithms.capacitated.tree import Node
from optimizer.control import RunControl
from optimizer.errors import BackendError


@dataclass(frozen=True)
class Given:
    cost: np.ndarray
    demand: np.ndarray
    capacity: np.ndarray
    opening: np.ndarray
    count: int | None = None
    opened: tuple[int, ...] = ()


def control(seconds: float = 600.0) -> RunControl:
    return RunControl(RunLimits(time_limit_s=seconds))


def drawn(
    seed: int, *, single: bool, classes: int = 1, count: int | None = None
) -> CapacitatedInstance:
    """A small problem; capacities are such that some draws have no plan."""
    rng = np.random.default_rng(seed)
    customers, sites = 6, 4
    cost = rng.integers(1, 60, (customers, sites)).astype(np.float64)
    cost[rng.random(cost.shape) < 0.1] = np.inf
    demand = rng.integers(1, 12, customers) + (0.5 if seed % 3 == 0 else 0.0)
    capacity = rng.integers(6, 30, (sites, classes)).astype(np.float64)
    opening = rng.integers(0, 70, (sites, classes)).astype(np.float64)
    opened = (1,) if seed % 4 == 0 else ()
    given = Given(cost, demand, capacity, opening, count, opened)
    return of_matrices(given, single_source=single)


def matrix(instance: CapacitatedInstance) -> np.ndarray:
    cost = np.full((len(instance.demand), instance.sites), np.inf)
    cost[instance.customer, instance.site] = instance.cost
    return cost


def sets_of_options(instance: CapacitatedInstance) -> list[tuple[int | None, ...]]:
    """Every choice of an option or none for each site that keeps the rules on sites."""
    starts = instance.option_start
    ways = [
        [
            *([] if site in instance.opened else [None]),
            *range(starts[site], starts[site + 1]),
        ]
        for site in range(instance.sites)
    ]
    most = instance.sites if instance.most is None else instance.most
    return [
        one
        for one in product(*ways)
        if instance.least <= sum(option is not None for option in one) <= most
    ]


def single_by_enumeration(instance: CapacitatedInstance) -> float:
    cost, customers = matrix(instance), len(instance.demand)
    at = np.array(list(product(range(instance.sites), repeat=customers)))
    worth = cost[np.arange(customers), at].sum(axis=1)
    load = np.stack([((at == j) * instance.demand).sum(axis=1) for j in range(instance.sites)], 1)
    best = math.inf
    for options in sets_of_options(instance):
        room = np.array([0.0 if one is None else instance.capacity[one] for one in options])
        setup = sum(instance.opening[one] for one in options if one is not None)
        fits = (load <= room).all(axis=1)
        if fits.any():
            best = min(best, float(worth[fits].min() + setup))
    return best


def multi_by_enumeration(instance: CapacitatedInstance) -> float:
    cost, (customers, sites) = matrix(instance), matrix(instance).shape
    finite = np.isfinite(cost)
    served = np.kron(np.eye(customers), np.ones(sites))
    held = np.kron(instance.demand, np.eye(sites))
    bounds = [(0, 1 if may else 0) for may in finite.ravel()]
    best = math.inf
    for options in sets_of_options(instance):
        room = np.array([0.0 if one is None else instance.capacity[one] for one in options])
        if room.sum() < instance.demand.sum():
            continue
        setup = sum(instance.opening[one] for one in options if one is not None)
        solved = linprog(
            np.where(finite, cost, 0.0).ravel(), held, room, served, np.ones(customers), bounds
        )
        if solved.status == 0:
            best = min(best, solved.fun + setup)
    return best


def assert_same(instance: CapacitatedInstance, best: float) -> None:
    found = locate(instance, control())
    if math.isinf(best):
        assert (found.status, found.plan, found.bound) == (Status.INFEASIBLE, None, None)
        return
    assert (found.status, found.stop) == (Status.OPTIMAL, StopReason.PROOF)
    assert found.plan is not None
    assert found.objective == pytest.approx(best, rel=1e-6)
    assert found.bound == pytest.approx(best, rel=1e-6)
    assert count_plan(instance, found.plan) == found.objective


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 2), st.sampled_from([None, 2, 3]))
@example(40, 1, None)  # the first plan of the moves serves over a pair that may not be
def test_no_plan_of_one_source_each_is_cheaper(seed: int, classes: int, count: int | None) -> None:
    instance = drawn(seed, single=True, classes=classes, count=count)
    assert_same(instance, single_by_enumeration(instance))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 2), st.sampled_from([None, 3]))
def test_no_plan_of_several_sources_is_cheaper(seed: int, classes: int, count: int | None) -> None:
    instance = drawn(seed, single=False, classes=classes, count=count)
    assert_same(instance, multi_by_enumeration(instance))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 100), st.booleans())
def test_any_multipliers_bound_and_their_sums_bound_what_they_speak_of(
    seed: int, draw: int, single: bool
) -> None:
    instance = drawn(seed, single=single, classes=2)
    best = single_by_enumeration(instance) if single else multi_by_enumeration(instance)
    dual = Dual(instance)
    multiplier = np.random.default_rng(draw).uniform(0, 60, len(instance.demand))
    if not dual.possible:
        assert math.isinf(best)
        return
    assert dual.price(multiplier).value <= best + 1e-6
    sums = dual.sums(multiplier)
    site = draw % instance.sites
    closed = instance.keeping(instance.site != site, instance.option_site != site)
    if site not in instance.opened:
        without = single_by_enumeration(closed) if single else multi_by_enumeration(closed)
        assert sums.closed[site] <= without + 1e-6
    holding = replace(instance, opened=np.union1d(instance.opened, [site]))
    with_it = single_by_enumeration(holding) if single else multi_by_enumeration(holding)
    options = slice(instance.option_start[site], instance.option_start[site + 1])
    assert sums.opened[options].min() <= with_it + 1e-6
    if single:
        pair = draw % len(instance.cost)
        others = instance.customer != instance.customer[pair]
        others[pair] = True
        assert sums.used[pair] <= single_by_enumeration(instance.keeping(others)) + 1e-6
        rest = np.arange(len(instance.cost)) != pair
        assert sums.unused[pair] <= single_by_enumeration(instance.keeping(rest)) + 1e-6


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([None, 2]), st.floats(0.8, 1.2))
def test_a_core_finds_the_best_plan_below_its_guess_and_else_bounds_by_it(
    seed: int, count: int | None, part: float
) -> None:
    instance = drawn(seed, single=True, count=count)
    best, dual = single_by_enumeration(instance), Dual(instance)
    if math.isinf(best) or not dual.possible:
        return
    search = Search(instance, control(), dual)
    root = Node(
        np.ones(len(instance.cost), dtype=np.bool_),
        np.ones(len(instance.capacity), dtype=np.bool_),
        instance.opened,
        dual.start(),
    )
    guess = part * best + 0.25
    heard: list[float] = []
    bound = prove_core(
        search.tree(guess, None),
        root,
        lambda plan: heard.append(count_plan(instance, plan)),
        control(),
        near=1e-6,
    )
    assert bound is not None
    if guess > best:
        assert heard == [pytest.approx(best)]
        assert bound == pytest.approx(best)
    else:
        assert bound == pytest.approx(guess)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_rooms_that_suffice_do_so_in_units(seed: int, even: bool) -> None:
    rng = np.random.default_rng(seed)
    sites = 30
    sizes = rng.uniform(1_000.0, 9_000.0, 2 if even else sites)
    capacity = rng.choice(np.rint(sizes) if seed % 2 else sizes, (sites, 1))
    for chosen in (rng.random(sites) < 0.5 for _ in range(5)):
        total = float(capacity[chosen].sum())
        if total == 0.0:
            continue
        given = Given(np.ones((3, sites)), np.full(3, total / 3), capacity, np.ones((sites, 1)))
        dual = Dual(of_matrices(given, single_source=False))
        assert dual.wide[chosen].sum() >= dual.need


def test_rooms_are_told_in_units_that_do_not_round_them() -> None:
    capacity = np.tile([5_051.0, 2_021.0], (200, 1))
    given = Given(np.ones((1, 200)), np.array([252_501.0]), capacity, np.ones((200, 2)))
    dual = Dual(of_matrices(given, single_source=False))
    held = dual.wide[:2] / dual.need
    assert held == pytest.approx(capacity[0] / 252_501.0, rel=2e-3)


def test_the_first_options_have_room_for_all_where_their_number_is_limited() -> None:
    capacity = np.array([[10.0], [12.0], [30.0], [40.0], [35.0]])
    given = Given(np.ones((4, 5)), np.full(4, 16.0), capacity, np.zeros((5, 1)), count=2)
    instance = of_matrices(given, single_source=False)
    opened = np.array([0.9, 0.8, 0.2, 0.1, 0.0])
    assert rounded_options(instance, opened, 1.1).tolist() == [2, 3]
    kept = replace(instance, opened=np.array([1]), demand=np.full(4, 13.0))
    assert rounded_options(kept, opened, 1.1).tolist() == [1, 3]


def test_a_search_of_no_nodes_still_tells_a_true_bound() -> None:
    rng = np.random.default_rng(5)
    cost = rng.integers(1, 100, (40, 12)).astype(np.float64)
    given = Given(
        cost,
        rng.integers(5, 30, 40).astype(np.float64),
        np.full((12, 1), 130.0),
        rng.integers(80, 200, (12, 1)).astype(np.float64),
    )
    instance = of_matrices(given, single_source=True)
    whole = locate(instance, control())
    cut = locate(instance, RunControl(RunLimits(time_limit_s=600.0, node_limit=0)))
    assert whole.status is Status.OPTIMAL
    assert whole.objective is not None
    assert cut.bound is not None
    assert cut.bound <= whole.objective + 1e-9
    again = locate(instance, control())
    assert (again.objective, again.nodes, again.steps) == (
        whole.objective,
        whole.nodes,
        whole.steps,
    )


def plan(*pairs: tuple[int, int, float], options: tuple[int, ...]) -> Plan:
    customer, site, share = zip(*pairs, strict=True)
    return Plan(np.array(options), np.array(customer), np.array(site), np.array(share))


RULES = of_matrices(
    Given(
        np.array([[1.0, 2.0], [3.0, np.inf]]),
        np.array([2.0, 2.0]),
        np.array([[4.0, 9.0], [2.0, 3.0]]),
        np.array([[5.0, 8.0], [1.0, 2.0]]),
    ),
    single_source=True,
)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (plan((0, 0, 1.0), (1, 1, 1.0), options=(0, 2)), "may not be"),
        (plan((0, 0, 1.0), (1, 0, 1.0), options=(0, 1)), "open twice"),
        (plan((0, 1, 1.0), (1, 0, 1.0), options=(0,)), "not open"),
        (plan((0, 0, 1.0), (1, 0, 0.5), options=(0,)), "served whole"),
        (plan((0, 0, 0.5), (0, 1, 0.5), (1, 0, 1.0), options=(0, 2)), "two sites"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_not_counted(broken: Plan, why: str) -> None:
    with pytest.raises(BackendError, match=why):
        count_plan(RULES, broken)


def test_a_plan_is_counted_by_the_rules_on_room_and_number() -> None:
    kept = plan((0, 0, 1.0), (1, 0, 1.0), options=(0,))
    assert count_plan(RULES, kept) == 9.0
    small = replace(RULES, capacity=np.array([3.0, 9.0, 2.0, 3.0]))
    with pytest.raises(BackendError, match="beyond its room"):
        count_plan(small, kept)
    with pytest.raises(BackendError, match="too few"):
        count_plan(replace(RULES, least=2), kept)
    with pytest.raises(BackendError, match="must open"):
        count_plan(replace(RULES, opened=np.array([1])), kept)
