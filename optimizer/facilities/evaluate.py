"""A plan made elsewhere: its figures, its rules, and its distance from a proven answer."""

import time

import numpy as np

from models.facilities import FacilityAnswer, FacilityPlan, FacilityRequest
from models.facilities.places import SiteState
from models.facilities.plan import OpenFacility
from models.facilities.request import Goal
from models.run import LevelReport, Status, StopReason
from optimizer.datasets import Store
from optimizer.facilities.assumptions import assumptions
from optimizer.facilities.instance import Instance
from optimizer.facilities.solution import Service, Solution, of_names
from optimizer.facilities.verify import verify
from optimizer.judging import bounds_of, judged, run_of
from optimizer.travel.report import travel_report


def evaluate(
    request: FacilityRequest,
    plan: FacilityPlan,
    *,
    against: FacilityAnswer | None = None,
    store: Store | None = None,
) -> FacilityAnswer:
    """Return what ``plan`` is worth, whatever rule it breaks; ``against`` brings a proven bound.

    Facilities that exist stand without being named.

    Raises
    ------
    InputError
        The request contradicts itself, or ``against`` answers another.
    """
    began = time.monotonic()
    instance = Instance.from_request(request, store)
    bounds = bounds_of(request, against)
    counted = _counted(instance, _with_existing(request, plan))
    verification = verify(request, counted, store)
    value = counted.objective_value
    report = judged(
        LevelReport(
            kind=request.goal.value,
            sense="max" if request.goal is Goal.COVER else "min",
            status=Status.UNKNOWN,
            stop=StopReason.PROOF,
            objective=value,
            bound=bounds[0] if bounds else None,
            final=value,
        ),
        kept=verification.passed,
    )
    sites = tuple(site.as_site() for site in request.sites)
    travel = travel_report(request.travel, instance.travel, (instance.demand, sites), store)
    return FacilityAnswer(
        plan=counted,
        run=run_of((report,), time.monotonic() - began),
        verification=verification,
        assumptions=assumptions(request),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _with_existing(request: FacilityRequest, plan: FacilityPlan) -> FacilityPlan:
    """Return the sites and allocations of a plan alone, with every facility that exists."""
    named = {one.site_id for one in plan.facilities}
    kept = [
        OpenFacility(site_id=site.id)
        for site in request.sites
        if site.state is SiteState.EXISTING and site.id not in named
    ]
    facilities = (*(OpenFacility(site_id=one.site_id) for one in plan.facilities), *kept)
    return FacilityPlan(facilities=facilities, allocations=plan.allocations)


def _counted(instance: Instance, plan: FacilityPlan) -> FacilityPlan:
    """Return a plan with its figures, where it names nothing unknown."""
    request = instance.request
    known = {site.id for site in request.sites}
    strange = any(one.site_id not in known for one in plan.facilities)
    split = _split(instance, plan) if request.has_capacities else None
    bare = plan.model_copy(update={"illustrative": request.illustrative})
    if strange or (request.has_capacities and split is None):
        return bare
    solution = Solution(instance, of_names(instance, plan), split)
    return solution.plan()


def _split(instance: Instance, plan: FacilityPlan) -> Service | None:
    """Return who serves whom as a plan says, None where it names what is not there."""
    rows = {instance.demand.ids[i]: row for row, i in enumerate(instance.counted.tolist())}
    sites = {site.id: j for j, site in enumerate(instance.request.sites)}
    given = plan.allocations or ()
    if any(one.point_id not in rows or one.site_id not in sites for one in given):
        return None
    row = np.array([rows[one.point_id] for one in given], dtype=np.intp)
    site = np.array([sites[one.site_id] for one in given], dtype=np.intp)
    served = np.array([one.served for one in given], dtype=np.float64)
    way = instance.matrix[row, site]
    return Service(row, site, served, way) if np.isfinite(way).all() else None
