"""A solution in names: orders, open needs, reserve, figures."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.dispatch import Command, DispatchPlan, Order, ReserveLevel, UnservedNeed
from optimizer.dispatch.crews import NOBODY
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
    teams, incidents = instance.request.teams, instance.request.incidents
    pair_team = np.concatenate([solution.team, fixed.team])
    pair_group = np.concatenate([solution.group, fixed.group])
    first_due = np.append(instance.groups.first_due, False)[pair_group]  # the last: of no group
    sort = np.lexsort((pair_group, ~first_due, pair_team))
    at, begin = np.unique(pair_team[sort], return_index=True)
    need = np.append(instance.groups.need, NOBODY)[pair_group[sort]]
    why = dict(zip(fixed.team.tolist(), fixed.why, strict=True))
    further = _further(at, begin, need.tolist())
    going, crews = solution.going[at], instance.crews
    there = crews.moving[at] & (crews.going[at] == going)
    leave = instance.request.now_s + np.where(there, 0.0, crews.leave_s[at])
    arrive = instance.request.now_s + instance.delay_s[going, at]
    first, lead = first_due[sort][begin], need[begin]
    columns = (at, going, lead, first, leave, arrive)
    return tuple(
        Order.trusted(
            {
                "team_id": teams[team].id,
                "incident_id": incidents[incident].id,
                "need": None if own == NOBODY else own,
                "first_due": leads,
                "leave_s": leave_s,
                "arrive_s": arrive_s,
                "fixed": why.get(team),
                "extra_needs": further.get(team, ()),
            }
        )
        for team, incident, own, leads, leave_s, arrive_s in zip(
            *(one.tolist() for one in columns), strict=True
        )
    )


def _further(teams: IntArray, begin: IntArray, need: list[int]) -> dict[int, tuple[int, ...]]:
    """Return the needs that teams of several pairs fill beside their first, by team."""
    ends = np.append(begin[1:], len(need))
    several = np.flatnonzero(ends - begin > 1)
    return {
        int(teams[k]): tuple(sorted(set(need[begin[k] + 1 : ends[k]]))) for k in several.tolist()
    }


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
        UnservedNeed.trusted(
            {"incident_id": incidents[i].id, "need": k, "asked": wanted, "short": missing}
        )
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
