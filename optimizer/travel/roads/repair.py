"""Trees mended after roads were closed or slowed, without searching anew what they do not touch.

A node's time changes only if the path to it in its tree uses an arc that became slower. These
nodes are the descendants of such arcs' heads; everyone else keeps time and predecessor. The
affected nodes of all sources are searched at once, in one graph of (source, node) pairs that is
entered from the unaffected nodes around them. The results are those of a fresh search (the last
digit of a sum may differ). This is the static case of Ramalingam and Reps (1996), An incremental
algorithm for a generalization of the shortest-path problem, doi:10.1006/jagm.1996.0046.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shortest import NOBODY, NodeArray, Trees, trees_from
from optimizer.travel.roads.speeds import BoolArray

_FRESH_SHARE = 0.25  # of all nodes affected, from where on searching anew is faster


@dataclass(frozen=True)
class _Arcs:
    """Arcs out of given pairs (source, node): ``of`` says which pair each comes from."""

    of: IndexArray
    node: NodeArray
    seconds: FloatArray


def repaired(trees: Trees, before: csr_array, after: csr_array, cutoff_s: float) -> Trees:
    """Return the trees in ``after``, whose arcs are those of ``before``, none of them faster.

    Raises
    ------
    ValueError
        Some arc became faster: that cannot be mended this way.
    """
    if (after.data < before.data).any():
        raise ValueError("an arc became faster")
    tail = np.repeat(np.arange(before.shape[0]), np.diff(before.indptr))
    slower = after.data > before.data
    if not slower.any():
        return trees
    tail, head = tail[slower], before.indices[slower]
    source, arc = np.nonzero(trees.predecessor[:, head] == tail)
    affected = _descendants(trees, before, source, head[arc])
    count = np.count_nonzero(affected)
    if not count:
        return trees
    if count > _FRESH_SHARE * affected.size:
        return _anew(trees, after, np.flatnonzero(affected.any(axis=1)), cutoff_s)
    return _mended(trees, after, affected, cutoff_s)


def _descendants(
    trees: Trees, graph: csr_array, source: IndexArray, node: NodeArray | IndexArray
) -> BoolArray:
    """Return which nodes (source, node) hang below the given ones in their trees."""
    affected = np.zeros(trees.time_s.shape, dtype=np.bool_)
    affected[source, node] = True
    while source.size:
        arcs = _out_of(graph, node)
        child = trees.predecessor[source[arcs.of], arcs.node] == node[arcs.of]
        source, node = source[arcs.of][child], arcs.node[child]
        new = ~affected[source, node]
        source, node = source[new], node[new]
        affected[source, node] = True
    return affected


def _out_of(graph: csr_array, node: NodeArray | IndexArray) -> _Arcs:
    """Return the arcs of ``graph`` out of each node."""
    start, count = graph.indptr[node], graph.indptr[node + 1] - graph.indptr[node]
    of = np.repeat(np.arange(len(node)), count)
    begin = np.cumsum(count) - count
    arc = np.arange(len(of)) - np.repeat(begin - start, count)
    return _Arcs(of, graph.indices[arc], graph.data[arc])


def _anew(trees: Trees, graph: csr_array, rows: IndexArray, cutoff_s: float) -> Trees:
    """Return the trees with those of some sources searched again."""
    fresh = trees_from(graph, trees.sources[rows], cutoff_s)
    time_s, predecessor = trees.time_s.copy(), trees.predecessor.copy()
    time_s[rows], predecessor[rows] = fresh.time_s, fresh.predecessor
    return Trees(trees.sources, time_s, predecessor)


def _mended(trees: Trees, graph: csr_array, affected: BoolArray, cutoff_s: float) -> Trees:
    """Return the trees with the affected nodes searched again from those around them."""
    rows, nodes = np.nonzero(affected)
    count = len(rows)
    number = np.full(affected.shape, -1, dtype=np.int32)
    number[rows, nodes] = np.arange(count)
    into = _out_of(csr_array(graph.T), nodes)  # arcs into the affected, by their tails
    row = rows[into.of]
    inner = affected[row, into.node]
    start = into.of[~inner], into.node[~inner]
    start_s = trees.time_s[row[~inner], start[1]] + into.seconds[~inner]
    first = _fastest(start[0], start_s)
    to, tail, start_s = start[0][first], start[1][first], start_s[first]
    # One more node stands for all that are around the affected.
    small = csr_array(
        (
            np.concatenate([into.seconds[inner], start_s]),
            (
                np.concatenate([number[row, into.node][inner], np.full(len(to), count)]),
                np.concatenate([into.of[inner], to]),
            ),
        ),
        shape=(count + 1, count + 1),
    )
    found = trees_from(small, np.array([count]), cutoff_s)
    entered_from = np.full(count, NOBODY, dtype=np.int32)
    entered_from[to] = tail
    before = found.predecessor[0, :count]
    own = np.append(nodes, NOBODY)[np.where((before < 0) | (before == count), count, before)]
    time_s, predecessor = trees.time_s.copy(), trees.predecessor.copy()
    time_s[rows, nodes] = found.time_s[0, :count]
    predecessor[rows, nodes] = np.where(before == count, entered_from, own)
    return Trees(trees.sources, time_s, predecessor)


def _fastest(to: IndexArray, seconds: FloatArray) -> IndexArray:
    """Return the index of the fastest arc to each node that has any."""
    order = np.lexsort((seconds, to))
    fastest: IndexArray = order[np.append(True, np.diff(to[order]) != 0)[: len(order)]]
    return fastest
