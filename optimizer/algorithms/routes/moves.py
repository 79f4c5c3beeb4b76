"""Kernels that change routes: ruin and recreate, after Christiaens and Vanden Berghe.

Christiaens, J. and Vanden Berghe, G. (2020). Slack induction by string removals for vehicle
routing problems. Transportation Science 54(2), doi:10.1287/trsc.2019.0914.
"""

import numpy as np

from optimizer.algorithms.routes.chances import chance, draw
from optimizer.algorithms.routes.inserting import best_spot, put
from optimizer.algorithms.routes.pool import close_up, collect, line_up, touch
from optimizer.algorithms.routes.problem import FloatArray
from optimizer.algorithms.routes.sharing_out import share_out
from optimizer.algorithms.routes.state import Data, Draft, RngState, State
from optimizer.algorithms.routes.times import objective, refresh, settle
from optimizer.compiled import compiled

_MEAN_TAKEN = 10.0  # visits taken out at a time, section 5.1
_LONGEST_STRING = 10.0
_RIVALS = 0.3  # this often ends of routes are taken that teams with one ability compete for
_STRINGS = 0.6  # of what is left of the times, the rest are taken from anywhere
_ROUND_THE_MISSING = 0.5  # strings are taken this often near a stop that is left out
_WHOLE_ROUTE = 0.2
_SHARED = 0.25  # of the steps give one visit of each of some routes anew, at once
_LONGER = 2.0  # each cycle than the one before
_COLDEST = 0.01  # of a cycle's first warmth


@compiled
def insert_stop(data: Data, state: State, draft: Draft, rng: RngState, stop: int) -> bool:
    """Insert all visits of a stop, each where it costs least; none where one finds no place."""
    budget = data.stop[stop]["penalty"]
    for index in range(data.stop[stop]["before"], data.stop[stop]["before_end"]):
        if draft.stop[data.earlier[index]]["pooled"]:
            return False
    for visit in range(data.stop[stop]["first"], data.stop[stop]["end"]):
        team, at, more = best_spot(data, state, draft, rng, visit, budget, -1)
        if team < 0:
            for done in range(data.stop[stop]["first"], visit):
                draft.team[state.call[done]["team"]]["touched"] = True
                state.call[done]["team"] = -1
            close_up(data, state, draft)
            return False
        budget -= more
        put(state, team, at, visit)
        draft.team[team]["touched"] = True
        if data.linked:
            refresh(data, state, draft)
        else:
            settle(data, state, draft, team)
    draft.stop[stop]["pooled"] = False
    return True


@compiled
def place_of(state: State, team: int, visit: int) -> int:
    """Return the position of a visit in its route."""
    at = 0
    while state.route[team, at] != visit:
        at += 1
    return at


@compiled
def take_strings(data: Data, state: State, draft: Draft, rng: RngState, count: int) -> int:
    """Take strings of visits near a random one out of the routes, one string a route."""
    visits = 0
    for team in range(len(data.team)):
        visits += state.line[team]["size"]
    mean_size = max(1.0, visits / len(data.team))
    longest = min(_LONGEST_STRING, mean_size)
    strings = int(1.0 + chance(rng) * (4.0 * _MEAN_TAKEN / (1.0 + longest) - 1.0))
    seed = draw(rng, len(data.visit))
    if count > 0 and chance(rng) < _ROUND_THE_MISSING:
        seed = data.stop[draft.pool[draw(rng, count)]]["first"]
    for index in range(data.near.shape[1]):
        visit = data.near[seed, index]
        team = state.call[visit]["team"]
        if strings == 0:
            break
        if team < 0 or draft.team[team]["touched"]:
            continue
        size = state.line[team]["size"] - state.line[team]["held"]
        length = 1 + draw(rng, int(max(1.0, min(longest * 2.0 - 1.0, size))))
        at = place_of(state, team, visit)
        begin = max(state.line[team]["held"], at - draw(rng, length))
        for position in range(begin, min(begin + length, state.line[team]["size"])):
            one = state.route[team, position]
            if state.call[one]["team"] == team:
                count = collect(data, state, draft, data.visit[one]["stop"], count)
        draft.team[team]["touched"] = True
        strings -= 1
    return count


@compiled
def take_any(data: Data, state: State, draft: Draft, rng: RngState, count: int) -> int:
    """Take random stops out, or all of a random route."""
    if chance(rng) < _WHOLE_ROUTE:
        team = draw(rng, len(data.team))
        for position in range(state.line[team]["held"], state.line[team]["size"]):
            count = collect(
                data, state, draft, data.visit[state.route[team, position]]["stop"], count
            )
        return count
    stops = len(data.stop)
    for _ in range(1 + draw(rng, int(min(2.0 * _MEAN_TAKEN, max(3.0, 0.3 * stops))))):
        count = collect(data, state, draft, draw(rng, stops), count)
    return count


@compiled
def take_rivals(data: Data, state: State, draft: Draft, rng: RngState, count: int) -> int:
    """Take the ends of two or three routes whose teams can all serve one random visit."""
    visit, teams, left = draw(rng, len(data.visit)), len(data.team), 2 + draw(rng, 2)
    first, own = draw(rng, teams), state.call[visit]["team"]
    for index in range(-1, teams):
        team = own if index < 0 else (first + index) % teams
        if left == 0:
            break
        if team < 0 or (index >= 0 and team == own) or data.service[team, visit] == np.inf:
            continue
        held, size = state.line[team]["held"], state.line[team]["size"]
        left -= 1
        if size == held:
            continue
        for position in range(held + draw(rng, size - held), size):
            one = state.route[team, position]
            if state.call[one]["team"] == team:
                count = collect(data, state, draft, data.visit[one]["stop"], count)
    return count


@compiled
def renew(source: State, target: State, draft: Draft, linked: bool) -> None:
    """Make the touched routes of ``target`` those of ``source``; with links, all times too."""
    teams, route, line, call = draft.team, target.route, target.line, target.call
    for team in range(len(teams)):
        if teams[team]["touched"]:
            for position in range(line[team]["size"]):
                call[route[team, position]]["team"] = -1
    from_route, from_line, from_call = source.route, source.line, source.call
    for team in range(len(teams)):
        if teams[team]["touched"] or linked:
            line[team] = from_line[team]
            for position in range(line[team]["size"]):
                one = from_route[team, position]
                route[team, position] = one
                call[one] = from_call[one]
    target.total[0] = source.total[0]


@compiled
def step(  # noqa: C901
    data: Data, state: State, draft: Draft, rng: RngState, whole: bool
) -> float:
    """Take some stops out (``whole``: none) and insert all that are out; return the objective."""
    touch(draft, False)
    stops, call = draft.stop, state.call
    for stop in range(len(stops)):
        stops[stop]["pooled"] = False
    if not (whole or data.linked) and chance(rng) < _SHARED:
        share_out(data, state, draft, rng)
        whole = True
    count = 0
    for stop in range(len(stops)):
        stops[stop]["pooled"] = False
    for visit in range(len(call)):
        if call[visit]["team"] < 0:
            count = collect(data, state, draft, data.visit[visit]["stop"], count)
    missing = 0 if whole else count
    if not whole:
        if chance(rng) < _RIVALS:
            count = take_rivals(data, state, draft, rng, count)
        elif chance(rng) < _STRINGS:
            count = take_strings(data, state, draft, rng, count)
        else:
            count = take_any(data, state, draft, rng, count)
        close_up(data, state, draft)
    line_up(data, draft, rng, missing, count)
    for index in range(count):
        insert_stop(data, state, draft, rng, draft.pool[index])
    return objective(data, state)


@compiled
def improve(
    data: Data,
    states: tuple[State, State, State],
    draft: Draft,
    rng: RngState,
    run: FloatArray,
    steps: int,
) -> None:
    """Take steps; within each cycle, longer than the last, worse routes are ever less accepted.

    ``states`` are the routes worked on, the accepted and the best. ``run`` holds what goes on from
    call to call: step, current and best objective, warmth, where the cycle began, its length.
    """
    work, kept, best = states
    for _ in range(steps):
        if run[0] >= run[4] + run[5]:
            run[4], run[5] = run[0], run[5] * _LONGER
            touch(draft, True)
            renew(best, work, draft, data.linked)
            renew(best, kept, draft, data.linked)
            run[1] = run[2]
        cool = (run[0] - run[4]) / run[5]
        warmth = run[3] * run[2] / len(data.stop) * _COLDEST**cool
        run[0] += 1.0
        found = step(data, work, draft, rng, False)
        if found < run[1] - warmth * np.log(chance(rng) + 1e-12):
            renew(work, kept, draft, data.linked)
            run[1] = found
            if found < run[2] - 1e-9 * abs(run[2]):
                touch(draft, True)
                renew(work, best, draft, data.linked)
                run[2] = found
        else:
            renew(kept, work, draft, data.linked)
