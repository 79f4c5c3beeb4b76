r"""Whether few sites reach every place: a search in depth that makes each node smaller.

At each node a place with fewest sites is taken and its sites tried, those of most weight first:
one tried is given up for those after it. What is left below is narrowed (:mod:`narrowing`), so
that where places lie in a plane few nodes are needed. Nothing is rounded: multipliers are whole.

Beasley, J. E. (1987). An algorithm for set covering problems. European Journal of Operational
Research 31(1). Held, M. and Karp, R. M. (1971). The traveling-salesman problem and minimum
spanning trees: Part II. Mathematical Programming 1, on multipliers within a search.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.algorithms.covers.narrowing import (
    WHOLE,
    Matrix,
    Node,
    Scratch,
    clear,
    inside,
    narrow,
)
from optimizer.compiled import compiled
from optimizer.coverage import pack

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_AT_ONCE = 100  # nodes between two questions whether to stop
_FOUND = 1


@dataclass(frozen=True)
class Decided:
    """``sites`` that reach all, None where there are none or, not ``settled``, nobody knows."""

    sites: IndexArray | None
    settled: bool
    nodes: int


class _Path(NamedTuple):
    """Where the search is; ``clock`` holds the depth, whether it just came there, and nodes."""

    tried: Any  # (depth, site) in order
    next: Any  # (depth,)
    last: Any  # (depth,)
    chosen: Any  # (depth,)
    clock: Any


def few_enough(
    reaches: NDArray[np.bool_],
    most: int,
    dual: FloatArray,
    stop: Callable[[], bool],
    *,
    nodes: int,
) -> Decided:
    """Return at most ``most`` sites that reach every place, or that there are none.

    ``reaches`` (place, site), each place with a site. The better the multipliers ``dual``
    (place,), the fewer nodes; it gives up after so many.
    """
    height, width = reaches.shape
    depth = most + 1
    matrix = _matrix(reaches)
    whole = np.floor(np.clip(dual, 0.0, 1.0) * WHOLE).astype(np.int64)
    levels = Node(
        np.ones((depth, height), dtype=np.uint8),
        np.zeros((depth, matrix.bits.shape[1]), dtype=np.int64),
        np.ones((depth, width), dtype=np.uint8),
        np.zeros((depth, matrix.row_bits.shape[1]), dtype=np.int64),
        np.tile(whole, (depth, 1)),
        np.tile(reaches.T.astype(np.int64) @ whole, (depth, 1)),
        np.tile(np.arange(width), (depth, 1)),
        np.tile(np.array([width, whole.sum()]), (depth, 1)),
    )
    levels.needed_bits[0] = pack(np.ones((1, height), dtype=np.bool_)).view(np.int64)[0]
    levels.free_bits[0] = pack(np.ones((1, width), dtype=np.bool_)).view(np.int64)[0]
    scratch = Scratch(
        *(np.zeros(size, dtype=np.int64) for size in (height, width, depth)),
    )
    path = _Path(
        np.zeros((depth, width), dtype=np.int64),
        *(np.zeros(size, dtype=np.int64) for size in (depth, depth, depth, 3)),
    )
    path.clock[1] = 1
    while path.clock[2] < nodes and not stop():
        told = _search(matrix, levels, path, scratch, most, min(nodes, path.clock[2] + _AT_ONCE))
        if told == _FOUND:
            sites = path.chosen[: path.clock[0]].astype(np.intp)
            return Decided(sites, True, int(path.clock[2]))
        if path.clock[0] < 0:
            return Decided(None, True, int(path.clock[2]))
    return Decided(None, False, int(path.clock[2]))


def _matrix(reaches: NDArray[np.bool_]) -> Matrix:
    by_place, by_site = csr_array(reaches), csr_array(reaches.T)
    return Matrix(
        by_place.indptr.astype(np.int64),
        by_place.indices.astype(np.int64),
        by_site.indptr.astype(np.int64),
        by_site.indices.astype(np.int64),
        pack(reaches).view(np.int64),
        pack(np.ascontiguousarray(reaches.T)).view(np.int64),
    )


@compiled
def _level(levels: Any, d: Any) -> Any:
    return Node(
        levels.needed[d],
        levels.needed_bits[d],
        levels.free[d],
        levels.free_bits[d],
        levels.dual[d],
        levels.weight[d],
        levels.sites[d],
        levels.count[d],
    )


@compiled
def _list(matrix: Any, node: Any, place: Any, tried: Any) -> Any:
    """List the free sites of a place that none before replaces; return how many."""
    found = 0
    for at in range(matrix.row_start[place], matrix.row_start[place + 1]):
        j = matrix.row_site[at]
        if node.free[j]:
            slot = found
            while slot > 0 and node.weight[tried[slot - 1]] < node.weight[j]:
                tried[slot] = tried[slot - 1]
                slot -= 1
            tried[slot] = j
            found += 1
    kept = 0
    for n in range(found):
        j = tried[n]
        replaced = False
        for m in range(kept):
            if inside(matrix.bits[j], matrix.bits[tried[m]], node.needed_bits):
                replaced = True
                break
        if replaced:
            node.free[j] = 0
            clear(node.free_bits, j)
        else:
            tried[kept] = j
            kept += 1
    return kept


@compiled
def _take(matrix: Any, node: Any, below: Any, j: Any) -> None:
    """Give a site up at a node, and set what is left below it where it is taken."""
    node.free[j] = 0
    clear(node.free_bits, j)
    below.needed[:] = node.needed
    below.needed_bits[:] = node.needed_bits
    below.free[:] = node.free
    below.free_bits[:] = node.free_bits
    below.dual[:] = node.dual
    below.weight[:] = node.weight
    below.count[1] = node.count[1]
    count = 0
    for n in range(node.count[0]):
        k = node.sites[n]
        if node.free[k]:
            below.sites[count] = k
            count += 1
    below.count[0] = count
    for at in range(matrix.start[j], matrix.start[j + 1]):
        i = matrix.place[at]
        if not node.needed[i]:
            continue
        below.needed[i] = 0
        clear(below.needed_bits, i)
        gone = node.dual[i]
        below.dual[i] = 0
        below.count[1] -= gone
        if gone:
            for k_at in range(matrix.row_start[i], matrix.row_start[i + 1]):
                below.weight[matrix.row_site[k_at]] -= gone


@compiled
def _search(matrix: Any, levels: Any, path: Any, scratch: Any, most: Any, nodes: Any) -> Any:
    """Go on up to so many nodes in all; 1 where sites were found. Done at a depth below 0."""
    clock = path.clock
    while clock[0] >= 0:
        d = clock[0]
        node = _level(levels, d)
        if clock[1] == 1:
            if clock[2] >= nodes:
                return 0
            clock[1] = 0
            clock[2] += 1
            place = -2
            if d < most:
                place = narrow(matrix, node, most - d, scratch)
            elif not node.needed.any():
                place = -1
            if place == -1:
                return 1
            path.next[d] = 0
            path.last[d] = 0 if place < 0 else _list(matrix, node, place, path.tried[d])
        if path.next[d] == path.last[d]:
            clock[0] -= 1
            continue
        j = path.tried[d, path.next[d]]
        path.next[d] += 1
        path.chosen[d] = j
        _take(matrix, node, _level(levels, d + 1), j)
        clock[0] += 1
        clock[1] = 1
    return 0
