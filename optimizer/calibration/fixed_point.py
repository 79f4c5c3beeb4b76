"""Runs sent over the roads, speeds fitted to what they drove, and the runs sent again."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.calibration import HourBand
from models.roads import RoadProfile, RoadScenario
from optimizer.calibration.calibrate import BAND_NAMES, FEWEST_RUNS
from optimizer.calibration.paces import BoolArray, Driven, Paces, Unknowns, fit_paces
from optimizer.calibration.trips import Trips
from optimizer.demand import FloatArray

FEWEST_METRES, FEWEST_SECONDS = 10_000.0, 1_000.0
_FEWEST_ON_CLASS = 30
_LEAST_SHARE = 0.05  # of the seconds in a band, for a class to have a factor of its own there
_MOST_ERROR = 0.25  # a speed known no better keeps the profile's
_ROUNDS = 12
_SETTLING = 6  # from here on classes are only taken out, and steps halved
STILL = 0.01


@dataclass(frozen=True)
class Found:
    """Where routing and fitting met, or what the last round left.

    ``last_change`` is the largest share by which a speed moved, and the start by minutes.
    """

    paces: Paces
    before: Paces
    driven: Driven  # all runs, by the routes of the last round
    rounds: int
    last_change: float


def fixed_point(trips: Trips, kept: NDArray[np.int64], bands: tuple[HourBand, ...]) -> Found:
    """Return the paces that the quickest ways at these very paces come to."""
    before = paces = trips.profile_paces(len(bands))
    allowed = np.array([bool(name) for name in trips.roads.network.class_names] * 2)
    profile, scenarios = trips.roads.travel.profile, trips.roads.travel.scenarios
    driven, _ = trips.sent(profile, scenarios)
    change, rounds = np.inf, 0
    while rounds < _ROUNDS and change > STILL:
        rounds += 1
        after = _fit(driven.take(kept), paces, before, allowed)
        if rounds >= _SETTLING:
            allowed &= ~np.isnan(after.error)
            after = replace(after, pace=np.sqrt(after.pace * paces.pace))
        change = _change(paces, after)
        paces = after
        driven, _ = trips.sent(*fitted_roads(trips, paces, bands), trips.hour + 1)
    return Found(paces, before, driven, rounds, change)


def fitted_roads(
    trips: Trips, paces: Paces, bands: tuple[HourBand, ...]
) -> tuple[RoadProfile, tuple[RoadScenario, ...]]:
    """Return the profile at these paces, and the scenarios of the whole day and of every band.

    Where the source gives times, every scenario multiplies them by their class's factor, and
    so the speeds of that class beside them are raised by it.
    """
    names = trips.roads.network.class_names
    pace, given = np.split(paces.pace, 2)
    speeds = zip(names, (given / pace).tolist(), strict=True)
    old = trips.roads.travel.profile
    profile = old.model_copy(
        update={
            "speeds_m_s": old.speeds_m_s
            | {name: min(speed, 100.0) for name, speed in speeds if name},
            "maxspeed": "ignore",
            "start_s": paces.start_s,
        }
    )
    whole_day = RoadScenario(class_time_factors=_told(names, given))
    by_hour = []
    for index, (band, factor) in enumerate(zip(bands, paces.hour_factor.tolist(), strict=True)):
        own = np.prod(np.split(paces.class_factor[:, index], 2), axis=0)
        by_hour.append(
            RoadScenario(
                id=band.id,
                name=BAND_NAMES.get(band.id),
                time_factor=factor,
                class_time_factors=_told(names, own * given),
            )
        )
    return profile, (whole_day, *by_hour)


def _told(names: tuple[str, ...], factors: FloatArray) -> dict[str, float]:
    """Return the factors that are not 1, by class."""
    pairs = zip(names, factors.tolist(), strict=True)
    return {name: factor for name, factor in pairs if name and factor != 1.0}


def _change(paces: Paces, after: Paces) -> float:
    moved = float(np.abs(np.log(after.pace) - np.log(paces.pace)).max())
    return max(moved, abs(after.start_s - paces.start_s) / 60)


def _fit(driven: Driven, paces: Paces, before: Paces, allowed: BoolArray) -> Paces:
    """Return the fit; classes of which too little is known keep the profile's pace."""
    classes = allowed & ((driven.amount > 0).sum(axis=0) >= _FEWEST_ON_CLASS)
    fewest = np.where(before.timed, FEWEST_SECONDS, FEWEST_METRES)
    classes &= driven.amount.sum(axis=0) >= fewest
    bands = range(len(before.hour_factor))
    hours = np.array([np.count_nonzero(driven.hour == one) >= FEWEST_RUNS for one in bands])
    while True:
        own = _own(driven, classes, hours, paces.pace)
        start = replace(
            paces,
            pace=np.where(classes, paces.pace, before.pace),
            hour_factor=np.where(hours, paces.hour_factor, 1.0),
            class_factor=np.where(np.outer(own, hours), paces.class_factor, 1.0),
        )
        found = fit_paces(driven, start, Unknowns(classes, hours, own))
        if not (np.nan_to_num(found.error) > _MOST_ERROR).any():
            return found
        # One at a time: without the vaguest, what the others stand for is clearer.
        classes[np.nanargmax(found.error)] = False


def _own(driven: Driven, classes: BoolArray, hours: BoolArray, pace: FloatArray) -> BoolArray:
    """Return the classes driven enough in every band for factors of their own (class,)."""
    if hours.sum() < 2 or classes.sum() < 2:
        return np.zeros(len(classes), dtype=np.bool_)
    own = classes.copy()
    for band in np.flatnonzero(hours).tolist():
        here = driven.take(driven.hour == band)
        often = (here.amount > 0).sum(axis=0) >= FEWEST_RUNS
        seconds = here.amount.sum(axis=0) * pace
        own &= often & (seconds >= _LEAST_SHARE * seconds.sum())
    # A class driven both by speed and by given times has one factor for both in a scenario.
    speeds, given = np.split(own, 2)
    own &= ~np.tile(speeds & given, 2)
    return own if own.sum() > 1 else np.zeros(len(classes), dtype=np.bool_)
