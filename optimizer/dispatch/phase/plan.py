"""A schedule of visits in names and on the clock, with its figures."""

import numpy as np

from models.dispatch.phase import Call, PhasePlan, Round
from optimizer.algorithms.routes.search import Schedule
from optimizer.dispatch.phase.instance import Instance


def plan_of(instance: Instance, schedule: Schedule) -> PhasePlan:
    """Return the plan: rounds of the teams that go anywhere, and what they leave undone."""
    situation = instance.request.situation
    rounds = [
        Round(
            team_id=situation.teams[team].id,
            leave_s=situation.now_s + float(instance.problem.teams.ready[team]),
            calls=_calls(instance, schedule, team, route),
        )
        for team, route in enumerate(schedule.routes)
        if route
    ]
    return PhasePlan(
        rounds=tuple(rounds),
        unserved=tuple(situation.incidents[i].id for i in _undone(instance, schedule)),
        **_figures(instance, schedule),
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


def _calls(
    instance: Instance, schedule: Schedule, team: int, route: tuple[int, ...]
) -> tuple[Call, ...]:
    problem, request = instance.problem, instance.request
    travel = problem.travel[problem.teams.profile[team]]
    place, free = int(problem.teams.origin[team]), float(problem.teams.ready[team])
    stock = problem.teams.capacity[team].copy()
    calls: list[Call] = []
    for visit in route:
        slot, there = instance.slots[visit], int(problem.visits.place[visit])
        arrive, depot = free, None
        if there >= 0:
            arrive += float(travel[place, there])
            if (stock < problem.visits.load[visit]).any():
                ways = travel[place, problem.depots] + travel[problem.depots, there]
                depot = request.depots[int(ways.argmin())].id
                arrive = free + float(ways.min() + problem.teams.reload[team])
                stock = problem.teams.capacity[team].copy()
            stock -= problem.visits.load[visit]
            arrive += float(problem.visits.setup[visit]) if there != place else 0.0
            place = there
        now = request.situation.now_s
        calls.append(
            Call(
                incident_id=(
                    None if slot.incident is None else request.situation.incidents[slot.incident].id
                ),
                need=slot.need,
                first_due=slot.first_due,
                by_depot=depot,
                arrive_s=now + arrive,
                start_s=now + float(schedule.start[visit]),
                finish_s=now + float(schedule.finish[visit]),
            )
        )
        free = float(schedule.finish[visit])
    return tuple(calls)


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
