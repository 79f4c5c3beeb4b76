"""Hills around places where people live: forest shares and kernels of density."""

import numpy as np

from instances.generators.plane import FloatArray


def forest_shares(remoteness: FloatArray, *, total: float, ramp: float) -> FloatArray:
    """Return a forest share for each cell, rising with its remoteness, that sum to ``total``.

    A cell is bare up to some remoteness, wooded from that plus ``ramp`` on, and in between in
    proportion; where the rise begins is found by bisection. Shares have three decimals.

    Examples
    --------
    >>> forest_shares(np.array([0.0, 1.0, 2.0, 3.0]), total=2.0, ramp=1.0).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    low, high = float(remoteness.min()) - ramp, float(remoteness.max())
    for _ in range(60):
        middle = (low + high) / 2
        more = np.clip((remoteness - middle) / ramp, 0, 1).sum() > total
        low, high = (middle, high) if more else (low, middle)
    shares: FloatArray = np.clip((remoteness - high) / ramp, 0, 1).round(3)
    return shares


def grain(count: int, sigma: float, rng: np.random.Generator) -> FloatArray:
    """Return lognormal factors with median 1: no two blocks of a city are alike."""
    return np.exp(sigma * rng.standard_normal(count))
