"""The request as the verifier reads it: what is due, what is there, who can be where when."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.stockpiles import StockRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.nodes import Contract, Depot, StockBlock
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.travel import TravelTimes, travel_times


@dataclass(frozen=True, eq=False)
class Question:
    """A request with its names resolved and its travel times at hand."""

    request: StockRequest
    times: TravelTimes
    store: Store | None  # of the roads, nothing cached

    @classmethod
    def read(cls, request: StockRequest, store: Store | None) -> "Question":
        """Return the question of ``request``."""
        store = None if store is None else store.uncached
        demand = DemandArrays.from_request(request.blocks, store)
        places = tuple(one.as_site() for one in request.sources)
        return cls(request, travel_times(request.travel, demand, places, store), store)

    @cached_property
    def tiers(self) -> Mapping[str, Tier]:
        """Tiers by id."""
        return {one.id: one for one in self.request.tiers}

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Items by id."""
        return {one.id: one for one in self.request.items}

    @cached_property
    def depots(self) -> Mapping[str, Depot]:
        """Depots by id."""
        return {one.id: one for one in self.request.depots}

    @cached_property
    def sources(self) -> tuple[Depot | Contract, ...]:
        """Depots, then contracts, as deliveries count them."""
        return self.request.sources

    @cached_property
    def scenarios(self) -> Mapping[str, StockScenario]:
        """Scenarios by id."""
        return {one.id: one for one in self.request.scenarios}

    @cached_property
    def probability(self) -> Mapping[str, float]:
        """Each scenario's probability."""
        total = sum(one.weight for one in self.request.scenarios)
        return {one.id: one.weight / total for one in self.request.scenarios}

    @cached_property
    def deadline_band(self) -> int:
        """The last band that ends by the deadline, or the first."""
        within = [
            n for n, one in enumerate(self.request.bands) if one.end_s <= self.request.deadline_s
        ]
        return max(within, default=0)

    def around(self, area: str | None) -> list[str]:
        """Return an area and those it lies in."""
        parents = {one.id: one.parent for one in self.request.areas}
        found: list[str] = []
        while area is not None:
            found.append(area)
            area = parents[area]
        return found

    @cached_property
    def block_areas(self) -> list[set[str]]:
        """The areas each block lies in."""
        return [set(self.around(block.area)) for block in self.request.blocks]

    @cached_property
    def source_areas(self) -> list[set[str]]:
        """The areas each source lies in."""
        return [set(self.around(one.area)) for one in self.sources]

    def residents(self, area: str | None) -> float:
        """Return the residents of an area, or of all."""
        named = self.request.residents
        total = 0.0
        for block, areas in zip(self.request.blocks, self.block_areas, strict=True):
            if area is None or area in areas:
                total += sum(
                    people for group, people in block.weights.items() if not named or group in named
                )
        return total

    def existing(self, depot: str, item: str) -> float:
        """Return what is surely there of an item and has not expired."""
        total = 0.0
        for lot in self.request.lots:
            if (lot.depot_id, lot.item_id) != (depot, item):
                continue
            day = lot.first_expiry
            if day is None and self.items[item].shelf_life_days is not None:
                continue
            if day is None or self.request.as_of is None or day > self.request.as_of:
                total += lot.sure_quantity
        return total

    def due(self, scenario: StockScenario) -> tuple[FloatArray, FloatArray]:
        """Return what is due and what a kit for everybody gives, (block, item, band)."""
        request = self.request
        shape = (len(request.blocks), len(request.items), len(request.bands))
        due, of_people, kits = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        home = request.households
        for j, block in enumerate(request.blocks):
            people = scenario.affected.get(block.id, 0.0) * sum(block.weights.values())
            left = scenario.surviving_share.get(block.id, 1.0)
            for k, item in enumerate(request.items):
                for need in item.needs:
                    count = self._count(need, block, scenario)
                    amounts = self._amounts(need, scenario.duration_days)
                    due[j, k] += count * need.quantity * amounts
                    if need.driver in ("person", "household"):
                        of_people[j, k] += count * need.quantity * amounts
                if home is not None:
                    held = people * home.kit.get(item.id, 0.0)
                    kits[j, k] = left * home.usable_share * np.minimum(of_people[j, k], held)
        return due, kits

    def due_of(self, scenario: StockScenario, group: str) -> dict[tuple[int, int], float]:
        """Return what a group needs by the deadline, by block and item."""
        found: dict[tuple[int, int], float] = {}
        for j, block in enumerate(self.request.blocks):
            people = scenario.affected.get(block.id, 0.0) * block.weights.get(group, 0.0)
            for k, item in enumerate(self.request.items):
                for need in item.needs:
                    amount = self._amounts(need, scenario.duration_days)[self.deadline_band]
                    if need.driver == "household":
                        count = people / block.people_per_household
                    else:
                        mine = need.driver == "person" and need.group in (None, group)
                        count = people if mine else 0.0
                    if count * amount > 0:
                        key = j, k
                        found[key] = found.get(key, 0.0) + count * need.quantity * float(amount)
        return found

    def _count(self, need: Need, block: StockBlock, scenario: StockScenario) -> float:
        """Return how many units of a need's driver a scenario has in a block."""
        share = scenario.affected.get(block.id, 0.0)
        if need.driver == "person":
            if need.group is not None:
                return share * block.weights.get(need.group, 0.0)
            return share * sum(block.weights.values())
        if need.driver == "household":
            return share * sum(block.weights.values()) / block.people_per_household
        return scenario.counts.get(need.driver, {}).get(block.id, 0.0)

    def _amounts(self, need: Need, days: float) -> FloatArray:
        """Return how often a need is due by the end of each band."""
        bands = self.request.bands
        if need.per_day:
            return np.array([min(days, band.supply_days) for band in bands])
        return np.array([1.0 if band.end_s >= need.from_s else 0.0 for band in bands])

    def ready_s(self, n: int) -> float:
        """Return how long after the alarm a source can send."""
        one = self.sources[n]
        if isinstance(one, Contract):
            return one.lead_time_s
        return one.open_s + self.tiers[one.tier].dispatch_s

    def travel_s(self, scenario: StockScenario, n: int, j: int) -> float:
        """Return how long a source's vehicles take to a block."""
        usual = float(self._way(self._state(scenario))[j, n])
        return self._slowed(scenario, usual, self.source_areas[n], self.block_areas[j])

    def _state(self, scenario: StockScenario) -> int:
        """Return which state the roads are in."""
        states = [one.id for one in self.request.travel.scenarios]
        return 0 if scenario.travel_scenario is None else states.index(scenario.travel_scenario)

    def _slowed(
        self, scenario: StockScenario, usual_s: float, start: set[str], end: set[str]
    ) -> float:
        if any((area in start) != (area in end) for area in scenario.cut_off):
            return float("inf")
        factors = [f for area, f in scenario.slower_by_area.items() if area in start or area in end]
        return usual_s * scenario.slower * max([1.0, *factors])

    @cached_property
    def _ways(self) -> dict[int, FloatArray]:
        return {}

    def _way(self, way: int) -> FloatArray:
        if way not in self._ways:
            self._ways[way] = self.times.block(way, slice(0, len(self.request.blocks)))
        return self._ways[way]

    def arrives_s(self, scenario: StockScenario, n: int, j: int) -> float:
        """Return when a block can have what a source sends; infinite where the tier may not."""
        one = self.sources[n]
        tier = self.tiers[one.tier]
        travel = self.travel_s(scenario, n, j)
        if isinstance(one, Depot):
            if tier.serves == "own_area" and one.area not in self.block_areas[j]:
                return float("inf")
            if tier.reach_s is not None and travel > tier.reach_s:
                return float("inf")
        return self.ready_s(n) + travel + tier.hand_over_s

    def refilled_s(self, scenario: StockScenario, n: int, m: int) -> float:
        """Return when a depot can have what a source sends it."""
        start, end = self.sources[n], self.request.depots[m]
        tier = self.tiers[start.tier]
        if isinstance(start, Contract) or end.tier not in tier.refills or n == m:
            return float("inf")
        return self.ready_s(n) + self.between_s(scenario, n, m) + tier.hand_over_s

    def between_s(self, scenario: StockScenario, n: int, m: int) -> float:
        """Return how long one depot's vehicles take to another."""
        usual = float(self._between[self._state(scenario)][n, m])
        return self._slowed(scenario, usual, self.source_areas[n], self.source_areas[m])

    @cached_property
    def _between(self) -> list[FloatArray]:
        """Travel times from depot to depot in each state of the roads."""
        request = self.request
        depots = tuple(one.as_site() for one in request.depots)
        points = tuple(
            request.blocks[0].model_copy(
                update={
                    "id": one.id,
                    "lat": one.lat,
                    "lon": one.lon,
                    "x_m": one.x_m,
                    "y_m": one.y_m,
                }
            )
            for one in depots
        )
        starts = DemandArrays.from_request(points, None)
        times = travel_times(request.travel, starts, depots, self.store)
        states = range(len(request.travel.scenarios))
        return [times.block(way, slice(0, len(depots))) for way in states]
