"""Chosen sites and who is served; every figure counted afresh; the plan in names."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.facilities import FacilityPlan
from models.facilities.plan import (
    LISTED_MAX,
    REACH_TOLERANCE,
    Allocation,
    FacilityFigures,
    OpenFacility,
    Reason,
    Unserved,
)
from models.facilities.request import Goal
from models.places import DemandTable
from optimizer.coverage import row_blocks
from optimizer.demand import FloatArray
from optimizer.facilities.instance import BoolArray, IndexArray, Instance

_REASONS: tuple[Reason, ...] = ("out_of_reach", "not_open", "full")
NOTHING = 1e-7  # of a point's weight: less than that unserved is rounding


@dataclass(frozen=True)
class Service:
    """Who serves whom: one entry per row and facility."""

    row: IndexArray  # (entry,)
    site: IndexArray
    served: FloatArray
    way: FloatArray


@dataclass(frozen=True, eq=False)
class Solution:
    """Which sites are open; ``split`` says who serves whom where facilities can be full."""

    instance: Instance
    open: BoolArray  # (site,)
    split: Service | None = None

    @cached_property
    def nearest(self) -> tuple[IndexArray, FloatArray]:
        """The nearest open site of every row, of equal ones the first, and its way."""
        instance, chosen = self.instance, np.flatnonzero(self.open)
        rows = len(instance.counted)
        site, way = np.full(rows, -1, dtype=np.intp), np.full(rows, np.inf)
        if not len(chosen):
            return site, way
        for block in row_blocks(rows, len(chosen)):
            ways = instance.ways(block, chosen)
            best = ways.argmin(axis=1)
            site[block], way[block] = chosen[best], ways[np.arange(len(best)), best]
        return site, way

    @cached_property
    def service(self) -> Service:
        """Who serves whom: the nearest facility within reach, where none can be full."""
        if self.split is not None:
            return self.split
        site, way = self.nearest
        row = np.flatnonzero(self.instance.within(way, self.instance.reach))
        return Service(row, site[row], self.instance.weight[row], way[row])

    @cached_property
    def missing(self) -> FloatArray:
        """What of each row is not served."""
        weight, service = self.instance.weight, self.service
        served = np.bincount(service.row, service.served, minlength=len(weight))
        left: FloatArray = np.maximum(0.0, weight - served)
        left[left <= NOTHING * weight] = 0.0
        return left

    @property
    def cost(self) -> float:
        """What building costs."""
        return float(self.instance.cost[self.open].sum())

    @property
    def new(self) -> BoolArray:
        """The sites it builds on."""
        new: BoolArray = self.open & ~self.instance.existing
        return new

    @cached_property
    def value(self) -> float:
        """What the goal is worth."""
        match self.instance.goal:
            case Goal.COVER:
                return self.instance.total - float(self.missing.sum())
            case Goal.SET_COVER:
                return float(self.instance.priced[self.open].sum())
            case Goal.P_MEDIAN:
                return self._summed()
            case Goal.P_CENTER:
                return self._longest()
            case Goal.LEAST_COST:
                return self.cost + self.instance.rate * self._summed()

    def _summed(self) -> float:
        cap = self.instance.request.unreached
        left = float(self.missing.sum())
        beyond = 0.0 if left == 0.0 else left * (np.inf if cap is None else cap)
        return float(self.service.served @ self.service.way) + beyond

    def _longest(self) -> float:
        cap = self.instance.request.unreached
        longest = float(self.service.way.max(initial=0.0))
        if self.missing.any():
            return np.inf if cap is None else max(longest, cap)
        return longest

    @property
    def opened_sites(self) -> tuple[str, ...]:
        """The ids of the sites it builds on."""
        return tuple(self.instance.request.sites[j].id for j in np.flatnonzero(self.new))

    def bare_plan(self) -> FacilityPlan:
        """Return the plan without figures: enough to judge it and to start from."""
        chosen = np.flatnonzero(self.open).tolist()
        sites = self.instance.request.sites
        return FacilityPlan(
            facilities=tuple(OpenFacility(site_id=sites[j].id) for j in chosen),
            allocations=None if self.split is None else self._allocations(),
            illustrative=self.instance.request.illustrative,
        )

    def plan(self) -> FacilityPlan:
        """Return the plan with all its figures."""
        listed = not isinstance(self.instance.request.demand_points, DemandTable)
        return FacilityPlan(
            facilities=self._facilities(),
            allocations=self._allocations() if listed else None,
            unserved=self.unserved(),
            objective_value=self.value if np.isfinite(self.value) else None,
            figures=self._figures(),
            illustrative=self.instance.request.illustrative,
        )

    def _facilities(self) -> tuple[OpenFacility, ...]:
        instance, service = self.instance, self.service
        points = np.bincount(service.site, minlength=instance.sites)
        served = np.bincount(service.site, service.served, minlength=instance.sites)
        farthest = np.zeros(instance.sites)
        np.maximum.at(farthest, service.site, service.way)
        sites = instance.request.sites
        return tuple(
            OpenFacility(
                site_id=sites[j].id,
                state=sites[j].state,
                cost=float(instance.cost[j]),
                points=int(points[j]),
                served=float(served[j]),
                farthest=float(farthest[j]) if points[j] else None,
            )
            for j in np.flatnonzero(self.open).tolist()
        )

    def _allocations(self) -> tuple[Allocation, ...]:
        instance, service = self.instance, self.service
        names, sites = instance.demand.ids, instance.request.sites
        order = np.lexsort((service.site, service.row))
        return tuple(
            Allocation(
                point_id=names[instance.counted[service.row[k]]],
                site_id=sites[service.site[k]].id,
                served=float(service.served[k]),
                way=float(service.way[k]),
            )
            for k in order.tolist()
        )

    @cached_property
    def reasons(self) -> tuple[IndexArray, tuple[Reason, ...]]:
        """The rows that are not wholly served, the heaviest first, and why."""
        instance = self.instance
        usable = ~instance.forbidden
        left = usable & ~self.open
        why = np.zeros(len(self.missing), dtype=np.intp)
        for block in row_blocks(len(why), instance.sites):
            short = np.flatnonzero(self.missing[block])
            if len(short):
                near = instance.within(instance.ways(block)[short], instance.reach)
                reached, could = (near & usable).any(axis=1), (near & left).any(axis=1)
                why[block.start + short] = np.where(could, 1, np.where(reached, 2, 0))
        rows = np.flatnonzero(self.missing)
        rows = rows[np.argsort(-self.missing[rows], kind="stable")]
        return rows, tuple(_REASONS[code] for code in why[rows].tolist())

    def unserved(self) -> tuple[Unserved, ...]:
        """Return the points that are not wholly served, the heaviest first, with the reason."""
        way, instance = self.nearest[1], self.instance
        rows, reasons = self.reasons
        return tuple(
            Unserved(
                point_id=instance.demand.ids[instance.counted[row]],
                weight=float(self.missing[row]),
                reason=reason,
                nearest=float(way[row]) if np.isfinite(way[row]) else None,
            )
            for row, reason in zip(rows[:LISTED_MAX].tolist(), reasons, strict=False)
        )

    def _figures(self) -> FacilityFigures:
        instance, service = self.instance, self.service
        served = float(service.served.sum())
        radius = instance.request.radius
        near = (
            None if radius is None else instance.within(self.nearest[1], radius + REACH_TOLERANCE)
        )
        return FacilityFigures(
            weight=instance.total,
            served=instance.total - float(self.missing.sum()),
            points=len(instance.counted),
            points_unserved=int(np.count_nonzero(self.missing)),
            new_facilities=int(self.new.sum()),
            cost=self.cost,
            mean_way=float(service.served @ service.way) / served if served > 0 else None,
            longest_way=float(service.way.max()) if len(service.way) else None,
            within_radius=None if near is None else float(instance.weight[near].sum()),
        )


def of_names(instance: Instance, plan: FacilityPlan) -> BoolArray:
    """Return which sites a plan opens, those that exist included; unknown names are passed over."""
    named = {one.site_id for one in plan.facilities}
    opened = [site.id in named for site in instance.request.sites]
    return np.array(opened, dtype=np.bool_) | instance.existing
