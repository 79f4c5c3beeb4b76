"""Places drawn on the plane: integer points, weights 1 to 100, distances rounded to integers."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SIDE_M = 10_000


def drawn(places: int, seed: int, *, side_m: int = SIDE_M) -> tuple[FloatArray, FloatArray]:
    """Return points (place, 2) with coordinates from 0 to below ``side_m``, and their weights."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, side_m, (places, 2)).astype(np.float64)
    return points, rng.integers(1, 101, places).astype(np.float64)


def rounded(points: FloatArray) -> FloatArray:
    """Return the distances (place, place) rounded to the nearest integer.

    Examples
    --------
    >>> rounded(np.array([[0.0, 0.0], [1.0, 1.0]])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    apart = points[:, None] - points
    return np.rint(np.hypot(apart[..., 0], apart[..., 1]))
