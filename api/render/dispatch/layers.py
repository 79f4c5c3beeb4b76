"""Map layers of a dispatch plan as GeoJSON: incidents, teams, and a line for every order."""

from typing import Any

from api.render.dispatch.spots import Feature, collection, line, point, spot
from api.render.dispatch.words import Words
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.text import Language


def layers(
    request: DispatchRequest, answer: DispatchAnswer, language: Language, *, plane: bool = False
) -> dict[str, dict[str, Any]]:
    """Return the layers ``orders``, ``incidents`` and ``teams``; none without a plan.

    Places without ``lat`` and ``lon`` are left out; with ``plane`` those without ``x_m`` and
    ``y_m``, and coordinates are metres.
    """
    if answer.plan is None:
        return {}
    words = Words(request, language)
    served = set(answer.plan.served_incidents)
    going = {one.team_id: words.incident(one.incident_id) for one in answer.plan.orders}
    incidents = [
        point(
            at,
            id=one.id,
            name=words.incident(one.id),
            kind=one.kind,
            level=one.level.value,
            served=one.id in served,
            illustrative=one.illustrative,
        )
        for one in request.incidents
        if (at := spot(one, plane=plane)) is not None
    ]
    teams = [
        point(
            at,
            id=one.id,
            name=words.team(one.id),
            kind=one.kind,
            status=one.status.value,
            incident=going.get(one.id),
            illustrative=one.illustrative,
        )
        for one in request.teams
        if (at := spot(one, plane=plane)) is not None
    ]
    return {
        "orders": collection(_orders(words, answer, answer.plan, plane=plane)),
        "incidents": collection(incidents),
        "teams": collection(teams),
    }


def _orders(
    words: Words, answer: DispatchAnswer, plan: DispatchPlan, *, plane: bool
) -> list[Feature]:
    """Return a line for every order: the way over the roads where it is known, else straight."""
    drawn = []
    ways = {one.team_id: list(one.line.coordinates) for one in answer.routes}
    for one in plan.orders:
        team, incident = words.teams[one.team_id], words.incidents[one.incident_id]
        start, end = spot(team, plane=plane), spot(incident, plane=plane)
        if start is None or end is None:
            continue
        drawn.append(
            line(
                [start, end] if plane else ways.get(team.id, [start, end]),
                team=words.team(team.id),
                incident=words.incident(incident.id),
                arrive_s=one.arrive_s,
                fixed=one.fixed,
                illustrative=team.illustrative or incident.illustrative,
            )
        )
    return drawn
