"""The kernels of the Lagrangian bound: a site's best load, and which options to open.

Loads are whole numbers of a unit (rounded so that every true load still fits): tables over them
are filled by dynamic programming.
"""

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.capacitated.instance import FloatArray, IndexArray
from optimizer.compiled import compiled

IntArray = NDArray[np.int64]


@compiled
def loads_relaxed(
    start: IndexArray,
    customer: IndexArray,
    cost: FloatArray,
    demand: FloatArray,
    option_start: IndexArray,
    capacity: FloatArray,
    multiplier: FloatArray,
    profit: FloatArray,
) -> None:
    """Write each option's most profit (option,) where customers may be served in part."""
    for site in range(len(start) - 1):
        first, last = start[site], start[site + 1]
        gain = np.empty(last - first)
        size = np.empty(last - first)
        held = 0
        free, total = 0.0, 0.0
        for pair in range(first, last):
            won = multiplier[customer[pair]] - cost[pair]
            if won <= 0.0:
                continue
            need = demand[customer[pair]]
            if need <= 0.0:
                free += won
                continue
            gain[held], size[held] = won, need
            total += need
            held += 1
        low, high = option_start[site], option_start[site + 1]
        order = np.argsort(-(gain[:held] / size[:held]))
        for option in range(low, high):
            left, won = capacity[option], free
            for at in order:
                if size[at] > left:
                    won += gain[at] * (left / size[at])
                    break
                won += gain[at]
                left -= size[at]
            profit[option] = won


@compiled
def take_relaxed(
    first: int,
    last: int,
    customer: IndexArray,
    cost: FloatArray,
    demand: FloatArray,
    capacity: float,
    multiplier: FloatArray,
    share: FloatArray,
) -> None:
    """Write the shares (pair,) of one site's most profitable load, customers served in part."""
    ratio = np.empty(last - first)
    at = np.empty(last - first, np.int64)
    held = 0
    for pair in range(first, last):
        won = multiplier[customer[pair]] - cost[pair]
        if won <= 0.0:
            continue
        need = demand[customer[pair]]
        if need <= 0.0:
            share[pair] = 1.0
            continue
        ratio[held], at[held] = won / need, pair
        held += 1
    left = capacity
    for one in np.argsort(-ratio[:held]):
        pair = at[one]
        need = demand[customer[pair]]
        if need >= left:
            share[pair] = left / need
            break
        share[pair] = 1.0
        left -= need


@compiled
def best_load(
    customer: IndexArray,
    cost: FloatArray,
    unit: IntArray,
    room: int,
    multiplier: FloatArray,
    share: FloatArray,
) -> float:
    """Return one site's most profit, customers served whole; ``share`` (pair,) takes the load."""
    gain = np.empty(len(customer))
    at = np.empty(len(customer), np.int64)
    held, total, needed = 0, 0.0, 0
    for pair in range(len(customer)):
        won = multiplier[customer[pair]] - cost[pair]
        need = unit[customer[pair]]
        if won <= 0.0 or need > room:
            continue
        gain[held], at[held] = won, pair
        held += 1
        total += won
        needed += need
    if needed <= room:
        for one in range(held):
            share[at[one]] = 1.0
        return total
    best = np.zeros(room + 1)
    taken = np.zeros((held, room + 1), np.uint8)
    for one in range(held):
        need = unit[customer[at[one]]]
        for load in range(room, need - 1, -1):
            with_it = best[load - need] + gain[one]
            if with_it > best[load]:
                best[load] = with_it
                taken[one, load] = 1
    load = room
    for one in range(held - 1, -1, -1):
        if taken[one, load]:
            share[at[one]] = 1.0
            load -= unit[customer[at[one]]]
    return float(best[room])


@compiled
def loads_with_each(
    customer: IndexArray,
    cost: FloatArray,
    unit: IntArray,
    room: int,
    multiplier: FloatArray,
    inside: FloatArray,
    outside: FloatArray,
) -> None:
    """Write one site's most profit with each of its pairs in the load, and with it out.

    Tables over the first pairs and over the last ones meet at the pair in question.
    """
    width = len(customer)
    behind = np.zeros((width + 1, room + 1))
    for one in range(width - 1, -1, -1):
        pair = one
        need = unit[customer[pair]]
        won = multiplier[customer[pair]] - cost[pair]
        for load in range(room + 1):
            behind[one, load] = behind[one + 1, load]
        if won > 0.0:
            for load in range(need, room + 1):
                behind[one, load] = max(behind[one, load], behind[one + 1, load - need] + won)
    before = np.zeros(room + 1)
    for one in range(width):
        pair = one
        need = unit[customer[pair]]
        won = multiplier[customer[pair]] - cost[pair]
        inside[pair] = -np.inf
        outside[pair] = behind[0, room]
        if won > 0.0:
            best = -np.inf
            for load in range(room + 1):
                best = max(best, before[load] + behind[one + 1, room - load])
            outside[pair] = best
        if need <= room:
            best = -np.inf
            for load in range(room - need + 1):
                best = max(best, before[load] + behind[one + 1, room - need - load])
            inside[pair] = best + won
        if won > 0.0:
            for load in range(room, need - 1, -1):
                before[load] = max(before[load], before[load - need] + won)


@compiled
def best_options(
    value: FloatArray,
    option_start: IndexArray,
    room: IntArray,
    need: int,
    forced: NDArray[np.bool_],
    chosen: IntArray,
) -> float:
    """Return the least sum of values of options that have room for ``need``.

    ``chosen`` (site,) takes the option of each site, or -1; ``forced`` sites open in any case.
    """
    sites = len(option_start) - 1
    table = np.full(need + 1, np.inf)
    table[0] = 0.0
    pick = np.full((sites, need + 1), -1, np.int32)
    fresh = np.empty(need + 1)
    for site in range(sites):
        for wanted in range(need + 1):
            fresh[wanted] = np.inf if forced[site] else table[wanted]
        for option in range(option_start[site], option_start[site + 1]):
            for wanted in range(need + 1):
                worth = table[max(0, wanted - room[option])] + value[option]
                if worth < fresh[wanted]:
                    fresh[wanted] = worth
                    pick[site, wanted] = option
        table[:] = fresh
    wanted = need
    for site in range(sites - 1, -1, -1):
        option = pick[site, wanted]
        chosen[site] = option
        if option >= 0:
            wanted = max(0, wanted - room[option])
    return float(table[need])


@compiled
def each_option(
    value: FloatArray,
    option_start: IndexArray,
    room: IntArray,
    need: int,
    forced: NDArray[np.bool_],
    opened: FloatArray,
    closed: FloatArray,
) -> None:
    """Write the least sum with each option chosen (option,), and with each site closed (site,)."""
    sites = len(option_start) - 1
    behind = np.full((sites + 1, need + 1), np.inf)
    behind[sites, 0] = 0.0
    for site in range(sites - 1, -1, -1):
        if not forced[site]:
            behind[site] = behind[site + 1]
        for option in range(option_start[site], option_start[site + 1]):
            for wanted in range(need + 1):
                worth = behind[site + 1, max(0, wanted - room[option])] + value[option]
                behind[site, wanted] = min(behind[site, wanted], worth)
    # In front: what is least for a room of at least so much, from the sites before.
    front = np.full(need + 1, np.inf)
    front[0] = 0.0
    fresh = np.empty(need + 1)
    for site in range(sites):
        best = np.inf
        for wanted in range(need + 1):
            best = min(best, front[wanted] + behind[site + 1, need - wanted])
            fresh[wanted] = np.inf if forced[site] else front[wanted]
        closed[site] = np.inf if forced[site] else best
        for option in range(option_start[site], option_start[site + 1]):
            best = np.inf
            left = max(0, need - room[option])
            for wanted in range(left + 1):
                best = min(best, front[wanted] + behind[site + 1, left - wanted])
            opened[option] = best + value[option]
            for wanted in range(need + 1):
                worth = front[max(0, wanted - room[option])] + value[option]
                fresh[wanted] = min(fresh[wanted], worth)
        front[:] = fresh
