"""Plans from sites that the multipliers open: served by moves, or by a transport program."""

import math
from dataclasses import dataclass, field

import numpy as np

from optimizer.algorithms.capacitated.instance import (
    CapacitatedInstance,
    FloatArray,
    IndexArray,
    Plan,
)
from optimizer.algorithms.capacitated.moves import assign, improve, relocate

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
        self._forbidden = np.isinf(self._cost)
        self._cost[self._forbidden] = 1e3 * max(1.0, worst)  # moves may pass through such pairs
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
        customers = np.arange(len(instance.demand))
        if self._forbidden[sites[at], customers].any():
            return None
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
        return Plan(np.array(options, dtype=np.intp), customers, sites[at], np.ones(len(customers)))


def worth(instance: CapacitatedInstance, plan: Plan) -> float:
    """Return what a plan costs by its arrays; `count_plan` counts it once more, from the rules."""
    key = instance.site * len(instance.demand) + instance.customer
    at = np.searchsorted(key, plan.site * len(instance.demand) + plan.customer)
    return float(instance.cost[at] @ plan.share + instance.opening[plan.options].sum())
