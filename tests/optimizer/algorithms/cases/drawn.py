"""Small questions of sites for many cases, drawn from a seed."""

import numpy as np

from optimizer.algorithms.cases.instance import CaseArrays, Manner

SITES, PARTIES, CASES = 5, 6, 2
SPREAD = Manner(kind=np.array([0, 0, 1, 1, 0]), detour=0.3, least_fill=0.1, balance=0.4)


def drawn(seed: int) -> CaseArrays:
    """Return parties and sites on a line, with a budget that opens three or so."""
    rng = np.random.default_rng(seed)
    at, where = rng.uniform(0, 10, (CASES, PARTIES)), rng.uniform(0, 10, SITES)
    walk = np.abs(at.reshape(-1)[:, None] - where[None])
    near = np.argsort(walk, axis=1)[:, :4]
    opening = rng.uniform(1, 3, SITES)
    far = np.take_along_axis(walk, near, axis=1).ravel()
    return CaseArrays(
        party_start=np.arange(CASES + 1) * PARTIES,
        people=rng.integers(1, 9, CASES * PARTIES).astype(np.float64),
        unplaced=np.full(CASES * PARTIES, 1.0),
        arc_start=np.arange(CASES * PARTIES + 1) * 4,
        site=near.ravel().astype(np.int64),
        space=np.ones(len(far)),
        walk=far,
        cost=0.01 * far,
        area=rng.integers(6, 20, (CASES, SITES)).astype(np.float64),
        opening=opening,
        rows=opening[None],
        lower=np.array([-np.inf]),
        upper=np.array([0.7 * opening.sum()]),
        forced=np.arange(SITES) == 0,
        barred=np.zeros(SITES, dtype=np.bool_),
    )
