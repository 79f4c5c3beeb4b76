"""Places joined to the roads: the nearest point of a usable edge, and the leg to it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from optimizer.travel.roads.closures import RoadState, shares
from optimizer.travel.roads.network import IndexArray, Network
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.speeds import BoolArray, EdgeTimes

_AT_NODE_M = 0.1
_INDEXES_KEPT = 3  # by road, by high-clearance vehicle, on foot


@dataclass(frozen=True)
class Snapped:
    """Where places meet the roads; ``edge`` is that of the nearest usable road, however far."""

    place_m: FloatArray  # (place, 2) on the network's plane
    edge: IndexArray  # (place,)
    share: FloatArray  # (place,) of the edge, from its first node
    distance_m: FloatArray  # (place,) to the road
    joined: BoolArray  # (place,) near enough

    @classmethod
    def of(cls, network: Network, usable: BoolArray, lat_lon: FloatArray, limit_m: float) -> Self:
        """Join places, (place, 2) lat and lon in degrees, to the usable edges.

        Of these only the largest connected part counts: a road that leads nowhere else is no
        way to a place.
        """
        place_m = network.plane.metres(lat_lon[:, 0], lat_lon[:, 1])
        edges, tree = _index(network, usable)
        points = shapely.points(place_m)
        (place, nearest), distance_m = tree.query_nearest(
            points, return_distance=True, all_matches=False
        )
        order = np.argsort(place)
        edge = edges[nearest[order]]
        distance_m = distance_m[order]
        lines = network.lines[edge]
        share = _at_ends(shares(lines, points), shapely.length(lines))
        return cls(place_m, edge, share, distance_m, distance_m <= limit_m)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.edge)

    def take(self, index: IndexArray | BoolArray) -> "Snapped":
        """Return the places at ``index``."""
        return Snapped(
            self.place_m[index],
            self.edge[index],
            self.share[index],
            self.distance_m[index],
            self.joined[index],
        )


@dataclass(frozen=True)
class Legs:
    """Seconds between each place and the two ends of its edge, ``inf`` where there is no way."""

    first_s: FloatArray  # (place,) the edge's first node
    last_s: FloatArray


def departures(snapped: Snapped, state: RoadState, access_s: FloatArray) -> Legs:
    """Return the legs from places to the ends of their edges; ``access_s`` is that to the road."""
    times = _on(snapped, state.times)
    return _legs(
        snapped,
        state,
        first_s=access_s + part(times.backward_s, snapped.share),
        last_s=access_s + part(times.forward_s, 1.0 - snapped.share),
    )


def arrivals(snapped: Snapped, state: RoadState, access_s: FloatArray) -> Legs:
    """Return the legs from the ends of their edges to places."""
    times = _on(snapped, state.times)
    return _legs(
        snapped,
        state,
        first_s=access_s + part(times.forward_s, snapped.share),
        last_s=access_s + part(times.backward_s, 1.0 - snapped.share),
    )


def _legs(snapped: Snapped, state: RoadState, *, first_s: FloatArray, last_s: FloatArray) -> Legs:
    """Return the legs without those that a closed stretch cuts."""
    before = snapped.share < state.closed.first[snapped.edge]
    after = snapped.share > state.closed.last[snapped.edge]
    return Legs(
        np.where(snapped.joined & before, first_s, np.inf),
        np.where(snapped.joined & after, last_s, np.inf),
    )


def _on(snapped: Snapped, times: EdgeTimes) -> EdgeTimes:
    return EdgeTimes(times.forward_s[snapped.edge], times.backward_s[snapped.edge])


def _at_ends(share: FloatArray, length_m: FloatArray) -> FloatArray:
    """Return the shares with those a hand's breadth from a node put on it.

    A place at a crossing must not have to drive along the one road of it that was found nearest.
    """
    share = np.where(share * length_m <= _AT_NODE_M, 0.0, share)
    return np.where((1.0 - share) * length_m <= _AT_NODE_M, 1.0, share)


def part(whole: FloatArray, share: FloatArray) -> FloatArray:
    """Return a share of an edge's time or length; at its end no way along it is needed."""
    found = np.zeros(len(whole))
    np.multiply(whole, share, out=found, where=share > 0)
    return found


def _index(network: Network, usable: BoolArray) -> tuple[IndexArray, shapely.STRtree]:
    """Return the edges that places are joined to, and their index; those last made are kept."""
    kept, name = network.indexes, usable.tobytes()
    if name not in kept:
        edges = np.flatnonzero(usable & _in_largest(network, usable))
        while len(kept) >= _INDEXES_KEPT:
            del kept[next(iter(kept))]
        kept[name] = edges, shapely.STRtree(network.lines[edges])
    return kept[name]


def _in_largest(network: Network, usable: BoolArray) -> BoolArray:
    """Return which edges belong to the largest connected part of the usable ones."""
    ends = (network.edge_from[usable], network.edge_to[usable])
    shape = (network.node_count, network.node_count)
    graph = csr_array((np.ones(len(ends[0])), ends), shape=shape)
    _, part = connected_components(graph, directed=False)
    largest = np.bincount(part[ends[0]]).argmax()
    inside: BoolArray = part[network.edge_from] == largest
    return inside
