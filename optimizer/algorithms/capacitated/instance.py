"""A capacitated location problem as arrays, what a search gives back, and counting it afresh."""

import math
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.run import Incumbent, Status, StopReason, relative_gap
from optimizer.errors import BackendError

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

_NONE = np.zeros(0, dtype=np.intp)
_ROOM = 1e-6  # relative: what rounding may take of a capacity or of a demand


@dataclass(frozen=True)
class CapacitatedInstance:
    r"""Customers with demands, and sites that open in one of their options, or not at all.

    min :math:`\sum_o f_o y_o + \sum_{ij} c_{ij} x_{ij}`, each customer served whole
    (:math:`\sum_j x_{ij} = 1`), :math:`\sum_i d_i x_{ij} \le \sum_{o \in j} Q_o y_o`, at most one
    option a site. ``cost`` is that of a customer's whole demand; a pair that is not listed may not
    be used. ``opened`` sites must open, ``least`` and ``most`` bound their number. With
    ``single_source`` a customer is served by one site alone.

    Pairs are listed site by site, ``start[j]`` to ``start[j + 1]``; options likewise.
    """

    demand: FloatArray  # (customer,), not negative
    start: IndexArray  # (site + 1,)
    customer: IndexArray  # (pair,)
    cost: FloatArray  # (pair,), not negative
    option_start: IndexArray  # (site + 1,)
    capacity: FloatArray  # (option,)
    opening: FloatArray  # (option,)
    single_source: bool = False
    opened: IndexArray = field(default_factory=_NONE.copy)
    least: int = 0
    most: int | None = None

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return len(self.start) - 1

    @property
    def site(self) -> IndexArray:
        """The site of each pair."""
        return np.repeat(np.arange(self.sites), np.diff(self.start))

    @property
    def option_site(self) -> IndexArray:
        """The site of each option."""
        return np.repeat(np.arange(self.sites), np.diff(self.option_start))

    @property
    def whole(self) -> bool:
        """Whether every plan's worth is a whole number."""
        costs = np.concatenate([self.cost, self.opening])
        return self.single_source and bool((costs == np.rint(costs)).all())

    def keeping(self, pairs: BoolArray, options: BoolArray | None = None) -> "CapacitatedInstance":
        """Return the instance with some of its pairs and options only; sites keep their numbers."""
        site = self.site[pairs]
        left = replace(
            self,
            start=np.searchsorted(site, np.arange(self.sites + 1)).astype(np.intp),
            customer=self.customer[pairs],
            cost=self.cost[pairs],
        )
        if options is None:
            return left
        at = self.option_site[options]
        return replace(
            left,
            option_start=np.searchsorted(at, np.arange(self.sites + 1)).astype(np.intp),
            capacity=self.capacity[options],
            opening=self.opening[options],
        )


class Matrices(Protocol):
    """A problem as matrices, as readers of published files and generators give it."""

    @property
    def cost(self) -> FloatArray:
        """Cost (customer, site) of a customer's whole demand, infinite where none may serve."""

    @property
    def demand(self) -> FloatArray:
        """Demand (customer,)."""

    @property
    def capacity(self) -> FloatArray:
        """Capacity (site, option)."""

    @property
    def opening(self) -> FloatArray:
        """Opening cost (site, option)."""

    @property
    def count(self) -> int | None:
        """How many sites are open, None where the costs decide."""

    @property
    def opened(self) -> tuple[int, ...]:
        """Sites that must open."""


def of_matrices(problem: Matrices, *, single_source: bool) -> CapacitatedInstance:
    """Return the instance of a problem that is given as matrices."""
    sites, options = problem.capacity.shape
    site, customer = np.nonzero(np.isfinite(problem.cost.T))
    return CapacitatedInstance(
        demand=np.asarray(problem.demand, dtype=np.float64),
        start=np.searchsorted(site, np.arange(sites + 1)).astype(np.intp),
        customer=customer.astype(np.intp),
        cost=np.ascontiguousarray(problem.cost.T[site, customer], dtype=np.float64),
        option_start=np.arange(sites + 1, dtype=np.intp) * options,
        capacity=np.ascontiguousarray(problem.capacity.ravel(), dtype=np.float64),
        opening=np.ascontiguousarray(problem.opening.ravel(), dtype=np.float64),
        single_source=single_source,
        opened=np.array(problem.opened, dtype=np.intp),
        least=0 if problem.count is None else problem.count,
        most=problem.count,
    )


@dataclass(frozen=True)
class Plan:
    """Open options and who is served how far from where; numbers are those of the instance."""

    options: IndexArray
    customer: IndexArray  # (service,)
    site: IndexArray  # (service,)
    share: FloatArray  # (service,), of the customer's demand


@dataclass(frozen=True)
class Located:
    """What a search came to; ``objective`` was counted afresh from instance and plan."""

    status: Status
    stop: StopReason
    objective: float | None
    bound: float | None
    plan: Plan | None
    incumbents: tuple[Incumbent, ...] = ()
    nodes: int = 0
    steps: int = 0

    @property
    def gap(self) -> float | None:
        """How far objective and bound are apart, relative."""
        return relative_gap(self.objective, self.bound)


def count_plan(instance: CapacitatedInstance, plan: Plan) -> float:
    """Return what a plan costs, found by reading the instance's rules alone.

    Raises
    ------
    BackendError
        The plan breaks a rule.
    """
    costs = {
        (int(customer), site): float(instance.cost[pair])
        for site in {int(one) for one in plan.site}
        for pair, customer in enumerate(
            instance.customer[instance.start[site] : instance.start[site + 1]],
            int(instance.start[site]),
        )
    }
    owner = instance.option_site
    room: dict[int, float] = {}
    for option in plan.options.tolist():
        site = int(owner[option])
        _insist(site not in room, "a site is open twice")
        room[site] = float(instance.capacity[option])
    load = dict.fromkeys(room, 0.0)
    served = [0.0] * len(instance.demand)
    parts = [0] * len(instance.demand)
    total = [float(instance.opening[option]) for option in plan.options.tolist()]
    for customer, site, share in zip(
        plan.customer.tolist(), plan.site.tolist(), plan.share.tolist(), strict=True
    ):
        _insist((customer, site) in costs and share >= 0.0, "a pair is used that may not be")
        _insist(site in room, "a site serves that is not open")
        load[site] += share * float(instance.demand[customer])
        served[customer] += share
        parts[customer] += 1
        total.append(share * costs[customer, site])
    for site, used in load.items():
        _insist(used <= room[site] + _ROOM * max(1.0, room[site]), "a site serves beyond its room")
    _insist(all(abs(one - 1.0) <= _ROOM for one in served), "a customer is not served whole")
    _insist(not instance.single_source or max(parts, default=0) <= 1, "a customer has two sites")
    _insist(set(instance.opened.tolist()) <= room.keys(), "a site is closed that must open")
    most = instance.sites if instance.most is None else instance.most
    _insist(instance.least <= len(room) <= most, "too few or too many sites are open")
    return math.fsum(total)


def values_of(instance: CapacitatedInstance, plan: Plan) -> FloatArray:
    """Return each option, 0 or 1, then the share of each pair: as the instance's program has it."""
    values = np.zeros(len(instance.capacity) + len(instance.cost))
    values[plan.options] = 1.0
    key = instance.site * len(instance.demand) + instance.customer
    wanted = plan.site * len(instance.demand) + plan.customer
    values[len(instance.capacity) + np.searchsorted(key, wanted)] = plan.share
    return values


def _insist(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BackendError(f"a search's plan breaks a rule: {otherwise}")
