"""The request as arrays: units (a group of a block), arcs (a unit may go to a site)."""

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.shelters import ShelterRequest
from models.shelters.objectives import Unsuitability, Walk
from models.shelters.places import PeopleGroup
from models.shelters.scenarios import ShelterScenario
from models.shelters.unfolding import doors, grounds, unfolded
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.shelters.checks import check
from optimizer.shelters.hazards import surviving_shares
from optimizer.shelters.shuttles import Rides, Shuttles
from optimizer.travel import TravelTimes, travel_times

IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Arcs:
    """Who may go where: one entry per (scenario, unit, site) within walk, or a ride, and rights.

    Who is fetched walks no metre.
    """

    scenario: IndexArray  # (arc,)
    unit: IndexArray
    site: IndexArray
    walk_m: FloatArray
    m2: FloatArray  # each person needs

    def __len__(self) -> int:
        """Return the number of arcs."""
        return len(self.unit)

    def taken(self, chosen: BoolArray) -> "Arcs":
        """Return some of the arcs."""
        return Arcs(*(getattr(self, one.name)[chosen] for one in fields(self)))


@dataclass(frozen=True, eq=False)
class Instance:
    """One request, its names replaced by places in arrays."""

    request: ShelterRequest
    demand: DemandArrays
    travel: TravelTimes
    probability: FloatArray  # (scenario,)
    groups: tuple[PeopleGroup, ...]
    unit_block: IndexArray  # (unit,)
    unit_group: IndexArray
    leaving: FloatArray  # (scenario, unit) people
    effective_m2: FloatArray  # (site,)
    gross_m2: FloatArray
    capacity_m2: FloatArray  # (scenario, site)
    existing: BoolArray  # (site,)
    ground: IndexArray  # (site,) the place it stands on: classes of one site share it
    open_cost: FloatArray
    arcs: Arcs
    rides: Rides | None
    shuttles: Shuttles
    _walks: dict[int, FloatArray] = field(default_factory=dict, repr=False)

    @classmethod
    def from_request(cls, request: ShelterRequest, store: Store | None) -> Self:
        """Return the arrays of ``request``.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        faults = check(request)
        if faults:
            raise InputError(faults)
        request = unfolded(request)
        demand = DemandArrays.from_request(request.blocks, store)
        ground = grounds(request)[1]
        times = travel_times(request.travel, demand, doors(request)[0], store)
        groups = groups_of(request, demand)
        night, day = (_counts(request, groups, by_day=by_day) for by_day in (False, True))
        unit_group, unit_block = np.nonzero((night > 0) | (day > 0))
        effective = np.array([_effective_m2(request, j) for j in range(len(ground))])
        survives = surviving_shares(request)
        rides = Rides.from_request(request, demand, store)
        part = _Parts(request, times, rides, groups, unit_block, unit_group, effective * survives)
        leaving = np.array(
            [
                _leaving(request, s, groups, day if scenario.by_day else night)[
                    unit_group, unit_block
                ]
                for s, scenario in enumerate(request.scenarios)
            ]
        )
        arcs = part.arcs(leaving)
        weights = np.array([one.weight for one in request.scenarios])
        return cls(
            request=request,
            demand=demand,
            travel=times,
            probability=weights / weights.sum(),
            groups=groups,
            unit_block=unit_block,
            unit_group=unit_group,
            leaving=leaving,
            effective_m2=effective,
            gross_m2=np.array(
                [
                    one.gross_area_m2 if one.gross_area_m2 is not None else effective[j]
                    for j, one in enumerate(request.sites)
                ]
            ),
            capacity_m2=effective * survives,
            existing=np.array([site.existing for site in request.sites], dtype=np.bool_),
            ground=np.array(ground),
            open_cost=np.array(
                [0.0 if site.existing else site.open_cost for site in request.sites]
            ),
            arcs=arcs,
            rides=rides,
            shuttles=part.shuttles(arcs),
        )

    @cached_property
    def residents(self) -> FloatArray:
        """The people whom area targets count, by block."""
        names = self.request.residents or tuple(self.demand.weights)
        total: FloatArray = sum(
            (self.demand.weights[name] for name in names), np.zeros(len(self.demand))
        )
        twice = [b.listed is not None and b.listed.within is not None for b in self.request.blocks]
        return np.where(twice, 0.0, total)

    @cached_property
    def standing(self) -> BoolArray:
        """Which sites stand where a shelter exists already, as it is or as another class."""
        found: BoolArray = np.isin(self.ground, self.ground[self.existing])
        return found

    @cached_property
    def alone(self) -> BoolArray:
        """Which sites share their ground with no other class."""
        found: BoolArray = np.bincount(self.ground)[self.ground] == 1
        return found

    @cached_property
    def fetched(self) -> BoolArray:
        """Which units are fetched, and do not walk."""
        found: BoolArray = np.array([one.fetched for one in self.groups])[self.unit_group]
        return found

    def counted(self, objective: Walk | Unsuitability) -> FloatArray:
        """Return what a person on each arc adds to an objective, expected."""
        chance = self.probability[self.arcs.scenario]
        each = self.arcs.walk_m
        if not isinstance(objective, Walk):
            lacking = np.array([1.0 - site.suitability for site in self.request.sites])
            each = lacking[self.arcs.site]
        counted: FloatArray = chance * each
        return counted

    def parties(self, level: str) -> IndexArray:
        """Return the party of each unit whose shares are compared: its block, or its area.

        A unit in no area of the level has none: -1.
        """
        if level == "block":
            return self.unit_block
        party = np.full(len(self.unit_block), -1)
        for n, area in enumerate(one for one in self.request.areas if one.level == level):
            party[self.blocks_in(area.id)[self.unit_block]] = n
        return party

    def walks_m(self, s: int) -> FloatArray:
        """Return the walk of every (block, site) in scenario ``s``, ``inf`` without a way."""
        way = way_of(self.request, s)
        if way not in self._walks:
            self._walks[way] = walks_m(self.request, self.travel, way)[:, self.ground]
        return self._walks[way]

    def blocks_in(self, area: str | None) -> BoolArray:
        """Return which blocks lie in ``area``, or in an area within it; all for None."""
        return self._lies_in(area, [block.area for block in self.request.blocks])

    def sites_in(self, area: str | None) -> BoolArray:
        """Return which sites lie in ``area``, or in an area within it; all for None."""
        return self._lies_in(area, [site.area for site in self.request.sites])

    def _lies_in(self, area: str | None, homes: list[str | None]) -> BoolArray:
        if area is None:
            return np.ones(len(homes), dtype=np.bool_)
        parents = {one.id: one.parent for one in self.request.areas}
        return np.array([area in _upwards(home, parents) for home in homes], dtype=np.bool_)


@dataclass(frozen=True)
class _Parts:
    """What arcs are made from."""

    request: ShelterRequest
    times: TravelTimes
    rides: Rides | None
    groups: tuple[PeopleGroup, ...]
    unit_block: IndexArray
    unit_group: IndexArray
    capacity_m2: FloatArray

    def arcs(self, leaving: FloatArray) -> Arcs:
        """Return every arc that somebody could walk, scenario by scenario."""
        used_ways = [way_of(self.request, s) for s in range(len(self.request.scenarios))]
        ground = grounds(self.request)[1]
        ways = {
            way: walks_m(self.request, self.times, way)[:, ground] for way in sorted(set(used_ways))
        }
        near = {way: self._near(walk_m) for way, walk_m in ways.items()}
        need = np.array([group.m2_per_person for group in self.groups])[self.unit_group]
        found = []
        for s, way in enumerate(used_ways):
            unit, site = near[way]
            rides_to = self._rides(s)
            unit, site = (np.concatenate(both) for both in zip((unit, site), rides_to, strict=True))
            used = (leaving[s, unit] > 0) & (self.capacity_m2[s, site] > 0)
            on_foot = ~self._fetched[unit]
            walk_m = np.where(on_foot, ways[way][self.unit_block[unit], site], 0.0)
            limit_m = self.request.scenarios[s].walk_limit_m
            used &= walk_m <= (np.inf if limit_m is None else limit_m)
            unit, site, walk_m = unit[used], site[used], walk_m[used]
            m2 = np.maximum(need[unit], self.request.scenarios[s].m2_per_person)
            found.append((np.full(len(unit), s), unit, site, walk_m, m2))
        scenario, units, sites, walks, spaces = (
            np.concatenate(column) for column in zip(*found, strict=True)
        )
        return Arcs(scenario, units, sites, walks, spaces)

    def shuttles(self, arcs: Arcs) -> Shuttles:
        """Return the vehicles that may fetch people."""
        fetched = self._fetched[arcs.unit]
        if self.rides is None or not fetched.any():
            return Shuttles.nobody(len(arcs))
        seats = np.array([group.seats for group in self.groups])[self.unit_group[arcs.unit]]
        where = (arcs.scenario, self.unit_block[arcs.unit], arcs.site)
        return Shuttles.of(self.request, self.rides, where, fetched, seats)

    @property
    def _fetched(self) -> BoolArray:
        found: BoolArray = np.array([one.fetched for one in self.groups])[self.unit_group]
        return found

    @property
    def _rights(self) -> BoolArray:
        """Return which sites (unit, site) are accessible to a unit, and equipped for it."""
        rights = [
            accessible_to(self.request, group) & equipped_for(self.request, group)
            for group in self.groups
        ]
        found: BoolArray = np.array(rights)[self.unit_group]
        return found

    def _rides(self, s: int) -> tuple[IndexArray, IndexArray]:
        """Return the (unit, site) pairs that a vehicle serves in time, of those who are fetched."""
        units = np.flatnonzero(self._fetched)
        if self.rides is None or not len(units):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        served = self.rides.in_time(s)[self.unit_block[units]] & self._rights[units]
        row, site = np.nonzero(served)
        return units[row], site

    def _near(self, walk_m: FloatArray) -> tuple[IndexArray, IndexArray]:
        """Return the (unit, site) pairs within the unit's limit and open to its group."""
        limit_m = np.array([walk_limit_m(self.request, group) for group in self.groups])
        within = walk_m[self.unit_block] <= limit_m[self.unit_group][:, None]
        within &= self._rights & ~self._fetched[:, None]
        unit, site = np.nonzero(within)
        return unit, site


def way_of(request: ShelterRequest, s: int) -> int:
    """Return the state of the ways in scenario ``s``."""
    states = [one.id for one in request.travel.scenarios]
    name = request.scenarios[s].travel_scenario
    return 0 if name is None else states.index(name)


def walks_m(request: ShelterRequest, times: TravelTimes, way: int) -> FloatArray:
    """Return the walk of every (block, ground), to its nearest entrance, in a state of the ways."""
    walks = times.block(way, slice(0, times.shape[0])) * request.reference_speed_m_s
    nearest: FloatArray = np.minimum.reduceat(walks, doors(request)[1], axis=1)
    return nearest


def accessible_to(request: ShelterRequest, group: PeopleGroup) -> BoolArray:
    """Return which sites a group has access to."""
    return np.array([site.accessible or not group.needs_accessible for site in request.sites])


def equipped_for(request: ShelterRequest, group: PeopleGroup) -> BoolArray:
    """Return which sites have the facilities that a group needs."""
    needs = set(group.needs_facilities)
    return np.array([needs <= set(site.facilities) for site in request.sites])


def groups_of(request: ShelterRequest, demand: DemandArrays) -> tuple[PeopleGroup, ...]:
    """Return the groups in name order; one that the request does not describe has no needs."""
    described = {group.id: group for group in request.groups}
    return tuple(described.get(name) or PeopleGroup(id=name) for name in sorted(demand.weights))


def walk_limit_m(request: ShelterRequest, group: PeopleGroup) -> float:
    """Return how far a group walks at most."""
    limits = [request.rules.walk_limit_m]
    if group.walk_limit_m is not None:
        limits.append(group.walk_limit_m)
    if group.walk_limit_s is not None:
        limits.append(group.walk_limit_s * group.walking_speed_m_s)
    return min(limits)


def _counts(
    request: ShelterRequest, groups: tuple[PeopleGroup, ...], *, by_day: bool
) -> FloatArray:
    """Return the people (group, block) at night, or by day."""
    counts = []
    for block in request.blocks:
        own = block.day_weights if by_day and block.day_weights is not None else block.weights
        counts.append([own.get(group.id, 0.0) for group in groups])
    return np.array(counts, dtype=np.float64).T


def _leaving(
    request: ShelterRequest, s: int, groups: tuple[PeopleGroup, ...], counts: FloatArray
) -> FloatArray:
    """Return the people (group, block) who leave: those listed in whole, of others a share."""
    scenario, share = request.scenarios[s], _leave_shares(request, s)
    place = {block.id: i for i, block in enumerate(request.blocks)}
    others, listed = counts.copy(), np.zeros(len(request.blocks), dtype=np.bool_)
    for i, block in enumerate(request.blocks):
        listed[i] = block.listed is not None
        if block.listed is not None and block.listed.within is not None and share[i] > 0:
            others[:, place[block.listed.within]] -= counts[:, i]
    part = _leave_parts(scenario, groups)[:, None]
    found: FloatArray = np.maximum(0.0, others) * share * np.where(listed, 1.0, part)
    return found


def _leave_parts(scenario: ShelterScenario, groups: tuple[PeopleGroup, ...]) -> FloatArray:
    return np.array([scenario.leave_part_by_group.get(group.id, 1.0) for group in groups])


def _effective_m2(request: ShelterRequest, j: int) -> float:
    site = request.sites[j]
    if site.effective_area_m2 is not None:
        return site.effective_area_m2
    assert site.places is not None
    return site.places * request.m2_per_place


def _leave_shares(request: ShelterRequest, s: int) -> FloatArray:
    """Return the share of each block that leaves in one scenario."""
    scenario = request.scenarios[s]
    parents = {one.id: one.parent for one in request.areas}
    shares = []
    for block in request.blocks:
        areas = _upwards(block.area, parents)
        by_area = [
            scenario.leave_share_by_area[one]
            for one in areas
            if one in scenario.leave_share_by_area
        ]
        usual = by_area[0] if by_area else scenario.leave_share
        shares.append(scenario.leave_share_by_block.get(block.id, usual))
    return np.array(shares)


def _upwards(area: str | None, parents: dict[str, str | None]) -> list[str]:
    """Return an area and all around it, the smallest first."""
    found = []
    while area is not None:
        found.append(area)
        area = parents[area]
    return found
