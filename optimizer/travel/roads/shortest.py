"""Shortest times from sites over the graph of the roads, by Dijkstra with a cut-off.

No turn costs: a left turn, a signal or a U-turn takes no time of its own, and turn bans are not
known. Where signals are in the source's own edge times, they count by these.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray

NodeArray = NDArray[np.int32]

NOBODY = -9999  # what SciPy calls the predecessor of a node without one


@dataclass(frozen=True)
class Trees:
    """The shortest-path tree of each source: times and predecessors (source, node)."""

    sources: IndexArray  # (source,) nodes
    time_s: FloatArray  # inf beyond the cut-off
    predecessor: NodeArray


def times_from(graph: csr_array, sources: IndexArray, cutoff_s: float) -> FloatArray:
    """Return the times (source, node) in seconds, ``inf`` beyond the cut-off."""
    times: FloatArray = dijkstra(graph, indices=sources, limit=cutoff_s)
    return times


def trees_from(graph: csr_array, sources: IndexArray, cutoff_s: float) -> Trees:
    """Return the trees of the sources."""
    time_s, predecessor = dijkstra(graph, indices=sources, limit=cutoff_s, return_predecessors=True)
    return Trees(sources, time_s, predecessor)
