"""Which times still hold after roads were shut or slowed, without searching them anew."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.situation import Roads
from optimizer.travel.roads.speeds import BoolArray

_LEAST_S = 1e-9  # of an arc: the search takes one without length for none
_NEAR_S = 1e-3  # what rounding, and the least lengths along a way, may come to


def still_hold(
    before: Roads, after: Roads, trips: tuple[IndexArray, IndexArray], time_s: FloatArray
) -> BoolArray:
    """Return which trips (site, point) surely take ``time_s`` as before (trip,), in scenario 0.

    Where no road became faster, a time holds if no quickest way leads over a road that changed.
    One that does passes an end of such a road, so it takes no less than the way from the site to
    the nearest of these ends and from the nearest of them to the point: two searches, however many
    trips. Trips whose own road changed, and all where some road became faster, count as not sure.
    """
    site, point = trips
    changed = _changed(before, after)
    if changed is None:
        return np.zeros(len(site), dtype=np.bool_)
    if not changed.any():
        return np.ones(len(site), dtype=np.bool_)
    ends = np.unique(
        np.concatenate([before.network.edge_from[changed], before.network.edge_to[changed]])
    )
    graph = before.graph(0)
    to_ends_s = _nearest_s(csr_array(graph.T), ends)[before.network.node_count + site]
    own = before.demand.edge[point]
    legs, onward_s = before.arriving(0), _nearest_s(graph, ends)
    onward_s = np.minimum(
        onward_s[before.network.edge_from[own]] + legs.first_s[point],
        onward_s[before.network.edge_to[own]] + legs.last_s[point],
    )
    at_home = changed[before.sites.edge[site]] | changed[own]
    return np.asarray(~at_home & (to_ends_s + onward_s > time_s + _NEAR_S))


def _changed(before: Roads, after: Roads) -> BoolArray | None:
    """Return the edges that changed (edge,), None where one became faster or less closed."""
    was, now = before.states[0], after.states[0]
    pairs = [
        (was.through.forward_s, now.through.forward_s),
        (was.through.backward_s, now.through.backward_s),
        (was.times.forward_s, now.times.forward_s),
        (was.times.backward_s, now.times.backward_s),
        (-was.closed.first, -now.closed.first),
        (was.closed.last, now.closed.last),
    ]
    if any((new < old).any() for old, new in pairs):
        return None
    found: BoolArray = np.any([old != new for old, new in pairs], axis=0)
    return found


def _nearest_s(graph: csr_array, sources: IndexArray) -> FloatArray:
    """Return the time to each node (node,) from the nearest of the sources."""
    lengths = graph.copy()
    np.maximum(lengths.data, _LEAST_S, out=lengths.data)
    found: FloatArray = dijkstra(lengths, indices=sources, min_only=True)
    return found
