"""One scenario's recourse as arrays, and many of them stacked."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram


@dataclass(frozen=True, eq=False)
class Recourse:
    """``Q(z) = min cost @ y  s.t.  matrix @ y + tie @ z >= least, y >= 0``.

    ``z`` is the first stage. Some ``y`` must do for every ``z``, and ``cost`` must not be
    negative, so that ``Q`` is finite, convex and bounded below by 0.
    """

    cost: FloatArray  # (column,)
    matrix: csr_array  # (row, column)
    tie: csr_array  # (row, first-stage column)
    least: FloatArray  # (row,)

    def program(self, first: FloatArray) -> LinearProgram:
        """Return the linear program of the recourse to one first stage."""
        rows, columns = self.matrix.shape
        return LinearProgram(
            sense="min",
            cost=self.cost,
            lower=np.zeros(columns),
            upper=np.full(columns, np.inf),
            integer=np.zeros(columns, dtype=np.bool_),
            matrix=self.matrix,
            row_lower=self.least - self.tie @ first,
            row_upper=np.full(rows, np.inf),
            columns={"recourse": slice(0, columns)},
            rows={"recourse": slice(0, rows)},
        )


@dataclass(frozen=True, eq=False)
class Stack:
    """Many recourses side by side; those of scenario ``s`` have the columns ``columns[s]``."""

    cost: FloatArray  # (column,) each scenario's own, not weighted
    matrix: csr_array  # (row, column), block diagonal
    tie: csr_array  # (row, first-stage column)
    least: FloatArray  # (row,)
    columns: tuple[slice, ...]
    rows: tuple[slice, ...]


def stacked(recourses: Sequence[Recourse]) -> Stack:
    """Return recourses as one block-diagonal program.

    Examples
    --------
    >>> one = Recourse(np.ones(1), csr_array(np.eye(1)), csr_array(np.eye(1)), np.array([2.0]))
    >>> stacked([one, one]).matrix.toarray()
    array([[1., 0.],
           [0., 1.]])
    """
    tops = np.cumsum([0, *(one.matrix.shape[0] for one in recourses)])
    lefts = np.cumsum([0, *(one.matrix.shape[1] for one in recourses)])
    width = recourses[0].tie.shape[1]
    return Stack(
        cost=np.concatenate([one.cost for one in recourses]),
        matrix=_compressed(
            [(one.matrix, left) for one, left in zip(recourses, lefts[:-1], strict=True)],
            (int(tops[-1]), int(lefts[-1])),
        ),
        tie=_compressed([(one.tie, 0) for one in recourses], (int(tops[-1]), width)),
        least=np.concatenate([one.least for one in recourses]),
        columns=tuple(slice(int(a), int(b)) for a, b in itertools.pairwise(lefts)),
        rows=tuple(slice(int(a), int(b)) for a, b in itertools.pairwise(tops)),
    )


def _compressed(parts: list[tuple[csr_array, int]], shape: tuple[int, int]) -> csr_array:
    """Return matrices below each other, each shifted right by its own number of columns."""
    ends = np.concatenate([[0], np.cumsum([part.nnz for part, _ in parts])])
    pointers = [part.indptr[1:] + end for (part, _), end in zip(parts, ends, strict=False)]
    indices = np.concatenate([part.indices.astype(np.int64) + left for part, left in parts])
    data = np.concatenate([part.data for part, _ in parts])
    return csr_array((data, indices, np.concatenate([[0], *pointers])), shape=shape)
