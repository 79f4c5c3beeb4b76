"""Seconds per edge and direction: a traveller's profile, and how slow the hour is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.faults import Fault
from models.roads import RoadProfile, RoadScenario
from models.text import Text
from models.traffic import RANKS, Rank
from optimizer.errors import InputError
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.plane import FloatArray

BoolArray = NDArray[np.bool_]

# Bits of ``edge_access`` that let a mode through, forward and backward.
_ACCESS = {"car": (1, 2), "emergency": (1 | 4 | 64, 2 | 8 | 128), "foot": (16, 32)}

# Expressway, arterial, secondary and branch roads of a Chinese city; slower ones in proportion.
_KM_H: dict[Rank, int] = {
    "expressway": 60,
    "arterial": 40,
    "secondary": 32,
    "branch": 25,
    "service": 15,
    "path": 10,
}
SPEEDS_M_S = {name: speed / 3.6 for rank, speed in _KM_H.items() for name in RANKS[rank]}
WALKING_M_S = 1.4
ACCESS_M_S = {"emergency": 15 / 3.6, "car": 15 / 3.6, "foot": WALKING_M_S}


@dataclass(frozen=True)
class EdgeTimes:
    """Seconds to drive each edge in each direction, ``inf`` where the mode may not."""

    forward_s: FloatArray  # (edge,)
    backward_s: FloatArray

    @property
    def usable(self) -> BoolArray:
        """The edges that can be driven in some direction."""
        usable: BoolArray = np.isfinite(self.forward_s) | np.isfinite(self.backward_s)
        return usable

    def scaled(self, factor: FloatArray) -> "EdgeTimes":
        """Return the times multiplied by ``factor`` (edge,)."""
        return EdgeTimes(self.forward_s * factor, self.backward_s * factor)


def edge_times(network: Network, profile: RoadProfile) -> EdgeTimes:
    """Return the times of every edge for a profile, in no particular hour.

    Raises
    ------
    InputError
        Nothing may be used by the mode, or a class of road has no speed.
    """
    usable = network.access & (_ACCESS[profile.mode][0] | _ACCESS[profile.mode][1]) > 0
    if not usable.any():
        raise _error("travel.profile.mode", profile.mode, "fault.road_mode")
    seconds = network.length_m / _speeds(network, profile)
    seconds = np.where(timed_edges(network, profile), network.given_time_s, seconds)
    unknown = np.unique(network.edge_class[usable & np.isnan(seconds)])
    if unknown.size:
        names = ", ".join(network.class_names[one] or '""' for one in unknown.tolist())
        raise _error("travel.profile.default_speed_m_s", None, "fault.road_speed", names=names)
    return EdgeTimes(*_both_ways(network, profile, seconds))


def timed_edges(network: Network, profile: RoadProfile) -> BoolArray:
    """Return the edges whose time the profile takes from the source (edge,)."""
    if not profile.use_given_times:
        return np.zeros(network.edge_count, dtype=np.bool_)
    return ~np.isnan(network.given_time_s)


def driven_amounts(network: Network, profile: RoadProfile) -> tuple[FloatArray, FloatArray]:
    """Return what a whole edge counts forward and backward, ``inf`` where the mode may not.

    That is its metres, or its seconds where the source gives them. Against a one-way street each
    counts as often as the way takes longer.
    """
    timed = timed_edges(network, profile)
    return _both_ways(network, profile, np.where(timed, network.given_time_s, network.length_m))


def slowed(network: Network, times: EdgeTimes, scenario: RoadScenario) -> EdgeTimes:
    """Return the times in a scenario's hour, before anything is closed."""
    factors = scenario.factors()
    by_class = np.array([factors.get(name, 1.0) for name in network.class_names])
    return times.scaled(scenario.time_factor * by_class[network.edge_class])


def access_speed_m_s(profile: RoadProfile) -> float:
    """Return the speed between a place and the road it is joined to."""
    own = profile.access_speed_m_s
    return ACCESS_M_S[profile.mode] if own is None else own


def _speeds(network: Network, profile: RoadProfile) -> FloatArray:
    """Return the speed on each edge, NaN where nothing names its class."""
    default = np.nan if profile.default_speed_m_s is None else profile.default_speed_m_s
    walks = profile.mode == "foot"
    preset = dict.fromkeys(network.class_names, WALKING_M_S) if walks else SPEEDS_M_S
    by_class = {**preset, **profile.speeds_m_s}
    speed = np.array([by_class.get(name, default) for name in network.class_names])
    on_edge: FloatArray = speed[network.edge_class]
    posted = network.maxspeed_m_s
    if walks or profile.maxspeed == "ignore":
        return on_edge
    if profile.maxspeed == "cap":
        return np.where(np.isnan(on_edge), np.nan, np.fmin(on_edge, posted))
    return np.where(np.isnan(posted), on_edge, posted)


def _both_ways(
    network: Network, profile: RoadProfile, whole: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what a whole edge takes (edge,), forward and backward."""
    forward, backward = ((network.access & bits) > 0 for bits in _ACCESS[profile.mode])
    against = np.inf if profile.against_one_way is None else profile.against_one_way
    return (
        _directed(whole, forward, backward, against),
        _directed(whole, backward, forward, against),
    )


def _directed(
    whole: FloatArray, allowed: BoolArray, other: BoolArray, against: float
) -> FloatArray:
    """Return ``whole`` in one direction; ``other`` says which edges are open the other way."""
    one_way = np.full(len(whole), np.inf)
    one_way[allowed] = whole[allowed]
    wrong_way = other & ~allowed
    if np.isfinite(against):
        one_way[wrong_way] = whole[wrong_way] * against
    return one_way


def _error(path: str, value: str | None, code: str, **values: str) -> InputError:
    shown = None if value is None else f'"{value}"'
    return InputError((Fault(path=path, value=shown, need=Text(code=code, values=dict(values))),))
