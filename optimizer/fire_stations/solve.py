"""The strategy: check, climb the levels, staff and stage, prove against the request, explain."""

from dataclasses import dataclass

from models.answer import Conflict
from models.fire_stations import (
    FireStationAnswer,
    FireStationExplanation,
    FireStationPlan,
    FireStationRequest,
)
from models.run import Status
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.fire_stations.assumptions import assumptions
from optimizer.fire_stations.conflict import conflict
from optimizer.fire_stations.explain import explain
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.grounds import grounds
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Climb, Levels
from optimizer.fire_stations.robustness import robustness
from optimizer.fire_stations.second_opinion import second_opinion
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staffing import staffing
from optimizer.fire_stations.staging import staging
from optimizer.fire_stations.verify import verify
from optimizer.quiet import quiet
from optimizer.record import searched
from optimizer.verification import insist

_LEVELS_SHARE = 0.75  # of the time limit; the rest is for crews, years and reasons
_REASONS_S = 15.0  # at most; robustness and second opinions bring their own seconds
_STAFFING_SHARE = 0.5  # of what the levels leave


@dataclass(frozen=True)
class Extras:
    """What an answer carries beside the plan, and the seconds of its own each may take."""

    explain: bool = True
    robustness_s: float | None = None
    second_opinion_s: float | None = None


def solve(
    request: FireStationRequest,
    control: RunControl,
    *,
    start: FireStationPlan | None = None,
    store: Store | None = None,
    extras: Extras | None = None,
) -> FireStationAnswer:
    """Site the stations, and prove the plan against the request."""
    extras = extras or Extras()
    instance = Instance.from_request(request, store)
    formulation = Formulation(instance)
    given = None if start is None else Solution.of_plan(instance, start)
    chosen = None if given is None else given.chosen
    more = extras.explain or request.staffing is not None or request.staging is not None
    searching = control.share(_LEVELS_SHARE if more else 1.0)
    climb = Levels(formulation, searching, start=chosen).climb()
    plan = None if climb.solution is None else _plan(climb.solution, control, store)
    travel = grounds(instance, plan, store)
    return FireStationAnswer(
        plan=plan,
        run=searched(
            request, control, climb.status, climb.stop, climb.reports, steady=start is None
        ),
        verification=None if plan is None else insist(verify(request, plan, store)),
        explanation=_explanation(formulation, climb, control, extras, store),
        conflict=_conflict(formulation, climb, control),
        assumptions=assumptions(request, instance.classes, instance.standard),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _plan(solution: Solution, control: RunControl, store: Store | None) -> FireStationPlan:
    """Return the plan, with crews and years where the request asks for them."""
    plan = solution.to_plan(store)
    request = solution.instance.request
    if request.staffing is not None:
        crews = staffing(solution, quiet(control, _STAFFING_SHARE))
        plan = plan.model_copy(update={"staffing": crews})
    if request.staging is not None:
        years = staging(solution, quiet(control, _STAFFING_SHARE))
        plan = plan.model_copy(update={"staging": years})
    return plan


def _conflict(formulation: Formulation, climb: Climb, control: RunControl) -> Conflict | None:
    return conflict(formulation, control) if climb.status is Status.INFEASIBLE else None


def _explanation(
    formulation: Formulation,
    climb: Climb,
    control: RunControl,
    extras: Extras,
    store: Store | None,
) -> FireStationExplanation | None:
    """Return the reasons asked for; None where there is no plan or none are asked for."""
    if climb.solution is None:
        return None
    reasons = FireStationExplanation()
    if extras.explain:
        own = control.slice(_REASONS_S)
        reasons = explain(formulation, climb.solution, climb.reports, own)
    if extras.robustness_s is not None:
        own = _own_clock(control, extras.robustness_s)
        fate = robustness(formulation.instance.request, climb.solution, own, store)
        reasons = reasons.model_copy(update={"robustness": fate})
    if extras.second_opinion_s is not None:
        own = _own_clock(control, extras.second_opinion_s)
        opinions = second_opinion(formulation, climb.reports, own)
        reasons = reasons.model_copy(update={"second_opinion": opinions})
    return None if reasons == FireStationExplanation() else reasons


def _own_clock(control: RunControl, seconds: float) -> RunControl:
    """Return a control with a clock of its own and the same stop button."""
    limits = control.limits.model_copy(update={"time_limit_s": seconds})
    return RunControl(limits, cancel=control.cancel)
