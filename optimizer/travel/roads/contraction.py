"""Shortest times over a smaller graph: nodes that most roads only pass through are taken out.

A node is taken out by joining each arc into it with each arc out of it; what is left has the same
shortest times. Only nodes whose joints are no more than the arcs they replace go (the middle of a
road, a dead end, a crossing of three roads), none beside another, round after round. The times of
the nodes taken out follow from those around them, in the opposite order, for all sources at once.
On a survey's roads, where most nodes are bends, a twentieth is left; on a grid of streets nothing
can be taken out. These are the contraction and the sweep of PHAST: Delling, Goldberg, Nowatzyk and
Werneck (2013), PHAST: Hardware-accelerated shortest path trees, doi:10.1016/j.jpdc.2012.02.007.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray

BoolArray = NDArray[np.bool_]

_ROUNDS = 12
_LEAST_SHARE = 0.05  # of the nodes left, or a round costs more than it saves
_FEW_SHARE = 0.3  # of nodes with few arcs, from where on taking them out pays
_PASSES = 4  # in which nodes apart from each other are picked


class _Arcs(NamedTuple):
    """Arcs, one at most between two nodes, ordered by tail and head."""

    tail: IndexArray
    head: IndexArray
    seconds: FloatArray

    def of(self, chosen: BoolArray | IndexArray) -> "_Arcs":
        return _Arcs(self.tail[chosen], self.head[chosen], self.seconds[chosen])


@dataclass(frozen=True)
class Contraction:
    """What is left of a graph, and how the nodes taken out are reached.

    ``nodes`` are those left, rows of ``graph``. ``rounds`` are the arcs into the nodes taken out
    in each round, ordered by head.
    """

    node_count: int
    nodes: IndexArray
    graph: csr_array
    rounds: tuple[_Arcs, ...]

    @classmethod
    def of(cls, graph: csr_array, kept: IndexArray) -> Self:
        """Take out what can be of ``graph``, but none of the nodes ``kept``."""
        count = graph.shape[0]
        tail = np.repeat(np.arange(count), np.diff(graph.indptr))
        arcs = _Arcs(tail, graph.indices.astype(np.intp), graph.data)
        arcs = arcs.of(np.isfinite(arcs.seconds) & (arcs.tail != arcs.head))
        left = np.ones(count, dtype=np.bool_)
        free = left.copy()
        free[kept] = False
        rounds = []
        for _ in range(_ROUNDS):
            taken = _apart(arcs, free & left)
            if np.count_nonzero(taken) < _LEAST_SHARE * np.count_nonzero(left):
                break
            into, arcs = _without(arcs, taken)
            rounds.append(into)
            left &= ~taken
        nodes = np.flatnonzero(left)
        number = np.zeros(count, dtype=np.int32)
        number[nodes] = np.arange(len(nodes))
        out = np.bincount(number[arcs.tail], minlength=len(nodes))
        indptr = np.append(0, np.cumsum(out)).astype(np.int32)
        shape = (len(nodes), len(nodes))
        small = csr_array((arcs.seconds, number[arcs.head], indptr), shape=shape)
        return cls(count, nodes, small, tuple(rounds))

    def times(self, sources: IndexArray, cutoff_s: float) -> FloatArray:
        """Return the times (source, node) in seconds, ``inf`` beyond the cut-off.

        Every source must be one of the nodes left.
        """
        rows = np.searchsorted(self.nodes, sources)
        time_s = np.full((self.node_count, len(sources)), np.inf)
        time_s[self.nodes] = dijkstra(self.graph, indices=rows, limit=cutoff_s).T
        for into in reversed(self.rounds):
            first = np.flatnonzero(np.diff(into.head, prepend=-1))
            by_arc = time_s[into.tail]
            by_arc += into.seconds[:, None]
            time_s[into.head[first]] = np.minimum.reduceat(by_arc, first, axis=0)
        time_s[time_s > cutoff_s] = np.inf
        return np.ascontiguousarray(time_s.T)


def pays(graph: csr_array) -> bool:
    """Say whether enough nodes have so few arcs that they might be taken out."""
    out = np.diff(graph.indptr)
    into = np.bincount(graph.indices, minlength=graph.shape[0])
    few = into * out - np.minimum(into, out) <= into + out
    return bool(few.mean() >= _FEW_SHARE)


def _apart(arcs: _Arcs, free: BoolArray) -> BoolArray:
    """Return nodes that no arc joins, whose arcs are not fewer than the joints in their place.

    Those with the fewest arcs first; of equals a fixed mixture, or a road would lose one end only.
    """
    count = len(free)
    into = np.bincount(arcs.head, minlength=count)
    out = np.bincount(arcs.tail, minlength=count)
    ahead, back = arcs.tail * count + arcs.head, arcs.head * count + arcs.tail
    at = np.minimum(np.searchsorted(ahead, back), len(ahead) - 1)
    turns = np.bincount(arcs.tail[ahead[at] == back], minlength=count)  # joints straight back
    free = free & (into * out - turns <= into + out) & (into > 0)
    mixed = np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(40)
    rank = into * out + mixed / 2.0**24
    taken = np.zeros(count, dtype=np.bool_)
    for _ in range(_PASSES):
        own = np.where(free, rank, np.inf)
        around = np.full(count, np.inf)
        np.minimum.at(around, arcs.tail, own[arcs.head])
        np.minimum.at(around, arcs.head, own[arcs.tail])
        new = free & (own < around)
        taken |= new
        free = free & ~new
        free[arcs.head[new[arcs.tail]]] = False
        free[arcs.tail[new[arcs.head]]] = False
    return taken


def _without(arcs: _Arcs, taken: BoolArray) -> tuple[_Arcs, _Arcs]:
    """Return the arcs into the nodes taken out, by head, and all arcs among the others."""
    into = np.flatnonzero(taken[arcs.head])
    into = into[np.argsort(arcs.head[into], kind="stable")]
    first = np.searchsorted(arcs.tail, arcs.head[into])
    width = np.searchsorted(arcs.tail, arcs.head[into], side="right") - first
    of = np.repeat(into, width)
    onward = np.arange(len(of)) - np.repeat(np.cumsum(width) - width - first, width)
    away = arcs.tail[of] != arcs.head[onward]
    of, onward = of[away], onward[away]
    rest = arcs.of(~(taken[arcs.tail] | taken[arcs.head]))
    joined = _fastest(
        _Arcs(
            np.concatenate([rest.tail, arcs.tail[of]]),
            np.concatenate([rest.head, arcs.head[onward]]),
            np.concatenate([rest.seconds, arcs.seconds[of] + arcs.seconds[onward]]),
        )
    )
    return arcs.of(into), joined


def _fastest(arcs: _Arcs) -> _Arcs:
    """Return the fastest of the arcs between every two nodes."""
    order = np.lexsort((arcs.head, arcs.tail))
    ordered = arcs.of(order)
    new = (np.diff(ordered.tail, prepend=-1) != 0) | (np.diff(ordered.head, prepend=-1) != 0)
    first = np.flatnonzero(new)
    if not first.size:
        return ordered
    least = np.minimum.reduceat(ordered.seconds, first)
    return _Arcs(ordered.tail[first], ordered.head[first], least)
