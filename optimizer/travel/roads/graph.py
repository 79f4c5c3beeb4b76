"""The roads as a graph that shortest paths run on."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from optimizer.travel.roads.network import IndexArray, Network
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.rows import NodeArray
from optimizer.travel.roads.snapping import Legs, Snapped
from optimizer.travel.roads.speeds import EdgeTimes

TICK_S = 2.0**-30
"""What all seconds of arcs and legs are whole multiples of.

Sums of up to 97 days of them are exact, whatever their order.
"""


def in_ticks(seconds: FloatArray) -> FloatArray:
    """Return the seconds, rounded to the nearest tick."""
    rounded: FloatArray = np.rint(seconds / TICK_S) * TICK_S
    return rounded


@dataclass(frozen=True)
class Frame:
    """The arcs that any scenario may use, in an order that all of them share.

    Nodes of the network come first; node ``node_count + s`` stands for site ``s``, with arcs to
    both ends of the edge it is joined to and none towards it. Arcs between the same two nodes
    become one, the fastest, so a closed road leaves the next one beside it.
    """

    node_count: int
    site_count: int
    forward: IndexArray  # edges with an arc from their first node to their last
    backward: IndexArray
    order: IndexArray  # of all arcs, by tail and head
    first: IndexArray  # where in that order the arcs of a pair of nodes begin
    indptr: NodeArray
    indices: NodeArray

    @classmethod
    def of(cls, network: Network, times: EdgeTimes, sites: Snapped) -> Self:
        """Return the frame of all edges that ``times`` lets be used, and of the sites."""
        forward = np.flatnonzero(np.isfinite(times.forward_s))
        backward = np.flatnonzero(np.isfinite(times.backward_s))
        start, end = network.edge_from, network.edge_to
        virtual = network.node_count + np.arange(len(sites))
        tail = np.concatenate([start[forward], end[backward], virtual, virtual])
        head = np.concatenate([end[forward], start[backward], start[sites.edge], end[sites.edge]])
        order = np.lexsort((head, tail))
        tail, head = tail[order], head[order]
        new = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
        first = np.flatnonzero(new)
        count = network.node_count + len(sites)
        per_tail = np.bincount(tail[first], minlength=count)
        indptr = np.append(0, np.cumsum(per_tail)).astype(np.int32)
        return cls(
            node_count=network.node_count,
            site_count=len(sites),
            forward=forward,
            backward=backward,
            order=order,
            first=first,
            indptr=indptr,
            indices=head[first].astype(np.int32),
        )

    def graph(self, through: EdgeTimes, departing: Legs) -> csr_array:
        """Return the matrix (tail, head) of seconds, ``inf`` on arcs that are closed."""
        seconds = _of_arcs(self, through, departing)[self.order]
        fastest = np.minimum.reduceat(seconds, self.first)
        count = self.node_count + self.site_count
        return csr_array((fastest, self.indices, self.indptr), shape=(count, count))

    def fastest(self, through: EdgeTimes, departing: Legs) -> IndexArray:
        """Return which arc each entry of the matrix stands for.

        Arcs are numbered as they are joined: those of ``forward``, those of ``backward``, then
        each site's to the first node of its edge, then each site's to the last.
        """
        seconds = _of_arcs(self, through, departing)[self.order]
        pair = np.repeat(np.arange(len(self.first)), np.diff(self.first, append=len(seconds)))
        ranked: IndexArray = self.order[np.lexsort((seconds, pair))[self.first]]
        return ranked


def _of_arcs(frame: Frame, through: EdgeTimes, departing: Legs) -> FloatArray:
    """Return the seconds of every arc."""
    return in_ticks(
        np.concatenate(
            [
                through.forward_s[frame.forward],
                through.backward_s[frame.backward],
                departing.first_s,
                departing.last_s,
            ]
        )
    )
