"""Serving every customer whole from chosen sites: greedy by regret, then shifts, swaps, moves.

What a site holds beyond its room costs a penalty, so that the search may pass through such plans.
"""

import numpy as np

from optimizer.algorithms.capacitated.instance import BoolArray, FloatArray, IndexArray
from optimizer.compiled import compiled

_TINY = 1e-9


@compiled
def assign(
    cost: FloatArray, demand: FloatArray, sites: IndexArray, room: FloatArray, at: IndexArray
) -> None:
    """Write the slot of each customer: the one with most to lose first, each at its cheapest.

    ``cost`` is (site, customer), ``sites`` and ``room`` (slot,).
    """
    customers, slots = len(demand), len(sites)
    left = room.copy()
    best, regret = np.empty(customers, np.int64), np.empty(customers)
    at[:] = -1
    for _ in range(customers):
        chosen, most = -1, -np.inf
        for i in range(customers):
            if at[i] >= 0:
                continue
            # Looked up afresh only where the slot found before has filled up.
            if _ == 0 or best[i] < 0 or left[best[i]] < demand[i]:
                first, second = np.inf, np.inf
                best[i] = -1
                for s in range(slots):
                    if left[s] < demand[i]:
                        continue
                    c = cost[sites[s], i]
                    if c < first:
                        first, second, best[i] = c, first, s
                    elif c < second:
                        second = c
                regret[i] = second - first if second < np.inf else np.inf
                if best[i] < 0:
                    regret[i] = np.inf
            worth = regret[i] if regret[i] < np.inf else 1e30 + demand[i]
            if worth > most:
                most, chosen = worth, i
        slot = best[chosen]
        if slot < 0:  # nowhere fits: where it is cheapest, and moves must make room
            least = np.inf
            for s in range(slots):
                if cost[sites[s], chosen] < least:
                    least, slot = cost[sites[s], chosen], s
            slot = max(slot, 0)
        at[chosen] = slot
        left[slot] -= demand[chosen]


@compiled
def _over(load: float, room: float) -> float:
    return max(0.0, load - room)


@compiled
def improve(
    cost: FloatArray,
    demand: FloatArray,
    sites: IndexArray,
    room: FloatArray,
    at: IndexArray,
    penalty: float,
    most: int,
) -> float:
    """Shift and swap customers until nothing helps; return all that exceeds the slots' room."""
    customers, slots = len(demand), len(sites)
    load = np.zeros(slots)
    for i in range(customers):
        load[at[i]] += demand[i]
    for _ in range(most):
        moved = False
        for i in range(customers):
            a, d = at[i], demand[i]
            here = cost[sites[a], i]
            freed = _over(load[a], room[a]) - _over(load[a] - d, room[a])
            best, to, other = -_TINY * max(1.0, here), -1, -1
            for b in range(slots):
                if b == a:
                    continue
                there = cost[sites[b], i]
                filled = _over(load[b] + d, room[b]) - _over(load[b], room[b])
                change = there - here + penalty * (filled - freed)
                if change < best:
                    best, to = change, b
            if to < 0:
                for k in range(customers):
                    b = at[k]
                    if b == a:
                        continue
                    e = demand[k]
                    change = cost[sites[b], i] - here + cost[sites[a], k] - cost[sites[b], k]
                    if change >= best and penalty * freed <= 0.0:
                        continue
                    change += penalty * (
                        _over(load[a] - d + e, room[a])
                        - _over(load[a], room[a])
                        + _over(load[b] - e + d, room[b])
                        - _over(load[b], room[b])
                    )
                    if change < best:
                        best, to, other = change, b, k
            if to < 0:
                continue
            moved = True
            at[i] = to
            load[a] -= d
            load[to] += d
            if other >= 0:
                at[other] = a
                load[a] += demand[other]
                load[to] -= demand[other]
        if not moved:
            break
    over = 0.0
    for s in range(slots):
        over += _over(load[s], room[s])
    return over


@compiled
def relocate(
    cost: FloatArray,
    demand: FloatArray,
    sites: IndexArray,
    room: FloatArray,
    at: IndexArray,
    opening: FloatArray,
    widest: FloatArray,
    setup: FloatArray,
    closed: BoolArray,
    fixed: BoolArray,
) -> bool:
    """Move a slot's whole load to a closed site that serves it for less; whether any moved.

    ``widest`` and ``setup`` (site,) are the room and cost of the site's widest option, ``opening``
    (slot,) what the slots cost now.
    """
    customers, slots = len(demand), len(sites)
    any_moved = False
    for s in range(slots):
        if fixed[sites[s]]:
            continue
        load, now = 0.0, opening[s]
        for i in range(customers):
            if at[i] == s:
                load += demand[i]
                now += cost[sites[s], i]
        best, to = now - _TINY * max(1.0, now), -1
        for j in range(len(closed)):
            if not closed[j] or widest[j] < load:
                continue
            there = setup[j]
            for i in range(customers):
                if at[i] == s:
                    there += cost[j, i]
                    if there >= best:
                        break
            if there < best:
                best, to = there, j
        if to >= 0:
            closed[sites[s]], closed[to] = True, False
            sites[s], room[s], opening[s] = to, widest[to], setup[to]
            any_moved = True
    return any_moved
