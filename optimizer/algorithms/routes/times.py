"""Kernels that tell when visits happen and what that costs.

The times of a problem without links depend on their own route alone, so an insertion is judged
by walking the route from there on. With links, `floor` holds how long a visit must wait for
others: the same walk is then a lower bound of what an insertion costs, and `propagate` fixes the
times of all routes together.
"""

import numpy as np

from optimizer.algorithms.routes.problem import FloatArray, IndexArray
from optimizer.algorithms.routes.state import Data, Draft, State, Table
from optimizer.compiled import compiled

_DAY_S = 86_400.0
_NIGHT_EDGE_S = 1e-6  # a start moved to the morning is at its edge, up to rounding


@compiled
def price(visit: Table, one: int, start: float, finish: float) -> float:
    """Return what a visit costs at these times, its share of the stop."""
    late = visit[one]["late"] * max(0.0, start - visit[one]["due"])
    return visit[one]["weight"] * finish + late  # type: ignore[no-any-return]


@compiled
def walk(  # noqa: C901, PLR0913, PLR0917  taking arrays out of tuples here would cost more than the walk
    travel: FloatArray,
    service: FloatArray,
    team_table: Table,
    visit: Table,
    route: IndexArray,
    line: Table,
    call: Table,
    team: int,
    at: int,
    one: int,
    cutoff: float,
) -> float:
    """Return the cost of a route with visit ``one`` at position ``at``; infinite from the cutoff.

    A later time never makes the rest of a route cheaper, so the rest as it stands bounds it.
    Loads are not looked at: with them it is but a guess of what to try out.
    """
    profile, off = team_table[team]["profile"], team_table[team]["off"]
    now, here, cost = team_table[team]["ready"], team_table[team]["origin"], 0.0
    if at > 0:
        last = route[team, at - 1]
        now, here, cost = call[last]["finish"], call[last]["spot"], call[last]["spent"]
    for position in range(at, line[team]["size"] + 1):
        this = one if position == at else route[team, position - 1]
        there = visit[this]["place"]
        if there >= 0 and there != here:
            now += travel[profile, here, there] + visit[this]["setup"]
            here = there
        elif there >= 0:
            now += travel[profile, here, there]
        start = max(now, visit[this]["release"], call[this]["floor"])
        now = start + service[team, this]
        if start > visit[this]["latest"] or now > off:
            return np.inf
        cost += price(visit, this, start, now)
        if cost >= cutoff:
            return np.inf
        if position > at and now >= call[this]["finish"]:
            rest = line[team]["cost"] - call[this]["spent"]
            if cost + rest >= cutoff:
                return np.inf
            if now == call[this]["finish"]:
                return cost + rest  # type: ignore[no-any-return]
    return cost


@compiled
def by_day(shut: FloatArray, team: int, one: int, start: float) -> float:
    """Return the first start from ``start`` on that no night shuts."""
    long = shut[team, one, 1]
    into = (start - shut[team, one, 0]) % _DAY_S
    return start + long - into if _NIGHT_EDGE_S < into < long - _NIGHT_EDGE_S else start


@compiled
def fill(data: Data, draft: Draft, team: int) -> None:
    """Give a team all it can carry."""
    for item in range(data.load.shape[1]):
        draft.stock[team, item] = data.capacity[team, item]


@compiled
def reach(data: Data, draft: Draft, team: int, now: float, here: int, one: int) -> float:
    """Return when ``team`` can begin a visit, by way of a depot where its load is short."""
    there = data.visit[one]["place"]
    if there < 0:
        return now
    profile = data.team[team]["profile"]
    leg = data.travel[profile, here, there]
    short = False
    for item in range(data.load.shape[1]):
        short = short or draft.stock[team, item] < data.load[one, item]
    if short:
        leg = np.inf
        for index in range(len(data.depots)):
            depot = data.depots[index]
            way = data.travel[profile, here, depot] + data.travel[profile, depot, there]
            for item in range(data.load.shape[1]):
                missing = data.capacity[team, item] - draft.stock[team, item]
                way += missing * data.fill[index, item]
            leg = min(leg, way)
        leg += data.team[team]["reload"]
    for item in range(data.load.shape[1]):
        if short:
            draft.stock[team, item] = data.capacity[team, item]
        draft.stock[team, item] -= data.load[one, item]
    return now + leg + (data.visit[one]["setup"] if here != there else 0.0)  # type: ignore[no-any-return]


@compiled
def settle(  # noqa: C901, PLR0915  handing the tables on would cost more than the night's branch
    data: Data, state: State, draft: Draft, team: int
) -> bool:
    """Set times and costs along a route; False where it breaks a limit."""
    visit, call, route, service, travel = (
        data.visit,
        state.call,
        state.route,
        data.service,
        data.travel,
    )
    now, here, cost = data.team[team]["ready"], data.team[team]["origin"], 0.0
    profile, off, kept = data.team[team]["profile"], data.team[team]["off"], True
    carrying, nights = data.load.shape[1] > 0, data.nights
    if carrying:
        fill(data, draft, team)
    for position in range(state.line[team]["size"]):
        one = route[team, position]
        arrival = now
        if carrying:
            arrival = reach(data, draft, team, now, here, one)
        elif visit[one]["place"] >= 0:
            there = visit[one]["place"]
            setup = visit[one]["setup"] if here != there else 0.0
            arrival = now + (travel[profile, here, there] + setup)
        start = max(arrival, visit[one]["release"], call[one]["floor"])
        if nights:
            start = by_day(data.shut, team, one, start)
        now = start + service[team, one]
        kept = kept and start <= visit[one]["latest"] and now <= off
        if visit[one]["place"] >= 0:
            here = visit[one]["place"]
        cost += price(visit, one, start, now)
        call[one]["start"], call[one]["finish"] = start, now
        call[one]["push"] = 0.0
        if start <= arrival:
            bent = visit[one]["late"] if start >= visit[one]["due"] else 0.0
            call[one]["push"] = visit[one]["weight"] + bent
        call[one]["spent"], call[one]["spot"] = cost, here
    state.line[team]["cost"] = cost
    push, slack, loose = 0.0, np.inf, True
    for position in range(state.line[team]["size"] - 1, -1, -1):
        one = route[team, position]
        start, free = call[one]["start"], call[one]["push"] > 0.0
        if not free:  # it waits, or weighs nothing
            push, slack, loose = 0.0, np.inf, False
        else:
            push += call[one]["push"]
            slack = min(slack, visit[one]["latest"] - start, off - call[one]["finish"])
            bend = visit[one]["late"] > 0.0 and start < visit[one]["due"]
            loose = loose and not bend and visit[one]["place"] >= 0
        call[one]["push"], call[one]["slack"], call[one]["loose"] = push, slack, loose
    return kept


@compiled
def all_by_day(data: Data, state: State, stop: int, start: float) -> float:
    """Return the first start from ``start`` on that suits every team of a stop; inf for none."""
    last, until, day = -1.0, start + 2.0 * _DAY_S, start
    while day != last and day < until:
        last = day
        for one in range(data.stop[stop]["first"], data.stop[stop]["end"]):
            if state.call[one]["team"] >= 0:
                day = by_day(data.shut, state.call[one]["team"], one, day)
    return day if day < until else np.inf


@compiled
def begin_stop(data: Data, state: State, draft: Draft, stop: int) -> bool:
    """Fix the start of a stop whose visits have all arrived; False while it waits for others."""
    start = 0.0
    for index in range(data.stop[stop]["before"], data.stop[stop]["before_end"]):
        earlier = data.earlier[index]
        if draft.stop[earlier]["begin"] < 0.0:
            return False
        start = max(start, draft.stop[earlier]["end"])
    for one in range(data.stop[stop]["first"], data.stop[stop]["end"]):
        if state.call[one]["team"] >= 0:
            start = max(start, draft.arrival[one], data.visit[one]["release"])
    if data.nights:
        start = all_by_day(data, state, stop, start)
    end = start
    for one in range(data.stop[stop]["first"], data.stop[stop]["end"]):
        if state.call[one]["team"] >= 0:
            end = max(end, start + data.service[state.call[one]["team"], one])
    draft.stop[stop]["begin"], draft.stop[stop]["end"] = start, end
    return True


@compiled
def advance(data: Data, state: State, draft: Draft, team: int) -> int:
    """Go on along a route until it waits for others; return 1 for moved, 0 for not, -1 broken."""
    moved = 0
    while draft.team[team]["done"] < state.line[team]["size"]:
        one = state.route[team, draft.team[team]["done"]]
        stop = data.visit[one]["stop"]
        if draft.arrival[one] < 0.0:
            now, here = draft.team[team]["now"], draft.team[team]["here"]
            draft.arrival[one] = reach(data, draft, team, now, here, one)
            draft.stop[stop]["missing"] -= 1
            moved = 1
        if draft.stop[stop]["missing"] > 0:
            return moved
        if draft.stop[stop]["begin"] < 0.0 and not begin_stop(data, state, draft, stop):
            return moved
        start = draft.stop[stop]["begin"]
        now = start + data.service[team, one]
        if start > data.visit[one]["latest"] or now > data.team[team]["off"]:
            return -1
        draft.team[team]["now"] = now
        if data.visit[one]["place"] >= 0:
            draft.team[team]["here"] = data.visit[one]["place"]
        draft.team[team]["done"] += 1
        moved = 1
    return moved


@compiled
def set_out(data: Data, state: State, draft: Draft) -> None:
    """Put all teams at their beginnings, with nothing done."""
    for team in range(len(data.team)):
        draft.team[team]["now"] = data.team[team]["ready"]
        draft.team[team]["here"] = data.team[team]["origin"]
        draft.team[team]["done"] = 0
        fill(data, draft, team)
    for stop in range(len(data.stop)):
        draft.stop[stop]["begin"], draft.stop[stop]["missing"] = -1.0, 0
    for one in range(len(data.visit)):
        draft.arrival[one] = -1.0
        if state.call[one]["team"] >= 0:
            draft.stop[data.visit[one]["stop"]]["missing"] += 1


@compiled
def propagate(data: Data, state: State, draft: Draft) -> float:
    """Return the cost of all routes by times fixed together; infinite where they block or break."""
    set_out(data, state, draft)
    moved = 1
    while moved > 0:
        moved = 0
        for team in range(len(data.team)):
            went = advance(data, state, draft, team)
            if went < 0:
                return np.inf
            moved = max(moved, went)
    for team in range(len(data.team)):
        if draft.team[team]["done"] < state.line[team]["size"]:
            return np.inf
    cost = 0.0
    for one in range(len(data.visit)):
        if state.call[one]["team"] >= 0:
            stop = data.visit[one]["stop"]
            cost += price(data.visit, one, draft.stop[stop]["begin"], draft.stop[stop]["end"])
    return cost


@compiled
def refresh(data: Data, state: State, draft: Draft) -> None:
    """Set every time, floor and cost of a linked problem; its routes must not block."""
    state.total[0] = propagate(data, state, draft)
    for one in range(len(data.visit)):
        state.call[one]["floor"] = 0.0  # what is out waits for nobody
        if state.call[one]["team"] >= 0:
            begin = draft.stop[data.visit[one]["stop"]]["begin"]
            alone = max(draft.arrival[one], data.visit[one]["release"])
            state.call[one]["floor"] = begin if begin > alone else 0.0
    for team in range(len(data.team)):
        settle(data, state, draft, team)


@compiled
def objective(data: Data, state: State) -> float:
    """Return the cost of the routes and the penalties of what they leave out."""
    cost, line, call, stops = 0.0, state.line, state.call, data.stop
    if data.linked:
        cost = state.total[0]
    else:
        for team in range(len(line)):
            cost += line[team]["cost"]
    for stop in range(len(stops)):
        for one in range(stops[stop]["first"], stops[stop]["end"]):
            if call[one]["team"] < 0:
                cost += stops[stop]["penalty"]
                break
    return cost
