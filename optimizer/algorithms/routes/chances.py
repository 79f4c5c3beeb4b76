"""Chances as the kernels draw them."""

import numpy as np

from optimizer.algorithms.routes.state import RngState
from optimizer.compiled import compiled


@compiled
def draw(rng: RngState, below: int) -> int:
    """Return a whole number in ``[0, below)``: xorshift64*, Marsaglia (2003), Vigna (2016)."""
    state = rng[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    rng[0] = state
    top = (state * np.uint64(2685821657736338717)) >> np.uint64(33)
    return np.int64(top) % below  # type: ignore[return-value]


@compiled
def chance(rng: RngState) -> float:
    """Return a number in ``[0, 1)``."""
    return draw(rng, 1073741824) / 1073741824.0
