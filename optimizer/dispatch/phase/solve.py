"""The strategy of the disaster phase: search, bound, prove against the request, explain."""

from importlib.metadata import version

import numpy as np

from models.answer import Conflict, ConflictRule
from models.dispatch.phase import PhaseAnswer, PhasePlan, PhaseRequest
from models.run import LevelReport, RunRecord, RunReport, Status, StopReason, relative_gap
from models.text import Text
from optimizer.algorithms.routes.bound import lower_bound
from optimizer.algorithms.routes.search import Schedule, prepare, search
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.dispatch.crews import Crews
from optimizer.dispatch.phase.explain import explain
from optimizer.dispatch.phase.instance import Instance
from optimizer.dispatch.phase.plan import plan_of, routes_of
from optimizer.dispatch.phase.verify import verify
from optimizer.record import replay_limits, request_sha256
from optimizer.travel.modes import mode_report
from optimizer.verification import insist

_SEARCH_SHARE = 0.7  # of the time; the rest is for the bound
_PROOF_GAP = 1e-6


def solve(
    request: PhaseRequest,
    control: RunControl | None = None,
    *,
    start: PhasePlan | None = None,
    store: Store | None = None,
    stop_after: int | None = None,
) -> PhaseAnswer:
    """Return the best verified plan that the time allows, and a proven bound.

    ``limits.node_limit`` bounds the steps of the search: with it, and with time to spare, the
    same request and seed give the same plan. The search begins with ``start`` as far as that still
    can be, and the rest inserted. ``stop_after`` ends it at that improvement: a replay.
    """
    control = control or RunControl(request.limits)
    control.ready(prepare)
    instance = Instance.from_request(request, store)
    part = control.share(_SEARCH_SHARE, stop_after=stop_after)
    begun = None if start is None else routes_of(instance, start)
    schedule = search(
        instance.problem,
        seed=control.limits.seed,
        start=begun,
        steps=control.limits.node_limit,
        stop=lambda: part.stop is not None,
        improved=lambda one: _tell(part, instance, one),
        threads=control.limits.threads,
    )
    control.raise_failure()
    if schedule is None:
        return _refused(request, control)
    plan = plan_of(instance, schedule)
    bound = schedule.bound
    if bound is None:
        horizon_s = float(np.nanmax(schedule.finish, initial=1.0))
        bound = lower_bound(instance.problem, horizon_s, control)
    verification = insist(verify(request, plan, store))
    return PhaseAnswer(
        plan=plan,
        run=_report(request, (control, part), plan, bound, started=begun is not None),
        verification=verification,
        explanation=explain(instance, schedule),
        assumptions=request.situation.assumptions,
        illustrative=request.situation.illustrative,
        travel=mode_report(
            [one.travel for one in request.situation.modes],
            Crews.of(request.situation).mode,
            request.situation.incidents,
            request.situation.teams,
            store,
        ),
        steps=schedule.steps,
    )


def _tell(control: RunControl, instance: Instance, schedule: Schedule) -> None:
    del instance
    control.improved(schedule.objective, None)


def _report(
    request: PhaseRequest,
    controls: tuple[RunControl, RunControl],
    plan: PhasePlan,
    bound: float | None,
    *,
    started: bool,
) -> RunReport:
    control, part = controls
    gap = relative_gap(plan.objective, bound)
    proven = gap is not None and gap <= _PROOF_GAP
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    stop = StopReason.PROOF if proven else (part.stop or StopReason.WORK)
    level = LevelReport(
        kind="phase_completion",
        sense="min",
        status=status,
        stop=stop,
        objective=plan.objective,
        bound=bound,
        final=plan.objective,
        wall_s=control.elapsed_s,
        accepted_ordinal=part.ordinal,
    )
    return RunReport(
        status=status,
        stop=stop,
        levels=(level,),
        wall_s=control.elapsed_s,
        backend="routes",
        incumbents=tuple(part.incumbents),
        record=_record(request, control, part, started=started),
    )


def replay(request: PhaseRequest, record: RunRecord, store: Store | None = None) -> PhaseAnswer:
    """Return the answer with the plan of the run that the record is of, without a clock.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or of a run that cannot be repeated.
    """
    control = RunControl(replay_limits(request, record))
    return solve(request, control, store=store, stop_after=next(iter(record.level_ordinals), None))


def _record(
    request: PhaseRequest, control: RunControl, part: RunControl, *, started: bool
) -> RunRecord:
    limits = control.limits
    return RunRecord(
        request_sha256=request_sha256(request),
        versions={name: version(name) for name in ("numpy", "numba", "highspy")},
        seed=limits.seed,
        threads=1,
        backend="highs",
        node_limit=limits.node_limit,
        level_ordinals=(part.ordinal,),
        replayable=not started,
        reason="replay.not_promised" if started else None,
    )


def _refused(request: PhaseRequest, control: RunControl) -> PhaseAnswer:
    """Return that the first incidents of the crews cannot all be kept, with their limits."""
    rules = tuple(
        ConflictRule(
            path=f"crews[{index}].first",
            rule=Text(code="phase.rule.first", values={"team": crew.team_id}),
        )
        for index, crew in enumerate(request.crews)
        if crew.first
    )
    return PhaseAnswer(
        plan=None,
        run=RunReport(
            status=Status.INFEASIBLE,
            stop=StopReason.PROOF,
            wall_s=control.elapsed_s,
            backend="routes",
        ),
        verification=None,
        conflict=Conflict(rules=rules, irreducible=len(rules) == 1),
    )
