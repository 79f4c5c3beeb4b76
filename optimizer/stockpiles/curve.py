"""What money buys: the budget curve, the budget that meets the target, and each tier's worth.

Every point is planned anew. P(share met in time) is not what a plan minimises, so the least budget
found is that of plans for least expected unmet need (or for whatever the request asks), by
bisection: a smaller one may do with another aim, such as the chance target itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.stockpiles import StockRequest
from models.stockpiles.explanation import TierWorth
from models.stockpiles.scenarios import StockScenario
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.quiet import quiet
from optimizer.stockpiles.estimates import out_of_sample
from optimizer.stockpiles.figures import figures
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import Levels
from optimizer.stockpiles.solution import Solution


@dataclass(frozen=True)
class BudgetPoint:
    """What a budget achieves, in the plan's own scenarios and, where there are any, unseen ones."""

    budget: float
    expected_unmet: float
    cover: float
    meets_target: float
    unseen_meets_target: float | None = None


def planned(request: StockRequest, control: RunControl, store: Store | None) -> Solution | None:
    """Return the best plan found for a request, without figures; None where there is none."""
    instance = Instance.from_request(request, store)
    return Levels(Formulation.of(instance), quiet(control)).climb().solution


def budget_point(
    request: StockRequest, budget: float, control: RunControl, store: Store | None = None
) -> BudgetPoint | None:
    """Return what a budget achieves; None where rules ask for more than it buys."""
    rules = request.rules.model_copy(update={"budget": budget})
    solution = planned(request.model_copy(update={"rules": rules}), control, store)
    if solution is None:
        return None
    found = figures(solution)
    unseen = out_of_sample(solution, control)
    return BudgetPoint(
        budget=budget,
        expected_unmet=found.expected_unmet,
        cover=found.covers[0].expected or 1.0,
        meets_target=found.meets_target,
        unseen_meets_target=None if unseen is None else unseen.meets_target.out_of_sample,
    )


def budget_curve(
    request: StockRequest,
    budgets: Sequence[float],
    control: RunControl,
    store: Store | None = None,
) -> tuple[BudgetPoint, ...]:
    """Return what each budget achieves, leaving out those that no plan keeps."""
    points = (budget_point(request, budget, control, store) for budget in budgets)
    return tuple(point for point in points if point is not None)


def budget_for_target(  # noqa: PLR0913 - a bracket, a precision, and what every search is given
    request: StockRequest,
    low: float,
    high: float,
    control: RunControl,
    *,
    probability: float = 0.95,
    within: float = 0.02,
    store: Store | None = None,
) -> BudgetPoint | None:
    """Return the least budget found whose plan meets the target with ``probability``.

    Bisects between ``low`` and ``high`` to ``within`` of the budget; None where ``high`` does not
    do.
    """
    best = budget_point(request, high, control, store)
    if best is None or best.meets_target < probability:
        return None
    while high - low > within * high and control.stop is None:
        middle = 0.5 * (low + high)
        point = budget_point(request, middle, control, store)
        if point is not None and point.meets_target >= probability:
            best, high = point, middle
        else:
            low = middle
    return best


def without_tier(request: StockRequest, tier: str) -> StockRequest:
    """Return a request in which nobody of a tier holds anything."""
    depots = tuple(one for one in request.depots if one.tier != tier)
    known = {one.id for one in depots}
    rules = request.rules.model_copy(
        update={"minimums": tuple(one for one in request.rules.minimums if one.tier != tier)}
    )
    households = request.households
    gone = {one.id for one in (*request.depots, *request.contracts) if one.tier == tier}
    return request.model_copy(
        update={
            "depots": depots,
            "lots": tuple(one for one in request.lots if one.depot_id in known),
            "contracts": tuple(one for one in request.contracts if one.tier != tier),
            "households": None
            if households is not None and households.tier == tier
            else households,
            "rules": rules,
            "scenarios": _without(request.scenarios, gone),
            "held_out": _without(request.held_out, gone),
        }
    )


def without_households(request: StockRequest) -> StockRequest:
    """Return a request in which no household has a kit."""
    return request.model_copy(update={"households": None})


def worth_of_tiers(
    request: StockRequest, control: RunControl, store: Store | None = None
) -> tuple[TierWorth, ...]:
    """Return what is unmet without each tier, everything planned anew under the same budget."""
    found = []
    for tier in request.tiers:
        solution = planned(without_tier(request, tier.id), control, store)
        if solution is None:
            continue
        what = figures(solution)
        found.append(
            TierWorth(
                tier=tier.id,
                unmet_without=what.expected_unmet,
                meets_target_without=what.meets_target,
            )
        )
    return tuple(found)


def _without(scenarios: Sequence[StockScenario], gone: set[str]) -> tuple[StockScenario, ...]:
    return tuple(
        one.model_copy(
            update={
                "surviving_share": {
                    name: share for name, share in one.surviving_share.items() if name not in gone
                }
            }
        )
        for one in scenarios
    )
