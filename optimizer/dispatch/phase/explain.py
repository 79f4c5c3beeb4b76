"""Why incidents stay undone, and what each team's time goes into."""

import numpy as np

from models.dispatch.phase import PhaseExplanation, PhaseReason
from models.text import Text
from optimizer.algorithms.routes.search import Schedule
from optimizer.demand import FloatArray
from optimizer.dispatch.crews import BoolArray
from optimizer.dispatch.phase.instance import Instance

_FAR_S = 1e8
_DAY_S = 86_400.0


def explain(instance: Instance, schedule: Schedule) -> PhaseExplanation:
    """Return a reason for each undone incident, and travel, work and waiting by team."""
    situation = instance.request.situation
    missing: dict[int, int] = {}
    for visit in np.flatnonzero(np.isnan(schedule.start)).tolist():
        incident = instance.slots[visit].incident
        if incident is not None:
            missing.setdefault(incident, visit)
    return PhaseExplanation(
        unserved=tuple(
            _reason(instance, schedule, incident, visit) for incident, visit in missing.items()
        ),
        busy={
            situation.teams[team].id: _busy(instance, schedule, team, route)
            for team, route in enumerate(schedule.routes)
            if route
        },
    )


def _reason(instance: Instance, schedule: Schedule, incident: int, visit: int) -> PhaseReason:
    """Say what keeps a visit from being made, asked from the hardest limit to the softest."""
    problem = instance.problem
    stop = problem.visits.stop[visit]
    able = problem.visits.eligible[:, visit] | instance.too_long[:, visit]
    teams = problem.teams
    way = problem.travel[teams.profile, teams.origin, problem.visits.place[visit]]
    start = np.maximum(teams.ready + way, problem.stops.release[stop])
    reached = able & (way < _FAR_S)
    in_time = reached & _in_time(instance, visit, start)
    by_day = in_time & ~instance.too_long[:, visit]
    by_day &= _in_time(instance, visit, _first_by_day(instance, visit, start))
    waits = any(
        np.isnan(schedule.start[problem.visits.stop == first]).any()
        for first, second in problem.pairs.tolist()
        if second == stop
    )
    # A partial incident's slots of one need are stops for themselves, but want different teams.
    visits = problem.visits
    alike = (visits.party == visits.party[visit]) & (visits.role == visits.role[visit])
    slots = int(max((visits.stop == stop).sum(), alike.sum()))
    reason = "OUTCOMPETED"
    if able.sum() < slots:
        reason = "SKILL"
    elif reached.sum() < slots:
        reason = "REACHABLE"
    elif in_time.sum() < slots:
        reason = "TIME_WINDOW"
    elif by_day.sum() < slots:
        reason = "NIGHT"
    elif waits:
        reason = "AFTER"
    name = instance.request.situation.incidents[incident].id
    text = Text(
        code=f"phase.reason.{reason}",
        values={"incident": name, "wanted": slots, "able": int(able.sum())},
    )
    return PhaseReason.model_validate({"incident_id": name, "reason": reason, "text": text})


def _in_time(instance: Instance, visit: int, start: FloatArray) -> BoolArray:
    """Return which teams (team,) keep a visit's limits with such starts."""
    problem = instance.problem
    ends = start + problem.visits.service[:, visit]
    kept = start <= problem.stops.latest[problem.visits.stop[visit]]
    return np.asarray(kept & (ends <= problem.teams.off), dtype=np.bool_)


def _first_by_day(instance: Instance, visit: int, start: FloatArray) -> FloatArray:
    """Return the first starts (team,) from ``start`` on that no night shuts."""
    if not instance.problem.visits.shut.size:
        return start
    begins, long = instance.problem.visits.shut[:, visit].T
    into = (start - begins) % _DAY_S
    return np.where((into > 0.0) & (into < long), start + long - into, start)


def _busy(
    instance: Instance, schedule: Schedule, team: int, route: tuple[int, ...]
) -> tuple[float, float, float]:
    """Return the seconds of travel and waiting apart from work: (travel and approach, work, wait).

    A break counts as waiting.
    """
    problem = instance.problem
    travel = problem.travel[problem.teams.profile[team]]
    place, work, moving = int(problem.teams.origin[team]), 0.0, 0.0
    for visit in route:
        there = int(problem.visits.place[visit])
        if there >= 0:
            work += float(problem.visits.service[team, visit])
            moving += float(travel[place, there])
            place = there
    whole = float(schedule.finish[route[-1]] - problem.teams.ready[team])
    return moving, work, max(0.0, whole - moving - work)
