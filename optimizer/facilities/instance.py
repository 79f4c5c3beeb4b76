"""The request as arrays: what counts of each point, the ways, and what is settled of each site."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.facilities import FacilityRequest
from models.facilities.places import SiteState
from models.facilities.plan import REACH_TOLERANCE
from models.facilities.request import Goal
from optimizer.coverage import Words, pack, row_blocks
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.facilities.checks import check
from optimizer.travel import TravelTimes, travel_times

IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Instance:
    """One request, its names replaced by places in arrays.

    Rows of ways and groups are the points of which something counts, ``counted``.
    """

    request: FacilityRequest
    demand: DemandArrays
    travel: TravelTimes
    counted: IndexArray  # (row,) the points that ask for anything
    weight: FloatArray  # (row,)
    cost: FloatArray  # (site,) of what is not there yet
    capacity: FloatArray  # (site,) inf where any amount fits
    existing: BoolArray  # (site,)
    fixed: BoolArray
    forbidden: BoolArray

    @classmethod
    def from_request(cls, request: FacilityRequest, store: Store | None) -> Self:
        """Return the arrays of ``request``.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        demand = DemandArrays.from_request(request.demand_points, store)
        faults = check(request, demand)
        if faults:
            raise InputError(faults)
        sites = tuple(site.as_site() for site in request.sites)
        travel = travel_times(request.travel, demand, sites, store)
        name = request.weight or next(iter(demand.weights), None)
        whole = np.ones(len(demand)) if name is None else demand.weights[name]
        counted = np.flatnonzero(whole > 0)
        states = [site.state for site in request.sites]
        existing = np.array([one is SiteState.EXISTING for one in states], dtype=np.bool_)
        return cls(
            request=request,
            demand=demand,
            travel=travel,
            counted=counted,
            weight=whole[counted],
            cost=np.where(existing, 0.0, [site.cost for site in request.sites]),
            capacity=np.array(
                [np.inf if one.capacity is None else one.capacity for one in request.sites]
            ),
            existing=existing,
            fixed=np.array([one is SiteState.FIXED for one in states], dtype=np.bool_),
            forbidden=np.array([one is SiteState.FORBIDDEN for one in states], dtype=np.bool_),
        )

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return len(self.cost)

    @property
    def free(self) -> BoolArray:
        """The sites that may be opened and need not be."""
        free: BoolArray = ~(self.existing | self.fixed | self.forbidden)
        return free

    @property
    def settled(self) -> BoolArray:
        """The sites that are open in every plan."""
        settled: BoolArray = self.existing | self.fixed
        return settled

    @property
    def total(self) -> float:
        """The weight of all points."""
        return float(self.weight.sum())

    @property
    def reach(self) -> float:
        """How far a facility serves; infinite where any way that exists will do."""
        request = self.request
        limit = request.radius if request.covers else request.unreached
        return np.inf if limit is None else limit + REACH_TOLERANCE

    def ways(self, rows: slice, sites: IndexArray | slice = slice(None)) -> FloatArray:
        """Return the ways (row, site) of some, ``inf`` where there is none."""
        points = self.counted[rows]
        if not len(points):
            return np.zeros((0, len(np.arange(self.sites)[sites])))
        first, last = int(points[0]), int(points[-1]) + 1
        wanted, inside = self.request.travel_scenario, points - first
        longest: FloatArray | None = None
        for state, name in enumerate(self.travel.scenario_ids):
            if wanted in (None, name):
                found = self.travel.block(state, slice(first, last), sites)[inside]
                longest = found if longest is None else np.maximum(longest, found)
        assert longest is not None  # the request has a scenario, and names one it has
        metres = self.request.measure == "metres"
        return longest * self.request.reference_speed_m_s if metres else longest

    @cached_property
    def matrix(self) -> FloatArray:
        """All ways (row, site)."""
        return self.ways(slice(0, len(self.counted)))

    def sets(self, reach: float) -> Words:
        """Return for every row the sites within a way of ``reach``, as packed bits."""
        blocks = row_blocks(len(self.counted), self.sites)
        sets = [pack(self.within(self.ways(rows), reach)) for rows in blocks]
        words = max(1, -(-self.sites // 64))
        return np.concatenate([np.zeros((0, words), dtype=np.uint64), *sets])

    @cached_property
    def cut_off(self) -> tuple[str, ...]:
        """The points that must be reached, and that no site which may be used reaches."""
        if self.request.covers or self.request.unreached is not None:
            return ()
        there = np.isfinite(self.matrix[:, ~self.forbidden]).any(axis=1)
        return tuple(self.demand.ids[self.counted[~there]].tolist())

    @staticmethod
    def within(ways: FloatArray, reach: float) -> BoolArray:
        """Return which ways are no longer than ``reach``; one that does not exist never is."""
        found: BoolArray = np.isfinite(ways) & (ways <= reach)
        return found

    @property
    def priced(self) -> FloatArray:
        """What a set cover pays for each site: its cost, or 1 where none has a cost."""
        return self.cost if self.request.counts_cost else np.where(self.existing, 0.0, 1.0)

    @cached_property
    def count(self) -> int | None:
        """How many free sites may be opened; negative: too many must be; None: money decides.

        Where all free sites cost the same, a budget is a number.
        """
        request, most = self.request, self.sites
        if request.number is not None:
            most = request.number - int(self.fixed.sum())
        if request.budget is not None:
            left = request.budget - float(self.cost[self.fixed].sum())
            prices = np.unique(self.cost[self.free])
            slack = 1e-9 * max(1.0, request.budget)
            if left < -slack:
                return -1
            if len(prices) > 1:
                return None if most >= 0 else most
            if len(prices) and prices[0] > 0:
                most = min(most, int((left + slack) / prices[0]))
        return min(most, int(self.free.sum()))

    @property
    def rate(self) -> float:
        """What the goal counts for a unit of weight and way."""
        return self.request.way_cost if self.goal is Goal.LEAST_COST else 1.0

    @property
    def goal(self) -> Goal:
        """What is asked for."""
        return self.request.goal
