"""The years in which a plan opens its stations, counted against the yearly budgets."""

from collections.abc import Iterator
from itertools import accumulate

from models.answer import Check
from models.fire_stations.plan import Action
from models.fire_stations.staging import StagedYear, StagingPlan
from models.run import Status
from optimizer.fire_stations.verify.objectives import objective_value
from optimizer.fire_stations.verify.question import Question
from optimizer.fire_stations.verify.reach import Situation, situation
from optimizer.fire_stations.verify.stations import OpenStation, stations_today
from optimizer.verification import (
    Claim,
    at_least,
    at_most,
    claims_checked,
    finding,
    listing_checked,
)

_PATH = "plan.staging.years"


def staging_claims(after: Situation, plan: StagingPlan | None) -> Iterator[Check]:
    """Yield a check of each year's openings, money and objective."""
    if plan is None:
        return
    asked = after.question.request.staging
    years = asked.years if asked is not None else ()
    if plan.status is Status.INFEASIBLE:
        yield _infeasible_check(after, plan, [year.capital_budget for year in years])
        return
    yield listing_checked(
        "staging.years",
        [f"{k}:{year.year}" for k, year in enumerate(years)],
        [f"{k}:{year.year}" for k, year in enumerate(plan.years)],
        path="staging.years",
    )
    yield _site_check(after, plan.years)
    capital = {station.site_id: station.capital_cost for station in after.stations}
    spent = [sum(capital.get(one, 0.0) for one in year.opened_sites) for year in plan.years]
    yield _claimed(plan.years, spent, "capital_cost")
    granted = [year.capital_budget for year in years]
    left = [
        all_granted - all_spent
        for all_granted, all_spent in zip(accumulate(granted), accumulate(spent), strict=False)
    ]
    least = min(left, default=None)
    yield finding(
        "staging.budget",
        passed=least is None or at_least(least, 0.0),
        path="staging.years",
        code="check.staging.budget",
        found=least,
    )
    yield _claimed(plan.years, left, "budget_left")
    yield _claimed(plan.years, _objectives(after, plan.years), "objective")


def _infeasible_check(after: Situation, plan: StagingPlan, granted: list[float]) -> Check:
    """Return the check that the money of all years cannot pay for what the plan opens."""
    cost = sum(station.capital_cost for station in after.stations if station.opened)
    return finding(
        "staging.infeasible",
        passed=not plan.years and not at_most(cost, sum(granted)),
        path="plan.staging.status",
        code="check.staging.infeasible",
        found=cost,
        limit=sum(granted),
    )


def _claimed(years: tuple[StagedYear, ...], found: list[float], name: str) -> Check:
    claims = [
        Claim(f"{_PATH}[{k}].{name}", number, getattr(year, name))
        for k, (number, year) in enumerate(zip(found, years, strict=False))
    ]
    return claims_checked(f"staging.{name}", claims, path=_PATH, name=f"staging_{name}")


def _site_check(after: Situation, years: tuple[StagedYear, ...]) -> Check:
    """Return the check that each station opened, and only what changes, has its one year.

    Stations strengthened or regraded may have a year of their own; without one they count as
    changed from the first year.
    """
    listed = [site_id for year in years for site_id in year.opened_sites]
    changed = {
        station.site_id
        for station in after.stations
        if station.action in {Action.STRENGTHEN, Action.REGRADE}
    }
    asked = {station.site_id for station in after.stations if station.opened}
    asked |= changed & set(listed)
    return listing_checked("staging.sites", asked, listed, path=_PATH)


def _objectives(after: Situation, years: tuple[StagedYear, ...]) -> list[float]:
    """Return the first objective at each year's end."""
    question, values = after.question, []
    objective = question.request.objectives[0]
    staged = {site_id for year in years for site_id in year.opened_sites}
    done: set[str] = set()
    for year in years:
        done.update(year.opened_sites)
        standing = _standing(question, after.stations, staged - done)
        values.append(objective_value(situation(question, standing, [objective]), objective))
    return values


def _standing(
    question: Question, stations: tuple[OpenStation, ...], waiting: set[str]
) -> list[OpenStation]:
    """Return what stands while some sites wait for their year.

    A station to be moved still stands at its old site, one to be strengthened or regraded as
    it is today.
    """
    standing = [one for one in stations if one.site_id not in waiting]
    until_then = {one.moved_from or one.site_id for one in stations if one.site_id in waiting}
    return standing + [one for one in stations_today(question) if one.site_id in until_then]
