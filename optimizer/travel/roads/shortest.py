"""Shortest times from sites over the graph of the roads, by Dijkstra with a cut-off.

No turn costs: a left turn, a signal or a U-turn takes no time of its own, and turn bans are not
known. Where signals are in the source's own edge times, they count by these.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.travel.roads.contraction import Contraction, pays
from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray

NodeArray = NDArray[np.int32]

_MANY, _FIRST = 16, 2  # sources from which a smaller graph may pay; those that show it
_FAR = 0.3  # of all nodes reached
NOBODY = -9999  # what SciPy calls the predecessor of a node without one


@dataclass(frozen=True)
class Trees:
    """The shortest-path tree of each source: times and predecessors (source, node)."""

    sources: IndexArray  # (source,) nodes
    time_s: FloatArray  # inf beyond the cut-off
    predecessor: NodeArray


def times_from(graph: csr_array, sources: IndexArray, cutoff_s: float) -> FloatArray:
    """Return the times (source, node) in seconds, ``inf`` beyond the cut-off.

    From many sources a smaller graph is searched where nodes can be taken out and, as a few of
    the sources show, no cut-off ends the search early.
    """
    if len(sources) >= _MANY and pays(graph) and _far(graph, sources[:_FIRST], cutoff_s):
        return Contraction.of(graph, sources).times(sources, cutoff_s)
    times: FloatArray = dijkstra(graph, indices=sources, limit=cutoff_s)
    return times


def _far(graph: csr_array, sources: IndexArray, cutoff_s: float) -> bool:
    reached = np.isfinite(dijkstra(graph, indices=sources, limit=cutoff_s)).mean()
    return bool(reached >= _FAR)


def trees_from(graph: csr_array, sources: IndexArray, cutoff_s: float) -> Trees:
    """Return the trees of the sources."""
    time_s, predecessor = dijkstra(graph, indices=sources, limit=cutoff_s, return_predecessors=True)
    return Trees(sources, time_s, predecessor)
