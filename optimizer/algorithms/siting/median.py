r"""The p-median: least weighted distance to the nearest of ``count`` sites.

Hakimi (1964), "Optimum locations of switching centers and the absolute centers and medians of a
graph", Operations Research 12(3): min :math:`\sum_i w_i \min_{j \in Y} d_{ij}`, :math:`|Y| = p`.
A place holds its near sites only, the farthest of them as its cap: a relaxation whose bound is
true for the whole matrix, while every choice is counted on the whole of it.
"""

import numpy as np
from scipy.sparse import csr_array

from models.run import Status, StopReason
from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.instance import (
    Found,
    LocationInstance,
    PlaneDistance,
    agree,
    impossible,
)
from optimizer.algorithms.siting.search import Question, Search
from optimizer.control import RunControl

_NEAR_SITES = 10  # held for each place, and as many again
_SHARE = 4.0  # times the sites a facility has on the average
_MOST_PAIRS = 12_000_000
_BLOCK_PAIRS = 8_000_000
_SPARSE = 10  # times the sites held there are at least, for a tree of points to be quicker

# What a place pays at most; place, site and cost of each pair below that; whether all are whole.
_Near = tuple[FloatArray, tuple[IndexArray, IndexArray, FloatArray], bool]


def p_median(instance: LocationInstance, control: RunControl) -> Found:
    """Return the sites of least summed weighted distance."""
    if not instance.feasible:
        return impossible()
    choice, whole = near_choice(instance)
    closed = np.zeros(len(choice.site), dtype=np.bool_)
    closed[instance.closed] = True
    left = choice.fixed(instance.opened, closed)

    def cost(sites: IndexArray) -> float:
        return count_median(instance, np.concatenate([instance.opened, left.site[sites]]))

    question = Question(left, cost, lambda cost: cost, whole)
    settled = Search(question, control).settle()
    chosen = np.concatenate([instance.opened, left.site[settled.sites]]).astype(np.intp)
    counted = count_median(instance, chosen)
    agree(settled.cost, counted)
    proved = settled.stop is StopReason.PROOF
    return Found(
        Status.OPTIMAL if proved else Status.FEASIBLE,
        settled.stop,
        counted,
        counted if proved else settled.bound,
        tuple(np.sort(chosen).tolist()),
        tuple(control.incumbents),
        settled.work,
    )


def near_choice(instance: LocationInstance) -> tuple[Choice, bool]:
    """Return the choice over each place's near sites, and whether every cost is whole."""
    places, sites = instance.distance.shape
    wanted = int(_SHARE * sites / instance.count) + 2 * _NEAR_SITES
    held = min(sites, wanted, max(2, _MOST_PAIRS // places))
    distance = instance.distance
    if isinstance(distance, PlaneDistance) and _SPARSE * held < sites:
        cap, pairs, whole = _by_tree(distance, instance.weight, held)
    else:
        cap, pairs, whole = _by_matrix(instance, held)
    place, site, cost = pairs
    start = np.searchsorted(place, np.arange(places + 1))
    by_site = csr_array((cost, site, start), shape=(places, sites)).tocsc()
    choice = Choice(
        by_site.indptr.astype(np.intp),
        by_site.indices.astype(np.intp),
        np.asarray(by_site.data, dtype=np.float64),
        cap,
        np.arange(sites),
        instance.count,
    )
    return choice, whole


def _by_tree(distance: PlaneDistance, weight: FloatArray, held: int) -> _Near:
    """Return the near pairs of points in a plane, without its matrix."""
    near, far, others = distance.nearest(held + 1)
    cap = others * weight
    weighted = far * weight[:, None]
    place, rank = np.nonzero(weighted < cap[:, None])
    whole = distance.rounding != "none" and bool((weight == np.rint(weight)).all())
    return cap, (place, near[place, rank], weighted[place, rank]), whole


def _by_matrix(instance: LocationInstance, held: int) -> _Near:
    """Return the near pairs of any distances, block by block."""
    places, sites = instance.distance.shape
    cap, whole, parts = np.zeros(places), True, []
    step = max(1, _BLOCK_PAIRS // sites)
    for start in range(0, places, step):
        rows = slice(start, min(places, start + step))
        weighted = instance.distance.part(rows, slice(None)) * instance.weight[rows, None]
        whole = whole and bool((weighted == np.rint(weighted)).all())
        cap[rows] = _caps(weighted, held)
        at, to = np.nonzero(weighted < cap[rows, None])
        parts.append((at + start, to, weighted[at, to]))
    place, site, cost = (np.concatenate(one) for one in zip(*parts, strict=True))
    return cap, (place, site, cost), whole


def _caps(weighted: FloatArray, held: int) -> FloatArray:
    """Return the cost that bounds each row's near sites: the farthest held, or more than all."""
    if held >= weighted.shape[1]:
        return np.asarray(weighted.max(axis=1) + 1.0)
    return np.asarray(np.partition(weighted, held, axis=1)[:, held])


def count_median(instance: LocationInstance, chosen: IndexArray) -> float:
    """Return the summed weighted distance of every place to the nearest of some sites."""
    nearest = instance.distance.part(slice(None), chosen).min(axis=1)
    return float(instance.weight @ nearest)
