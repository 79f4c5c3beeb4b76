"""The quickest ways themselves, as lines on the ground."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.ops import substring

from optimizer.travel.roads.arriving import Arriving
from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shortest import Trees, trees_from
from optimizer.travel.roads.situation import Roads

_BATCH = 64  # sites whose trees are in memory at once


def quickest_paths(
    roads: Roads, scenario: int, sites: IndexArray, points: IndexArray
) -> list[FloatArray | None]:
    """Return the way (vertex, 2) of each trip from a site to a demand point, as lon and lat.

    From the site's own position over its leg to the road, along the roads, to the demand point's.
    None where there is no way within the cut-off.
    """
    found: list[FloatArray | None] = [None] * len(sites)
    ways = _Ways(roads, scenario)
    used = np.unique(sites)
    for start in range(0, len(used), _BATCH):
        batch = used[start : start + _BATCH]
        nodes = roads.network.node_count + batch
        trees = trees_from(ways.graph, nodes, roads.travel.cutoff_s)
        for trip in np.flatnonzero(np.isin(sites, batch)).tolist():
            row = int(np.searchsorted(batch, sites[trip]))
            line = ways.line(trees, row, int(sites[trip]), int(points[trip]))
            if line is not None:
                found[trip] = roads.network.plane.degrees(line)
    return found


class _Ways:
    """The graph of a scenario with the road behind each of its arcs."""

    def __init__(self, roads: Roads, scenario: int) -> None:
        self._roads = roads
        self.graph = roads.graph(scenario)
        self._arriving = Arriving.of(roads, scenario)
        frame, count = roads.frame, self.graph.shape[0]
        self._arc = frame.fastest(roads.states[scenario].through, roads.departing(scenario))
        tail = np.repeat(np.arange(count), np.diff(self.graph.indptr))
        self._key = tail * count + self.graph.indices
        self._edge = np.concatenate([frame.forward, frame.backward])

    def line(self, trees: Trees, row: int, site: int, point: int) -> FloatArray | None:
        """Return one way on the plane, None where there is none."""
        at, to = self._roads.sites, self._roads.demand
        network, legs = self._roads.network, self._arriving.legs
        edge = int(to.edge[point])
        first, last = int(network.edge_from[edge]), int(network.edge_to[edge])
        by_first_s = float(trees.time_s[row, first] + legs.first_s[point])
        by_last_s = float(trees.time_s[row, last] + legs.last_s[point])
        best_s = min(by_first_s, by_last_s)
        ends = at.place_m[site][None], to.place_m[point][None]
        if at.joined[site] and to.joined[point] and at.edge[site] == edge:
            along_s = float(self._arriving.along_s(site, np.array([point]))[0])
            if along_s <= min(best_s, self._roads.travel.cutoff_s):
                straight_m = float(np.hypot(*(ends[1] - ends[0])[0]))
                if straight_m <= float(to.distance_m[point] + at.distance_m[site]):
                    return np.concatenate(ends)  # nearer to each other than to the road
                own = self._part(edge, float(at.share[site]), float(to.share[point]))
                return np.concatenate([ends[0], own, ends[1]])
        if not best_s <= self._roads.travel.cutoff_s:
            return None
        by_first = by_first_s <= by_last_s
        node, entry = (first, 0.0) if by_first else (last, 1.0)
        parts = [ends[1], self._part(edge, entry, float(to.share[point]))[::-1]]
        parts += self._back(trees, row, site, node)
        whole: FloatArray = np.concatenate([*parts, ends[0]])[::-1]
        new = np.append(True, (np.diff(whole, axis=0) != 0).any(axis=1))
        return whole[new]

    def _back(self, trees: Trees, row: int, site: int, node: int) -> Iterator[FloatArray]:
        """Yield the roads from a node back to a site, each from its far end."""
        count, at = self._roads.network.node_count, self._roads.sites
        edge, share = int(at.edge[site]), float(at.share[site])
        while node < count:
            before = int(trees.predecessor[row, node])
            entry = int(np.searchsorted(self._key, before * self.graph.shape[0] + node))
            arc = int(self._arc[entry])
            if before >= count:
                own_end = 0.0 if arc < len(self._edge) + len(at) else 1.0
                yield self._part(edge, own_end, share)
            elif arc < len(self._roads.frame.forward):
                yield self._part(int(self._edge[arc]), 1.0, 0.0)
            else:
                yield self._part(int(self._edge[arc]), 0.0, 1.0)
            node = before

    def _part(self, edge: int, start: float, end: float) -> FloatArray:
        """Return the stretch of an edge between two shares of it, in that direction."""
        line = substring(self._roads.network.lines[edge], start, end, normalized=True)
        return np.asarray(shapely.get_coordinates(line))
