"""What each incident needs, by its own word or its response plan, and how high it is answered."""

from dataclasses import dataclass
from typing import Any

from models.dispatch import (
    RANKS,
    DispatchRequest,
    Incident,
    Need,
    ResponseLevel,
    ResponsePlan,
)


@dataclass(frozen=True)
class Asked:
    """One incident's needs and deadlines (seconds from now; None: none), level and severity.

    ``age_s`` is how long ago it was reported.
    """

    needs: tuple[Need, ...]
    first_s: float | None
    full_s: float | None
    level: ResponseLevel
    severity: int
    age_s: float


def asked(request: DispatchRequest) -> list[Asked]:
    """Return what every incident asks for; no needs where nobody says them."""
    by_id = {one.id: one for one in request.incidents}
    plans: dict[Any, ResponsePlan] = {}
    for plan in request.response_plans:
        plans.setdefault((plan.incident_kind, plan.level), plan)
    return [_asked(request, one, by_id, plans) for one in request.incidents]


def _asked(
    request: DispatchRequest,
    incident: Incident,
    by_id: dict[str, Incident],
    plans: dict[Any, ResponsePlan],
) -> Asked:
    level = _level(incident, by_id)
    plan = plans.get((incident.kind, level)) or plans.get((incident.kind, None))
    first = incident.first_within_s
    full = incident.full_within_s
    needs = incident.needs
    if plan is not None:
        first = plan.first_within_s if first is None else first
        full = plan.full_within_s if full is None else full
        needs = plan.needs if needs is None else needs
    age = request.now_s - incident.reported_s
    return Asked(
        needs=needs or (),
        first_s=None if first is None else first - age,
        full_s=None if full is None else full - age,
        level=level,
        severity=incident.severity or request.policy.severities.get(level, 1),
        age_s=age,
    )


def _level(incident: Incident, by_id: dict[str, Incident]) -> ResponseLevel:
    """Return the highest level of the incident and those above it; a cycle ends the walk."""
    level, seen = incident.level, {incident.id}
    above = incident.parent
    while above in by_id and above not in seen:
        seen.add(above)
        level = max(level, by_id[above].level, key=RANKS.__getitem__)
        above = by_id[above].parent
    return level
