"""The request as the verifier reads it: its names resolved, its demand and times at hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.fire_stations.request import FireStationRequest
from models.places import Change, Site, StationStatus
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.standards import ResponseStandard, StationClass
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.fire_stations.verify.faults import class_faults, demand_faults
from optimizer.fire_stations.verify.groups import Groups
from optimizer.travel import IndexArray, TravelTimes, travel_times

BoolArray = NDArray[np.bool_]

TIME_TOLERANCE_S = 1e-6
_BLOCK_ROWS = 100_000
_BLOCK_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class Question:
    """A request with everything that checks of any plan need."""

    request: FireStationRequest
    store: Store | None
    demand: DemandArrays
    times: TravelTimes
    standard: ResponseStandard
    classes: dict[str, StationClass]
    site_index: dict[str, int]
    groups: Groups
    population: FloatArray  # (demand,)
    _coverable: dict[float, BoolArray] = field(default_factory=dict)

    @classmethod
    def read(cls, request: FireStationRequest, store: Store | None) -> "Question":
        """Return the question of ``request``.

        Raises
        ------
        InputError
            The request names what does not exist; no plan can be judged by it.
        """
        store = None if store is None else store.uncached
        demand = DemandArrays.from_request(request.demand_points, store)
        faults = (*class_faults(request), *demand_faults(request, demand))
        if faults:
            raise InputError(faults)
        standard = request.standard
        return cls(
            request=request,
            store=store,
            demand=demand,
            times=travel_times(request.travel, demand, request.sites, store),
            standard=RESPONSE_STANDARDS[standard] if isinstance(standard, str) else standard,
            classes=_effective_classes(request),
            site_index={site.id: j for j, site in enumerate(request.sites)},
            groups=Groups.of(request, demand),
            population=_population(request, demand),
        )

    def site(self, site_id: str) -> Site:
        """Return the site of this id."""
        return self.request.sites[self.site_index[site_id]]

    def turnout_s(self, station_class: StationClass) -> float:
        """Return the turnout of a class, the standard's where it has none of its own."""
        own = station_class.turnout_s
        return self.standard.turnout_s if own is None else own

    def within_s(self, given: float | None) -> float:
        """Return a time limit, by default that of the first arrival."""
        return self.standard.within_s if given is None else given

    def allowed_classes(self, site: Site) -> tuple[str, ...]:
        """Return the classes a site may get: its own list, or all that are asked for."""
        asked = tuple(self.request.new_stations)
        return asked if site.allowed_classes is None else site.allowed_classes

    def in_service(self) -> tuple[Site, ...]:
        """Return the sites whose stations are in service today."""
        return tuple(
            site
            for site in self.request.sites
            if site.station is not None and site.station.status is StationStatus.IN_SERVICE
        )

    def blocks(self, column_count: int) -> Iterator[slice]:
        """Yield slices of demand rows, small enough that a block of times stays small."""
        step = max(1, min(_BLOCK_ROWS, _BLOCK_CELLS // max(1, column_count)))
        for start in range(0, len(self.demand), step):
            yield slice(start, min(start + step, len(self.demand)))

    def coverable(self, within_s: float) -> BoolArray:
        """Return per (scenario, demand) whether any site of the request could be in time."""
        if within_s not in self._coverable:
            self._coverable[within_s] = self._reached_by_any(within_s)
        return self._coverable[within_s]

    def _reached_by_any(self, within_s: float) -> BoolArray:
        turnouts = [self._least_turnout_s(site) for site in self.request.sites]
        columns: IndexArray = np.flatnonzero([one is not None for one in turnouts])
        left_s = np.array([within_s - one for one in turnouts if one is not None])
        reached = np.zeros((len(self.times.scenario_ids), len(self.demand)), dtype=np.bool_)
        for scenario in range(len(reached)):
            for rows in self.blocks(len(columns)):
                travel_s = self.times.block(scenario, rows, columns)
                reached[scenario, rows] = (travel_s <= left_s + TIME_TOLERANCE_S).any(axis=1)
        return reached

    def _least_turnout_s(self, site: Site) -> float | None:
        turnouts = [self.turnout_s(self.classes[name]) for name in self._possible(site)]
        return min(turnouts, default=None)

    def _possible(self, site: Site) -> set[str]:
        """Return the classes a station here could have, whatever the rules say."""
        allowed, station = self.allowed_classes(site), site.station
        if station is None:
            movable = {
                one.station.class_id
                for one in self.in_service()
                if one.station is not None and Change.MOVE in one.station.may
            }
            return set(allowed) & (self.request.new_stations.keys() | movable)
        regraded = station.status is StationStatus.IN_SERVICE and Change.REGRADE in station.may
        return {station.class_id, *allowed} if regraded else {station.class_id}


def _effective_classes(request: FireStationRequest) -> dict[str, StationClass]:
    classes = {one.id: one for one in request.classes}
    named = set(request.new_stations)
    for site in request.sites:
        named.update(site.allowed_classes or ())
        if site.station is not None:
            named.add(site.station.class_id)
    preset = {name: STATION_CLASSES[name] for name in sorted(named - classes.keys())}
    return {**classes, **preset}


def _population(request: FireStationRequest, demand: DemandArrays) -> FloatArray:
    name = request.population_weight
    if name not in demand.weights:
        name = min(demand.weights, default=name)
    return demand.weights.get(name, np.zeros(len(demand)))
