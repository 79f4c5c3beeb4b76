"""A solution in names: orders, open needs, reserve, figures."""

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchPlan, Order, ReserveLevel, UnservedNeed
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
    now, groups, crews = instance.request.now_s, instance.groups, instance.crews
    teams, incidents = instance.request.teams, instance.request.incidents
    orders = []
    for team in sorted(groups_of):
        own = sorted(groups_of[team], key=lambda g: (not groups.first_due[g], g))
        incident = int(solution.going[team])
        under_way = bool(crews.going[team] == incident and crews.moving[team])
        orders.append(
            Order(
                team_id=teams[team].id,
                incident_id=incidents[incident].id,
                need=int(groups.need[own[0]]) if own else None,
                first_due=bool(groups.first_due[own].any()) if own else False,
                leave_s=now + (0.0 if under_way else float(crews.leave_s[team])),
                arrive_s=now + float(instance.delay_s[incident, team]),
                fixed=why.get(team),
                extra_needs=tuple(sorted({int(groups.need[g]) for g in own[1:]})),
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
    found: dict[tuple[int, int], list[float]] = {}
    for g in range(len(groups)):
        key = (int(groups.incident[g]), int(groups.need[g]))
        asked = groups.asked_amount[g] if groups.is_amount[g] else groups.asked_slots[g]
        entry = found.setdefault(key, [0.0, 0.0])
        entry[0] += float(asked)
        entry[1] += float(short[g])
    return tuple(
        UnservedNeed(incident_id=incidents[i].id, need=k, asked=asked, short=missing)
        for (i, k), (asked, missing) in found.items()
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
