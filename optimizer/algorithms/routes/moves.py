"""Kernels that change routes: ruin and recreate, after Christiaens and Vanden Berghe.

Christiaens, J. and Vanden Berghe, G. (2020). Slack induction by string removals for vehicle
routing problems. Transportation Science 54(2), doi:10.1287/trsc.2019.0914.
"""

import numpy as np

from optimizer.algorithms.routes.chances import chance, draw
from optimizer.algorithms.routes.problem import FloatArray
from optimizer.algorithms.routes.sharing_out import assigned
from optimizer.algorithms.routes.state import Data, Draft, RngState, State, Table
from optimizer.algorithms.routes.times import objective, price, propagate, refresh, settle, walk
from optimizer.compiled import compiled

_BLINK = 0.01  # a position is passed over this often, section 5.2
_BLINK_LINKED = 0.15  # where the first of a crew decides for the others
_MEAN_TAKEN = 10.0  # visits taken out at a time, section 5.1
_LONGEST_STRING = 10.0
_RIVALS = 0.3  # this often ends of routes are taken that teams with one ability compete for
_STRINGS = 0.6  # of what is left of the times, the rest are taken from anywhere
_ROUND_THE_MISSING = 0.5  # strings are taken this often near a stop that is left out
_WHOLE_ROUTE = 0.2
_TWICE = 0.3  # of these two visits of each
_SHARED = 0.25  # of the steps give one visit of each of some routes anew, at once
_LONGER = 2.0  # each cycle than the one before
_COLDEST = 0.01  # of a cycle's first warmth


@compiled
def touch(draft: Draft, value: bool) -> None:
    """Mark all routes as changed, or none."""
    teams = draft.team
    for team in range(len(teams)):
        teams[team]["touched"] = value


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
def best_spot(  # noqa: C901
    data: Data, state: State, draft: Draft, rng: RngState, visit: int, budget: float, row: int
) -> tuple[int, int, float]:
    """Return the team and position where a visit costs least, below ``budget``; -1 for none.

    From ``row`` 0 on each of the teams that share out visits is asked by itself instead, and what
    it would cost there, and where, is written into that row.
    """
    travel, towards, service = data.travel, data.towards, data.service
    teams, visits = data.team, data.visit
    route, line, call = state.route, state.line, state.call
    carrying = data.load.shape[1] > 0
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
            now, here, spent = teams[team]["ready"], teams[team]["origin"], 0.0
            if at > 0:
                last = route[team, at - 1]
                now, here, spent = call[last]["finish"], call[last]["spot"], call[last]["spent"]
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
def share_out(data: Data, state: State, draft: Draft, rng: RngState) -> None:
    """Take a visit or two out of each of some routes, and give them to these teams anew.

    In each round each of the teams gets one at most, all of them together for the least cost.
    """
    order, out, pool = draft.order, draft.out, draft.pool
    teams = len(data.team)
    columns = min(teams, len(out))
    for index in range(teams):
        order[index] = index
    for index in range(columns):
        other = index + draw(rng, teams - index)
        order[index], order[other] = order[other], order[index]
    count = 0
    rounds = 2 if chance(rng) < _TWICE else 1
    for _ in range(rounds):
        for index in range(columns):
            team = order[index]
            held, size = state.line[team]["held"], state.line[team]["size"]
            if size > held:
                visit = state.route[team, held + draw(rng, size - held)]
                count = collect(data, state, draft, data.visit[visit]["stop"], count)
            draft.team[team]["touched"] = True
    close_up(data, state, draft)
    if rounds > 1:
        line_up(data, draft, rng, 0, count)
    for begin in range(0, count, columns):
        rows = min(columns, count - begin)
        for row in range(rows):
            stop = pool[begin + row]
            out[row], draft.column[row] = data.stop[stop]["penalty"], -1
            best_spot(data, state, draft, rng, data.stop[stop]["first"], out[row], row)
        assigned(draft.cost, out, rows, columns, draft.column)
        for row in range(rows):
            column = draft.column[row]
            if column >= 0:
                stop = pool[begin + row]
                put(state, order[column], draft.spot[row, column], data.stop[stop]["first"])
                settle(data, state, draft, order[column])
                draft.stop[stop]["pooled"] = False


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
def step(data: Data, state: State, draft: Draft, rng: RngState, whole: bool) -> float:
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
