"""The value of each objective for chosen options, counted afresh from who arrives when."""

import numpy as np
from scipy.special import ndtr

from models.fire_stations.objectives import (
    MAXIMISED,
    Backup,
    Combination,
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
from optimizer.coverage import TOLERANCE_S
from optimizer.demand import FloatArray
from optimizer.fire_stations.arrivals import Arrivals, brought
from optimizer.fire_stations.instance import Instance, members_by_area
from optimizer.fire_stations.options import BoolArray

PerPoint = (
    Cover
    | FullForce
    | Backup
    | ExpectedCover
    | GradualCover
    | ProbabilisticCover
    | MeanTime
    | WorstTime
)

_EPSILON = 1e-9


class Counter:
    """Counts objectives for one choice of options."""

    def __init__(self, instance: Instance, chosen: BoolArray, arrivals: Arrivals) -> None:
        self.instance = instance
        self.chosen = chosen
        self.arrivals = arrivals

    def value(self, objective: Objective) -> float:
        """Return the value of ``objective``, in its own unit."""
        if isinstance(objective, Cost):
            return self._cost(objective)
        if isinstance(objective, FewestStations):
            return float((self.chosen & self.instance.options.opens).sum())
        if isinstance(objective, WorstArea):
            return self._worst_area(objective)
        worth = self._per_point(objective)
        weight = self.instance.weight(objective.weight)
        if isinstance(objective, WorstTime):
            worth = np.where(weight > 0, worth, 0.0)
            per_scenario = worth.max(axis=1, initial=0.0)
        else:
            per_scenario = worth @ weight
        if isinstance(objective, MeanTime):
            total = float(weight.sum())
            per_scenario = per_scenario / total if total else per_scenario * 0.0
        return self._over_scenarios(objective, per_scenario)

    def _over_scenarios(self, objective: Objective, per_scenario: FloatArray) -> float:
        if getattr(objective, "scenarios", "expected") == "expected":
            return float(self.instance.travel.weights @ per_scenario)
        maximised = objective.kind in MAXIMISED
        return float(per_scenario.min() if maximised else per_scenario.max())

    def _per_point(self, objective: PerPoint) -> FloatArray:  # noqa: PLR0911 - a case a kind
        """Return what a unit of weight is worth at each point (scenario, demand)."""
        match objective:
            case Cover():
                return self.in_time(objective.within_s)
            case FullForce():
                return self.force_in_time(objective.within_s, objective.vehicles, objective.people)
            case Backup():
                return self.second_in_time(objective.second_s)
            case ExpectedCover():
                return self._units(objective)
            case GradualCover():
                return self._gradual(objective)
            case ProbabilisticCover():
                return self.likely_in_time(objective.within_s, objective.sigma)
            case MeanTime() | WorstTime():
                return np.minimum(self.arrivals.first_s, objective.unreached_s)

    def in_time(self, within_s: float | None) -> FloatArray:
        """Return 1 where the first station arrives in time (scenario, demand), else 0."""
        limit = self.instance.standard.within_s if within_s is None else within_s
        return (self.arrivals.first_s <= limit + TOLERANCE_S).astype(np.float64)

    def second_in_time(self, within_s: float | None) -> FloatArray:
        """Return 1 where a second station arrives in time (scenario, demand), else 0."""
        limit = self.instance.standard.full_force_within_s if within_s is None else within_s
        return (self.arrivals.second_s <= limit + TOLERANCE_S).astype(np.float64)

    def _gradual(self, objective: GradualCover) -> FloatArray:
        worth = np.zeros_like(self.arrivals.first_s)
        for step in reversed(objective.steps):
            worth[self.arrivals.first_s <= step.within_s + TOLERANCE_S] = step.value
        return worth

    def likely_in_time(self, within_s: float | None, sigma: float) -> FloatArray:
        """Return the chance that the first station is in time (scenario, demand)."""
        limit = self.instance.standard.within_s if within_s is None else within_s
        with np.errstate(divide="ignore"):
            early = (np.log(limit) - np.log(self.arrivals.first_s)) / sigma
        likely: FloatArray = ndtr(early)
        return likely

    def _units(self, objective: ExpectedCover) -> FloatArray:
        instance, options = self.instance, self.instance.options
        counted = options.vehicles.sum(axis=1)
        if objective.classes is not None:
            ours = np.isin(instance.class_ids[options.class_index], objective.classes)
            counted = counted * ours
        limit = instance.standard.within_s if objective.within_s is None else objective.within_s
        units = brought(instance, self.arrivals, limit, counted[None])[..., 0]
        return np.where(units > 0, 1.0 - np.power(objective.busy_fraction, units), 0.0)

    def force_in_time(
        self, within_s: float | None, vehicles: int | None, people: int | None
    ) -> FloatArray:
        """Return 1 where full force arrives in time (scenario, demand), else 0."""
        instance, options = self.instance, self.instance.options
        standard = instance.standard
        limit = standard.full_force_within_s if within_s is None else within_s
        supply = np.vstack(
            [options.vehicles.sum(axis=1), options.on_duty_people, options.vehicles.T]
        )
        there = brought(instance, self.arrivals, limit, supply)
        enough = there[..., 0] >= (standard.vehicles if vehicles is None else vehicles) - _EPSILON
        enough &= there[..., 1] >= (standard.people if people is None else people) - _EPSILON
        risk = instance.demand.risk_class
        for one in instance.request.risk_classes if risk is not None else ():
            ours = np.asarray(risk == one.id)
            for name, count in one.vehicle_types.items():
                known = name in options.vehicle_types
                column = 2 + options.vehicle_types.index(name) if known else None
                present = 0.0 if column is None else there[..., column]
                enough &= ~ours | (np.asarray(present) >= count - _EPSILON)
        return enough.astype(np.float64)

    def _cost(self, objective: Cost) -> float:
        options = self.instance.options
        price = options.capital_cost + objective.horizon_years * options.yearly_cost
        return float(price[self.chosen].sum())

    def _worst_area(self, objective: WorstArea) -> float:
        instance = self.instance
        limit = instance.standard.within_s if objective.within_s is None else objective.within_s
        covered, reachable = self.in_time(limit), instance.coverable(limit)
        weight, weights = instance.weight(objective.weight), instance.travel.weights
        worst = [1.0]
        for inside in members_by_area(instance, objective.level).values():
            ours = np.where(inside, weight, 0.0)
            got, could = covered @ ours, reachable @ ours
            if objective.scenarios == "expected":
                got, could = np.array([weights @ got]), np.array([weights @ could])
            worst += (got[could > 0] / could[could > 0]).tolist()
        return float(min(worst))


def level_values(
    instance: Instance, chosen: BoolArray, arrivals: Arrivals | None = None
) -> tuple[float, ...]:
    """Return the value of every objective of the request, in its order."""
    counter = Counter(instance, chosen, arrivals or Arrivals.of(instance, chosen))
    return tuple(counter.value(objective) for objective in instance.request.objectives)


def level_value(instance: Instance, values: tuple[float, ...], level: int) -> float:
    """Return the value of a level: of one objective, or of the weighted sum of all."""
    request = instance.request
    if request.combination is Combination.LEXICOGRAPHIC:
        return values[level]
    return sum(
        (1.0 if objective.kind in MAXIMISED else -1.0) * objective.importance * value
        for objective, value in zip(request.objectives, values, strict=True)
    )
