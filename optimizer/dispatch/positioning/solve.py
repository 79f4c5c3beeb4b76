"""The strategy of pre-positioning: one program over all scenarios, proven and verified."""

from importlib.metadata import version

import numpy as np

from models.dispatch.positioning import (
    PositioningAnswer,
    PositioningExplanation,
    PositioningPlan,
    PositioningReason,
    PositioningRequest,
    ScenarioOrder,
    ScenarioOutcome,
)
from models.dispatch.readiness import MoveUp
from models.run import LevelReport, RunRecord, RunReport, Status, StopReason
from models.text import Text
from optimizer.algorithms.slots import match
from optimizer.backends import Outcome
from optimizer.backends.highs.solving import solve as solve_program
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.dispatch.positioning.formulation import (
    Done,
    Served,
    fillers_of,
    formulate,
    served_of,
    values_of,
)
from optimizer.dispatch.positioning.instance import Case, Instance, IntArray
from optimizer.dispatch.positioning.verify import verify
from optimizer.quiet import quiet
from optimizer.record import replay_limits, request_sha256
from optimizer.verification import insist

_STAYING_SHARE = 0.2  # of the time, for what comes of moving nobody: the first plan
_NO_REPLAY = "replay.not_promised"  # a clock ended it, or it began with another plan


def solve(
    request: PositioningRequest,
    control: RunControl | None = None,
    *,
    start: PositioningPlan | None = None,
    store: Store | None = None,
) -> PositioningAnswer:
    """Return where to wait, so that most severity is expected to be served; verified.

    The search begins with ``start`` where its moves are still possible, else with nobody moved.
    """
    control = control or RunControl(request.limits)
    instance = Instance.from_request(request, store)
    stay = np.zeros(len(instance.ready), dtype=np.intp)
    before = first = _best_at(instance, stay, quiet(control, _STAYING_SHARE))
    begun = stay if start is None else _places_of(instance, start)
    begun = stay if begun is None else begun
    if not np.array_equal(begun, stay):
        first = _best_at(instance, begun, quiet(control, _STAYING_SHARE))
    outcome, place = _search(instance, (begun, first), control)
    served = first if outcome.values is None else served_of(instance, outcome.values)
    plan = _plan(instance, place, served, before)
    verification = insist(verify(request, plan, store))
    return PositioningAnswer(
        travel=instance.travel,
        plan=plan,
        run=_report(request, control, outcome, plan, started=start is not None),
        verification=verification,
        explanation=PositioningExplanation(unserved=tuple(_reasons(instance, plan))),
        assumptions=request.situation.assumptions,
        illustrative=request.situation.illustrative,
    )


def replay(
    request: PositioningRequest, record: RunRecord, store: Store | None = None
) -> PositioningAnswer:
    """Return the answer of the run that the record is of, found again without a clock.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or of a run that cannot be repeated.
    """
    return solve(request, RunControl(replay_limits(request, record)), store=store)


def _search(
    instance: Instance, first: tuple[IntArray, Served], control: RunControl
) -> tuple[Outcome, IntArray]:
    """Return the outcome of the whole program, and where each team waits."""
    place, served = first
    program = formulate(instance)
    outcome = solve_program(program, control, start=values_of(instance, program, place, served))
    if outcome.values is None:
        return outcome, place
    posts = len(instance.request.posts)
    moved = outcome.values[: len(place) * posts].reshape(len(place), posts) > 0.5
    return outcome, np.where(moved.any(axis=1), moved.argmax(axis=1) + 1, 0).astype(np.intp)


def _best_at(instance: Instance, place: IntArray, control: RunControl) -> Served:
    """Return what is best served with teams at these places, as far as the time allows."""
    program = formulate(instance, place)
    outcome = solve_program(program, control)
    nobody = np.full(len(instance.ready), -1, dtype=np.intp)
    none = [Done(np.zeros(len(one.wanted), dtype=np.bool_), nobody) for one in instance.cases]
    return none if outcome.values is None else served_of(instance, outcome.values)


def _plan(instance: Instance, place: IntArray, served: Served, before: Served) -> PositioningPlan:
    request = instance.request
    teams, posts = request.situation.teams, request.posts
    stay = np.zeros_like(place)
    outcomes = [
        _outcome(instance, one, place, done)
        for one, done in zip(instance.cases, served, strict=True)
    ]
    staying = [
        _outcome(instance, one, stay, done)
        for one, done in zip(instance.cases, before, strict=True)
    ]
    return PositioningPlan(
        moves=tuple(
            MoveUp(
                team_id=teams[instance.ready[t]].id,
                post_id=posts[place[t] - 1].id,
                way_s=float(instance.way_s[t, place[t] - 1]),
            )
            for t in np.flatnonzero(place > 0).tolist()
        ),
        outcomes=tuple(outcomes),
        staying=tuple(staying),
        expected_after=_expected(request, [one.severity_served for one in outcomes]),
        expected_before=_expected(request, [one.severity_served for one in staying]),
        expected_total=_expected(request, [one.severity_total for one in outcomes]),
    )


def _expected(request: PositioningRequest, values: list[float]) -> float:
    return sum(
        one.probability * value for one, value in zip(request.scenarios, values, strict=True)
    )


def _outcome(instance: Instance, case: Case, place: IntArray, done: Done) -> ScenarioOutcome:
    groups, incidents, served = case.groups, case.scenario.incidents, done.served
    filled = fillers_of(case, place, done)
    slots = int((groups.slots * served[groups.incident]).sum())
    assert int((filled >= 0).sum()) == slots + int((done.bringing >= 0).sum()), (
        "what the program serves can be matched"
    )
    return ScenarioOutcome(
        scenario_id=case.scenario.id,
        orders=tuple(
            ScenarioOrder(
                team_id=instance.request.situation.teams[instance.ready[t]].id,
                incident_id=incidents[groups.incident[filled[t]]].id,
                need=int(groups.need[filled[t]]),
                first_due=bool(groups.first_due[filled[t]]),
            )
            for t in np.flatnonzero(filled >= 0).tolist()
        ),
        unserved=tuple(incidents[i].id for i in np.flatnonzero(~served).tolist()),
        severity_served=float(case.severity @ served),
        severity_total=float(case.severity.sum()),
    )


def _places_of(instance: Instance, start: PositioningPlan) -> IntArray | None:
    """Return where the moves of a plan put each team, None where that breaks a limit."""
    request = instance.request
    posts = {one.id: p + 1 for p, one in enumerate(request.posts)}
    teams = {request.situation.teams[t].id: k for k, t in enumerate(instance.ready.tolist())}
    place = np.zeros(len(instance.ready), dtype=np.intp)
    for one in start.moves:
        if one.team_id in teams and one.post_id in posts:
            place[teams[one.team_id]] = posts[one.post_id]
    moved = np.flatnonzero(place > 0)
    used = np.bincount(place[moved] - 1, minlength=len(request.posts))
    room = [np.inf if one.teams_max is None else one.teams_max for one in request.posts]
    reached = np.isfinite(instance.way_s[moved, place[moved] - 1]).all()
    if len(moved) > request.moves_max or (used > np.array(room)).any() or not reached:
        return None
    return place


def _reasons(instance: Instance, plan: PositioningPlan) -> list[PositioningReason]:
    found = []
    for case, outcome in zip(instance.cases, plan.outcomes, strict=True):
        at = {one.id: i for i, one in enumerate(case.scenario.incidents)}
        for name in outcome.unserved:
            own = np.flatnonzero(case.groups.incident == at[name])
            reason = _reason(case, own)
            text = Text(code=f"positioning.reason.{reason}", values={"incident": name})
            found.append(
                PositioningReason.model_validate(
                    {
                        "scenario_id": case.scenario.id,
                        "incident_id": name,
                        "reason": reason,
                        "text": text,
                    }
                )
            )
    return found


def _reason(case: Case, own: IntArray) -> str:
    """Say what keeps an incident from being served, asked from the hardest limit to the softest."""
    wanted = case.groups.slots[own]
    somehow = np.asarray(case.reach[own].any(axis=2), dtype=np.bool_)
    for name, could in (("SKILL", case.able[own]), ("TIME_WINDOW", somehow)):
        brought = (case.brings[own] * could).sum(axis=1)
        if not match(could, wanted).complete or (brought < case.groups.amount[own]).any():
            return name
    return "OUTCOMPETED"


def _report(
    request: PositioningRequest,
    control: RunControl,
    outcome: Outcome,
    plan: PositioningPlan,
    *,
    started: bool,
) -> RunReport:
    worth = plan.expected_after - request.least_gain * len(plan.moves)
    status = Status.OPTIMAL if outcome.status is Status.OPTIMAL else Status.FEASIBLE
    replayable = outcome.stop is StopReason.PROOF and not started
    level = LevelReport(
        kind="expected_severity",
        sense="max",
        status=status,
        stop=outcome.stop,
        objective=worth,
        bound=outcome.bound,
        final=worth,
        node_count=outcome.node_count,
        wall_s=control.elapsed_s,
    )
    return RunReport(
        status=status,
        stop=outcome.stop,
        levels=(level,),
        wall_s=control.elapsed_s,
        backend="highs",
        record=RunRecord(
            request_sha256=request_sha256(request),
            versions={name: version(name) for name in ("numpy", "scipy", "highspy")},
            seed=control.limits.seed,
            threads=control.limits.threads,
            backend="highs",
            node_limit=control.limits.node_limit,
            replayable=replayable,
            reason=None if replayable else _NO_REPLAY,
        ),
    )
