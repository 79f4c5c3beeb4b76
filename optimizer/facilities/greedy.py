"""A first plan: one site after the other, each the one that then gains most for its money."""

import numpy as np

from models.facilities.request import Goal
from optimizer.algorithms.siting.raster import grouped
from optimizer.coverage import unpack
from optimizer.demand import FloatArray
from optimizer.facilities.instance import BoolArray, Instance

_TINY = 1e-9


def greedy(instance: Instance) -> BoolArray:
    """Return sites within number and budget; whether they serve enough is not said."""
    request = instance.request
    opened = instance.settled.copy()
    paid = float(instance.cost[opened].sum())
    built = int(instance.fixed.sum())
    budget = np.inf if request.budget is None else request.budget
    number = instance.sites if request.number is None else request.number
    worth, best = _worth(instance), None
    if opened.any():
        best = worth[:, opened].max(axis=1)
    while built < number:
        fits = instance.free & ~opened & (instance.cost + paid <= budget * (1.0 + _TINY))
        gain = np.maximum(worth - (0.0 if best is None else best[:, None]), 0.0).sum(axis=0)
        rate = np.where(fits, gain / np.maximum(instance.cost, _TINY), -1.0)
        if not instance.cost.any():
            rate = np.where(fits, gain, -1.0)
        site = int(np.argmax(rate))
        if not fits[site] or gain[site] <= 0.0:
            break
        if best is not None and request.goal is Goal.LEAST_COST and rate[site] <= 1.0:
            break
        opened[site] = True
        paid += float(instance.cost[site])
        built += 1
        best = worth[:, site] if best is None else np.maximum(best, worth[:, site])
    return opened


def _worth(instance: Instance) -> FloatArray:
    """Return what each site is worth to each row: its weight in reach, or the way it saves.

    Rows of a cover are groups of points with the same sites within reach.
    """
    if instance.request.covers:
        reached = grouped(instance.sets(instance.reach), instance.weight)
        worth: FloatArray = unpack(reached.sets, instance.sites).toarray() * reached.weight[:, None]
        return worth
    near = instance.within(instance.matrix, instance.reach)
    ways = np.where(near, instance.matrix, 0.0)
    farthest = ways.max(initial=0.0) + 1.0
    adds = instance.request.adds_ways
    weight = instance.weight * instance.rate if adds else np.ones(len(instance.weight))
    return np.where(near, (farthest - ways) * weight[:, None], 0.0)
