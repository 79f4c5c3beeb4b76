r"""Maximal covering: as much weight as possible within a radius of ``count`` sites.

Church and ReVelle (1974), "The maximal covering location problem", Papers of the Regional Science
Association 32: max :math:`\sum_i w_i z_i` with :math:`z_i \le \sum_{j \in N_i} y_j` and
:math:`\sum_j y_j = p`. Places with the same :math:`N_i` are one (Chen et al., 2024,
arXiv:2409.09834); how many there are depends on the sites, not on the places.
"""

from dataclasses import replace

import numpy as np

from models.run import Status, StopReason
from optimizer.algorithms.covers import prepare
from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.instance import (
    Found,
    LocationInstance,
    PlaneDistance,
    agree,
    impossible,
)
from optimizer.algorithms.siting.raster import Reached, grouped, reached_sets
from optimizer.algorithms.siting.reductions import best_sites
from optimizer.algorithms.siting.search import Question, Search
from optimizer.control import RunControl
from optimizer.coverage import pack, row_blocks, unpack

_COUNTED_AT_ONCE = 100_000
_MOST_COMPARED = 20_000_000  # pairs of place and site


def maximal_cover(instance: LocationInstance, control: RunControl) -> Found:
    """Return the sites that cover most weight; the objective is what they cover."""
    if instance.radius is None:
        raise ValueError("maximal covering needs a radius")
    if not instance.feasible:
        return impossible()
    prepare(control)
    found = reached(instance, instance.radius)
    total = float(found.weight.sum())
    choice = cover_choice(found, instance.distance.shape[1], instance.count)
    closed = np.zeros(len(choice.site), dtype=np.bool_)
    closed[instance.closed] = True
    left = undominated(choice.fixed(instance.opened, closed))
    whole = bool((instance.weight == np.rint(instance.weight)).all())
    question = Question(left, left.value, lambda cost: total - cost, whole)
    settled = Search(question, control).settle()
    chosen = np.concatenate([instance.opened, left.site[settled.sites]]).astype(np.intp)
    covered = count_covered(instance, chosen)
    agree(total - settled.cost, covered)
    return Found(
        Status.OPTIMAL if settled.stop is StopReason.PROOF else Status.FEASIBLE,
        settled.stop,
        covered,
        covered if settled.stop is StopReason.PROOF else total - settled.bound,
        tuple(np.sort(chosen).tolist()),
        tuple(control.incumbents),
        settled.work,
    )


def reached(instance: LocationInstance, radius: float) -> Reached:
    """Return the distinct sets of sites that places have within a radius, with their weights."""
    distance = instance.distance
    if isinstance(distance, PlaneDistance) and distance.rounding == "none":
        return reached_sets(distance.places, instance.weight, distance.sites, radius)
    blocks = row_blocks(*distance.shape)
    sets = [pack(distance.part(rows, slice(None)) <= radius) for rows in blocks]
    return grouped(np.concatenate(sets), instance.weight)


def cover_choice(found: Reached, sites: int, count: int) -> Choice:
    """Return covering as a choice: a set costs its weight unless a site of it is chosen."""
    by_site = unpack(found.sets, sites).tocsc()
    return Choice(
        by_site.indptr.astype(np.intp),
        by_site.indices.astype(np.intp),
        np.zeros(by_site.nnz),
        found.weight,
        np.arange(sites),
        count,
    )


def undominated(choice: Choice) -> Choice:
    """Return a covering without the sites that another replaces, where enough are left.

    A chosen site whose places another, not chosen, also covers is exchanged for it; where both
    are chosen it adds nothing.
    """
    sites = len(choice.site)
    if not 0 < sites * len(choice.cap) <= _MOST_COMPARED:
        return choice
    reaches = np.zeros((len(choice.cap), sites), dtype=np.bool_)
    reaches[choice.place, choice.owner] = True
    kept = best_sites(reaches, np.zeros(sites))
    if kept.sum() < choice.count:
        return choice
    return choice.fixed(np.zeros(0, dtype=np.intp), ~kept)


def count_covered(instance: LocationInstance, chosen: IndexArray) -> float:
    """Return the weight within the radius of some sites, counted place by place."""
    covered = 0.0
    places = instance.distance.shape[0]
    for start in range(0, places, _COUNTED_AT_ONCE):
        rows = slice(start, min(places, start + _COUNTED_AT_ONCE))
        near = _within(instance, rows, chosen)
        covered += float(instance.weight[rows] @ near)
    return covered


def _within(instance: LocationInstance, rows: slice, chosen: IndexArray) -> FloatArray:
    radius = instance.radius or 0.0
    distance = instance.distance
    if isinstance(distance, PlaneDistance) and distance.rounding == "none":
        part = replace(distance, places=distance.places[rows])
        near = np.zeros(len(part.places), dtype=np.bool_)
        for x, y in part.sites[chosen]:
            away = (part.places[:, 0] - x) ** 2 + (part.places[:, 1] - y) ** 2
            near |= away <= radius**2
        return near.astype(np.float64)
    within = distance.part(rows, chosen).min(axis=1, initial=np.inf) <= radius
    return np.asarray(within, dtype=np.float64)
