r"""Cuts for set covering: the sum of an odd number of rows, halved and rounded up.

With :math:`c_j` of the rows :math:`R`, :math:`|R|` odd, holding column j,

.. math:: \sum_j \lceil c_j / 2 \rceil \, y_j \ge (|R| + 1) / 2,

violated at shares y by half of :math:`1 - \sum_{R} s_i - \sum_{c_j \text{ odd}} y_j`, where
:math:`s_i` is what row i has beyond one. Such rows are found by exchange: from each row on, pairs
of rows join that bring the sum of slacks and odd shares down most.

Caprara, A. and Fischetti, M. (1996). {0, 1/2}-Chvatal-Gomory cuts. Mathematical Programming 74(3).
Balas, E. and Ng, S. M. (1989). On the set covering polytope: all the facets with coefficients in
{0, 1, 2}. Mathematical Programming 43.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.compiled import compiled

FloatArray = NDArray[np.float64]

_ROWS = 9  # of a cut, at most
_TRIED = 8  # rows that may be first of a pair
_LEAST = 0.02  # what a cut's shares fall short of one by
_SUPPORT = 1e-9


def half_cuts(
    reaches: NDArray[np.bool_], share: FloatArray, *, most: int
) -> tuple[csr_array, FloatArray]:
    """Return at most so many cuts (cut, site), and what each is at least, that shares violate.

    ``reaches`` (place, site), ``share`` (site,).
    """
    support = np.flatnonzero(share > _SUPPORT)
    part, held = reaches[:, support], share[support]
    slack = np.maximum(part @ held - 1.0, 0.0)
    rows = np.flatnonzero(slack < 1.0 - _LEAST)
    by_place, by_site = csr_array(part[rows]), csr_array(part[rows].T)
    found = np.full((len(rows), _ROWS), -1, dtype=np.int64)
    short = np.zeros(len(rows))
    _search(
        by_place.indptr.astype(np.int64),
        by_place.indices.astype(np.int64),
        by_site.indptr.astype(np.int64),
        by_site.indices.astype(np.int64),
        held,
        slack[rows],
        found,
        short,
    )
    kept: dict[tuple[int, ...], float] = {}
    for n in np.argsort(-short, kind="stable").tolist():
        if short[n] < _LEAST or len(kept) >= most:
            break
        kept.setdefault(tuple(sorted(found[n][found[n] >= 0].tolist())), float(short[n]))
    height = len(kept)
    lower = np.array([(len(one) + 1) // 2 for one in kept], dtype=np.float64)
    if not height:
        return csr_array((0, len(share))), lower
    counts = np.array([reaches[rows[list(one)]].sum(axis=0) for one in kept])
    return csr_array(((counts + 1) // 2).astype(np.float64)), lower


@compiled
def _turn(i: Any, row_start: Any, row_site: Any, odd: Any) -> None:
    for at in range(row_start[i], row_start[i + 1]):
        odd[row_site[at]] = 1 - odd[row_site[at]]


@compiled
def _search(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - a compiled loop in one piece
    row_start: Any,
    row_site: Any,
    start: Any,
    place: Any,
    share: Any,
    slack: Any,
    found: Any,
    short: Any,
) -> None:
    """Write the rows of the best odd set found from each row, and by how much it is violated."""
    height, width = len(slack), len(share)
    odd = np.zeros(width, dtype=np.int64)
    used, near_mark = np.zeros(height, dtype=np.int64), np.full(height, -1, dtype=np.int64)
    near = np.empty(height, dtype=np.int64)
    gain, again = np.empty(height), np.empty(height)
    mark = 0
    for a in range(height):
        odd[:] = 0
        used[:] = 0
        chosen, size = found[a], 1
        chosen[0], used[a] = a, 1
        _turn(a, row_start, row_site, odd)
        value = slack[a]
        for at in range(row_start[a], row_start[a + 1]):
            value += share[row_site[at]]
        while size + 2 <= len(chosen):
            mark += 1
            count = 0
            for n in range(size):
                i = chosen[n]
                for at in range(row_start[i], row_start[i + 1]):
                    j = row_site[at]
                    for k_at in range(start[j], start[j + 1]):
                        k = place[k_at]
                        if near_mark[k] != mark and used[k] == 0:
                            near_mark[k] = mark
                            near[count] = k
                            count += 1
            for n in range(count):
                i = near[n]
                gain[n] = slack[i]
                for at in range(row_start[i], row_start[i + 1]):
                    j = row_site[at]
                    gain[n] += share[j] * (1 - 2 * odd[j])
            best, first, second = -1e-9, -1, -1
            for _ in range(min(_TRIED, count)):
                n = int(np.argmin(gain[:count]))
                alone = gain[n]
                gain[n] = np.inf
                b = near[n]
                _turn(b, row_start, row_site, odd)
                for m in range(count):
                    i = near[m]
                    again[m] = np.inf
                    if i == b:
                        continue
                    again[m] = slack[i]
                    for at in range(row_start[i], row_start[i + 1]):
                        j = row_site[at]
                        again[m] += share[j] * (1 - 2 * odd[j])
                m = int(np.argmin(again[:count]))
                if alone + again[m] < best:
                    best, first, second = alone + again[m], b, near[m]
                _turn(b, row_start, row_site, odd)
            if first < 0:
                break
            _turn(first, row_start, row_site, odd)
            _turn(second, row_start, row_site, odd)
            chosen[size], chosen[size + 1] = first, second
            used[first], used[second] = 1, 1
            size += 2
            value += best
        short[a] = 1.0 - value
        if size == 1:
            short[a] = -1.0
