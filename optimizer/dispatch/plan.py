"""A solution in names: orders, open needs, reserve, figures."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.dispatch import Command, DispatchPlan, Order, ReserveLevel, UnservedNeed
from optimizer.dispatch.solution import Solution

IntArray = NDArray[np.intp]


def plan_of(solution: Solution) -> DispatchPlan:
    """Return the plan of a solution."""
    instance = solution.instance
    incidents = instance.request.incidents
    severity = instance.severity
    served = np.flatnonzero(solution.share >= 1.0 - 1e-9)
    return DispatchPlan(
        orders=_orders(solution),
        unserved=_unserved(solution),
        reserve=_reserve(solution),
        served_incidents=tuple(incidents[i].id for i in served.tolist()),
        severity_served=solution.severity,
        severity_total=float(severity.sum()),
        reserve_shortfall=solution.shortfall,
        response=solution.response,
        diversions=solution.diversions,
        commands=tuple(_commands(solution)),
    )


def _commands(solution: Solution) -> Iterator[Command]:
    """Yield who commands at each incident that several teams go to."""
    instance = solution.instance
    teams = instance.request.teams
    for i, incident in enumerate(instance.request.incidents):
        there = np.flatnonzero(solution.going == i).tolist()
        spans = {t: span for t in there if (span := teams[t].command_span) is not None}
        if len(there) < 2 or not spans:
            continue
        first = min(spans, key=lambda t: (-spans[t], t))
        led = len(there) - 1
        yield Command(
            incident_id=incident.id,
            team_id=teams[first].id,
            led=led,
            span=spans[first],
            over=max(0, led - spans[first]),
        )


def _orders(solution: Solution) -> tuple[Order, ...]:
    """Return one order a team, in the order of the teams."""
    instance, fixed = solution.instance, solution.instance.fixed
    groups_of: dict[int, list[int]] = {}
    for group, team in zip(solution.group.tolist(), solution.team.tolist(), strict=True):
        groups_of.setdefault(team, []).append(group)
    why = dict(zip(fixed.team.tolist(), fixed.why, strict=True))
    for group, team in zip(fixed.group.tolist(), fixed.team.tolist(), strict=True):
        groups_of[team] = [group] if group >= 0 else []
    now, crews = instance.request.now_s, instance.crews
    teams, incidents = instance.request.teams, instance.request.incidents
    first_due, need = instance.groups.first_due.tolist(), instance.groups.need.tolist()
    going, leave = solution.going.tolist(), crews.leave_s.tolist()
    there = (crews.moving & (crews.going == solution.going)).tolist()
    orders = []
    for team in sorted(groups_of):
        own = sorted(groups_of[team], key=lambda g: (not first_due[g], g))
        incident = going[team]
        orders.append(
            Order(
                team_id=teams[team].id,
                incident_id=incidents[incident].id,
                need=need[own[0]] if own else None,
                first_due=any(first_due[g] for g in own),
                leave_s=now + (0.0 if there[team] else leave[team]),
                arrive_s=now + float(instance.delay_s[incident, team]),
                fixed=why.get(team),
                extra_needs=tuple(sorted({need[g] for g in own[1:]})),
            )
        )
    return tuple(orders)


def _unserved(solution: Solution) -> tuple[UnservedNeed, ...]:
    """Return the needs of which something is missing, by incident and need."""
    groups, incidents = solution.instance.groups, solution.instance.request.incidents
    short = np.where(
        groups.is_amount,
        np.maximum(groups.amount - solution.brought, 0.0),
        groups.slots - np.minimum(solution.filled, groups.slots),
    )
    short[solution.met] = 0.0
    asked = np.where(groups.is_amount, groups.asked_amount, groups.asked_slots)
    found: dict[tuple[int, int], list[float]] = {}
    columns = (groups.incident, groups.need, asked, short)
    for i, k, wanted, missing in zip(*(one.tolist() for one in columns), strict=True):
        entry = found.setdefault((i, k), [0.0, 0.0])
        entry[0] += float(wanted)
        entry[1] += float(missing)
    return tuple(
        UnservedNeed(incident_id=incidents[i].id, need=k, asked=wanted, short=missing)
        for (i, k), (wanted, missing) in found.items()
        if missing > 0.0
    )


def _reserve(solution: Solution) -> tuple[ReserveLevel, ...]:
    reserve = solution.instance.reserve
    after = reserve.after(solution.going >= 0)
    return tuple(
        ReserveLevel(
            rule=r,
            before=int(reserve.before[r]),
            after=int(after[r]),
            wanted=int(reserve.wanted[r]),
            shortfall=max(0, int(reserve.wanted[r] - after[r])),
        )
        for r in range(len(reserve))
    )
