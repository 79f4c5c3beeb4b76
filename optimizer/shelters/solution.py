"""Chosen sites and walks; every figure counted afresh; the plan in names."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from models.shelters import ShelterPlan
from models.shelters.objectives import (
    Combination,
    LargestShare,
    OpeningCost,
    ShelterObjective,
    Unmet,
    UnmetRisk,
    Unsuitability,
    Walk,
    WorstWalk,
)
from models.shelters.plan import NOBODY, Assignment, OpenShelter, Shuttle
from optimizer.algorithms.two_stage import value_at_risk
from optimizer.demand import FloatArray
from optimizer.shelters.instance import BoolArray, Instance
from optimizer.shelters.shuttles import Shuttles

_NONE = 1e-6  # people: what a solver leaves of nobody
_WHOLE = 1e-9  # of a vehicle


@dataclass(frozen=True, eq=False)
class Solution:
    """Which sites are open, and how many people take each arc."""

    instance: Instance
    open: BoolArray  # (site,)
    people: FloatArray  # (arc,)
    vehicles: FloatArray  # (leg,) whole numbers

    @classmethod
    def of_values(
        cls, instance: Instance, opened: FloatArray, people: FloatArray, vehicles: FloatArray
    ) -> Self:
        """Return the solution that a solver's values mean, its rounding errors taken out.

        Nobody stays in a closed site, nobody leaves twice, no site is overfull and no vehicle.
        """
        arcs, chosen = instance.arcs, opened > 0.5
        walked = np.where((people > _NONE) & chosen[arcs.site], people, 0.0)
        units = instance.leaving.shape[1]
        walked *= _scale(arcs.scenario * units + arcs.unit, walked, instance.leaving.ravel())
        sites = len(chosen)
        place = arcs.scenario * sites + arcs.site
        walked *= _scale(place, walked * arcs.m2, instance.capacity_m2.ravel())
        shuttles, sent = instance.shuttles, np.round(vehicles)
        fetched = np.flatnonzero(shuttles.pair_of_arc >= 0)
        walked[fetched] *= _scale(
            shuttles.pair_of_arc[fetched],
            walked[fetched] * shuttles.arc_seats[fetched],
            shuttles.seats_on(sent),
        )
        return cls(instance, chosen, walked, _needed(shuttles, walked, sent))

    @classmethod
    def of_plan(cls, instance: Instance, plan: ShelterPlan) -> Self:
        """Return what of a plan fits this instance: its known sites, and walks that are allowed."""
        opened, walked, vehicles, _ = _read(instance, plan)
        return cls.of_values(instance, opened.astype(np.float64), walked, vehicles)

    @classmethod
    def as_given(cls, instance: Instance, plan: ShelterPlan) -> Self | None:
        """Return a plan as it is, overfull sites and all; None where it is no choice of this.

        It is none where it names an unknown site, or a walk that the instance does not allow.
        """
        opened, walked, vehicles, whole = _read(instance, plan)
        known = {site.id for site in instance.request.sites}
        strange = any(shelter.site_id not in known for shelter in plan.shelters)
        shut = (walked > 0) & ~opened[instance.arcs.site]
        return (
            None if strange or not whole or shut.any() else cls(instance, opened, walked, vehicles)
        )

    @cached_property
    def unmet(self) -> FloatArray:
        """People without a place (scenario, unit)."""
        leaving, arcs = self.instance.leaving, self.instance.arcs
        placed = np.zeros(leaving.size)
        np.add.at(placed, arcs.scenario * leaving.shape[1] + arcs.unit, self.people)
        left: FloatArray = np.maximum(0.0, leaving - placed.reshape(leaving.shape))
        left[left <= NOBODY] = 0.0
        return left

    def value(self, level: int) -> float:
        """Return what the level's objective is worth."""
        request = self.instance.request
        if request.combination is Combination.LEXICOGRAPHIC:
            return self.objective(request.objectives[level])
        return sum(one.weight * self.objective(one) for one in request.objectives)

    def objective(self, objective: ShelterObjective) -> float:
        """Return what one objective is worth."""
        instance = self.instance
        match objective:
            case Unmet():
                return float(instance.probability @ self.unmet.sum(axis=1))
            case UnmetRisk():
                return value_at_risk(self.unmet.sum(axis=1), instance.probability, objective.alpha)
            case OpeningCost():
                return float(instance.open_cost[self.open].sum())
            case Walk() | Unsuitability():
                return float(instance.counted(objective) @ self.people)
            case WorstWalk():
                return float(instance.arcs.walk_m[self.people > 0].max(initial=0.0))
            case LargestShare():
                return self._largest_share(objective.level)

    def _largest_share(self, level: str) -> float:
        party = self.instance.parties(level)
        shares = [
            self.unmet[:, party == one].sum(axis=1)
            / np.maximum(self.instance.leaving[:, party == one].sum(axis=1), 1e-300)
            for one in np.unique(party[party >= 0])
        ]
        return float(np.max(shares, initial=0.0))

    @property
    def opened_sites(self) -> tuple[str, ...]:
        """The ids of the sites it opens."""
        new = self.open & ~self.instance.existing
        return tuple(self.instance.request.sites[j].id for j in np.flatnonzero(new))

    def _shuttles(self) -> Iterator[Shuttle]:
        for leg, (scenario, vehicle, block, site) in enumerate(_legs(self.instance)):
            if self.vehicles[leg] > 0:
                yield Shuttle(
                    scenario_id=scenario,
                    vehicle_id=vehicle,
                    block_id=block,
                    site_id=site,
                    vehicles=int(self.vehicles[leg]),
                    rounds=int(self.instance.shuttles.leg_rounds[leg]),
                )

    def bare_plan(self) -> ShelterPlan:
        """Return the plan without figures: enough to judge it and to start from."""
        request, arcs = self.instance.request, self.instance.arcs
        sites = [site.id for site in request.sites]
        blocks = [block.id for block in request.blocks]
        groups = [group.id for group in self.instance.groups]
        scenarios = [scenario.id for scenario in request.scenarios]
        used, rides = np.flatnonzero(self.people > 0), self.instance.rides
        return ShelterPlan(
            shelters=tuple(
                OpenShelter(
                    site_id=sites[j],
                    existing=bool(self.instance.existing[j]),
                    open_cost=float(self.instance.open_cost[j]),
                )
                for j in np.flatnonzero(self.open).tolist()
            ),
            assignments=tuple(
                Assignment(
                    scenario_id=scenarios[arcs.scenario[a]],
                    block_id=blocks[self.instance.unit_block[arcs.unit[a]]],
                    group=groups[self.instance.unit_group[arcs.unit[a]]],
                    site_id=sites[arcs.site[a]],
                    people=float(self.people[a]),
                    walk_m=float(arcs.walk_m[a]),
                    ride_s=None
                    if rides is None or not self.instance.fetched[arcs.unit[a]]
                    else float(
                        rides.ride_s[arcs.scenario[a]][
                            self.instance.unit_block[arcs.unit[a]], arcs.site[a]
                        ]
                    ),
                )
                for a in used.tolist()
            ),
            shuttles=tuple(self._shuttles()),
            illustrative=request.illustrative,
        )


def _needed(shuttles: Shuttles, people: FloatArray, vehicles: FloatArray) -> FloatArray:
    """Return the vehicles without those that bring nobody."""
    kept = vehicles.copy()
    spare = shuttles.seats_on(kept) - shuttles.taken(people)
    for leg in np.flatnonzero(kept > 0).tolist():
        pair, seats = shuttles.leg_pair[leg], shuttles.leg_seats[leg]
        idle = min(kept[leg], np.floor(spare[pair] / seats + _WHOLE))
        kept[leg] -= idle
        spare[pair] -= idle * seats
    return kept


def _read(instance: Instance, plan: ShelterPlan) -> tuple[BoolArray, FloatArray, FloatArray, bool]:
    """Return open sites, people by arc, vehicles by leg, and whether all of them are known."""
    request, arcs = instance.request, instance.arcs
    wanted = {shelter.site_id for shelter in plan.shelters}
    opened = np.array([site.id in wanted or site.existing for site in request.sites])
    people: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for one in plan.assignments:
        if one.people > 0:
            people[one.scenario_id, one.block_id, one.group, one.site_id] += one.people
    names = (
        [scenario.id for scenario in request.scenarios],
        [block.id for block in request.blocks],
        [group.id for group in instance.groups],
        [site.id for site in request.sites],
    )
    keys = zip(
        arcs.scenario.tolist(),
        instance.unit_block[arcs.unit].tolist(),
        instance.unit_group[arcs.unit].tolist(),
        arcs.site.tolist(),
        strict=True,
    )
    walked = [
        people.pop((names[0][s], names[1][i], names[2][g], names[3][j]), 0.0) for s, i, g, j in keys
    ]
    vehicles, known = _vehicles(instance, plan)
    return opened, np.array(walked, dtype=np.float64), vehicles, known and not people


def _vehicles(instance: Instance, plan: ShelterPlan) -> tuple[FloatArray, bool]:
    """Return the vehicles by leg, and whether every shuttle of the plan is a leg."""
    legs = {key: leg for leg, key in enumerate(_legs(instance))}
    found, whole = np.zeros(len(instance.shuttles)), True
    for one in plan.shuttles:
        leg = legs.get((one.scenario_id, one.vehicle_id, one.block_id, one.site_id))
        whole &= leg is not None
        if leg is not None:
            found[leg] += one.vehicles
    return found, whole


def _legs(instance: Instance) -> Iterator[tuple[str, str, str, str]]:
    """Yield each leg's scenario, vehicle, block and site by name."""
    request, shuttles = instance.request, instance.shuttles
    vehicles = () if request.fleet is None else request.fleet.vehicles
    for pair, vehicle in zip(shuttles.leg_pair, shuttles.leg_vehicle, strict=True):
        yield (
            request.scenarios[shuttles.pair_scenario[pair]].id,
            vehicles[vehicle].id,
            request.blocks[shuttles.pair_block[pair]].id,
            request.sites[shuttles.pair_site[pair]].id,
        )


def _scale(key: np.ndarray, amount: FloatArray, limit: FloatArray) -> FloatArray:
    """Return the factor of each entry that keeps the sums by ``key`` within ``limit``."""
    total = np.bincount(key, weights=amount, minlength=len(limit))
    factor = np.ones(len(limit))
    over = total > limit
    factor[over] = limit[over] / total[over]
    scaled: FloatArray = factor[key]
    return scaled
