"""A town of four demand points and five sites, small enough to count by hand.

Response times (turnout 60 s included) of the open stations A, B and C of `PLAN`:

=====  =========  ===============  ===============
point  residents  peak A / B / C   free A / B / C
=====  =========  ===============  ===============
p1     100        160 / 360 / 460  140 / 260 / 360
p2     200        300 / 260 / 460  260 / 210 / 360
p3     300        560 / 300 / 160  460 / 260 / 140
p4     400        none / 560 / 310 660 / 460 / 260
=====  =========  ===============  ===============

The peak weighs 0.75, free flow 0.25; help is in time within 300 s, full force within 480 s.
A city station has 30 people and 5 vehicles, a small one 15 and 2.
"""

import copy
from typing import Any

from models.answer import Verification
from models.fire_stations import FireStationPlan, FireStationRequest
from optimizer.fire_stations.verify import verify

Json = dict[str, Any]

_PEAK = [
    [100, 300, 400, None, 500],
    [240, 200, 400, 500, 100],
    [500, 240, 100, 400, 500],
    [None, 500, 250, 90, 500],
]
_FREE = [
    [80, 200, 300, 600, 400],
    [200, 150, 300, 400, 80],
    [400, 200, 80, 300, 400],
    [600, 400, 200, 70, 400],
]

TOWN: Json = {
    "demand_points": [
        {"id": "p1", "weights": {"residents": 100, "chemical": 1}, "area": "north"},
        {"id": "p2", "weights": {"residents": 200}, "area": "north"},
        {"id": "p3", "weights": {"residents": 300}, "area": "south", "risk_class": "high"},
        {"id": "p4", "weights": {"residents": 400, "chemical": 3}, "area": "south"},
    ],
    "sites": [
        {"id": "A", "x_m": 0, "y_m": 0, "station": {"class_id": "city"}},
        {"id": "B", "x_m": 0, "y_m": 1000, "station": {"class_id": "small"}},
        {
            "id": "C",
            "x_m": 3000,
            "y_m": 1000,
            "land_cost": 2,
            "nearby": [{"kind": "school", "distance_m": 60}],
        },
        {"id": "D", "x_m": 3000, "y_m": 5000},
        {
            "id": "E",
            "x_m": 6000,
            "y_m": 1000,
            "station": {"class_id": "small", "status": "built_idle"},
        },
    ],
    "classes": [
        {
            "id": "city",
            "name": "City",
            "rank": 3,
            "on_duty_people": 30,
            "vehicles": {"engine": 4, "ladder": 1},
            "nominal_area_m2": 500,
            "outskirts_nominal_area_m2": 900,
            "capital_cost": 60,
            "yearly_cost": 11,
            "commissioning_cost": 3,
            "strengthening_cost": 5,
        },
        {
            "id": "small",
            "name": "Small",
            "rank": 1,
            "on_duty_people": 15,
            "vehicles": {"engine": 2},
            "nominal_area_m2": 200,
            "capital_cost": 9,
            "yearly_cost": 5,
            "commissioning_cost": 1,
            "strengthening_cost": 1.5,
        },
    ],
    "new_stations": {"city": {"max": 1}, "small": {"max": 1}},
    "travel": {
        "kind": "matrix",
        "scenarios": [
            {"id": "peak", "weight": 3, "travel_time_s": _PEAK},
            {"id": "free", "weight": 1, "travel_time_s": _FREE},
        ],
    },
    "areas": [
        {"id": "town", "level": "town"},
        {"id": "north", "parent": "town"},
        {"id": "south", "parent": "town"},
    ],
    "risk_classes": [{"id": "high"}],
}

PLAN: Json = {
    "stations": [
        {"site_id": "A", "class_id": "city"},
        {"site_id": "B", "class_id": "small"},
        {"site_id": "C", "class_id": "city"},
    ]
}


def changed(data: Json, changes: Json) -> Json:
    """Return a copy of ``data`` with values put at dotted paths (``sites.1.station.may``)."""
    result = copy.deepcopy(data)
    for path, value in changes.items():
        at: Any = result
        *above, last = [int(name) if name.isdecimal() else name for name in path.split(".")]
        for name in above:
            at = at.setdefault(name, {}) if isinstance(at, dict) else at[name]
        at[last] = value
    return result


def request_of(**changes: Any) -> FireStationRequest:
    """Return the town's request with changes; ``__`` in a keyword stands for a dot."""
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    return FireStationRequest.model_validate(changed(TOWN, dotted))


def plan_of(*stations: str, **claims: Any) -> FireStationPlan:
    """Return a plan of stations said as ``site:class`` or ``site:class:action``, with claims."""
    parts = [station.split(":") for station in stations]
    return FireStationPlan.model_validate(
        {
            "stations": [
                dict(zip(("site_id", "class_id", "action"), part, strict=False)) for part in parts
            ],
            **claims,
        }
    )


def failed(verification: Verification) -> set[tuple[str, str | None]]:
    """Return rule and path of every check that does not hold."""
    return {(check.rule, check.path) for check in verification.failed}


def broken(request: FireStationRequest, plan: FireStationPlan) -> set[tuple[str, str | None]]:
    """Return rule and path of every check that ``plan`` fails."""
    return failed(verify(request, plan))
