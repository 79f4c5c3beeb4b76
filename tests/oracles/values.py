"""Every objective of a request, one function each."""

import math
from collections.abc import Callable
from statistics import NormalDist

from models.fire_stations.objectives import (
    MAXIMISED,
    Backup,
    Cost,
    Cover,
    ExpectedCover,
    FullForce,
    GradualCover,
    MeanTime,
    Objective,
    ProbabilisticCover,
    WorstArea,
    WorstTime,
)
from models.fire_stations.plan import Action
from tests.oracles.facts import SLACK_S, Facts, Plan
from tests.oracles.plans import site_options

OPENED = frozenset({Action.BUILD, Action.COMMISSION, Action.MOVE})


def _within(facts: Facts, given_s: float | None, *, full: bool = False) -> float:
    default = facts.standard.full_force_within_s if full else facts.standard.within_s
    return (default if given_s is None else given_s) + SLACK_S


def _cover(facts: Facts, plan: Plan, wanted: Cover, s: int) -> float:
    limit_s = _within(facts, wanted.within_s)
    times = facts.nearest(plan)[s]
    weights = facts.weights(wanted.weight)
    return sum(w for w, t in zip(weights, times, strict=True) if t <= limit_s)


def _arriving(facts: Facts, plan: Plan, limit_s: float, s: int) -> list[Plan]:
    """Return, per demand point, the open stations that are there in time."""
    rows = [(one, facts.response(one.site, one.class_id)[s]) for one in plan]
    return [
        tuple(one for one, times in rows if times[i] <= limit_s) for i in range(len(facts.points))
    ]


def _force_is_full(facts: Facts, there: Plan, wanted: FullForce, i: int) -> bool:
    vehicles = facts.standard.vehicles if wanted.vehicles is None else wanted.vehicles
    people = facts.standard.people if wanted.people is None else wanted.people
    types = {risk.id: risk.vehicle_types for risk in facts.request.risk_classes}
    special = types.get(facts.points[i].risk_class, {})
    return (
        sum(number for one in there for _, number in one.vehicles) >= vehicles
        and sum(one.people for one in there) >= people
        and all(
            sum(dict(one.vehicles).get(kind, 0) for one in there) >= number
            for kind, number in special.items()
        )
    )


def _full_force(facts: Facts, plan: Plan, wanted: FullForce, s: int) -> float:
    there = _arriving(facts, plan, _within(facts, wanted.within_s, full=True), s)
    weights = facts.weights(wanted.weight)
    return sum(
        weights[i]
        for i, stations in enumerate(there)
        if weights[i] and _force_is_full(facts, stations, wanted, i)
    )


def _backup(facts: Facts, plan: Plan, wanted: Backup, s: int) -> float:
    there = _arriving(facts, plan, _within(facts, wanted.second_s, full=True), s)
    weights = facts.weights(wanted.weight)
    return sum(w for w, stations in zip(weights, there, strict=True) if len(stations) >= 2)


def _expected_cover(facts: Facts, plan: Plan, wanted: ExpectedCover, s: int) -> float:
    counted = tuple(one for one in plan if wanted.classes is None or one.class_id in wanted.classes)
    there = _arriving(facts, counted, _within(facts, wanted.within_s), s)
    total = 0.0
    for weight, stations in zip(facts.weights(wanted.weight), there, strict=True):
        units = sum(number for one in stations for _, number in one.vehicles)
        total += weight * (1 - wanted.busy_fraction**units)
    return total


def _gradual_cover(facts: Facts, plan: Plan, wanted: GradualCover, s: int) -> float:
    total = 0.0
    for weight, time in zip(facts.weights(wanted.weight), facts.nearest(plan)[s], strict=True):
        worth = [step.value for step in wanted.steps if time <= step.within_s + SLACK_S]
        total += weight * max(worth, default=0.0)
    return total


def _chance(median_s: float, within_s: float, sigma: float) -> float:
    if median_s == math.inf or within_s <= 0:
        return 0.0
    if median_s <= 0:
        return 1.0
    return NormalDist().cdf((math.log(within_s) - math.log(median_s)) / sigma)


def _probabilistic_cover(facts: Facts, plan: Plan, wanted: ProbabilisticCover, s: int) -> float:
    within_s = facts.standard.within_s if wanted.within_s is None else wanted.within_s
    return sum(
        weight * _chance(median_s, within_s, wanted.sigma)
        for weight, median_s in zip(
            facts.weights(wanted.weight), facts.nearest(plan)[s], strict=True
        )
    )


def _times(facts: Facts, plan: Plan, unreached_s: float, s: int) -> list[float]:
    return [min(unreached_s, time) for time in facts.nearest(plan)[s]]


def _mean_time(facts: Facts, plan: Plan, wanted: MeanTime, s: int) -> float:
    weights, times = facts.weights(wanted.weight), _times(facts, plan, wanted.unreached_s, s)
    total = sum(weights)
    return sum(w * t for w, t in zip(weights, times, strict=True)) / total if total else 0.0


def _worst_time(facts: Facts, plan: Plan, wanted: WorstTime, s: int) -> float:
    weights, times = facts.weights(wanted.weight), _times(facts, plan, wanted.unreached_s, s)
    return max((t for w, t in zip(weights, times, strict=True) if w > 0), default=0.0)


def _every_time(facts: Facts, s: int) -> list[float]:
    """Return the least time in which any option at any site reaches each point."""
    if s not in facts.every_time:
        facts.every_time[s] = _least_time(facts, s)
    return facts.every_time[s]


def _least_time(facts: Facts, s: int) -> list[float]:
    stations = {
        (one.site, one.class_id)
        for j in range(len(facts.sites))
        for one in site_options(facts, j)
        if one is not None
    }
    rows = [facts.response(site, class_id)[s] for site, class_id in stations]
    return [min((row[i] for row in rows), default=math.inf) for i in range(len(facts.points))]


def _area_weights(facts: Facts, times: list[float], wanted: WorstArea, group: list[int]) -> float:
    limit_s, weights = _within(facts, wanted.within_s), facts.weights(wanted.weight)
    return sum(weights[i] for i in group if times[i] <= limit_s)


def _worst_area(facts: Facts, plan: Plan, wanted: WorstArea) -> float:
    shares = []
    nearest = facts.nearest(plan)
    every = [_every_time(facts, s) for s in facts.scenarios]
    for group in (facts.points_in(area) for area in facts.area_ids(wanted.level)):
        covered = [_area_weights(facts, nearest[s], wanted, group) for s in facts.scenarios]
        coverable = [_area_weights(facts, every[s], wanted, group) for s in facts.scenarios]
        if wanted.scenarios == "expected":
            covered, coverable = [_mean(facts, covered)], [_mean(facts, coverable)]
        shares += [a / b for a, b in zip(covered, coverable, strict=True) if b > 0]
    return min(shares, default=1.0)


def _mean(facts: Facts, per_scenario: list[float]) -> float:
    return sum(a * b for a, b in zip(facts.scenario_shares, per_scenario, strict=True))


PER_SCENARIO: dict[str, Callable[..., float]] = {
    "cover": _cover,
    "full_force": _full_force,
    "backup": _backup,
    "expected_cover": _expected_cover,
    "gradual_cover": _gradual_cover,
    "probabilistic_cover": _probabilistic_cover,
    "mean_time": _mean_time,
    "worst_time": _worst_time,
}


def cost(plan: Plan, wanted: Cost) -> float:
    """Return the capital cost and the yearly costs of the horizon."""
    return sum(one.capital + wanted.horizon_years * one.yearly for one in plan)


def objective_value(facts: Facts, plan: Plan, wanted: Objective) -> float:
    """Return the value of one objective, over the travel scenarios as it asks."""
    if isinstance(wanted, Cost):
        return cost(plan, wanted)
    if isinstance(wanted, WorstArea):
        return _worst_area(facts, plan, wanted)
    if wanted.kind == "fewest_stations":
        return float(sum(one.action in OPENED for one in plan))
    value = PER_SCENARIO[wanted.kind]
    each = [value(facts, plan, wanted, s) for s in facts.scenarios]
    if wanted.scenarios == "expected":
        return _mean(facts, each)
    return min(each) if wanted.kind in MAXIMISED else max(each)
