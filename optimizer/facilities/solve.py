"""The way of a request: check, settle the goal, count afresh, prove, explain."""

from models.answer import Verification
from models.facilities import FacilityAnswer, FacilityFront, FacilityPlan, FacilityRequest
from models.facilities.request import Goal
from models.run import LevelReport, RunReport, Status, StopReason
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.facilities.assumptions import assumptions
from optimizer.facilities.conflict import conflict
from optimizer.facilities.exact import Settled
from optimizer.facilities.explain import explain
from optimizer.facilities.front import against
from optimizer.facilities.instance import Instance
from optimizer.facilities.solution import of_names
from optimizer.facilities.strategy import settle
from optimizer.facilities.verify import front_holds, verify
from optimizer.record import run_record
from optimizer.travel.report import travel_report
from optimizer.verification import insist

_SETTLING = 0.8  # of the time limit; the rest is for the reasons
_BEFORE_FRONT = 0.4  # where a front is asked for too
_FRONT = 0.8  # of the rest


def solve(
    request: FacilityRequest,
    control: RunControl,
    *,
    start: FacilityPlan | None = None,
    store: Store | None = None,
    reasons: bool = True,
) -> FacilityAnswer:
    """Choose the sites and prove the plan against the request.

    ``start`` is a plan to begin from where a program is solved; the searches find their own.
    ``reasons`` False leaves the explanation out.
    """
    instance = Instance.from_request(request, store)
    given = None if start is None else of_names(instance, start)
    asked = request.front
    part = control.share(_SETTLING if asked is None else _BEFORE_FRONT)
    settled = settle(instance, part, given)
    report = _report(instance, settled, part)
    solution = settled.solution
    plan = None if solution is None else solution.plan()
    front = None
    if asked is not None and plan is not None:
        front = against(instance, asked, control.share(_FRONT))
    infeasible = settled.status is Status.INFEASIBLE
    sites = tuple(site.as_site() for site in request.sites)
    travel = travel_report(request.travel, instance.travel, (instance.demand, sites), store)
    record = run_record(
        request,
        control.limits,
        (report,),
        steady=start is None,
        journal=control.journal,
    )
    return FacilityAnswer(
        plan=plan,
        run=RunReport(
            status=settled.status,
            stop=settled.stop,
            levels=(report,),
            wall_s=control.elapsed_s,
            backend=settled.backend,
            incumbents=tuple(control.incumbents),
            record=record,
        ),
        verification=None if plan is None else _verified(request, plan, front, store),
        front=front,
        explanation=explain(solution, control) if solution is not None and reasons else None,
        conflict=conflict(instance, control) if infeasible else None,
        assumptions=assumptions(request),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _verified(
    request: FacilityRequest, plan: FacilityPlan, front: FacilityFront | None, store: Store | None
) -> Verification:
    found = verify(request, plan, store)
    if front is not None:
        found = Verification(checks=(*found.checks, front_holds(request, front, store)))
    return insist(found)


def _report(instance: Instance, settled: Settled, control: RunControl) -> LevelReport:
    value = None if settled.solution is None else settled.solution.value
    proven = settled.status is Status.OPTIMAL
    return LevelReport(
        kind=instance.goal.value,
        sense="max" if instance.goal is Goal.COVER else "min",
        status=settled.status,
        stop=settled.stop,
        objective=value,
        bound=value if proven else settled.bound,
        final=value,
        wall_s=control.elapsed_s,
        node_count=settled.nodes,
        accepted_ordinal=None if settled.stop is StopReason.PROOF else control.ordinal,
    )
