"""Fast interchange over the pairs of a `Choice`.

One pass over the pairs gives the profit of every insertion with every removal.

Whitaker, R. A. (1983). A fast algorithm for the greedy interchange for large-scale clustering and
median location problems. INFOR 21(2). Resende, M. G. C. and Werneck, R. F. (2007). A fast
swap-based local search procedure for location problems. Annals of Operations Research 150.
"""

import heapq
from collections.abc import Callable

import numpy as np

from optimizer.algorithms.medians import exchange
from optimizer.algorithms.siting.choice import BoolArray, Choice, FloatArray, IndexArray

_TINY = 1e-9
_AT_ONCE = 50_000_000  # pairs looked at between two questions whether to stop


def interchange(
    choice: Choice,
    start: IndexArray,
    stop: Callable[[], bool],
    *,
    most: int = 100_000,
    allowed: Callable[[IndexArray], BoolArray] | None = None,
) -> IndexArray:
    """Return ``start`` improved by the best exchange until none helps; sites by their number.

    ``allowed`` says which exchanges (slot, site) of some chosen sites may be made.
    """
    chosen = start.astype(np.int64)
    if not 0 < len(chosen) < len(choice.site):
        return chosen
    arrays = choice.start, choice.place, choice.cost, choice.cap
    least = _TINY * max(1.0, abs(choice.base))
    at_once = max(1, min(most, _AT_ONCE // max(1, len(choice.cost))))
    every = np.zeros((0, 0), dtype=np.bool_)
    while most > 0 and not stop():
        some = min(most, at_once if allowed is None else 1)
        may = every if allowed is None else allowed(chosen)
        if exchange(*arrays, chosen, may, least, some) < some:
            break
        most -= some
    return chosen


def _two_nearest(choice: Choice, chosen: IndexArray) -> tuple[FloatArray, FloatArray, IndexArray]:
    """Return what each place costs, would cost without its site, and that site's slot."""
    at = choice.pairs(chosen)
    slot = np.repeat(np.arange(len(chosen)), np.diff(choice.start)[chosen])
    order = np.lexsort((choice.cost[at], choice.place[at]))
    place, cost, slot = choice.place[at][order], choice.cost[at][order], slot[order]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    nearest, second = choice.cap.copy(), choice.cap.copy()
    serving = np.full(len(choice.cap), len(chosen))  # one slot more: nobody
    nearest[place[first]], serving[place[first]] = cost[first], slot[first]
    after = first[np.append(np.diff(first), len(place) - first[-1:]) > 1] + 1
    second[place[after]] = cost[after]
    return nearest, second, serving


def losses(choice: Choice, chosen: IndexArray) -> FloatArray:
    """Return what closing each of some chosen sites costs."""
    if not len(choice.pairs(chosen)):
        return np.zeros(len(chosen))
    nearest, second, serving = _two_nearest(choice, chosen)
    return np.bincount(serving, second - nearest, len(chosen) + 1)[:-1].astype(np.float64)


def greedy(choice: Choice) -> IndexArray:
    """Return sites taken one after the other, each the one that then saves most."""
    cap = choice.cap.copy()
    saved = np.maximum(cap[choice.place] - choice.cost, 0.0)
    gain = np.bincount(choice.owner, saved, len(choice.site))
    # A gain only ever falls: one that is still the most when counted anew is the most of all.
    waiting = [(-saved, site) for site, saved in enumerate(gain.tolist())]
    heapq.heapify(waiting)
    chosen: list[int] = []
    while len(chosen) < choice.count:
        _, site = heapq.heappop(waiting)
        at = slice(choice.start[site], choice.start[site + 1])
        place, cost = choice.place[at], choice.cost[at]
        now = -float(np.maximum(cap[place] - cost, 0.0).sum()), site
        if waiting and now > waiting[0]:
            heapq.heappush(waiting, now)
            continue
        chosen.append(site)
        cap[place] = np.minimum(cap[place], cost)
    return np.array(chosen, dtype=np.intp)
