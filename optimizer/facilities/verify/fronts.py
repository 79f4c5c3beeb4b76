"""The points of a front: the rules each keeps, what it is worth, and that none is dominated."""

from models.answer import Check
from models.facilities import FacilityFront, FacilityPlan, FacilityRequest
from models.facilities.front import FrontPoint
from models.facilities.places import SiteState
from models.facilities.plan import OpenFacility
from models.facilities.request import Goal
from optimizer.datasets import Store
from optimizer.facilities.verify.question import Question
from optimizer.facilities.verify.rules import known, rules
from optimizer.verification import agrees, finding, named

_ROUNDING = 1e-9  # relative


def front_holds(
    request: FacilityRequest, front: FacilityFront, store: Store | None = None
) -> Check:
    """Return whether every point keeps the rules, is worth what it says, and none beats another."""
    plans = [_plan(point) for point in front.points]
    wrong = {
        n for n, plan in enumerate(plans) if not all(check.passed for check in known(request, plan))
    }
    sound = [n for n in range(len(plans)) if n not in wrong]
    asked = Question.each(request, [plans[n] for n in sound], store)
    for n, question in zip(sound, asked, strict=True):
        if not _holds(question, plans[n], front, front.points[n]):
            wrong.add(n)
    wrong |= _dominated(request, front)
    return finding(
        "front",
        passed=not wrong,
        path="front",
        code="check.facilities.front",
        found=named([str(n + 1) for n in sorted(wrong)]),
    )


def _plan(point: FrontPoint) -> FacilityPlan:
    return FacilityPlan(facilities=tuple(OpenFacility(site_id=one) for one in point.site_ids))


def _holds(question: Question, plan: FacilityPlan, front: FacilityFront, point: FrontPoint) -> bool:
    new = [
        question.sites[one]
        for one in question.opened
        if question.sites[one].state is not SiteState.EXISTING
    ]
    second: float | None = float(len(new))
    if front.against == "longest_way":
        longest = float(question.nearest[question.weight > 0].max(initial=0.0))
        second = longest if longest < float("inf") else None
    elif question.request.counts_cost:
        second = float(sum(one.cost for one in new))
    return (
        all(check.passed for check in rules(question, plan))
        and agrees(question.value(plan), point.objective)
        and agrees(second, point.against)
        and len(new) == point.new_facilities
    )


def _dominated(request: FacilityRequest, front: FacilityFront) -> set[int]:
    """Return the points that are no better in the second objective than the one before them.

    From one to the next the goal must become worse and the second objective better; a way that
    does not exist is the longest.
    """
    sign = -1.0 if request.goal is Goal.COVER else 1.0
    worth = [sign * one.objective for one in front.points]
    second = [float("inf") if one.against is None else one.against for one in front.points]
    slack = _ROUNDING * max([1.0, *(abs(one) for one in worth)])
    return {
        n
        for n in range(1, len(worth))
        if worth[n] <= worth[n - 1] + slack * 1e-3 or second[n] >= second[n - 1]
    }
