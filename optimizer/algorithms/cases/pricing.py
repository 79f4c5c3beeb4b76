"""What every place costs its case at ranges of fills: the kernels of the bound under the rules.

A place is a site in a case. Its arcs are listed together, and ``order`` lists them by what a
square metre of it wins. Open it costs ``charge``, and nothing where it is full; the people who fill
it win something, or lose it where it has to be filled to a least share.
"""

from optimizer.algorithms.cases.instance import BoolArray, FloatArray, IndexArray
from optimizer.compiled import compiled

_ROUNDED = 1e-9  # relative: what a sum of loads may lack
_NEVER = -1e30


@compiled
def add_detours(
    arc_start: IndexArray, near: IndexArray, charge: FloatArray, passed: FloatArray
) -> None:
    """Write what an arc pays for the sites it passes: the charges of its party's first arcs."""
    for p in range(len(arc_start) - 1):
        begin, end = arc_start[p], arc_start[p + 1]
        total, known = 0.0, begin
        for b in range(begin, end):
            while known < begin + near[b]:
                total += charge[known]
                known += 1
            passed[b] = total


@compiled
def sum_beyond(
    arc_start: IndexArray, near: IndexArray, share: FloatArray, beyond: FloatArray
) -> None:
    """Write the share of its party that passes an arc's site."""
    for p in range(len(arc_start) - 1):
        begin, end = arc_start[p], arc_start[p + 1]
        total, known = 0.0, end - 1
        for a in range(end - 1, begin - 1, -1):
            while known >= begin and near[known] > a - begin:
                total += share[known]
                known -= 1
            beyond[a] = total


@compiled
def rank(start: IndexArray, rate: FloatArray, order: IndexArray) -> None:
    """Sort each place's arcs by descending rate, from the order they are in."""
    for place in range(len(start) - 1):
        first = start[place]
        for n in range(first, start[place + 1]):
            a, m = order[n], n - 1
            while m >= first and rate[order[m]] < rate[a]:
                order[m + 1] = order[m]
                m -= 1
            order[m + 1] = a


@compiled
def _best_load(
    first: int, last: int, order: IndexArray, won: FloatArray, full: FloatArray
) -> float:
    """Return the load of all who win something."""
    load = 0.0
    for n in range(first, last):
        if won[order[n]] <= 0.0:
            break
        load += full[order[n]]
    return load


@compiled
def _worth_at(
    first: int, last: int, order: IndexArray, rate: FloatArray, full: FloatArray, load: float
) -> float:
    """Return what is won by a load; much is lost where there are too few people for it."""
    left, worth = load, 0.0
    for n in range(first, last):
        a = order[n]
        part = min(full[a], left)
        if part <= 0.0:
            break
        worth += part * rate[a]
        left -= part
    return worth if left <= _ROUNDED * load else _NEVER


@compiled
def worth_of(
    start: IndexArray,
    order: IndexArray,
    rate: FloatArray,
    full: FloatArray,
    area: FloatArray,
    least: FloatArray,
    charge: FloatArray,
    low: FloatArray,
    high: FloatArray,
    worth: FloatArray,
) -> None:
    """Write what each place costs if it is open (place, range): empty, or within the range.

    ``full`` (arc,) is the space of all people of an arc, ``least`` (place,) the space one more
    person takes: a site with less room is full. ``low`` and ``high`` ascend.
    """
    for place in range(len(start) - 1):
        first, last, room = start[place], start[place + 1], area[place]
        if last == first or room <= 0.0:
            continue
        best = _best_load(first, last, order, rate, full)
        at, load, value = first, 0.0, 0.0
        for i in range(len(low)):
            bottom, top = low[i] * room, high[i] * room
            wanted = min(top, max(best, bottom))  # never less than in the last range
            while at < last and load + full[order[at]] <= wanted:
                load += full[order[at]]
                value += full[order[at]] * rate[order[at]]
                at += 1
            now = value
            if at < last:
                now += (wanted - load) * rate[order[at]]
            elif load < wanted * (1.0 - _ROUNDED):
                now = _NEVER
            worth[place, i] = charge[place] - max(0.0, now)
            if top >= room - least[place]:
                wanted = min(top, max(best, bottom, room - least[place]))
                now = _worth_at(first, last, order, rate, full, wanted)
                worth[place, i] = min(worth[place, i], -now)


@compiled
def loads_of(
    start: IndexArray,
    order: IndexArray,
    rate: FloatArray,
    full: FloatArray,
    area: FloatArray,
    least: FloatArray,
    charge: FloatArray,
    low: FloatArray,
    high: FloatArray,
    load: FloatArray,
    worth: FloatArray,
    blocking: FloatArray,
) -> None:
    """Write the same for one range of each place (place,), with the load of every arc.

    ``blocking`` is 1 where the place has room, so that nobody may pass it.
    """
    for place in range(len(start) - 1):
        first, last, room = start[place], start[place + 1], area[place]
        worth[place] = blocking[place] = 0.0
        for n in range(first, last):
            load[n] = 0.0
        if last == first or room <= 0.0:
            continue
        best = _best_load(first, last, order, rate, full)
        bottom, top = low[place] * room, high[place] * room
        worth[place], blocking[place], left = charge[place], 1.0, 0.0
        wanted = min(top, max(best, bottom))
        now = _worth_at(first, last, order, rate, full, wanted)
        if now > 0.0:
            worth[place], left = charge[place] - now, wanted
        if top >= room - least[place]:
            wanted = min(top, max(best, bottom, room - least[place]))
            now = _worth_at(first, last, order, rate, full, wanted)
            if -now < worth[place]:
                worth[place], left, blocking[place] = -now, wanted, 0.0
        for n in range(first, last):
            a = order[n]
            load[a] = min(full[a], left)
            left -= load[a]


@compiled
def add_worth(
    ground: IndexArray,
    forced: BoolArray,
    barred: BoolArray,
    split: FloatArray,
    worth: FloatArray,
    total: FloatArray,
) -> None:
    """Add up what places that open cost each range of their cell and kind (ground, range)."""
    for place in range(len(ground)):
        if barred[place]:
            continue
        for i in range(worth.shape[1]):
            cost = worth[place, i] + split[place]
            if cost < 0.0 or forced[place]:
                total[ground[place], i] += cost
