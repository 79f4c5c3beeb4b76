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
    told = {t: one.command_span for t, one in enumerate(teams) if one.command_span is not None}
    going = solution.going
    led_at = np.unique(going[list(told)]) if told else going[:0]
    for i in led_at[led_at >= 0].tolist():
        incident = instance.request.incidents[i]
        there = np.flatnonzero(going == i).tolist()
        spans = {t: told[t] for t in there if t in told}
        if len(there) < 2:
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
    teams, incidents = instance.request.teams, instance.request.incidents
    first_due, need = instance.groups.first_due.tolist(), instance.groups.need.tolist()
    at = np.array(sorted(groups_of), dtype=np.intp)
    going, crews = solution.going[at], instance.crews
    there = crews.moving[at] & (crews.going[at] == going)
    leave = instance.request.now_s + np.where(there, 0.0, crews.leave_s[at])
    arrive = instance.request.now_s + instance.delay_s[going, at]
    orders = []
    columns = (at.tolist(), going.tolist(), leave.tolist(), arrive.tolist())
    for team, incident, leave_s, arrive_s in zip(*columns, strict=True):
        own = groups_of[team]
        if len(own) > 1:
            own.sort(key=lambda g: (not first_due[g], g))
        orders.append(
            Order.trusted(
                {
                    "team_id": teams[team].id,
                    "incident_id": incidents[incident].id,
                    "need": need[own[0]] if own else None,
                    "first_due": bool(own) and first_due[own[0]],
                    "leave_s": leave_s,
                    "arrive_s": arrive_s,
                    "fixed": why.get(team),
                    "extra_needs": tuple(sorted({need[g] for g in own[1:]})) if own[1:] else (),
                }
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
    open_needs = np.zeros(len(incidents), dtype=np.bool_)
    open_needs[groups.incident[short > 0.0]] = True
    at = np.flatnonzero(open_needs[groups.incident])
    found: dict[tuple[int, int], list[float]] = {}
    columns = (groups.incident[at], groups.need[at], asked[at], short[at])
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
