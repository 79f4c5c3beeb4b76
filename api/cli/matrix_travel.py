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
from models.travel import ByMatrix, LawScenario, MatrixScenario, Travel
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.travel import travel_times
from optimizer.travel.report import NAMES_MAX, travel_report, unsnapped
from optimizer.travel.roads.situation import demand_places, site_places

INLINE_PAIRS_MAX = 10_000  # more of them go into the store

Scenario = RoadScenario | LawScenario | MatrixScenario
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


def computed(travel: Travel, places: Places, store: Store) -> ByMatrix:
    """Return the engine's own times as matrices, with what they rest on."""
    if isinstance(travel, ByMatrix):
        return travel
    times = travel_times(travel, *places, store)
    states: tuple[Scenario, ...] = travel.scenarios
    scenarios = tuple(
        _scenario(one, times.block(k, slice(0, times.shape[0])), store)
        for k, one in enumerate(states)
    )
    rests_on = travel_report(travel, times, places, store)
    return ByMatrix(rests_on=rests_on, scenarios=scenarios)


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

    def matrix(self, router: Router, store: Store, told: Told) -> ByMatrix:
        """Return the router's times as matrices that name it as their source."""
        found = router_times(router, self.sites_deg, self.demand_deg, told)
        times_s = found.within(self.snap_limit_m).time_s
        scenarios = tuple(
            _scenario(one, _factor(one) * times_s, store) for one in self.travel.scenarios
        )
        said = [str(router), datetime.now(UTC).date().isoformat()]
        slowed = (one for one in self.travel.scenarios if _factor(one) != 1)
        said += [f"{one.id} x {_factor(one):g}" for one in slowed]
        return ByMatrix(source=", ".join(said), rests_on=self._rests_on(found), scenarios=scenarios)

    def _rests_on(self, found: RouterTimes) -> TravelReport:
        far = tuple(unsnapped(self.places, found.site_m, found.demand_m, self.snap_limit_m))
        return TravelReport(method="router", unsnapped_count=len(far), unsnapped=far[:NAMES_MAX])


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


def _factor(scenario: Scenario) -> float:
    return scenario.time_factor if isinstance(scenario, RoadScenario) else 1.0


def _scenario(scenario: Scenario, times_s: FloatArray, store: Store) -> MatrixScenario:
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
