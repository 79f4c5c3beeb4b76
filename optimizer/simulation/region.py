"""A seeded region of zones, posts and teams, and the calls of a period: illustrative throughout."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Region:
    """Zones with demand, posts among them, and where each team has its home post.

    Ways are straight lines times a detour at one speed; ``turnout_s`` is spent at a post only.
    """

    zone_m: FloatArray  # (zone, 2)
    demand: FloatArray  # (zone,) sums to 1
    post_m: FloatArray  # (post, 2)
    home: IndexArray  # (team,)
    standard_s: float = 480.0
    turnout_s: float = 60.0
    speed_m_s: float = 45 / 3.6
    detour: float = 1.3

    def way_s(self, begin_m: FloatArray, end_m: FloatArray) -> FloatArray:
        """Return the time from each beginning to each end (begin, end)."""
        away_m = np.linalg.norm(begin_m[:, None] - end_m[None], axis=2)
        return np.asarray(away_m * self.detour / self.speed_m_s)


@dataclass(frozen=True)
class Calls:
    """Calls in order of time."""

    time_s: FloatArray  # (call,)
    zone: IndexArray  # (call,)
    on_scene_s: FloatArray  # (call,)


def region(seed: int, *, zones: int = 200, posts: int = 14, teams: int = 25) -> Region:
    """Return a square of 20 km with uneven demand; a post is the likelier where demand is."""
    rng = np.random.default_rng(seed)
    zone_m = rng.random((zones, 2)) * 20_000.0
    demand = rng.gamma(0.7, 1.0, zones)
    demand /= demand.sum()
    at = rng.choice(zones, posts, replace=False, p=demand)
    more = rng.choice(posts, max(0, teams - posts))
    home = np.sort(np.concatenate([np.arange(posts), more])[:teams])
    return Region(zone_m, demand, zone_m[at], home.astype(np.intp))


def calls(
    place: Region, seed: int, *, count: int, load: float, surge: FloatArray | None = None
) -> Calls:
    """Return calls that keep each team busy for about ``load`` of the time.

    ``surge`` multiplies the rate hour by hour, over and over: a typhoon day has 24 entries.
    """
    rng = np.random.default_rng([seed, 1])
    mean_on_scene_s, mean_way_s = 3600.0, 360.0
    rate = load * len(place.home) / (mean_on_scene_s + mean_way_s)
    gaps_s = rng.exponential(1.0 / rate, count)
    time_s = np.cumsum(gaps_s)
    if surge is not None:
        time_s = _warped(time_s, surge / surge.mean())
    zone = rng.choice(len(place.demand), count, p=place.demand)
    return Calls(time_s, zone.astype(np.intp), rng.exponential(mean_on_scene_s, count))


def _warped(time_s: FloatArray, surge: FloatArray) -> FloatArray:
    """Return the times at which the surging rate has brought as many calls as the even one."""
    hours = int(np.ceil(time_s[-1] / 3600.0)) + len(surge)
    edges_s = 3600.0 * np.arange(hours + 1)
    brought = np.concatenate([[0.0], np.cumsum(np.resize(surge, hours))]) * 3600.0
    return np.asarray(np.interp(time_s, brought, edges_s), dtype=np.float64)


TYPHOON_SURGE = np.array(
    [*(0.6,) * 6, 0.8, 0.8, 1.0, 1.2, 1.5, 2.0, 2.6, 3.0, 3.0, 2.6, 2.0, 1.6, 1.2, 1.0, *(0.7,) * 4]
)
