"""Places, stations, classes and travel times, drawn at random."""

import random
from typing import Any

Json = dict[str, Any]
Random = random.Random

SHENZHEN = (22.69, 114.34)
GRID_M = 100


def chance(rng: Random, probability: float) -> bool:
    return rng.random() < probability


def _draw_place(rng: Random, *, planar: bool) -> Json:
    x, y = rng.randint(0, 60) * GRID_M, rng.randint(0, 60) * GRID_M
    if planar:
        return {"x_m": x, "y_m": y}
    lat, lon = SHENZHEN
    return {"lat": lat + x / 111_000, "lon": lon + y / 103_000}


def draw_classes(rng: Random) -> list[Json]:
    """Return two classes, or none: then the presets of the same names count."""
    if chance(rng, 0.1):
        return []
    city = {
        "rank": 3,
        "on_duty_people": rng.randint(6, 10),
        "vehicles": {"engine": rng.randint(2, 3), "ladder": rng.randint(0, 1)},
        "nominal_area_m2": rng.choice([None, 1_500_000, 2_000_000, 3_000_000]),
        "outskirts_nominal_area_m2": rng.choice([None, 5_000_000]),
        "capital_cost": rng.randint(30, 60),
        "yearly_cost": rng.randint(5, 12),
    }
    small = {
        "rank": rng.choice([1, 1, 1, 3]),
        "on_duty_people": rng.randint(2, 5),
        "vehicles": {"engine": rng.randint(1, 2)},
        "nominal_area_m2": rng.choice([None, 1_000_000, 1_500_000, 2_000_000]),
        "turnout_s": rng.choice([None, None, 45, 90]),
        "capital_cost": rng.randint(8, 20),
        "yearly_cost": rng.randint(2, 5),
    }
    for name, one in (("city", city), ("small", small)):
        one |= {"id": name, "name": name}
        one |= {"commissioning_cost": rng.randint(1, 6), "strengthening_cost": rng.randint(1, 6)}
    return [city, small]


def draw_standard(rng: Random) -> Json | str:
    if chance(rng, 0.1):
        return "china"
    travel_s = rng.choice([120, 150, 180, 240])
    return {
        "id": "own",
        "name": "own",
        "clock_start": "dispatch",
        "turnout_s": rng.choice([0, 60, 60, 80]),
        "travel_s": travel_s,
        "full_force_travel_s": travel_s + rng.choice([60, 120, 180]),
        "vehicles": rng.randint(2, 5),
        "people": rng.randint(6, 14),
        "source": "drawn",
        "confidence": "derived",
    }


def draw_areas() -> list[Json]:
    districts = [{"id": f"D{d}", "level": "district"} for d in range(2)]
    return districts + [
        {"id": f"C{c}", "level": "community", "parent": f"D{c % 2}"} for c in range(4)
    ]


def draw_point(rng: Random, i: int, *, planar: bool) -> Json:
    weights: Json = {"residents": rng.choice([0, rng.randint(1, 60), rng.randint(1, 60)])}
    if i == 0 or chance(rng, 0.5):  # a weight that no point has would be a fault
        weights["premises"] = rng.randint(int(i == 0), 9)
    if chance(rng, 0.1):
        weights["residents"] = round(rng.uniform(0.5, 60), 2)
    point = _draw_place(rng, planar=planar) | {"id": f"P{i:02}", "weights": weights}
    point["risk_class"] = rng.choice(["high", "low", "low", None])
    point["area"] = rng.choice(["C0", "C1", "C2", "C3", "C0", "C1", "D0", None])
    point["area_m2"] = rng.choice([None, 62_500 * rng.randint(1, 8)])
    point["forest_share"] = rng.choice([0, 0, 0.5])
    if chance(rng, 0.6):
        point["built_up_area_m2"] = 50_000 * rng.randint(0, 10)
    return point


def _draw_station(rng: Random, status: str) -> Json:
    station: Json = {"class_id": rng.choice(["city", "small", "small"]), "status": status}
    if chance(rng, 0.4):
        station["on_duty_people"] = rng.randint(1, 9)
    if chance(rng, 0.3):
        station["headcount_people"] = rng.randint(2, 19)
    if chance(rng, 0.4):
        station["vehicles"] = {"engine": rng.randint(0, 3), "ladder": rng.randint(0, 1)}
    if chance(rng, 0.3):
        station["yearly_cost"] = rng.randint(1, 10)
    if status == "in_service":
        changes = ["close", "move", "strengthen", "regrade"]
        station["may"] = [change for change in changes if chance(rng, 0.4)]
    else:
        if chance(rng, 0.2):
            station["class_id"] = "detachment"
        station["commissioning_cost"] = rng.choice([None, rng.randint(0, 8)])
    return station


def draw_site(rng: Random, j: int, station: Json | None, *, planar: bool) -> Json:
    site = _draw_place(rng, planar=planar) | {"id": f"S{j}", "station": station}
    site["allowed_classes"] = rng.choice([None, None, ["small"], ["city", "small"], None])
    site["land_cost"] = rng.choice([0, 0, rng.randint(1, 20)])
    site["outskirts"] = chance(rng, 0.2)
    site["nearby"] = [
        {"kind": kind, "distance_m": rng.randint(2, 30) * 10}
        for kind in ("hazard", "crowd_exit", "hazard")
        if chance(rng, 0.4)
    ]
    return site


def draw_sites(rng: Random, focus: str, *, planar: bool) -> list[Json]:
    kept = rng.choice([0, 1, 1, 2, 2])
    idle = rng.choice([0, 1, 2]) if focus != "idle_stations" else rng.choice([1, 2])
    stations: list[Json | None] = [_draw_station(rng, "in_service") for _ in range(kept)]
    sleeping = ["built_idle", "not_transferred", "planned"]
    stations += [_draw_station(rng, rng.choice(sleeping)) for _ in range(idle)]
    total = rng.choice([6, 7, 8, 8])
    stations += [None] * (total - len(stations))
    rng.shuffle(stations)
    return [draw_site(rng, j, one, planar=planar) for j, one in enumerate(stations)]


def _draw_law(rng: Random) -> Json:
    kind = rng.choice(["constant_speed", "speed_profile", "acceleration"])
    if kind == "constant_speed":
        return {"kind": kind, "speed_m_s": rng.choice([8, 10, 12.5])}
    if kind == "speed_profile":
        slow = {"up_to_m": rng.choice([500, 1000]), "speed_m_s": 6}
        return {"kind": kind, "bands": [slow, {"speed_m_s": rng.choice([10, 16])}]}
    return {
        "kind": kind,
        "cruise_speed_m_s": rng.choice([10, 15]),
        "acceleration_m_s2": rng.choice([0.1, 0.5]),
        "offset_s": rng.choice([0, 20]),
    }


def _blocks_apart(site: Json, point: Json) -> float:
    """Return roughly how far apart two places are, in hundreds of metres."""
    if "x_m" in site:
        dx, dy = site["x_m"] - point["x_m"], site["y_m"] - point["y_m"]
    else:
        dx = (site["lat"] - point["lat"]) * 111_000
        dy = (site["lon"] - point["lon"]) * 103_000
    return (abs(dx) + abs(dy)) / 100


def draw_travel(rng: Random, sites: list[Json], points: list[Json]) -> Json:
    weights = rng.choice([(1, 1), (1, 1), (2, 1), (0.3, 0.7), (1,), (1, 2, 1)])
    ids = [f"T{s}" for s in range(len(weights))]
    if chance(rng, 0.35):
        scenarios = [
            {"id": id_, "weight": weight, "law": _draw_law(rng)}
            for id_, weight in zip(ids, weights, strict=True)
        ]
        detour = rng.choice([1, 1.35])
        return {"kind": "coordinates", "detour_factor": detour, "scenarios": scenarios}
    blocked = rng.choice([0.0, 0.03, 0.1])
    scenarios = []
    for id_, weight in zip(ids, weights, strict=True):
        slowness = rng.choice([4, 5, 6])
        rows = [
            [
                None
                if chance(rng, blocked)
                else int(_blocks_apart(site, point) * slowness * rng.uniform(0.7, 1.3))
                for site in sites
            ]
            for point in points
        ]
        scenarios.append({"id": id_, "weight": weight, "travel_time_s": rows})
    return {"kind": "matrix", "scenarios": scenarios}
