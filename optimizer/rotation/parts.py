"""Programs of one item alone, cut out of the program of all."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array, vstack

from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram
from optimizer.rotation.arrays import IndexArray
from optimizer.rotation.formulation import Expression, Formulation


def part_of(
    program: LinearProgram,
    columns: IndexArray,
    ceilings: Sequence[tuple[FloatArray, float]] = (),
    *,
    whole: bool = False,
) -> LinearProgram:
    """Return the program over some columns alone, with rows ``cost @ x <= limit`` added.

    The rows are those that these columns stand in; no row may hold others too. Where ``whole``,
    what leaves, is sent or ordered is a whole number.
    """
    columns_of = program.matrix.tocsc()[:, columns].tocsr()
    rows = np.flatnonzero(np.diff(columns_of.indptr))
    empty = np.diff(program.matrix.indptr) == 0
    missed = empty & ((program.row_lower > 0) | (program.row_upper < 0))
    assert not missed.any()  # a row without columns asks for nothing
    matrix = csr_array(columns_of[rows])
    lower, upper = program.row_lower[rows], program.row_upper[rows]
    if ceilings:
        above = csr_array(np.array([cost for cost, _ in ceilings]))
        matrix = csr_array(vstack([matrix, above], format="csr"))
        lower = np.concatenate([lower, np.full(len(ceilings), -np.inf)])
        upper = np.concatenate([upper, [limit for _, limit in ceilings]])
    integer = np.zeros(len(columns), dtype=np.bool_)
    if whole:
        for block in ("issue", "move", "order"):
            part = program.columns[block]
            integer |= (columns >= part.start) & (columns < part.stop)
    return LinearProgram(
        sense=program.sense,
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=integer,
        matrix=matrix,
        row_lower=lower,
        row_upper=upper,
        columns={"all": slice(0, len(columns))},
        rows={"all": slice(0, len(upper))},
    )


def value_of(formulation: Formulation, expression: Expression, values: FloatArray) -> float:
    """Return what an expression is worth."""
    program = formulation.layout
    return sum(float(row @ values[program[block]]) for block, row in expression.items())
