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
    """Make the best exchange, at most so often, while it saves more than ``least``.

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
    for made in range(most):
        _nearest(start, place, cost, cap, chosen, nearest, second, serving)
        loss[:] = 0.0
        for i in range(places):
            loss[serving[i]] += second[i] - nearest[i]
        idlest = int(np.argmin(loss[:slots]))
        best, out, into = least, -1, -1
        for j in range(sites):
            if open_[j] == 1:
                continue
            gain, count = 0.0, 0
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
                    if saved > best and allowed[slot, j]:
                        best, out, into = saved, slot, j
            else:
                if gain - loss[idlest] > best:
                    best, out, into = gain - loss[idlest], idlest, j
                for n in range(count):
                    slot = touched[n]
                    saved = gain + extra[slot] - loss[slot]
                    if saved > best and slot < slots:
                        best, out, into = saved, slot, j
            for n in range(count):
                extra[touched[n]] = 0.0
        if out < 0:
            return made
        open_[chosen[out]] = 0
        open_[into] = 1
        chosen[out] = into
    return most
