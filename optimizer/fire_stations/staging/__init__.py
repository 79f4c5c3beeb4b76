"""In which year each chosen site is opened, under budgets that carry over.

Only money counts: what else the plan keeps need not hold before the last year. With few openings
every subset of them is counted and the best years follow (`schedule`); with many, or where time
runs short, a search gives good years and a bound (`search`).
"""

import time
from itertools import accumulate

import numpy as np

from models.fire_stations.staging import StagedYear, Staging, StagingPlan
from models.run import LevelReport, Status, StopReason
from optimizer.control import RunControl
from optimizer.fire_stations.options import IndexArray
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staging.openings import Openings
from optimizer.fire_stations.staging.schedule import Budget, best_years
from optimizer.fire_stations.staging.search import Search
from optimizer.judging import PROVEN_GAP
from optimizer.linear import Sense

ENUMERATED = 14  # openings; each more doubles the subsets to count
_ENUMERATING_SHARE = 0.7  # of the time; the rest is for the search if that does not do


def staging(solution: Solution, control: RunControl) -> StagingPlan:
    """Return the years of what ``solution`` opens.

    ``infeasible``, without years, where the budgets of all years cannot pay for it;
    ``feasible`` where better years may exist.
    """
    began = time.monotonic()
    asked = solution.instance.request.staging
    assert asked is not None
    openings = Openings.of(solution)
    granted = np.array(list(accumulate(year.capital_budget for year in asked.years)))
    budget = Budget(granted, openings.capital_cost)
    sense: Sense = "max" if openings.highest else "min"
    if not budget.payable:
        level = _report(sense, Status.INFEASIBLE, StopReason.PROOF, began)
        return StagingPlan(status=Status.INFEASIBLE, level=level, years=())
    years, bound = _best(openings, budget, control)
    staged = _staged(openings, asked, budget, years)
    total = sum(year.objective for year in staged)
    if bound is None:
        bound = total
    proven = abs(total - bound) <= PROVEN_GAP * max(1.0, abs(total))
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    stop = StopReason.PROOF if proven else control.halted or StopReason.CONVERGED
    level = _report(sense, status, stop, began).model_copy(
        update={"objective": total, "bound": bound, "final": total}
    )
    return StagingPlan(status=status, level=level, years=staged)


def _best(
    openings: Openings, budget: Budget, control: RunControl
) -> tuple[IndexArray, float | None]:
    """Return the year of each opening, and a bound; None where the years are the best."""
    if len(budget.cost) <= ENUMERATED:
        values = openings.every_value(control.share(_ENUMERATING_SHARE))
        if values is not None:
            return best_years(values if openings.highest else -values, budget), None
    search = Search(openings, budget, control)
    years = search.best()
    bound = search.bound()
    return years, bound if openings.highest else -bound


def _staged(
    openings: Openings, asked: Staging, budget: Budget, years: IndexArray
) -> tuple[StagedYear, ...]:
    """Return each year's openings, money and first objective."""
    staged = []
    for k, year in enumerate(asked.years):
        spent = float(budget.cost[years <= k].sum())
        staged.append(
            StagedYear(
                year=year.year,
                opened_sites=tuple(
                    openings.site_id(int(one)) for one in np.flatnonzero(years == k)
                ),
                capital_cost=float(budget.cost[years == k].sum()),
                budget_left=float(budget.granted[k]) - spent,
                objective=openings.value(openings.standing(years <= k)),
            )
        )
    return tuple(staged)


def _report(sense: Sense, status: Status, stop: StopReason, began: float) -> LevelReport:
    return LevelReport(
        kind="staging", sense=sense, status=status, stop=stop, wall_s=time.monotonic() - began
    )
