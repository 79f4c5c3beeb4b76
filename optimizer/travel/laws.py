"""Travel-time laws: seconds for a road distance."""

import numpy as np

from models.travel import AccelerationLaw, ConstantSpeed, SpeedProfile, TravelLaw
from optimizer.demand import FloatArray


def travel_time(law: TravelLaw, distance_m: FloatArray) -> FloatArray:
    """Return the seconds ``law`` takes for each road distance.

    Examples
    --------
    >>> travel_time(ConstantSpeed(speed_m_s=10.0), np.array([[600.0]]))
    array([[60.]])
    """
    match law:
        case ConstantSpeed():
            return distance_m / law.speed_m_s
        case SpeedProfile():
            return _profile(law, distance_m)
        case AccelerationLaw():
            return _acceleration(law, distance_m)


def _profile(law: SpeedProfile, distance_m: FloatArray) -> FloatArray:
    total = np.zeros_like(distance_m)
    start_m = 0.0
    for band in law.bands:
        end_m = np.inf if band.up_to_m is None else band.up_to_m
        total += np.clip(distance_m - start_m, 0.0, end_m - start_m) / band.speed_m_s
        start_m = end_m
    return total


def _acceleration(law: AccelerationLaw, distance_m: FloatArray) -> FloatArray:
    speed, acceleration = law.cruise_speed_m_s, law.acceleration_m_s2
    short = 2.0 * np.sqrt(distance_m / acceleration)
    long = speed / acceleration + distance_m / speed
    within = distance_m <= speed * speed / acceleration
    times: FloatArray = law.offset_s + np.where(within, short, long)
    return times
