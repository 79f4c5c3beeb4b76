"""The bound by cuts, against the linear program written out pair by pair."""

import numpy as np
from scipy.optimize import linprog

from models.run import RunLimits
from optimizer.algorithms.siting.choice import FloatArray, dense_choice
from optimizer.algorithms.siting.cuts import Cuts
from optimizer.algorithms.siting.lagrangian import Ascent, Bound
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
