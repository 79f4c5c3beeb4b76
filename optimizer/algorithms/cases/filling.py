"""What fills a place best: the kernel of the bound."""

import numpy as np

from optimizer.algorithms.cases.instance import FloatArray, IndexArray
from optimizer.compiled import compiled


@compiled
def fill_best(
    start: IndexArray,
    won: FloatArray,
    space: FloatArray,
    people: FloatArray,
    area: FloatArray,
    load: FloatArray,
    profit: FloatArray,
) -> None:
    """Write who fills each place best, arc by arc, and what is won by it."""
    for place in range(len(start) - 1):
        first, last = start[place], start[place + 1]
        profit[place], count = 0.0, 0
        chosen = np.empty(last - first, np.int64)
        rate = np.empty(last - first)
        for arc in range(first, last):
            load[arc] = 0.0
            if won[arc] > 0.0:
                chosen[count], rate[count] = arc, -won[arc] / space[arc]
                count += 1
        left = area[place]
        for position in np.argsort(rate[:count], kind="mergesort"):
            if left <= 0.0:
                break
            arc = chosen[position]
            load[arc] = min(people[arc], left / space[arc])
            left -= load[arc] * space[arc]
            profit[place] += won[arc] * load[arc]
