"""What each scenario asks for and takes away, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.places import DemandPoint, Site
from models.stockpiles.items import HOUSEHOLD, PERSON, Need
from models.stockpiles.scenarios import StockScenario
from optimizer.demand import DemandArrays, FloatArray
from optimizer.stockpiles.instance import BoolArray, IndexArray, Instance, upwards
from optimizer.travel import travel_times

NEVER = 127  # a band that no way arrives in


@dataclass(frozen=True, eq=False)
class Situation:
    """One scenario.

    ``need`` is due by the end of each band in all, not in the band alone. ``from_kits`` is the
    part of it that a block's kits meet where everybody has one. ``arrives`` is the first band by
    whose end a source can have delivered to a block, ``NEVER`` where it cannot. ``trip_s`` is how
    long a vehicle is away for a block, and behind them for a depot; empty without vehicles.
    """

    id: str
    need: FloatArray  # (block, item, band)
    from_kits: FloatArray  # (block, item, band)
    survives: FloatArray  # (source,)
    arrives: IndexArray  # (source, block)
    refills: IndexArray  # (source, depot)
    trip_s: FloatArray  # (source, block and depot)


@dataclass(frozen=True, eq=False)
class Situations:
    """The scenarios of one list, as situations of one instance."""

    instance: Instance
    scenarios: tuple[StockScenario, ...]
    _times: dict[int, FloatArray] = field(default_factory=dict, repr=False)
    _between: dict[int, FloatArray] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """Return how many scenarios there are."""
        return len(self.scenarios)

    @cached_property
    def probability(self) -> FloatArray:
        """Each scenario's share of the weights, (scenario,)."""
        weights = np.array([one.weight for one in self.scenarios])
        return np.asarray(weights / weights.sum())

    @cached_property
    def every(self) -> tuple[Situation, ...]:
        """All of them."""
        return tuple(self.one(s) for s in range(len(self)))

    def one(self, s: int) -> Situation:
        """Return scenario ``s`` as arrays."""
        scenario = self.scenarios[s]
        instance = self.instance
        shares = scenario.surviving_share
        need, kits = self._need(scenario)
        at_home = np.array([shares.get(block.id, 1.0) for block in instance.request.blocks])
        return Situation(
            id=scenario.id,
            need=need,
            from_kits=kits * at_home[:, None, None],
            survives=np.array([shares.get(one, 1.0) for one in instance.source_ids]),
            arrives=self._arrives(scenario),
            refills=self._refills(scenario),
            trip_s=self._trip_s(scenario),
        )

    def mean(self) -> Situation:
        """Return the one situation whose numbers are the means: what ignores chance plans for."""
        p = self.probability
        need = sum(weight * one.need for weight, one in zip(p, self.every, strict=True))
        kits = sum(weight * one.from_kits for weight, one in zip(p, self.every, strict=True))
        survives = sum(weight * one.survives for weight, one in zip(p, self.every, strict=True))
        usual = StockScenario(id="mean")
        return Situation(
            id="mean",
            need=np.asarray(need),
            from_kits=np.asarray(kits),
            survives=np.asarray(survives),
            arrives=self._arrives(usual),
            refills=self._refills(usual),
            trip_s=self._trip_s(usual),
        )

    def need_of_groups(self, s: int) -> FloatArray:
        """Return what each group of people needs by the deadline, (group, block, item)."""
        instance, scenario = self.instance, self.scenarios[s]
        affected, found = _by_block(scenario.affected, instance), []
        for group in range(len(instance.groups)):
            people = np.zeros_like(instance.people)
            people[:, group] = affected * instance.people[:, group]
            of_people, _ = self._driven(scenario, people)
            found.append(of_people[..., instance.deadline_band])
        return np.array(found)

    def _need(self, scenario: StockScenario) -> tuple[FloatArray, FloatArray]:
        instance = self.instance
        request = instance.request
        people = _by_block(scenario.affected, instance)[:, None] * instance.people
        of_people, of_others = self._driven(scenario, people)
        persons = people.sum(axis=1)
        kits = np.minimum(of_people, persons[:, None, None] * instance.kit[None, :, None])
        usable = 0.0 if request.households is None else request.households.usable_share
        return of_people + of_others, usable * kits

    def _driven(self, scenario: StockScenario, people: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what is due of people (block, group) and of all else, (block, item, band)."""
        instance = self.instance
        request = instance.request
        shape = (len(request.blocks), len(request.items), len(request.bands))
        of_people, of_others = np.zeros(shape), np.zeros(shape)
        for k, item in enumerate(request.items):
            for need in item.needs:
                due = _due(instance, need, scenario.duration_days)
                if need.driver in (PERSON, HOUSEHOLD):
                    of_people[:, k] += self._counted(need, people)[:, None] * due
                else:
                    counts = _by_block(scenario.counts.get(need.driver, {}), instance)
                    of_others[:, k] += counts[:, None] * due
        return of_people, of_others

    def _counted(self, need: Need, people: FloatArray) -> FloatArray:
        instance = self.instance
        if need.driver == HOUSEHOLD:
            size = np.array([one.people_per_household for one in instance.request.blocks])
            return np.asarray(people.sum(axis=1) / size)
        if need.group is None:
            return np.asarray(people.sum(axis=1))
        return np.asarray(people[:, instance.groups.index(need.group)])

    def travel_s(self, scenario: StockScenario) -> FloatArray:
        """Return travel times as the scenario makes them, (source, block); inf: no way."""
        instance = self.instance
        way = self._way(scenario)
        if way not in self._times:
            rows = slice(0, instance.travel.shape[0])
            self._times[way] = instance.travel.block(way, rows).T
        usual_s = self._times[way]
        return self._slowed(scenario, usual_s, self._inside_sources, self._inside_blocks)

    def approach_s(self, scenario: StockScenario, stands: tuple[Site, ...]) -> FloatArray:
        """Return travel times (place, source) to the sources from elsewhere, as slow as it is."""
        request = self.instance.request
        sources = tuple(_as_block(one.as_site()) for one in request.sources)
        demand = DemandArrays.from_request(sources, None)
        times = travel_times(request.travel, demand, stands, self.instance.store)
        usual_s = times.block(self._way(scenario), slice(0, len(sources))).T
        nowhere = np.zeros((len(self._area_places), len(stands)), dtype=np.bool_)
        # Nobody knows which areas it stands in: what is cut off by water is left to the day.
        open_ = scenario.model_copy(update={"cut_off": ()})
        return self._slowed(open_, usual_s, nowhere, self._inside_sources)

    def _arrives(self, scenario: StockScenario) -> IndexArray:
        instance = self.instance
        travel_s = self.travel_s(scenario)
        within = instance.area_links & (travel_s <= instance.reach_s[:, None])
        at_s = instance.ready_s[:, None] + travel_s + instance.hand_over_s[:, None]
        return _band_of(at_s, within, instance)

    def _refills(self, scenario: StockScenario) -> IndexArray:
        instance = self.instance
        depots = instance.depot_count
        tiers = instance.request.tiers
        allowed = np.zeros((len(instance.tier), depots), dtype=np.bool_)
        for n in range(depots):
            names = tiers[instance.tier[n]].refills
            allowed[n] = [tiers[instance.tier[m]].id in names and m != n for m in range(depots)]
        if len(instance.bands) == 1 or not allowed.any():
            return np.full(allowed.shape, NEVER, dtype=np.int64)
        travel_s = self._between_s(scenario)
        at_s = instance.ready_s[:, None] + travel_s + instance.hand_over_s[:, None]
        return _band_of(at_s, allowed, instance)

    def _between_s(self, scenario: StockScenario) -> FloatArray:
        """Return travel times from source to depot as the scenario makes them."""
        way = self._way(scenario)
        if way not in self._between:
            self._between[way] = _between_depots(self.instance, way)
        inside = self._inside_sources[:, : self.instance.depot_count]
        return self._slowed(scenario, self._between[way], self._inside_sources, inside)

    def _trip_s(self, scenario: StockScenario) -> FloatArray:
        """Return how long a vehicle of a source is away, (source, block and depot)."""
        instance = self.instance
        if not instance.has_vehicles:
            return np.zeros((len(instance.tier), 0))
        ways = [self.travel_s(scenario)]
        if any(one.refills for one in instance.request.tiers) and len(instance.bands) > 1:
            ways.append(self._between_s(scenario))
        each = instance.hand_over_s + instance.loading_s
        return np.asarray(2.0 * np.concatenate(ways, axis=1) + each[:, None])

    def _way(self, scenario: StockScenario) -> int:
        states = [one.id for one in self.instance.request.travel.scenarios]
        return 0 if scenario.travel_scenario is None else states.index(scenario.travel_scenario)

    def _slowed(
        self,
        scenario: StockScenario,
        usual_s: FloatArray,
        inside_from: BoolArray,
        inside_to: BoolArray,
    ) -> FloatArray:
        """Return travel times (from, to) as slow as the scenario makes them."""
        factor_from = np.ones(inside_from.shape[1])
        factor_to = np.ones(inside_to.shape[1])
        for name, factor in scenario.slower_by_area.items():
            a = self._area_places[name]
            factor_from[inside_from[a]] = np.maximum(factor_from[inside_from[a]], factor)
            factor_to[inside_to[a]] = np.maximum(factor_to[inside_to[a]], factor)
        travel_s = usual_s * scenario.slower
        travel_s = travel_s * np.maximum(factor_from[:, None], factor_to[None, :])
        for name in scenario.cut_off:
            a = self._area_places[name]
            travel_s[inside_from[a][:, None] != inside_to[a][None, :]] = np.inf
        return travel_s

    @cached_property
    def _area_places(self) -> dict[str, int]:
        return {one.id: n for n, one in enumerate(self.instance.request.areas)}

    @cached_property
    def _inside_blocks(self) -> BoolArray:
        return self._inside([one.area for one in self.instance.request.blocks])

    @cached_property
    def _inside_sources(self) -> BoolArray:
        request = self.instance.request
        return self._inside([one.area for one in request.sources])

    def _inside(self, areas: Sequence[str | None]) -> BoolArray:
        """Return (area, place): whether a place lies in an area or in a part of it."""
        parents = {one.id: one.parent for one in self.instance.request.areas}
        inside = np.zeros((len(parents), len(areas)), dtype=np.bool_)
        for n, area in enumerate(areas):
            inside[[self._area_places[one] for one in upwards(area, parents)], n] = True
        return inside


def _by_block(numbers: dict[str, float], instance: Instance) -> FloatArray:
    return np.array([numbers.get(block.id, 0.0) for block in instance.request.blocks])


def _due(instance: Instance, need: Need, duration_days: float) -> FloatArray:
    """Return how much of a need is due by the end of each band, (band,)."""
    if need.per_day:
        days = [min(duration_days, band.supply_days) for band in instance.bands]
        return need.quantity * np.array(days)
    return need.quantity * np.array([float(band.end_s >= need.from_s) for band in instance.bands])


def _band_of(at_s: FloatArray, allowed: BoolArray, instance: Instance) -> IndexArray:
    ends = np.array([band.end_s for band in instance.bands])
    # A second's fraction of rounding in a travel time does not make help late.
    band = np.searchsorted(ends, at_s - 1e-6)
    return np.where(allowed & (band < len(ends)), band, NEVER).astype(np.int64)


def _between_depots(instance: Instance, way: int) -> FloatArray:
    """Return travel times (source, depot) under one state of the roads."""
    request = instance.request
    depots = tuple(one.as_site() for one in request.depots)
    sources = tuple(_as_block(one.as_site()) for one in request.sources)
    demand = DemandArrays.from_request(sources, None)
    times = travel_times(request.travel, demand, depots, instance.store)
    return times.block(way, slice(0, len(sources)))


def _as_block(site: Site) -> DemandPoint:
    return DemandPoint(id=site.id, lat=site.lat, lon=site.lon, x_m=site.x_m, y_m=site.y_m)
