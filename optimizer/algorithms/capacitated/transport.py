r"""Multi-source plans: the cheapest services from chosen options, by one warm program.

Its duals say what to open and close next. With customers' prices :math:`u` an option that is closed
saves no more than its most profit at ``u`` less its opening cost; one that is open and closes
costs at least its capacity times the price of it. Moves that both promise are tried in turn.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from models.run import Status
from optimizer.algorithms.capacitated.dual import Dual
from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    IndexArray,
    Plan,
)
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.linear import Builder
from optimizer.quiet import quiet

_LEAST_SHARE = 1e-9
_MOST_PAIRS = 60_000
_FEWEST_NEAR = 8
_TRIES = 40  # moves tried from one plan, before none is thought to help


@dataclass(frozen=True)
class Shipped:
    """One solved transport: its plan, None where not all is served, its worth, and prices."""

    plan: Plan | None
    worth: float
    customer: FloatArray  # (customer,): what serving one costs at the margin
    site: FloatArray  # (site,): what a unit of room is worth


@dataclass
class Transport:
    """The services' program of an instance, over each customer's near pairs.

    What cannot be served from open sites costs more than anything.
    """

    instance: CapacitatedInstance
    control: RunControl
    _seen: dict[bytes, Shipped | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the program, all options closed."""
        self.whole = len(self.instance.cost) <= _MOST_PAIRS
        self.near = near = self.instance.keeping(_near_pairs(self.instance))
        self._dear = 10.0 * float(near.cost.max(initial=1.0)) + 1.0
        customers, pairs = len(near.demand), len(near.cost)
        number = np.arange(pairs)
        self._scale = max(1.0, float(near.demand.mean()))
        builder = Builder("min")
        builder.add_columns("serve", near.cost, upper=np.inf, integer=False)
        builder.add_columns("lack", np.full(customers, self._dear), upper=np.inf, integer=False)
        one = csr_array((np.ones(pairs), (near.customer, number)), shape=(customers, pairs))
        each = csr_array((np.ones(customers), (np.arange(customers),) * 2))
        builder.add_rows("served", {"serve": one, "lack": each}, lower=1.0, upper=1.0)
        load = near.demand[near.customer] / self._scale
        held = csr_array((load, (near.site, number)), shape=(near.sites, pairs))
        builder.add_rows("room", {"serve": held}, lower=-np.inf, upper=0.0)
        self._session = LpSession(builder.build(), self.control.limits)
        self._room = np.zeros(near.sites)

    def plan(self, options: IndexArray) -> Plan | None:
        """Return the cheapest plan with these options open, None where tried or there is none."""
        shipped = self.ship(options)
        return None if shipped is None else shipped.plan

    def ship(self, options: IndexArray) -> Shipped | None:
        """Return the cheapest services from these options; None where tried, or stopped."""
        options = np.sort(options).astype(np.intp)
        key = options.tobytes()
        if key in self._seen:
            return None
        self._seen[key] = None
        near = self.near
        room = np.zeros(near.sites)
        room[near.option_site[options]] = near.capacity[options] / self._scale
        customers = len(near.demand)
        for site in np.flatnonzero(room != self._room).tolist():
            self._session.change_row_bounds(customers + site, -np.inf, float(room[site]))
        self._room = room
        if self._session.solve(quiet(self.control)) is not Status.OPTIMAL:
            return None
        values, dual = self._session.primal, self._session.dual
        worth = self._session.objective + float(near.opening[options].sum())
        share = np.clip(values[: len(near.cost)], 0.0, 1.0)
        lacking = float(values[len(near.cost) :].max(initial=0.0)) > _LEAST_SHARE
        return Shipped(
            None if lacking else self._plan(options, share),
            worth,
            dual[:customers],
            -dual[customers:] / self._scale,
        )

    def _plan(self, options: IndexArray, share: FloatArray) -> Plan:
        near = self.near
        used = np.flatnonzero(share > _LEAST_SHARE)
        served = np.bincount(near.customer[used], share[used], len(near.demand))
        return Plan(
            options,
            near.customer[used],
            near.site[used].astype(np.intp),
            share[used] / served[near.customer[used]],
        )

    def polish(
        self, options: IndexArray, dual: Dual, hear: Callable[[Plan], None], moves: int
    ) -> None:
        """Open, close and exchange options while that pays; ``hear`` gets every plan."""
        now, best = options, self.ship(options)
        if best is None:
            return
        if best.plan is not None:
            hear(best.plan)
        waiting = self._moves(now, best, dual)
        while waiting and moves > 0 and self.control.halted is None:
            move = waiting.pop(0)
            shipped = self.ship(move)
            if shipped is None:
                continue
            moves -= 1
            if shipped.worth < best.worth * (1.0 - 1e-9):
                now, best = move, shipped
                waiting = self._moves(now, best, dual)
                if best.plan is not None:
                    hear(best.plan)

    def _moves(self, now: IndexArray, best: Shipped, dual: Dual) -> list[IndexArray]:
        """Return option sets near ``now``, what promises most first."""
        instance = self.instance
        owner = instance.option_site
        held = np.full(instance.sites, -1, dtype=np.intp)
        held[owner[now]] = now
        worth = dual.price(np.clip(best.customer, 0.0, self._dear)).worth
        rent = np.zeros(instance.sites)
        rent[owner[now]] = instance.opening[now] - best.site[owner[now]] * instance.capacity[now]
        here = np.where(held[owner] >= 0, worth[np.maximum(held[owner], 0)], 0.0)
        gain = np.where(held[owner] == np.arange(len(owner)), -np.inf, here - worth)
        fixed = np.zeros(instance.sites, dtype=np.bool_)
        fixed[instance.opened] = True
        loss = np.where((held >= 0) & ~fixed, rent, -np.inf)
        # The last row opens nothing, the last column closes nothing.
        promise = np.append(gain, 0.0)[:, None] + np.append(loss, 0.0)[None, :]
        promise[np.arange(len(owner)), owner] = -np.inf
        room = np.where(held >= 0, instance.capacity[np.maximum(held, 0)], 0.0)
        more = np.append(instance.capacity - room[owner], 0.0)
        left = room.sum() + more[:, None] - np.append(room, 0.0)[None, :]
        promise[left < instance.demand.sum() * (1.0 - 1e-12)] = -np.inf
        most = instance.sites if instance.most is None else instance.most
        sets = []
        for at in np.argsort(-promise, axis=None, kind="stable")[:_TRIES].tolist():
            option, site = divmod(at, instance.sites + 1)
            if promise[option, site] <= 0.0:
                break
            move = held.copy()
            if option < len(owner):
                move[owner[option]] = option
            if site < instance.sites:
                move[site] = -1
            if instance.least <= (move >= 0).sum() <= most:
                sets.append(move[move >= 0])
        return sets


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
