"""When nine of ten runs have arrived, each time lognormal around its median."""

import math
from collections.abc import Callable

import numpy as np

from optimizer.demand import FloatArray
from optimizer.fire_stations.verify.objectives import chance_in_time

_CLASSES = 4_000
_MARGIN = 1e-9  # of the logarithm of a time
_CLOSE = 1e-12  # the same

Short = Callable[[float], float]  # logarithm of a time -> how much too little has arrived by then


def scattered_p90_s(medians_s: FloatArray, weight: FloatArray, sigma: float) -> float | None:
    """Return when 90 % of ``weight`` is expected to be served, None where there is none.

    A billionth less is asked for: between near and far points 90 % itself may hold over a stretch
    of times. Medians are first put into classes, which tell roughly when for the work of some
    thousand points: none lies farther from its class's middle than half the width, and so the
    time sought is no farther from what the classes say.
    """
    if not len(medians_s):
        return None
    asked = 0.9 * float(weight.sum()) * (1 - 1e-9)
    certain = medians_s <= 0
    if float(weight[certain].sum()) >= asked:
        return 0.0
    middle_s, of_class, width = _classed(medians_s[~certain], weight[~certain])
    left = asked - float(weight[certain].sum())
    rough = _halved(
        _short(middle_s, of_class, left, sigma),
        math.log(middle_s[0]) - 10 * sigma - 1,
        math.log(middle_s[-1]) + 2 * sigma + 1,
    )
    short = _short(medians_s[~certain], weight[~certain], left, sigma)
    ends = rough - width - _MARGIN, rough + width + _MARGIN
    return math.exp(_crossing(short, *ends, 1e-14 * asked))


def _classed(medians_s: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Return the middles of classes of equal width in logarithms, their weights, and that width."""
    logs = np.log(medians_s)
    width = float(np.ptp(logs)) / _CLASSES
    place = np.rint((logs - logs.min()) / width) if width > 0 else np.zeros(len(logs))
    whole = np.bincount(place.astype(np.intp), weight).astype(np.float64)
    return np.exp(logs.min() + width * np.arange(len(whole))), whole, width


def _short(medians_s: FloatArray, weight: FloatArray, asked: float, sigma: float) -> Short:
    def short(log_s: float) -> float:
        return asked - float(weight @ chance_in_time(medians_s, math.exp(log_s), sigma))

    return short


def _halved(short: Short, low: float, high: float) -> float:
    """Return about where nothing is short any more, by halving."""
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if short(middle) > 0 else (low, middle)
    return high


def _crossing(short: Short, low: float, high: float, close: float) -> float:
    """Return where nothing is short any more, to within ``close``.

    Illinois' variant of false position, with every third step a halving: where all stations are
    near or far and times hardly scatter, the curve is a stair that false position crawls along.
    """
    at_low, at_high = short(low), short(high)
    if at_low <= 0 or at_high >= 0:
        return low if at_low <= 0 else high
    for turn in range(120):
        halving = turn % 3 == 2
        at = (low + high) / 2 if halving else (low * at_high - high * at_low) / (at_high - at_low)
        found = short(at)
        if abs(found) <= close or high - low < _CLOSE:
            return at
        # The end that stays counts half, or it might stay for ever.
        if found > 0:
            low, at_low, at_high = at, found, at_high / 2
        else:
            high, at_high, at_low = at, found, at_low / 2
    return high
