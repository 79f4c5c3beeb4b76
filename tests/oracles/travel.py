"""Travel times and distances, from the definitions."""

import math

from models.fire_stations import FireStationRequest
from models.places import Place
from models.travel import (
    AccelerationLaw,
    ByCoordinates,
    ByMatrix,
    ConstantSpeed,
    SpeedProfile,
    TravelLaw,
)

EARTH_RADIUS_M = 6371008.8

Times = list[list[float]]  # [site][point] of seconds; math.inf where unreachable


def distance_m(one: Place, other: Place) -> float:
    """Return the straight-line distance: haversine, or Euclid on a plane."""
    if one.x_m is not None:
        return math.sqrt((one.x_m - other.x_m) ** 2 + (one.y_m - other.y_m) ** 2)
    phi, psi = math.radians(one.lat), math.radians(other.lat)
    half_lon = math.radians(other.lon - one.lon) / 2
    inner = math.sin((psi - phi) / 2) ** 2
    inner += math.cos(phi) * math.cos(psi) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(inner))


def _profile_s(profile: SpeedProfile, road_m: float) -> float:
    seconds, start_m = 0.0, 0.0
    for band in profile.bands:
        end_m = math.inf if band.up_to_m is None else band.up_to_m
        seconds += max(0.0, min(road_m, end_m) - start_m) / band.speed_m_s
        start_m = end_m
    return seconds


def _acceleration_s(law: AccelerationLaw, road_m: float) -> float:
    speed, acceleration = law.cruise_speed_m_s, law.acceleration_m_s2
    if road_m <= speed**2 / acceleration:
        return law.offset_s + 2 * math.sqrt(road_m / acceleration)
    return law.offset_s + speed / acceleration + road_m / speed


def law_s(law: TravelLaw, road_m: float) -> float:
    """Return the travel time over ``road_m`` by ``law``."""
    if isinstance(law, ConstantSpeed):
        return road_m / law.speed_m_s
    if isinstance(law, SpeedProfile):
        return _profile_s(law, road_m)
    return _acceleration_s(law, road_m)


def _by_coordinates(request: FireStationRequest, travel: ByCoordinates) -> list[Times]:
    roads = [
        [distance_m(site, point) * travel.detour_factor for point in request.demand_points]
        for site in request.sites
    ]
    return [
        [[law_s(scenario.law, road) for road in row] for row in roads]
        for scenario in travel.scenarios
    ]


def _by_matrix(travel: ByMatrix) -> list[Times]:
    return [
        [
            [math.inf if seconds is None else seconds for seconds in column]
            for column in zip(*scenario.travel_time_s, strict=True)
        ]
        for scenario in travel.scenarios
    ]


def travel_times(request: FireStationRequest) -> list[Times]:
    """Return seconds as [scenario][site][point]."""
    if isinstance(request.travel, ByMatrix):
        return _by_matrix(request.travel)
    return _by_coordinates(request, request.travel)


def scenario_shares(request: FireStationRequest) -> list[float]:
    """Return the scenarios' weights, summing to 1."""
    total = sum(scenario.weight for scenario in request.travel.scenarios)
    return [scenario.weight / total for scenario in request.travel.scenarios]
