"""Map layers of a dispatch plan as GeoJSON: incidents, teams, and a line for every order."""

from typing import Any

from api.render.dispatch.words import Words
from models.dispatch import DispatchAnswer, DispatchRequest
from models.places import Place
from models.text import Language

Feature = dict[str, Any]


def layers(
    request: DispatchRequest, answer: DispatchAnswer, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the layers ``incidents``, ``teams`` and ``orders``; none without a plan.

    Places without ``lat`` and ``lon`` are left out.
    """
    if answer.plan is None:
        return {}
    words = Words(request, language)
    served = set(answer.plan.served_incidents)
    going = {one.team_id: one.incident_id for one in answer.plan.orders}
    incidents = [
        _point(
            one,
            id=one.id,
            name=words.incident(one.id),
            kind=one.kind,
            level=one.level.value,
            served=one.id in served,
            illustrative=one.illustrative,
        )
        for one in request.incidents
        if one.lat is not None
    ]
    teams = [
        _point(
            one,
            id=one.id,
            name=words.team(one.id),
            kind=one.kind,
            status=one.status.value,
            incident=going.get(one.id),
            illustrative=one.illustrative,
        )
        for one in request.teams
        if one.lat is not None
    ]
    return {
        "incidents": _collection(incidents),
        "teams": _collection(teams),
        "orders": _collection(_orders(words, answer)),
    }


def _orders(words: Words, answer: DispatchAnswer) -> list[Feature]:
    assert answer.plan is not None
    drawn = []
    for one in answer.plan.orders:
        start, end = words.teams[one.team_id], words.incidents[one.incident_id]
        if start.lat is None or end.lat is None:
            continue
        drawn.append(
            {
                "type": "Feature",
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[start.lon, start.lat], [end.lon, end.lat]],
                },
                "properties": {
                    "team": one.team_id,
                    "incident": one.incident_id,
                    "arrive_s": one.arrive_s,
                    "fixed": one.fixed,
                    "illustrative": start.illustrative or end.illustrative,
                },
            }
        )
    return drawn


def _point(place: Place, **properties: object) -> Feature:
    geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
