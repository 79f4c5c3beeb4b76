"""Every check of a request that needs more than one of its fields."""

from collections.abc import Iterator

from models.facilities import FacilityRequest
from models.facilities.places import SiteState
from models.facilities.request import Goal
from models.faults import Fault
from models.places import DemandTable, Place
from models.roads import ByRoads
from models.text import Label
from models.travel import ByMatrix
from optimizer.demand import DemandArrays
from optimizer.listing import cycles, fault, misplaced, repeated, unknown_references

PAIRS_MAX = 60_000_000  # of a point and a site, where every way must be known at once

_AREAS = Label(en="areas", zh="区域")
_SCENARIOS = Label(en="travel scenarios", zh="出行情景")


def check(request: FacilityRequest, demand: DemandArrays) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once."""
    return (
        *_duplicates(request),
        *_references(request),
        *cycles(request.areas),
        *_weights(request, demand),
        *_positions(request),
        *_goal(request),
        *_front(request),
        *_size(request, demand),
    )


def _duplicates(request: FacilityRequest) -> Iterator[Fault]:
    if not isinstance(request.demand_points, DemandTable):
        yield from repeated("demand_points", [one.id for one in request.demand_points])
    yield from repeated("sites", [one.id for one in request.sites])
    yield from repeated("areas", [one.id for one in request.areas])
    yield from repeated("travel.scenarios", [one.id for one in request.travel.scenarios])


def _references(request: FacilityRequest) -> Iterator[Fault]:
    areas = [one.id for one in request.areas]
    ways = [one.id for one in request.travel.scenarios]
    points = () if isinstance(request.demand_points, DemandTable) else request.demand_points
    lies_in = [
        (f"demand_points[{i}].area", one.area)
        for i, one in enumerate(points)
        if one.area is not None
    ]
    parents = [
        (f"areas[{n}].parent", one.parent)
        for n, one in enumerate(request.areas)
        if one.parent is not None
    ]
    named = request.travel_scenario
    yield from unknown_references("demand_points", lies_in, areas, _AREAS)
    yield from unknown_references("areas", parents, areas, _AREAS)
    if named is not None:
        yield from unknown_references("", [("travel_scenario", named)], ways, _SCENARIOS)


def _weights(request: FacilityRequest, demand: DemandArrays) -> Iterator[Fault]:
    known = sorted(demand.weights)
    if request.weight is None and len(known) > 1:
        yield fault("weight", "fault.facilities.weight", known=", ".join(known[:12]))
    if request.weight is not None and request.weight not in known:
        yield fault("weight", "fault.no_demand", request.weight, weight=request.weight)


def _positions(request: FacilityRequest) -> Iterator[Fault]:
    """Yield a fault for each place whose coordinates are not those the others have."""
    if isinstance(request.travel, ByMatrix):
        return
    given = request.demand_points
    points: tuple[Place, ...] = () if isinstance(given, DemandTable) else given
    first: Place = points[0] if points else request.sites[0]
    planar = first.lat is None and first.x_m is not None
    planar &= not isinstance(request.travel, ByRoads)
    wanted = (False, False, True, True) if planar else (True, True, False, False)
    yield from misplaced("demand_points", points, wanted)
    yield from misplaced("sites", request.sites, wanted)


def _goal(request: FacilityRequest) -> Iterator[Fault]:
    goal = request.goal.value
    if request.covers and request.radius is None:
        yield fault("radius", "fault.facilities.radius", goal=goal)
    limited = request.number is not None or request.budget is not None
    if request.goal not in {Goal.SET_COVER, Goal.LEAST_COST} and not limited:
        yield fault("number", "fault.facilities.number", goal=goal)
    if request.goal is not Goal.SET_COVER and request.share != 1.0:
        yield fault("share", "fault.facilities.share", request.share)
    if request.unreached is not None and request.covers:
        yield fault("unreached", "fault.facilities.unreached", request.unreached)
    if request.unreached is not None and request.has_capacities:
        yield fault("unreached", "fault.facilities.unreached_full", request.unreached)
    if all(one.state is SiteState.FORBIDDEN for one in request.sites):
        yield fault("sites", "fault.facilities.sites")
    if request.has_capacities and isinstance(request.demand_points, DemandTable):
        yield fault("demand_points", "fault.facilities.listed")


def _front(request: FacilityRequest) -> Iterator[Fault]:
    asked = request.front
    if asked is None:
        return
    goals = {"cost": (Goal.COVER,), "longest_way": (Goal.COVER, Goal.P_MEDIAN)}[asked.against]
    if request.goal not in goals:
        known = ", ".join(goal.value for goal in goals)
        need = "fault.facilities.front_goal"
        yield fault("front.against", need, asked.against, goal=request.goal.value, known=known)
    if request.has_capacities:
        yield fault("front", "fault.facilities.front_full")
    if request.unreached is not None:
        yield fault("unreached", "fault.facilities.front_unreached", request.unreached)
    paid = request.counts_cost and request.budget is not None and asked.against != "cost"
    if paid:
        yield fault("budget", "fault.facilities.front_budget", request.budget)


def _size(request: FacilityRequest, demand: DemandArrays) -> Iterator[Fault]:
    pairs = len(demand) * len(request.sites)
    every = not request.covers or request.front is not None
    if pairs > PAIRS_MAX and every:
        yield fault("demand_points", "fault.facilities.pairs", pairs, most=PAIRS_MAX)
