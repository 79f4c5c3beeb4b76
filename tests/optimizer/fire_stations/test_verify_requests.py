"""Requests by which no plan can be judged."""

import pytest

from optimizer.errors import InputError
from optimizer.fire_stations.verify import verify
from tests.optimizer.fire_stations.town import Json, plan_of, request_of


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"standard": "atlantis"}, "standard"),
        ({"new_stations": {"castle": 1}}, "new_stations.castle"),
        ({"sites__1__id": "A"}, "sites[1].id"),
        ({"sites__1__station__class_id": "castle"}, "sites[1].station.class_id"),
        ({"demand_points__0__area": "nowhere"}, "demand_points[0].area"),
        ({"demand_points__0__risk_class": "odd"}, "demand_points[0].risk_class"),
        ({"areas__0__parent": "north"}, "areas[0].parent"),
        ({"objectives": [{"kind": "cover", "weight": "gold"}]}, "objectives[0].weight"),
        (
            {"rules__cover_floors": [{"share": 1, "area": "x"}]},
            "rules.cover_floors[0].area",
        ),
        (
            {"rules__cover_floors": [{"share": 1, "area": "north", "each": "area"}]},
            "rules.cover_floors[0].each",
        ),
        (
            {
                "rules__spacing": {"distance_m": 1},
                "sites__0": {"id": "A", "station": {"class_id": "city"}},
            },
            "rules.spacing",
        ),
    ],
)
def test_a_request_no_plan_can_be_judged_by_is_refused(changes: Json, path: str) -> None:
    with pytest.raises(InputError) as raised:
        verify(request_of(**changes), plan_of("A:city", "B:small", "C:city"))
    assert path in {fault.path for fault in raised.value.faults}
