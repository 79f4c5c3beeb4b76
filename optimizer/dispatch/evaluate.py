"""A dispatcher's own orders: their figures, rule by rule, and how far from the best they are."""

from models.dispatch import (
    DispatchAnswer,
    DispatchExplanation,
    DispatchPlan,
    DispatchRequest,
)
from models.run import LevelReport, Status
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.dispatch.explain.changes import changes, duplicates, stale_teams
from optimizer.dispatch.given import as_given
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.plan import plan_of
from optimizer.dispatch.solution import Solution
from optimizer.dispatch.strategy import Found, search
from optimizer.dispatch.verify import verify
from optimizer.judging import bounds_of, judged, run_of


def evaluate(
    request: DispatchRequest,
    plan: DispatchPlan,
    *,
    against: DispatchAnswer | None = None,
    store: Store | None = None,
) -> DispatchAnswer:
    """Return the figures of a plan's orders, their checks, and their distance from the best.

    Of ``plan`` teams, incidents and needs count; times and figures are worked out. What is fixed
    beforehand is kept where it is not mentioned. A rule that an order breaks is a failed check,
    and the status is then ``unknown``. The best is that of ``against``, else it is searched for
    within the request's deadline; ``explanation.changes`` tell which orders it would change.

    Raises
    ------
    InputError
        The request or the plan contradicts itself, or ``against`` answers another request.
    """
    control = RunControl(request.limits)
    instance = Instance.from_request(request, store)
    own = as_given(instance, plan)
    best = _best(instance, against, control.slice(request.deadline_ms / 1000.0))
    counted = plan_of(own)
    verification = verify(request, counted, store)
    bounds = bounds_of(request, against, "deadline_ms") or tuple(
        level.bound for level in (() if best is None else best.reports)
    )
    levels = tuple(
        judged(report.model_copy(update={"bound": bound}), kept=verification.passed)
        for report, bound in zip(_levels(own), (*bounds, None, None, None), strict=False)
    )
    better = best.solution if best is not None else _given_best(instance, against)
    return DispatchAnswer(
        plan=counted,
        run=run_of(levels, control.elapsed_s),
        verification=verification,
        explanation=DispatchExplanation(
            changes=tuple(changes(better, own.going)) if better is not None else (),
            duplicates=duplicates(request),
            stale_teams=stale_teams(request),
        ),
        assumptions=request.assumptions,
        illustrative=request.illustrative,
        quality="proven" if levels[0].status is Status.OPTIMAL else "improving",
    )


def _best(instance: Instance, against: DispatchAnswer | None, control: RunControl) -> Found | None:
    return search(instance, control) if against is None else None


def _given_best(instance: Instance, against: DispatchAnswer | None) -> Solution | None:
    if against is None or against.plan is None:
        return None
    return as_given(instance, against.plan)


def _levels(own: Solution) -> tuple[LevelReport, ...]:
    return tuple(
        one.model_copy(update={"status": Status.FEASIBLE}) for one in Found(own, own).reports
    )
