r"""As much as possible to groups from the sources that reach them, several items at once.

For one item, the least that stays unmet is, by the theorem of Ford and Fulkerson (1956),
https://doi.org/10.4153/CJM-1956-045-5,

.. math:: \max_{S} \Big( \sum_{g \in S} d_g - \sum_{n \in N(S)} a_n \Big)

over sets of groups, ``N(S)`` being the sources that reach one of them: found by augmenting paths
from what is unmet back to what is left. Items share what a source handles; they are served one
after the other, each with what handling the earlier ones leave. Where handling binds no source of
any item's set, the sum of the items' optima is reached and so is the optimum of all; else the
answer is a plan that can be carried out, and not proven the best.
"""

from typing import Any

import numpy as np

from optimizer.compiled import compiled

_LEAST = 1e-9


@compiled
def _fill(room: Any, lacking: Any, reach: Any, order: Any, flow: Any) -> None:
    """Send what goes straight, the preferred sources first."""
    for at in range(len(order)):
        n = order[at]
        for g in range(len(lacking)):
            if room[n] <= _LEAST:
                break
            if reach[n, g] and lacking[g] > 0.0:
                sent = min(room[n], lacking[g])
                flow[n, g] += sent
                room[n] -= sent
                lacking[g] -= sent


@compiled
def _augment(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - a compiled loop in one piece
    room: Any, lacking: Any, reach: Any, order: Any, flow: Any, in_set: Any, near: Any
) -> None:
    """Redirect flows until no group that lacks something can be helped; leaves its set."""
    sources, groups = reach.shape
    queue = np.empty(groups, dtype=np.int64)
    towards = np.empty(sources, dtype=np.int64)  # the group a source was reached from
    takes = np.empty(groups, dtype=np.int64)  # the source whose flow a group would give back
    while True:
        in_set[:] = 0
        near[:] = 0
        head, tail, found = 0, 0, -1
        for g in range(groups):
            if lacking[g] > _LEAST:
                in_set[g] = 1
                takes[g] = -1
                queue[tail] = g
                tail += 1
        while head < tail and found < 0:
            g = queue[head]
            head += 1
            for at in range(sources):
                n = order[at]
                if near[n] or not reach[n, g]:
                    continue
                near[n] = 1
                towards[n] = g
                if room[n] > _LEAST:
                    found = n
                    break
                for other in range(groups):
                    if not in_set[other] and flow[n, other] > _LEAST:
                        in_set[other] = 1
                        takes[other] = n
                        queue[tail] = other
                        tail += 1
        if found < 0:
            return
        amount = room[found]
        n = found
        while True:
            g = towards[n]
            if takes[g] < 0:
                amount = min(amount, lacking[g])
                break
            n = takes[g]
            amount = min(amount, flow[n, g])
        room[found] -= amount
        n = found
        while True:
            g = towards[n]
            flow[n, g] += amount
            if takes[g] < 0:
                lacking[g] -= amount
                break
            n = takes[g]
            flow[n, g] -= amount


@compiled
def serve(  # noqa: PLR0913, PLR0917 - compiled: arrays in, arrays out
    stock: Any,
    need: Any,
    reach: Any,
    handling: Any,
    volume: Any,
    order: Any,
    item_order: Any,
    flow: Any,
    in_set: Any,
    near: Any,
    unmet: Any,
) -> bool:
    """Serve one scenario; return whether the answer is proven the best.

    ``stock`` (source, item), ``need`` (group, item), ``reach`` (source, group), ``handling``
    (source,) as volume, ``volume`` (item,). Fills ``flow`` (source, group, item), and by item
    ``in_set`` (group, item), ``near`` (source, item) and ``unmet`` (item,).
    """
    sources, groups = reach.shape
    left = handling.copy()
    proven = True
    for at in range(len(item_order)):
        k = item_order[at]
        room = np.empty(sources)
        bound = np.zeros(sources, dtype=np.uint8)
        for n in range(sources):
            room[n] = stock[n, k]
            if volume[k] > 0.0 and room[n] * volume[k] > left[n] + 1e-9:
                room[n] = max(0.0, left[n] / volume[k])
                bound[n] = 1
        lacking = np.maximum(0.0, need[:, k])
        sent = np.zeros((sources, groups))
        set_, touched = np.zeros(groups, dtype=np.uint8), np.zeros(sources, dtype=np.uint8)
        _fill(room, lacking, reach, order, sent)
        _augment(room, lacking, reach, order, sent, set_, touched)
        unmet[k] = lacking.sum()
        for n in range(sources):
            total = 0.0
            for g in range(groups):
                flow[n, g, k] = sent[n, g]
                total += sent[n, g]
            left[n] -= total * volume[k]
            near[n, k] = touched[n]
            if touched[n] and bound[n] and unmet[k] > _LEAST:
                proven = False
        for g in range(groups):
            in_set[g, k] = set_[g]
    return proven


@compiled
def serve_all(  # noqa: PLR0913, PLR0917 - compiled: arrays in, arrays out
    stock: Any,
    survives: Any,
    need: Any,
    reach: Any,
    handling: Any,
    volume: Any,
    order: Any,
    item_order: Any,
    in_set: Any,
    near: Any,
    unmet: Any,
    proven: Any,
) -> None:
    """Serve every scenario: arrays as in ``serve`` with the scenario in front."""
    scenarios, sources, groups = reach.shape
    items = need.shape[2]
    flow = np.empty((sources, groups, items))
    for s in range(scenarios):
        there = np.empty((sources, items))
        for n in range(sources):
            for k in range(items):
                there[n, k] = stock[n, k] * survives[s, n]
        proven[s] = serve(
            there,
            need[s],
            reach[s],
            handling,
            volume,
            order,
            item_order,
            flow,
            in_set[s],
            near[s],
            unmet[s],
        )
