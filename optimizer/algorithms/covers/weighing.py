"""A cheaper cover from a given one: sites leave and join by the weight of what they alone reach.

A place weighs more each time it is left unreached, so that no minimum holds the search for long. A
site that left may not come back before one that shares a place with it has moved (configuration
checking); the one that joined last does not leave at once; of equals the one that has not moved
for longest is taken.

Gao, C., Yao, X., Weise, T. and Li, J. (2015). An efficient local search heuristic with row
weighting for the unicost set covering problem. European Journal of Operational Research 246(3);
with costs, sites are ranked by weight per cost and join while the sum stays below the best.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.algorithms.covers.steps import walk

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_AT_ONCE = 20_000  # steps between two questions whether to stop


def lighter_cover(  # noqa: PLR0913  the search's own knobs
    reaches: NDArray[np.bool_],
    cost: FloatArray,
    start: IndexArray,
    stop: Callable[[], bool],
    *,
    steps: int,
    seed: int,
    enough: float = -np.inf,
) -> IndexArray:
    """Return the cheapest cover found in so many steps from the cover ``start``.

    ``reaches`` (place, site), ``cost`` (site,). It ends early at a cover that costs ``enough``.
    """
    by_place = csr_array(reaches)
    by_site = csr_array(reaches.T)
    rows, columns = reaches.shape
    best = np.zeros(columns, dtype=np.uint8)
    best[start] = 1
    chosen, reached = best.copy(), np.asarray(reaches[:, start].sum(axis=1), dtype=np.int64)
    weight, score = np.ones(rows, dtype=np.int64), np.zeros(columns, dtype=np.int64)
    alone = reached == 1
    score[start] = reaches[:, start][alone].sum(axis=0)
    moved, free = np.zeros(columns, dtype=np.int64), np.ones(columns, dtype=np.uint8)
    clock = np.array(
        [seed % 2**31 * 2 + 1, 0, -1], dtype=np.int64
    )  # random state, step, joined last
    missing, where = np.zeros(rows + 1, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
    held, slot = np.zeros(columns + 1, dtype=np.int64), np.zeros(columns, dtype=np.int64)
    held[: len(start)], held[-1] = np.sort(start), len(start)
    slot[np.sort(start)] = np.arange(len(start))
    worth = np.array([cost[start].sum()])
    arrays = (
        by_place.indptr.astype(np.int64),
        by_place.indices.astype(np.int64),
        by_site.indptr.astype(np.int64),
        by_site.indices.astype(np.int64),
    )
    paid = np.maximum(cost, 1e-9)
    for done in range(0, steps, _AT_ONCE):
        if stop() or worth[0] <= enough:
            break
        walk(
            arrays, paid, chosen, reached, weight, score, moved, free, missing, where, held, slot,
            clock, best, worth, enough, min(_AT_ONCE, steps - done),
        )  # fmt: skip
    return np.flatnonzero(best)
