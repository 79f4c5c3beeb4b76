"""The times of a whole request from a router, question by question.

Routers refuse a whole question for one place that has no road. Such a place is found by asking
for it alone, and the question is asked again without it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from api.clients.errors import NotConnectedError, NotJoinedError
from api.clients.routers import Router
from optimizer.demand import FloatArray

Told = Callable[[int, int], None]
"""How many pairs are known, and how many there are."""

_Index = NDArray[np.intp]


@dataclass(frozen=True)
class RouterTimes:
    """A router's times, and how far it moved each place to its nearest road.

    No time is NaN. A distance is NaN where the router does not give it, ``inf`` without a road.
    """

    time_s: FloatArray  # (demand, site)
    site_m: FloatArray  # (site,)
    demand_m: FloatArray  # (demand,)

    def within(self, limit_m: float) -> "RouterTimes":
        """Return the times without those of places farther than ``limit_m`` from their road.

        A router moves a place to the nearest road however far that is, and counts from there.
        """
        time_s = self.time_s.copy()
        time_s[self.demand_m > limit_m] = np.nan
        time_s[:, self.site_m > limit_m] = np.nan
        return replace(self, time_s=time_s)


def router_times(router: Router, sites: FloatArray, demand: FloatArray, told: Told) -> RouterTimes:
    """Return the times from sites (site, 2) to demand (demand, 2), lat and lon in degrees.

    Raises
    ------
    InputError, RouterError
        The router refuses the question, or fails.
    """
    found = _Search.of(router, sites, demand)
    done, total = 0, len(sites) * len(demand)
    for at_sites, at_demand in _batches(router, len(sites), len(demand)):
        told(done, total)
        found.ask(at_sites, at_demand)
        done += len(at_sites) * len(at_demand)
    told(total, total)
    return RouterTimes(found.time_s, found.site_m, found.demand_m)


def _batches(router: Router, sites: int, demand: int) -> Iterator[tuple[_Index, _Index]]:
    some, many = router.batch(sites, demand)
    for start in range(0, demand, many):
        for first in range(0, sites, some):
            last = min(first + some, sites)
            yield np.arange(first, last), np.arange(start, min(start + many, demand))


@dataclass
class _Search:
    """What is known so far; places asked for alone are remembered."""

    router: Router
    sites: FloatArray  # (site, 2)
    demand: FloatArray  # (demand, 2)
    time_s: FloatArray  # (demand, site)
    site_m: FloatArray  # (site,)
    demand_m: FloatArray  # (demand,)
    joined: dict[tuple[float, ...], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, router: Router, sites: FloatArray, demand: FloatArray) -> "_Search":
        nothing = np.full((len(demand), len(sites)), np.nan)
        from_roads = np.full(len(sites), np.nan), np.full(len(demand), np.nan)
        return cls(router, sites, demand, nothing, *from_roads)

    def ask(self, at_sites: _Index, at_demand: _Index) -> None:
        """Ask for some pairs; in parts where the router refuses them all for a few."""
        if not len(at_sites) or not len(at_demand):
            return
        try:
            table = self.router.table(self.sites[at_sites], self.demand[at_demand])
        except NotJoinedError:
            self._without_those_apart(at_sites, at_demand)
        except NotConnectedError:
            self._halves(at_sites, at_demand)
        else:
            self.time_s[np.ix_(at_demand, at_sites)] = table.time_s.T
            self.site_m[at_sites] = table.source_m
            self.demand_m[at_demand] = table.target_m

    def _without_those_apart(self, at_sites: _Index, at_demand: _Index) -> None:
        site_joined = np.array([self._is_joined(self.sites[j]) for j in at_sites])
        demand_joined = np.array([self._is_joined(self.demand[i]) for i in at_demand])
        self.site_m[at_sites[~site_joined]] = np.inf
        self.demand_m[at_demand[~demand_joined]] = np.inf
        if site_joined.all() and demand_joined.all():
            self._halves(at_sites, at_demand)
        else:
            self.ask(at_sites[site_joined], at_demand[demand_joined])

    def _is_joined(self, place: FloatArray) -> bool:
        """Return whether the router finds a road near a place, by the way from it to itself."""
        key = tuple(place.tolist())
        if key not in self.joined:
            try:
                self.router.table(place[None], place[None])
            except (NotJoinedError, NotConnectedError):
                self.joined[key] = False
            else:
                self.joined[key] = True
        return self.joined[key]

    def _halves(self, at_sites: _Index, at_demand: _Index) -> None:
        """Ask for each half; a single pair that is refused has no way."""
        if len(at_sites) == len(at_demand) == 1:
            return
        if len(at_sites) > len(at_demand):
            for half in np.array_split(at_sites, 2):
                self.ask(half, at_demand)
        else:
            for half in np.array_split(at_demand, 2):
                self.ask(at_sites, half)
