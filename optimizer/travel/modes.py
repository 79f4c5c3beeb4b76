"""Travel times where each column travels in a way of its own: by road, by boat, on foot."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.geometry import LineString
from models.places import DemandPoint, Place, Site
from models.roads import ByRoads, ScenarioTravel, TravelReport
from models.travel import ByMatrix, Travel
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.travel import travel_times
from optimizer.travel.distance import positions_of
from optimizer.travel.laws import travel_time
from optimizer.travel.matrix import scenario_matrix
from optimizer.travel.report import travel_report
from optimizer.travel.roads import Roads
from optimizer.travel.roads.holding import still_hold
from optimizer.travel.roads.ways import ways


def mode_times(
    travels: Sequence[Travel],
    mode: NDArray[np.intp],
    rows: Sequence[Place],
    columns: Sequence[Place],
    store: Store | None,
) -> FloatArray:
    """Return the matrix (row, column) of seconds from each column to each row, inf without a way.

    ``mode[j]`` says which of ``travels`` column ``j`` goes by; of each the first scenario counts.
    A matrix has all columns, whatever their mode. Places need coordinates unless there is one.
    """
    times = np.full((len(rows), len(columns)), np.inf)
    if not rows:
        return times
    for index, travel in enumerate(travels):
        at = np.flatnonzero(mode == index)
        if len(at) == len(columns):
            return _times(travel, rows, columns, at, store)
        if len(at):
            times[:, at] = _times(travel, rows, columns, at, store)
    return times


def pair_times(
    travels: Sequence[Travel],
    mode: NDArray[np.intp],
    pairs: tuple[Sequence[Place], Sequence[Place]],
    among: tuple[Sequence[Place], Sequence[Place]],
    store: Store | None,
) -> FloatArray:
    """Return the seconds of some pairs (row, column) of `mode_times` alone (pair,).

    ``mode`` (pair,) says how each column of ``pairs`` travels; ``among`` are all rows and columns,
    of which a matrix or a road network is asked.
    """
    rows, columns = pairs
    times = np.full(len(rows), np.inf)
    for index, travel in enumerate(travels):
        at = np.flatnonzero(mode == index).tolist()
        if not at:
            continue
        if isinstance(travel, ByMatrix | ByRoads):
            row_at = {id(one): i for i, one in enumerate(among[0])}
            column_at = {id(one): j for j, one in enumerate(among[1])}
            own = np.array([column_at[id(columns[n])] for n in at], dtype=np.intp)
            used, place = np.unique(own, return_inverse=True)
            table = _times(travel, *among, used, store)
            times[at] = table[[row_at[id(rows[n])] for n in at], place]
            continue
        begin, end = positions_of([columns[n] for n in at]), positions_of([rows[n] for n in at])
        apart_m = end.apart_m(begin) * travel.detour_factor
        times[at] = travel_time(travel.scenarios[0].law, apart_m)
    return times


def _times(
    travel: Travel,
    rows: Sequence[Place],
    columns: Sequence[Place],
    at: NDArray[np.intp],
    store: Store | None,
) -> FloatArray:
    if isinstance(travel, ByMatrix):
        shape = (len(rows), len(columns))
        return scenario_matrix(travel.scenarios[0].travel_time_s, shape, store, 0)[:, at]
    moving = [columns[j] for j in at]
    if isinstance(travel, ByRoads):
        demand, sites = _ends(rows, moving, store)
        return travel_times(travel, demand, sites, store).block(0, slice(None))
    distance_m = positions_of(rows).distances_m(positions_of(moving))
    distance_m *= travel.detour_factor
    return travel_time(travel.scenarios[0].law, distance_m)


def mode_report(
    travels: Sequence[Travel],
    mode: NDArray[np.intp],
    rows: Sequence[Place],
    columns: Sequence[Place],
    store: Store | None,
) -> TravelReport | None:
    """Return what the times rest on that most columns go by, roads before any other.

    Places are named by their ids; None where nobody goes anywhere.
    """
    used = [k for k in range(len(travels)) if (mode == k).any()]
    if not used or not rows:
        return None
    most = max(used, key=lambda k: (isinstance(travels[k], ByRoads), int((mode == k).sum())))
    travel = travels[most]
    if isinstance(travel, ByMatrix):
        known = travel.rests_on or TravelReport(method="matrix")
        return known.model_copy(update={"source": travel.source or known.source})
    if not isinstance(travel, ByRoads):
        scenario = ScenarioTravel(scenario_id=travel.scenarios[0].id)
        return TravelReport(method="straight_line", scenarios=(scenario,))
    demand, sites = _ends(rows, [columns[j] for j in np.flatnonzero(mode == most).tolist()], store)
    times = travel_times(travel, demand, sites, store)
    return travel_report(travel, times, (demand, sites), store)


def mode_holds(
    travels: tuple[Sequence[Travel], Sequence[Travel]],
    mode: NDArray[np.intp],
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    among: tuple[Sequence[Place], Sequence[Place]],
    store: Store | None,
) -> NDArray[np.bool_]:
    """Return which pairs (row, column) of ``among`` surely take as long after as before (pair,).

    ``travels`` are those before and after something changed, of which only roads are looked at;
    ``mode`` is of the columns, as in `mode_times`.
    """
    (row, column), (rows, columns) = pairs, among
    found = np.ones(len(row), dtype=np.bool_)
    for index, (travel, later) in enumerate(zip(*travels, strict=True)):
        trips = np.flatnonzero(mode[column] == index)
        if not len(trips) or travel == later:
            continue
        if not isinstance(travel, ByRoads) or not isinstance(later, ByRoads):
            found[trips] = False
            continue
        moving = np.flatnonzero(mode == index)
        time_s = _times(travel, rows, columns, moving, store)
        ends, site = np.unique(column[trips], return_inverse=True)
        points, point = np.unique(row[trips], return_inverse=True)
        demand, sites = _ends([rows[i] for i in points], [columns[j] for j in ends], store)
        roads = Roads.of(travel, demand, sites, store)
        known_s = time_s[row[trips], np.searchsorted(moving, column[trips])]
        found[trips] = still_hold(roads, roads.travelled(later), (site, point), known_s)
    return found


def mode_ways(
    travels: Sequence[Travel],
    mode: NDArray[np.intp],
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    among: tuple[Sequence[Place], Sequence[Place]],
    store: Store | None,
) -> list[LineString | None]:
    """Return the line that each pair (row, column) of ``among`` travels; None without roads.

    ``mode`` is of the columns, as in `mode_times`.
    """
    (row, column), (rows, columns) = pairs, among
    found: list[LineString | None] = [None] * len(row)
    for index, travel in enumerate(travels):
        trips = np.flatnonzero(mode[column] == index)
        if not isinstance(travel, ByRoads) or not len(trips):
            continue
        used, site = np.unique(column[trips], return_inverse=True)
        ends, point = np.unique(row[trips], return_inverse=True)
        demand, sites = _ends([rows[i] for i in ends], [columns[j] for j in used], store)
        roads = Roads.of(travel, demand, sites, store)
        for trip, line in zip(trips.tolist(), ways(roads, 0, site, point), strict=True):
            found[trip] = line
    return found


def _ends(
    rows: Sequence[Place], columns: Sequence[Place], store: Store | None
) -> tuple[DemandArrays, tuple[Site, ...]]:
    """Return places as the roads know them."""
    points = tuple(DemandPoint(id=_id(one, i), **_position(one)) for i, one in enumerate(rows))
    sites = tuple(Site(id=_id(one, j), **_position(one)) for j, one in enumerate(columns))
    return DemandArrays.from_request(points, store), sites


def _id(place: Place, number: int) -> str:
    return str(getattr(place, "id", number))


def _position(place: Place) -> dict[str, float | None]:
    return {"lat": place.lat, "lon": place.lon, "x_m": place.x_m, "y_m": place.y_m}
