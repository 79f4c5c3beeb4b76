"""The best exchange of an open site for a closed one, again and again, on plain arrays."""

from typing import Any

import numpy as np

from optimizer.compiled import compiled


@compiled
def _nearest(  # noqa: PLR0913, PLR0917 - a compiled loop in one piece
    start: Any,
    place: Any,
    cost: Any,
    cap: Any,
    chosen: Any,
    nearest: Any,
    second: Any,
    serving: Any,
) -> None:
    """Write what each place costs, would cost without its site, and that site's slot."""
    nearest[:] = cap
    second[:] = cap
    serving[:] = len(chosen)  # one slot more: nobody
    for slot in range(len(chosen)):
        j = chosen[slot]
        for at in range(start[j], start[j + 1]):
            i, paid = place[at], cost[at]
            if paid < nearest[i]:
                second[i] = nearest[i]
                nearest[i] = paid
                serving[i] = slot
            elif paid < second[i]:
                second[i] = paid


@compiled
def exchange(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - a compiled loop in one piece
    start: Any,
    place: Any,
    cost: Any,
    cap: Any,
    chosen: Any,
    allowed: Any,
    least: Any,
    most: Any,
) -> Any:
    """Make exchanges, at most so many, while one saves more than ``least``; the first is the best.

    ``chosen`` is changed in place; ``allowed`` (slot, site) says which exchanges may be made, all
    where it is empty. Returns how many were made.
    """
    sites, places, slots = len(start) - 1, len(cap), len(chosen)
    nearest, second = np.empty(places), np.empty(places)
    serving = np.empty(places, dtype=np.int64)
    open_ = np.zeros(sites, dtype=np.uint8)
    loss, extra = np.empty(slots + 1), np.zeros(slots + 1)
    touched = np.empty(slots + 1, dtype=np.int64)
    for j in chosen:
        open_[j] = 1
    # Sites that saved something at the last look at all are looked at until none of them does.
    listed, length, made = np.arange(sites), sites, 0
    while made < most:
        _nearest(start, place, cost, cap, chosen, nearest, second, serving)
        loss[:] = 0.0
        for i in range(places):
            loss[serving[i]] += second[i] - nearest[i]
        idlest = int(np.argmin(loss[:slots]))
        best, out, into, kept = least, -1, -1, 0
        for k in range(length):
            j = listed[k]
            if open_[j] == 1:
                continue
            gain, count, mine, from_ = 0.0, 0, least, -1
            for at in range(start[j], start[j + 1]):
                i, paid = place[at], cost[at]
                if paid >= second[i]:
                    continue
                slot = serving[i]
                if extra[slot] == 0.0:
                    touched[count] = slot
                    count += 1
                if paid < nearest[i]:
                    gain += nearest[i] - paid
                    extra[slot] += second[i] - nearest[i] + 1e-300
                else:
                    extra[slot] += second[i] - paid
            if len(allowed) > 0:
                for slot in range(slots):
                    saved = gain + extra[slot] - loss[slot]
                    if saved > mine and allowed[slot, j]:
                        mine, from_ = saved, slot
            else:
                if gain - loss[idlest] > mine:
                    mine, from_ = gain - loss[idlest], idlest
                for n in range(count):
                    slot = touched[n]
                    saved = gain + extra[slot] - loss[slot]
                    if saved > mine and slot < slots:
                        mine, from_ = saved, slot
            for n in range(count):
                extra[touched[n]] = 0.0
            if from_ >= 0:
                listed[kept] = j
                kept += 1
                if mine > best:
                    best, out, into = mine, from_, j
        if out >= 0:
            open_[chosen[out]] = 0
            open_[into] = 1
            chosen[out] = into
            made += 1
            length = kept
        elif length < sites:
            listed, length = np.arange(sites), sites
        else:
            break
    return made
