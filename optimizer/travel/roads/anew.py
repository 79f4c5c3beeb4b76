"""Times in one scenario with as few searches as will do: from whichever ends are fewer.

Where an incident is new among two hundred teams, one search backwards from it tells when each of
them arrives; nothing that is known is searched again. Arcs are whole multiples of `graph.TICK_S`,
so that a way takes the same time to the last bit from whichever end it is searched, and what is
kept from earlier never shows in a plan.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array, vstack

from optimizer.cache import Arrays
from optimizer.travel.roads.arriving import Arriving
from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shortest import times_from
from optimizer.travel.roads.situation import Roads

_CELLS = 2_000_000  # of (source, node) in memory at once


@dataclass(frozen=True)
class Known:
    """Times (demand, site) that were found earlier on the same roads, ``inf`` without a way."""

    demand_deg: FloatArray  # (demand, 2) lat and lon
    sites_deg: FloatArray
    time_s: FloatArray

    @classmethod
    def of(cls, arrays: Arrays | None) -> Self | None:
        """Return what is kept, None where that is nothing or of another shape."""
        if arrays is None or set(arrays) != {"demand_deg", "sites_deg", "time_s"}:
            return None
        found = cls(**arrays)
        return found if found.time_s.shape == found.shape and found.time_s.dtype == float else None

    @property
    def shape(self) -> tuple[int, int]:
        """How many demand points and sites there are."""
        return len(self.demand_deg), len(self.sites_deg)


@dataclass(frozen=True)
class Found:
    """Times (demand, site), and how many searches they took."""

    time_s: FloatArray
    searches: int


def found_anew(
    roads: Roads, places: tuple[FloatArray, FloatArray], known: Known | None
) -> Found | None:
    """Return the times in scenario 0, None where a search from every site is the least.

    ``places`` are demand points and sites, (place, 2) lat and lon in degrees.
    """
    demand_deg, sites_deg = places
    shape = len(demand_deg), len(sites_deg)
    row, column = np.full(shape[0], -1), np.full(shape[1], -1)
    if known is not None:
        row, column = _place_of(known.demand_deg, demand_deg), _place_of(known.sites_deg, sites_deg)
    rows, columns = np.flatnonzero(row < 0), np.flatnonzero(column < 0)
    apart = len(rows) + len(columns)
    if shape[1] <= min(shape[0], apart):
        return None
    if shape[0] <= apart:
        return Found(_backwards(roads, np.arange(shape[0])), shape[0])
    assert known is not None
    times = known.time_s[np.ix_(row, column)]
    if len(columns):
        times[:, columns] = _forwards(roads, columns)
    if len(rows):
        times[rows] = _backwards(roads, rows)
    return Found(times, apart)


def _place_of(known: FloatArray, asked: FloatArray) -> IndexArray:
    """Return where each place stands among those known, -1 where it does not."""
    at = {one.tobytes(): n for n, one in enumerate(known)}
    return np.array([at.get(one.tobytes(), -1) for one in asked], dtype=np.intp)


def _forwards(roads: Roads, sites: IndexArray) -> FloatArray:
    """Return the times (demand, site) from some sites."""
    graph, arriving = roads.graph(0), Arriving.of(roads, 0)
    parts = []
    for batch in _batches(sites, graph.shape[0]):
        sources = roads.network.node_count + batch
        at_nodes = times_from(graph, sources, roads.travel.cutoff_s)
        parts.append(dense(arriving.times(batch, at_nodes)))
    return np.vstack(parts).T


def _backwards(roads: Roads, points: IndexArray) -> FloatArray:
    """Return the times (demand, site) to some demand points."""
    arriving, cutoff_s = Arriving.of(roads, 0), roads.travel.cutoff_s
    graph, edge = roads.graph(0), roads.demand.edge[points]
    count = graph.shape[0]
    ends = np.concatenate([roads.network.edge_from[edge], roads.network.edge_to[edge]])
    legs = np.concatenate([arriving.legs.first_s[points], arriving.legs.last_s[points]])
    own = np.tile(np.arange(len(points)), 2)
    # Both ends of a loop are one node: the quicker leg counts.
    order = np.lexsort((legs, ends, own))
    new = np.append(True, (np.diff(own[order]) != 0) | (np.diff(ends[order]) != 0))
    order = order[new]
    towards = csr_array((legs[order], (own[order], ends[order])), shape=(len(points), count))
    arcs = vstack([csr_array(graph.T), towards], format="csr")
    # Nothing leads to the demand points, which stand behind all other nodes.
    size = count + len(points)
    into = csr_array((arcs.data, arcs.indices, arcs.indptr), shape=(size, size))
    found = np.empty((len(points), len(roads.sites)))
    for batch in _batches(np.arange(len(points)), count):
        at_nodes = times_from(into, count + batch, cutoff_s)
        found[batch] = at_nodes[:, roads.network.node_count : count]
    at = np.full(len(roads.demand), -1)
    at[points] = np.arange(len(points))
    for site in range(len(roads.sites)):
        beside = arriving.on_edge_of(site)
        beside = beside[at[beside] >= 0]
        if beside.size:
            along_s = arriving.along_s(site, beside)
            found[at[beside], site] = np.minimum(found[at[beside], site], along_s)
    found[found > cutoff_s] = np.inf
    return found


def _batches(places: IndexArray, width: int) -> list[IndexArray]:
    return np.array_split(places, -(-len(places) * width // _CELLS)) if len(places) else []


def stored(times: FloatArray) -> csr_array:
    """Return the times (demand, site) as all others are kept: without those that have no way."""
    rows, columns = np.nonzero(np.isfinite(times))
    return csr_array((times[rows, columns], (rows, columns)), shape=times.shape)


def dense(times: csr_array) -> FloatArray:
    """Return the times with ``inf`` for what is not stored."""
    found = np.full(times.shape, np.inf)
    stored = times.tocoo()
    found[stored.row, stored.col] = stored.data
    return found
