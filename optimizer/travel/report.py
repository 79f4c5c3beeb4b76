"""What travel times rest on: the roads and whom they leave out, scenario by scenario."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.places import Site
from models.roads import (
    ByRoads,
    Isochrone,
    ScenarioTravel,
    TravelReport,
    Unsnapped,
)
from models.traffic import TRAFFIC_PRESETS
from models.travel import ByMatrix, Travel
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.travel import TravelTimes
from optimizer.travel.roads import Roads
from optimizer.travel.roads.isochrones import isochrone
from optimizer.travel.roads.shapes import drawn_lines

NAMES_MAX = 1_000
_CELLS = 4_000_000
_FAR_LESS = 0.1  # of the points reached with more roads open, below which a site is cut off

CountArray = NDArray[np.int64]


def travel_report(
    travel: Travel,
    times: TravelTimes,
    places: tuple[DemandArrays, tuple[Site, ...]],
    store: Store | None,
    *,
    start_s: Mapping[int, float] | None = None,
    within_s: Sequence[float] = (),
) -> TravelReport:
    """Return what the times of a request rest on.

    ``start_s`` says when the crew of each open site starts to drive, and ``within_s`` for which
    times the ground that they reach is drawn; without roads nothing is drawn.
    """
    demand, sites = places
    if isinstance(travel, ByRoads):
        roads = Roads.of(travel, demand, sites, store)
        return _of_roads(roads, times, places, start_s or {}, within_s)
    if isinstance(travel, ByMatrix):
        known = travel.rests_on or TravelReport(method="matrix")
        source = travel.source or known.source
        return matrix_report(known.model_copy(update={"source": source}), times, places)
    scenarios = tuple(ScenarioTravel(scenario_id=one) for one in times.scenario_ids)
    return TravelReport(method="straight_line", scenarios=scenarios)


def matrix_report(
    known: TravelReport, times: TravelTimes, places: tuple[DemandArrays, tuple[Site, ...]]
) -> TravelReport:
    """Return what is known of a matrix's making, with those it leaves out counted afresh."""
    by_id = {one.scenario_id: one for one in known.scenarios}
    scenarios = tuple(
        by_id.get(one) or ScenarioTravel(scenario_id=one) for one in times.scenario_ids
    )
    return known.model_copy(update={"scenarios": _cut_off(scenarios, times, places)})


def _of_roads(
    roads: Roads,
    times: TravelTimes,
    places: tuple[DemandArrays, tuple[Site, ...]],
    start_s: Mapping[int, float],
    within_s: Sequence[float],
) -> TravelReport:
    about, used = roads.network.about, {one for state in roads.states for one in state.closures}
    invented = any(one.illustrative for one in roads.travel.closures if one.id in used)
    hours = [TRAFFIC_PRESETS[one.preset] for one in roads.travel.scenarios if one.preset]
    joins = roads.sites.distance_m, roads.demand.distance_m
    far = tuple(unsnapped(places, *joins, roads.travel.profile.snap_limit_m))
    scenarios = tuple(_scenario(roads, k, start_s, within_s) for k in range(len(roads.states)))
    source = about.get("source")
    return TravelReport(
        method="roads",
        source=None if source is None else str(source),
        node_count=roads.network.node_count,
        edge_count=roads.network.edge_count,
        dropped_nodes=_count(about.get("dropped_nodes")),
        dropped_edges=_count(about.get("dropped_edges")),
        unsnapped_count=len(far),
        unsnapped=far[:NAMES_MAX],
        scenarios=_cut_off(scenarios, times, places),
        illustrative=invented
        or any(one.illustrative for one in hours)
        or about.get("illustrative") is True,
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def unsnapped(
    places: tuple[DemandArrays, tuple[Site, ...]],
    site_m: FloatArray,
    demand_m: FloatArray,
    limit_m: float,
) -> Iterator[Unsnapped]:
    """Yield the sites, then the demand points farther than ``limit_m`` from a usable road.

    A distance that is not known (NaN) is near enough; one that is ``inf`` is told as none.
    """
    demand, sites = places
    for index in np.flatnonzero(site_m > limit_m).tolist():
        yield _far("site", sites[index].id, site_m[index])
    for index in np.flatnonzero(demand_m > limit_m).tolist():
        yield _far("demand_point", str(demand.ids[index]), demand_m[index])


def _far(what: Literal["demand_point", "site"], name: str, distance_m: float) -> Unsnapped:
    known = float(distance_m) if np.isfinite(distance_m) else None
    return Unsnapped(what=what, id=name, distance_m=known)


def _scenario(
    roads: Roads, scenario: int, start_s: Mapping[int, float], within_s: Sequence[float]
) -> ScenarioTravel:
    state, network = roads.states[scenario], roads.network
    grounds = ((one, isochrone(roads, scenario, start_s, one)) for one in within_s)
    return ScenarioTravel(
        scenario_id=roads.travel.scenarios[scenario].id,
        closures=state.closures,
        closed_length_m=float(network.length_m[state.closed.edges].sum()),
        slowed_length_m=float(network.length_m[state.slowed].sum()),
        closed_roads=drawn_lines(network, state.closed.edges),
        slowed_roads=drawn_lines(network, state.slowed),
        isochrones=tuple(
            Isochrone(within_s=one, geometry=ground) for one, ground in grounds if ground
        ),
    )


def _cut_off(
    scenarios: tuple[ScenarioTravel, ...],
    times: TravelTimes,
    places: tuple[DemandArrays, tuple[Site, ...]],
) -> tuple[ScenarioTravel, ...]:
    """Return the scenarios with the sites that reach nobody, and the points nobody reaches.

    Where roads are closed, a site also counts as cut off that reaches less than a tenth of the
    points it reaches in a scenario with nothing closed: what is left is its own yard.
    """
    demand, sites = places
    counts = [_reached(times, k) for k in range(len(scenarios))]
    open_to = [
        per_site for one, (_, per_site) in zip(scenarios, counts, strict=True) if not one.closures
    ]
    usual = np.max(open_to, axis=0) if open_to else np.zeros(len(sites))
    found = []
    for one, (per_point, per_site) in zip(scenarios, counts, strict=True):
        lost = per_site == 0
        if one.closures:
            lost |= per_site < _FAR_LESS * usual
        cut_off, unreachable = np.flatnonzero(lost), np.flatnonzero(per_point == 0)
        update = {
            "cut_off_count": len(cut_off),
            "cut_off_sites": tuple(sites[j].id for j in cut_off[:NAMES_MAX].tolist()),
            "unreachable_count": len(unreachable),
            "unreachable_points": tuple(str(one) for one in demand.ids[unreachable[:NAMES_MAX]]),
        }
        found.append(one.model_copy(update=update))
    return tuple(found)


def _reached(times: TravelTimes, scenario: int) -> tuple[CountArray, CountArray]:
    """Return how many sites reach each demand point, and how many points each site reaches."""
    demand_count, site_count = times.shape
    per_point = np.zeros(demand_count, dtype=np.int64)
    per_site = np.zeros(site_count, dtype=np.int64)
    step = max(1, _CELLS // site_count)
    for start in range(0, demand_count, step):
        rows = slice(start, min(start + step, demand_count))
        finite = np.isfinite(times.block(scenario, rows))
        per_point[rows] = finite.sum(axis=1)
        per_site += finite.sum(axis=0)
    return per_point, per_site
