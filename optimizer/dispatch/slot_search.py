"""Slots only: the exact decomposition by shortage cuts, then the cheapest assignment."""

from math import lcm

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.serving import Plea, Served, serve_most
from optimizer.algorithms.slots import BoolArray, Slots, cheapest
from optimizer.control import RunControl
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.solution import Solution, best

IntArray = NDArray[np.intp]
_FINEST = 1000  # parts of a unit of severity, beyond which ties are left to chance


def slots_of(instance: Instance) -> Slots:
    """Return the slots of an instance; a partial incident's groups are units of many copies."""
    groups = instance.groups
    partial = groups.partial[groups.unit]
    severity = instance.severity
    parts = groups.parts(len(severity))
    own = groups.unit_incident
    copies = np.ones(len(own), dtype=np.intp)
    np.maximum.at(copies, groups.unit[partial], groups.slots[partial])
    none_left = np.zeros(len(own), dtype=np.bool_)
    none_left[groups.unit[partial]] = groups.slots[partial] == 0
    copies[none_left] = 0
    weight = np.where(groups.partial, severity[own] / np.maximum(parts[own], 1.0), severity[own])
    need = np.where(partial, np.minimum(groups.slots, 1), groups.slots)
    return Slots(
        reach=instance.reach,
        cost=instance.cost,
        need=need,
        unit=groups.unit,
        weight=weight,
        copies=copies,
    )


def quantum(instance: Instance) -> float | None:
    """Return what every severity served is a multiple of, None where that is too fine to use."""
    parts = instance.groups.parts(len(instance.asked))
    partial = [one.partial for one in instance.request.incidents]
    shared = lcm(*(int(n) for n, own in zip(parts, partial, strict=True) if own and n > 0))
    return 1.0 / shared if shared <= _FINEST else None


def search(
    instance: Instance, slots: Slots, start: Solution, control: RunControl, rounds_max: int | None
) -> tuple[Solution, Served]:
    """Return the best plan found, from ``start``, and what is proven of it."""
    plea = Plea(
        start=units_of(instance, start),
        families=families(instance),
        quantum=quantum(instance),
        rounds_max=rounds_max,
    )
    served = serve_most(slots, control, plea)
    team_group = served.team_group
    if team_group is None:
        team_group = cheapest(slots.reach, slots.cost, slots.wanted(served.served))
    assert team_group is not None, "what was matched can be assigned"
    found = Solution.of_teams(instance, team_group)
    # The first plan may serve others of the same weight at less cost: give it its best teams too.
    own = cheapest(slots.reach, slots.cost, slots.wanted(plea.start))
    return found if own is None else best(found, Solution.of_teams(instance, own)), served


def units_of(instance: Instance, solution: Solution) -> IntArray:
    """Return how many copies of each unit a solution serves (unit,)."""
    groups = instance.groups
    served = solution.complete.astype(np.intp)
    partial = np.flatnonzero(groups.partial[groups.unit])
    served[groups.unit[partial]] = np.minimum(solution.filled, groups.slots)[partial]
    return served


def families(instance: Instance) -> list[BoolArray]:
    """Return, for each kind of need, who can fill any group of that kind."""
    unions: dict[object, BoolArray] = {}
    for g, fit in enumerate(instance.groups.fits):
        known = unions.get(fit)
        unions[fit] = instance.reach[g] if known is None else known | instance.reach[g]
    return list(unions.values())
