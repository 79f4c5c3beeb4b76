"""The request as the verifier reads it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.shelters import ShelterRequest
from models.shelters.fleet import Vehicle
from models.shelters.places import Block, PeopleGroup, ShelterSite
from models.shelters.scenarios import ShelterScenario
from models.shelters.unfolding import doors, grounds, unfolded
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.shelters.verify.areas import above, within
from optimizer.shelters.verify.hazards import lies_in
from optimizer.travel import travel_times

Unit = tuple[str, str]  # block, group


@dataclass(frozen=True, eq=False)
class Question:
    """A request with its names resolved and its walks at hand."""

    request: ShelterRequest
    sites: Mapping[str, ShelterSite]
    scenarios: Mapping[str, ShelterScenario]
    groups: Mapping[str, PeopleGroup]
    block_index: Mapping[str, int]
    site_index: Mapping[str, int]
    walk_m: Mapping[str, FloatArray]  # scenario -> (block, site)
    survives: Mapping[tuple[str, str], float]  # scenario, site
    leaving: Mapping[str, Mapping[Unit, float]]  # scenario -> people
    ride_s: Mapping[str, FloatArray]  # scenario -> (block, site); empty without a fleet

    @classmethod
    def read(cls, request: ShelterRequest, store: Store | None) -> "Question":
        """Return the question of ``request``."""
        store = None if store is None else store.uncached
        request = unfolded(request)
        demand = DemandArrays.from_request(request.blocks, store)
        ground = grounds(request)[1]
        places, begins = doors(request)
        ends = [*begins[1:], len(places)]
        times = travel_times(request.travel, demand, places, store)
        states = [one.id for one in request.travel.scenarios]
        named = {group.id: group for group in request.groups}
        everyone = {name for block in request.blocks for name in block.weights}
        every = slice(0, len(request.blocks))
        walks = {}
        for n, state in enumerate(states):
            to_door = times.block(n, every) * request.reference_speed_m_s
            nearest = [to_door[:, a:b].min(axis=1) for a, b in zip(begins, ends, strict=True)]
            walks[state] = np.column_stack([nearest[one] for one in ground])
        return cls(
            request=request,
            sites={site.id: site for site in request.sites},
            scenarios={one.id: one for one in request.scenarios},
            groups={name: named.get(name, PeopleGroup(id=name)) for name in everyone},
            block_index={block.id: i for i, block in enumerate(request.blocks)},
            site_index={site.id: j for j, site in enumerate(request.sites)},
            walk_m={one.id: walks[one.travel_scenario or states[0]] for one in request.scenarios},
            survives={
                (one.id, site.id): _survives(one, site)
                for one in request.scenarios
                for site in request.sites
            },
            leaving={one.id: _leaving(request, one) for one in request.scenarios},
            ride_s=_rides(request, demand, store),
        )

    def effective_m2(self, site_id: str) -> float:
        """Return the area people can use at a site on a good day."""
        site = self.sites[site_id]
        if site.effective_area_m2 is None:
            return (site.places or 0) * self.request.m2_per_place
        return site.effective_area_m2

    def gross_m2(self, site_id: str) -> float:
        """Return the whole area of a site."""
        gross = self.sites[site_id].gross_area_m2
        return self.effective_m2(site_id) if gross is None else gross

    def capacity_m2(self, scenario_id: str, site_id: str) -> float:
        """Return the area that people can use at a site in a scenario."""
        return self.effective_m2(site_id) * self.survives[scenario_id, site_id]

    def accessible(self, site_id: str, group_id: str) -> bool:
        """Return whether a group has access to a site."""
        return self.sites[site_id].accessible or not self.groups[group_id].needs_accessible

    def equipped(self, site_id: str, group_id: str) -> bool:
        """Return whether a site has the facilities that a group needs."""
        return all(
            one in self.sites[site_id].facilities for one in self.groups[group_id].needs_facilities
        )

    def exists(self, site_id: str) -> bool:
        """Return whether a shelter stands there already, as it is or as another class."""
        ground = self.sites[site_id].ground
        return any(one.existing for one in self.sites.values() if one.ground == ground)

    def walk_limit_m(self, scenario_id: str, group_id: str) -> float:
        """Return how far a group walks at most in a scenario."""
        group, limit = self.groups[group_id], self.request.rules.walk_limit_m
        own = self.scenarios[scenario_id].walk_limit_m
        if own is not None:
            limit = min(limit, own)
        if group.walk_limit_m is not None:
            limit = min(limit, group.walk_limit_m)
        if group.walk_limit_s is not None:
            limit = min(limit, group.walking_speed_m_s * group.walk_limit_s)
        return limit

    def walk(self, scenario_id: str, block_id: str, site_id: str) -> float:
        """Return the walk from a block to a site in a scenario."""
        return float(self.walk_m[scenario_id][self.block_index[block_id], self.site_index[site_id]])

    def residents(self, block_id: str) -> float:
        """Return the people of a block whom area targets count."""
        weights = self.request.blocks[self.block_index[block_id]].weights
        names = self.request.residents
        listed = self.request.blocks[self.block_index[block_id]].listed
        if listed is not None and listed.within is not None:
            return 0.0
        return sum(people for name, people in weights.items() if names is None or name in names)

    def rounds(self, scenario_id: str, vehicle: Vehicle, block_id: str, site_id: str) -> int:
        """Return how often a vehicle goes from a block to a site and back by the deadline."""
        fleet, scenario = self.request.fleet, self.scenarios[scenario_id]
        assert fleet is not None
        deadline = fleet.deadline_s
        if scenario.fetch_deadline_s is not None:
            deadline = scenario.fetch_deadline_s
        ride = self.ride(scenario_id, block_id, site_id)
        if ride == float("inf") or deadline < vehicle.ready_s:
            return 0
        return int((deadline - vehicle.ready_s) / (ride + ride + vehicle.boarding_s) + 1e-9)

    def ride(self, scenario_id: str, block_id: str, site_id: str) -> float:
        """Return how long a ride from a block to a site takes in a scenario."""
        return float(self.ride_s[scenario_id][self.block_index[block_id], self.site_index[site_id]])

    def fetchable(self, scenario_id: str, block_id: str, site_id: str) -> bool:
        """Return whether any vehicle brings people of a block to a site by the deadline."""
        vehicles = () if self.request.fleet is None else self.request.fleet.vehicles
        return any(
            one.count > 0 and self.rounds(scenario_id, one, block_id, site_id) > 0
            for one in vehicles
        )

    def blocks_in(self, area: str | None) -> set[str]:
        """Return the blocks in an area or in what lies within it; all for None."""
        inside = within(self.request.areas, area)
        return {block.id for block in self.request.blocks if inside is None or block.area in inside}

    def sites_in(self, area: str | None) -> set[str]:
        """Return the sites in an area or in what lies within it; all for None."""
        inside = within(self.request.areas, area)
        return {site.id for site in self.request.sites if inside is None or site.area in inside}


def _survives(scenario: ShelterScenario, site: ShelterSite) -> float:
    if site.setting not in scenario.settings:
        return 0.0
    share = scenario.surviving_share.get(site.id, 1.0)
    for hazard in scenario.hazards:
        if lies_in(hazard.shape, site):
            share *= hazard.surviving_share
    return share


def _rides(
    request: ShelterRequest, demand: DemandArrays, store: Store | None
) -> dict[str, FloatArray]:
    if request.fleet is None:
        return {}
    places, ground = grounds(request)
    times = travel_times(request.fleet.travel, demand, places, store)
    states = [one.id for one in request.fleet.travel.scenarios]
    every = slice(0, len(request.blocks))
    return {
        one.id: times.block(states.index(one.driving_scenario or states[0]), every)[:, ground]
        for one in request.scenarios
    }


def _leaving(request: ShelterRequest, scenario: ShelterScenario) -> dict[Unit, float]:
    found: dict[Unit, float] = {}
    shares = _shares(request, scenario)
    listed: dict[Unit, float] = defaultdict(float)
    for block in request.blocks:
        if block.listed is not None and block.listed.within is not None and shares[block.id] > 0:
            for group, people in _counted(scenario, block).items():
                listed[block.listed.within, group] += people
    for block in request.blocks:
        for group, people in _counted(scenario, block).items():
            part = scenario.leave_part_by_group.get(group, 1.0) if block.listed is None else 1.0
            others = max(0.0, people - listed[block.id, group])
            leaving = others * shares[block.id] * part
            if leaving > 0:
                found[block.id, group] = leaving
    return found


def _shares(request: ShelterRequest, scenario: ShelterScenario) -> dict[str, float]:
    """Return the share of each block that leaves."""
    shares: dict[str, float] = {}
    for block in request.blocks:
        share = scenario.leave_share
        for area in above(request.areas, block.area):
            if area in scenario.leave_share_by_area:
                share = scenario.leave_share_by_area[area]
                break
        shares[block.id] = scenario.leave_share_by_block.get(block.id, share)
    return shares


def _counted(scenario: ShelterScenario, block: Block) -> Mapping[str, float]:
    """Return the people of a block by group, where they are in a scenario."""
    if scenario.by_day and block.day_weights is not None:
        return block.day_weights
    return block.weights
