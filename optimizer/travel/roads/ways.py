"""The quickest ways of single trips as lines: what a driver follows on the map."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from scipy.sparse import csr_array
from shapely.ops import substring

from models.geometry import LineString
from optimizer.travel.roads.arriving import Arriving
from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shapes import drawn_way
from optimizer.travel.roads.shortest import Trees, trees_from
from optimizer.travel.roads.situation import Roads


def ways(
    roads: Roads, scenario: int, sites: IndexArray, points: IndexArray
) -> list[LineString | None]:
    """Return the line of each trip from ``sites`` to ``points`` (trip,), by their place in order.

    It begins and ends at the places themselves; None where there is no way within the cut-off.
    """
    arcs = _Arcs.of(roads, scenario)
    used, row = np.unique(sites, return_inverse=True)
    nodes = roads.network.node_count + used
    trees = trees_from(arcs.graph, nodes, roads.travel.cutoff_s)
    trips = zip(row.tolist(), sites.tolist(), points.tolist(), strict=True)
    return [arcs.way(trees, *trip) for trip in trips]


@dataclass(frozen=True)
class _Arcs:
    """The graph of a scenario with the stretch of road behind each of its arcs."""

    roads: Roads
    graph: csr_array
    key: IndexArray  # (arc,) ascending: tail * node count + head
    edge: IndexArray  # (arc,)
    begin: FloatArray  # (arc,) the share of its edge where it begins
    end: FloatArray  # (arc,)
    arriving: Arriving

    @classmethod
    def of(cls, roads: Roads, scenario: int) -> Self:
        graph, frame, at = roads.graph(scenario), roads.frame, roads.sites
        arc = frame.fastest(roads.states[scenario].through, roads.departing(scenario))
        tail = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
        there, back = len(frame.forward), len(frame.backward)
        zeros, ones = np.zeros(len(at)), np.ones(len(at))
        edge = np.concatenate([frame.forward, frame.backward, at.edge, at.edge])
        begin = np.concatenate([np.zeros(there), np.ones(back), at.share, at.share])
        end = np.concatenate([np.ones(there), np.zeros(back), zeros, ones])
        return cls(
            roads=roads,
            graph=graph,
            key=tail * graph.shape[0] + graph.indices,
            edge=edge[arc],
            begin=begin[arc],
            end=end[arc],
            arriving=Arriving.of(roads, scenario),
        )

    def way(self, trees: Trees, row: int, site: int, point: int) -> LineString | None:
        """Return the line from a site, whose tree is at ``row``, to a point."""
        roads = self.roads
        at, to, legs = roads.sites, roads.demand, self.arriving.legs
        edge, share = int(to.edge[point]), float(to.share[point])
        ends = int(roads.network.edge_from[edge]), int(roads.network.edge_to[edge])
        first_s = float(trees.time_s[row, ends[0]] + legs.first_s[point])
        last_s = float(trees.time_s[row, ends[1]] + legs.last_s[point])
        along_s = np.inf
        if at.joined[site] and to.joined[point] and at.edge[site] == edge:
            along_s = float(self.arriving.along_s(site, np.array([point]))[0])
        if min(first_s, last_s, along_s) > roads.travel.cutoff_s:
            return None
        if along_s <= min(first_s, last_s):
            parts = [(edge, float(at.share[site]), share)]
        else:
            by_last = int(last_s < first_s)
            parts = [*self._walked(trees, row, ends[by_last]), (edge, float(by_last), share)]
        return self._drawn(site, point, parts)

    def _walked(self, trees: Trees, row: int, node: int) -> list[tuple[int, float, float]]:
        """Return the stretches (edge, share, share) from a tree's site to a node."""
        parts = []
        while node < self.roads.network.node_count:
            before = int(trees.predecessor[row, node])
            arc = int(np.searchsorted(self.key, before * self.graph.shape[0] + node))
            parts.append((int(self.edge[arc]), float(self.begin[arc]), float(self.end[arc])))
            node = before
        return parts[::-1]

    def _drawn(self, site: int, point: int, parts: list[tuple[int, float, float]]) -> LineString:
        roads = self.roads
        stretches = [
            shapely.get_coordinates(substring(roads.network.lines[edge], begin, end, True))
            for edge, begin, end in parts
        ]
        ends = roads.sites.place_m[site][None], roads.demand.place_m[point][None]
        return drawn_way(np.concatenate([ends[0], *stretches, ends[1]]), roads.network.plane)
