"""Shortest times from sites over the graph of the roads, up to a cut-off, and their trees mended.

No turn costs: a left turn, a signal or a U-turn takes no time of its own, and turn bans are not
known. Where signals are in the source's own edge times, they count by these.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.rows import NOBODY, Grown, NodeArray, Rows, Search


@dataclass(frozen=True)
class Trees:
    """The shortest-path tree of each source: times and predecessors (source, node)."""

    sources: IndexArray  # (source,) nodes
    time_s: FloatArray  # inf beyond the cut-off
    predecessor: NodeArray  # below 0: none


def times_from(graph: csr_array, sources: IndexArray, cutoff_s: float) -> FloatArray:
    """Return the times (source, node) in seconds, ``inf`` beyond the cut-off."""
    return trees_from(graph, sources, cutoff_s).time_s


def trees_from(graph: csr_array, sources: IndexArray, cutoff_s: float) -> Trees:
    """Return the trees of the sources."""
    # Numba takes a third of a second to load, which requests without roads need not wait for.
    from optimizer.travel.roads.search import grow  # noqa: PLC0415

    shape = len(sources), graph.shape[0]
    grown = Grown(np.full(shape, np.inf), np.full(shape, NOBODY, dtype=np.int32))
    rows = Rows.of(graph)
    grow(rows, sources.astype(np.int64), Search.over(rows, float(cutoff_s)), grown)
    return Trees(sources, *grown)


def mended(trees: Trees, before: csr_array, after: csr_array, cutoff_s: float) -> Trees:
    """Return the trees in ``after``, whose arcs are those of ``before``, none of them faster.

    A node's time changes only if the path to it in its tree uses an arc that became slower: only
    the nodes behind such arcs are searched again. The times are those of a fresh search. This is
    the static case of Ramalingam and Reps (1996), An incremental algorithm for a generalization of
    the shortest-path problem, doi:10.1006/jagm.1996.0046.

    Raises
    ------
    ValueError
        Some arc became faster: that cannot be mended this way.
    """
    from optimizer.travel.roads.search import mend  # noqa: PLC0415 - as above

    if (after.data < before.data).any():
        raise ValueError("an arc became faster")
    slower = after.data > before.data
    if not slower.any():
        return trees
    tail = np.repeat(np.arange(before.shape[0], dtype=np.int32), np.diff(before.indptr))[slower]
    head = before.indices[slower].astype(np.int32)
    rows, grown = Rows.of(after), Grown(trees.time_s.copy(), trees.predecessor.copy())
    search = Search.over(rows, float(cutoff_s))
    mend(rows, Rows.of(csr_array(after.T)), (tail, head), search, grown)
    return Trees(trees.sources, *grown)
