"""The request as arrays: sources (depots, then contracts), items, blocks, bands."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.stockpiles import StockRequest
from models.stockpiles.scenarios import Band
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.stockpiles.checks import check
from optimizer.travel import TravelTimes, travel_times

IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
DAYS_A_YEAR = 365.0


@dataclass(frozen=True, eq=False)
class Instance:
    """One request, its names replaced by places in arrays.

    A *source* is a depot or, behind them, a contract; a *holding* is a pair (source, item) in
    which the source may have some of the item. An *exchange* is a pair (item sent, item needed)
    with how many units of the first do for one of the second; a kit's with itself is its opening,
    which gives all that it contains.
    """

    request: StockRequest
    demand: DemandArrays
    travel: TravelTimes  # (block, source)
    store: Store | None  # of the roads, for other ways
    people: FloatArray  # (block, group)
    groups: tuple[str, ...]
    tier: IndexArray  # (source,)
    ready_s: FloatArray  # (source,) from the alarm until it can send
    hand_over_s: FloatArray  # (source,)
    reach_s: FloatArray  # (source,) longest travel
    carried: FloatArray  # (source, 2) kilograms and m3 of all its vehicles, inf: no limit
    loading_s: FloatArray  # (source,) of a vehicle
    area_links: BoolArray  # (source, block) whether its tier lets it serve the block
    holding: IndexArray  # (source, item) place among the holdings, -1 where it may hold none
    holding_source: IndexArray  # (holding,)
    holding_item: IndexArray
    existing: FloatArray  # (holding,) sure and not expired
    room: FloatArray  # (holding,) most it may hold
    exchange_sent: IndexArray  # (exchange,)
    exchange_needed: IndexArray
    exchange_rate: FloatArray
    gives: FloatArray  # (exchange, item) units of each item needed that one of a flow does for
    weight: FloatArray  # (item,)
    volume_m3: FloatArray
    weight_kg: FloatArray
    price: FloatArray
    life_years: FloatArray  # inf where it does not expire
    kit: FloatArray  # (item,) in one person's kit
    kit_free: FloatArray  # (block,) share of people
    kit_most: FloatArray

    @classmethod
    def from_request(cls, request: StockRequest, store: Store | None) -> Self:
        """Return the arrays of ``request``.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        faults = check(request)
        if faults:
            raise InputError(faults)
        demand = DemandArrays.from_request(request.blocks, store)
        sources = request.sources
        sites = tuple(one.as_site() for one in sources)
        tiers = [one.id for one in request.tiers]
        tier = np.array([tiers.index(one.tier) for one in sources], dtype=np.int64)
        groups = tuple(sorted(demand.weights))
        holding = _holdings(request)
        holders, held = np.nonzero(holding >= 0)
        free, most = _kit_shares(request)
        exchanges = _exchanges(request)
        return cls(
            request=request,
            demand=demand,
            travel=travel_times(request.travel, demand, sites, store),
            store=store,
            people=np.array([demand.weights[one] for one in groups]).T,
            groups=groups,
            tier=tier,
            ready_s=_ready_s(request),
            hand_over_s=np.array([request.tiers[t].hand_over_s for t in tier]),
            reach_s=np.array(
                [
                    np.inf if (limit := request.tiers[t].reach_s) is None else limit
                    for t in tier[: len(request.depots)]
                ]
                + [np.inf] * len(request.contracts)
            ),
            carried=_carried(request),
            loading_s=np.array(
                [0.0 if (own := one.vehicles) is None else own.loading_s for one in request.depots]
                + [0.0] * len(request.contracts)
            ),
            area_links=_area_links(request),
            holding=holding,
            holding_source=holders.astype(np.int64),
            holding_item=held.astype(np.int64),
            existing=_existing(request, holding),
            room=_room(request, holders, held),
            exchange_sent=exchanges[0].astype(np.int64),
            exchange_needed=exchanges[1].astype(np.int64),
            exchange_rate=exchanges[2],
            gives=_gives(request, exchanges[1]),
            weight=np.array([one.weight for one in request.items]),
            volume_m3=np.array([one.volume_m3 for one in request.items]),
            weight_kg=np.array([one.weight_kg for one in request.items]),
            price=np.array([one.price for one in request.items]),
            life_years=np.array([_life_years(request, k) for k in range(len(request.items))]),
            kit=_kit(request),
            kit_free=free,
            kit_most=most,
        )

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of time, in their order."""
        return self.request.bands

    @property
    def deadline_band(self) -> int:
        """The band whose end cover is measured at: the last that ends by the deadline."""
        ends = [band.end_s for band in self.bands]
        within = [n for n, end in enumerate(ends) if end <= self.request.deadline_s]
        return within[-1] if within else 0

    @cached_property
    def has_kits(self) -> bool:
        """Whether some item contains others."""
        return any(one.contents for one in self.request.items)

    @property
    def singly(self) -> bool:
        """Whether each block must be served by itself: where alike ways do not make them alike."""
        return self.has_kits or self.has_vehicles

    @cached_property
    def has_vehicles(self) -> bool:
        """Whether some depot's vehicles limit what it sends."""
        return bool(np.isfinite(self.carried).any())

    @cached_property
    def worth(self) -> FloatArray:
        """What a unit of each exchange's flow counts where all of it is missing, (exchange,)."""
        return np.asarray(self.gives @ self.weight)

    def parts(self, exchange: IndexArray) -> tuple[IndexArray, IndexArray, FloatArray]:
        """Return what a list of flows gives: each part's place in the list, item and units."""
        of, item = self._given
        count = np.bincount(of, minlength=len(self.gives))
        own = count[exchange]
        place = np.repeat(np.arange(len(exchange)), own)
        behind = np.arange(len(place)) - (np.cumsum(own) - own)[place]
        part = (np.cumsum(count) - count)[exchange[place]] + behind
        return place, item[part], self.gives[exchange[place], item[part]]

    @cached_property
    def _given(self) -> tuple[IndexArray, IndexArray]:
        of, item = np.nonzero(self.gives)
        return of.astype(np.int64), item.astype(np.int64)

    @property
    def depot_count(self) -> int:
        """How many of the sources are depots."""
        return len(self.request.depots)

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The names of the sources."""
        return tuple(one.id for one in self.request.sources)


def upwards(area: str | None, parents: dict[str, str | None]) -> list[str]:
    """Return an area and all around it, the smallest first."""
    found = []
    while area is not None:
        found.append(area)
        area = parents.get(area)
    return found


def areas_at(request: StockRequest, level: str) -> tuple[tuple[str, ...], IndexArray]:
    """Return the areas of a level, and for each block its place among them, -1 without one."""
    if level == "block":
        ids = tuple(block.id for block in request.blocks)
        return ids, np.arange(len(ids), dtype=np.int64)
    parents = {one.id: one.parent for one in request.areas}
    ids = tuple(one.id for one in request.areas if one.level == level)
    places = {name: n for n, name in enumerate(ids)}
    found = [
        next((places[one] for one in upwards(block.area, parents) if one in places), -1)
        for block in request.blocks
    ]
    return ids, np.array(found, dtype=np.int64)


def residents(request: StockRequest, area: str | None = None) -> float:
    """Return the residents of an area, or of the whole request."""
    parents = {one.id: one.parent for one in request.areas}
    return sum(
        people
        for block in request.blocks
        if area is None or area in upwards(block.area, parents)
        for group, people in block.weights.items()
        if request.residents is None or group in request.residents
    )


def _holdings(request: StockRequest) -> IndexArray:
    items = [one.id for one in request.items]
    tiers = {one.id: one for one in request.tiers}
    allowed = np.zeros((len(request.depots) + len(request.contracts), len(items)), dtype=np.bool_)
    for n, depot in enumerate(request.depots):
        may = tiers[depot.tier].may_hold
        for k, item in enumerate(request.items):
            fits = set(item.conditions) <= set(depot.conditions)
            allowed[n, k] = fits and (may is None or item.id in may)
    for m, contract in enumerate(request.contracts):
        allowed[len(request.depots) + m, items.index(contract.item_id)] = True
    places = np.full(allowed.shape, -1, dtype=np.int64)
    places[allowed] = np.arange(int(allowed.sum()))
    return places


def _existing(request: StockRequest, holding: IndexArray) -> FloatArray:
    items = {one.id: k for k, one in enumerate(request.items)}
    depots = {one.id: n for n, one in enumerate(request.depots)}
    found = np.zeros(int(holding.max(initial=-1)) + 1)
    for lot in request.lots:
        item = request.items[items[lot.item_id]]
        at = holding[depots[lot.depot_id], items[lot.item_id]]
        expires = lot.first_expiry
        unknown = expires is None and item.shelf_life_days is not None
        gone = expires is not None and request.as_of is not None and expires <= request.as_of
        if at >= 0 and not unknown and not gone:
            found[at] += lot.sure_quantity
    return found


def _room(request: StockRequest, holders: IndexArray, held: IndexArray) -> FloatArray:
    room = []
    for n, k in zip(holders.tolist(), held.tolist(), strict=True):
        if n < len(request.depots):
            room.append(request.depots[n].room.get(request.items[k].id, np.inf))
        else:
            room.append(request.contracts[n - len(request.depots)].most)
    return np.array(room, dtype=np.float64)


def _carried(request: StockRequest) -> FloatArray:
    found = np.full((len(request.sources), 2), np.inf)
    for n, depot in enumerate(request.depots):
        own = depot.vehicles
        for m, load in enumerate(() if own is None else (own.load_kg, own.load_m3)):
            if own is not None and load is not None:
                found[n, m] = own.count * load
    return found


def _ready_s(request: StockRequest) -> FloatArray:
    tiers = {one.id: one for one in request.tiers}
    depots = [one.open_s + tiers[one.tier].dispatch_s for one in request.depots]
    return np.array([*depots, *(one.lead_time_s for one in request.contracts)], dtype=np.float64)


def _area_links(request: StockRequest) -> BoolArray:
    parents = {one.id: one.parent for one in request.areas}
    own = {one.id for one in request.tiers if one.serves == "own_area"}
    inside = [set(upwards(block.area, parents)) for block in request.blocks]
    links = np.ones(
        (len(request.depots) + len(request.contracts), len(request.blocks)), dtype=np.bool_
    )
    for n, depot in enumerate(request.depots):
        if depot.tier in own:
            links[n] = [depot.area in areas for areas in inside]
    return links


def _exchanges(request: StockRequest) -> tuple[IndexArray, IndexArray, FloatArray]:
    items = {one.id: k for k, one in enumerate(request.items)}
    found = [(k, k, 1.0) for k in range(len(items))]
    found += [
        (items[other], k, rate)
        for k, item in enumerate(request.items)
        for other, rate in item.substitutes.items()
    ]
    sent, needed, rate = zip(*found, strict=True)
    return np.array(sent), np.array(needed), np.array(rate, dtype=np.float64)


def _gives(request: StockRequest, needed: IndexArray) -> FloatArray:
    """Return (exchange, item): one of the item needed, or what the kit that is opened contains."""
    items = {one.id: k for k, one in enumerate(request.items)}
    gives = np.zeros((len(needed), len(items)))
    gives[np.arange(len(needed)), needed] = 1.0
    for k, item in enumerate(request.items):  # the first exchanges are of items with themselves
        if item.contents:
            gives[k] = 0.0
            gives[k, [items[name] for name in item.contents]] = list(item.contents.values())
    return gives


def _life_years(request: StockRequest, k: int) -> float:
    item = request.items[k]
    lives = [one for one in (item.shelf_life_days, item.service_life_days) if one is not None]
    return min(lives) / DAYS_A_YEAR if lives else np.inf


def _kit(request: StockRequest) -> FloatArray:
    households = request.households
    holds = {} if households is None else households.kit
    return np.array([holds.get(one.id, 0.0) for one in request.items])


def _kit_shares(request: StockRequest) -> tuple[FloatArray, FloatArray]:
    households = request.households
    if households is None:
        return np.zeros(len(request.blocks)), np.zeros(len(request.blocks))
    by_block = households.free_share_by_block
    free = np.array([by_block.get(one.id, households.free_share) for one in request.blocks])
    return free, np.maximum(free, households.share_max)
