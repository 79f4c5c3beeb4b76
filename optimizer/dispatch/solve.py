"""The strategy of immediate dispatch: search, prove against the request, explain, in time."""

from functools import cache
from importlib.metadata import version

import numpy as np

from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.dispatch.answer import OrderRoute
from models.roads import ByRoads, TravelReport
from models.run import RunLimits, RunRecord, RunReport, StopReason
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.dispatch.explain import explain
from optimizer.dispatch.given import start_from
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.plan import plan_of
from optimizer.dispatch.solution import Solution
from optimizer.dispatch.strategy import Found, search
from optimizer.dispatch.verify import verify
from optimizer.record import replay_limits, request_sha256
from optimizer.travel.modes import mode_report, mode_ways
from optimizer.verification import insist

_SEARCH_SHARE = 0.6  # of the deadline; the rest is for reasons and for proving the plan
_REPLAY_S = 600.0  # a replay ends by its work, not by the clock
_REASONS_SHARE = 0.6  # of what is left
_REPORT_SHARE = 0.4  # of the deadline that must be left to say what travel times rest on


def solve(
    request: DispatchRequest,
    control: RunControl | None = None,
    *,
    start: DispatchPlan | None = None,
    store: Store | None = None,
    rounds_max: int | None = None,
    bare: bool = False,
) -> DispatchAnswer:
    """Return the best verified orders that the deadline allows.

    What can be kept of ``start`` is a first plan that the answer is no worse than; orders in force
    are part of the request instead. ``rounds_max`` ends the search after so many rounds: a replay.
    ``bare``: nobody reads what travel times rest on, nor the routes.
    """
    control = control or RunControl(request.limits)
    own = control.slice(request.deadline_ms / 1000.0)
    instance = Instance.from_request(request, store)
    begun = None if start is None else start_from(instance, start)
    found = search(instance, own.share(_SEARCH_SHARE), rounds_max, begun)
    plan = plan_of(found.solution)
    explanation = explain(found, own.share(_REASONS_SHARE))
    verification = insist(verify(request, plan, store))
    before_s = own.elapsed_s
    travel = None if bare else _travel(instance, own, store)
    # The same roads are read for the routes, so it takes about as long again.
    late = bare or own.remaining_s < 2.0 * (own.elapsed_s - before_s)
    return DispatchAnswer(
        travel=travel,
        routes=() if late else _routes(found.solution, own, store),
        plan=plan,
        run=_report(request, own, found, started=begun is not None),
        verification=verification,
        explanation=explanation,
        assumptions=request.assumptions,
        illustrative=request.illustrative,
        quality=found.quality,
        rounds=found.served.rounds if found.served is not None else 0,
    )


def _travel(instance: Instance, control: RunControl, store: Store | None) -> TravelReport | None:
    """Return what the travel times rest on, where enough of the deadline is left to look."""
    request = instance.request
    if control.remaining_s < _REPORT_SHARE * request.deadline_ms / 1000.0:
        return None
    travels = [one.travel for one in request.modes]
    return mode_report(travels, instance.crews.mode, request.incidents, request.teams, store)


def _routes(solution: Solution, control: RunControl, store: Store | None) -> tuple[OrderRoute, ...]:
    """Return the ways of the orders by road, where enough of the deadline is left to find them."""
    request, mode = solution.instance.request, solution.instance.crews.mode
    by_road = [isinstance(one.travel, ByRoads) for one in request.modes]
    if control.remaining_s < _REPORT_SHARE * request.deadline_ms / 1000.0 or not any(by_road):
        return ()
    team = np.flatnonzero(solution.going >= 0)
    incident = solution.going[team]
    lines = mode_ways(
        [one.travel for one in request.modes],
        mode,
        (incident, team),
        (request.incidents, request.teams),
        store,
    )
    return tuple(
        OrderRoute(team_id=request.teams[t].id, incident_id=request.incidents[i].id, line=line)
        for t, i, line in zip(team.tolist(), incident.tolist(), lines, strict=True)
        if line is not None
    )


def _report(
    request: DispatchRequest, control: RunControl, found: Found, *, started: bool
) -> RunReport:
    return RunReport(
        status=found.status,
        stop=found.stop,
        levels=found.reports,
        wall_s=control.elapsed_s,
        backend="highs",
        record=record_of(request, control.limits, found, started=started),
    )


def replay(
    request: DispatchRequest, record: RunRecord, store: Store | None = None
) -> DispatchAnswer:
    """Return the answer with the plan of the run that the record is of.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or of a run that cannot be repeated.
    """
    limits = replay_limits(request, record, "deadline_ms")
    limits = limits.model_copy(update={"time_limit_s": _REPLAY_S})
    patient = request.model_copy(update={"deadline_ms": int(_REPLAY_S * 1000), "limits": limits})
    return solve(patient, store=store, rounds_max=next(iter(record.level_ordinals), None))


def record_of(
    request: DispatchRequest, limits: RunLimits, found: Found, *, started: bool = False
) -> RunRecord:
    """Return what a replay needs; a clock that ended the whole program has no replay.

    Nor has a run that was ``started`` from a plan, which the record does not hold.
    """
    timed = started or (found.whole and found.stop is not StopReason.PROOF)
    return RunRecord(
        request_sha256=request_sha256(request, "deadline_ms"),
        versions=dict(_versions()),
        seed=limits.seed,
        threads=1,
        backend="highs",
        level_ordinals=(found.served.rounds if found.served is not None else None,),
        replayable=not timed,
        reason="replay.not_promised" if timed else None,
    )


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    """Return the versions of what decides a plan; reading them takes longer than a small plan."""
    return tuple((name, version(name)) for name in ("numpy", "scipy", "highspy"))
