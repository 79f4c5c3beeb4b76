"""A check of schedules that shares nothing with the search but the problem itself.

It takes the times as they are given and asks of each whether it is possible, instead of working
out times of its own; only the objective is counted afresh.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from optimizer.algorithms.routes.problem import FloatArray, Problem

_TOLERANCE_S = 2e-6
_DAY_S = 86_400.0


def broken_rules(
    problem: Problem, routes: Sequence[Sequence[int]], start: FloatArray
) -> tuple[str, ...]:
    """Return what is wrong with a schedule, as ``rule: which``; nothing where all is well."""
    return (
        *_who(problem, routes),
        *(
            fault
            for team, route in enumerate(routes)
            for fault in _on_the_way(problem, team, route, start)
        ),
        *_nights(problem, routes, start),
        *_stops(problem, routes, start),
        *_order(problem, routes, start),
    )


def objective_of(problem: Problem, routes: Sequence[Sequence[int]], start: FloatArray) -> float:
    """Return the weighted completion, lateness and penalties of a schedule."""
    finish = _finishes(problem, routes, start)
    total = 0.0
    for stop in range(len(problem.stops.weight)):
        visits = np.flatnonzero(problem.visits.stop == stop)
        if np.isnan(finish[visits]).any():
            total += float(problem.stops.penalty[stop])
            continue
        late_s = max(0.0, float(start[visits].max() - problem.stops.due[stop]))
        total += float(problem.stops.weight[stop]) * float(finish[visits].max())
        total += float(problem.stops.late[stop]) * late_s
    return total


def _finishes(problem: Problem, routes: Sequence[Sequence[int]], start: FloatArray) -> FloatArray:
    finish = np.full(len(start), np.nan)
    for team, route in enumerate(routes):
        for visit in route:
            finish[visit] = start[visit] + problem.visits.service[team, visit]
    return finish


def _who(problem: Problem, routes: Sequence[Sequence[int]]) -> Iterator[str]:
    """Say which visits have the wrong team or several, and which beginnings are not kept."""
    listed = [visit for route in routes for visit in route]
    if len(set(listed)) < len(listed):
        yield "once: a visit stands in several places"
    for team, route in enumerate(routes):
        for visit in route:
            if not problem.visits.eligible[team, visit]:
                yield f"eligible: team {team} visit {visit}"
        stops = problem.visits.stop[list(route)].tolist()
        if len(set(stops)) < len(stops):
            yield f"crew: team {team} counts twice for one stop"
        roles = problem.visits.role[list(route)].tolist()
        parties = problem.visits.party[list(route)].tolist()
        pairs = list(zip(parties, roles, strict=True))
        most = max(Counter(parties).values(), default=0)
        if len(set(pairs)) < len(pairs) or most > problem.teams.roles[team]:
            yield f"party: team {team} counts too often for one party"
        locked = [visit for visit in problem.teams.locked[team].tolist() if visit >= 0]
        if list(route[: len(locked)]) != locked:
            yield f"locked: team {team}"


def _on_the_way(
    problem: Problem, team: int, route: Sequence[int], start: FloatArray
) -> Iterator[str]:
    """Follow one team, with what it carries, and say where it cannot be in time."""
    teams, visits = problem.teams, problem.visits
    travel = problem.travel[teams.profile[team]]
    place, free_s = int(teams.origin[team]), float(teams.ready[team])
    stock = teams.capacity[team].copy()
    for visit in route:
        there = int(visits.place[visit])
        if there >= 0:
            way_s = float(travel[place, there])
            if (stock < visits.load[visit]).any():
                ways = travel[place, problem.depots] + travel[problem.depots, there]
                ways = ways + problem.fill @ (teams.capacity[team] - stock)
                way_s = float(min(ways, default=np.inf)) + float(teams.reload[team])
                stock = teams.capacity[team].copy()
            if (stock < visits.load[visit]).any():
                yield f"load: team {team} visit {visit}"
            stock = stock - visits.load[visit]
            free_s += way_s + (float(visits.setup[visit]) if there != place else 0.0)
            place = there
        if not start[visit] >= free_s - _TOLERANCE_S:
            yield f"travel: team {team} visit {visit}"
        free_s = float(start[visit]) + float(visits.service[team, visit])
    if route and free_s > teams.off[team] + _TOLERANCE_S:
        yield f"shift: team {team}"


def _nights(problem: Problem, routes: Sequence[Sequence[int]], start: FloatArray) -> Iterator[str]:
    """Say which visits begin when a night shuts them."""
    for team, route in enumerate(routes if problem.visits.shut.size else ()):
        for visit in route:
            begins, long = problem.visits.shut[team, visit].tolist()
            if _TOLERANCE_S < (float(start[visit]) - begins) % _DAY_S < long - _TOLERANCE_S:
                yield f"night: team {team} visit {visit}"


def _stops(problem: Problem, routes: Sequence[Sequence[int]], start: FloatArray) -> Iterator[str]:
    """Say which stops begin at a wrong time or in parts."""
    finish = _finishes(problem, routes, start)
    for stop in range(len(problem.stops.weight)):
        visits = np.flatnonzero(problem.visits.stop == stop)
        visited = ~np.isnan(finish[visits])
        if not visited.any():
            continue
        if not visited.all():
            yield f"whole: stop {stop}"
            continue
        if np.ptp(start[visits]) > _TOLERANCE_S:
            yield f"together: stop {stop}"
        if start[visits].min() < problem.stops.release[stop] - _TOLERANCE_S:
            yield f"release: stop {stop}"
        if start[visits].max() > problem.stops.latest[stop] + _TOLERANCE_S:
            yield f"latest: stop {stop}"


def _order(problem: Problem, routes: Sequence[Sequence[int]], start: FloatArray) -> Iterator[str]:
    """Say which stops begin before what they wait for is complete, or is done at all."""
    finish = _finishes(problem, routes, start)
    for first, second in problem.pairs.tolist():
        visits = np.flatnonzero(problem.visits.stop == second)
        done = finish[problem.visits.stop == first].max()
        begun = not np.isnan(finish[visits]).any()
        if begun and not start[visits].min() >= done - _TOLERANCE_S:
            yield f"before: stop {first} stop {second}"
