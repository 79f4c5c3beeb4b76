"""What each objective is worth for a set of open stations, counted from their arrivals."""

import math

import numpy as np
from scipy.special import erfc

from models.fire_stations.objectives import (
    MAXIMISED,
    Backup,
    Cost,
    Cover,
    ExpectedCover,
    FewestStations,
    FullForce,
    GradualCover,
    MeanTime,
    Objective,
    ProbabilisticCover,
    WorstArea,
    WorstTime,
)
from optimizer.demand import FloatArray
from optimizer.fire_stations.verify.question import TIME_TOLERANCE_S, BoolArray, Question
from optimizer.fire_stations.verify.reach import Reach, Situation, Units, force_of

PointObjective = Cover | FullForce | Backup | ExpectedCover | GradualCover | ProbabilisticCover
TimeObjective = MeanTime | WorstTime


def objective_value(situation: Situation, objective: Objective) -> float:
    """Return the value of ``objective``, over the travel scenarios as it asks."""
    stations = situation.stations
    if isinstance(objective, FewestStations):
        return float(sum(station.opened for station in stations))
    if isinstance(objective, Cost):
        capital_cost = sum(station.capital_cost for station in stations)
        yearly_cost = sum(station.yearly_cost for station in stations)
        return capital_cost + objective.horizon_years * yearly_cost
    if isinstance(objective, WorstArea):
        return _worst_area(situation, objective)
    values = [_scenario_value(situation.question, one, objective) for one in situation.reaches]
    if objective.scenarios == "worst":
        return min(values) if objective.kind in MAXIMISED else max(values)
    return float(situation.question.times.weights @ np.array(values))


def covered(reach: Reach, within_s: float) -> BoolArray:
    """Return which points the first station reaches in time."""
    return reach.best_s <= within_s + TIME_TOLERANCE_S


def _scenario_value(
    question: Question, reach: Reach, objective: PointObjective | TimeObjective
) -> float:
    weight = question.demand.weights[objective.weight]
    if isinstance(objective, MeanTime | WorstTime):
        return _time(reach, objective, weight)
    return float(weight @ _share_served(question, reach, objective))


def _share_served(question: Question, reach: Reach, objective: PointObjective) -> FloatArray:
    """Return per point the share of its weight that counts, 0 to 1."""
    match objective:
        case Cover():
            return covered(reach, question.within_s(objective.within_s)).astype(np.float64)
        case FullForce():
            return reach.force[force_of(question, objective)].astype(np.float64)
        case Backup():
            within_s = objective.second_s
            limit_s = question.standard.full_force_within_s if within_s is None else within_s
            return (reach.second_s <= limit_s + TIME_TOLERANCE_S).astype(np.float64)
        case ExpectedCover():
            test = Units(question.within_s(objective.within_s), objective.classes)
            busy: FloatArray = np.power(objective.busy_fraction, reach.units[test])
            return 1.0 - busy
        case GradualCover():
            return _stepped(reach.best_s, objective)
        case ProbabilisticCover():
            limit_s = question.within_s(objective.within_s)
            return chance_in_time(reach.best_s, limit_s, objective.sigma)


def _stepped(best_s: FloatArray, objective: GradualCover) -> FloatArray:
    share = np.zeros(len(best_s))
    for step in objective.steps:
        in_time = best_s <= step.within_s + TIME_TOLERANCE_S
        share[in_time] = np.maximum(share[in_time], step.value)
    return share


def chance_in_time(median_s: FloatArray, limit_s: float, sigma: float) -> FloatArray:
    """Return the chance that a lognormal time around the median keeps the limit."""
    certain = median_s <= 0.0
    if limit_s <= 0.0:
        return certain.astype(np.float64)
    apart = np.log(np.where(certain, 1.0, median_s) / limit_s) / (sigma * math.sqrt(2.0))
    return np.where(certain, 1.0, 0.5 * erfc(apart))


def _time(reach: Reach, objective: TimeObjective, weight: FloatArray) -> float:
    times_s = np.minimum(reach.best_s, objective.unreached_s)
    if isinstance(objective, WorstTime):
        return float(times_s[weight > 0].max(initial=0.0))
    total = float(weight.sum())
    return float(weight @ times_s) / total if total > 0 else 0.0


def _worst_area(situation: Situation, objective: WorstArea) -> float:
    """Return the least share covered / coverable over the areas of the level."""
    question, request = situation.question, situation.question.request
    within_s = question.within_s(objective.within_s)
    weight = question.demand.weights[objective.weight]
    reached = np.array([covered(reach, within_s) for reach in situation.reaches])
    possible = question.coverable(within_s)
    values = []
    chances = question.times.weights
    for area in question.groups.areas_of(objective.level, request.areas):
        found = reached[:, area.rows] @ weight[area.rows]
        asked = possible[:, area.rows] @ weight[area.rows]
        if objective.scenarios == "expected":
            found, asked = np.array([chances @ found]), np.array([chances @ asked])
        values += [one / most for one, most in zip(found, asked, strict=True) if most > 0]
    return float(min(values, default=1.0))
