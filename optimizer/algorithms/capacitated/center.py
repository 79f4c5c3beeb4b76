r"""The capacitated p-center: the least longest way over which open sites have room for all.

A radius is decided by a program of the sites alone, whose rows say what every set A of customers
needs of the sites N(A) within the radius,

.. math:: \sum_{o \in N(A)} \min(Q_o, d(A)) \, y_o \ge d(A),

written out for single customers, and for the minimum cut of the flow of demand from the sites the
program opens where that serves less than all (Hall's condition; Ford and Fulkerson 1956). Sets that
were short at one radius stay for the others. Where customers may not be divided, the flow is a
relaxation, and a program of who goes where decides, first for the sites at hand, then for all.
Radii are bisected; a choice of sites is asked for its own least radius before the next.

Ozsoy, F. A. and Pinar, M. C. (2006). An exact algorithm for the capacitated vertex p-center
problem. Computers & Operations Research 33(5).
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array

from models.run import Status, StopReason
from optimizer.algorithms.bipartite.serving import serve
from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    IndexArray,
    Located,
    Plan,
    count_plan,
    values_of,
)
from optimizer.algorithms.capacitated.program import formulate, plan_of
from optimizer.algorithms.siting.instance import agree
from optimizer.backends.highs import solve
from optimizer.control import RunControl
from optimizer.linear import Builder, LinearProgram
from optimizer.quiet import quiet

_ROUNDING = 1e-9  # of all demand, what a flow may leave
_PARTS = 1e-7  # of a customer: less than that is nobody


def capacitated_center(instance: CapacitatedInstance, control: RunControl) -> Located:
    """Return the plan whose longest way is shortest; a pair's cost is its way, opening is free."""
    search = _Search(_usable(instance), instance, control)
    stop = search.settle()
    if search.plan is None:
        proved = stop is StopReason.PROOF
        return Located(Status.INFEASIBLE if proved else Status.UNKNOWN, stop, None, None, None)
    counted = count_longest(instance, search.plan)
    agree(search.value, counted)
    proved = stop is StopReason.PROOF
    return Located(
        Status.OPTIMAL if proved else Status.FEASIBLE,
        stop,
        counted,
        counted if proved else search.bound,
        search.plan,
        tuple(one for one in control.incumbents if one.level == control.level),
        search.decisions,
        len(search.short),
    )


def count_longest(instance: CapacitatedInstance, plan: Plan) -> float:
    """Return the longest way of a plan that keeps the rules of an instance.

    Raises
    ------
    BackendError
        The plan breaks a rule.
    """
    free = replace(instance, opening=np.zeros(len(instance.opening)))
    count_plan(free, plan)
    ways = {
        (int(site), int(customer)): float(way)
        for site, customer, way in zip(instance.site, instance.customer, instance.cost, strict=True)
    }
    used = zip(plan.site.tolist(), plan.customer.tolist(), plan.share.tolist(), strict=True)
    return max((ways[site, customer] for site, customer, share in used if share > 0.0), default=0.0)


def _usable(instance: CapacitatedInstance) -> CapacitatedInstance:
    """Return an instance without pairs whose site never holds a customer that is not divided."""
    if not instance.single_source:
        return instance
    largest = np.zeros(instance.sites)
    np.maximum.at(largest, instance.option_site, instance.capacity)
    return instance.keeping(instance.demand[instance.customer] <= largest[instance.site])


@dataclass
class _Search:
    instance: CapacitatedInstance
    asked: CapacitatedInstance  # with pairs that are of no use
    control: RunControl
    plan: Plan | None = None
    value: float = math.inf
    bound: float = 0.0
    decisions: int = 0
    stop: StopReason | None = None
    short: list[BoolArray] = field(default_factory=list)  # sets of customers (customer,)

    def __post_init__(self) -> None:
        """Lay out ways as a matrix (site, customer), infinite where there is none."""
        instance = self.instance
        self.ways = np.full((instance.sites, len(instance.demand)), np.inf)
        self.ways[instance.site, instance.customer] = instance.cost
        self.owner = instance.option_site

    def settle(self) -> StopReason:
        """Bisect the radii between what every customer needs and the best plan's longest way."""
        radii = np.unique(self.instance.cost)
        least = float(self.ways.min(axis=0, initial=np.inf).max(initial=0.0))
        low, high = int(np.searchsorted(radii, least)), len(radii)
        while low < high:
            self.bound = float(radii[low])
            middle = high - 1 if self.plan is None else (low + high) // 2
            if self.control.halted is not None:
                return self.control.stop or StopReason.TIME
            found = self._within(float(radii[middle]))
            if self.stop is not None:
                return self.stop
            if found is None:
                low = middle + 1
            else:
                self._offer(found)
                high = min(middle, int(np.searchsorted(radii, self.value)))
        return StopReason.PROOF

    def _offer(self, plan: Plan) -> None:
        value = count_longest(self.instance, plan)
        if value < self.value:
            self.plan, self.value = plan, value
            self.control.improved(value, self.bound, values_of(self.asked, plan))

    def _within(self, radius: float) -> Plan | None:
        """Return a plan within a radius; None if there is none, or with ``stop`` if unknown."""
        self.decisions += 1
        reach = self.ways <= radius
        while True:
            options = self._options(reach)
            if options is None:
                return None
            plan, short = self._flow(options, reach)
            if plan is None:
                self.short.append(short)
                continue
            if not self.instance.single_source:
                return self._tightened(options, plan)
            near = self.ways[self.instance.site, self.instance.customer] <= radius
            mine = np.isin(np.arange(len(self.owner)), options)
            at_hand = self._assigned(near & np.isin(self.instance.site, self.owner[options]), mine)
            if at_hand is not None or self.stop is not None:
                return at_hand
            return self._assigned(near, np.ones(len(self.owner), dtype=np.bool_))

    def _options(self, reach: BoolArray) -> IndexArray | None:
        """Return the fewest options that no known set of customers is short of."""
        if not reach.any(axis=0).all():
            return None
        outcome = solve(self._program(reach), quiet(self.control), small=True)
        if outcome.status is Status.INFEASIBLE:
            return None
        if outcome.values is None:
            self.stop = outcome.stop
            return None
        return self._filled(np.flatnonzero(outcome.values > 0.5).astype(np.intp))

    def _filled(self, options: IndexArray) -> IndexArray:
        """Return options with as many more, the roomiest first, as may be open."""
        instance = self.instance
        most = instance.sites if instance.most is None else instance.most
        taken, chosen = set(self.owner[options].tolist()), options.tolist()
        for option in np.argsort(-instance.capacity, kind="stable").tolist():
            if len(chosen) >= most:
                break
            if int(self.owner[option]) not in taken:
                taken.add(int(self.owner[option]))
                chosen.append(option)
        return np.sort(np.array(chosen, dtype=np.intp))

    def _program(self, reach: BoolArray) -> LinearProgram:
        instance, owner = self.instance, self.owner
        options, demand = len(owner), instance.demand
        builder = Builder("min")
        builder.add_columns("open", np.ones(options), upper=1.0)
        opened = csr_array(
            (np.ones(options), (owner, np.arange(options))), shape=(instance.sites, options)
        )
        must = np.zeros(instance.sites)
        must[instance.opened] = 1.0
        builder.add_rows("option", {"open": opened}, lower=must, upper=1.0)
        most = np.inf if instance.most is None else float(instance.most)
        builder.add_rows("count", {"open": csr_array(np.ones((1, options)))}, lower=0.0, upper=most)
        near = np.unique(reach.T, axis=0)  # (set, site)
        builder.add_rows(
            "reached",
            {"open": csr_array(near[:, owner].astype(np.float64))},
            lower=1.0,
            upper=np.inf,
        )
        sets = np.array([np.ones(len(demand), dtype=np.bool_), *self.short])
        need = sets.astype(np.float64) @ demand
        touched = (sets.astype(np.float64) @ reach.T.astype(np.float64)) > 0.0  # (set, site)
        room = np.minimum(instance.capacity[None, :], need[:, None]) * touched[:, owner]
        scale = np.maximum(need, 1e-300)[:, None]
        builder.add_rows(
            "room", {"open": csr_array(room / scale)}, lower=1.0 - _ROUNDING, upper=np.inf
        )
        return builder.build()

    def _flow(self, options: IndexArray, reach: BoolArray) -> tuple[Plan | None, BoolArray]:
        """Return the services of some options, or the customers that are short of room."""
        instance, site = self.instance, self.owner[options]
        count, customers = len(options), len(instance.demand)
        flow = np.zeros((count, customers, 1))
        in_set = np.zeros((customers, 1), dtype=np.uint8)
        unmet = np.zeros(1)
        serve(
            instance.capacity[options][:, None].copy(),
            instance.demand[:, None].copy(),
            np.ascontiguousarray(reach[site]),
            np.zeros(count),
            np.zeros(1),
            np.arange(count),
            np.zeros(1, dtype=np.int64),
            flow,
            in_set,
            np.zeros((count, 1), dtype=np.uint8),
            unmet,
        )
        if unmet[0] > _ROUNDING * max(1.0, float(instance.demand.sum())):
            return None, in_set[:, 0] > 0
        return self._plan(options, flow[:, :, 0], reach[site]), in_set[:, 0] > 0

    def _plan(self, options: IndexArray, flow: FloatArray, reach: BoolArray) -> Plan:
        demand = self.instance.demand
        share = flow / np.where(demand > 0.0, demand, 1.0)[None, :]
        idle = np.flatnonzero(demand <= 0.0)
        share[np.argmax(reach[:, idle], axis=0), idle] = 1.0
        share[share < _PARTS] = 0.0
        share /= share.sum(axis=0, keepdims=True)
        row, customer = np.nonzero(share)
        return Plan(
            options,
            customer.astype(np.intp),
            self.owner[options][row].astype(np.intp),
            share[row, customer],
        )

    def _tightened(self, options: IndexArray, plan: Plan) -> Plan:
        """Return the plan of some options whose longest way is shortest."""
        ways = self.ways[self.owner[options]]
        radii = np.unique(ways[np.isfinite(ways)])
        low, high = 0, int(np.searchsorted(radii, count_longest(self.instance, plan)))
        while low < high:
            middle = (low + high) // 2
            reach = self.ways <= radii[middle]
            found = self._flow(options, reach)[0]
            if found is None:
                low = middle + 1
            else:
                plan, high = found, middle
        return plan

    def _assigned(self, pairs: BoolArray, options: BoolArray) -> Plan | None:
        """Return a plan over some pairs and options that divides nobody, None if there is none."""
        part = self.instance.keeping(pairs, options)
        part = replace(part, cost=np.zeros(len(part.cost)), opening=np.zeros(len(part.opening)))
        part = replace(part, least=0)
        if len(np.unique(part.customer)) < len(part.demand):
            return None
        program = formulate(part)
        outcome = solve(program, quiet(self.control))
        if outcome.status is Status.INFEASIBLE:
            return None
        if outcome.values is None:
            self.stop = outcome.stop
            return None
        found = plan_of(part, program, outcome.values)
        chosen = np.flatnonzero(options)[found.options]
        return replace(found, options=self._filled(chosen.astype(np.intp)))
