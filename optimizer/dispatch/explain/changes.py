"""What changed against the orders in force, and why; what looks doubtful in the request."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchRequest, OrderChange
from models.places import Place
from models.text import Label, Text
from optimizer.dispatch.crews import NOBODY
from optimizer.dispatch.solution import Solution
from optimizer.travel.distance import Positions

IntArray = NDArray[np.intp]


def changes(solution: Solution, before: IntArray | None = None) -> Iterator[OrderChange]:
    """Yield every team whose order is new, other than the one in force, or the same.

    ``before`` (team,) are incidents to compare with in place of those in force.
    """
    instance = solution.instance
    was, now = instance.crews.going if before is None else before, solution.going
    fixed = dict(zip(instance.fixed.team.tolist(), instance.fixed.why, strict=True))
    incidents = instance.request.incidents
    for team in np.flatnonzero((was >= 0) | (now >= 0)).tolist():
        kind, code = _kind(solution, (int(was[team]), int(now[team])), fixed.get(team))
        yield OrderChange(
            team_id=instance.request.teams[team].id,
            change=kind,
            was=None if was[team] == NOBODY else incidents[was[team]].id,
            now=None if now[team] == NOBODY else incidents[now[team]].id,
            why=Text(
                code=f"dispatch.why.{code}",
                values={
                    "was": _name(solution, int(was[team])),
                    "now": _name(solution, int(now[team])),
                },
            ),
        )


def _kind(solution: Solution, ways: tuple[int, int], fixed: str | None) -> tuple[str, str]:
    """Return the change and the code of its reason."""
    was, now = ways
    if was == now:
        return "kept", fixed or "kept"
    if was == NOBODY:
        return "new", fixed or "new"
    if now == NOBODY:
        return "recalled", "not_served" if solution.share[was] < 1.0 else "not_needed"
    if fixed:
        return "diverted", fixed
    severity = solution.instance.severity
    return "diverted", "graver" if severity[now] > severity[was] else "better"


def _name(solution: Solution, incident: int) -> Label | str:
    if incident == NOBODY:
        return "–"
    one = solution.instance.request.incidents[incident]
    return one.name or one.id


def stale_teams(request: DispatchRequest) -> tuple[str, ...]:
    """Return the teams whose position was last heard too long ago."""
    oldest = request.now_s - request.policy.stale_after_s
    teams = request.teams
    return tuple(one.id for one in teams if one.position_s is not None and one.position_s < oldest)


def duplicates(request: DispatchRequest) -> tuple[tuple[str, str], ...]:
    """Return pairs of incidents of one kind so near in place and time that they may be one."""
    incidents, policy = request.incidents, request.policy
    places = _positions(incidents)
    if places is None:
        return ()
    reported = np.array([one.reported_s for one in incidents])
    kinds = np.unique([one.kind for one in incidents], return_inverse=True)[1]
    near = places.distances_m(places) <= policy.same_within_m
    near &= np.abs(reported[:, None] - reported[None]) <= policy.same_within_s
    near &= kinds[:, None] == kinds[None]
    pairs = np.argwhere(np.triu(near, 1)).tolist()
    related = {(one.id, one.parent) for one in incidents}
    named = ((incidents[i].id, incidents[j].id) for i, j in pairs)
    return tuple(one for one in named if one not in related and one[::-1] not in related)


def _positions(places: tuple[Place, ...]) -> Positions | None:
    """Return the positions of places, None where some place has none."""
    for first, second in (("lat", "lon"), ("x_m", "y_m")):
        pairs = [(getattr(one, first), getattr(one, second)) for one in places]
        if places and all(None not in pair for pair in pairs):
            array = np.array(pairs, dtype=np.float64)
            return Positions(array[:, 0], array[:, 1], planar=first == "x_m")
    return None
