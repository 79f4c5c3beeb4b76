"""Small programs that the backend tests share."""

from itertools import product

import numpy as np
from scipy.sparse import csr_array

from optimizer.linear import Builder, LinearProgram


def knapsack(columns: int, rows: int, *, offset: float = 5.0) -> LinearProgram:
    """A multi-dimensional 0/1 knapsack: 60 x 20 takes a second, 200 x 60 hours."""
    rng = np.random.default_rng(0)
    builder = Builder("max", offset=offset)
    builder.add_columns("take", np.ceil(rng.random(columns) * 50))
    present = rng.random((rows, columns)) < 0.3
    weight = np.where(present, np.ceil(rng.random((rows, columns)) * 50), 0.0)
    limit = np.ceil(weight.sum(axis=1) * 0.3)
    builder.add_rows("capacity", {"take": csr_array(weight)}, lower=-np.inf, upper=limit)
    return builder.build()


def long_linear_program() -> LinearProgram:
    """A dense linear program that takes every solver here many seconds."""
    rng = np.random.default_rng(0)
    builder = Builder("max")
    builder.add_columns("x", rng.random(2500), integer=False)
    weight = np.where(rng.random((1800, 2500)) < 0.1, rng.random((1800, 2500)), 0.0)
    rows = {"x": csr_array(weight)}
    builder.add_rows("limit", rows, lower=-np.inf, upper=weight.sum(axis=1) * 0.3)
    return builder.build()


def mixed() -> LinearProgram:
    """Maximise 2x + y + 1, x + y <= 3.5, x whole up to 2, y at least -1.5: 2 * 2 + 1.5 + 1."""
    builder = Builder("max", offset=1.0)
    builder.add_columns("x", [2.0], upper=2.0)
    builder.add_columns("y", [1.0], lower=-1.5, upper=9.0, integer=False)
    one = csr_array([[1.0]])
    builder.add_rows("limit", {"x": one, "y": one}, lower=-np.inf, upper=3.5)
    return builder.build()


def whole_numbers() -> LinearProgram:
    """Minimise 3a - 2b + c - 1 over an equation, a range, a free and an empty row."""
    builder = Builder("min", offset=-1.0)
    builder.add_columns("n", [3.0, -2.0, 1.0], lower=[-3.0, -3.0, 0.0], upper=[4.0, 3.0, 5.0])
    rows = csr_array([[1.0, -1.0, 1.0], [1.0, -2.0, 0.0], [1.0, 1.0, 1.0]])
    limits = np.array([[-4.0, -4.0], [-5.0, 7.0], [-np.inf, np.inf]])
    builder.add_rows("some", {"n": rows}, lower=limits[:, 0], upper=limits[:, 1])
    builder.add_rows("empty", {"n": csr_array((1, 3))}, lower=-1.0, upper=1.0)
    return builder.build()


def best_by_enumeration(program: LinearProgram) -> float | None:
    """Return the optimum of an all-integer program by trying every point."""
    ranges = [
        range(int(low), int(high) + 1)
        for low, high in zip(program.lower, program.upper, strict=True)
    ]
    points = (np.array(point, dtype=np.float64) for point in product(*ranges))
    values = [program.objective(p) for p in points if program.violation(p) == 0.0]
    if not values:
        return None
    return max(values) if program.sense == "max" else min(values)
