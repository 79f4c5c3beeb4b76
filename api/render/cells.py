"""What each demand point gets: times, stations and cover, before and after, by scenario."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from api.render.names import standard
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.plan import ScenarioAllocation
from models.places import DemandPoint

When = Literal["before", "after"]
Category = Literal[
    "covered_already",
    "covered_newly",
    "covered_partly",
    "covered",
    "uncovered",
    "lost",
    "unknown",
]

# The verifier and the engine grant the same tolerance.
_TOLERANCE_S = 1e-6


@dataclass(frozen=True)
class Cells:
    """The demand points of a request with what an answer says of each.

    Points and allocations kept as datasets are not drawn: ``points`` is empty then.
    """

    request: FireStationRequest
    answer: FireStationAnswer

    @cached_property
    def points(self) -> tuple[DemandPoint, ...]:
        """The demand points, none where demand is a dataset."""
        demand = self.request.demand_points
        return demand if isinstance(demand, tuple) else ()

    @cached_property
    def within_s(self) -> float:
        """The first-arrival standard."""
        return standard(self.request).within_s

    @cached_property
    def scenario_weights(self) -> Mapping[str, float]:
        """The travel scenarios' weights, summing to 1."""
        scenarios = self.request.travel.scenarios
        total = sum(one.weight for one in scenarios)
        return {one.id: one.weight / total for one in scenarios}

    @cached_property
    def reason(self) -> Mapping[str, str]:
        """Why a point stays uncovered, by its id."""
        explanation = self.answer.explanation
        groups = explanation.uncovered if explanation else ()
        return {point_id: group.reason for group in groups for point_id in group.point_ids}

    def allocations(self, when: When) -> Mapping[str, ScenarioAllocation]:
        """Return the allocations of today's stations or of the plan's, by scenario."""
        plan = self.answer.plan
        if plan is None:
            return {}
        found = plan.allocation_before if when == "before" else plan.allocation
        return {one.scenario_id: one for one in found or ()}

    def has_times(self, when: When) -> bool:
        """Return whether every scenario has a response time for each point it can reach."""
        found = self.allocations(when)
        return bool(self.points) and all(
            scenario in found and isinstance(found[scenario].response_time_s, dict)
            for scenario in self.scenario_weights
        )

    @cached_property
    def _times(self) -> Mapping[tuple[When, str], Mapping[str, float]]:
        return {
            (when, scenario): allocation.response_time_s
            for when in _WHENS
            for scenario, allocation in self.allocations(when).items()
            if isinstance(allocation.response_time_s, dict)
        }

    @cached_property
    def _nearest(self) -> Mapping[tuple[When, str], Mapping[str, str]]:
        return {
            (when, scenario): allocation.nearest_site
            for when in _WHENS
            for scenario, allocation in self.allocations(when).items()
            if isinstance(allocation.nearest_site, dict)
        }

    def time_s(self, point_id: str, when: When, scenario: str) -> float | None:
        """Return a point's response time; None where it is unknown or nobody arrives."""
        return self._times.get((when, scenario), {}).get(point_id)

    def covered_share(self, point_id: str, when: When) -> float | None:
        """Return in what share of the scenarios, by weight, a point is covered."""
        weights = self.scenario_weights
        if any((when, scenario) not in self._times for scenario in weights):
            return None
        limit = self.within_s + _TOLERANCE_S
        covered = (
            weight
            for scenario, weight in weights.items()
            if self._times[when, scenario].get(point_id, limit + 1) <= limit
        )
        return round(sum(covered), 9)

    def category(self, point_id: str) -> Category:
        """Return what the plan changes for a point."""
        return category(
            self.covered_share(point_id, "before"), self.covered_share(point_id, "after")
        )

    def by_scenario(self, point_id: str) -> dict[str, dict[str, Any]]:
        """Return a point's nearest station and response time by scenario, before and after."""
        return {
            scenario: {
                "before_s": self._rounded(point_id, "before", scenario),
                "after_s": self._rounded(point_id, "after", scenario),
                "nearest_before": self._nearest.get(("before", scenario), {}).get(point_id),
                "nearest_after": self._nearest.get(("after", scenario), {}).get(point_id),
            }
            for scenario in self.scenario_weights
        }

    def _rounded(self, point_id: str, when: When, scenario: str) -> float | None:
        time_s = self.time_s(point_id, when, scenario)
        return None if time_s is None else round(time_s, 1)

    def weighted_times(self, when: When, weight: str) -> list[tuple[float | None, float]]:
        """Return (response time, expected weight) of every point and scenario; None: unreached."""
        return [
            (self.time_s(point.id, when, scenario), part * point.weights.get(weight, 0.0))
            for scenario, part in self.scenario_weights.items()
            for point in self.points
        ]

    def total(self, weight: str) -> float:
        """Return how much of a weight there is."""
        return sum(_of(self.points, weight))


def category(before: float | None, after: float | None) -> Category:
    """Return what changes between two covered shares; None means unknown.

    Examples
    --------
    >>> category(0.0, 1.0), category(1.0, 0.5), category(None, 1.0), category(0.5, 0.5)
    ('covered_newly', 'lost', 'covered', 'covered_partly')
    """
    if after is None:
        return "unknown"
    if before is not None and after < before:
        return "lost"
    if 0 < after < 1:
        return "covered_partly"
    if after == 0:
        return "uncovered"
    if before is None:
        return "covered"
    return "covered_already" if before == 1 else "covered_newly"


def _of(points: Iterable[DemandPoint], weight: str) -> Iterable[float]:
    return (point.weights.get(weight, 0.0) for point in points)


_WHENS: tuple[When, When] = ("before", "after")
