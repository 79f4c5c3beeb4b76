"""What can be read off a request once: times, classes, groups of demand points."""

from dataclasses import dataclass
from functools import cached_property

from models.fire_stations import FireStationRequest
from models.fire_stations.plan import Action
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.standards import ResponseStandard, StationClass
from tests.oracles.travel import distance_m, scenario_shares, travel_times

SLACK_S = 1e-6  # a response time this much above a limit still counts as in time
RELATIVE = 1e-6  # what two values may differ by and count as the same


@dataclass(frozen=True, slots=True)
class Facility:
    """One open station: where, of which class, by which change, and what it has and costs."""

    site: int
    class_id: str
    action: Action
    people: int
    vehicles: tuple[tuple[str, int], ...]
    capital: float
    yearly: float
    moved_from: int | None = None


Plan = tuple[Facility, ...]  # the open stations in the order of the sites


class Facts:
    """A request's times and groups, computed once."""

    def __init__(self, request: FireStationRequest) -> None:
        self.request = request
        self.sites = request.sites
        self.points = request.demand_points
        self.scenario_shares = scenario_shares(request)
        self.scenarios = range(len(self.scenario_shares))
        self._travel = travel_times(request)
        self._response: dict[tuple[int, str], list[list[float]]] = {}
        self._nearest: dict[tuple[tuple[int, str], ...], list[list[float]]] = {}
        self._weights: dict[str, list[float]] = {}
        self.options: dict[int, list[Facility | None]] = {}  # by site, once listed
        self.every_time: dict[int, list[float]] = {}  # by scenario: the least of any option

    @cached_property
    def standard(self) -> ResponseStandard:
        given = self.request.standard
        return RESPONSE_STANDARDS[given] if isinstance(given, str) else given

    @cached_property
    def classes(self) -> dict[str, StationClass]:
        named = set(self.request.new_stations)
        for site in self.sites:
            named |= set(site.allowed_classes or ())
            named |= {site.station.class_id} if site.station else set()
        presets = {id_: STATION_CLASSES[id_] for id_ in named if id_ in STATION_CLASSES}
        return presets | {one.id: one for one in self.request.classes}

    def weights(self, name: str) -> list[float]:
        """Return the demand weight ``name`` of every point."""
        if name not in self._weights:
            self._weights[name] = [point.weights.get(name, 0.0) for point in self.points]
        return self._weights[name]

    def response(self, site: int, class_id: str) -> list[list[float]]:
        """Return turnout plus travel as [scenario][point]."""
        key = (site, class_id)
        if key not in self._response:
            own = self.classes[class_id].turnout_s
            turnout = self.standard.turnout_s if own is None else own
            self._response[key] = [
                [turnout + seconds for seconds in times[site]] for times in self._travel
            ]
        return self._response[key]

    def nearest(self, plan: Plan) -> list[list[float]]:
        """Return the least response time of ``plan`` as [scenario][point]; inf for none."""
        key = tuple((one.site, one.class_id) for one in plan)
        if key not in self._nearest:
            rows = [self.response(site, class_id) for site, class_id in key]
            self._nearest[key] = [
                [min(times) for times in zip(*(row[s] for row in rows), strict=True)]
                if rows
                else [float("inf")] * len(self.points)
                for s in self.scenarios
            ]
        return self._nearest[key]

    @cached_property
    def site_distance_m(self) -> list[list[float]]:
        return [[distance_m(one, other) for other in self.sites] for one in self.sites]

    @cached_property
    def areas_of_point(self) -> list[set[str]]:
        """The area of each point and all areas above it."""
        parent = {area.id: area.parent for area in self.request.areas}
        found = []
        for point in self.points:
            above, area = set(), point.area
            while area is not None and area not in above:
                above.add(area)
                area = parent.get(area)
            found.append(above)
        return found

    def area_ids(self, level: str | None) -> list[str]:
        """Return the areas of ``level``; None: those that demand points name."""
        if level is None:
            return sorted({point.area for point in self.points if point.area is not None})
        return [area.id for area in self.request.areas if area.level == level]

    def points_in(self, area: str) -> list[int]:
        """Return the points that lie in ``area`` or in what lies in it."""
        return [i for i, above in enumerate(self.areas_of_point) if area in above]

    @cached_property
    def built_up_m2(self) -> list[float]:
        return [
            point.built_up_area_m2
            if point.built_up_area_m2 is not None
            else (point.area_m2 or 0.0) * (1 - point.forest_share)
            for point in self.points
        ]
