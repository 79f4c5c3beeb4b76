"""What is best in a tiny dispatch request, by trying every plan."""

import itertools
import math

from models.dispatch import DispatchRequest, Incident, Team, TeamNeed, TeamStatus


def arrival(request: DispatchRequest, team: Team, incident: Incident) -> float:
    """Return the seconds until a ready team arrives, in a request on a plane by one law."""
    travel = request.modes[0].travel
    away = math.hypot(team.x_m - incident.x_m, team.y_m - incident.y_m)
    seconds = away * travel.detour_factor / travel.scenarios[0].law.speed_m_s
    return team.turnout_s + seconds


def could(request: DispatchRequest, team: Team, incident: Incident, need: TeamNeed) -> bool:
    """Return whether a team may fill a need: it is ready, can do it, and comes in time."""
    skilled = need.skill is None or team.skills.get(need.skill, 0) >= need.min_skilled
    waited = request.now_s - incident.reported_s
    late = math.inf if incident.full_within_s is None else incident.full_within_s - waited
    on_time = arrival(request, team, incident) <= late + 1e-9
    return team.status is TeamStatus.READY and skilled and on_time


def best_by_trying(request: DispatchRequest) -> tuple[float, int, float]:
    """Return the best (severity, reserve shortfall, response) of all plans."""
    needs = [(i, k) for i, one in enumerate(request.incidents) for k in range(len(one.needs))]
    options = []
    for team in request.teams:
        fits = [
            (i, k)
            for i, k in needs
            if could(request, team, request.incidents[i], request.incidents[i].needs[k])
        ]
        options.append([None, *fits])
    values = [_value(request, plan) for plan in itertools.product(*options)]
    severity, shortfall, response = min(one for one in values if one is not None)
    return -severity, shortfall, response


def _value(request: DispatchRequest, plan: tuple) -> tuple[float, int, float] | None:
    served = 0.0
    for i, incident in enumerate(request.incidents):
        had = [plan.count((i, k)) for k in range(len(incident.needs))]
        asked = [need.teams for need in incident.needs]
        if any(h > a for h, a in zip(had, asked, strict=True)):
            return None
        if not incident.partial and any(had) and had != asked:
            return None
        share = sum(had) / sum(asked)
        served += incident.severity * (share if incident.partial else float(had == asked))
    sent = [team for team, where in zip(request.teams, plan, strict=True) if where]
    shortfall = 0
    for rule in request.policy.reserve:
        members = [t for t in request.teams if rule.zone in (None, t.zone)]
        left = sum(team not in sent for team in members)
        if rule.hard and left < min(rule.teams, len(members)):
            return None
        shortfall += max(0, rule.teams - left)
    response = sum(
        request.incidents[where[0]].severity * arrival(request, team, request.incidents[where[0]])
        for team, where in zip(request.teams, plan, strict=True)
        if where
    )
    return (-round(served, 6), shortfall, response)
