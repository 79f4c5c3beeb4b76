"""Travel over roads: shortest times from sites to demand points, scenario by scenario.

Profile and scenario give each edge its time in each direction (`speeds`), closures take edges
out or slow them (`closures`), places are joined to the nearest usable road (`snapping`), and
shortest paths are searched from the sites up to a cut-off, and mended where only roads were closed
(`shortest`, in machine code: `search`). No turn costs.
"""

from scipy.sparse import csr_array

from models.places import Site
from models.roads import ByRoads
from optimizer.cache import Cache
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.travel.roads import cache
from optimizer.travel.roads.anew import Known, dense, found_anew, stored
from optimizer.travel.roads.classes import check_classes, names_classes
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.situation import Roads as Roads
from optimizer.travel.roads.situation import demand_places, site_places
from optimizer.travel.roads.speeds import ACCESS_M_S as ACCESS_M_S
from optimizer.travel.roads.speeds import SPEEDS_M_S as SPEEDS_M_S
from optimizer.travel.roads.speeds import WALKING_M_S as WALKING_M_S
from optimizer.travel.roads.times import sparse_times

_KNOWN_CELLS = 1_000_000  # pairs of places, at most, that are worth keeping to be added to
_SEARCHES_EACH_TIME = 8  # a few places more are searched again; with more, what is known is kept


def road_times(
    travel: ByRoads, demand: DemandArrays, sites: tuple[Site, ...], store: Store | None
) -> tuple[csr_array, ...]:
    """Return the times (demand, site) of every scenario; what is not stored is unreachable.

    They are kept in the store's cache, and taken from it where they are there already.

    Raises
    ------
    InputError
        The network cannot be used, has not a class of road that is named, or places have no
        ``lat`` and ``lon``.
    """
    if names_classes(travel):
        check_classes(travel, Network.load(travel.network.sha256, store))
    name = cache.key(travel, demand_places(demand), site_places(sites))
    shape = (len(demand), len(sites))
    own = Cache.of(store)
    if own is not None and store is not None and store.path(travel.network.sha256).exists():
        found = cache.kept(own, name, shape=shape, count=len(travel.scenarios))
        if found is not None:
            return found
    times = _searched(travel, demand, sites, store, own)
    if own is not None:
        cache.keep(own, name, times)
    return times


def _searched(
    travel: ByRoads,
    demand: DemandArrays,
    sites: tuple[Site, ...],
    store: Store | None,
    own: Cache | None,
) -> tuple[csr_array, ...]:
    """Return the times of every scenario; of one, what is known already is not searched."""
    roads = Roads.of(travel, demand, sites, store)
    if len(travel.scenarios) > 1 or len(demand) * len(sites) > _KNOWN_CELLS:
        return sparse_times(roads)
    places, name = (demand_places(demand), site_places(sites)), cache.key_of_known(travel)
    known = None if own is None else Known.of(own.load(name))
    found = found_anew(roads, places, known)
    (times,) = sparse_times(roads) if found is None else (stored(found.time_s),)
    if own is not None and (found is None or found.searches > _SEARCHES_EACH_TIME):
        own.keep(name, vars(Known(*places, dense(times))))
    return (times,)
