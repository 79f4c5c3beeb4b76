"""Facilities that can be full, asked of the searches for capacitated location and p-centers."""

from collections.abc import Callable

import numpy as np

from models.facilities.request import Goal
from models.run import Status
from optimizer.algorithms.capacitated.center import capacitated_center
from optimizer.algorithms.capacitated.instance import CapacitatedInstance, Plan
from optimizer.algorithms.capacitated.search import locate
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.facilities.exact import Settled, infeasible
from optimizer.facilities.formulation import Pairs
from optimizer.facilities.instance import BoolArray, IndexArray, Instance
from optimizer.facilities.solution import Service, Solution

_PAID = frozenset({Goal.SET_COVER, Goal.LEAST_COST})  # goals that opening costs something
SEARCH = "capacitated"  # what a report calls it
_FEW_PAIRS = 60_000  # up to which a program settles the ways of points served in parts sooner


def suits(instance: Instance) -> bool:
    """Return whether the search takes the request as it is.

    It knows how many sites may open, not what they may cost together; a set cover is the cheapest
    there is, of everything. A p-median of few pairs in parts is left to a program.
    """
    request = instance.request
    if not request.has_capacities or not len(instance.counted):
        return False
    few = len(instance.counted) * instance.sites <= _FEW_PAIRS
    if request.goal is Goal.P_MEDIAN and few and not request.single_source:
        return False
    if request.goal is Goal.LEAST_COST:
        return request.budget is None or not request.counts_cost
    if request.goal is Goal.SET_COVER:
        return request.share == 1.0 and not (request.counts_cost and request.budget is not None)
    return instance.count is not None


def settle(instance: Instance, control: RunControl) -> Settled:
    """Return what the search comes to."""
    asked = as_located(instance)
    covers = instance.goal is Goal.COVER
    control.describe = _describing(instance, asked, bounded=not covers)
    search = capacitated_center if instance.goal is Goal.P_CENTER else locate
    found = search(asked, control)
    control.describe = None
    if found.status is Status.INFEASIBLE:
        return infeasible()
    solution = None if found.plan is None else _solution(instance, found.plan, asked)
    bound = found.bound
    if bound is not None and covers:
        bound = instance.total - bound
    return Settled(found.status, found.stop, solution, bound, found.nodes, SEARCH)


def as_located(instance: Instance) -> CapacitatedInstance:
    """Return the request as customers, sites and pairs.

    Of a cover the last site stands for no service: it holds everything, and what it takes costs
    its weight.
    """
    pairs = Pairs.within(instance, instance.reach)
    by_site = np.lexsort((pairs.row, pairs.site))
    row, site = pairs.row[by_site], pairs.site[by_site]
    sites, everything = instance.sites, instance.total
    may = ~instance.forbidden
    cost = np.zeros(len(row))
    if instance.request.adds_ways:
        cost = instance.weight[row] * pairs.way[by_site] * instance.rate
    if instance.goal is Goal.P_CENTER:
        cost = pairs.way[by_site]
    start = np.searchsorted(site, np.arange(sites + 1))
    option_start = np.append(0, np.cumsum(may))
    capacity = np.minimum(instance.capacity, everything)[may]
    opening = _opening(instance)[may]
    opened = np.flatnonzero(instance.settled)
    most = _most(instance)
    if instance.goal is Goal.COVER:
        start = np.append(start, len(row) + len(instance.weight))
        row = np.append(row, np.arange(len(instance.weight)))
        cost = np.append(cost, instance.weight)
        option_start = np.append(option_start, option_start[-1] + 1)
        capacity, opening = np.append(capacity, everything), np.append(opening, 0.0)
        opened = np.append(opened, sites)
        most = None if most is None else most + 1
    return CapacitatedInstance(
        demand=instance.weight,
        start=start.astype(np.intp),
        customer=row.astype(np.intp),
        cost=cost,
        option_start=option_start.astype(np.intp),
        capacity=capacity,
        opening=opening,
        single_source=instance.request.single_source,
        opened=opened.astype(np.intp),
        # Where opening is free, one more open never does harm.
        least=0 if most is None or instance.goal in _PAID else most,
        most=most,
    )


def _opening(instance: Instance) -> FloatArray:
    """Return what the goal counts for opening each site."""
    if instance.goal is Goal.LEAST_COST:
        return instance.cost
    return instance.priced if instance.goal is Goal.SET_COVER else np.zeros(instance.sites)


def _most(instance: Instance) -> int | None:
    """Return how many sites may be open at all."""
    settled, request = int(instance.settled.sum()), instance.request
    if request.goal not in _PAID:
        assert instance.count is not None  # it suits
        return settled + instance.count
    if request.number is None:
        return None
    return min(int(instance.existing.sum()) + request.number, instance.sites)


def _describing(
    instance: Instance, asked: CapacitatedInstance, *, bounded: bool
) -> Callable[[FloatArray], Described]:
    def described(values: FloatArray) -> Described:
        share = values[len(asked.capacity) :]
        used = np.flatnonzero(share).astype(np.intp)
        options = np.flatnonzero(values[: len(asked.capacity)] > 0.5).astype(np.intp)
        plan = Plan(options, asked.customer[used], asked.site[used].astype(np.intp), share[used])
        solution = _solution(instance, plan, asked)
        return Described(
            solution.value, solution.opened_sites, solution.bare_plan(), bounded=bounded
        )

    return described


def _solution(instance: Instance, plan: Plan, asked: CapacitatedInstance) -> Solution:
    """Return a plan as a solution, without facilities that serve nobody and need not stand."""
    real = plan.site < instance.sites
    row, site, share = plan.customer[real], plan.site[real], plan.share[real]
    opened = _opened(instance, asked.option_site[plan.options], site)
    way = instance.matrix[row, site]
    return Solution(instance, opened, Service(row, site, share * instance.weight[row], way))


def _opened(instance: Instance, chosen: IndexArray, used: IndexArray) -> BoolArray:
    opened = instance.settled.copy()
    opened[np.intersect1d(chosen[chosen < instance.sites], used)] = True
    return opened
