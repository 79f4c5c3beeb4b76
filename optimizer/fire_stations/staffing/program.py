r"""Crews and vehicles as a mixed-integer program.

With :math:`d_k` people on duty at station :math:`k`, :math:`v_{kt}` vehicles of type :math:`t`,
:math:`h` hired, :math:`b_t` bought and :math:`f_g = 1` where full force reaches group :math:`g`
(points that the same stations :math:`N_g` reach in time, with the same needs):

.. math::

    \sum_{k \in N_g} d_k \ge P f_g, \quad
    \sum_{k \in N_g} \sum_t v_{kt} \ge V f_g, \quad
    \sum_{k \in N_g} v_{kt} \ge V_{gt} f_g, \quad
    s \sum_k d_k \le p + h, \quad \sum_k v_{kt} \le p_t + b_t

:math:`s` shifts, :math:`p` people and :math:`p_t` vehicles at hand. Being least short of the
norms and of the number per 10,000 is settled beforehand and becomes bounds: people may go to any
station, so :math:`S = (\sum_k n_k - \lfloor (p + h^{max}) / s \rfloor)^+` are missing whatever is
done. If :math:`S > 0`, the plans that miss no more are those with everybody on duty and nobody
above a norm, :math:`d_k \le n_k`; else those with :math:`d_k \ge n_k`. Likewise each type.

Whoever is not needed on duty may stand anywhere and is no column. Types that no risk asks for and
of which there are enough are as good as each other: per station only their sum counts
(``common``), and per type the total (``common_total``). What the lower bounds bring is taken off
each need, and groups are left out that have all they need or cannot get it. A group reached from
some of another's stations, and with no lesser needs, is met only where the other is,
:math:`f_h \le f_g`: the rows change no solution, but a search that leaves :math:`g` out then leaves
out :math:`h` too. And where one station stands in for another (`dominance`), the other's people
count for no group: they are moved beforehand.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from optimizer.algorithms.sharing import Kind, Sharing
from optimizer.demand import FloatArray
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.fire_stations.staffing.dominance import (
    gathered,
    group_order,
    kept_stations,
    stand_ins,
)
from optimizer.fire_stations.staffing.groups import Groups
from optimizer.fire_stations.staffing.resources import IntArray, Resource, Resources
from optimizer.linear import Builder, LinearProgram


@dataclass(frozen=True)
class Units:
    """Who is on duty (station,) and which vehicles stand where (station, vehicle type)."""

    on_duty: IntArray
    vehicles: IntArray


@dataclass(frozen=True)
class StaffingProgram:
    """Builds the program of one set of stations, and reads its solutions."""

    resources: Resources
    groups: Groups

    @cached_property
    def explicit(self) -> IndexArray:
        """The vehicle types with columns of their own: those short, and those a risk asks for."""
        asked = self.groups.special.max(axis=0, initial=0) > 0
        short = np.array([one.short > 0 for one in self.resources.vehicles], dtype=np.bool_)
        return np.flatnonzero(asked | short)

    @cached_property
    def common(self) -> IndexArray:
        """The other vehicle types."""
        return np.setdiff1d(np.arange(len(self.resources.types)), self.explicit)

    @cached_property
    def lower(self) -> Units:
        """What every staffing that is least short of the norms has."""
        vehicles = [one.lower for one in self.resources.vehicles]
        stations = len(self.resources.options)
        shape = (stations, len(vehicles))
        return Units(
            self.resources.people.lower,
            np.array(vehicles, dtype=np.int64).reshape(shape[::-1]).T,
        )

    @cached_property
    def upper(self) -> Units:
        """What no station needs to exceed; common types: above the norm, all together."""
        people = self.resources.people
        most = np.maximum(self.groups.people - people.norm, 0)
        needs = self.groups.special.max(axis=0, initial=0)
        columns = [
            _upper(one, np.maximum(self._missing, needs[t] - one.norm))
            for t, one in enumerate(self.resources.vehicles)
        ]
        shape = (len(columns), len(people.norm))
        vehicles = np.array(columns, dtype=np.int64).reshape(shape).T
        return Units(_upper(people, most), vehicles)

    @cached_property
    def _missing(self) -> IntArray:
        """Vehicles that a station alone lacks to full force (station,)."""
        missing: IntArray = self.groups.vehicles - self.lower.vehicles.sum(axis=1)
        return np.maximum(missing, 0)

    @cached_property
    def common_upper(self) -> IntArray:
        """Most vehicles of common types above the norms that a station needs (station,)."""
        most: IntArray = np.minimum(self._missing, int(self._common_spare.sum()))
        return most

    @cached_property
    def _common_spare(self) -> IntArray:
        """Vehicles of each common type that there may be above the norms (common type,)."""
        most = self.groups.vehicles * len(self.resources.options)
        spare = [self.resources.vehicles[t].spare(most) for t in self.common]
        return np.array(spare, dtype=np.int64)

    @cached_property
    def _needs(self) -> tuple[tuple[IntArray, IntArray, IntArray, int], ...]:
        """Per resource of full force: need (group,), lower and upper (station,), most in all.

        People, vehicles of all types, and each type that a risk asks for.
        """
        lower, upper = self.lower, self.upper
        of_types = [self._need_of_type(t) for t in self.explicit]
        count = len(self.groups.weight)
        all_lower = lower.vehicles.sum(axis=1)
        all_upper = upper.vehicles[:, self.explicit].sum(axis=1) + self.common_upper
        all_upper += lower.vehicles[:, self.common].sum(axis=1)
        total = sum(most for _, _, _, most in of_types) + int(self._common_spare.sum())
        total += int(lower.vehicles[:, self.common].sum())
        people = (lower.on_duty, upper.on_duty, _most(self.resources.people, upper.on_duty))
        return (
            (np.full(count, self.groups.people), *people),
            (np.full(count, self.groups.vehicles), all_lower, all_upper, total),
            *of_types,
        )

    def _need_of_type(self, t: int) -> tuple[IntArray, IntArray, IntArray, int]:
        lower, upper = self.lower.vehicles[:, t], self.upper.vehicles[:, t]
        most = _most(self.resources.vehicles[t], upper)
        return self.groups.special_needs[:, t], lower, upper, most

    @cached_property
    def _reach(self) -> IntArray:
        return self.groups.in_time.astype(np.int64)

    @cached_property
    def met(self) -> BoolArray:
        """Groups that have all they need in every staffing considered."""
        every = [self._reach @ lower >= need for need, lower, _, _ in self._needs]
        return np.asarray(np.all(every, axis=0), dtype=np.bool_)

    @cached_property
    def hopeless(self) -> BoolArray:
        """Groups that can never have all they need."""
        some = []
        for need, lower, upper, most in self._needs:
            elsewhere = (1 - self._reach) @ lower
            reachable = np.minimum(self._reach @ upper, most - elsewhere)
            some.append(reachable < need)
        return np.asarray(np.any(some, axis=0), dtype=np.bool_)

    @cached_property
    def open_groups(self) -> IndexArray:
        """The group each column of ``force`` stands for."""
        return np.flatnonzero(~self.met & ~self.hopeless)

    @property
    def met_weight(self) -> float:
        """Population that full force reaches in every staffing considered."""
        return float(self.groups.weight[self.met].sum())

    @property
    def force_weight(self) -> FloatArray:
        """Population of each column of ``force``."""
        return self.groups.weight[self.open_groups]

    @property
    def prices(self) -> FloatArray:
        """The price of each column of ``more``."""
        return np.array([one.price for one in self.resources.every], dtype=np.float64)

    def build(self) -> LinearProgram:
        """Return the program without an objective."""
        builder = Builder("max")
        people, vehicles = self.resources.people, self.resources.vehicles
        stations = len(self.resources.options)
        self._add_units(builder, "people", people, (self.lower.on_duty, self.upper.on_duty))
        for t in self.explicit:
            bounds = (self.lower.vehicles[:, t], self.upper.vehicles[:, t])
            self._add_units(builder, f"vehicle_{t}", vehicles[t], bounds)
        builder.add_columns("common", np.zeros(stations), upper=self.common_upper)
        spare = np.minimum(self._common_spare, int(self.common_upper.sum()))
        builder.add_columns("common_total", np.zeros(len(self.common)), upper=spare)
        ones = csr_array(np.ones((1, stations)))
        total = csr_array(-np.ones((1, len(self.common))))
        builder.add_rows("common_total", {"common": ones, "common_total": total}, lower=0, upper=0)
        self._add_more(builder)
        builder.add_columns("force", np.zeros(len(self.open_groups)))
        self._add_force(builder)
        return builder.build()

    def _add_units(
        self, builder: Builder, name: str, resource: Resource, bounds: tuple[IntArray, IntArray]
    ) -> None:
        """Add a resource's columns, and the row that says how many units there can be."""
        builder.add_columns(name, np.zeros(len(bounds[0])), lower=bounds[0], upper=bounds[1])
        if resource.units_max is not None:
            ones = csr_array(np.ones((1, len(bounds[0]))))
            least = float(resource.units_max) if resource.short else 0.0
            most = min(resource.units_max, int(bounds[1].sum()))
            builder.add_rows(f"{name}_total", {name: ones}, lower=least, upper=most)

    def _add_more(self, builder: Builder) -> None:
        """Add who is hired and what is bought, people first."""
        every = self.resources.every
        least = [one.more(0) for one in every]
        most = [one.more(self._most_units(index)) for index, one in enumerate(every)]
        builder.add_columns("more", np.zeros(len(every)), lower=least, upper=most)
        for index, one in enumerate(every):
            block, counts, constant = self._units_of(builder, index)
            terms = {"more": _one(index, len(every)), block: csr_array(-float(one.each) * counts)}
            beyond = float(constant * one.each - one.at_hand)
            builder.add_rows(f"more_{index}", terms, lower=beyond, upper=np.inf)

    def _units_of(self, builder: Builder, index: int) -> tuple[str, csr_array, int]:
        """Return where a resource's units are counted: block, coefficients, constant."""
        t = index - 1
        if t in self.common:
            place = int(np.searchsorted(self.common, t))
            norm = int(self.resources.vehicles[t].norm.sum())
            return "common_total", _one(place, len(self.common)), norm
        block = f"vehicle_{t}" if index else "people"
        return block, csr_array(np.ones((1, builder.width(block)))), 0

    def _most_units(self, index: int) -> int:
        if index == 0:
            return _most(self.resources.people, self.upper.on_duty)
        t = index - 1
        resource = self.resources.vehicles[t]
        if t in self.explicit:
            return _most(resource, self.upper.vehicles[:, t])
        return int(resource.norm.sum()) + resource.spare(int(self.common_upper.sum()))

    def _add_force(self, builder: Builder) -> None:
        groups = self.open_groups
        for index, (need, lower, _, _) in enumerate(self._needs):
            residual = (need - self._reach @ lower)[groups]
            rows = np.flatnonzero(residual > 0)
            counted = self._reach[groups[rows]]
            if index == 0:
                counted = counted * kept_stations(self._stand_in)
            reach = csr_array(counted.astype(np.float64))
            pick = coo_array(
                (-residual[rows].astype(np.float64), (np.arange(len(rows)), rows)),
                shape=(len(rows), len(groups)),
            )
            terms = {**dict.fromkeys(self._blocks(index), reach), "force": csr_array(pick)}
            builder.add_rows(
                f"force_{index}",
                terms,
                lower=self._constants(index, counted),
                upper=np.inf,
            )
        self._add_order(builder)

    def _add_order(self, builder: Builder) -> None:
        """Add a row for each group and those next above it."""
        groups = self.open_groups
        below, above = group_order(self._reach[groups], self.groups.special_needs[groups])
        rows = np.tile(np.arange(len(below)), 2)
        signs = np.repeat([1.0, -1.0], len(below))
        order = coo_array(
            (signs, (rows, np.concatenate([above, below]))), shape=(len(below), len(groups))
        )
        builder.add_rows("force_order", {"force": csr_array(order)}, lower=0.0, upper=np.inf)

    def _blocks(self, index: int) -> list[str]:
        """Return the blocks whose columns count for a need, in the order of ``_needs``."""
        explicit = [f"vehicle_{t}" for t in self.explicit]
        return [["people"], [*explicit, "common"], *[[name] for name in explicit]][index]

    def _constants(self, index: int, reach: IntArray) -> FloatArray:
        """Return what the lower bounds of the columns of a need bring to rows of ``reach``."""
        _, lower, _, _ = self._needs[index]
        if index == 1:  # `common` counts from the norms
            lower = self.lower.vehicles[:, self.explicit].sum(axis=1)
        return (reach @ lower).astype(np.float64)

    @cached_property
    def _stand_in(self) -> IndexArray:
        """The station (station,) where people do as well; vehicles differ by type and stay."""
        need, lower, upper, _ = self._needs[0]
        groups = self.open_groups
        lacking = (need - self._reach @ lower)[groups]
        return stand_ins(self._reach[groups], lacking, upper - lower)

    @property
    def unit_blocks(self) -> tuple[str, ...]:
        """The blocks of columns that place units, in the order of ``sharing``."""
        return ("people", *(f"vehicle_{t}" for t in self.explicit), "common")

    @cached_property
    def sharing(self) -> Sharing:
        """The open groups and the units of ``unit_blocks``, on plain arrays."""
        groups, lower, upper = self.open_groups, self.lower, self.upper
        needs = np.array([need[groups] for need, _, _, _ in self._needs], dtype=np.float64)
        needs[1] -= self._reach[groups] @ lower.vehicles[:, self.common].sum(axis=1)
        limits = [(lower.on_duty, upper.on_duty, self._most_units(0))]
        limits += [
            (lower.vehicles[:, t], upper.vehicles[:, t], self._most_units(t + 1))
            for t in self.explicit.tolist()
        ]
        none = np.zeros_like(self.common_upper)
        limits.append((none, self.common_upper, int(self._common_spare.sum())))
        blocks = [self._blocks(index) for index in range(len(needs))]
        return Sharing(
            in_time=self.groups.in_time[groups],
            weight=self.force_weight,
            needs=np.maximum(needs, 0.0),
            kinds=tuple(
                Kind(*limit, needs=tuple(r for r, names in enumerate(blocks) if name in names))
                for name, limit in zip(self.unit_blocks, limits, strict=True)
            ),
        )

    def common_totals(self, count: int) -> IntArray:
        """Return ``count`` vehicles of common types, above the norms, by type (common type,).

        Those at hand first, then the cheapest.
        """
        every = [self.resources.vehicles[t] for t in self.common]
        beyond = np.array([one.at_hand - int(one.norm.sum()) for one in every], dtype=np.int64)
        at_hand = np.clip(beyond, 0, self._common_spare)
        order = np.argsort([one.price for one in every], kind="stable")
        offers = np.concatenate([at_hand, (self._common_spare - at_hand)[order]])
        taken = np.diff(np.minimum(np.cumsum(offers), count), prepend=0)
        totals: IntArray = taken[: len(every)].copy()
        totals[order] += taken[len(every) :]
        return totals

    def least(self) -> Units:
        """Return units that are least short of the norms, with nothing beyond."""
        people, vehicles = self.resources.people, self.resources.vehicles
        columns = [_within_norm(one) for one in vehicles]
        shape = (len(columns), len(people.norm))
        stacked = np.array(columns, dtype=np.int64).reshape(shape).T
        return Units(_within_norm(people), stacked)

    def values(self, program: LinearProgram, units: Units) -> FloatArray:
        """Return the value of every column for ``units`` within the bounds, people gathered."""
        bounds = self.lower.on_duty, self.upper.on_duty
        units = Units(gathered(units.on_duty, *bounds, self._stand_in), units.vehicles)
        above = units.vehicles - self.lower.vehicles
        totals = [int(units.on_duty.sum()), *units.vehicles.sum(axis=0).tolist()]
        met = self.groups.met(units.on_duty, units.vehicles)
        parts = {
            "people": units.on_duty,
            **{f"vehicle_{t}": units.vehicles[:, t] for t in self.explicit},
            "common": above[:, self.common].sum(axis=1),
            "common_total": above[:, self.common].sum(axis=0),
            "more": np.array(
                [one.more(n) for one, n in zip(self.resources.every, totals, strict=True)]
            ),
            "force": met[self.open_groups],
        }
        return np.concatenate([parts[name].astype(np.float64) for name in program.columns])

    def units(self, program: LinearProgram, values: FloatArray) -> Units:
        """Return the units of a solution; common types are dealt out in their order."""
        whole = {
            name: np.round(values[at]).astype(np.int64) for name, at in program.columns.items()
        }
        vehicles = self.lower.vehicles.copy()
        for t in self.explicit:
            vehicles[:, t] = whole[f"vehicle_{t}"]
        left = whole["common"].copy()
        for t, total in zip(self.common, whole["common_total"].tolist(), strict=True):
            before = np.minimum(np.cumsum(left), total)
            dealt = np.diff(before, prepend=0)
            vehicles[:, t] += dealt
            left -= dealt
        return Units(whole["people"], vehicles)


def _upper(resource: Resource, above: IntArray) -> IntArray:
    """Return the most units each station needs, ``above`` its norm for full force."""
    if resource.short:
        return np.minimum(resource.norm, resource.units_max or 0)
    return resource.norm + np.minimum(above, resource.spare(int(above.sum())))


def _most(resource: Resource, upper: IntArray) -> int:
    """Return the most units that there are for the stations."""
    most = int(upper.sum())
    return most if resource.units_max is None else min(most, resource.units_max)


def _within_norm(resource: Resource) -> IntArray:
    """Return the norms, or as much of them as there is, first station first."""
    if not resource.short:
        return resource.norm
    filled = np.minimum(np.cumsum(resource.norm), resource.units_max or 0)
    return np.diff(filled, prepend=0)


def _one(place: int, width: int) -> csr_array:
    """Return a row with a 1 at ``place``."""
    return csr_array((np.ones(1), ([0], [place])), shape=(1, width))
