"""The years of building, by trying every year for every station opened."""

from dataclasses import dataclass
from itertools import accumulate, product

from models.fire_stations.objectives import MAXIMISED
from models.run import Status
from tests.oracles.facts import RELATIVE, Facts, Plan
from tests.oracles.plans import before
from tests.oracles.rules import OPENED
from tests.oracles.values import objective_value


@dataclass(frozen=True)
class StagingAnswer:
    """The best sum over years of the first objective; None where the budgets cannot pay."""

    status: Status
    total: float | None


def standing(facts: Facts, plan: Plan, waiting: set[int]) -> Plan:
    """Return what stands while the stations at ``waiting`` sites are not yet opened."""
    there = [one for one in plan if one.site not in waiting]
    moving = {one.moved_from for one in plan if one.site in waiting}
    there += [one for one in before(facts) if one.site in moving]
    return tuple(sorted(there, key=lambda one: one.site))


def paid(facts: Facts, opened: Plan, years: tuple[int, ...]) -> bool:
    """Return whether every year's openings are paid by what was granted so far."""
    granted = accumulate(year.capital_budget for year in facts.request.staging.years)
    spent = [
        sum(one.capital for one, year in zip(opened, years, strict=True) if year <= k)
        for k in range(len(facts.request.staging.years))
    ]
    return all(
        cost <= money + RELATIVE * max(1.0, money)
        for cost, money in zip(spent, granted, strict=True)
    )


def worth(facts: Facts, plan: Plan, opened: Plan, years: tuple[int, ...]) -> float:
    """Return the sum over years of the first objective at the year's end."""
    total = 0.0
    for k in range(len(facts.request.staging.years)):
        waiting = {one.site for one, year in zip(opened, years, strict=True) if year > k}
        there = standing(facts, plan, waiting)
        total += objective_value(facts, there, facts.request.objectives[0])
    return total


def best_staging(facts: Facts, plan: Plan) -> StagingAnswer:
    """Return the best years for what ``plan`` opens."""
    opened = tuple(one for one in plan if one.action in OPENED)
    choices = product(range(len(facts.request.staging.years)), repeat=len(opened))
    totals = [worth(facts, plan, opened, years) for years in choices if paid(facts, opened, years)]
    if not totals:
        return StagingAnswer(Status.INFEASIBLE, None)
    highest = facts.request.objectives[0].kind in MAXIMISED
    return StagingAnswer(Status.OPTIMAL, max(totals) if highest else min(totals))
