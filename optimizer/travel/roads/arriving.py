"""The last part of the way: from the nodes to the demand points."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.situation import Roads
from optimizer.travel.roads.snapping import Legs
from optimizer.travel.roads.speeds import BoolArray


@dataclass(frozen=True)
class Arriving:
    """The demand points of one scenario at the two ends of their edges."""

    roads: Roads
    scenario: int
    legs: Legs  # (demand,)
    access_s: FloatArray  # (demand,) from the road
    site_access_s: FloatArray  # (site,) to the road
    by_edge: IndexArray  # the demand points in the order of their edges
    edges: IndexArray  # those edges

    @classmethod
    def of(cls, roads: Roads, scenario: int) -> Self:
        """Return the demand points of ``roads``."""
        order = np.argsort(roads.demand.edge, kind="stable")
        return cls(
            roads,
            scenario,
            legs=roads.arriving(scenario),
            access_s=roads.access_s(roads.demand, scenario),
            site_access_s=roads.access_s(roads.sites, scenario),
            by_edge=order,
            edges=roads.demand.edge[order],
        )

    def times(self, batch: IndexArray, times_s: FloatArray) -> csr_array:
        """Return the times (site, demand) of a batch of sites from those to the nodes."""
        network, edge = self.roads.network, self.roads.demand.edge
        found = times_s[:, network.edge_from[edge]]
        found += self.legs.first_s
        other = times_s[:, network.edge_to[edge]]
        other += self.legs.last_s
        np.minimum(found, other, out=found)
        for row, site in enumerate(batch.tolist()):
            points = self.on_edge_of(site)
            if points.size:
                along_s = self.along_s(site, points)
                found[row, points] = np.minimum(found[row, points], along_s)
        rows, columns = np.nonzero(found <= self.roads.travel.cutoff_s)
        return csr_array((found[rows, columns], (rows, columns)), shape=found.shape)

    def on_edge_of(self, site: int) -> IndexArray:
        """Return the demand points joined to the edge that a site is joined to."""
        edge = self.roads.sites.edge[site]
        low, high = np.searchsorted(self.edges, [edge, edge + 1])
        points = self.by_edge[low:high]
        joined: IndexArray = points[self.roads.demand.joined[points]]
        return joined if self.roads.sites.joined[site] else joined[:0]

    def along_s(self, site: int, points: IndexArray) -> FloatArray:
        """Return the times to points on the site's own edge without leaving it.

        Two places nearer to each other than to the road need not go there and back.
        """
        at, to = self.roads.sites, self.roads.demand
        times = self.roads.states[self.scenario].times
        ahead = to.share[points] - at.share[site]
        along_s = np.zeros(len(points))
        np.multiply(times.forward_s[at.edge[site]], ahead, out=along_s, where=ahead > 0)
        np.multiply(times.backward_s[at.edge[site]], -ahead, out=along_s, where=ahead < 0)
        access_s = self.access_s[points] + self.site_access_s[site]
        along_s += access_s
        straight_m = np.hypot(*(to.place_m[points] - at.place_m[site]).T)
        access_m = to.distance_m[points] + at.distance_m[site]
        near = (straight_m <= access_m) & (access_m > 0)
        straight_s = access_s[near] * straight_m[near] / access_m[near]
        along_s[near] = np.minimum(along_s[near], straight_s)
        along_s[self._cut(site, points)] = np.inf
        return along_s + self.roads.travel.profile.start_s

    def _cut(self, site: int, points: IndexArray) -> BoolArray:
        """Return the points that a closed stretch divides from the site."""
        at, to = self.roads.sites, self.roads.demand
        closed, edge = self.roads.states[self.scenario].closed, at.edge[site]
        low = np.minimum(to.share[points], at.share[site])
        high = np.maximum(to.share[points], at.share[site])
        cut: BoolArray = (low <= closed.last[edge]) & (high >= closed.first[edge])
        return cut
