"""Requests that a reader can work out by hand: one matrix, two classes."""

from tests.strategies.places import Json

STANDARD: Json = {
    "id": "own",
    "name": "own",
    "clock_start": "dispatch",
    "turnout_s": 60,
    "travel_s": 240,
    "full_force_travel_s": 420,
    "vehicles": 3,
    "people": 10,
    "source": "this test",
    "confidence": "derived",
}
CITY: Json = {
    "id": "city",
    "name": "city",
    "rank": 3,
    "on_duty_people": 6,
    "vehicles": {"engine": 2},
    "capital_cost": 50,
    "yearly_cost": 5,
    "commissioning_cost": 4,
    "strengthening_cost": 7,
}
SMALL: Json = CITY | {
    "id": "small",
    "name": "small",
    "rank": 1,
    "on_duty_people": 4,
    "vehicles": {"engine": 1},
    "capital_cost": 20,
    "yearly_cost": 2,
}


def a_request(times: list[list[int | None]], weights: list[int], **more: object) -> Json:
    """Return a request over one matrix (demand, site), sites 1 km apart on a line."""
    points = [{"id": f"P{i}", "weights": {"residents": w}} for i, w in enumerate(weights)]
    sites = [{"id": f"S{j}", "x_m": 1000 * j, "y_m": 0} for j in range(len(times[0]))]
    return {
        "demand_points": points,
        "sites": sites,
        "new_stations": {"small": 1},
        "classes": [CITY, SMALL],
        "standard": STANDARD,
        "travel": {"kind": "matrix", "scenarios": [{"travel_time_s": times}]},
        "objectives": [{"kind": "cover"}],
    } | more
