"""The strategy: check, climb the levels, count afresh, prove against the request, explain."""

from models.run import Status
from models.shelters import ShelterAnswer, ShelterExplanation, ShelterPlan, ShelterRequest
from models.shelters.unfolding import doors
from models.text import Text
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.record import searched
from optimizer.shelters.assumptions import assumptions
from optimizer.shelters.conflict import conflict
from optimizer.shelters.explain import explain
from optimizer.shelters.fairness import fairness_price, is_asked
from optimizer.shelters.figures import complete_plan
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import Instance
from optimizer.shelters.levels import Levels
from optimizer.shelters.routes import walk_routes
from optimizer.shelters.solution import Solution
from optimizer.shelters.staging import Staging, staged
from optimizer.shelters.verify import verify
from optimizer.travel.report import travel_report
from optimizer.verification import insist

_LEVELS_SHARE = 0.8  # of the time limit; the rest is for the reasons


def solve(
    request: ShelterRequest,
    control: RunControl,
    *,
    start: ShelterPlan | None = None,
    store: Store | None = None,
) -> ShelterAnswer:
    """Choose the shelters, say who goes where, and prove the plan against the request.

    ``start`` is a plan to begin from, of this or a similar request; used where it fits.
    """
    instance = Instance.from_request(request, store)
    formulation = Formulation(instance)
    given = None if start is None else Solution.of_plan(instance, start)
    part = control.share(_LEVELS_SHARE)
    climb = Levels(formulation, part, start=given).climb()
    solution = climb.solution
    plan, staging = None, Staging()
    if solution is not None:
        staging = staged(solution, control)
        plan = complete_plan(solution).model_copy(
            update={"stages": staging.stages, "routes": walk_routes(solution, store)}
        )
    infeasible = climb.status is Status.INFEASIBLE
    places = doors(request)[0]
    travel = travel_report(request.travel, instance.travel, (instance.demand, places), store)
    return ShelterAnswer(
        plan=plan,
        run=searched(
            request, control, climb.status, climb.stop, climb.reports, steady=start is None
        ),
        verification=None if plan is None else insist(verify(request, plan, store)),
        explanation=None
        if solution is None
        else _explained(formulation, solution, control).model_copy(
            update={"stages": staging.worth}
        ),
        conflict=conflict(formulation, control) if infeasible else None,
        assumptions=assumptions(request),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _explained(
    formulation: Formulation, solution: Solution, control: RunControl
) -> ShelterExplanation:
    """Return the reasons, with the price of fairness where it was asked for."""
    explanation = explain(formulation, solution, control)
    if not is_asked(formulation.instance.request):
        return explanation
    price = fairness_price(solution, control)
    left_out = (*explanation.left_out, *(() if price else (_NO_PRICE,)))
    return explanation.model_copy(update={"fairness": price, "left_out": left_out})


_NO_PRICE = Text(code="explanation.shelters.fairness")
