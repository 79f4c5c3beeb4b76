"""Small requests of plain siting, drawn from a seed, and their answer by trying every choice."""

from collections.abc import Iterator
from itertools import combinations
from math import hypot, inf
from typing import Any

import numpy as np

from models.facilities import FacilityAnswer, FacilityRequest
from models.facilities.places import FacilitySite, SiteState
from models.facilities.request import Goal
from models.places import DemandPoint
from models.run import RunLimits
from optimizer.control import RunControl
from optimizer.facilities.solve import solve

STATES = (SiteState.EXISTING, SiteState.FIXED, SiteState.FORBIDDEN)


def drawn(seed: int, *, points: int = 9, sites: int = 7, **told: Any) -> FacilityRequest:
    """Return a request on a square of 100 m; sites have costs unless told otherwise."""
    rng = np.random.default_rng(seed)
    free = told.pop("free", False)
    capacity = told.pop("capacity", None)
    states = told.pop("states", STATES)
    at = rng.integers(0, 100, (points + sites, 2)).astype(float)
    weight, cost = rng.integers(0, 9, points), rng.integers(1, 9, sites)
    return FacilityRequest(
        demand_points=tuple(
            DemandPoint(id=f"p{i}", x_m=x, y_m=y, weights={"w": float(weight[i])})
            for i, (x, y) in enumerate(at[:points].tolist())
        ),
        sites=tuple(
            FacilitySite(
                id=f"s{j}",
                x_m=x,
                y_m=y,
                cost=0.0 if free else float(cost[j]),
                capacity=capacity,
                state=states[j] if j < len(states) else SiteState.CANDIDATE,
            )
            for j, (x, y) in enumerate(at[points:].tolist())
        ),
        limits=RunLimits(time_limit_s=20.0),
        **told,
    )


def answered(request: FacilityRequest) -> FacilityAnswer:
    """Return the engine's answer."""
    return solve(request, RunControl(request.limits))


def choices(request: FacilityRequest) -> Iterator[tuple[FacilitySite, ...]]:
    """Yield every choice that keeps number, budget and what is settled of sites."""
    by_state = {state: [s for s in request.sites if s.state is state] for state in SiteState}
    free = by_state[SiteState.CANDIDATE]
    for size in range(len(free) + 1):
        for some in combinations(free, size):
            new = (*by_state[SiteState.FIXED], *some)
            dear = request.budget is not None and sum(s.cost for s in new) > request.budget + 1e-9
            many = request.number is not None and len(new) > request.number
            if not dear and not many:
                yield (*by_state[SiteState.EXISTING], *new)


def value(request: FacilityRequest, chosen: tuple[FacilitySite, ...]) -> float | None:
    """Return what a choice is worth by the words of the goal, None where it is no plan."""
    assert isinstance(request.demand_points, tuple)
    asking = [one for one in request.demand_points if one.weights["w"] > 0]
    ways = [min((_way(one, site) for site in chosen), default=inf) for one in asking]
    weights = [one.weights["w"] for one in asking]
    near = sum(w for w, way in zip(weights, ways, strict=True) if way <= (request.radius or 0.0))
    if request.goal is Goal.COVER:
        return near
    if request.goal is Goal.SET_COVER:
        new = [site for site in chosen if site.state is not SiteState.EXISTING]
        paid = sum(site.cost for site in new) if request.counts_cost else float(len(new))
        return paid if near >= request.share * sum(weights) - 1e-9 else None
    ways = [min(way, request.unreached or inf) for way in ways]
    if inf in ways:
        return None
    summed = sum(w * way for w, way in zip(weights, ways, strict=True))
    if request.goal is Goal.LEAST_COST:
        new = [site for site in chosen if site.state is not SiteState.EXISTING]
        return sum(site.cost for site in new) + request.way_cost * summed
    if request.goal is Goal.P_MEDIAN:
        return summed
    return max(ways, default=0.0)


def longest(request: FacilityRequest, chosen: tuple[FacilitySite, ...]) -> float:
    """Return how far the farthest point that asks for anything is from a choice."""
    assert isinstance(request.demand_points, tuple)
    asking = [one for one in request.demand_points if one.weights["w"] > 0]
    return max(min((_way(one, site) for site in chosen), default=inf) for one in asking)


def best(request: FacilityRequest) -> float | None:
    """Return the best value of all choices, None where there is no plan."""
    found = [v for one in choices(request) if (v := value(request, one)) is not None]
    return (max if request.goal is Goal.COVER else min)(found, default=None)


def _way(point: DemandPoint, site: FacilitySite) -> float:
    assert point.x_m is not None
    assert point.y_m is not None
    assert site.x_m is not None
    assert site.y_m is not None
    return hypot(point.x_m - site.x_m, point.y_m - site.y_m)
