"""A right request, and every way to spoil it by one fault."""

import copy
from typing import Any

from models.faults import Fault
from models.fire_stations import FireStationRequest
from models.messages import render
from models.text import LANGUAGES
from optimizer.datasets import Store
from optimizer.demand import DemandArrays
from optimizer.fire_stations.checks import check

Json = dict[str, Any]
Edit = tuple[str, Any]  # where, with dots; what is to stand there
Found = list[tuple[str, str]]  # path, code


def right_request() -> Json:
    """Return a request that uses every field a check looks at, and has no fault."""
    station = {"class_id": "city", "may": ["move"], "vehicles": {"engine": 3, "foam": 1}}
    return {
        "demand_points": [
            {"id": "P0", "lat": 45.0, "lon": 9.0, "area": "C0", "risk_class": "high"},
            {"id": "P1", "lat": 45.1, "lon": 9.1, "area": "C1"},
            {"id": "P2", "lat": 45.2, "lon": 9.2, "weights": {"residents": 2, "shops": 1}},
        ],
        "sites": [
            {"id": "S0", "lat": 45.0, "lon": 9.1, "station": station},
            {"id": "S1", "lat": 45.1, "lon": 9.0, "allowed_classes": ["city", "small"]},
            {"id": "S2", "lat": 45.1, "lon": 9.2},
            {
                "id": "S3",
                "lat": 45.2,
                "lon": 9.1,
                "station": {"class_id": "small", "status": "built_idle"},
            },
        ],
        "new_stations": {"city": 1, "small": {"min": 0, "max": 1}},
        "standard": own_standard(),
        "travel": {
            "kind": "coordinates",
            "scenarios": [
                {"id": "peak", "law": speed_profile(500, 1000, None)},
                {"id": "night", "law": {"kind": "constant_speed"}},
            ],
        },
        "rules": {
            "open_sites": [{"site_id": "S2", "class_id": "city"}],
            "forbidden_sites": ["S1"],
            "spacing": {"distance_m": 100},
            "cover_floors": [
                {"share": 0.1, "each": "area", "level": "community"},
                {"share": 0.1, "risk_class": "high"},
                {"share": 0.1, "area": "D", "weight": "shops"},
            ],
        },
        "objectives": [
            {"kind": "cover"},
            {"kind": "full_force"},
            {"kind": "expected_cover", "classes": ["city", "small"], "weight": "shops"},
            {"kind": "gradual_cover", "steps": steps((200, 1), (300, 0.5), (400, 0.5))},
            {"kind": "worst_area", "level": "community"},
            {"kind": "cost"},
        ],
        "areas": [
            {"id": "D", "level": "district"},
            {"id": "C0", "level": "community", "parent": "D"},
            {"id": "C1", "level": "community", "parent": "D"},
        ],
        "risk_classes": [{"id": "high", "vehicle_types": {"foam": 1}}],
        "population_weight": "residents",
        "staffing": {"vehicles_at_hand": {"engine": 9}, "vehicle_price": {"ladder": 1e6}},
        "staging": {"years": [{"year": year, "capital_budget": 9} for year in (2026, 2027)]},
    }


def own_standard(**changes: Any) -> Json:
    standard = {"id": "own", "name": "own", "clock_start": "dispatch", "source": "here"}
    return standard | {"turnout_s": 60, "travel_s": 240, "confidence": "derived"} | changes


def speed_profile(*ends_m: float | None) -> Json:
    bands = [{"up_to_m": end_m, "speed_m_s": 8} for end_m in ends_m]
    return {"kind": "speed_profile", "bands": bands}


def steps(*pairs: tuple[float, float]) -> list[Json]:
    return [{"within_s": within_s, "value": value} for within_s, value in pairs]


def edited(*edits: Edit) -> Json:
    request = right_request()
    for where, what in edits:
        *way, last = [int(part) if part.isdigit() else part for part in where.split(".")]
        here: Any = request
        for part in way:
            here = here[part]
        if last == "+":
            here.append(what)
        else:
            here[last] = what
    return request


def faults_of(request: Json, store: Store | None = None) -> tuple[Fault, ...]:
    valid = FireStationRequest.model_validate(copy.deepcopy(request))
    faults = check(valid, DemandArrays.from_request(valid.demand_points, store))
    assert all(render(fault.need, language) for fault in faults for language in LANGUAGES)
    return faults


def found(faults: tuple[Fault, ...]) -> Found:
    return [(fault.path, fault.need.code) for fault in faults]


ONE_FAULT: dict[str, tuple[list[Edit], str, str]] = {
    "demand id twice": ([("demand_points.2.id", "P0")], "demand_points[2].id", "duplicate"),
    "site id twice": ([("sites.3.id", "S0")], "sites[3].id", "duplicate"),
    "area id twice": (
        [("areas.+", {"id": "C1", "level": "community"})],
        "areas[3].id",
        "duplicate",
    ),
    "class id twice": (
        [
            ("classes", [{"id": "a", "name": "a", "on_duty_people": 1, "vehicles": {}}] * 2),
        ],
        "classes[1].id",
        "duplicate",
    ),
    "risk class twice": ([("risk_classes.+", {"id": "high"})], "risk_classes[1].id", "duplicate"),
    "scenario twice": (
        [("travel.scenarios.1.id", "peak")],
        "travel.scenarios[1].id",
        "duplicate",
    ),
    "year twice": ([("staging.years.1.year", 2026)], "staging.years[1].year", "duplicate"),
    "years descend": ([("staging.years.1.year", 2025)], "staging.years[1].year", "ascending"),
    "unknown standard": ([("standard", "chian")], "standard", "reference"),
    "unknown class of a station": (
        [("sites.0.station.class_id", "town")],
        "sites[0].station.class_id",
        "reference",
    ),
    "unknown allowed class": (
        [("sites.1.allowed_classes.1", "town")],
        "sites[1].allowed_classes[1]",
        "reference",
    ),
    "unknown new class": ([("new_stations.town", 0)], "new_stations.town", "reference"),
    "unknown new class with a blank": (
        [("new_stations.class I", 1)],
        'new_stations["class I"]',
        "reference",
    ),
    "unknown area of a point": (
        [("demand_points.1.area", "C9")],
        "demand_points[1].area",
        "reference",
    ),
    "unknown risk class of a point": (
        [("demand_points.1.risk_class", "highest")],
        "demand_points[1].risk_class",
        "reference",
    ),
    "unknown parent": ([("areas.2.parent", "E")], "areas[2].parent", "reference"),
    "unknown open site": (
        [("rules.open_sites.0.site_id", "S9")],
        "rules.open_sites[0].site_id",
        "reference",
    ),
    "unknown class of an open site": (
        [("rules.open_sites.0.class_id", "town")],
        "rules.open_sites[0].class_id",
        "reference",
    ),
    "unknown forbidden site": (
        [("rules.forbidden_sites.+", "S9")],
        "rules.forbidden_sites[1]",
        "reference",
    ),
    "unknown area of a floor": (
        [("rules.cover_floors.2.area", "E")],
        "rules.cover_floors[2].area",
        "reference",
    ),
    "unknown level of a floor": (
        [("rules.cover_floors.0.level", "street")],
        "rules.cover_floors[0].level",
        "reference",
    ),
    "unknown risk class of a floor": (
        [("rules.cover_floors.1.risk_class", "low")],
        "rules.cover_floors[1].risk_class",
        "reference",
    ),
    "unknown weight of a floor": (
        [("rules.cover_floors.0.weight", "cows")],
        "rules.cover_floors[0].weight",
        "reference",
    ),
    "unknown weight of an objective": (
        [("objectives.1.weight", "cows")],
        "objectives[1].weight",
        "reference",
    ),
    "unknown population weight": (
        [("population_weight", "cows")],
        "population_weight",
        "reference",
    ),
    "unknown class in expected cover": (
        [("objectives.2.classes.1", "town")],
        "objectives[2].classes[1]",
        "reference",
    ),
    "unknown level of the worst area": (
        [("objectives.4.level", "street")],
        "objectives[4].level",
        "reference",
    ),
    "unknown vehicle at hand": (
        [("staffing.vehicles_at_hand", {"boat": 1})],
        "staffing.vehicles_at_hand.boat",
        "reference",
    ),
    "unknown vehicle to be bought": (
        [("staffing.vehicles_bought_max", {"boat": 1})],
        "staffing.vehicles_bought_max.boat",
        "reference",
    ),
    "price of an unknown vehicle": (
        [("staffing.vehicle_price.boat", 1)],
        "staffing.vehicle_price.boat",
        "reference",
    ),
    "vehicle of a risk class that nobody has": (
        [("risk_classes.0.vehicle_types.boat", 1)],
        "risk_classes[0].vehicle_types.boat",
        "reference",
    ),
    "objective of a weight that is 0 everywhere": (
        [("demand_points.2.weights.shops", 0)],
        "objectives[2].weight",
        "no_demand",
    ),
    "lon missing": ([("demand_points.1.lon", None)], "demand_points[1]", "coordinates"),
    "lat missing": ([("sites.2.lat", None)], "sites[2]", "coordinates"),
    "planar among others": (
        [("sites.2", {"id": "S2", "x_m": 1, "y_m": 1})],
        "sites[2]",
        "coordinates",
    ),
    "both kinds at one place": ([("sites.2.x_m", 1)], "sites[2]", "coordinates"),
    "no coordinates where the law needs them": (
        [("sites.2", {"id": "S2"})],
        "sites[2]",
        "coordinates",
    ),
    "swapped demand point": (
        [("demand_points.1.lat", 9.1), ("demand_points.1.lon", 45.1)],
        "demand_points[1]",
        "swapped",
    ),
    "swapped site": (
        [("sites.2.lat", 9.2), ("sites.2.lon", 45.1)],
        "sites[2]",
        "swapped",
    ),
    "min above max": (
        [("new_stations.small", {"min": 1, "max": 0})],
        "new_stations.small",
        "range",
    ),
    "more of a class than sites for it": (
        [("sites.2.allowed_classes", ["city"]), ("new_stations.small", 2)],
        "new_stations.small",
        "too_many_stations",
    ),
    "more stations than candidates": (
        [("new_stations", {"city": 2, "small": 1})],
        "new_stations",
        "too_many_in_all",
    ),
    "no candidates": (
        [
            ("sites.1.station", {"class_id": "small"}),
            ("sites.2.station", {"class_id": "small"}),
        ],
        "new_stations",
        "no_candidates",
    ),
    "candidate both open and forbidden": (
        [("rules.forbidden_sites", ["S2"])],
        "rules.open_sites[0].site_id",
        "contradiction",
    ),
    "idle station both open and forbidden": (
        [("rules.forbidden_sites.+", "S3"), ("rules.open_sites.+", {"site_id": "S3"})],
        "rules.open_sites[1].site_id",
        "contradiction",
    ),
    "steps descend in time": (
        [("objectives.3.steps", steps((300, 1), (200, 0.5)))],
        "objectives[3].steps[1].within_s",
        "ascending",
    ),
    "steps ascend in value": (
        [("objectives.3.steps", steps((200, 0.5), (300, 1)))],
        "objectives[3].steps[1].value",
        "not_ascending",
    ),
    "bands descend": (
        [("travel.scenarios.0.law", speed_profile(1000, 500, None))],
        "travel.scenarios[0].law.bands[1].up_to_m",
        "ascending",
    ),
    "a band of no length": (
        [("travel.scenarios.0.law", speed_profile(0, None))],
        "travel.scenarios[0].law.bands[0].up_to_m",
        "ascending",
    ),
    "an open band in the middle": (
        [("travel.scenarios.0.law", speed_profile(500, None, None))],
        "travel.scenarios[0].law.bands[1].up_to_m",
        "open_band",
    ),
    "the last band ends": (
        [("travel.scenarios.0.law", speed_profile(500, 1000))],
        "travel.scenarios[0].law.bands[1].up_to_m",
        "last_band",
    ),
    "floor of each and of one": (
        [("rules.cover_floors.1.each", "risk_class")],
        "rules.cover_floors[1].each",
        "either",
    ),
    "floor of a risk class and of an area": (
        [("rules.cover_floors.1.area", "D")],
        "rules.cover_floors[1].risk_class",
        "either",
    ),
    "level without each area": (
        [("rules.cover_floors.1.level", "district")],
        "rules.cover_floors[1].level",
        "contradiction",
    ),
    "force of nobody": (
        [
            ("objectives.1.vehicles", 0),
            ("objectives.1.people", 0),
            ("risk_classes.0", {"id": "high"}),
        ],
        "objectives[1]",
        "no_force",
    ),
    "full force sooner than the first arrival": (
        [("standard", own_standard(travel_s=500))],
        "standard.full_force_travel_s",
        "at_least",
    ),
    "an area that is its own parent": ([("areas.0.parent", "D")], "areas[0].parent", "cycle"),
    "areas in a ring": ([("areas.0.parent", "C1")], "areas[0].parent", "cycle"),
}
