"""Placing the people of one case in the open sites so that every rule on the spread holds.

Nearest first, up to a level below which the fullest site of a kind stays; then whoever found no
place is let in where somebody else can go on; then sites that are too empty draw people from
fuller ones; those that stay too empty are emptied, and all begins anew. Every step keeps to who
may pass which site: people pass only sites that are full.
"""

import numpy as np

from optimizer.algorithms.cases.instance import BoolArray, FloatArray, IndexArray
from optimizer.compiled import compiled

_NONE = 1e-7  # people or space: what rounding leaves
_ROUNDS = 8
_ALL = 5  # rounds, after which every site too empty is emptied
_EMPTIED = 0.4  # of the way from the emptiest to enough: which are emptied together
_MUCH = 1e12  # more than any plan is worth
_FAR = 1e-9  # of a walk


@compiled
def place_cases(
    party_start: IndexArray,
    people: FloatArray,
    unplaced: FloatArray,
    arc_start: IndexArray,
    party: IndexArray,
    site: IndexArray,
    space: FloatArray,
    walk: FloatArray,
    cost: FloatArray,
    by_walk: IndexArray,
    walk_site: IndexArray,
    walk_party: IndexArray,
    by_place: IndexArray,
    place_start: IndexArray,
    area: FloatArray,
    least: FloatArray,
    kind: IndexArray,
    detour: float,
    least_fill: float,
    balance: float,
    wanted: IndexArray,
    level: FloatArray,
    opened: BoolArray,
    placed: FloatArray,
    worth: FloatArray,
) -> None:
    """Write who goes where in the ``wanted`` cases (arc,), and what each is worth (case,).

    ``walk_site`` and ``walk_party`` are in the order of ``by_walk``, to be read in a row: most
    arcs are passed over. ``level`` (case, kind) is the largest share filled; a negative
    ``detour`` is no rule.
    """
    sites, kinds = area.shape[1], level.shape[1]
    left, far = np.empty(len(people)), np.empty(len(people))
    fill, low, cap = np.empty(sites), np.empty(sites), np.empty(sites)
    usable, stuck = np.empty(sites, np.bool_), np.empty(sites, np.bool_)
    top = np.empty(kinds)
    for case in wanted:
        first, last = party_start[case], party_start[case + 1]
        begin, end = arc_start[first], arc_start[last]
        ground = case * sites
        room, each = area[case], least[case]
        for j in range(sites):
            usable[j] = opened[j] and room[j] > 0.0
            cap[j] = room[j] * level[case, kind[j]]
        uneven = True
        for attempt in range(_ROUNDS):
            for p in range(first, last):
                left[p], far[p] = people[p], np.inf
            fill[:] = 0.0
            placed[begin:end] = 0.0
            for position in range(begin, end):
                p = walk_party[position]
                if left[p] <= _NONE:
                    continue
                j = walk_site[position]
                if not opened[j]:
                    continue
                a = by_walk[position]
                if walk[a] > far[p]:
                    continue
                if usable[j] and cap[j] - fill[j] > _NONE:
                    part = min(left[p], (cap[j] - fill[j]) / space[a])
                    placed[a] = part
                    left[p] -= part
                    fill[j] += part * space[a]
                if detour >= 0.0 and left[p] > _NONE and room[j] - fill[j] > each[j]:
                    far[p] = min(far[p], (1.0 + detour) * walk[a] + _FAR)
            for p in range(first, last):  # how far each may go: past full sites alone
                far[p] = np.inf
                for a in range(arc_start[p], arc_start[p + 1]):
                    j = site[a]
                    if detour >= 0.0 and opened[j] and room[j] - fill[j] > each[j]:
                        far[p] = (1.0 + detour) * walk[a] + _FAR
                        break
            stuck[:] = False
            for p in range(first, last):  # let in where somebody else can go on
                for a in range(arc_start[p], arc_start[p + 1]):
                    j = site[a]
                    if left[p] <= _NONE or walk[a] > far[p]:
                        break
                    if not usable[j]:
                        continue
                    if cap[j] - fill[j] > _NONE:
                        part = min(left[p], (cap[j] - fill[j]) / space[a])
                        placed[a] += part
                        left[p] -= part
                        fill[j] += part * space[a]
                    if stuck[j] or left[p] <= _NONE:
                        continue
                    for position in range(place_start[ground + j], place_start[ground + j + 1]):
                        b = by_place[position]
                        if left[p] <= _NONE:
                            break
                        if placed[b] <= _NONE or party[b] == p:
                            continue
                        for c in range(arc_start[party[b]], arc_start[party[b] + 1]):
                            k = site[c]
                            if walk[c] > far[party[b]] or left[p] <= _NONE or placed[b] <= _NONE:
                                break
                            if k == j or not usable[k] or cap[k] - fill[k] <= _NONE:
                                continue
                            moved = min(placed[b], (cap[k] - fill[k]) / space[c])
                            moved = min(moved, left[p] * space[a] / space[b])
                            part = moved * space[b] / space[a]
                            placed[b] -= moved
                            placed[c] += moved
                            fill[k] += moved * space[c]
                            placed[a] += part
                            left[p] -= part
                    stuck[j] = left[p] > _NONE  # room only shrinks: nobody else gets in either
            top[:] = 0.0
            for j in range(sites):
                if usable[j]:
                    top[kind[j]] = max(top[kind[j]], fill[j] / room[j])
            uneven, worst = False, 1.0
            for j in range(sites):
                low[j] = room[j] * max(0.0, least_fill, top[kind[j]] - balance)
            for j in range(sites):  # draw people from fuller sites
                if not usable[j] or fill[j] <= _NONE or fill[j] >= low[j] - _NONE:
                    continue
                for position in range(place_start[ground + j], place_start[ground + j + 1]):
                    a = by_place[position]
                    p = party[a]
                    if fill[j] >= low[j] - _NONE:
                        break
                    if walk[a] > far[p]:
                        continue
                    for b in range(arc_start[p], arc_start[p + 1]):
                        k = site[b]
                        if k == j or placed[b] <= _NONE or room[k] - fill[k] <= each[k]:
                            continue
                        spare = min(fill[k] - low[k], placed[b] * space[b])
                        if spare <= _NONE:
                            continue
                        part = min(spare / space[b], (low[j] - fill[j]) / space[a])
                        placed[b] -= part
                        placed[a] += part
                        fill[k] -= part * space[b]
                        fill[j] += part * space[a]
                        if fill[j] >= low[j] - _NONE:
                            break
                if fill[j] < low[j] - _NONE:
                    uneven, worst = True, min(worst, fill[j] / low[j])
            if not uneven:
                break
            enough = 1.0 if attempt >= _ALL else worst + _EMPTIED * (1.0 - worst)
            for j in range(sites):
                if fill[j] > _NONE and fill[j] <= enough * low[j] - _NONE:
                    usable[j] = False
        value = _MUCH if uneven else 0.0
        for p in range(first, last):
            value += unplaced[p] * left[p]
            for a in range(arc_start[p], arc_start[p + 1]):
                value += cost[a] * placed[a]
        worth[case] = value
