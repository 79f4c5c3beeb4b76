"""A network in every scenario of a request, with the request's places joined to it."""

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from models.faults import Fault
from models.places import Site
from models.roads import ByRoads
from models.text import Text
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.errors import InputError
from optimizer.travel.roads.closures import RoadState, road_state
from optimizer.travel.roads.graph import Frame, in_ticks
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.plane import FloatArray
from optimizer.travel.roads.snapping import Legs, Snapped, arrivals, departures
from optimizer.travel.roads.speeds import EdgeTimes, access_speed_m_s, edge_times


@dataclass(frozen=True)
class Roads:
    """A network in every scenario of a request, with the request's places joined to it."""

    travel: ByRoads
    network: Network
    times: EdgeTimes  # of no particular hour
    states: tuple[RoadState, ...]  # one a scenario
    demand: Snapped
    sites: Snapped

    @classmethod
    def of(
        cls, travel: ByRoads, demand: DemandArrays, sites: tuple[Site, ...], store: Store | None
    ) -> "Roads":
        """Return the roads of a request; those last asked for are kept, a run asks for them often.

        Raises
        ------
        InputError
            The network cannot be used, or places have no ``lat`` and ``lon``.
        """
        places = demand_places(demand), site_places(sites)
        file = None if store is None else store.path(travel.network.sha256)
        # A dataset that is gone, or another store's, is asked for anew.
        stands = "" if file is None or not file.exists() else f"{file} {file.stat().st_mtime_ns}"
        points = b"".join(one.tobytes() for one in places)
        network = _File((stands, travel.network.sha256), store)
        asked = (travel.model_dump_json(), len(sites), points)
        return _joined(_Asked(network, asked, travel, places))

    @classmethod
    def joining(
        cls, travel: ByRoads, network: Network, places: tuple[FloatArray, FloatArray]
    ) -> Self:
        """Return the roads with demand points and sites, each (place, 2) lat and lon."""
        times = edge_times(network, travel.profile)
        limit_m = travel.profile.snap_limit_m
        joined = [Snapped.of(network, times.usable, one, limit_m) for one in places]
        return cls(travel, network, times, _states(network, times, travel), joined[0], joined[1])

    def travelled(self, travel: ByRoads) -> "Roads":
        """Return the same places on the same roads at other speeds or in other scenarios.

        The mode and the limit of snapping must be those that the places were joined by.
        """
        times = edge_times(self.network, travel.profile)
        states = _states(self.network, times, travel)
        return replace(self, travel=travel, times=times, states=states)

    def access_s(self, snapped: Snapped, scenario: int) -> FloatArray:
        """Return the seconds between places and the road; the slow hour slows them too."""
        factor = self.travel.scenarios[scenario].time_factor
        return factor * snapped.distance_m / access_speed_m_s(self.travel.profile)

    def departing(self, scenario: int) -> Legs:
        """Return the legs of all sites, the start of the trip included."""
        at = self.sites
        to_road_s = self.access_s(at, scenario) + self.travel.profile.start_s
        return departures(at, self.states[scenario], to_road_s)

    def arriving(self, scenario: int) -> Legs:
        """Return the legs of all demand points."""
        at = self.demand
        legs = arrivals(at, self.states[scenario], self.access_s(at, scenario))
        return Legs(in_ticks(legs.first_s), in_ticks(legs.last_s))

    @cached_property
    def frame(self) -> Frame:
        """The frame that the graphs of all scenarios share."""
        return Frame.of(self.network, self.times, self.sites)

    def graph(self, scenario: int) -> csr_array:
        """Return the graph of one scenario."""
        return self.frame.graph(self.states[scenario].through, self.departing(scenario))


@dataclass(frozen=True)
class _Asked:
    """What roads are asked for; the same travel and places are the same roads."""

    network: "_File"
    key: tuple[str, int, bytes]
    travel: ByRoads = field(compare=False)
    places: tuple[FloatArray, FloatArray] = field(compare=False)


@dataclass(frozen=True)
class _File:
    """A network as it lies in a store."""

    key: tuple[str, str]  # where and since when, and its name
    store: Store | None = field(compare=False)


@lru_cache(maxsize=1)
def _joined(asked: _Asked) -> Roads:
    return Roads.joining(asked.travel, _read(asked.network), asked.places)


@lru_cache(maxsize=1)
def _read(file: _File) -> Network:
    return Network.load(file.key[1], file.store)


def _states(network: Network, times: EdgeTimes, travel: ByRoads) -> tuple[RoadState, ...]:
    return tuple(road_state(network, times, travel, one) for one in travel.scenarios)


def demand_places(demand: DemandArrays) -> FloatArray:
    """Return lat and lon (demand, 2) in degrees."""
    if demand.lat is None or demand.lon is None:
        raise InputError((_fault("demand_points"),))
    return np.column_stack([demand.lat, demand.lon])


def site_places(sites: tuple[Site, ...]) -> FloatArray:
    """Return lat and lon (site, 2) in degrees."""
    faults = [
        _fault(f"sites[{j}]") for j, one in enumerate(sites) if one.lat is None or one.lon is None
    ]
    if faults:
        raise InputError(tuple(faults))
    return np.array([(one.lat, one.lon) for one in sites], dtype=np.float64)


def _fault(path: str) -> Fault:
    return Fault(path=path, need=Text(code="fault.road_places"))
