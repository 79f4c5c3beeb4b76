"""The claims of a plan: its objective, its figures, its facilities, and who is not served."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.answer import Check
from models.facilities import FacilityPlan
from models.facilities.places import SiteState
from models.facilities.plan import LISTED_MAX, REACH_TOLERANCE, FacilityFigures, Unserved
from optimizer.demand import FloatArray
from optimizer.facilities.verify.question import Question, reach_of, within
from optimizer.travel import IndexArray
from optimizer.verification import Claim, agrees, claims_checked, finding, named


def claims(question: Question, plan: FacilityPlan) -> Iterator[Check]:
    """Yield a check of every group of claims that the plan makes."""
    yield claims_checked(
        "facilities", [*_facilities(question, plan)], path="plan.facilities", name="facilities.own"
    )
    if plan.objective_value is not None:
        claim = Claim("plan.objective_value", question.value(plan), plan.objective_value)
        yield claims_checked("objective", [claim], path="goal", name="facilities.objective")
    if plan.figures is not None:
        told = [*_figures(question, plan, plan.figures)]
        yield claims_checked("figures", told, path="plan.figures", name="facilities.figure")
    if plan.unserved is not None:
        yield _unserved(question, plan)


@dataclass(frozen=True)
class _Service:
    """All service, one entry a point or an allocation: by whom, how much, how far."""

    own: IndexArray  # (entry,) place of the facility among the question's `opened`
    amount: FloatArray
    way: FloatArray

    @classmethod
    def read(cls, question: Question, plan: FacilityPlan) -> "_Service":
        """Return what the plan allocates, or the nearest facility's where none can be full."""
        if not question.request.has_capacities:
            served = np.flatnonzero((question.own >= 0) & (question.weight > 0))
            return cls(question.own[served], question.weight[served], question.nearest[served])
        given = plan.allocations or ()
        place = {name: n for n, name in enumerate(question.opened)}
        return cls(
            np.array([place[one.site_id] for one in given], dtype=np.intp),
            np.array([one.served for one in given]),
            question.ways(
                [question.points[one.point_id] for one in given], [one.site_id for one in given]
            ),
        )


def _facilities(question: Question, plan: FacilityPlan) -> Iterator[Claim]:
    service, count = _Service.read(question, plan), len(question.opened)
    farthest = np.zeros(count)
    np.maximum.at(farthest, service.own, service.way)
    points = _by_site(question, np.bincount(service.own, minlength=count))
    served = _by_site(question, np.bincount(service.own, service.amount, minlength=count))
    longest = _by_site(question, farthest)
    for n, one in enumerate(plan.facilities):
        site, path = question.sites[one.site_id], f"plan.facilities[{n}]"
        existing = site.state is SiteState.EXISTING
        if one.state is not None:
            yield Claim(f"{path}.state", float(one.state is site.state), 1.0)
        if one.cost is not None:
            yield Claim(f"{path}.cost", 0.0 if existing else site.cost, one.cost)
        if one.points is not None:
            yield Claim(f"{path}.points", points[site.id], float(one.points))
        if one.served is not None:
            yield Claim(f"{path}.served", served[site.id], one.served)
        if one.farthest is not None:
            yield Claim(f"{path}.farthest", longest[site.id], one.farthest)


def _by_site(question: Question, values: np.ndarray) -> dict[str, float]:
    return dict(zip(question.opened, values.astype(np.float64).tolist(), strict=True))


def _figures(question: Question, plan: FacilityPlan, told: FacilityFigures) -> Iterator[Claim]:
    request, missing = question.request, question.missing
    service = _Service.read(question, plan)
    amount, summed = float(service.amount.sum()), float(service.amount @ service.way)
    new = [
        question.sites[one]
        for one in question.opened
        if question.sites[one].state is not SiteState.EXISTING
    ]
    near = None
    if request.radius is not None:
        inside = within(question.nearest, request.radius + REACH_TOLERANCE)
        near = float(question.weight[inside].sum())
    total = float(question.weight.sum())
    found: dict[str, float | None] = {
        "weight": total,
        "served": total - float(missing.sum()),
        "points": float(np.count_nonzero(question.weight > 0)),
        "points_unserved": float(np.count_nonzero(missing)),
        "new_facilities": float(len(new)),
        "cost": float(sum(one.cost for one in new)),
        "mean_way": summed / amount if amount > 0 else None,
        "longest_way": float(service.way.max()) if len(service.way) else None,
        "within_radius": near,
    }
    for name, value in found.items():
        yield Claim(f"plan.figures.{name}", value, getattr(told, name))


def _unserved(question: Question, plan: FacilityPlan) -> Check:
    """Return whether the points that are named lack what is said, for the reason said."""
    missing, told = question.missing, plan.unserved or ()
    short = int(np.count_nonzero(missing))
    wrong = [] if len(told) == min(short, LISTED_MAX) else ["plan.unserved"]
    wrong += [one.point_id for one in told if not _holds(question, missing, one)]
    return finding(
        "unserved",
        passed=not wrong,
        path="plan.unserved",
        code="check.facilities.unserved",
        found=named(wrong),
    )


def _holds(question: Question, missing: FloatArray, one: Unserved) -> bool:
    i = question.points.get(one.point_id)
    if i is None or not agrees(float(missing[i]), one.weight):
        return False
    way = float(question.nearest[i]) if question.nearest[i] < np.inf else None
    reasoned = one.reason is None or one.reason == _reason(question, i)
    return reasoned and agrees(way, one.nearest)


def _reason(question: Question, i: int) -> str:
    near = within(question.ways_of(i), reach_of(question.request))
    sites, opened = question.request.sites, set(question.opened)
    usable = [
        site.id
        for site, reached in zip(sites, near.tolist(), strict=True)
        if reached and site.state is not SiteState.FORBIDDEN
    ]
    if not usable:
        return "out_of_reach"
    return "full" if set(usable) <= opened else "not_open"
