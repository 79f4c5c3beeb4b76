"""From units to the staffing plan: everyone at hand gets a station."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.fire_stations.staffing import StaffingPlan, StationCrew
from models.run import LevelReport, Status
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.staffing.groups import Groups
from optimizer.fire_stations.staffing.program import Units
from optimizer.fire_stations.staffing.resources import (
    IntArray,
    Resource,
    Resources,
)


@dataclass(frozen=True)
class Crews:
    """Heads (station,) and vehicles (station, type), those not needed anywhere included."""

    resources: Resources
    groups: Groups
    headcount: IntArray
    vehicles: IntArray

    @classmethod
    def of(cls, resources: Resources, groups: Groups, units: Units) -> "Crews":
        """Return who stands where, spare heads dealt out in proportion to the norms."""
        people = resources.people
        headcount = _with_spare(people, units.on_duty)
        columns = [
            _with_spare(one, column)
            for one, column in zip(resources.vehicles, units.vehicles.T, strict=True)
        ]
        shape = (len(columns), len(people.norm))
        vehicles = np.array(columns, dtype=np.int64).reshape(shape).T
        return cls(resources, groups, headcount, vehicles)

    @property
    def on_duty(self) -> IntArray:
        """People on duty (station,)."""
        return self.headcount // self.resources.people.each

    @property
    def people_short(self) -> int:
        """People on duty missing to the norms."""
        return int(np.maximum(self.resources.people.norm - self.on_duty, 0).sum())

    @property
    def vehicles_short(self) -> int:
        """Vehicles missing to the norms."""
        norms = zip(self.resources.vehicles, self.vehicles.T, strict=True)
        return sum(int(np.maximum(one.norm - there, 0).sum()) for one, there in norms)

    @property
    def short_of_wanted(self) -> int:
        """People missing to the number per 10,000."""
        return max(0, self.resources.people.wanted - int(self.headcount.sum()))

    @property
    def more(self) -> tuple[int, ...]:
        """People hired, then vehicles bought of each type."""
        totals = [int(self.headcount.sum()), *self.vehicles.sum(axis=0).tolist()]
        every = zip(self.resources.every, totals, strict=True)
        return tuple(max(0, total - one.at_hand) for one, total in every)

    @property
    def reached(self) -> float:
        """Population that full force reaches."""
        return self.groups.reached(self.on_duty, self.vehicles)

    @property
    def costs(self) -> tuple[float, float]:
        """What hiring costs in a year, and what buying costs."""
        hired, *bought = self.more
        prices = (one.price for one in self.resources.vehicles)
        capital = sum(count * price for count, price in zip(bought, prices, strict=True))
        return hired * self.resources.people.price, float(capital)

    def to_plan(
        self, instance: Instance, status: Status, levels: tuple[LevelReport, ...]
    ) -> StaffingPlan:
        """Return the plan in names."""
        headcount, total = int(self.headcount.sum()), float(instance.population.sum())
        hired, *bought = self.more
        yearly, capital = self.costs
        return StaffingPlan(
            status=status,
            levels=levels,
            crews=tuple(self._crew(instance, k) for k in range(len(self.headcount))),
            headcount_people=headcount,
            hired_people=hired,
            bought_vehicles=self._named(bought),
            per_10k=headcount * 1e4 / total if total > 0 else None,
            people_short_of_norm=self.people_short,
            vehicles_short_of_norm=self.vehicles_short,
            people_short_of_per_10k=self.short_of_wanted,
            full_force_weight=self.reached,
            full_force_total=total,
            yearly_cost=yearly,
            capital_cost=capital,
        )

    def _crew(self, instance: Instance, station: int) -> StationCrew:
        norm = self.resources.classes[station]
        site = instance.options.site[self.resources.options[station]]
        return StationCrew(
            site_id=str(instance.site_ids[site]),
            class_id=norm.id,
            headcount_people=int(self.headcount[station]),
            on_duty_people=int(self.on_duty[station]),
            vehicles=self._named(self.vehicles[station].tolist()),
            norm_on_duty_people=norm.on_duty_people,
            norm_vehicles=norm.vehicles,
        )

    def _named(self, counts: list[int]) -> Mapping[str, int]:
        return {
            name: count
            for name, count in zip(self.resources.types, counts, strict=True)
            if count > 0
        }


def _with_spare(resource: Resource, units: IntArray) -> IntArray:
    """Return heads (station,): those behind ``units``, and the others in proportion."""
    heads = units * resource.each
    spare = resource.heads(int(units.sum())) - int(heads.sum())
    return heads + _dealt(spare, resource.norm)


def _dealt(count: int, shares: IntArray) -> IntArray:
    """Return ``count`` in proportion to ``shares``, the largest remainders rounded up.

    Examples
    --------
    >>> _dealt(5, np.array([30, 15, 15])).tolist()
    [3, 1, 1]
    """
    parts = shares.tolist() if shares.any() else [1] * len(shares)
    total = sum(parts)
    dealt = [count * part // total for part in parts]
    order = sorted(range(len(parts)), key=lambda k: -(count * parts[k] % total))
    for k in order[: count - sum(dealt)]:
        dealt[k] += 1
    return np.array(dealt, dtype=np.int64)
