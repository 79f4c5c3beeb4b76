"""Parcels: which may hold a station, and the reasons against the others."""

import pytest
import shapely

from instances.coordinates import from_wgs84
from instances.parcels import Columns, Parcel, Rules, judge
from instances.shapes import ShapeError
from tests.instances.layers import EAST, NORTH, PLANE, layer

ROADS = [shapely.LineString([(-500, 0), (500, 0)]), shapely.LineString([(-500, 200), (500, 200)])]
CLASSES: list[object] = ["主干路", "支路"]


def judged(figure: shapely.Polygon, use: str | None = None, rules: Rules | None = None) -> Parcel:
    parcels = layer([figure], 编号=["甲1"], 名称=["燕子湖地块"], 用地=[use])
    roads = layer(ROADS, 等级=CLASSES, 路名=["深汕路", None])
    found, _ = judge(parcels, roads, rules or Rules(), Columns(use="用地"))
    return found[0]


def codes(parcel: Parcel) -> list[str]:
    return [reason.code for reason in parcel.reasons]


def test_a_large_lot_on_a_main_road_is_kept_for_the_classes_its_ground_fits() -> None:
    kept = judged(shapely.box(0, 20, 50, 120))
    assert not kept.reasons
    assert kept.classes == ("city", "city_second", "small")
    assert (kept.id, kept.name, kept.road) == ("甲1", "燕子湖地块", "深汕路")
    assert kept.area_m2 == pytest.approx(5000)


def test_frontage_is_the_side_along_the_road_and_the_site_its_middle() -> None:
    kept = judged(shapely.box(0, 20, 50, 120))
    assert kept.frontage_m == pytest.approx(50, abs=0.1)
    x, y = from_wgs84(kept.lon, kept.lat, PLANE)
    assert float(x) - EAST == pytest.approx(25, abs=2)
    assert float(y) - NORTH == pytest.approx(20, abs=0.01)


def test_the_back_of_a_shallow_lot_is_no_frontage() -> None:
    assert judged(shapely.box(0, 20, 60, 32)).frontage_m == pytest.approx(60, abs=0.1)


def test_the_sides_of_a_narrow_lot_are_no_frontage() -> None:
    narrow = judged(shapely.box(0, 10, 8, 110))
    assert narrow.frontage_m == pytest.approx(8, abs=0.1)
    assert codes(narrow) == ["parcel.frontage"]


def test_a_lot_on_a_side_street_alone_has_no_frontage() -> None:
    assert codes(judged(shapely.box(0, 100, 50, 180))) == ["parcel.frontage"]


def test_every_reason_is_given() -> None:
    rules = Rules(allowed_uses=frozenset({"U3", "消防用地"}))
    assert codes(judged(shapely.box(0, 80, 10, 90), "G1", rules)) == [
        "parcel.small",
        "parcel.frontage",
        "parcel.use",
    ]
    assert codes(judged(shapely.box(0, 20, 50, 120), None, rules)) == ["parcel.no_use"]
    assert codes(judged(shapely.box(0, 20, 50, 120), "消防用地", rules)) == []


def test_only_the_largest_part_of_a_parcel_counts() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 20, 20, 40), shapely.box(60, 20, 100, 40)])
    found, notes = judge(layer([parts]), layer(ROADS, 等级=CLASSES), Rules())
    assert found[0].area_m2 == pytest.approx(800)
    assert [note.code for note in notes] == ["parcel.parts"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"等级": ["支路", "支路"]}, "parcel.need.roads"), ({"x": [1, 2]}, "parcel.need.road_class")],
)
def test_roads_without_main_ones_are_refused(columns: dict[str, list[object]], code: str) -> None:
    with pytest.raises(ShapeError) as caught:
        judge(layer([shapely.box(0, 20, 50, 120)]), layer(ROADS, **columns), Rules())
    assert caught.value.faults[0].need.code == code
