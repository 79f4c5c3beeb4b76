"""Multipliers of a `Choice` climb by deflected subgradients, on plain arrays.

Camerini, P. M., Fratta, L. and Maffioli, F. (1975). On improving relaxation methods by modified
gradient techniques. Mathematical Programming Study 3.
"""

from typing import Any, NamedTuple

import numpy as np

from optimizer.compiled import compiled

_SHORTER = 0.7
_DEFLECTION = 1.5


class Climb(NamedTuple):
    """The pairs by place and cost, and by site; the sets of sites one of which is asked for."""

    start: Any  # (place + 1,)
    site: Any  # (pair,)
    cost: Any  # (pair,)
    site_start: Any  # (site + 1,)
    place: Any  # (pair,)
    site_cost: Any  # (pair,)
    set_start: Any  # (set + 1,)
    set_site: Any
    cap: Any  # (place + set,): the most that a multiplier may be


@compiled
def _value(  # noqa: C901 - a compiled loop in one piece
    pairs: Any, now: Any, count: Any, worth: Any, chosen: Any
) -> Any:
    """Return the bound less its base; write each site's worth, and the sites of least worth."""
    start, site, cost = pairs.start, pairs.site, pairs.cost
    places = len(start) - 1
    worth[:] = 0.0
    total = 0.0
    for i in range(places):
        level = now[i]
        total += level
        for at in range(start[i], start[i + 1]):
            if cost[at] >= level:
                break
            worth[site[at]] += cost[at] - level
    for n in range(len(pairs.set_start) - 1):
        level = now[places + n]
        total += level
        for at in range(pairs.set_start[n], pairs.set_start[n + 1]):
            worth[pairs.set_site[at]] -= level
    if count >= len(worth):
        chosen[:] = np.arange(len(worth))
    elif count > 0:
        chosen[:] = np.argpartition(worth, count - 1)[:count]
    for j in chosen:
        total += worth[j]
    return total


@compiled
def _slope(pairs: Any, now: Any, chosen: Any, inside: Any, slope: Any) -> None:
    places = len(pairs.start) - 1
    slope[:] = 1.0
    for j in chosen:
        for at in range(pairs.site_start[j], pairs.site_start[j + 1]):
            i = pairs.place[at]
            if pairs.site_cost[at] < now[i]:
                slope[i] -= 1.0
    if len(pairs.set_start) > 1:
        inside[:] = 0
        for j in chosen:
            inside[j] = 1
        for n in range(len(pairs.set_start) - 1):
            for at in range(pairs.set_start[n], pairs.set_start[n + 1]):
                slope[places + n] -= inside[pairs.set_site[at]]


@compiled
def climb(  # noqa: C901, PLR0912, PLR0913, PLR0917 - a compiled loop in one piece
    pairs: Any,
    now: Any,
    best: Any,
    direction: Any,
    share: Any,
    count: Any,
    state: Any,
    target: Any,
    enough: Any,
    least_pace: Any,
    memory: Any,
    patience: Any,
    steps: Any,
) -> Any:
    """Take so many steps; return whether to go on.

    Steps grow shorter after ``patience`` of them without a better bound.

    ``state`` has the best value, the value now, the pace, and the steps since the bound rose;
    ``now``, ``best``, ``direction`` and ``share`` are changed in place.
    """
    sites = len(pairs.site_start) - 1
    worth, inside = np.empty(sites), np.zeros(sites, dtype=np.int64)
    chosen = np.zeros(min(count, sites), dtype=np.int64)
    slope = np.empty(len(now))
    value = _value(pairs, now, count, worth, chosen)
    if state[0] == -np.inf:
        state[0] = value
        best[:] = now
        share[:] = 0.0
        for j in chosen:
            share[j] = 1.0
    for _ in range(steps):
        _slope(pairs, now, chosen, inside, slope)
        size, along = 0.0, 0.0
        for i in range(len(now)):
            size += direction[i] * direction[i]
            along += slope[i] * direction[i]
        turn = max(0.0, -_DEFLECTION * along / size) if size > 0.0 else 0.0
        norm = 0.0
        for i in range(len(now)):
            step = slope[i] + turn * direction[i]
            if (now[i] >= pairs.cap[i] and step > 0.0) or (now[i] <= 0.0 and step < 0.0):
                step = 0.0
            direction[i] = step
            norm += step * step
        if norm <= 0.0 or state[0] >= enough or state[1] < least_pace:
            return False
        length = state[1] * max(target - value, 1e-4 * abs(target) * state[1]) / norm
        for i in range(len(now)):
            now[i] = min(max(now[i] + length * direction[i], 0.0), pairs.cap[i])
        value = _value(pairs, now, count, worth, chosen)
        share *= 1.0 - memory
        for j in chosen:
            share[j] += memory
        state[2] += 1.0
        if value > state[0]:
            if value > state[0] + 1e-5 * max(target - state[0], 0.0):
                state[2] = 0.0
            state[0] = value
            best[:] = now
        if state[2] >= patience:
            state[1] *= _SHORTER
            state[2] = 0.0
            now[:] = best
            direction[:] = 0.0
            value = _value(pairs, now, count, worth, chosen)
    return True


@compiled
def narrow(start: Any, site: Any, cost: Any, number: Any, cap: Any) -> Any:
    """Return the pairs by place of sites that still have a number, cheaper than their caps."""
    places = len(start) - 1
    begin = np.zeros(places + 1, dtype=np.int64)
    for i in range(places):
        count = 0
        for at in range(start[i], start[i + 1]):
            if cost[at] >= cap[i]:
                break
            count += number[site[at]] >= 0
        begin[i + 1] = begin[i] + count
    kept, paid = np.empty(begin[-1], dtype=np.int32), np.empty(begin[-1])
    for i in range(places):
        n = begin[i]
        for at in range(start[i], start[i + 1]):
            if n == begin[i + 1]:
                break
            if number[site[at]] >= 0:
                kept[n] = number[site[at]]
                paid[n] = cost[at]
                n += 1
    return begin, kept, paid
