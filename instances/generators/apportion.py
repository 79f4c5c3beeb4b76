"""Whole numbers that follow given shares and add up exactly."""

import numpy as np
from numpy.typing import NDArray

from instances.generators.plane import FloatArray


def apportion(total: int, shares: FloatArray) -> NDArray[np.int64]:
    """Return whole numbers in proportion to ``shares`` whose sum is ``total``.

    The largest-remainder rule: each gets its proportion rounded down, and what is left goes one
    by one to the largest remainders, ties to the earlier.

    Examples
    --------
    >>> apportion(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    if shares.min() < 0 or shares.sum() <= 0:
        raise ValueError("shares must not be negative, and some must be positive")
    exact = total * shares / shares.sum()
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    largest = np.argsort(whole - exact, kind="stable")
    whole[largest[: total - whole.sum()]] += 1
    return whole
