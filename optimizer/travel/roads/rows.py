"""A graph, and trees in it, as the arrays that the compiled search reads and fills."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

NodeArray = NDArray[np.int32]
StartArray = NDArray[np.int64]
SecondsArray = NDArray[np.float64]

NOBODY = -9999  # the predecessor of a node without one, as SciPy has it

_MOST_BUCKETS = 4096


class Rows(NamedTuple):
    """The arcs out of each node: those of node ``i`` are ``start[i]`` to ``start[i + 1]``."""

    start: StartArray
    head: NodeArray
    seconds: SecondsArray

    @classmethod
    def of(cls, graph: csr_array) -> "Rows":
        """Return the arcs of a graph (tail, head) of seconds."""
        return cls(
            np.ascontiguousarray(graph.indptr, np.int64),
            np.ascontiguousarray(graph.indices, np.int32),
            np.ascontiguousarray(graph.data, np.float64),
        )


class Search(NamedTuple):
    """How far to search, and the buckets in which nodes wait: so many, of so many seconds each."""

    limit_s: float
    width_s: float
    buckets: int

    @classmethod
    def over(cls, rows: Rows, limit_s: float) -> "Search":
        """Return buckets as wide as the median arc is long.

        Narrower ones stand empty; the nodes of wider ones are searched twice.
        """
        finite = rows.seconds[np.isfinite(rows.seconds) & (rows.seconds > 0)]
        if not finite.size:
            return cls(limit_s, 1.0, 2)
        width_s = float(np.median(finite))
        return cls(limit_s, width_s, min(int(finite.max() / width_s) + 2, _MOST_BUCKETS))


class Grown(NamedTuple):
    """Trees (source, node): seconds, ``inf`` beyond the limit, and the node before, or `NOBODY`."""

    time_s: SecondsArray
    predecessor: NodeArray
