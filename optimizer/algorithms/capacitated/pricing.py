"""One pricing of a Lagrangian bound, whole: loads in part first, true ones where they matter."""

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.capacitated.instance import FloatArray, IndexArray
from optimizer.algorithms.capacitated.knapsacks import (
    IntArray,
    best_load,
    best_options,
    loads_relaxed,
    take_relaxed,
)
from optimizer.compiled import compiled

Flags = NDArray[np.bool_]


@compiled
def site_best(
    worth: FloatArray, option_start: IndexArray, best: FloatArray, option: IntArray
) -> None:
    """Write each site's least worth and the option of it; infinite and -1 where it has none."""
    for site in range(len(option_start) - 1):
        best[site], option[site] = np.inf, -1
        for one in range(option_start[site], option_start[site + 1]):
            if worth[one] < best[site]:
                best[site], option[site] = worth[one], one


@compiled
def choose_some(
    worth: FloatArray,
    option_start: IndexArray,
    least: int,
    most: int,
    forced: Flags,
    chosen: IntArray,
) -> float:
    """Return the least sum of values of ``least`` to ``most`` sites; see `best_options`."""
    sites = len(option_start) - 1
    best, option = np.empty(sites), np.empty(sites, np.int64)
    site_best(worth, option_start, best, option)
    total, taken = 0.0, 0
    chosen[:] = -1
    for site in range(sites):
        if forced[site]:
            chosen[site] = option[site]
            total += best[site]
            taken += 1
    for site in np.argsort(best, kind="mergesort"):
        if forced[site]:
            continue
        if taken >= most or (taken >= least and best[site] >= 0.0):
            break
        chosen[site] = option[site]
        total += best[site]
        taken += 1
    return total


@compiled
def price(
    start: IndexArray,
    customer: IndexArray,
    cost: FloatArray,
    demand: FloatArray,
    option_start: IndexArray,
    capacity: FloatArray,
    opening: FloatArray,
    single: bool,
    unit: IntArray,
    room: IntArray,
    by_count: bool,
    least: int,
    most: int,
    wide: IntArray,
    need: int,
    forced: Flags,
    multiplier: FloatArray,
    worth: FloatArray,
    chosen: IntArray,
    share: FloatArray,
) -> float:
    """Return the least sum of worths of options; write them, the choice, and its loads (pair,).

    A worth is exact where the option is chosen, and never too much where it is not.
    """
    loads_relaxed(start, customer, cost, demand, option_start, capacity, multiplier, worth)
    for option in range(len(worth)):
        worth[option] = opening[option] - worth[option]
    exact = np.zeros(len(worth), np.bool_)
    held = np.full(len(chosen), -1, np.int64)  # the option whose load a site's shares are
    share[:] = 0.0
    while True:
        if by_count:
            total = choose_some(worth, option_start, least, most, forced, chosen)
        else:
            total = best_options(worth, option_start, wide, need, forced, chosen)
        doubted = False
        for site in range(len(chosen)):
            option = chosen[site]
            if option < 0 or held[site] == option:
                continue
            first, last = start[site], start[site + 1]
            share[first:last] = 0.0
            held[site] = option
            if not single:
                room_here = capacity[option]
                take_relaxed(first, last, customer, cost, demand, room_here, multiplier, share)
                continue
            won = best_load(
                customer[first:last],
                cost[first:last],
                unit,
                room[option],
                multiplier,
                share[first:last],
            )
            worth[option] = opening[option] - won
            doubted = doubted or not exact[option]
            exact[option] = True
        if not doubted:
            break
    for site in range(len(chosen)):
        if chosen[site] < 0:
            share[start[site] : start[site + 1]] = 0.0
    return total
