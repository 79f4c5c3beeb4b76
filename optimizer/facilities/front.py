"""The goal of a request against a second objective, asked of the search for fronts."""

import numpy as np

from models.facilities.front import FacilityFront, FrontAsked, FrontPoint
from models.facilities.request import Goal
from models.run import Status, StopReason
from optimizer.algorithms.siting.front import Front, Trade, front
from optimizer.algorithms.siting.instance import GivenDistance, LocationInstance
from optimizer.control import RunControl
from optimizer.facilities.exact import finite
from optimizer.facilities.instance import Instance


def against(instance: Instance, asked: FrontAsked, control: RunControl) -> FacilityFront:
    """Return the non-dominated plans of the goal and of what it is seen against."""
    located = _located(instance)
    if instance.count is not None and instance.count < 0:
        return FacilityFront(
            against=asked.against,
            status=Status.INFEASIBLE,
            stop=StopReason.PROOF,
            points=(),
        )
    limit = instance.request.budget if _pays(instance, asked) else None
    found = front(located, _trade(instance, asked), control, points=asked.points, limit=limit)
    return _told(instance, asked, found)


def _pays(instance: Instance, asked: FrontAsked) -> bool:
    return asked.against == "cost" and instance.request.counts_cost


def _trade(instance: Instance, asked: FrontAsked) -> Trade:
    if asked.against == "cost":
        return "cover-cost"
    return "cover-equity" if instance.goal is Goal.COVER else "mean-max"


def _located(instance: Instance) -> LocationInstance:
    opened = np.flatnonzero(instance.settled)
    free = int(instance.free.sum())
    count = free if instance.count is None else min(instance.count, free)
    price = instance.priced if not instance.request.counts_cost else instance.cost
    return LocationInstance(
        GivenDistance(finite(instance.matrix, instance.weight)),
        instance.weight,
        len(opened) + max(0, count),
        instance.reach if instance.request.covers else None,
        opened,
        np.flatnonzero(instance.forbidden),
        price,
    )


def _told(instance: Instance, asked: FrontAsked, found: Front) -> FacilityFront:
    sites = instance.request.sites
    return FacilityFront(
        against=asked.against,
        status=found.status,
        stop=found.stop,
        points=tuple(
            FrontPoint(
                status=one.status,
                objective=one.first,
                bound=one.bound,
                against=_reached(instance, asked, one.chosen, one.second),
                new_facilities=int((~instance.existing[list(one.chosen)]).sum()),
                site_ids=tuple(sites[j].id for j in one.chosen),
            )
            for one in found.points
        ),
    )


def _reached(
    instance: Instance, asked: FrontAsked, chosen: tuple[int, ...], worth: float
) -> float | None:
    """Return the second objective, None where a point has no way to any of the sites."""
    if asked.against == "cost":
        return worth
    there = np.isfinite(instance.matrix[:, list(chosen)]).any(axis=1).all()
    return worth if there else None
