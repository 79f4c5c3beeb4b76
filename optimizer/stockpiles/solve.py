"""The strategy: check, climb the levels, count afresh, prove against the request, explain."""

from models.run import Status
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.explanation import StockExplanation
from models.stockpiles.studies import Studies
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.record import searched
from optimizer.stockpiles.assumptions import assumptions
from optimizer.stockpiles.conflict import conflict
from optimizer.stockpiles.explain import explain
from optimizer.stockpiles.figures import complete_plan
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import Levels
from optimizer.stockpiles.solution import Solution
from optimizer.stockpiles.studies import studied
from optimizer.stockpiles.verify import verify
from optimizer.travel.report import travel_report
from optimizer.verification import insist

_LEVELS_SHARE = 0.7  # of the time limit; the rest is for unseen scenarios and reasons
_STUDIED_SHARE = 0.4  # where studies are asked for, which plan anew
_REASONS_SHARE = 0.25  # of what is left then


def solve(
    request: StockRequest,
    control: RunControl,
    *,
    start: StockPlan | None = None,
    store: Store | None = None,
) -> StockAnswer:
    """Decide what each tier holds, prove the plan against the request, and judge it unseen.

    ``start`` is a plan to begin from, of this or a similar request; used where it fits.
    """
    instance = Instance.from_request(request, store)
    formulation = Formulation.of(instance)
    share = _LEVELS_SHARE if request.studies == Studies() else _STUDIED_SHARE
    levels = Levels(formulation, control.share(share), start=start)
    climb = levels.climb()
    levels.stop()
    solution = climb.solution
    plan = None if solution is None else complete_plan(solution)
    infeasible = climb.status is Status.INFEASIBLE
    sites = tuple(one.as_site() for one in request.sources)
    travel = travel_report(request.travel, instance.travel, (instance.demand, sites), store)
    return StockAnswer(
        plan=plan,
        run=searched(
            request, control, climb.status, climb.stop, climb.reports, steady=start is None
        ),
        verification=None if plan is None else insist(verify(request, plan, store)),
        explanation=None if solution is None else _explained(formulation, solution, control, store),
        conflict=conflict(formulation, control) if infeasible else None,
        assumptions=assumptions(request),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _explained(
    formulation: Formulation, solution: Solution, control: RunControl, store: Store | None
) -> StockExplanation:
    """Return the reasons, and what the request asks to be found out besides."""
    request = formulation.instance.request
    own = control if request.studies == Studies() else control.share(_REASONS_SHARE)
    return studied(request, solution, explain(formulation, solution, own), control, store)
