"""The chosen options as indices, and the plan they make."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from models.datasets import DatasetReference
from models.fire_stations import FireStationPlan
from models.fire_stations.plan import Action, PlannedStation, ScenarioAllocation
from optimizer.datasets import Store
from optimizer.fire_stations.arrivals import Arrivals
from optimizer.fire_stations.figures import districts, figures
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.values import level_values

INLINE_POINTS = 100_000


@dataclass(frozen=True)
class Solution:
    """The options a plan takes."""

    instance: Instance
    chosen: BoolArray  # (option,)

    @classmethod
    def today(cls, instance: Instance) -> "Solution":
        """Return today's stations as they stand."""
        return cls(instance, instance.options.keeps)

    @classmethod
    def of_plan(cls, instance: Instance, plan: FireStationPlan) -> "Solution | None":
        """Return the options a plan names, or None where one of them is no option here."""
        entries = instance.options.entries
        sites, classes = instance.site_ids, instance.class_ids
        index = {
            (sites[one.site], classes[one.class_index], one.action, sites[one.origin]): number
            for number, one in enumerate(entries)
        }
        chosen = np.zeros(len(entries), dtype=np.bool_)
        for station in plan.stations:
            action = station.action or _implied(instance, station)
            origin = station.moved_from or station.site_id
            number = index.get((station.site_id, station.class_id, action, origin))
            if number is None:
                return None
            chosen[number] = True
        return cls(instance, chosen)

    @cached_property
    def arrivals(self) -> Arrivals:
        """Who arrives when."""
        return Arrivals.of(self.instance, self.chosen)

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The value of every objective of the request."""
        return level_values(self.instance, self.chosen, self.arrivals)

    @cached_property
    def opened_sites(self) -> tuple[str, ...]:
        """Ids of the sites where the plan opens a station, in site order."""
        opened = np.flatnonzero(self.chosen & self.instance.options.opens)
        return tuple(str(self.instance.site_ids[j]) for j in self.instance.options.site[opened])

    @cached_property
    def bare_plan(self) -> dict[str, Any]:
        """The plan as JSON with no more than it takes to read it back."""
        said = {"site_id", "class_id", "action", "moved_from"}
        stations = [self._station(int(o)) for o in np.flatnonzero(self.chosen)]
        dumped = [one.model_dump(mode="json", include=said, exclude_none=True) for one in stations]
        return {"stations": dumped}

    def to_plan(self, store: Store | None = None) -> FireStationPlan:
        """Return the plan in names and units, with its figures."""
        instance = self.instance
        today = Solution.today(instance)
        return FireStationPlan(
            stations=tuple(self._station(int(o)) for o in np.flatnonzero(self.chosen)),
            objective_values=self.values,
            before=figures(instance, today.chosen, today.arrivals),
            after=figures(instance, self.chosen, self.arrivals),
            districts=districts(instance, self.arrivals),
            allocation=self.allocations(store),
            allocation_before=today.allocations(store),
            illustrative=instance.request.illustrative,
        )

    def _station(self, option: int) -> PlannedStation:
        one = self.instance.options.entries[option]
        sites = self.instance.request.sites
        return PlannedStation(
            site_id=sites[one.site].id,
            class_id=self.instance.classes[one.class_index].id,
            action=one.action,
            moved_from=sites[one.origin].id if one.action is Action.MOVE else None,
            on_duty_people=one.on_duty_people,
            vehicles=one.vehicles,
            capital_cost=one.capital_cost,
            yearly_cost=one.yearly_cost,
        )

    def allocations(self, store: Store | None) -> tuple[ScenarioAllocation, ...] | None:
        """Return who serves whom; None where it is too long to print and no store is given."""
        if store is None and len(self.instance.demand) > INLINE_POINTS:
            return None
        scenarios = range(self.instance.scenario_count)
        return tuple(self._allocation(scenario, store) for scenario in scenarios)

    def _allocation(self, scenario: int, store: Store | None) -> ScenarioAllocation:
        instance, arrivals = self.instance, self.arrivals
        times = arrivals.first_s[scenario]
        reached = np.flatnonzero(np.isfinite(times))
        points = instance.demand.ids[reached]
        sites = instance.site_ids[instance.options.site[arrivals.first_option[scenario][reached]]]
        scenario_id = instance.travel.scenario_ids[scenario]
        if len(reached) <= INLINE_POINTS:
            return ScenarioAllocation(
                scenario_id=scenario_id,
                nearest_site=dict(zip(points, sites, strict=True)),
                response_time_s=dict(zip(points, times[reached].tolist(), strict=True)),
            )
        assert store is not None
        table = {"point_id": points, "site_id": sites, "response_time_s": times[reached]}
        name = DatasetReference(sha256=store.add_table(table))
        return ScenarioAllocation(scenario_id=scenario_id, nearest_site=name, response_time_s=name)


def _implied(instance: Instance, station: PlannedStation) -> Action:
    site = next((one for one in instance.request.sites if one.id == station.site_id), None)
    if site is None or site.station is None:
        return Action.BUILD if station.moved_from is None else Action.MOVE
    if site.station.status != "in_service":
        return Action.COMMISSION
    return Action.KEEP if site.station.class_id == station.class_id else Action.REGRADE
