"""The times of one request over its roads: every scenario's as a sparse matrix.

Sites are searched in batches, so that a city's trees are never all in memory, and each batch in
all scenarios in turn: where one differs from another only by what is closed, its trees are
mended instead of searched.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array, vstack

from optimizer.travel.roads.arriving import Arriving
from optimizer.travel.roads.network import IndexArray
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.shortest import Trees, mended, times_from, trees_from
from optimizer.travel.roads.situation import Roads

_BATCH_CELLS = 2_000_000  # of (site, node) and (site, demand) in memory at once


def sparse_times(roads: Roads) -> tuple[csr_array, ...]:
    """Return the times (demand, site) of every scenario; what is not stored is unreachable."""
    scenarios = range(len(roads.states))
    graphs = [roads.graph(scenario) for scenario in scenarios]
    demand = [Arriving.of(roads, scenario) for scenario in scenarios]
    parts: list[list[csr_array]] = [[] for _ in scenarios]
    for batch in _batches(roads):
        for scenario, times in _searched(roads, graphs, batch):
            parts[scenario].append(demand[scenario].times(batch, times))
    return tuple(csr_array(vstack(one, format="csr").T.tocsr()) for one in parts)


def _batches(roads: Roads) -> Iterator[IndexArray]:
    """Yield the sites in batches that fit into memory."""
    width = max(roads.network.node_count + len(roads.sites), len(roads.demand))
    size = max(1, _BATCH_CELLS // width)
    for start in range(0, len(roads.sites), size):
        yield np.arange(start, min(start + size, len(roads.sites)))


def _searched(
    roads: Roads, graphs: list[csr_array], batch: IndexArray
) -> Iterator[tuple[int, FloatArray]]:
    """Yield each scenario with its times (site, node) from a batch of sites."""
    sources = roads.network.node_count + batch
    cutoff_s = roads.travel.cutoff_s
    bases = _bases(roads, graphs)
    kept: dict[int, Trees] = {}
    for scenario, base in bases.items():
        if base != scenario:
            trees = mended(kept[base], graphs[base], graphs[scenario], cutoff_s)
            yield scenario, trees.time_s
        elif list(bases.values()).count(base) > 1:
            kept[base] = trees_from(graphs[base], sources, cutoff_s)
            yield base, kept[base].time_s
        else:
            yield base, times_from(graphs[base], sources, cutoff_s)


def _bases(roads: Roads, graphs: list[csr_array]) -> dict[int, int]:
    """Return for each scenario the one it is mended from, itself where it is searched.

    Those with the fewest closures come first: others can only be closed further than they.
    """
    order = sorted(range(len(graphs)), key=lambda one: len(roads.states[one].closures))
    bases: dict[int, int] = {}
    for scenario in order:
        fits = (
            earlier
            for earlier, base in bases.items()
            if earlier == base
            and _same_hour(roads, earlier, scenario)
            and not (graphs[scenario].data < graphs[earlier].data).any()
        )
        bases[scenario] = next(fits, scenario)
    return bases


def _same_hour(roads: Roads, one: int, other: int) -> bool:
    """Return whether two scenarios differ only by their closures."""
    first, second = roads.travel.scenarios[one], roads.travel.scenarios[other]
    return (first.time_factor, first.factors()) == (second.time_factor, second.factors())
