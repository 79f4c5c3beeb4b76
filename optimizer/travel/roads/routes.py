"""What single trips drive along their quickest way: how much on each class of road."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from optimizer.travel.roads.arriving import Arriving
from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shortest import Trees, trees_from
from optimizer.travel.roads.situation import Roads
from optimizer.travel.roads.snapping import part
from optimizer.travel.roads.speeds import access_speed_m_s, driven_amounts, timed_edges

_BATCH_CELLS = 4_000_000  # of (site, node) in memory at once


@dataclass(frozen=True)
class Routes:
    """Trips from sites to demand points, each by its quickest way in one scenario.

    ``driven`` holds the metres on each class of road; then, class by class again, the seconds on
    roads whose time is the source's. A trip takes the profile's start, ``access_s`` times the
    scenario's factor, and these at the paces and factors of their classes; what is driven against
    a one-way street counts as often as it takes longer.
    """

    driven: FloatArray  # (trip, 2 class)
    access_s: FloatArray  # (trip,) off the roads, in no particular hour
    time_s: FloatArray  # (trip,) inf where there is no way within the cut-off

    @classmethod
    def of(cls, roads: Roads, scenario: int, sites: IndexArray, points: IndexArray) -> Self:
        """Return the trips (trip,) from ``sites`` to ``points``, both by their place in order."""
        count = len(sites)
        found = cls(
            driven=np.zeros((count, 2 * len(roads.network.class_names))),
            access_s=(roads.sites.distance_m[sites] + roads.demand.distance_m[points])
            / access_speed_m_s(roads.travel.profile),
            time_s=np.full(count, np.inf),
        )
        ways = _Ways.of(roads, scenario)
        for trips, trees, rows in _searched(ways, sites):
            ways.end(found, trees, trips=trips, rows=rows, points=points[trips])
        ways.stay(found, sites, points)
        return found


@dataclass(frozen=True)
class _Ways:
    """The graph of a scenario with the road behind each of its arcs."""

    roads: Roads
    scenario: int
    graph: csr_array
    key: IndexArray  # (arc,) ascending: tail * node count + head
    column: IndexArray  # (edge,) of ``driven``
    arc_column: IndexArray  # (arc,)
    arc_amount: FloatArray  # (arc,)
    amounts: tuple[FloatArray, FloatArray]  # (edge,) forward, backward
    arriving: Arriving

    @classmethod
    def of(cls, roads: Roads, scenario: int) -> Self:
        network, frame, at = roads.network, roads.frame, roads.sites
        graph = roads.graph(scenario)
        forward, backward = driven_amounts(network, roads.travel.profile)
        timed = timed_edges(network, roads.travel.profile)
        column = network.edge_class + len(network.class_names) * timed
        amount = np.concatenate(
            [
                forward[frame.forward],
                backward[frame.backward],
                part(backward[at.edge], at.share),
                part(forward[at.edge], 1.0 - at.share),
            ]
        )
        edge = np.concatenate([frame.forward, frame.backward, at.edge, at.edge])
        arc = frame.fastest(roads.states[scenario].through, roads.departing(scenario))
        tail = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
        return cls(
            roads=roads,
            scenario=scenario,
            graph=graph,
            key=tail * graph.shape[0] + graph.indices,
            column=column,
            arc_column=column[edge[arc]],
            arc_amount=amount[arc],
            amounts=(forward, backward),
            arriving=Arriving.of(roads, scenario),
        )

    def end(
        self,
        found: Routes,
        trees: Trees,
        *,
        trips: IndexArray,
        rows: IndexArray,
        points: IndexArray,
    ) -> None:
        """Write the times of trips that leave by the trees at ``rows``, and what they drive."""
        network, to, legs = self.roads.network, self.roads.demand, self.arriving.legs
        edge, share = to.edge[points], to.share[points]
        first, last = network.edge_from[edge], network.edge_to[edge]
        by_first_s = trees.time_s[rows, first] + legs.first_s[points]
        by_last_s = trees.time_s[rows, last] + legs.last_s[points]
        time_s = np.minimum(by_first_s, by_last_s)
        there = time_s <= self.roads.travel.cutoff_s
        found.time_s[trips[there]] = time_s[there]
        by_first = by_first_s <= by_last_s
        forward, backward = self.amounts
        last_part = np.where(by_first, part(forward[edge], share), part(backward[edge], 1 - share))
        trips, rows, edge = trips[there], rows[there], edge[there]
        found.driven[trips, self.column[edge]] = last_part[there]
        self._walk(found, trees, trips, rows, np.where(by_first, first, last)[there])

    def _walk(
        self, found: Routes, trees: Trees, trips: IndexArray, rows: IndexArray, at: IndexArray
    ) -> None:
        """Add what lies between the sites and the nodes ``at``, walking all trees back at once."""
        while trips.size:
            before = trees.predecessor[rows, at].astype(np.intp)
            arc = np.searchsorted(self.key, before * self.graph.shape[0] + at)
            found.driven[trips, self.arc_column[arc]] += self.arc_amount[arc]
            on = before < self.roads.network.node_count
            trips, rows, at = trips[on], rows[on], before[on]

    def stay(self, found: Routes, sites: IndexArray, points: IndexArray) -> None:
        """Write the trips that are quickest along the one road that both places lie on."""
        at, to, profile = self.roads.sites, self.roads.demand, self.roads.travel.profile
        both = at.joined[sites] & to.joined[points] & (at.edge[sites] == to.edge[points])
        factor = self.roads.travel.scenarios[self.scenario].time_factor
        for trip in np.flatnonzero(both).tolist():
            site, point = int(sites[trip]), points[trip : trip + 1]
            time_s = float(self.arriving.along_s(site, point)[0])
            if time_s >= found.time_s[trip] or time_s > self.roads.travel.cutoff_s:
                continue
            edge, ahead = int(at.edge[site]), float((to.share[point] - at.share[site])[0])
            found.driven[trip] = 0.0
            found.time_s[trip] = time_s
            off_road_s = (time_s - profile.start_s) / factor
            if off_road_s < found.access_s[trip]:  # straight over the ground
                found.access_s[trip] = off_road_s
            elif ahead:
                whole = float(self.amounts[0 if ahead > 0 else 1][edge])
                found.driven[trip, self.column[edge]] = abs(ahead) * whole


def _searched(ways: _Ways, sites: IndexArray) -> Iterator[tuple[IndexArray, Trees, IndexArray]]:
    """Yield trips with the trees of their sites, and which tree is each trip's."""
    used, of_trip = np.unique(sites, return_inverse=True)
    order = np.argsort(of_trip, kind="stable")
    nodes = ways.roads.network.node_count + used
    size = max(1, _BATCH_CELLS // ways.graph.shape[0])
    for start in range(0, len(used), size):
        batch = nodes[start : start + size]
        low, high = np.searchsorted(of_trip[order], [start, start + len(batch)])
        trips = order[low:high]
        trees = trees_from(ways.graph, batch, ways.roads.travel.cutoff_s)
        yield trips, trees, of_trip[trips] - start
