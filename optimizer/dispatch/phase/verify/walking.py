"""Times on foot and nights as the verifier counts them, stretch by stretch and night by night."""

import math
from itertools import pairwise

from models.dispatch.phase import Work
from models.dispatch.walking import Night, Pace, Walk, WalkPoint
from models.quantities import TimeOfDay
from optimizer.travel.distance import EARTH_RADIUS_M

_DAY_S = 86_400.0
_MILE_M, _FOOT_M = 1609.344, 0.3048


def walk_s(work: Work, pace: Pace, *, down: bool) -> float:
    """Return the time on foot to a work, or down from it: none where only the way up is said."""
    if work.walk is None:
        return 0.0 if down else work.approach_s
    return sum(_stretch_s(work.walk, pace, *one) for one in _stretches(work.walk, down=down))


def touches(night: Night, begin_s: float, end_s: float, near_s: float) -> bool:
    """Return whether a time of the clock has more than ``near_s`` of any night in it."""
    falls, length = _s(night.falls) - _s(night.clock_zero), _s(night.ends) - _s(night.falls)
    length += _DAY_S if length < 0.0 else 0.0
    first = math.floor((begin_s - falls) / _DAY_S) - 1
    last = math.ceil((end_s - falls) / _DAY_S)
    return any(
        min(end_s, falls + k * _DAY_S + length) - max(begin_s, falls + k * _DAY_S) > near_s
        for k in range(first, last + 1)
    )


def _s(one: TimeOfDay) -> float:
    return (int(one[:2]) * 60 + int(one[3:])) * 60.0


def _stretches(walk: Walk, *, down: bool) -> list[tuple[float, float]]:
    """Return metres and climb of each stretch, in the direction of the way."""
    if walk.length_m is not None:
        return [(walk.length_m, -walk.climb_m if down else walk.climb_m)]
    points = walk.line[::-1] if down else walk.line
    return [(_apart_m(a, b), b.height_m - a.height_m) for a, b in pairwise(points)]


def _apart_m(one: WalkPoint, other: WalkPoint) -> float:
    if one.lat is None:
        begin, end = (one.x_m or 0.0, one.y_m or 0.0), (other.x_m or 0.0, other.y_m or 0.0)
        return math.dist(begin, end)
    north, south = math.radians(one.lat), math.radians(other.lat or 0.0)
    chord = math.sin((north - south) / 2) ** 2
    east = math.radians((one.lon or 0.0) - (other.lon or 0.0)) / 2
    chord += math.cos(north) * math.cos(south) * math.sin(east) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def _stretch_s(walk: Walk, pace: Pace, length_m: float, climb_m: float) -> float:
    """Return the time of a stretch: what the rule says, divided by the shares of its speed."""
    if pace.rule == "tobler":
        slope = climb_m / length_m
        rule_s = length_m / 1000.0 / (6.0 * math.exp(-3.5 * abs(slope + 0.05))) * 3600.0
        flat_s = 1.0 / 1000.0 / (6.0 * math.exp(-0.175)) * 3600.0
    else:
        flat_s = 20.0 * 60.0 / _MILE_M
        rule_s = length_m * flat_s + max(0.0, climb_m) / (1000.0 * _FOOT_M) * 30.0 * 60.0
    own = 1.0 if pace.speed_m_s is None else pace.speed_m_s * flat_s
    return rule_s / own / pace.laden_share / (pace.off_path_share if walk.off_path else 1.0)
