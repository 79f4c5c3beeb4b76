"""What may be done where: every choice of a siting request as one column.

An *option* is one way to have a station at a site: keep it, strengthen it, build one of a class,
and so on. A plan is a set of options. Whatever the request's vocabulary, the mathematics sees
options with a place, a class, a crew, vehicles and a price.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.fire_stations import FireStationRequest
from models.fire_stations.plan import Action
from models.fire_stations.rules import IdlePolicy
from models.places import Change, Site, Station, StationStatus
from models.standards import ResponseStandard, StationClass
from optimizer.demand import FloatArray

IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
OPENING = frozenset({Action.BUILD, Action.COMMISSION, Action.MOVE})


@dataclass(frozen=True)
class Option:
    """One option; ``origin`` is the site of the station whose fate it decides."""

    site: int
    origin: int
    class_index: int
    action: Action
    on_duty_people: int
    headcount_people: int
    vehicles: dict[str, int]
    capital_cost: float
    yearly_cost: float
    turnout_s: float


@dataclass(frozen=True)
class Options:
    """All options of a request as arrays over ``option``, in site order.

    ``vehicle_types`` are those of any option, and those a risk class needs.
    """

    entries: tuple[Option, ...]
    vehicle_types: tuple[str, ...]
    site: IndexArray  # (option,)
    origin: IndexArray  # (option,)
    class_index: IndexArray  # (option,)
    on_duty_people: FloatArray  # (option,)
    headcount_people: FloatArray  # (option,)
    vehicles: FloatArray  # (option, vehicle type)
    capital_cost: FloatArray  # (option,)
    yearly_cost: FloatArray  # (option,)
    turnout_s: FloatArray  # (option,)
    opens: BoolArray  # (option,) builds, commissions or moves
    builds: BoolArray  # (option,)
    keeps: BoolArray  # (option,) a station of today, as it stands

    def __len__(self) -> int:
        """Return the number of options."""
        return len(self.entries)

    @classmethod
    def of(
        cls,
        request: FireStationRequest,
        classes: tuple[StationClass, ...],
        standard: ResponseStandard,
    ) -> "Options":
        """Return every option the request's sites and permissions leave open."""
        listing = _Listing(request, classes, standard)
        entries = tuple(
            option
            for index, site in enumerate(request.sites)
            for option in listing.options(index, site)
        )
        needed = {name for risk in request.risk_classes for name in risk.vehicle_types}
        types = tuple(sorted({name for option in entries for name in option.vehicles} | needed))
        actions = [option.action for option in entries]
        return cls(
            entries=entries,
            vehicle_types=types,
            site=np.array([option.site for option in entries], dtype=np.intp),
            origin=np.array([option.origin for option in entries], dtype=np.intp),
            class_index=np.array([option.class_index for option in entries], dtype=np.intp),
            on_duty_people=np.array([float(option.on_duty_people) for option in entries]),
            headcount_people=np.array([float(option.headcount_people) for option in entries]),
            vehicles=np.array(
                [[float(option.vehicles.get(name, 0)) for name in types] for option in entries]
            ).reshape(len(entries), len(types)),
            capital_cost=np.array([option.capital_cost for option in entries]),
            yearly_cost=np.array([option.yearly_cost for option in entries]),
            turnout_s=np.array([option.turnout_s for option in entries]),
            opens=np.array([action in OPENING for action in actions], dtype=np.bool_),
            builds=np.array([action is Action.BUILD for action in actions], dtype=np.bool_),
            keeps=np.array([action is Action.KEEP for action in actions], dtype=np.bool_),
        )


class _Listing:
    """Lists the options of one request, site by site."""

    def __init__(
        self,
        request: FireStationRequest,
        classes: tuple[StationClass, ...],
        standard: ResponseStandard,
    ) -> None:
        self._request = request
        self._classes = classes
        self._index = {one.id: position for position, one in enumerate(classes)}
        self._standard = standard
        self._movable = tuple(
            (index, site.station)
            for index, site in enumerate(request.sites)
            if site.station is not None
            and site.station.status is StationStatus.IN_SERVICE
            and Change.MOVE in site.station.may
        )

    def options(self, index: int, site: Site) -> Iterator[Option]:
        """Yield the options that put a station at site ``index``."""
        if site.station is None:
            yield from self._builds(index, site)
            yield from self._moves(index, site)
        elif site.station.status is StationStatus.IN_SERVICE:
            yield from self._of_station(index, site, site.station)
        elif self._request.rules.idle_stations is not IdlePolicy.CLOSED:
            yield self._commission(index, site.station)

    def _allowed(self, site: Site) -> tuple[str, ...]:
        return site.allowed_classes or tuple(self._request.new_stations)

    def _builds(self, index: int, site: Site) -> Iterator[Option]:
        for class_id in self._allowed(site):
            if class_id in self._request.new_stations:
                norm = self._classes[self._index[class_id]]
                cost = norm.capital_cost + site.land_cost
                yield self._by_norm(index, class_id, Action.BUILD, cost)

    def _moves(self, index: int, site: Site) -> Iterator[Option]:
        for origin, station in self._movable:
            if station.class_id in self._allowed(site):
                norm = self._classes[self._index[station.class_id]]
                cost = norm.capital_cost + site.land_cost
                yield self._as_it_stands(index, station, Action.MOVE, cost, origin=origin)

    def _of_station(self, index: int, site: Site, station: Station) -> Iterator[Option]:
        kept = self._as_it_stands(index, station, Action.KEEP, 0.0)
        norm = self._classes[kept.class_index]
        yield kept
        if Change.STRENGTHEN in station.may:
            yield self._strengthened(kept, norm)
        if Change.REGRADE in station.may:
            for class_id in self._allowed(site):
                if class_id != station.class_id:
                    new = self._classes[self._index[class_id]]
                    cost = max(0.0, new.capital_cost - norm.capital_cost)
                    yield self._by_norm(index, class_id, Action.REGRADE, cost)

    def _commission(self, index: int, station: Station) -> Option:
        cost = station.commissioning_cost
        if cost is None:
            cost = self._classes[self._index[station.class_id]].commissioning_cost
        return self._as_it_stands(index, station, Action.COMMISSION, cost)

    def _by_norm(self, index: int, class_id: str, action: Action, capital_cost: float) -> Option:
        norm = self._classes[self._index[class_id]]
        return Option(
            site=index,
            origin=index,
            class_index=self._index[class_id],
            action=action,
            on_duty_people=norm.on_duty_people,
            headcount_people=norm.on_duty_people * self._request.shift_count,
            vehicles=dict(norm.vehicles),
            capital_cost=capital_cost,
            yearly_cost=norm.yearly_cost,
            turnout_s=self._turnout_s(norm),
        )

    def _as_it_stands(
        self,
        index: int,
        station: Station,
        action: Action,
        capital_cost: float,
        *,
        origin: int | None = None,
    ) -> Option:
        norm = self._classes[self._index[station.class_id]]
        on_duty, headcount = crew(station, norm, self._request.shift_count)
        yearly = norm.yearly_cost if station.yearly_cost is None else station.yearly_cost
        vehicles = norm.vehicles if station.vehicles is None else station.vehicles
        return Option(
            site=index,
            origin=index if origin is None else origin,
            class_index=self._index[station.class_id],
            action=action,
            on_duty_people=on_duty,
            headcount_people=headcount,
            vehicles=dict(vehicles),
            capital_cost=capital_cost,
            yearly_cost=yearly,
            turnout_s=self._turnout_s(norm),
        )

    def _strengthened(self, kept: Option, norm: StationClass) -> Option:
        on_duty = max(kept.on_duty_people, norm.on_duty_people)
        types = kept.vehicles.keys() | norm.vehicles.keys()
        return Option(
            site=kept.site,
            origin=kept.origin,
            class_index=kept.class_index,
            action=Action.STRENGTHEN,
            on_duty_people=on_duty,
            headcount_people=max(
                kept.headcount_people, norm.on_duty_people * self._request.shift_count
            ),
            vehicles={
                name: max(kept.vehicles.get(name, 0), norm.vehicles.get(name, 0))
                for name in sorted(types)
            },
            capital_cost=norm.strengthening_cost,
            yearly_cost=norm.yearly_cost,
            turnout_s=kept.turnout_s,
        )

    def _turnout_s(self, norm: StationClass) -> float:
        return self._standard.turnout_s if norm.turnout_s is None else norm.turnout_s


def crew(station: Station, norm: StationClass, shift_count: int) -> tuple[int, int]:
    """Return (on duty, headcount) of an existing station, from what is known of either."""
    on_duty = station.on_duty_people
    headcount = station.headcount_people
    if on_duty is None:
        on_duty = norm.on_duty_people if headcount is None else headcount // shift_count
    return on_duty, on_duty * shift_count if headcount is None else headcount
