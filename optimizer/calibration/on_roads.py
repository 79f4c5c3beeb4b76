"""From a log of runs to speeds by class of road, judged on a part held out."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.calibration import ClassSpeed, HourBand, HourFactor, RoadCalibration
from models.roads import ByRoads, RoadScenario
from optimizer.calibration.calibrate import (
    FEWEST_RUNS,
    HOUR_BANDS,
    need_runs,
    split,
    spread,
)
from optimizer.calibration.fixed_point import STILL, Found, fitted_roads, fixed_point
from optimizer.calibration.judging import judge
from optimizer.calibration.runs import Runs
from optimizer.calibration.trips import Trips
from optimizer.datasets import Store
from optimizer.travel.roads.speeds import timed_edges

_FASTEST_M_S = 100.0  # of `MetresPerSecond`


def calibrate_on_roads(
    runs: Runs,
    roads: tuple[ByRoads, Store | None],
    *,
    source: str,
    standard_s: float = 240.0,
    bands: tuple[HourBand, ...] = HOUR_BANDS,
    seed: int = 1,
) -> RoadCalibration:
    """Return the speeds by class of road that fit ``runs``, and their errors.

    ``roads`` are a request's travel and the store with its network. The errors before are those
    of the request's first scenario that closes nothing.

    Raises
    ------
    InputError
        The log does not say where runs begin and end, fewer than 50 of them have a way over the
        roads, or the network cannot be used.
    """
    travel, store = roads
    need_runs(len(runs), runs.read_count, source)
    trips = Trips.of(runs, travel, store, source=source, bands=bands)
    need_runs(len(trips), runs.read_count, source)
    held, kept = split(len(trips), seed)
    found = fixed_point(trips, kept, bands)
    profile, scenarios = fitted_roads(trips, found.paces, bands)
    _, after_s = trips.sent(profile, scenarios, trips.hour + 1)
    usual = next((one for one in travel.scenarios if not one.closures), travel.scenarios[0])
    usual = usual.model_copy(update={"closures": ()})
    _, before_s = trips.sent(travel.profile, (usual,))
    sigma, p90_factor = spread(trips.observed_s[kept], after_s[kept])
    _, before_p90 = spread(trips.observed_s[kept], before_s[kept])
    far_m, real_s = trips.distance_m[held], trips.observed_s[held]
    factors = tuple(_hour_factors(trips, found, kept, bands))
    return RoadCalibration(
        source=source,
        travel=travel.model_copy(
            update={"profile": profile, "scenarios": _scenarios(travel, scenarios, factors)}
        ),
        start_s=found.paces.start_s,
        classes=tuple(_classes(trips, found, kept)),
        hour_factors=factors,
        rounds=found.rounds,
        converged=found.last_change <= STILL,
        last_change=found.last_change,
        time_sigma=sigma,
        p90_factor=p90_factor,
        standard_s=standard_s,
        seed=seed,
        read_count=runs.read_count,
        unrouted_count=len(runs) - len(trips),
        fitted_count=len(kept),
        held_out_count=len(held),
        outliers=runs.outliers,
        before=judge(far_m, real_s, before_s[held], standard_s=standard_s, p90_factor=before_p90),
        after=judge(
            far_m,
            real_s,
            after_s[held],
            standard_s=standard_s,
            sigma=sigma,
            p90_factor=p90_factor,
        ),
    )


def _classes(trips: Trips, found: Found, kept: NDArray[np.int64]) -> Iterator[ClassSpeed]:
    """Yield the classes that the mode may drive on, by speed and by given times."""
    network, paces = trips.roads.network, found.paces
    timed = timed_edges(network, trips.roads.travel.profile)
    drives = trips.roads.times.usable & (network.length_m > 0)
    used = found.driven.amount[kept]
    for given, edges in ((False, drives & ~timed), (True, drives & timed)):
        metres, seconds = trips.totals(edges)
        for index in sorted(np.flatnonzero(seconds).tolist(), key=network.class_names.__getitem__):
            column = index + given * len(network.class_names)
            fitted = not np.isnan(paces.error[column])
            before_m_s = min(float(metres[index] / seconds[index]), _FASTEST_M_S)
            slower = paces.pace[column] / found.before.pace[column]
            if not network.class_names[index]:
                continue
            yield ClassSpeed(
                road_class=network.class_names[index],
                given_times=given,
                before_m_s=before_m_s,
                after_m_s=min(before_m_s / float(slower), _FASTEST_M_S),
                driven_m=float(used[:, column].sum()) * (before_m_s if given else 1.0),
                run_count=int(np.count_nonzero(used[:, column])),
                fitted=fitted,
                uncertainty=float(paces.error[column]) if fitted else None,
                at_bound=bool(paces.at_bound[column]),
            )


def _hour_factors(
    trips: Trips, found: Found, kept: NDArray[np.int64], bands: tuple[HourBand, ...]
) -> Iterator[HourFactor]:
    _, scenarios = fitted_roads(trips, found.paces, bands)
    for index, (band, scenario) in enumerate(zip(bands, scenarios[1:], strict=True)):
        count = int(np.count_nonzero(trips.hour[kept] == index))
        if count >= FEWEST_RUNS:
            yield HourFactor(
                band=band,
                time_factor=scenario.time_factor,
                run_count=count,
                class_time_factors=scenario.class_time_factors,
            )


def _scenarios(
    travel: ByRoads, fitted: tuple[RoadScenario, ...], factors: tuple[HourFactor, ...]
) -> tuple[RoadScenario, ...]:
    """Return the request's scenarios with those that close nothing replaced by the hours.

    They share the weight of the replaced by their runs; what closes roads stays, on the fitted
    roads. ``fitted`` are the whole day and the hours.
    """
    whole_day, *by_hour = fitted
    closing = tuple(_at_factors(one, whole_day) for one in travel.scenarios if one.closures)
    weight = sum(one.weight for one in travel.scenarios if not one.closures)
    if not weight:
        return closing
    runs = {one.band.id: one.run_count for one in factors}
    hours = tuple(
        one.model_copy(update={"weight": weight * runs[one.id] / sum(runs.values())})
        for one in by_hour
        if one.id in runs
    )
    taken = {one.id for one in closing}
    opened = hours or (whole_day.model_copy(update={"weight": weight}),)
    return (*(_renamed(one, taken) for one in opened), *closing)


def _at_factors(scenario: RoadScenario, whole_day: RoadScenario) -> RoadScenario:
    """Return a scenario with its classes also as slow as they are all day."""
    if not whole_day.class_time_factors:
        return scenario
    factors = scenario.factors()
    for name, factor in whole_day.class_time_factors.items():
        factors[name] = factor * factors.get(name, 1.0)
    return scenario.model_copy(update={"class_time_factors": factors, "preset": None})


def _renamed(scenario: RoadScenario, taken: set[str]) -> RoadScenario:
    name = scenario.id
    while name in taken:
        name += "_open"
    return scenario.model_copy(update={"id": name})
