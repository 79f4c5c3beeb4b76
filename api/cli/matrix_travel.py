"""Travel of a request as plain matrices: the engine's own times, or those of a router."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, TypeVar

import numpy as np

from api.clients import Router, RouterTimes, Told, router_times
from models.datasets import DatasetReference
from models.faults import Fault
from models.places import Site
from models.roads import ByRoads, RoadProfile, RoadScenario, TravelReport
from models.text import Text
from models.travel import ByMatrix, MatrixScenario, Travel
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.travel import State, TravelTimes, given_times, travel_times
from optimizer.travel.report import NAMES_MAX, matrix_report, travel_report, unsnapped
from optimizer.travel.roads.situation import demand_places, site_places

INLINE_PAIRS_MAX = 10_000  # more of them go into the store

Places = tuple[DemandArrays, tuple[Site, ...]]
PlacesT = TypeVar("PlacesT")


def only(travel: Travel, ids: Sequence[str]) -> Travel:
    """Return the travel with those of its scenarios that are asked for; none means all.

    Raises
    ------
    InputError
        One of them is not there.
    """
    known = [one.id for one in travel.scenarios]
    need = Text(code="matrix.need.scenario", values={"known": ", ".join(known)})
    faults = tuple(
        Fault(path="--scenario", value=f'"{one}"', need=need) for one in ids if one not in known
    )
    if faults:
        raise InputError(faults)
    if not ids:
        return travel
    kept = tuple(one for one in travel.scenarios if one.id in ids)
    return travel.model_copy(update={"scenarios": kept})


@dataclass(frozen=True)
class Matrices:
    """The times of each state of the roads, and all that is known of them.

    ``given`` is the request's own travel where that holds matrices already.
    """

    states: tuple[State, ...]
    times: TravelTimes
    report: TravelReport
    given: ByMatrix | None = None

    def matrix_s(self, state: int) -> FloatArray:
        """Return the times (demand, site) of one state, ``inf`` where there is no way."""
        return self.times.block(state, slice(0, self.times.shape[0]))

    def without_way(self) -> tuple[int, ...]:
        """Return how many pairs of each state have no way."""
        return tuple(int(np.isinf(self.matrix_s(k)).sum()) for k in range(len(self.states)))

    def travel(self, store: Store) -> ByMatrix:
        """Return them as the travel of a request; large ones go into ``store``.

        Whom they leave out is counted afresh for every answer; only what closures did is kept.
        """
        if self.given is not None:
            return self.given
        closed = tuple(one for one in self.report.scenarios if one.closures)
        rests_on = self.report.model_copy(update={"scenarios": closed})
        by_router = self.report.method == "router"
        scenarios = (_scenario(one, self.matrix_s(k), store) for k, one in enumerate(self.states))
        source = {"source": self.report.source} if by_router else {}
        return ByMatrix(**source, rests_on=rests_on, scenarios=tuple(scenarios))


def computed(travel: Travel, places: Places, store: Store) -> Matrices:
    """Return the engine's own times."""
    times = travel_times(travel, *places, store)
    report = travel_report(travel, times, places, store)
    given = travel if isinstance(travel, ByMatrix) else None
    return Matrices(tuple(travel.scenarios), times, report, given)


@dataclass(frozen=True)
class RouterQuestion:
    """The places and scenarios of a request that a router can answer for."""

    travel: Travel
    places: Places
    demand_deg: FloatArray  # (demand, 2)
    sites_deg: FloatArray  # (site, 2)
    snap_limit_m: float

    @classmethod
    def of(cls, travel: Travel, places: Places, snap_limit_m: float | None) -> Self:
        """Return the question; without a limit of its own, that of the roads counts.

        Raises
        ------
        InputError
            Places without lat and lon, and scenarios that no router knows of; all at once.
        """
        faults = list(_scenario_faults(travel))
        at = [_positions(demand_places, places[0], faults)]
        at.append(_positions(site_places, places[1], faults))
        if faults:
            raise InputError(tuple(faults))
        profile = travel.profile if isinstance(travel, ByRoads) else RoadProfile()
        limit_m = profile.snap_limit_m if snap_limit_m is None else snap_limit_m
        return cls(travel, places, at[0], at[1], limit_m)

    def matrices(self, router: Router, told: Told) -> Matrices:
        """Return the router's times, with the router as their source."""
        found = router_times(router, self.sites_deg, self.demand_deg, told)
        times_s = found.within(self.snap_limit_m).time_s
        times_s[np.isnan(times_s)] = np.inf
        factors = [_factor(one) for one in self.travel.scenarios]
        matrices = [times_s if one == 1 else one * times_s for one in factors]
        times = given_times(self.travel.scenarios, matrices, times_s.shape)
        known = self._known(found, self._source(router))
        report = matrix_report(known, times, self.places)
        return Matrices(tuple(self.travel.scenarios), times, report)

    def _source(self, router: Router) -> str:
        """Return who gave the times and when, and by what the request multiplies them."""
        slowed = (one for one in self.travel.scenarios if _factor(one) != 1)
        day = datetime.now(UTC).date().isoformat()
        return ", ".join([str(router), day, *(f"{one.id} x {_factor(one):g}" for one in slowed)])

    def _known(self, found: RouterTimes, source: str) -> TravelReport:
        far = tuple(unsnapped(self.places, found.site_m, found.demand_m, self.snap_limit_m))
        return TravelReport(
            method="router",
            source=source,
            unsnapped_count=len(far),
            unsnapped=far[:NAMES_MAX],
        )


def _positions(
    read: Callable[[PlacesT], FloatArray], places: PlacesT, faults: list[Fault]
) -> FloatArray:
    """Return the positions of places in degrees; what is at fault goes to ``faults``."""
    try:
        return read(places)
    except InputError as error:
        faults += error.faults
        return np.empty((0, 2))


def _scenario_faults(travel: Travel) -> list[Fault]:
    """Return why a router cannot answer for the scenarios: it knows one state of the roads.

    A factor for the whole hour is the request's own and multiplies whatever the router says.
    """
    if isinstance(travel, ByRoads):
        need = Text(code="matrix.need.same_roads")
        return [
            Fault(path=f"travel.scenarios[{k}]", value=f'"{one.id}"', need=need)
            for k, one in enumerate(travel.scenarios)
            if one.closures or one.class_time_factors
        ]
    if len(travel.scenarios) == 1:
        return []
    known = ", ".join(one.id for one in travel.scenarios)
    need = Text(code="matrix.need.one_state", values={"known": known})
    return [Fault(path="travel.scenarios", value=str(len(travel.scenarios)), need=need)]


def _factor(scenario: State) -> float:
    return scenario.time_factor if isinstance(scenario, RoadScenario) else 1.0


def _scenario(scenario: State, times_s: FloatArray, store: Store) -> MatrixScenario:
    """Return a scenario with its times (demand, site): inline, or in the store where many."""
    update: dict[str, object] = {}
    if times_s.size <= INLINE_PAIRS_MAX:
        update["travel_time_s"] = [
            [one if math.isfinite(one) else None for one in row] for row in times_s.tolist()
        ]
    else:
        known = np.where(np.isfinite(times_s), times_s, np.nan)
        update["travel_time_s"] = DatasetReference(
            sha256=store.add_arrays({"travel_time_s": known})
        )
    said = scenario.model_fields_set & {"id", "name", "weight"}
    return MatrixScenario.model_validate(
        {"id": scenario.id} | {name: getattr(scenario, name) for name in said} | update
    )
