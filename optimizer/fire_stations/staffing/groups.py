"""Demand by the stations that full force can come from, and what it needs there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.coverage import cover_sets, group_sets, unpack
from optimizer.demand import FloatArray
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.fire_stations.staffing.resources import IntArray, Resources


@dataclass(frozen=True)
class Groups:
    """Points and scenarios with the same stations in time and the same needs.

    ``special`` has a row of vehicle numbers by type for each kind of risk; the first is all
    zeros, for points that need no type in particular.
    """

    in_time: BoolArray  # (group, station)
    kind: IndexArray  # (group,) row of special
    weight: FloatArray  # (group,) population, expected over the scenarios
    special: IntArray  # (kind, vehicle type)
    vehicles: int
    people: int

    @classmethod
    def of(cls, instance: Instance, resources: Resources) -> "Groups":
        """Return the groups of all demand that has population."""
        posts = instance.posts.of_option[resources.options]
        shape = (len(instance.demand), len(posts))
        limit = instance.standard.full_force_within_s
        words = [
            cover_sets(lambda rows, s=s: instance.response_s(s, rows, posts), shape, limit)  # type: ignore[misc]
            for s in range(instance.scenario_count)
        ]
        sets = group_sets(np.concatenate(words))
        special, kind_of_point = _special(instance, resources.types)
        code = sets.group * len(special) + np.tile(kind_of_point, instance.scenario_count)
        codes, group = np.unique(code, return_inverse=True)
        weight = np.outer(instance.travel.weights, instance.population).reshape(-1)
        total = np.bincount(group.reshape(-1), weights=weight, minlength=len(codes))
        kept = total > 0
        codes = codes[kept]
        reach = unpack(sets.sets[codes // len(special)], len(posts)).toarray() > 0
        return cls(
            in_time=reach,
            kind=codes % len(special),
            weight=total[kept].astype(np.float64),
            special=special,
            vehicles=instance.standard.vehicles,
            people=instance.standard.people,
        )

    @cached_property
    def special_needs(self) -> IntArray:
        """Vehicles needed by type (group, vehicle type)."""
        return self.special[self.kind]

    def met(self, on_duty: IntArray, vehicles: IntArray) -> BoolArray:
        """Return which groups full force reaches (group,).

        ``on_duty`` is (station,), ``vehicles`` (station, vehicle type).
        """
        reach = self.in_time.astype(np.int64)
        enough = reach @ on_duty >= self.people
        enough &= reach @ vehicles.sum(axis=1) >= self.vehicles
        enough &= (reach @ vehicles >= self.special_needs).all(axis=1)
        return np.asarray(enough, dtype=np.bool_)

    def reached(self, on_duty: IntArray, vehicles: IntArray) -> float:
        """Return the population that full force reaches."""
        return float(self.weight[self.met(on_duty, vehicles)].sum())


def _special(instance: Instance, types: tuple[str, ...]) -> tuple[IntArray, IndexArray]:
    """Return vehicle needs (kind, vehicle type), and the kind of each point (demand,)."""
    rows = [[0] * len(types)]
    kind = np.zeros(len(instance.demand), dtype=np.intp)
    risk = instance.demand.risk_class
    for one in instance.request.risk_classes if risk is not None else ():
        row = [one.vehicle_types.get(name, 0) for name in types]
        if any(row):
            kind[np.asarray(risk == one.id)] = len(rows)
            rows.append(row)
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(types)), kind
