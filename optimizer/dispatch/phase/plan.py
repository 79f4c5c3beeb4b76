"""A schedule of visits in names and on the clock, with its figures."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.dispatch.phase import Call, PhasePlan, Round
from optimizer.algorithms.routes.search import Schedule
from optimizer.dispatch.phase.instance import Instance

_NEAR_S = 1e-3


def plan_of(instance: Instance, schedule: Schedule) -> PhasePlan:
    """Return the plan: rounds of the teams that go anywhere, and what they leave undone."""
    situation = instance.request.situation
    legs = _legs(instance, schedule)
    dark = _by_night(instance, schedule, legs)
    stop = instance.problem.visits.stop
    rounds = [
        Round(
            team_id=situation.teams[team].id,
            leave_s=situation.now_s + float(instance.problem.teams.ready[team]),
            calls=tuple(
                _call(instance, schedule, visit, legs[visit], dark=int(stop[visit]) in dark)
                for visit in route
            ),
        )
        for team, route in enumerate(schedule.routes)
        if route
    ]
    return PhasePlan(
        rounds=tuple(rounds),
        unserved=tuple(situation.incidents[i].id for i in _undone(instance, schedule)),
        **_figures(instance, schedule),
        **_targets(instance, schedule),
    )


def routes_of(instance: Instance, plan: PhasePlan) -> list[list[int]]:
    """Return the visits of each team in a plan's order, without those that there are not."""
    situation = instance.request.situation
    incident_at = {one.id: i for i, one in enumerate(situation.incidents)}
    rounds = {one.team_id: one.calls for one in plan.rounds}
    left: dict[tuple[int | None, int, int | None], list[int]] = {}
    for visit, slot in reversed(list(enumerate(instance.slots))):
        left.setdefault((slot.incident, slot.need, slot.team), []).append(visit)
    routes: list[list[int]] = []
    for t, team in enumerate(situation.teams):
        routes.append([])
        for call in rounds.get(team.id, ()):
            known = call.incident_id is None or call.incident_id in incident_at
            rest = call.incident_id is None
            incident = None if rest else incident_at.get(call.incident_id or "")
            visits = left.get((incident, call.need, t if rest else None), [])
            if known and visits:
                routes[-1].append(visits.pop())
    return routes


def _undone(instance: Instance, schedule: Schedule) -> list[int]:
    missing = np.isnan(schedule.start)
    return sorted(
        {
            slot.incident
            for slot, out in zip(instance.slots, missing, strict=True)
            if out and slot.incident is not None
        }
    )


@dataclass(frozen=True)
class _Leg:
    """How a team comes to a visit; times from now. ``walks``: it goes up on foot."""

    team: int
    arrive_s: float
    depot: int | None = None
    walks: bool = False


def _legs(instance: Instance, schedule: Schedule) -> dict[int, _Leg]:
    """Return how each visit is come to, as soon as that can be."""
    legs: dict[int, _Leg] = {}
    for team, route in enumerate(schedule.routes):
        legs |= dict(zip(route, _along(instance, schedule, team, route), strict=True))
    return legs


def _along(
    instance: Instance, schedule: Schedule, team: int, route: tuple[int, ...]
) -> Iterator[_Leg]:
    problem, ways = instance.problem, instance.ways
    profile, capacity = ways.profile[team], problem.teams.capacity[team]
    travel, stock = ways.travel_s[profile], capacity.copy()
    place, free = int(problem.teams.origin[team]), float(problem.teams.ready[team])
    for visit in route:
        there, arrive, depot = int(problem.visits.place[visit]), free, None
        if there >= 0:
            arrive += float(travel[place, there])
            if (stock < problem.visits.load[visit]).any():
                by = travel[place, problem.depots] + travel[problem.depots, there]
                by = by + problem.fill @ (capacity - stock)
                depot, stock = int(by.argmin()), capacity.copy()
                arrive = free + float(by[depot] + problem.teams.reload[team])
            stock -= problem.visits.load[visit]
        moves = there >= 0 and (there != place or depot is not None)
        yield _Leg(team, arrive, depot, moves and float(ways.up_s[profile, there]) > 0.0)
        place, free = (place if there < 0 else there), float(schedule.finish[visit])


def _by_night(instance: Instance, schedule: Schedule, legs: dict[int, _Leg]) -> set[int]:
    """Return the stops that only wait for the day: all are there, and what comes before is done."""
    problem = instance.problem
    if not problem.visits.shut.size:
        return set()
    ready = problem.stops.release.copy()
    stop = problem.visits.stop
    for visit, leg in legs.items():
        ready[stop[visit]] = max(ready[stop[visit]], leg.arrive_s)
    for first, second in problem.pairs.tolist():
        done = float(schedule.finish[stop == first].max())
        if not np.isnan(done):
            ready[second] = max(ready[second], done)
    return {
        int(stop[visit]) for visit in legs if schedule.start[visit] > ready[stop[visit]] + _NEAR_S
    }


def _call(instance: Instance, schedule: Schedule, visit: int, leg: _Leg, *, dark: bool) -> Call:
    request, slot = instance.request, instance.slots[visit]
    now, start = request.situation.now_s, float(schedule.start[visit])
    up, back, road_end = 0.0, 0.0, None
    there = int(instance.problem.visits.place[visit])
    arrive = leg.arrive_s
    if there >= 0:
        profile = instance.ways.profile[leg.team]
        back = float(instance.ways.back_s[profile, there])
        if leg.walks:
            up = float(instance.ways.up_s[profile, there])
            road_end = now + arrive - up
            # Who must not be on the slope at night waits where the road ends.
            arrive = start if request.no_foot_at_night is not None else arrive
    return Call(
        incident_id=None
        if slot.incident is None
        else request.situation.incidents[slot.incident].id,
        need=slot.need,
        first_due=slot.first_due,
        by_depot=None if leg.depot is None else request.depots[leg.depot].id,
        road_end_s=road_end,
        walk_s=up,
        arrive_s=now + arrive,
        start_s=now + start,
        finish_s=now + float(schedule.finish[visit]),
        back_s=back,
        waits_for_day=dark,
    )


def _targets(instance: Instance, schedule: Schedule) -> dict[str, int]:
    """Return how many incidents should be complete within a time, and how many are."""
    situation, incident = instance.request.situation, instance.problem.visits.place
    at = {one.id: i for i, one in enumerate(situation.incidents)}
    wanted = {
        at[one.incident_id]: situation.incidents[at[one.incident_id]].reported_s + one.done_within_s
        for one in instance.request.works
        if one.done_within_s is not None
    }
    # Without times there is no end: a missing visit makes its incident's end no number.
    ends = {i: situation.now_s + schedule.finish[incident == i].max() for i in wanted}
    met = sum(bool(ends[i] <= until_s + _NEAR_S) for i, until_s in wanted.items())
    return {"targets": len(wanted), "targets_met": met}


def _figures(instance: Instance, schedule: Schedule) -> dict[str, float]:
    """Return the figures, counted stop by stop."""
    stops, stop = instance.problem.stops, instance.problem.visits.stop
    start, finish = np.full(len(stops.weight), -np.inf), np.full(len(stops.weight), -np.inf)
    np.maximum.at(start, stop, np.nan_to_num(schedule.start, nan=np.inf))
    np.maximum.at(finish, stop, np.nan_to_num(schedule.finish, nan=np.inf))
    served = np.isfinite(finish)
    late_s = np.where(served, np.maximum(0.0, np.where(served, start, 0.0) - stops.due), 0.0)
    completion = float(stops.weight[served] @ finish[served])
    lateness = float(stops.late @ late_s)
    real = stops.weight > 0.0
    left_out = float(stops.penalty[~served & real].sum())
    worked = served & real
    return {
        "severity_served": float(stops.weight[served].sum()),
        "severity_total": float(stops.weight.sum()),
        "completion": completion,
        "lateness": lateness,
        "left_out": left_out,
        "objective": completion + lateness + left_out,
        "done_s": instance.request.situation.now_s + float(finish[worked].max(initial=0.0)),
    }
