"""What each team may do, as arrays over its own visits; which problems that says all of."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from optimizer.algorithms.routes.problem import FloatArray, IndexArray, Problem

_READ = ("place", "stop", "party", "role", "service", "eligible", "setup", "load")  # of visits


class Ways(NamedTuple):
    """A team's open visits, numbered anew, from where its locked visits leave it."""

    visit: IndexArray  # (own,) its number in the problem
    weight: FloatArray  # (own,) per second of completion
    service: FloatArray  # (own,)
    release: FloatArray  # (own,)
    due: FloatArray  # (own,)
    late: FloatArray  # (own,) per second that the start is after `due`
    latest: FloatArray  # (own,) start
    first: FloatArray  # (own,) arrival where nothing is visited before
    between: FloatArray  # (own, own) from the end of one to the arrival at another
    before: float  # cost of the locked visits


def ways_of(problem: Problem) -> list[Ways] | None:
    """Return each team's ways; None where routes mean more than these arrays say.

    That is where teams wait for each other or carry loads, visits have no place or want different
    teams, nothing ends a day, or a visit on the way makes another earlier.
    """
    visits, stops = problem.visits, problem.stops
    unread = (getattr(visits, name) for name in visits._fields if name not in _READ)
    if any(one.size for one in unread):
        return None
    apart = len(np.unique(visits.party)) == len(visits.party) == len(stops.weight)
    if problem.linked or not apart or (visits.place < 0).any() or visits.load.any():
        return None
    locked = problem.teams.locked[problem.teams.locked >= 0]
    ways = [_ways(problem, team, locked) for team in range(len(problem.teams.origin))]
    return ways if all(map(_sound, ways)) else None


def _ways(problem: Problem, team: int, locked: IndexArray) -> Ways:
    visits, stops, teams = problem.visits, problem.stops, problem.teams
    travel = problem.travel[teams.profile[team]]
    now, here, before = float(teams.ready[team]), int(teams.origin[team]), 0.0
    for one in teams.locked[team][teams.locked[team] >= 0].tolist():
        there = int(visits.place[one])
        now += travel[here, there] + (visits.setup[one] if here != there else 0.0)
        start = max(now, float(stops.release[one]))
        now, here = start + float(visits.service[team, one]), there
        before += stops.weight[one] * now + stops.late[one] * max(0.0, start - stops.due[one])
    own = np.setdiff1d(np.flatnonzero(visits.eligible[team]), locked)
    place, setup = visits.place[own], visits.setup[own]
    service = visits.service[team, own]
    return Ways(
        visit=own.astype(np.int64),
        weight=stops.weight[own],
        service=service,
        release=stops.release[own],
        due=stops.due[own],
        late=stops.late[own],
        latest=np.minimum(stops.latest[own], teams.off[team] - service),
        first=now + travel[here, place] + np.where(place != here, setup, 0.0),
        between=travel[np.ix_(place, place)]
        + np.where(place[:, None] != place[None, :], setup[None, :], 0.0),
        before=float(before),
    )


def _sound(ways: Ways) -> bool:
    """Return whether times are finite and no visit on the way makes another earlier."""
    if not all(np.isfinite(one).all() for one in (ways.first, ways.between)):
        return False
    if not (np.isfinite(ways.latest) | (ways.weight > 0.0)).all():
        return False
    for stay, to, on in zip(ways.service, ways.between.T, ways.between, strict=True):
        if (ways.between > to[:, None] + stay + on[None, :]).any():
            return False
    begin = ways.first[:, None] + ways.service[:, None] + ways.between
    return not (ways.first[None, :] > begin).any()


def within_reach(ways: Sequence[Ways]) -> IndexArray:
    """Return the visits, locked ones apart, that some team could begin in time."""
    reached = [one.visit[np.maximum(one.first, one.release) <= one.latest] for one in ways]
    return np.unique(np.concatenate(reached))


def cost_of(ways: Ways, route: tuple[int, ...]) -> float:
    """Return what a route of the problem's visits costs, its locked visits apart."""
    own = np.searchsorted(ways.visit, route).tolist()
    now, cost, before = 0.0, 0.0, -1
    for one in own:
        arrival = ways.first[one] if before < 0 else now + ways.between[before, one]
        start = max(arrival, ways.release[one])
        now = start + ways.service[one]
        cost += ways.weight[one] * now + ways.late[one] * max(0.0, start - ways.due[one])
        before = one
    return float(cost)
