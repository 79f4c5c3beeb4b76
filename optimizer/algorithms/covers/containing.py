"""Which rows of a truth matrix lie in others: those that need not be looked at any more."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.compiled import compiled
from optimizer.coverage import pack

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


def greatest(rows: BoolArray, cost: FloatArray) -> BoolArray:
    """Return which rows no other contains that costs no more, the first of equals.

    Examples
    --------
    >>> rows = np.array([[True, False], [True, True], [True, True]])
    >>> greatest(rows, np.array([1.0, 1.0, 1.0])).tolist()
    [False, True, False]
    """
    kept = np.ones(len(rows), dtype=np.bool_)
    _drop(_listed(rows), cost, kept, True)
    return kept


def least(rows: BoolArray) -> BoolArray:
    """Return which rows contain no other, the first of equals.

    Examples
    --------
    >>> least(np.array([[True, False], [True, True], [True, False]])).tolist()
    [True, False, False]
    """
    kept = np.ones(len(rows), dtype=np.bool_)
    _drop(_listed(rows), np.zeros(len(rows)), kept, False)
    return kept


def _listed(rows: BoolArray) -> tuple[NDArray[Any], ...]:
    by_row, by_column = csr_array(rows), csr_array(rows.T)
    return (
        by_row.indptr.astype(np.int64),
        by_row.indices.astype(np.int64),
        by_column.indptr.astype(np.int64),
        by_column.indices.astype(np.int64),
        pack(rows),
    )


@compiled
def _drop(listed: Any, cost: Any, kept: Any, contained: Any) -> None:  # noqa: C901, PLR0912
    """Drop the rows that others of no more cost contain, or those that contain others.

    Only rows that hold a row's rarest column can contain it; an empty row is in every other. What
    a dropped row would drop, the one that dropped it does.
    """
    start, column, column_start, row, words = listed
    height = len(kept)
    every = np.arange(height)
    for a in range(height):
        if not kept[a]:
            continue
        rarest, fewest = -1, height + 1
        for at in range(start[a], start[a + 1]):
            many = column_start[column[at] + 1] - column_start[column[at]]
            if many < fewest:
                rarest, fewest = column[at], many
        others = every if rarest < 0 else row[column_start[rarest] : column_start[rarest + 1]]
        size = start[a + 1] - start[a]
        for b in others:
            if a == b or not kept[b]:
                continue
            equal = start[b + 1] - start[b] == size
            if contained and (cost[b] > cost[a] or (equal and cost[b] == cost[a] and b > a)):
                continue
            if not contained and equal and b < a:
                continue
            within = True
            for n in range(words.shape[1]):
                if words[a, n] & ~words[b, n]:
                    within = False
                    break
            if within and contained:
                kept[a] = False
                break
            if within:
                kept[b] = False
