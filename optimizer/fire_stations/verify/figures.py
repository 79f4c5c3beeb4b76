"""The figures of a set of open stations, counted the verifier's own way."""

from collections.abc import Callable, Sequence

import numpy as np

from models.faults import Fault
from models.fire_stations.plan import Figures, GroupFigures, PlannedStation, WeightCover
from models.fire_stations.request import FireStationRequest
from models.text import Text
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.fire_stations.verify.groups import Group
from optimizer.fire_stations.verify.objectives import chance_in_time, covered
from optimizer.fire_stations.verify.question import TIME_TOLERANCE_S, BoolArray, Question
from optimizer.fire_stations.verify.reach import Reach, Situation, situation, standard_force
from optimizer.fire_stations.verify.scatter import scattered_p90_s
from optimizer.fire_stations.verify.stations import OpenStation, read_stations

Served = Callable[[Reach], BoolArray | FloatArray]


def figures(
    request: FireStationRequest,
    open_stations: Sequence[PlannedStation],
    store: Store | None = None,
) -> Figures:
    """Return what ``open_stations`` achieve and cost.

    Raises
    ------
    InputError
        The request cannot be read, or a station stands at no site or is of no class of it.
    """
    question = Question.read(request, store)
    reading = read_stations(question, open_stations)
    if len(reading.stations) != len(open_stations):
        need = Text(code="fault.reference", values={"known": ", ".join(question.site_index)})
        raise InputError((Fault(path="stations", need=need),))
    return count_figures(situation(question, reading.stations))


def count_figures(now: Situation) -> Figures:
    """Return the figures of a situation."""
    question, stations = now.question, now.stations
    headcount = sum(station.crew.headcount_people for station in stations)
    return Figures(
        groups=_all_groups(now),
        station_count=station_count(stations),
        on_duty_people=sum(station.crew.on_duty_people for station in stations),
        headcount_people=headcount,
        vehicles=vehicle_count(stations),
        crew_per_10k=per_10k(question, headcount),
        capital_cost=sum(station.capital_cost for station in stations),
        yearly_cost=sum(station.yearly_cost for station in stations),
    )


def station_count(stations: Sequence[OpenStation]) -> dict[str, int]:
    """Return how many stations there are of each class."""
    names = [station.station_class.id for station in stations]
    return {name: names.count(name) for name in sorted(set(names))}


def vehicle_count(stations: Sequence[OpenStation]) -> dict[str, int]:
    """Return how many vehicles there are of each type."""
    kinds = sorted({kind for station in stations for kind in station.crew.vehicles})
    return {kind: sum(station.crew.vehicles.get(kind, 0) for station in stations) for kind in kinds}


def per_10k(question: Question, headcount_people: int) -> float | None:
    """Return people per 10,000 of the population weight; None where there is none."""
    population = float(question.population.sum())
    return headcount_people * 1e4 / population if population > 0 else None


def _all_groups(now: Situation) -> tuple[GroupFigures, ...]:
    times, groups = now.question.times, now.question.groups.all
    expected = [_group(now, group, None) for group in groups]
    by_scenario = [
        _group(now, group, scenario)
        for scenario in range(len(times.scenario_ids))
        for group in groups
    ]
    return (*expected, *by_scenario)


def _group(now: Situation, group: Group, scenario: int | None) -> GroupFigures:
    """Return one group's figures in one scenario; None means expected over all."""
    question = now.question
    if scenario is None:
        reaches, chances = now.reaches, question.times.weights
    else:
        reaches, chances = now.reaches[scenario : scenario + 1], np.ones(1)
    within_s, second_s = question.standard.within_s, question.standard.full_force_within_s
    force = standard_force(question)
    mixture, sigma = (question, group, reaches, chances), question.request.time_sigma
    mean_s, p90_s, worst_s, unreached = _times(*mixture)
    return GroupFigures(
        scope=group.scope,
        id=group.id,
        scenario_id=None if scenario is None else question.times.scenario_ids[scenario],
        cover=_covers(*mixture, lambda reach: covered(reach, within_s)),
        force=_covers(*mixture, lambda reach: reach.force[force]),
        second=_covers(*mixture, lambda reach: reach.second_s <= second_s + TIME_TOLERANCE_S),
        mean_time_s=mean_s,
        p90_time_s=p90_s,
        worst_time_s=worst_s,
        unreached=unreached,
        probable=() if sigma is None else _covers(*mixture, _likely(within_s, sigma)),
        probable_p90_s=None
        if sigma is None
        else scattered_p90_s(*_reached(*_mixed(*mixture)), sigma),
    )


def _covers(
    question: Question,
    group: Group,
    reaches: Sequence[Reach],
    chances: FloatArray,
    served: Served,
) -> tuple[WeightCover, ...]:
    """Return per weight its total in the group and what is served of it, as expected."""
    shares = sum(
        (
            chance * served(reach)[group.rows]
            for chance, reach in zip(chances, reaches, strict=True)
        ),
        start=np.zeros(1),
    )
    weights = {name: weight[group.rows] for name, weight in question.demand.weights.items()}
    return tuple(
        WeightCover(weight=name, total=float(weight.sum()), covered=float((weight * shares).sum()))
        for name, weight in sorted(weights.items())
    )


def _times(
    question: Question, group: Group, reaches: Sequence[Reach], chances: FloatArray
) -> tuple[float | None, float | None, float | None, float]:
    """Return mean, P90 and worst time over the mixture of scenarios, and the unreached weight."""
    times_s, weight = _mixed(question, group, reaches, chances)
    unreached = float(weight[~np.isfinite(times_s)].sum())
    times_s, weight = _reached(times_s, weight)
    if not len(times_s):
        return None, None, None, unreached
    order = np.argsort(times_s)
    served = np.cumsum(weight[order])
    # Sums of the same weights in another order differ in the last digits; 90 % is 90 %.
    p90 = int(np.searchsorted(served, 0.9 * served[-1] * (1 - 1e-12)))
    mean_s = float(weight @ times_s) / float(weight.sum())
    return mean_s, float(times_s[order[p90]]), float(times_s.max()), unreached


def _mixed(
    question: Question, group: Group, reaches: Sequence[Reach], chances: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the times of all scenarios one after another, and how much weighs each."""
    population = question.population[group.rows]
    times_s = np.concatenate([reach.best_s[group.rows] for reach in reaches])
    return times_s, np.concatenate([chance * population for chance in chances])


def _reached(times_s: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the times that exist, of points that weigh something."""
    counted = np.isfinite(times_s) & (weight > 0)
    return times_s[counted], weight[counted]


def _likely(within_s: float, sigma: float) -> Served:
    """Return what says of every point how likely it is served in time."""
    return lambda reach: chance_in_time(reach.best_s, within_s, sigma)
