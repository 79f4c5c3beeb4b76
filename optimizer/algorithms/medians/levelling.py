"""At which cost the shares of a place's sites reach one, and the cuts at such costs, as rows."""

from typing import Any

import numpy as np

from optimizer.compiled import compiled

_SOME, _ONE = 1e-12, 1.0 - 1e-9


@compiled
def levels(start: Any, site: Any, cost: Any, cap: Any, share: Any) -> Any:
    """Return that cost for each place, its cap where they do not, and what the place then costs."""
    places = len(cap)
    level, value = np.empty(places), np.empty(places)
    for i in range(places):
        whole, paid, end = 0.0, 0.0, cap[i]
        for at in range(start[i], start[i + 1]):
            mine = share[site[at]]
            if mine <= _SOME:
                continue
            whole += mine
            paid += mine * cost[at]
            if whole >= _ONE:
                end = cost[at]
                break
        level[i] = end
        value[i] = end - (whole * end - paid)
    return level, value


@compiled
def cut_rows(start: Any, site: Any, cost: Any, place: Any, level: Any, sites: Any) -> Any:
    """Return the cuts of some places at some levels as rows over sites and places.

    As where each row begins, its columns and its values.
    """
    begin = np.zeros(len(place) + 1, dtype=np.int64)
    for n in range(len(place)):
        at = start[place[n]]
        while at < start[place[n] + 1] and cost[at] < level[n]:
            at += 1
        begin[n + 1] = begin[n] + at - start[place[n]] + 1
    column, value = np.empty(begin[-1], dtype=np.int64), np.empty(begin[-1])
    for n in range(len(place)):
        first = start[place[n]]
        for k in range(begin[n + 1] - begin[n] - 1):
            column[begin[n] + k] = site[first + k]
            value[begin[n] + k] = level[n] - cost[first + k]
        column[begin[n + 1] - 1] = sites + place[n]
        value[begin[n + 1] - 1] = 1.0
    return begin, column, value
