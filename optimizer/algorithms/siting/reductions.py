"""Coverings made smaller: what no cheapest one needs, and covers taken place by place.

A place that needs all that another needs goes, a site that another replaces at no more cost, and
a place with one site takes it.

Beasley, J. E. (1987). An algorithm for set covering problems. European Journal of Operational
Research 31(1).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.algorithms.covers import greatest, least
from optimizer.algorithms.siting.choice import BoolArray, FloatArray, IndexArray


@dataclass(frozen=True)
class Cover:
    """Which sites reach which places, and what a site costs."""

    reaches: NDArray[np.bool_]  # (place, site)
    cost: FloatArray  # (site,), not negative


@dataclass(frozen=True)
class Reduced:
    """What reductions leave: rows and columns by number, and the columns that must be taken."""

    places: IndexArray
    sites: IndexArray
    taken: IndexArray


def count_cover(cover: Cover, chosen: IndexArray) -> float:
    """Return what some sites cost, infinite where they leave a place unreached."""
    reached = cover.reaches[:, chosen].any(axis=1).all()
    return float(cover.cost[chosen].sum()) if reached else math.inf


def reduce_cover(cover: Cover) -> Reduced:
    """Return what is left when dominated places and sites are gone and sole sites are taken.

    Examples
    --------
    >>> reaches = np.array([[True, True, False], [True, True, True], [False, False, True]])
    >>> left = reduce_cover(Cover(reaches, np.array([2.0, 1.0, 1.0])))
    >>> left.taken.tolist(), len(left.places), len(left.sites)
    ([1, 2], 0, 0)
    """
    places, sites = (np.arange(size) for size in cover.reaches.shape)
    taken: list[IndexArray] = []
    while True:
        before = len(places), len(sites)
        part = cover.reaches[np.ix_(places, sites)]
        part = part[:, kept := best_sites(part, cover.cost[sites])]
        sites = sites[kept]
        kept = hardest_places(part)
        part, places = part[kept], places[kept]
        sole = np.unique(np.argmax(part[part.sum(axis=1) == 1], axis=1))
        if len(sole):
            taken.append(sites[sole])
            places = places[~part[:, sole].any(axis=1)]
            sites = np.delete(sites, sole)
        if (len(places), len(sites)) == before or not len(places):
            break
    if not len(places):
        sites = sites[:0]
    none = np.zeros(0, dtype=np.intp)
    return Reduced(places, sites, np.concatenate([none, *taken]))


def best_sites(part: BoolArray, cost: FloatArray) -> BoolArray:
    """Return which sites no other replaces: reaching as much for no more, the first of equals."""
    return greatest(part.T, cost)


def hardest_places(part: BoolArray) -> BoolArray:
    """Return which places are not reached whenever another is, the first of equals."""
    return least(part)


def spread_apart(reaches: BoolArray) -> int:
    """Return how many places were found no two of which one site reaches: a cover needs as many.

    Places that share sites with fewest others come first.
    """
    shared = csr_array(reaches.astype(np.float32))
    near = (shared @ shared.T).toarray() > 0.0
    left, found = np.ones(len(reaches), dtype=np.bool_), 0
    for place in np.argsort(near.sum(axis=1), kind="stable"):
        if left[place]:
            left &= ~near[place]
            found += 1
    return found


def greedy_cover(cover: Cover, price: FloatArray) -> IndexArray:
    """Return a cover taken by price per place newly reached, with what is needless left out."""
    left = np.ones(len(cover.reaches), dtype=np.bool_)
    gain = cover.reaches.sum(axis=0, dtype=np.float64)
    rate = 1.0 / (price + 1e-9)
    chosen: list[int] = []
    while left.any():
        best = int(np.argmax(gain * rate))
        chosen.append(best)
        newly = np.flatnonzero(left & cover.reaches[:, best])
        gain -= cover.reaches[newly].sum(axis=0)
        left[newly] = False
    part = cover.reaches[:, chosen]
    times = part.sum(axis=1)
    fewest = np.where(part, times[:, None], len(chosen) + 1).min(axis=0, initial=len(chosen) + 1)
    kept = np.ones(len(chosen), dtype=np.bool_)
    spare = np.flatnonzero(fewest > 1)  # whose every place another reaches too
    for n in spare[np.argsort(-cover.cost[np.array(chosen, dtype=np.intp)[spare]], kind="stable")]:
        if (times[part[:, n]] > 1).all():
            kept[n] = False
            times = times - part[:, n]
    return np.array(chosen, dtype=np.intp)[kept]
