"""What money buys: the budget curve, the budget that meets the target, and each tier's worth.

Every point is planned anew. P(share met in time) is not what a plan minimises, so the least budget
found is that of plans for least expected unmet need (or for whatever the request asks), by
bisection: a smaller one may do with another aim, such as the chance target itself.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from models.run import Status
from models.stockpiles import StockRequest
from models.stockpiles.explanation import KITS, BudgetPoint, TargetBudget, TierWorth
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

_MOST = 4.0  # times the largest budget that the request names: beyond, none is tried
_PROVEN = 1e-3  # relative: to this a plan is proven where points, tiers and money are told
_POINT_SHARE = 0.2  # of the time left, for one budget that is tried


class Planned(NamedTuple):
    """The best plan found for a request, without figures, and whether it is proven.

    That is to a thousandth of its first level. ``solution`` is None where there is no plan, which
    is proven or only not found in time.
    """

    solution: Solution | None
    proven: bool


def planned(request: StockRequest, control: RunControl, store: Store | None) -> Planned:
    """Return the best plan found for a request."""
    instance = Instance.from_request(request, store)
    climb = Levels(Formulation.of(instance), quiet(control)).climb()
    if climb.solution is None:
        return Planned(None, climb.status is Status.INFEASIBLE)
    gap = climb.reports[0].gap if climb.reports else None
    near = gap is not None and gap <= _PROVEN
    return Planned(climb.solution, near or climb.status is Status.OPTIMAL)


def budget_point(
    request: StockRequest,
    budget: float,
    control: RunControl,
    store: Store | None = None,
    *,
    unseen: bool = True,
) -> BudgetPoint | None:
    """Return what a budget achieves; None where rules ask for more than it buys.

    ``unseen``: in the held-out scenarios too.

    Raises
    ------
    TimeoutError
        No plan was found in time, and none was proven impossible.
    """
    rules = request.rules.model_copy(update={"budget": budget})
    solution, proven = planned(request.model_copy(update={"rules": rules}), control, store)
    if solution is None:
        if not proven:
            raise TimeoutError
        return None
    found = figures(solution)
    judged = out_of_sample(solution, control) if unseen else None
    return BudgetPoint(
        budget=budget,
        expected_unmet=found.expected_unmet,
        cover=found.covers[0].expected or 1.0,
        meets_target=found.meets_target,
        unseen_meets_target=None if judged is None else judged.meets_target.out_of_sample,
        proven=proven,
    )


def budget_curve(
    request: StockRequest,
    budgets: Sequence[float],
    control: RunControl,
    store: Store | None = None,
) -> tuple[BudgetPoint, ...]:
    """Return what each budget achieves, leaving out those that no plan keeps or no time is for."""
    found = []
    for n, budget in enumerate(budgets):
        if control.stop is not None:
            break
        part = quiet(control, 1.0 / (len(budgets) - n))
        with suppress(TimeoutError):
            point = budget_point(request, budget, part, store)
            if point is not None:
                found.append(point)
    return tuple(found)


def budget_for_target(  # noqa: PLR0913 - a bracket, a precision, and what every search is given
    request: StockRequest,
    low: float,
    high: float,
    control: RunControl,
    *,
    probability: float = 0.95,
    within: float = 0.02,
    store: Store | None = None,
) -> TargetBudget:
    """Return the least budget found whose plan meets the target with ``probability``.

    Bisects between ``low`` and ``high`` to ``within`` of the budget, as long as plans are proven
    or meet the target; without a point where ``high`` does not do.

    Raises
    ------
    TimeoutError
        The plan of ``high`` falls short of the target, but a better one may exist.
    """

    def meets(budget: float) -> bool:
        part = quiet(control, _POINT_SHARE)
        point = budget_point(request, budget, part, store, unseen=False)
        if point is None or point.meets_target >= probability:
            return point is not None
        if not point.proven:
            raise TimeoutError
        return False

    if not meets(high):
        return TargetBudget(probability=probability, tried=high)
    with suppress(TimeoutError):
        while high - low > within * high and control.stop is None:
            middle = 0.5 * (low + high)
            if meets(middle):
                high = middle
            else:
                low = middle
    point = budget_point(request, high, control, store)
    return TargetBudget(probability=probability, tried=low, point=point)


def budgets_for_target(
    request: StockRequest, probability: float, control: RunControl, store: Store | None = None
) -> tuple[TargetBudget, ...]:
    """Return the budgets that meet the target: with everybody, without kits, without their tier.

    Without kits the shops of the households' tier still hold their stock; without the tier nobody
    of it holds any. What the time does not allow is left out.
    """
    households = request.households
    asked: list[tuple[str | None, StockRequest]] = [(None, request)]
    if households is not None:
        asked.append((KITS, without_households(request)))
        asked.append((households.tier, without_tier(request, households.tier)))
    highest = _MOST * max([request.rules.budget or 0.0, *request.studies.budgets, 1.0])
    found = []
    for n, (name, less) in enumerate(asked):
        if control.stop is not None:
            break
        part = quiet(control, 1.0 / (len(asked) - n))
        with suppress(TimeoutError):
            one = budget_for_target(less, 0.0, highest, part, probability=probability, store=store)
            found.append(one.model_copy(update={"without": name}))
    return tuple(found)


def without_tier(request: StockRequest, tier: str) -> StockRequest:
    """Return a request in which nobody of a tier holds anything."""
    depots = tuple(one for one in request.depots if one.tier != tier)
    known = {one.id for one in depots}
    rules = request.rules.model_copy(
        update={"minimums": tuple(one for one in request.rules.minimums if one.tier != tier)}
    )
    households = request.households
    gone = {one.id for one in request.sources if one.tier == tier}
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
    """Return what is unmet without each tier, everything planned anew under the same budget.

    Household kits count as a tier of their own beside that which they belong to. What the time does
    not allow is left out.
    """
    lesser = [(tier.id, without_tier(request, tier.id)) for tier in request.tiers]
    if request.households is not None:
        lesser.append((KITS, without_households(request)))
    found = []
    for n, (name, less) in enumerate(lesser):
        if control.stop is not None:
            break
        solution, proven = planned(less, quiet(control, 1.0 / (len(lesser) - n)), store)
        if solution is None:
            continue
        what = figures(solution)
        found.append(
            TierWorth(
                tier=name,
                unmet_without=what.expected_unmet,
                meets_target_without=what.meets_target,
                proven=proven,
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
