"""The rules of a request, held against a plan."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from models.answer import Check
from models.facilities import FacilityPlan, FacilityRequest
from models.facilities.places import SiteState
from models.facilities.request import Goal
from optimizer.facilities.verify.question import Question, reach_of, within
from optimizer.verification import agrees, at_most, finding, named

_SERVED = 1e-6  # of all weight: what rounding in a solver may leave


def known(request: FacilityRequest, plan: FacilityPlan) -> Iterator[Check]:
    """Yield whether the plan's sites are the request's, and what is settled of them."""
    states = {site.id: site.state for site in request.sites}
    counts = Counter(one.site_id for one in plan.facilities)
    strange = sorted(one for one, count in counts.items() if one not in states or count > 1)
    yield _listing("facilities.known", strange, "plan.facilities", "known")
    for state, rule in (
        (SiteState.EXISTING, "facilities.existing"),
        (SiteState.FIXED, "facilities.fixed"),
    ):
        absent = [one for one, its in states.items() if its is state and one not in counts]
        yield _listing(rule, absent, "sites", state.value)
    built = [one for one in counts if states.get(one) is SiteState.FORBIDDEN]
    yield _listing("facilities.forbidden", built, "sites", "forbidden")


def _listing(rule: str, found: list[str], path: str, code: str) -> Check:
    code = f"check.facilities.{code}"
    return finding(rule, passed=not found, path=path, code=code, found=named(sorted(found)))


def rules(question: Question, plan: FacilityPlan) -> Iterator[Check]:
    """Yield number, budget, who must be served, and whether allocations are allowed."""
    yield from _limits(question)
    yield from _served(question)
    if plan.allocations is not None or question.request.has_capacities:
        yield from _allocations(question, plan)


def _limits(question: Question) -> Iterator[Check]:
    request = question.request
    new = [
        question.sites[one]
        for one in question.opened
        if question.sites[one].state is not SiteState.EXISTING
    ]
    if request.number is not None:
        yield finding(
            "number",
            passed=len(new) <= request.number,
            path="number",
            code="check.facilities.number",
            found=len(new),
            limit=request.number,
        )
    if request.budget is not None:
        cost = sum(site.cost for site in new)
        yield finding(
            "budget",
            passed=at_most(cost, request.budget),
            path="budget",
            code="check.facilities.budget",
            found=cost,
            limit=request.budget,
            currency=request.currency,
        )


def _served(question: Question) -> Iterator[Check]:
    request, total = question.request, float(question.weight.sum())
    served = total - float(question.missing.sum())
    if request.goal is Goal.SET_COVER:
        yield finding(
            "share",
            passed=served >= request.share * total - _SERVED * max(1.0, total),
            path="share",
            code="check.facilities.share",
            found=served / total if total > 0 else 1.0,
            limit=request.share,
        )
    if not request.covers and request.unreached is None:
        short = np.flatnonzero(question.missing).tolist()
        names = list(question.points)
        yield _listing("reached", [names[i] for i in short], "demand_points", "reached")


def _allocations(question: Question, plan: FacilityPlan) -> Iterator[Check]:
    given, opened = plan.allocations or (), set(question.opened)
    strange = [
        one.point_id
        for one in given
        if one.point_id not in question.points or one.site_id not in opened
    ]
    yield _listing("allocations.known", strange, "plan.allocations", "allocations")
    if strange:
        return
    ways = question.ways(
        [question.points[one.point_id] for one in given], [one.site_id for one in given]
    ).tolist()
    near = within(np.array(ways), reach_of(question.request)).tolist()
    far = [one.point_id for one, reached in zip(given, near, strict=True) if not reached]
    yield _listing("allocations.reach", far, "radius", "reach")
    wrong = [
        one.point_id
        for one, way in zip(given, ways, strict=True)
        if one.way is not None and not agrees(way, one.way)
    ]
    yield _listing("allocations.way", wrong, "plan.allocations", "way")
    if question.request.has_capacities:
        yield from _room(question, plan)
    else:
        yield _nearest(question, plan, ways)


def _nearest(question: Question, plan: FacilityPlan, ways: list[float]) -> Check:
    """Return whether everybody in reach of a facility, and nobody else, goes to the nearest."""
    names = list(question.points)
    wanted = {
        names[i]: float(question.weight[i])
        for i in np.flatnonzero((question.own >= 0) & (question.weight > 0)).tolist()
    }
    wrong = set(wanted)
    for one, way in zip(plan.allocations or (), ways, strict=True):
        nearest = at_most(way, float(question.nearest[question.points[one.point_id]]))
        if nearest and one.point_id in wrong and agrees(wanted[one.point_id], one.served):
            wrong.discard(one.point_id)
        else:
            wrong.add(one.point_id)
    return _listing("allocations.nearest", sorted(wrong), "plan.allocations", "nearest")


def _room(question: Question, plan: FacilityPlan) -> Iterator[Check]:
    load: dict[str, float] = defaultdict(float)
    facilities: dict[str, set[str]] = defaultdict(set)
    for one in plan.allocations or ():
        load[one.site_id] += one.served
        if one.served > 0:
            facilities[one.point_id].add(one.site_id)
    full = [
        site
        for site, amount in load.items()
        if (most := question.sites[site].capacity) is not None and not at_most(amount, most)
    ]
    yield _listing("capacity", full, "sites.capacity", "capacity")
    names = list(question.points)
    twice = [
        names[i]
        for i in np.flatnonzero(question.amounts > question.weight).tolist()
        if not at_most(float(question.amounts[i]), float(question.weight[i]))
    ]
    yield _listing("allocations.once", twice, "demand_points", "once")
    if question.request.single_source:
        several = [point for point, some in facilities.items() if len(some) > 1]
        yield _listing("single_source", several, "single_source", "single_source")
