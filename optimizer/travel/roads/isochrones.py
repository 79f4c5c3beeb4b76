"""The ground that stations reach in time: a strip along every stretch of road they drive."""

from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from scipy.sparse import csr_array
from shapely.ops import substring

from models.geometry import MultiPolygon
from optimizer.travel.roads.ground import ground_along
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shapes import drawn_area
from optimizer.travel.roads.shortest import times_from
from optimizer.travel.roads.situation import Roads


def isochrone(
    roads: Roads, scenario: int, start_s: Mapping[int, float], within_s: float
) -> MultiPolygon | None:
    """Return the ground reached within ``within_s`` by the first of the sites of ``start_s``.

    ``start_s`` is when each site's crew starts to drive: its turnout. None where no road is
    reached at all. It is for the eye: 75 m on either side of the roads, drawn to some
    30 m. Whether a demand point is reached is said by its time alone.
    """
    joined = [site for site in start_s if roads.sites.joined[site]]
    starts = {site: start_s[site] for site in joined if start_s[site] <= within_s}
    if not starts:
        return None
    left_s = within_s - _node_times(roads, scenario, starts, within_s)
    first, last = _reach(roads, scenario, left_s)
    lines = list(_stretches(roads, first, last))
    lines += [_own(roads, scenario, site, within_s - turnout) for site, turnout in starts.items()]
    ground = ground_along(np.array(lines, dtype=object))
    return drawn_area(ground, roads.network.plane)


def _node_times(
    roads: Roads, scenario: int, starts: Mapping[int, float], within_s: float
) -> FloatArray:
    """Return when the first crew is at each node, ``inf`` where none is in time."""
    graph = roads.graph(scenario)
    count = graph.shape[0]
    sites = roads.network.node_count + np.array(list(starts), dtype=np.int32)
    data = np.concatenate([graph.data, list(starts.values())])
    indices = np.concatenate([graph.indices, sites])
    indptr = np.append(graph.indptr, len(data))
    # One more node, from which every crew starts as it turns out.
    together = csr_array((data, indices, indptr), shape=(count + 1, count + 1))
    times = times_from(together, np.array([count]), within_s)
    reached: FloatArray = times[0, : roads.network.node_count]
    return reached


def _reach(roads: Roads, scenario: int, left_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return which share of each edge is driven from its first node, and which from its last."""
    state, network = roads.states[scenario], roads.network
    first = _share(left_s[network.edge_from], state.times.forward_s)
    last = _share(left_s[network.edge_to], state.times.backward_s)
    return np.minimum(first, state.closed.first), np.minimum(last, 1.0 - state.closed.last)


def _share(left_s: FloatArray, whole_s: FloatArray) -> FloatArray:
    """Return the share of a way of ``whole_s`` that is driven in the time left."""
    drives = (left_s >= 0) & np.isfinite(whole_s)
    share = np.zeros(len(left_s))
    quick = drives & (whole_s <= left_s)
    share[quick] = 1.0
    slow = drives & ~quick
    share[slow] = left_s[slow] / whole_s[slow]
    return share


def _stretches(roads: Roads, first: FloatArray, last: FloatArray) -> Iterator[shapely.Geometry]:
    whole = (first + last >= 1.0) & ~(np.isclose(first, 0.0) & np.isclose(last, 0.0))
    lines = roads.network.lines
    yield from lines[whole]
    for edge in np.flatnonzero(~whole & (first > 0)).tolist():
        yield substring(lines[edge], 0.0, first[edge], normalized=True)
    for edge in np.flatnonzero(~whole & (last > 0)).tolist():
        yield substring(lines[edge], 1.0 - last[edge], 1.0, normalized=True)


def _own(roads: Roads, scenario: int, site: int, left_s: float) -> shapely.Geometry:
    """Return the stretch of the site's own edge that is driven without leaving it."""
    state, at = roads.states[scenario], roads.sites
    edge, share = int(at.edge[site]), float(at.share[site])
    line = roads.network.lines[edge]
    to_road_s = roads.access_s(at, scenario)[site] + roads.travel.profile.start_s
    left = np.array([left_s - to_road_s])
    ahead = float(_share(left, state.times.forward_s[[edge]])[0])
    behind = float(_share(left, state.times.backward_s[[edge]])[0])
    low, high = max(share - behind, 0.0), min(share + ahead, 1.0)
    if state.closed.last[edge] < share:
        low = max(low, float(state.closed.last[edge]))
    if state.closed.first[edge] > share:
        high = min(high, float(state.closed.first[edge]))
    return substring(line, low, high, normalized=True)
