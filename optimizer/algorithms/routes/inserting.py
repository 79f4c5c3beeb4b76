"""Kernels that put visits into routes, and say what that costs."""

import numpy as np

from optimizer.algorithms.routes.chances import chance
from optimizer.algorithms.routes.problem import FloatArray
from optimizer.algorithms.routes.state import Data, Draft, RngState, State, Table
from optimizer.algorithms.routes.times import propagate, settle, walk
from optimizer.compiled import compiled

_BLINK = 0.01  # a position is passed over this often, section 5.2
_BLINK_LINKED = 0.15  # where the first of a crew decides for the others


@compiled
def put(state: State, team: int, at: int, visit: int) -> None:
    """Insert a visit into a route."""
    route, line = state.route, state.line
    for position in range(line[team]["size"], at, -1):
        route[team, position] = route[team, position - 1]
    route[team, at] = visit
    line[team]["size"] += 1
    state.call[visit]["team"] = team


@compiled
def drop(state: State, team: int, at: int) -> None:
    """Take the visit at a position out of a route."""
    state.call[state.route[team, at]]["team"] = -1
    state.line[team]["size"] -= 1
    for position in range(at, state.line[team]["size"]):
        state.route[team, position] = state.route[team, position + 1]


@compiled
def able(
    service: FloatArray, team_table: Table, visits: Table, call: Table, team: int, visit: int
) -> bool:
    """Return whether a team can serve a visit, beside what it does of the same party already."""
    if service[team, visit] == np.inf:
        return False
    made = 0
    for other in range(visits[visit]["party"], visits[visit]["party_end"]):
        if call[other]["team"] == team:
            made += 1
            if visits[other]["stop"] == visits[visit]["stop"]:
                return False
            if visits[other]["role"] == visits[visit]["role"]:
                return False
    return made < team_table[team]["roles"]  # type: ignore[no-any-return]


@compiled
def touches_others(data: Data, state: State, team: int, at: int, visit: int) -> bool:
    """Return whether a visit put in changes times of other routes, by itself or what is behind."""
    if data.stop[data.visit[visit]["stop"]]["bound"]:
        return True
    for position in range(at, state.line[team]["size"]):
        if data.stop[data.visit[state.route[team, position]]["stop"]]["bound"]:
            return True
    return False


@compiled
def try_out(data: Data, state: State, draft: Draft, team: int, at: int, visit: int) -> float:
    """Return how much more all routes cost with a visit put in, by times fixed anew."""
    put(state, team, at, visit)
    if data.linked:
        more = propagate(data, state, draft) - state.total[0]
    else:
        before = state.line[team]["cost"]
        kept = settle(data, state, draft, team)
        more = state.line[team]["cost"] - before if kept else np.inf
    drop(state, team, at)
    if not data.linked:
        settle(data, state, draft, team)
    return float(more)


@compiled
def till_blink(rng: RngState, blink: float) -> int:
    """Return how many positions are looked at before one is passed over."""
    return int(np.log(chance(rng) + 1e-12) / np.log(1.0 - blink))


@compiled
def best_spot(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917  a call would cost more than a position
    data: Data, state: State, draft: Draft, rng: RngState, visit: int, budget: float, row: int
) -> tuple[int, int, float]:
    """Return the team and position where a visit costs least, below ``budget``; -1 for none.

    From ``row`` 0 on each of the teams that share out visits is asked by itself instead, and what
    it would cost there, and where, is written into that row.
    """
    travel, towards, service = data.travel, data.towards, data.service
    teams, visits = data.team, data.visit
    route, line, call = state.route, state.line, state.call
    carrying = data.load.shape[1] > 0 or data.nights  # what is guessed here is but a bound then
    blink = _BLINK_LINKED if data.linked else _BLINK
    best_team, best_at, best = -1, -1, budget
    there, setup, release = visits[visit]["place"], visits[visit]["setup"], visits[visit]["release"]
    latest, leg, floor = visits[visit]["latest"], visits[visit]["leg"], call[visit]["floor"]
    release = max(release, floor)
    weight, due, late = visits[visit]["weight"], visits[visit]["due"], visits[visit]["late"]
    eyes = till_blink(rng, blink)
    order, cost, spot = draft.order, draft.cost, draft.spot
    for column in range(len(teams) if row < 0 else min(len(teams), len(draft.out))):
        team = column
        if row >= 0:
            team, best, cost[row, column] = order[column], budget, np.inf
        if not able(service, teams, visits, call, team, visit):
            continue
        whole, size, profile = line[team]["cost"], line[team]["size"], teams[team]["profile"]
        off, work = teams[team]["off"], service[team, visit]
        for at in range(line[team]["held"], size + 1):
            if eyes == 0:
                eyes = till_blink(rng, blink)
                continue
            eyes -= 1
            now, here = teams[team]["ready"], teams[team]["origin"]
            if at > 0:
                last = route[team, at - 1]
                now, here = call[last]["finish"], call[last]["spot"]
            start = max(now + leg, release)
            extra = weight * (start + work) + late * max(0.0, start - due)
            if extra >= best:
                break
            if at < size:
                behind = route[team, at]
                push = call[behind]["push"]
                shift = start + work + visits[behind]["leg"] - call[behind]["start"]
                if shift > 0.0 and extra + shift * push >= best:
                    continue
            if there >= 0:
                start = max(release, now + towards[profile, there, here])
                if there != here:
                    start = max(release, now + towards[profile, there, here] + setup)
            finish = start + work
            if start > latest or finish > off:
                continue
            extra = weight * finish + late * max(0.0, start - due)
            if at < size:
                ahead = visits[behind]["place"]
                known = False
                if there >= 0 and ahead >= 0:
                    shift = finish + travel[profile, there, ahead] - call[behind]["start"]
                    if there != ahead:
                        shift += visits[behind]["setup"]
                    if shift >= 0.0:
                        if shift > call[behind]["slack"] and not carrying:
                            continue
                        extra += shift * push
                        if extra >= best:
                            continue
                        known = call[behind]["loose"]
                if not known:
                    extra = (
                        walk(
                            *(travel, service, teams, visits, route, line, call),
                            *(team, at, visit, whole + best),
                        )
                        - whole
                    )
            if extra < best and (carrying or touches_others(data, state, team, at, visit)):
                extra = try_out(data, state, draft, team, at, visit)
            if extra < best:
                best_team, best_at, best = team, at, extra
        if row >= 0:
            cost[row, column] = best if best_team == team else np.inf
            spot[row, column] = best_at
    return best_team, best_at, best
