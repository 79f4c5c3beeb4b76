"""The steps of the local search over covers, on plain arrays that it changes in place."""

from typing import Any

from optimizer.compiled import compiled


@compiled
def _flip(  # noqa: C901, PLR0913, PLR0917 - a compiled loop in one piece
    j: Any,
    arrays: Any,
    chosen: Any,
    reached: Any,
    weight: Any,
    score: Any,
    free: Any,
    missing: Any,
    where: Any,
    held: Any,
    slot: Any,
) -> None:
    """Let a site join or leave, and keep every score true; ``missing[-1]`` counts the unreached.

    The score of a chosen site is the weight that it alone reaches, of another what it would add.
    ``held`` lists the chosen, ``held[-1]`` of them.
    """
    row_start, row_site, start, place = arrays
    joins = chosen[j] == 0
    chosen[j] = 1 if joins else 0
    if joins:
        held[held[-1]], slot[j] = j, held[-1]
        held[-1] += 1
    else:
        held[-1] -= 1
        end = held[held[-1]]
        held[slot[j]], slot[end] = end, slot[j]
    for at in range(start[j], start[j + 1]):
        i = place[at]
        reached[i] += 1 if joins else -1
        count = reached[i]
        alone = count == 1 if joins else count == 0
        shared = count == 2 if joins else count == 1
        for k_at in range(row_start[i], row_start[i + 1]):
            k = row_site[k_at]
            if k == j:
                continue
            free[k] = 1
            if alone or (shared and chosen[k] == 1):
                score[k] += -weight[i] if joins else weight[i]
        if alone and joins:
            last = missing[missing[-1] - 1]
            missing[where[i]] = last
            where[last] = where[i]
            where[i] = -1
            missing[-1] -= 1
        elif alone:
            where[i] = missing[-1]
            missing[missing[-1]] = i
            missing[-1] += 1
    if not joins:
        free[j] = 0


@compiled
def _least(held: Any, score: Any, cost: Any, moved: Any, kept: Any) -> Any:
    """Return the chosen site whose leaving loses least per cost, the oldest of equals."""
    best = -1
    for n in range(held[-1]):
        j = held[n]
        if j == kept:
            continue
        if best < 0:
            best = j
            continue
        mine, other = score[j] * cost[best], score[best] * cost[j]
        older = moved[j] < moved[best] or (moved[j] == moved[best] and j < best)
        if mine < other or (mine == other and older):
            best = j
    return best


@compiled
def walk(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - a compiled loop in one piece
    arrays: Any,
    cost: Any,
    chosen: Any,
    reached: Any,
    weight: Any,
    score: Any,
    moved: Any,
    free: Any,
    missing: Any,
    where: Any,
    held: Any,
    slot: Any,
    clock: Any,
    best: Any,
    worth: Any,
    enough: Any,
    steps: Any,
) -> None:
    """Take so many steps; ``best`` and ``worth`` are the cheapest cover and its cost."""
    row_start, row_site, _, _ = arrays
    total = 0.0
    for j in range(len(chosen)):
        if chosen[j] == 1:
            total += cost[j]
    for _ in range(steps):
        while missing[-1] == 0:
            if total < worth[0] - 1e-9:
                worth[0] = total
                best[:] = chosen
                if total <= enough:
                    return
            j = _least(held, score, cost, moved, -1)
            if j < 0:
                return
            total -= cost[j]
            _flip(j, arrays, chosen, reached, weight, score, free, missing, where, held, slot)
        clock[1] += 1
        j = _least(held, score, cost, moved, clock[2])
        if j >= 0:
            total -= cost[j]
            _flip(j, arrays, chosen, reached, weight, score, free, missing, where, held, slot)
            moved[j] = clock[1]
        while missing[-1] > 0:
            clock[0] = (clock[0] * 1103515245 + 12345) % 2147483648
            i = missing[(clock[0] >> 8) % missing[-1]]
            joining = -1
            for at in range(row_start[i], row_start[i + 1]):
                k = row_site[at]
                if free[k] == 0:
                    continue
                if joining < 0:
                    joining = k
                    continue
                mine, other = score[k] * cost[joining], score[joining] * cost[k]
                if mine > other or (mine == other and moved[k] < moved[joining]):
                    joining = k
            if joining < 0 or total + cost[joining] >= worth[0] - 1e-9:
                break
            total += cost[joining]
            _flip(joining, arrays, chosen, reached, weight, score, free, missing, where, held, slot)
            moved[joining] = clock[1]
            clock[2] = joining
            for at in range(missing[-1]):
                i = missing[at]
                weight[i] += 1
                for k_at in range(row_start[i], row_start[i + 1]):
                    score[row_site[k_at]] += 1
