"""When which station arrives where, counted afresh from the travel times, block by block."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.fire_stations.objectives import ExpectedCover, FullForce, Objective
from optimizer.demand import FloatArray
from optimizer.fire_stations.verify.question import TIME_TOLERANCE_S, BoolArray, Question
from optimizer.fire_stations.verify.stations import OpenStation
from optimizer.travel import IndexArray


@dataclass(frozen=True)
class Force:
    """Full force: so many vehicles and people within a time."""

    within_s: float
    vehicles: int
    people: int


@dataclass(frozen=True)
class Units:
    """The vehicles of some classes (None: all) within a time."""

    within_s: float
    classes: tuple[str, ...] | None


@dataclass(frozen=True, eq=False)
class Reach:
    """What a set of stations reaches in one travel scenario."""

    best_s: FloatArray  # (demand,), inf where no station comes
    second_s: FloatArray  # (demand,), of the second station to arrive
    nearest: IndexArray  # (demand,), position among the stations, -1 where none comes
    force: dict[Force, BoolArray]  # (demand,) each
    units: dict[Units, NDArray[np.int64]]  # (demand,) each


@dataclass(frozen=True, eq=False)
class Situation:
    """A set of open stations, in the order of their site ids, and all they reach."""

    question: Question
    stations: tuple[OpenStation, ...]
    tests: frozenset[Force | Units] = field(default_factory=frozenset)

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        """What they reach, per travel scenario."""
        scenarios = range(len(self.question.times.scenario_ids))
        return tuple(self._reach(scenario) for scenario in scenarios)

    @property
    def columns(self) -> IndexArray:
        """The columns of the open stations."""
        return np.array([station.site for station in self.stations], dtype=np.intp)

    def response_s(self, scenario: int, rows: slice) -> FloatArray:
        """Return the response times (rows, station), turnout included."""
        turnout_s = np.array([station.turnout_s for station in self.stations])
        travel_s = self.question.times.block(scenario, rows, self.columns)
        response_s: FloatArray = travel_s + turnout_s
        return response_s

    def _reach(self, scenario: int) -> Reach:
        count = len(self.question.demand)
        reach = Reach(
            np.full(count, np.inf),
            np.full(count, np.inf),
            np.full(count, -1, dtype=np.intp),
            {test: np.zeros(count, np.bool_) for test in self.tests if isinstance(test, Force)},
            {test: np.zeros(count, np.int64) for test in self.tests if isinstance(test, Units)},
        )
        for rows in self.question.blocks(len(self.stations)) if self.stations else ():
            times_s = self.response_s(scenario, rows)
            for force, met in reach.force.items():
                met[rows] = self._force(force, times_s, rows)
            for units, number in reach.units.items():
                number[rows] = self._units(units, times_s)
            _rank(reach, times_s, rows)
        for force, met in reach.force.items() if not self.stations else ():
            met[:] = self._force(force, np.zeros((count, 0)), slice(None))
        return reach

    def _force(self, test: Force, times_s: FloatArray, rows: slice) -> BoolArray:
        crews = [station.crew for station in self.stations]
        kinds = sorted(
            {kind for risk in self.question.request.risk_classes for kind in risk.vehicle_types}
        )
        resources = np.array(
            [
                [sum(crew.vehicles.values()), crew.on_duty_people]
                + [crew.vehicles.get(kind, 0) for kind in kinds]
                for crew in crews
            ],
            dtype=np.float64,
        ).reshape(len(crews), 2 + len(kinds))
        arrived = (times_s <= test.within_s + TIME_TOLERANCE_S).astype(np.float64) @ resources
        met: BoolArray = (arrived[:, 0] >= test.vehicles) & (arrived[:, 1] >= test.people)
        return met & self._types_met(kinds, arrived[:, 2:], rows)

    def _types_met(self, kinds: list[str], arrived: FloatArray, rows: slice) -> BoolArray:
        """Return where the vehicle types that a point's risk class asks for have arrived."""
        met = np.ones(len(arrived), dtype=np.bool_)
        names = self.question.demand.risk_class
        if not kinds or names is None:
            return met
        for risk in self.question.request.risk_classes:
            asked = np.array([risk.vehicle_types.get(kind, 0) for kind in kinds])
            of_risk = names[rows] == risk.id
            met[of_risk] = (arrived[of_risk] >= asked).all(axis=1)
        return met

    def _units(self, test: Units, times_s: FloatArray) -> NDArray[np.int64]:
        numbers = np.array(
            [
                sum(station.crew.vehicles.values())
                if test.classes is None or station.station_class.id in test.classes
                else 0
                for station in self.stations
            ]
        )
        arrived: NDArray[np.int64] = (times_s <= test.within_s + TIME_TOLERANCE_S) @ numbers
        return arrived


def situation(
    question: Question, stations: Iterable[OpenStation], objectives: Iterable[Objective] = ()
) -> Situation:
    """Return the situation in which figures and ``objectives`` can be counted."""
    tests: set[Force | Units] = {standard_force(question)}
    for objective in objectives:
        if isinstance(objective, FullForce):
            tests.add(force_of(question, objective))
        if isinstance(objective, ExpectedCover):
            tests.add(Units(question.within_s(objective.within_s), objective.classes))
    ordered = sorted(stations, key=lambda station: station.site_id)
    return Situation(question, tuple(ordered), frozenset(tests))


def standard_force(question: Question) -> Force:
    """Return full force as the standard asks for it."""
    standard = question.standard
    return Force(standard.full_force_within_s, standard.vehicles, standard.people)


def force_of(question: Question, objective: FullForce) -> Force:
    """Return full force as an objective asks for it, by default as the standard does."""
    usual = standard_force(question)
    return Force(
        usual.within_s if objective.within_s is None else objective.within_s,
        usual.vehicles if objective.vehicles is None else objective.vehicles,
        usual.people if objective.people is None else objective.people,
    )


def _rank(reach: Reach, times_s: FloatArray, rows: slice) -> None:
    """Enter the first and second arrival; the first station at an equal time is the nearest.

    Stations stand in the order of their site ids, so `argmin` breaks ties as the plan must.
    ``times_s`` is spent.
    """
    nearest = times_s.argmin(axis=1)
    along = np.arange(len(times_s))
    best_s = times_s[along, nearest]
    reach.best_s[rows] = best_s
    reach.nearest[rows] = np.where(np.isfinite(best_s), nearest, -1)
    times_s[along, nearest] = np.inf
    reach.second_s[rows] = times_s.min(axis=1)
