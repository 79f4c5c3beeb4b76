"""The request and the sites of a plan as the verifier reads them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.facilities import FacilityPlan, FacilityRequest
from models.facilities.places import FacilitySite
from models.facilities.plan import REACH_TOLERANCE
from models.facilities.request import Goal
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.travel import TravelTimes, travel_times

_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class Question:
    """A request with its names resolved, and who is served by the sites of a plan.

    ``own`` is the position among ``opened`` of the facility that serves each point by being the
    nearest, -1 where none is within reach; ``amounts`` (point, served) are what the plan's
    allocations add up to where facilities can be full.
    """

    request: FacilityRequest
    sites: Mapping[str, FacilitySite]
    opened: tuple[str, ...]
    points: Mapping[str, int]
    weight: FloatArray  # (point,)
    nearest: FloatArray  # (point,) way to the nearest facility, inf without one
    own: np.ndarray[tuple[int], np.dtype[np.intp]]
    amounts: FloatArray
    _times: TravelTimes

    @classmethod
    def read(cls, request: FacilityRequest, plan: FacilityPlan, store: Store | None) -> "Question":
        """Return the question of ``request`` under the sites of ``plan``."""
        return next(cls.each(request, (plan,), store))

    @classmethod
    def each(
        cls, request: FacilityRequest, plans: Iterable[FacilityPlan], store: Store | None
    ) -> Iterator["Question"]:
        """Yield the question of ``request`` under the sites of each plan."""
        store = None if store is None else store.uncached
        demand = DemandArrays.from_request(request.demand_points, store)
        places = tuple(site.as_site() for site in request.sites)
        times = travel_times(request.travel, demand, places, store)
        name = request.weight if request.weight is not None else next(iter(demand.weights), None)
        weight = np.ones(len(demand)) if name is None else demand.weights[name]
        for plan in plans:
            yield cls._under(request, demand, weight, times, plan)

    @classmethod
    def _under(
        cls,
        request: FacilityRequest,
        demand: DemandArrays,
        weight: FloatArray,
        times: TravelTimes,
        plan: FacilityPlan,
    ) -> "Question":
        index = {site.id: j for j, site in enumerate(request.sites)}
        opened = tuple(sorted({one.site_id for one in plan.facilities}, key=index.__getitem__))
        columns = np.array([index[one] for one in opened], dtype=np.intp)
        nearest, own = _nearest(request, times, columns)
        own[~within(nearest, reach_of(request))] = -1
        points = {name: i for i, name in enumerate(demand.ids.tolist())}
        amounts = np.where(own >= 0, weight, 0.0)
        if request.has_capacities:
            amounts = np.zeros(len(weight))
            for one in plan.allocations or ():
                amounts[points.get(one.point_id, 0)] += one.served * (one.point_id in points)
        return cls(
            request=request,
            sites={site.id: site for site in request.sites},
            opened=opened,
            points=points,
            weight=weight,
            nearest=nearest,
            own=own,
            amounts=amounts,
            _times=times,
        )

    def ways(self, points: list[int], sites: list[str]) -> FloatArray:
        """Return how far each of some points is from the facility named beside it."""
        row = np.array(points, dtype=np.intp)
        place = {one: n for n, one in enumerate(self.opened)}
        column = np.array([place[one] for one in sites], dtype=np.intp)
        index = {site.id: j for j, site in enumerate(self.request.sites)}
        columns = np.array([index[one] for one in self.opened], dtype=np.intp)
        found = np.zeros(len(row))
        for start in range(0, len(self.weight), _ROWS):
            rows = slice(start, min(len(self.weight), start + _ROWS))
            at = np.flatnonzero((row >= rows.start) & (row < rows.stop))
            if len(at):
                block = _ways(self.request, self._times, rows, columns)
                found[at] = block[row[at] - rows.start, column[at]]
        return found

    def ways_of(self, point: int) -> FloatArray:
        """Return how far a point is from every site."""
        every = np.arange(len(self.request.sites))
        found: FloatArray = _ways(self.request, self._times, slice(point, point + 1), every)[0]
        return found

    @property
    def missing(self) -> FloatArray:
        """What of each point is not served."""
        left: FloatArray = np.maximum(0.0, self.weight - self.amounts)
        left[left <= 1e-7 * self.weight] = 0.0
        return left

    def value(self, plan: FacilityPlan) -> float:
        """Return what the goal is worth, infinite where a point that must be reached is not."""
        request, missing = self.request, self.missing
        cap = np.inf if request.unreached is None else request.unreached
        if request.goal is Goal.COVER:
            return float((self.weight - missing).sum())
        if request.goal is Goal.SET_COVER:
            new = [self.sites[one] for one in self.opened if self.sites[one].state != "existing"]
            return sum(one.cost for one in new) if request.counts_cost else float(len(new))
        ways, served = self._travelled(plan)
        left = missing > 0
        if request.goal is not Goal.P_CENTER:
            beyond = float(missing[left].sum()) * cap if left.any() else 0.0
            summed = float(ways @ served) + beyond
            return summed if request.goal is Goal.P_MEDIAN else self._paid(summed)
        return max(float(ways.max(initial=0.0)), cap if left.any() else 0.0)

    def _paid(self, summed: float) -> float:
        """Return what is built and what weight times way cost together."""
        new = [self.sites[one] for one in self.opened if self.sites[one].state != "existing"]
        return sum(one.cost for one in new) + self.request.way_cost * summed

    def _travelled(self, plan: FacilityPlan) -> tuple[FloatArray, FloatArray]:
        """Return how far, and how much of it: one entry per point or allocation."""
        if not self.request.has_capacities:
            there = (self.own >= 0) & (self.weight > 0)
            return self.nearest[there], self.weight[there]
        given = [one for one in plan.allocations or () if one.served > 0]
        ways = self.ways(
            [self.points[one.point_id] for one in given], [one.site_id for one in given]
        )
        return ways, np.array([one.served for one in given])


def reach_of(request: FacilityRequest) -> float:
    """Return how far a facility serves."""
    limit = request.radius if request.covers else request.unreached
    return np.inf if limit is None else limit + REACH_TOLERANCE


def within(ways: FloatArray, reach: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which ways exist and are no longer than ``reach``."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (ways < np.inf) & (ways <= reach)
    return found


def _ways(
    request: FacilityRequest,
    times: TravelTimes,
    rows: slice,
    columns: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> FloatArray:
    named = request.travel_scenario
    states = [n for n, one in enumerate(times.scenario_ids) if named is None or one == named]
    longest = np.max([times.block(n, rows, columns) for n in states], axis=0)
    metres = request.measure == "metres"
    return np.asarray(longest * (request.reference_speed_m_s if metres else 1.0))


def _nearest(
    request: FacilityRequest,
    times: TravelTimes,
    columns: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    count = times.shape[0]
    nearest, own = np.full(count, np.inf), np.full(count, -1, dtype=np.intp)
    if not len(columns):
        return nearest, own
    for start in range(0, count, _ROWS):
        rows = slice(start, min(count, start + _ROWS))
        ways = _ways(request, times, rows, columns)
        own[rows] = ways.argmin(axis=1)
        nearest[rows] = ways.min(axis=1)
    return nearest, own
