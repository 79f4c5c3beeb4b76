"""Kernels for the pool: the stops that are out, taken from routes and lined up to go back."""

from optimizer.algorithms.routes.chances import chance, draw
from optimizer.algorithms.routes.state import Data, Draft, RngState, State
from optimizer.algorithms.routes.times import refresh, settle
from optimizer.compiled import compiled


@compiled
def touch(draft: Draft, value: bool) -> None:
    """Mark all routes as changed, or none."""
    teams = draft.team
    for team in range(len(teams)):
        teams[team]["touched"] = value


@compiled
def close_up(data: Data, state: State, draft: Draft) -> None:
    """Close the gaps that visits without a team left in the touched routes, and set the times."""
    teams, route, line, call = draft.team, state.route, state.line, state.call
    for team in range(len(teams)):
        if teams[team]["touched"]:
            kept = 0
            for position in range(line[team]["size"]):
                one = route[team, position]
                if call[one]["team"] == team:
                    route[team, kept] = one
                    kept += 1
            line[team]["size"] = kept
            if not data.linked:
                settle(data, state, draft, team)
    if data.linked:
        refresh(data, state, draft)


@compiled
def collect(data: Data, state: State, draft: Draft, stop: int, count: int) -> int:
    """Put a stop and all that wait for it into the pool; return how many are there then."""
    if draft.stop[stop]["pooled"] or data.stop[stop]["fixed"]:
        return count
    seen = count
    draft.pool[count] = stop
    draft.stop[stop]["pooled"] = True
    count += 1
    while seen < count:
        one = draft.pool[seen]
        seen += 1
        for visit in range(data.stop[one]["first"], data.stop[one]["end"]):
            if state.call[visit]["team"] >= 0:
                draft.team[state.call[visit]["team"]]["touched"] = True
                state.call[visit]["team"] = -1
        for index in range(data.stop[one]["after"], data.stop[one]["after_end"]):
            later = data.later[index]
            if not draft.stop[later]["pooled"]:
                draft.pool[count] = later
                draft.stop[later]["pooled"] = True
                count += 1
    return count


@compiled
def line_up(data: Data, draft: Draft, rng: RngState, missing: int, count: int) -> None:
    """Order the pool for insertion: what others wait for first, then by one of four keys.

    The first ``missing`` of it were left out before; every other time they go before the rest.
    """
    way, ahead = draw(rng, 4), draw(rng, 2) == 0
    pool, stops, drafts = draft.pool, data.stop, draft.stop
    for index in range(count):
        stop = pool[index]
        visit = stops[stop]["first"]
        noise = chance(rng)
        key = noise
        if way == 1:
            key = -data.visit[visit]["weight"] * (1.0 + noise)
        elif way == 2:
            key = -stops[stop]["urgency"] * (1.0 + noise)
        elif way == 3:
            key = stops[stop]["choices"] * (1.0 + noise)
        drafts[stop]["key"] = key - 1e9 if ahead and index < missing else key
    for index in range(1, count):
        stop, at = pool[index], index
        depth, key = stops[stop]["depth"], drafts[stop]["key"]
        while at > 0:
            other = pool[at - 1]
            deeper = stops[other]["depth"]
            if deeper < depth or (deeper == depth and drafts[other]["key"] <= key):
                break
            pool[at] = other
            at -= 1
        pool[at] = stop
