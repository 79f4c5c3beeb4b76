import json
import math
from itertools import pairwise

import pytest

from api.render.geojson import EARTH_RADIUS_M, combined, layers
from models.fire_stations import FireStationRequest
from models.places import DemandPoint, Site
from tests.api.render.answers import FAR, FOREST, IDLE, NEAR, NEW, OLD, SPARE, answer, request

LAYERS = {"demand", "stations", "candidates", "closed", "uncovered"}


def by_id(layer: str) -> dict[str, dict]:
    features = layers(request(), answer(), "en")[layer]["features"]
    return {feature["properties"]["id"]: feature for feature in features}


def test_every_place_is_in_the_layer_of_its_part() -> None:
    assert set(layers(request(), answer(), "en")) == LAYERS
    assert set(by_id("demand")) == {NEAR, FAR, FOREST}
    assert set(by_id("stations")) == {OLD, NEW}
    assert set(by_id("candidates")) == {SPARE}
    assert set(by_id("closed")) == {IDLE}
    assert set(by_id("uncovered")) == {FAR}


def test_coordinates_are_longitude_then_latitude() -> None:
    assert by_id("stations")[NEW]["geometry"] == {"type": "Point", "coordinates": [114.32, 22.72]}


def test_a_cell_is_a_square_of_its_area_and_turns_counterclockwise() -> None:
    ring = by_id("demand")[NEAR]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    degree_m = math.pi * EARTH_RADIUS_M / 180
    area_m2 = doubled / 2 * degree_m**2 * math.cos(math.radians(22.70))
    assert area_m2 == pytest.approx(62_500, rel=0.01)


def test_a_demand_point_without_an_area_is_a_point() -> None:
    assert by_id("demand")[FOREST]["geometry"]["type"] == "Point"


def test_cover_is_the_expected_share_over_the_scenarios() -> None:
    far = by_id("demand")[FAR]["properties"]
    assert (far["covered_before"], far["covered_after"]) == (0.75, 0.75)
    assert by_id("demand")[NEAR]["properties"]["covered_after"] == 1.0


def test_a_point_that_nobody_reaches_is_not_covered_and_has_no_station() -> None:
    forest = by_id("demand")[FOREST]["properties"]
    assert forest["covered_after"] == 0.0
    assert forest["scenarios"]["peak"]["nearest_after"] is None


def test_a_cell_names_its_station_and_time_in_each_scenario() -> None:
    assert by_id("demand")[FAR]["properties"]["scenarios"]["peak"] == {
        "before_s": 700.0,
        "after_s": 330.0,
        "nearest_before": OLD,
        "nearest_after": NEW,
    }


def test_cover_is_unknown_without_response_times() -> None:
    bare = answer()
    plan = bare.plan.model_copy(update={"allocation": None})
    made = layers(request(), bare.model_copy(update={"plan": plan}), "en")["demand"]["features"]
    assert {feature["properties"]["covered_after"] for feature in made} == {None}


def test_every_feature_says_whether_it_is_illustrative() -> None:
    marks = {
        feature["properties"]["id"]: feature["properties"]["illustrative"]
        for layer in layers(request(), answer(), "en").values()
        for feature in layer["features"]
    }
    assert marks[NEW] is True
    assert marks[SPARE] is False
    assert marks[NEAR] is True


def test_a_collection_has_the_bounding_box_of_its_features() -> None:
    box = layers(request(), answer(), "en")["stations"]["bbox"]
    assert box == [114.3, 22.7, 114.32, 22.72]


def test_all_layers_are_one_collection_that_json_can_hold() -> None:
    made = combined(request(), answer(), "zh")
    assert {feature["properties"]["layer"] for feature in made["features"]} == LAYERS
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_names_are_in_the_language_asked_for() -> None:
    chinese = layers(request(), answer(), "zh")["stations"]["features"]
    assert {one["properties"]["action_name"] for one in chinese} == {"新建", "保留"}


def test_places_on_a_plane_have_no_map_layers() -> None:
    planar = FireStationRequest(
        demand_points=(DemandPoint(id="p", x_m=0, y_m=0),),
        sites=(Site(id=NEW, x_m=10, y_m=0), Site(id=OLD, x_m=0, y_m=10)),
        new_stations={"city": 1},
    )
    assert layers(planar, answer(), "en") == {}
