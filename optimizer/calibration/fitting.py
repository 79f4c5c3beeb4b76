r"""Robust fits of travel laws to runs, on the logarithm of time.

Residuals are :math:`\ln t - \ln m(d)`, with the loss :math:`2(\sqrt{1+z^2}-1)`, so that the law is
the median of a lognormal scatter and long tails pull little.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import least_squares

from models.travel import AccelerationLaw
from optimizer.demand import FloatArray
from optimizer.travel.laws import travel_time

# At 10 m/s2 cruising speed is reached after a second: a start and a speed, to within that second.
BRISK_M_S2 = 10.0
_MOST_ACCELERATION_M_S2 = 20.0  # the bounds of `AccelerationLaw` and `MetresPerSecond`
_MOST_SPEED_M_S = 100.0
_SOFT_SCALE = 0.3
_LEAST_S = 1.0
_PACES = (0.012, 1.0)  # seconds per metre: 83 m/s down to 1 m/s


def fit_start_and_speed(
    distance_m: FloatArray, observed_s: FloatArray
) -> tuple[AccelerationLaw, float]:
    """Return the law ``start + distance / speed`` and its loss."""

    def law(free: FloatArray) -> AccelerationLaw:
        speed, start_s = float(free[0]), float(free[1])
        return _law(speed, BRISK_M_S2, start_s)

    return _fit(law, (8.0, 60.0), ((1.0, 0.0), (40.0, 1800.0)), distance_m, observed_s)


def fit_square_root(
    distance_m: FloatArray, observed_s: FloatArray
) -> tuple[AccelerationLaw, float]:
    """Return the law of Kolesar, Walker and Hausner with a constant start, and its loss."""

    def law(free: FloatArray) -> AccelerationLaw:
        return _law(float(free[0]), float(free[1]), float(free[2]))

    lows, highs = (1.0, 0.001, 0.0), (40.0, BRISK_M_S2, 1800.0)
    return _fit(law, (10.0, 0.1, 30.0), (lows, highs), distance_m, observed_s)


def fit_class_paces(class_m: FloatArray, observed_s: FloatArray) -> tuple[float, FloatArray]:
    """Return the start in seconds and the seconds per metre of each class of road."""
    count = class_m.shape[1]

    def residuals(free: FloatArray) -> FloatArray:
        predicted_s: FloatArray = np.maximum(free[0] + class_m @ free[1:], _LEAST_S)
        found: FloatArray = np.log(observed_s) - np.log(predicted_s)
        return found

    start = np.array([30.0] + [0.1] * count)
    bounds = ([0.0] + [_PACES[0]] * count, [1800.0] + [_PACES[1]] * count)
    found = least_squares(
        residuals, start, bounds=bounds, loss="soft_l1", f_scale=_SOFT_SCALE, x_scale=start
    )
    return float(found.x[0]), np.asarray(found.x[1:], dtype=np.float64)


def log_residuals(
    law: AccelerationLaw, distance_m: FloatArray, observed_s: FloatArray
) -> FloatArray:
    """Return how far each run lies above (+) or below (-) the law, in logarithms."""
    predicted_s = np.maximum(travel_time(law, distance_m), _LEAST_S)
    residual: FloatArray = np.log(observed_s) - np.log(predicted_s)
    return residual


def scatter(residual: FloatArray) -> float:
    """Return the standard deviation a normal scatter has with these quartiles.

    Examples
    --------
    >>> round(scatter(np.array([-2.0, -1.0, 0.0, 1.0, 2.0])), 3)
    1.483
    """
    low, high = np.quantile(residual, [0.25, 0.75])
    return float((high - low) / 1.348979500392163)


def slowed(law: AccelerationLaw, factor: float) -> AccelerationLaw:
    """Return the law whose every time is ``factor`` times as long.

    A law takes no acceleration above 20 m/s2 and no speed above 100 m/s; one that would is held
    there, which moves a start by less than two seconds where ``factor`` is 0.3 or more.

    Examples
    --------
    >>> slowed(_law(10.0, 0.1, 30.0), 2.0).cruise_speed_m_s
    5.0
    """
    return _law(
        min(law.cruise_speed_m_s / factor, _MOST_SPEED_M_S),
        min(law.acceleration_m_s2 / factor**2, _MOST_ACCELERATION_M_S2),
        law.offset_s * factor,
    )


def _law(speed_m_s: float, acceleration_m_s2: float, offset_s: float) -> AccelerationLaw:
    return AccelerationLaw(
        cruise_speed_m_s=speed_m_s, acceleration_m_s2=acceleration_m_s2, offset_s=offset_s
    )


def _fit(
    law: Callable[[FloatArray], AccelerationLaw],
    start: tuple[float, ...],
    bounds: tuple[tuple[float, ...], tuple[float, ...]],
    distance_m: FloatArray,
    observed_s: FloatArray,
) -> tuple[AccelerationLaw, float]:
    def residuals(free: FloatArray) -> FloatArray:
        return log_residuals(law(free), distance_m, observed_s)

    found = least_squares(
        residuals,
        np.array(start),
        bounds=bounds,
        loss="soft_l1",
        f_scale=_SOFT_SCALE,
        x_scale=np.array(start),
    )
    if not math.isfinite(found.cost):
        raise ArithmeticError("the fit of a travel law did not come out")
    return law(found.x), float(found.cost)
