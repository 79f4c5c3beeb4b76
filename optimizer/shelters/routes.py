"""Along which roads people walk: for the map and for whoever leads them."""

import numpy as np

from models.roads import ByRoads
from models.shelters.plan import WalkRoute
from models.shelters.unfolding import doors
from optimizer.datasets import Store
from optimizer.shelters.instance import IndexArray, Instance, way_of
from optimizer.shelters.solution import Solution
from optimizer.travel.roads import Roads
from optimizer.travel.roads.paths import quickest_paths

_DIGITS = 6  # of degrees: a hand's breadth


def walk_routes(solution: Solution, store: Store | None) -> tuple[WalkRoute, ...]:
    """Return the way of every pair of block and site that somebody walks; none without roads."""
    instance = solution.instance
    request, travel = instance.request, instance.request.travel
    if not isinstance(travel, ByRoads):
        return ()
    arcs = instance.arcs
    walked = np.flatnonzero((solution.people > 0) & ~instance.fetched[arcs.unit])
    ways = np.array([way_of(request, s) for s in range(len(request.scenarios))])
    trips = np.column_stack(
        [
            ways[arcs.scenario[walked]],
            instance.unit_block[arcs.unit[walked]],
            arcs.site[walked],
        ]
    )
    trips = np.unique(trips, axis=0)
    roads = Roads.of(travel, instance.demand, doors(request)[0], store)
    found = []
    for way in np.unique(trips[:, 0]).tolist():
        mine = trips[trips[:, 0] == way]
        lines = quickest_paths(roads, way, _entered(instance, way, mine), mine[:, 1])
        for (_, block, site), line in zip(mine.tolist(), lines, strict=True):
            if line is not None:
                found.append(
                    WalkRoute(
                        travel_scenario=travel.scenarios[way].id,
                        block_id=request.blocks[block].id,
                        site_id=request.sites[site].id,
                        lon_lat=tuple(
                            (round(lon, _DIGITS), round(lat, _DIGITS))
                            for lon, lat in line[::-1].tolist()
                        ),
                    )
                )
    return tuple(found)


def _entered(instance: Instance, way: int, trips: IndexArray) -> IndexArray:
    """Return the entrance where each trip (way, block, site) ends: the nearest."""
    places, begins = doors(instance.request)
    ends = [*begins[1:], len(places)]
    walk_s = instance.travel.block(way, slice(0, len(instance.request.blocks)))
    found = []
    for _, block, site in trips.tolist():
        first, last = begins[instance.ground[site]], ends[instance.ground[site]]
        found.append(first + int(walk_s[block, first:last].argmin()))
    return np.array(found, dtype=np.int64)
