"""Kernels that find a team's routes worth more, by the duals of their visits, than they cost.

Labels are routes so far, extended visit by visit. One is dropped where another at the same visit
is no later, no dearer and has visited nothing else (Feillet, D., Dejax, P., Gendreau, M. and
Gueguen, C. (2004), Networks 44(3), doi:10.1002/net.20033), and where even the cheapest
continuation is not cheap enough: one that may visit a stop again, though not at once (Christofides,
N., Mingozzi, A. and Toth, P. (1981), Mathematical Programming 20, doi:10.1007/BF01589353), with
times rounded down to slots.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.routes.columns.ways import Ways
from optimizer.algorithms.routes.problem import FloatArray, IndexArray
from optimizer.compiled import compiled

_SLOTS = 128
_MOST_LABELS = 100_000
_NONE = np.uint64(0)

LABEL = np.dtype(
    [
        *(("at", np.int64), ("before", np.int64), ("finish", np.float64)),
        *(("cost", np.float64), ("alive", np.bool_)),
    ]
)
Words = NDArray[np.uint64]


class Room(NamedTuple):
    """Room to work in, and what was found: see ``priced``."""

    label: NDArray[np.void]  # (label,) of LABEL
    seen: Words  # (label, word) visits of the label, one bit each
    kept: IndexArray  # (own, at most) labels at each visit
    least: FloatArray  # (own, slot) cheapest continuation, and which visit comes first in it
    then: IndexArray  # (own, slot)
    second: FloatArray  # (own, slot) cheapest of those that begin with another visit
    found: FloatArray  # labels; whether all; least cost; a bound of it; work done


def room(own: int, keep: int) -> Room:
    """Return room for teams of ``own`` visits at most, of which ``keep`` labels each are kept."""
    return Room(
        label=np.zeros(_MOST_LABELS, dtype=LABEL),
        seen=np.zeros((_MOST_LABELS, own // 64 + 1), dtype=np.uint64),
        kept=np.zeros((own, keep), dtype=np.int64),
        least=np.zeros((own, _SLOTS)),
        then=np.zeros((own, _SLOTS), dtype=np.int64),
        second=np.zeros((own, _SLOTS)),
        found=np.zeros(5),
    )


@compiled
def continued(  # noqa: C901  one pass, innermost of all
    ways: Ways,
    dual: FloatArray,
    latest: FloatArray,
    open_visits: IndexArray,
    width: float,
    room: Room,
) -> None:
    """Write the cheapest continuations of a route that ends with a visit in a slot."""
    weight, service, release = ways.weight, ways.service, ways.release
    due, late, between = ways.due, ways.late, ways.between
    least, then, second = room.least, room.then, room.second
    slots, all_of_it = least.shape[1], 0.0
    for here in open_visits:
        all_of_it += dual[here]
    for slot in range(slots - 1, -1, -1):
        now = slot * width
        for here in open_visits:
            best, other, first = 0.0, 0.0, -1
            for there in open_visits:
                start = max(now + between[here, there], release[there])
                if there == here or start > latest[there]:
                    continue
                finish = start + service[there]
                cost = weight[there] * finish + late[there] * max(0.0, start - due[there])
                cost -= dual[there]
                later = int(finish / width)
                if later == slot:  # what follows is not known yet
                    cost -= all_of_it
                elif later < slots:
                    again = then[there, later] == here
                    cost += second[there, later] if again else least[there, later]
                if cost < best:
                    best, other, first = cost, best, there
                elif cost < other:
                    other = cost
            least[here, slot], then[here, slot], second[here, slot] = best, first, other


@compiled
def follow(room: Room, here: np.int64, last: int, finish: float, width: float) -> float:
    """Return the least that a route costs after ``here``, not to begin with ``last``."""
    slot = int(finish / width)
    if slot >= room.least.shape[1]:
        return 0.0
    if room.then[here, slot] == last:
        return room.second[here, slot]  # type: ignore[no-any-return]
    return room.least[here, slot]  # type: ignore[no-any-return]


@compiled
def held_back(room: Room, label: int, at: np.int64, count: int) -> int:
    """Drop what a new label makes needless; return how many are kept then, -1 if it is needless."""
    table, seen, kept = room.label, room.seen, room.kept
    finish, cost = table[label]["finish"], table[label]["cost"]
    index = 0
    while index < count:
        other = kept[at, index]
        worse = table[other]["finish"] <= finish and table[other]["cost"] <= cost
        better = finish <= table[other]["finish"] and cost <= table[other]["cost"]
        if worse or better:
            for word in range(seen.shape[1]):
                worse = worse and (seen[other, word] & ~seen[label, word]) == _NONE
                better = better and (seen[label, word] & ~seen[other, word]) == _NONE
            if worse:
                return -1
            if better:
                table[other]["alive"] = False
                count -= 1
                kept[at, index] = kept[at, count]
                continue
        index += 1
    return count


@compiled
def dearest(room: Room, at: np.int64, count: int) -> int:
    """Return where the dearest label is kept."""
    found = 0
    for index in range(1, count):
        if room.label[room.kept[at, index]]["cost"] > room.label[room.kept[at, found]]["cost"]:
            found = index
    return found


@compiled
def priced(  # noqa: C901, PLR0912, PLR0915  one pass of one algorithm
    ways: Ways, dual: FloatArray, below: float, keep: int, room: Room
) -> None:
    """Label a team's routes that cost less than ``below`` less the duals of their visits.

    ``dual`` is by the problem's visits. At most ``keep`` labels are kept at each visit. ``found``
    gets: how many labels; 1 where no route was overlooked; the least cost of the labels, 0 at
    most; a bound of the least cost of all routes; the work done, in passes of an innermost loop.
    """
    weight, service, release = ways.weight, ways.service, ways.release
    due, late, first, between = ways.due, ways.late, ways.first, ways.between
    own, found, table, seen, kept = len(weight), room.found, room.label, room.seen, room.kept
    worth, latest = np.zeros(own), np.zeros(own)
    open_visits, many, horizon = np.zeros(own, dtype=np.int64), 0, 1.0
    for one in range(own):
        worth[one] = dual[ways.visit[one]]
        latest[one] = ways.latest[one]
        if weight[one] > 0.0:  # from then on it is not worth its own completion
            latest[one] = min(latest[one], worth[one] / weight[one] - service[one])
        start = max(first[one], release[one])
        if start <= latest[one] and worth[one] > 0.0:
            open_visits[many] = one
            many += 1
            horizon = max(horizon, latest[one] + service[one])
    open_visits = open_visits[:many]
    width = horizon / (room.least.shape[1] - 1)
    continued(ways, worth, latest, open_visits, width, room)
    work = float(many) * many * room.least.shape[1]
    held = np.zeros(own, dtype=np.int64)
    count, whole, best, bound = 0, True, 0.0, 0.0
    begin, end, origin = -1, 0, True
    while origin or begin < end:
        for label in range(begin, end):
            if not origin and not table[label]["alive"]:
                continue
            here = -1 if origin else table[label]["at"]
            work += many
            for there in open_visits:
                if not origin and seen[label, there >> 6] >> np.uint64(there & 63) & np.uint64(1):
                    continue
                arrival = first[there] if origin else table[label]["finish"] + between[here, there]
                start = max(arrival, release[there])
                if start > latest[there]:
                    continue
                finish = start + service[there]
                cost = weight[there] * finish + late[there] * max(0.0, start - due[there])
                cost += (0.0 if origin else table[label]["cost"]) - worth[there]
                least = cost + follow(room, there, here, finish, width)
                if origin:
                    bound = min(bound, least)
                if least >= below:
                    continue
                if count == len(table):
                    whole = False
                    continue
                table[count]["at"], table[count]["finish"] = there, finish
                table[count]["cost"], table[count]["alive"] = cost, True
                table[count]["before"] = -1 if origin else label
                for word in range(seen.shape[1]):
                    seen[count, word] = np.uint64(0) if origin else seen[label, word]
                seen[count, there >> 6] |= np.uint64(1) << np.uint64(there & 63)
                work += held[there]
                left = held_back(room, count, there, held[there])
                if left < 0:
                    continue
                held[there] = left
                if left == keep:
                    whole = False
                    out = dearest(room, there, left)
                    if table[kept[there, out]]["cost"] <= cost:
                        continue
                    table[kept[there, out]]["alive"] = False
                    kept[there, out] = count
                else:
                    kept[there, left] = count
                    held[there] += 1
                best = min(best, cost)
                count += 1
        begin = 0 if origin else end
        end, origin = count, False
    found[0], found[1], found[2], found[3], found[4] = count, whole, best, bound, work
