"""The bound by cuts, against the linear program written out pair by pair."""

from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from models.run import RunLimits
from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray, dense_choice
from optimizer.algorithms.siting.cuts import Cuts
from optimizer.algorithms.siting.lagrangian import Ascent, Bound, bound_at
from optimizer.algorithms.siting.tree import Tree
from optimizer.control import RunControl

PLACES, SITES = 12, 9


def relaxed(cost: FloatArray, cap: FloatArray, count: int, closed: int, opened: int) -> float:
    """Return the value of the linear relaxation, with assignments x and the cap as a site."""
    pairs = PLACES * SITES
    served = np.kron(np.eye(PLACES), np.ones(SITES))
    equal = np.zeros((PLACES + 1, pairs + PLACES + SITES))
    equal[:PLACES, :pairs], equal[:PLACES, pairs : pairs + PLACES] = served, np.eye(PLACES)
    equal[PLACES, pairs + PLACES :] = 1.0
    link = np.hstack(
        [np.eye(pairs), np.zeros((pairs, PLACES)), -np.tile(np.eye(SITES), (PLACES, 1))]
    )
    limits = [(0.0, 1.0)] * (pairs + PLACES + SITES)
    limits[pairs + PLACES + closed] = (0.0, 0.0)
    limits[pairs + PLACES + opened] = (1.0, 1.0)
    found = linprog(
        np.concatenate([cost.ravel(), cap, np.zeros(SITES)]),
        link,
        np.zeros(pairs),
        equal,
        np.append(np.ones(PLACES), count),
        limits,
    )
    return float(found.fun)


def test_cuts_reach_the_relaxation_and_never_exceed_it() -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        cost = rng.integers(0, 50, (PLACES, SITES)).astype(np.float64)
        cap = rng.integers(20, 60, PLACES).astype(np.float64)
        choice = dense_choice(cost, cap, 3)
        none = np.zeros(SITES, dtype=np.bool_)
        start = Bound(0.0, np.zeros(PLACES), np.zeros(SITES), np.arange(3), none * 1.0, 0)
        cuts = Cuts(choice, start, RunControl(RunLimits()))
        opened, closed = np.array([seed % SITES]), none.copy()
        closed[(seed + 1) % SITES] = True
        plan = Ascent(np.inf, np.inf, 50, tolerance=0.0)
        left = choice.fixed(opened, closed)
        value = cuts.bound(left, opened, closed, start.multipliers, plan).value
        true = relaxed(cost, cap, 3, (seed + 1) % SITES, seed % SITES)
        assert true - 1e-5 <= value <= true + 1e-6


def loose(seed: int) -> Choice:
    """Return a choice of 4 of 16 sites whose relaxation is some way below its best."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 60, (24, 16)).astype(np.float64)
    return dense_choice(cost, np.full(24, 99.0), 4)


def started(choice: Choice) -> Bound:
    every = np.zeros(len(choice.site))
    value, worth, chosen = bound_at(choice, np.zeros(len(choice.cap)))
    return Bound(value, np.zeros(len(choice.cap)), worth, chosen, every, 0)


def cheapest(choice: Choice, held: IndexArray) -> float:
    every = range(len(choice.site))
    some = (np.array(one) for one in combinations(every, choice.count))
    return min(choice.value(one) for one in some if np.isin(one, held).any())


def test_a_set_that_is_asked_for_bounds_the_choices_that_hold_one_of_it() -> None:
    none = np.zeros(16, dtype=np.bool_)
    plan = Ascent(np.inf, np.inf, 50, tolerance=0.0)
    for seed in range(4):
        choice = loose(seed)
        start = started(choice)
        cuts = Cuts(choice, start, RunControl(RunLimits()))
        free = cuts.bound(choice, np.zeros(0, np.intp), none, start.multipliers, plan)
        held = np.argsort(free.worth)[-3:]  # which hardly anybody would choose
        asked = (cuts.set_of(np.sort(held)),)
        bound = cuts.bound(choice, np.zeros(0, np.intp), none, start.multipliers, plan, asked)
        assert free.value < bound.value <= cheapest(choice, held)
        again = cuts.bound(choice, np.zeros(0, np.intp), none, start.multipliers, plan)
        assert abs(again.value - free.value) < 1e-5


def test_a_tree_over_sets_of_near_sites_proves_the_cheapest_choice() -> None:
    sets = 0
    for seed in range(4):
        choice = loose(seed)
        start = started(choice)
        tree = Tree(choice, choice.value, choice.value(np.arange(4)), lambda: False, whole=True)
        tree.cuts = Cuts(choice, start, RunControl(RunLimits()))
        proved = tree.prove(start)
        best = cheapest(choice, np.arange(16))
        assert best - 1.0 < proved <= best
        sets += len(tree.cuts.sets)
    assert sets > 0
