"""Options for many customers: the integer program of groups that have the same nearest sites.

A group is served like one customer, so a plan of groups is one of customers; what it opens is then
served anew, customer by customer.
"""

from dataclasses import replace

import numpy as np

from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    IndexArray,
)
from optimizer.algorithms.capacitated.program import formulate
from optimizer.backends.highs import solve
from optimizer.control import RunControl
from optimizer.quiet import quiet

_ALIVE = 0.05  # how often the multipliers open a site that the program looks at
_SITES = 12  # near sites of a group
_ROUGH = 2e-3  # relative: how exactly it is solved


def rounded_options(instance: CapacitatedInstance, opened: FloatArray, room: float) -> IndexArray:
    """Return the options opened most often, with ``room`` times what demand needs.

    Where their number is limited, as many as may open: those opened seldom make way for larger
    ones until there is room for the demand.
    """
    share: FloatArray = np.bincount(instance.option_site, opened, instance.sites).astype(float)
    share[instance.opened] = np.inf
    most = instance.sites if instance.most is None else instance.most
    chosen = np.full(instance.sites, -1, dtype=np.intp)
    needed, held = room * float(instance.demand.sum()), 0.0
    for site in np.argsort(-share, kind="stable").tolist():
        mine = slice(int(instance.option_start[site]), int(instance.option_start[site + 1]))
        if mine.start == mine.stop:
            continue
        enough = held >= needed and most == instance.sites
        if (enough or (chosen >= 0).sum() >= most) and np.isfinite(share[site]):
            break
        chosen[site] = int(mine.start) + int(np.argmax(opened[mine]))
        held += float(instance.capacity[chosen[site]])
    _make_room(instance, share, chosen)
    return chosen[chosen >= 0]


def _make_room(instance: CapacitatedInstance, share: FloatArray, chosen: IndexArray) -> None:
    """Replace options by larger ones, the least loss of share for the room first."""
    widest = np.full(instance.sites, -1, dtype=np.intp)
    order = np.argsort(instance.capacity, kind="stable")
    widest[instance.option_site[order]] = order  # the last of a site stays
    may = np.where(widest >= 0, instance.capacity[np.maximum(widest, 0)], -np.inf)
    needed = float(instance.demand.sum())
    while True:
        held = np.where(chosen >= 0, instance.capacity[np.maximum(chosen, 0)], 0.0)
        short = needed - float(held.sum())
        if short <= 0.0:
            return
        gain = may[None, :] - held[:, None]  # (site that closes, site that opens)
        gain[chosen < 0] = -np.inf
        gain[:, chosen >= 0] = -np.inf
        gain[np.isinf(share)] = -np.inf
        own = np.arange(instance.sites)
        gain[own, own] = np.where(chosen >= 0, may - held, -np.inf)
        if gain.max(initial=-np.inf) <= 0.0:
            return
        loss = np.where(np.isfinite(share), share, 1.0)
        price = (loss[:, None] - loss[None, :] + 1e-6) / np.clip(gain, 1e-300, short)
        closing, opening = divmod(
            int(np.argmin(np.where(gain > 0.0, price, np.inf))), instance.sites
        )
        chosen[closing] = -1
        chosen[opening] = widest[opening]


def grouped_options(
    instance: CapacitatedInstance, opened: FloatArray, bound: float, control: RunControl
) -> IndexArray | None:
    """Return what the groups' program opens in the time, None where it has no plan.

    ``bound`` of the whole problem says how exactly it is worth solving.
    """
    owner = instance.option_site
    alive = np.bincount(owner, opened, instance.sites) > _ALIVE
    alive[instance.opened] = True
    options = alive[owner]
    left = _groups(instance, alive)
    left = left.keeping(np.ones(len(left.cost), dtype=np.bool_), options)
    program = formulate(left)
    outcome = solve(program, quiet(control), absolute_gap=_ROUGH * abs(bound))
    if outcome.values is None:
        return None
    taken = np.flatnonzero(outcome.values[program.columns["open"]] > 0.5)
    return np.flatnonzero(options)[taken].astype(np.intp)


def _groups(instance: CapacitatedInstance, alive: BoolArray) -> CapacitatedInstance:
    """Return the instance whose customers are groups with the same two nearest sites."""
    customers = len(instance.demand)
    cost = np.full((customers, instance.sites), np.inf)
    cost[instance.customer, instance.site] = instance.cost
    cost[:, ~alive] = np.inf
    order = np.argsort(cost, axis=1, kind="stable")
    second = order[:, min(1, instance.sites - 1)]
    _, group = np.unique(order[:, 0] * instance.sites + second, return_inverse=True)
    count = int(group.max()) + 1
    total = np.zeros((count, instance.sites))
    np.add.at(total, group, cost)
    rank = np.argsort(np.argsort(total, axis=1, kind="stable"), axis=1)
    total[rank >= _SITES] = np.inf
    site, customer = np.nonzero(np.isfinite(total.T))
    return replace(
        instance,
        demand=np.bincount(group, instance.demand, count).astype(np.float64),
        start=np.searchsorted(site, np.arange(instance.sites + 1)).astype(np.intp),
        customer=customer.astype(np.intp),
        cost=total.T[site, customer],
    )
