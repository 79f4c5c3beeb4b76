"""The location searches, asked what a request asks: exact, where number alone limits the choice."""

from dataclasses import dataclass

import numpy as np

from models.facilities.request import Goal
from models.run import Status, StopReason
from optimizer.algorithms.siting.center import p_center
from optimizer.algorithms.siting.covering import maximal_cover
from optimizer.algorithms.siting.instance import Found, GivenDistance, LocationInstance, Work
from optimizer.algorithms.siting.median import p_median
from optimizer.algorithms.siting.raster import grouped
from optimizer.algorithms.siting.reductions import Cover
from optimizer.algorithms.siting.set_cover import set_cover
from optimizer.control import RunControl
from optimizer.coverage import Words, unpack
from optimizer.demand import FloatArray
from optimizer.facilities.instance import IndexArray, Instance
from optimizer.facilities.solution import Solution

SEARCH = "siting"  # what a report calls the searches


@dataclass(frozen=True)
class Settled:
    """How a goal was settled; ``bound`` is on the goal's own value."""

    status: Status
    stop: StopReason
    solution: Solution | None
    bound: float | None
    nodes: int | None
    backend: str = SEARCH


@dataclass(frozen=True)
class _Reach:
    """Sets of sites as distances: 0 to those of the set, 1 to all others."""

    sets: Words  # (row, word)
    sites: int

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of sites."""
        return len(self.sets), self.sites

    def part(self, places: IndexArray | slice, sites: IndexArray | slice) -> FloatArray:
        """Return the distances (row, site) of some."""
        away: FloatArray = 1.0 - unpack(self.sets[places], self.sites).toarray()
        return away[:, sites]


def suits(instance: Instance) -> bool:
    """Return whether a search takes the request as it is."""
    request = instance.request
    if request.has_capacities or len(instance.counted) == 0 or request.goal is Goal.LEAST_COST:
        return False
    if request.goal is Goal.SET_COVER:
        # The least that a cover pays tells whether the limit in that unit holds; no other does.
        return request.share == 1.0 and (request.number is None or not request.counts_cost)
    return instance.count is not None


def settle(instance: Instance, control: RunControl) -> Settled:
    """Return what the search for the goal comes to."""
    match instance.goal:
        case Goal.COVER:
            return _cover(instance, control)
        case Goal.SET_COVER:
            return _set_cover(instance, control)
        case Goal.P_MEDIAN:
            return _median(instance, control)
        case Goal.P_CENTER:
            return _center(instance, control)
        case Goal.LEAST_COST:
            raise ValueError("what building costs is for a program, or for the capacitated search")


def infeasible(work: Work | None = None) -> Settled:
    """Return that no plan exists."""
    nodes = None if work is None else work.nodes
    return Settled(Status.INFEASIBLE, StopReason.PROOF, None, None, nodes)


def _asked(
    instance: Instance,
    distance: GivenDistance | _Reach,
    weight: FloatArray,
    radius: float | None = None,
) -> LocationInstance:
    opened = np.flatnonzero(instance.settled)
    return LocationInstance(
        distance,
        weight,
        len(opened) + max(0, instance.count or 0),
        radius,
        opened,
        np.flatnonzero(instance.forbidden),
    )


def _settled(instance: Instance, found: Found, bound: float | None) -> Settled:
    opened = np.zeros(instance.sites, dtype=np.bool_)
    opened[list(found.chosen)] = True
    return Settled(found.status, found.stop, Solution(instance, opened), bound, found.work.nodes)


def _cover(instance: Instance, control: RunControl) -> Settled:
    reached = grouped(instance.sets(instance.reach), instance.weight)
    asked = _asked(instance, _Reach(reached.sets, instance.sites), reached.weight, 0.5)
    if not asked.count or not len(reached.weight):
        return _evaluated(instance)
    found = maximal_cover(asked, control)
    return _settled(instance, found, found.bound)


def _evaluated(instance: Instance) -> Settled:
    """Return the only plan there is worth having: what is settled beforehand, and no more."""
    solution = Solution(instance, instance.settled)
    return Settled(Status.OPTIMAL, StopReason.PROOF, solution, solution.value, 0)


def _median(instance: Instance, control: RunControl) -> Settled:
    cap = instance.request.unreached
    far = np.inf if cap is None else cap
    matrix = np.minimum(instance.matrix, far)
    asked = _asked(instance, GivenDistance(finite(matrix, instance.weight)), instance.weight)
    if not asked.count:
        return infeasible() if cap is None else _evaluated(instance)
    found = p_median(asked, control)
    return _unless_unreached(instance, found)


def _center(instance: Instance, control: RunControl) -> Settled:
    cap = instance.request.unreached
    matrix = np.minimum(instance.matrix, np.inf if cap is None else cap)
    unit = np.ones(len(instance.weight))
    asked = _asked(instance, GivenDistance(finite(matrix, unit)), unit)
    if not asked.count:
        return infeasible() if cap is None else _evaluated(instance)
    found = p_center(asked, control)
    return _unless_unreached(instance, found)


def finite(matrix: FloatArray, weight: FloatArray) -> FloatArray:
    """Return ways in which one that does not exist costs more than any plan that needs none."""
    there = np.isfinite(matrix)
    if there.all():
        return matrix
    dearest = weight @ np.where(there, matrix, 0.0).max(axis=1, initial=0.0)
    return np.where(there, matrix, np.ceil(dearest / weight.min()) + 1.0)


def _unless_unreached(instance: Instance, found: Found) -> Settled:
    settled = _settled(instance, found, found.bound)
    assert settled.solution is not None
    if np.isfinite(settled.solution.value):
        return settled
    if found.status is Status.OPTIMAL:
        return infeasible(found.work)
    return Settled(Status.UNKNOWN, found.stop, None, None, found.work.nodes)


def _set_cover(instance: Instance, control: RunControl) -> Settled:
    """Cover what the settled sites leave; the limits are held against the least cost."""
    reached = grouped(instance.sets(instance.reach), instance.weight)
    if reached.unreached > 0.0:
        return infeasible()
    reaches = unpack(reached.sets, instance.sites).toarray() > 0.5
    left = reaches[~reaches[:, instance.settled].any(axis=1)][:, instance.free]
    price = instance.priced[instance.free]
    base = float(instance.priced[instance.settled].sum())
    if not left.any(axis=1).all():
        return infeasible()
    if not len(left):
        return _within_limits(instance, _evaluated(instance))
    found = set_cover(Cover(left, price), control)
    opened = instance.settled.copy()
    opened[np.flatnonzero(instance.free)[list(found.chosen)]] = True
    bound = None if found.bound is None else found.bound + base
    settled = Settled(found.status, found.stop, Solution(instance, opened), bound, found.work.nodes)
    return _within_limits(instance, settled)


def _within_limits(instance: Instance, settled: Settled) -> Settled:
    request = instance.request
    limit = request.budget if request.counts_cost else request.number
    assert settled.solution is not None
    most = np.inf if limit is None else limit + 1e-9 * max(1.0, limit)
    if settled.solution.value <= most:
        return settled
    if settled.bound is not None and settled.bound > most:
        return infeasible()
    return Settled(Status.UNKNOWN, settled.stop, None, settled.bound, settled.nodes)
