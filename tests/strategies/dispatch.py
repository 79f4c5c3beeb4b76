"""Dispatch requests by hand: small towns on a line, with times that are easy to tell."""

from typing import Any

from models.dispatch import DispatchRequest

_TRAVEL = {
    "kind": "coordinates",
    "detour_factor": 1.0,
    "scenarios": [{"law": {"kind": "constant_speed", "speed_m_s": 10.0}}],
}


def team(team_id: str, x_m: float, **more: Any) -> dict[str, Any]:
    """Return a ready team at ``x_m`` that can pump, has no turnout, and ten people."""
    base = {
        "id": team_id,
        "x_m": x_m,
        "y_m": 0.0,
        "skills": {"pump": 2},
        "people": 10,
        "turnout_s": 0,
    }
    return base | more


def incident(incident_id: str, x_m: float, **more: Any) -> dict[str, Any]:
    """Return an incident at ``x_m`` of severity 1 that wants one pumping team."""
    base = {"id": incident_id, "x_m": x_m, "y_m": 0.0, "severity": 1, "partial": False}
    needs = more.pop("needs", [{"skill": "pump"}])
    told = None if needs is None else [{"kind": "teams"} | one for one in needs]
    return base | {"needs": told} | more


def town(teams: list[Any], incidents: list[Any], **more: Any) -> DispatchRequest:
    """Return a town on a line, where ten metres take a second."""
    document = {
        "teams": teams,
        "incidents": incidents,
        "modes": [{"id": "road", "travel": _TRAVEL}],
        "deadline_ms": 60_000,
        **more,
    }
    return DispatchRequest.model_validate(document)
