"""Plans from sites that the multipliers open: served by moves, or by a transport program."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from models.run import Status
from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    IndexArray,
    Plan,
)
from optimizer.algorithms.capacitated.moves import assign, improve, relocate
from optimizer.algorithms.capacitated.program import formulate
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.quiet import quiet

_PASSES = 60
_ROUNDS = 20
_LEAST_SHARE = 1e-9
_MOST_PAIRS = 60_000
_FEWEST_NEAR = 8


@dataclass
class Assigner:
    """Single-source plans of one instance, by shifts, swaps and moved sites."""

    instance: CapacitatedInstance
    _cost: FloatArray = field(init=False)  # (site, customer)
    _seen: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Lay the costs out as a matrix."""
        instance = self.instance
        self._cost = np.full((instance.sites, len(instance.demand)), np.inf)
        self._cost[instance.site, instance.customer] = instance.cost
        worst = float(instance.cost.max(initial=1.0))
        self._cost[np.isinf(self._cost)] = 1e3 * max(1.0, worst)
        starts = instance.option_start
        widest = np.zeros(instance.sites, dtype=np.intp)
        for site in range(instance.sites):
            if starts[site] < starts[site + 1]:
                rooms = instance.capacity[starts[site] : starts[site + 1]]
                widest[site] = starts[site] + int(np.argmax(rooms))
        self._widest = widest
        has = np.diff(starts) > 0
        self._room = np.where(has, instance.capacity[widest], 0.0)
        self._setup = np.where(has, instance.opening[widest], math.inf)
        self._may = has
        self._fixed = np.zeros(instance.sites, dtype=np.bool_)
        self._fixed[instance.opened] = True

    def plan(self, sites: IndexArray) -> Plan | None:
        """Return a plan that opens ``sites`` or replaces some; None where tried, or none found."""
        key = np.sort(sites).tobytes()
        if key in self._seen or not len(sites):
            return None
        self._seen.add(key)
        instance, chosen = self.instance, sites.astype(np.intp).copy()
        room, opening = self._room[chosen], self._setup[chosen]
        if room.sum() < instance.demand.sum():
            return None
        at = np.empty(len(instance.demand), dtype=np.intp)
        assign(self._cost, instance.demand, chosen, room, at)
        closed = self._may.copy()
        closed[chosen] = False
        scale = float(instance.cost.mean()) / max(float(instance.demand.mean()), 1e-300)
        over = 1.0
        for step in range(_ROUNDS):
            penalty = scale * (1.0 if step == 0 else 10.0)
            over = improve(self._cost, instance.demand, chosen, room, at, penalty, _PASSES)
            if step and not relocate(
                self._cost,
                instance.demand,
                chosen,
                room,
                at,
                opening,
                self._room,
                self._setup,
                closed,
                self._fixed,
            ):
                break
        return self._made(chosen, at) if over <= 0.0 else None

    def _made(self, sites: IndexArray, at: IndexArray) -> Plan | None:
        """Return the plan, each site in the cheapest option that holds its load."""
        instance = self.instance
        load = np.bincount(at, instance.demand, len(sites))
        options = []
        for slot, site in enumerate(sites.tolist()):
            every = np.arange(instance.option_start[site], instance.option_start[site + 1])
            fits = every[instance.capacity[every] >= load[slot]]
            used = (at == slot).any() or self._fixed[site] or instance.least
            if len(fits) and used:
                options.append(int(fits[np.argmin(instance.opening[fits])]))
            elif used:
                return None
        customers = np.arange(len(instance.demand))
        return Plan(np.array(options, dtype=np.intp), customers, sites[at], np.ones(len(customers)))


@dataclass
class Transport:
    """Multi-source plans: the cheapest services from chosen options, by a warm program."""

    instance: CapacitatedInstance
    control: RunControl
    _seen: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Prepare the services' program over near pairs, all options closed."""
        self.instance = self.instance.keeping(_near_pairs(self.instance))
        free = replace(self.instance, opened=np.zeros(0, dtype=np.intp), least=0, most=None)
        none = np.zeros(len(free.cost), dtype=np.bool_)
        program = formulate(free, whole=False, links=none)
        self._serve, self._open = program.columns["serve"], program.columns["open"]
        self._session = LpSession(program, self.control.limits)

    def plan(self, options: IndexArray) -> Plan | None:
        """Return the cheapest plan with these options open, None where tried or there is none."""
        key = np.sort(options).tobytes()
        instance = self.instance
        if key in self._seen or instance.capacity[options].sum() < instance.demand.sum():
            return None
        self._seen.add(key)
        mark = np.zeros(len(instance.capacity))
        mark[options] = 1.0
        self._session.change_bounds(np.arange(len(mark)) + self._open.start, mark, mark)
        if self._session.solve(quiet(self.control)) is not Status.OPTIMAL:
            return None
        share = np.clip(self._session.primal[self._serve], 0.0, 1.0)
        used = np.flatnonzero(share > _LEAST_SHARE)
        served = np.bincount(instance.customer[used], share[used], len(instance.demand))
        return Plan(
            np.sort(options).astype(np.intp),
            instance.customer[used],
            instance.site[used].astype(np.intp),
            share[used] / served[instance.customer[used]],
        )


def _near_pairs(instance: CapacitatedInstance) -> BoolArray:
    """Return the pairs of each customer's cheapest sites: all of them in a small instance."""
    near = np.ones(len(instance.cost), dtype=np.bool_)
    if len(near) <= _MOST_PAIRS:
        return near
    order = np.lexsort((instance.cost, instance.customer))
    first = np.searchsorted(instance.customer[order], np.arange(len(instance.demand)))
    rank = np.arange(len(order)) - first[instance.customer[order]]
    near[order] = rank < max(_FEWEST_NEAR, _MOST_PAIRS // len(instance.demand))
    return near


def worth(instance: CapacitatedInstance, plan: Plan) -> float:
    """Return what a plan costs by its arrays; `count_plan` counts it once more, from the rules."""
    key = instance.site * len(instance.demand) + instance.customer
    at = np.searchsorted(key, plan.site * len(instance.demand) + plan.customer)
    return float(instance.cost[at] @ plan.share + instance.opening[plan.options].sum())
