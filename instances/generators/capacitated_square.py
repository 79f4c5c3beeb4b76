"""Capacitated location on a square: two classes a site, and some sites that stay open.

Integer points on [0, 10000] x [0, 10000], weights 1 to 100, rounded Euclidean distances; a tenth
of the sites must be open. A large facility holds four times a site's even share of the demand and
costs as much as moving that share 4,000 far; a small one holds 1.6 times the share and costs half.
"""

import numpy as np

from instances.plain import CapacitatedProblem

_SIDE = 10_000
_SHARES = np.array([4.0, 1.6])  # capacity: so many times a site's even share of the demand
_WAYS = np.array([4_000.0, 2_000.0])  # opening cost: as moving an even share so far


def capacitated_square(customers: int, sites: int, *, seed: int) -> CapacitatedProblem:
    """Return the problem of that size; customers may be served by several sites.

    Examples
    --------
    >>> problem = capacitated_square(50, 10, seed=1)
    >>> problem.cost.shape, problem.capacity.shape, len(problem.opened)
    ((50, 10), (10, 2), 1)
    """
    rng = np.random.default_rng(seed)
    customer = rng.integers(0, _SIDE + 1, (customers, 2)).astype(np.float64)
    site = rng.integers(0, _SIDE + 1, (sites, 2)).astype(np.float64)
    demand = rng.integers(1, 101, customers).astype(np.float64)
    apart = customer[:, None] - site[None]
    distance = np.rint(np.hypot(apart[..., 0], apart[..., 1]))
    even = demand.sum() / sites
    opened = np.sort(rng.choice(sites, max(1, sites // 10), replace=False))
    return CapacitatedProblem(
        name=f"square-{customers}x{sites}-{seed}",
        demand=demand,
        capacity=np.tile(np.ceil(_SHARES * even), (sites, 1)),
        opening=np.tile(np.rint(_WAYS * even), (sites, 1)),
        cost=demand[:, None] * distance,
        opened=tuple(opened.tolist()),
    )
