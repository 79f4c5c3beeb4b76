"""A plan made elsewhere: its best deliveries, its figures, its checks, its distance to the best."""

import time

from models.answer import Verification
from models.run import LevelReport, RunLimits
from models.stockpiles import StockAnswer, StockPlan, StockRequest
from models.stockpiles.objectives import Combination
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.judging import bounds_of, held_against, run_of
from optimizer.stockpiles.assumptions import assumptions
from optimizer.stockpiles.figures import complete_plan
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import settled
from optimizer.stockpiles.solution import Solution, first_of_plan
from optimizer.stockpiles.verify import verify
from optimizer.travel.report import travel_report


def evaluate(
    request: StockRequest,
    plan: StockPlan,
    *,
    against: StockAnswer | None = None,
    store: Store | None = None,
) -> StockAnswer:
    """Return the figures of a plan, its checks, and its distance from a proven best.

    What is held, agreed, built and given to households is taken from ``plan``; in every scenario
    the best deliveries are found for it, whatever ``plan`` says of them. A rule it breaks is a
    failed check of the answer, and its status is then ``unknown``; a plan that keeps every rule is
    ``feasible``, and ``optimal`` where it attains every bound of ``against``.

    Raises
    ------
    InputError
        The request contradicts itself, or ``against`` answers another.
    """
    began = time.monotonic()
    instance = Instance.from_request(request, store)
    bounds = bounds_of(request, against)
    formulation = Formulation.of(instance)
    first = first_of_plan(formulation.first, plan)
    solution = settled(formulation, first, RunControl(RunLimits()))
    given = {"stock": plan.stock, "agreed": plan.agreed, "built": plan.built}
    counted = complete_plan(solution).model_copy(update=given)
    verification = verify(request, counted, store)
    levels = _levels(solution, bounds, verification)
    sites = tuple(one.as_site() for one in request.sources)
    travel = travel_report(request.travel, instance.travel, (instance.demand, sites), store)
    return StockAnswer(
        plan=counted,
        run=run_of(levels, time.monotonic() - began),
        verification=verification,
        assumptions=assumptions(request),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _levels(
    solution: Solution, bounds: tuple[float | None, ...], verification: Verification
) -> tuple[LevelReport, ...]:
    """Return one report a level: the plan's value against the proven bound."""
    request = solution.instance.request
    kinds: list[str] = [one.kind for one in request.objectives]
    if request.combination is Combination.WEIGHTED_SUM:
        kinds = ["weighted_sum"]
    values = [solution.value(n) for n in range(len(kinds))]
    return held_against(kinds, values, bounds, kept=verification.passed)
