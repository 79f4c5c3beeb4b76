"""The strategy: check, climb the levels, name the plan, prove it against the request, explain."""

from models.answer import Conflict
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.run import RunReport, Status
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.errors import VerificationError
from optimizer.fire_stations.assumptions import assumptions
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Ladderway, Levels
from optimizer.fire_stations.record import run_record
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.verify import verify


def solve(
    request: FireStationRequest,
    control: RunControl,
    *,
    start: FireStationPlan | None = None,
    store: Store | None = None,
) -> FireStationAnswer:
    """Site the stations, and prove the plan against the request."""
    instance = Instance.from_request(request, store)
    formulation = Formulation(instance)
    given = None if start is None else Solution.of_plan(instance, start)
    climbed = Levels(formulation, control, start=None if given is None else given.chosen).climb()
    plan = None if climbed.solution is None else climbed.solution.to_plan(store)
    return FireStationAnswer(
        plan=plan,
        run=_report(request, control, climbed),
        verification=None if plan is None else _verified(request, plan, store),
        conflict=_conflict(formulation, climbed),
        assumptions=assumptions(request, instance.classes, instance.standard),
        illustrative=request.illustrative,
    )


def _report(request: FireStationRequest, control: RunControl, climbed: Ladderway) -> RunReport:
    return RunReport(
        status=climbed.status,
        stop=climbed.stop,
        levels=climbed.reports,
        wall_s=control.elapsed_s,
        backend=control.limits.backend,
        incumbents=tuple(control.incumbents),
        record=run_record(request, control.limits, climbed.reports),
    )


def _conflict(formulation: Formulation, climbed: Ladderway) -> Conflict | None:
    if climbed.status is not Status.INFEASIBLE:
        return None
    return None


def _verified(request: FireStationRequest, plan: FireStationPlan, store: Store | None):  # type: ignore[no-untyped-def]
    verification = verify(request, plan, store)
    if not verification.passed:
        failed = ", ".join(check.rule for check in verification.failed)
        raise VerificationError(f"the plan breaks its own request: {failed}")
    return verification
