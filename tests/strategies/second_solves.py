"""Requests whose plan gets crews and vehicles, or years of building, in a second solve."""

import random

from models.fire_stations import FireStationRequest
from tests.strategies.asks import OBJECTIVE_KINDS
from tests.strategies.places import Json, Random, draw_areas, draw_point, draw_travel

STANDARD: Json = {
    "id": "own",
    "name": "own",
    "clock_start": "dispatch",
    "turnout_s": 60,
    "travel_s": 120,
    "source": "drawn",
    "confidence": "derived",
}


def _draw_class(rng: Random, name: str, rank: int) -> Json:
    vehicles = {"engine": rng.randint(1, 2), "ladder": rng.randint(0, rank // 2)}
    return {
        "id": name,
        "name": name,
        "rank": rank,
        "on_duty_people": rng.randint(1, 2) + rank // 2,
        "vehicles": vehicles,
        "capital_cost": rng.randint(2, 6) * rank,
        "commissioning_cost": rng.randint(0, 3),
        "yearly_cost": rng.randint(0, 3),
    }


def _draw_sites(rng: Random) -> list[Json]:
    """Return three or four sites: all of them get a station."""
    sites = []
    for j in range(rng.choice([3, 3, 4])):
        site: Json = {"id": f"S{j}", "x_m": rng.randint(0, 60) * 100}
        site["y_m"] = rng.randint(0, 60) * 100
        status = rng.choice(["in_service", "built_idle", None, None])
        if status is not None:
            site["station"] = {"class_id": rng.choice(["city", "small"]), "status": status}
            if status == "in_service":
                site["station"]["headcount_people"] = rng.randint(1, 5)
                site["station"]["may"] = rng.choice([[], ["move"]])
        sites.append(site)
    return sites


def _draw_common(rng: Random) -> Json:
    sites = _draw_sites(rng)
    points = [draw_point(rng, i, planar=True) for i in range(rng.randint(8, 12))]
    vacant = sum("station" not in site for site in sites)
    city = rng.randint(0, min(1, vacant))
    return {
        "demand_points": points,
        "sites": sites,
        "new_stations": {"city": city, "small": {"max": vacant - city}},
        "areas": draw_areas(),
        "classes": [_draw_class(rng, "city", 3), _draw_class(rng, "small", 1)],
        "standard": STANDARD
        | {
            "full_force_travel_s": rng.choice([180, 240, 300]),
            "vehicles": rng.randint(1, 3),
            "people": rng.randint(2, 4),
        },
        "travel": draw_travel(rng, sites, points),
        "rules": {"idle_stations": rng.choice(["closed", "may_open", "open"])},
        "objectives": [{"kind": "cover"}, {"kind": "mean_time"}],
        "risk_classes": [{"id": "high", "vehicle_types": rng.choice([{}, {"ladder": 1}])}],
        "shift_count": rng.choice([1, 2]),
    }


def staffing_request_number(number: int) -> FireStationRequest:
    """Return the fixed staffing request ``number``."""
    rng = random.Random(number)  # noqa: S311 - a test case, not a secret
    fields = _draw_common(rng)
    for point in fields["demand_points"]:
        point["risk_class"] = rng.choice(["high", None, None])
        point["weights"]["residents"] = rng.randint(1, 20) * 100
    fields["staffing"] = {
        "people_at_hand": rng.choice([None, rng.randint(0, 9)]),
        "people_hired_max": rng.choice([None, 0, rng.randint(0, 4)]),
        "vehicles_at_hand": rng.choice([None, {"engine": rng.randint(0, 5), "ladder": 1}]),
        "vehicles_bought_max": rng.choice([None, {}, {"engine": rng.randint(0, 2)}]),
        "hire_cost_yearly": rng.randint(0, 3),
        "vehicle_price": {"engine": rng.randint(0, 5)},
        "people_per_10k": rng.choice([0, 3, 6, 12]),
    }
    return FireStationRequest.model_validate(fields)


def staging_request_number(number: int) -> FireStationRequest:
    """Return the fixed staging request ``number``."""
    rng = random.Random(number)  # noqa: S311 - a test case, not a secret
    fields = _draw_common(rng)
    for point in fields["demand_points"]:
        point["risk_class"] = None
    first = OBJECTIVE_KINDS[number % len(OBJECTIVE_KINDS)]
    steps = [{"within_s": 150, "value": 1}, {"within_s": 300, "value": 0.5}]
    objective = {"kind": first} | ({"steps": steps} if first == "gradual_cover" else {})
    years = [
        {"year": 2026 + year, "capital_budget": rng.randint(0, 12)}
        for year in range(rng.choice([2, 3]))
    ]
    fields["objectives"] = [objective, {"kind": "cover"}]
    fields["staging"] = {"years": years}
    return FireStationRequest.model_validate(fields)
