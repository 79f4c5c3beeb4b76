"""Steps of the primal-dual hybrid gradient for maximal covering, on plain arrays.

One pass over the pairs of place and site a step: a place sums the shares of its sites, moves its
multiplier, and adds that to the worth of each of its sites for the next step.
"""

from typing import Any

import numpy as np

from optimizer.compiled import compiled

_MOST_STEPS = 100  # of the search for a level
_CLOSE = 1e-15


@compiled
def _cap(  # noqa: C901, PLR0912 - a compiled loop in one piece
    values: Any, count: Any, nearest: Any
) -> None:
    """Write the nearest point whose entries lie in [0, 1] and sum to ``count``.

    Entries are ``values`` less one level, clipped; the level is found by Newton's steps between
    two levels that hold it, and by halving where a step leaves them.
    """
    if count >= len(values) or count <= 0:
        nearest[:] = 1.0 if count > 0 else 0.0
        return
    low, high = values.min() - 1.0, values.max()
    level = 0.5 * (low + high)
    for _ in range(_MOST_STEPS):
        total, inside = -float(count), 0
        for j in range(len(values)):
            left = values[j] - level
            if left >= 1.0:
                total += 1.0
            elif left > 0.0:
                total += left
                inside += 1
        if total > 0.0:
            low = level
        elif total < 0.0:
            high = level
        else:
            break
        middle = 0.5 * (low + high)
        after = level + total / inside if inside else middle
        if not low < after < high:
            after = middle
        if abs(after - level) <= _CLOSE * (1.0 + abs(level)):
            break
        level = after
    for j in range(len(values)):
        nearest[j] = min(max(values[j] - level, 0.0), 1.0)


def nearest_capped(values: Any, count: int) -> Any:
    """Return the nearest point whose entries lie in [0, 1] and sum to ``count``, or to all ones.

    Examples
    --------
    >>> nearest_capped(np.array([3.0, 0.5, 0.1]), 1).tolist()
    [1.0, 0.0, 0.0]
    """
    nearest = np.empty(len(values))
    _cap(values, count, nearest)
    return nearest


@compiled
def climb_cover(  # noqa: PLR0913, PLR0917 - plain arrays, changed in place
    start: Any,
    site: Any,
    cap: Any,
    fast: Any,
    slow: Any,
    now: Any,
    at: Any,
    worth: Any,
    sums: Any,
    count: Any,
    steps: Any,
) -> None:
    """Take so many steps from multipliers ``now`` (place,) and shares ``at`` (site,).

    ``worth`` (site,) has the sum of the multipliers of each site's places; multipliers and shares
    of each step are added to ``sums`` (place + site,). All four are changed in place. ``fast``
    (place,) and ``slow`` are the lengths of a step.
    """
    places = len(now)
    moved, after = np.empty_like(at), np.empty_like(at)
    for _ in range(steps):
        for j in range(len(at)):
            moved[j] = at[j] + slow * worth[j]
        _cap(moved, count, after)
        for j in range(len(at)):
            moved[j] = 2.0 * after[j] - at[j]
            at[j] = after[j]
            sums[places + j] += after[j]
        worth[:] = 0.0
        for i in range(places):
            reached = 0.0
            for n in range(start[i], start[i + 1]):
                reached += moved[site[n]]
            level = min(max(now[i] + fast[i] * (1.0 - reached), 0.0), cap[i])
            now[i] = level
            sums[i] += level
            if level > 0.0:
                for n in range(start[i], start[i + 1]):
                    worth[site[n]] += level
