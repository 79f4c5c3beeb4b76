"""Coordinate systems by the names people use, and positions in them."""

import pyproj
import pytest

from instances.coordinates import (
    CrsError,
    distance_m,
    from_wgs84,
    metric_crs,
    parse_crs,
    to_wgs84,
)
from models.messages import render

PINGSHAN = (114.35, 22.69)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("WGS-84", "wgs84"),
        ("EPSG:4326", "wgs84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("国家2000", "cgcs2000"),
        ("2000国家大地坐标系", "cgcs2000"),
        ("urn:ogc:def:crs:EPSG::4490", "cgcs2000"),
        ("火星坐标", "gcj02"),
        ("高德", "gcj02"),
        ("\uff27\uff23\uff2a\uff0d\uff10\uff12", "gcj02"),  # in full width
        ("百度坐标", "bd09"),
        ("bd-09", "bd09"),
        ("4547", "projected"),
    ],
)
def test_a_system_is_known_by_its_usual_names(text: str, kind: str) -> None:
    assert parse_crs(text).kind == kind


@pytest.mark.parametrize("text", ["", "local", "EPSG:999999", "EPSG:5773", "beijing"])
def test_an_unknown_system_is_refused_with_those_that_are_known(text: str) -> None:
    with pytest.raises(CrsError) as caught:
        parse_crs(text, path="points.csv")
    (fault,) = caught.value.faults
    assert fault.path == "points.csv"
    assert "gcj02" in render(fault.need, "en")
    assert "国家2000" in render(fault.need, "zh")


def test_a_system_with_no_published_way_to_wgs84_is_refused() -> None:
    with pytest.raises(CrsError) as caught:
        parse_crs("EPSG:2383")
    assert "Xian 1980" in render(caught.value.faults[0].need, "zh")


def test_the_text_of_a_prj_file_is_read() -> None:
    assert parse_crs(pyproj.CRS(4547).to_wkt("WKT1_ESRI")) == parse_crs("EPSG:4547")
    assert parse_crs(pyproj.CRS(4490).to_wkt("WKT1_ESRI")).kind == "cgcs2000"


def test_gauss_kruger_is_as_proj_has_it_with_east_first() -> None:
    x, y = from_wgs84(*PINGSHAN, "EPSG:4547")
    north_first = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4547")
    north, east = north_first.transform(PINGSHAN[1], PINGSHAN[0])
    assert (float(x), float(y)) == pytest.approx((east, north))
    assert tuple(map(float, to_wgs84(x, y, "EPSG:4547"))) == pytest.approx(PINGSHAN, abs=1e-9)


def test_cgcs2000_is_wgs84_with_longitude_first() -> None:
    assert tuple(map(float, to_wgs84(*PINGSHAN, "cgcs2000"))) == PINGSHAN
    assert tuple(map(float, from_wgs84(*PINGSHAN, "EPSG:4490"))) == PINGSHAN


def test_web_mercator_is_read_and_never_measured_in() -> None:
    east = (114.36, 22.69)
    x1, _ = from_wgs84(*PINGSHAN, "EPSG:3857")
    x2, y2 = from_wgs84(*east, "EPSG:3857")
    true_m = float(distance_m(*PINGSHAN, *east))
    assert float(x2 - x1) / true_m == pytest.approx(1.082, abs=0.002)
    assert tuple(map(float, to_wgs84(x2, y2, "EPSG:3857"))) == pytest.approx(east, abs=1e-9)
    zone = metric_crs(*PINGSHAN)
    planar_m = float(from_wgs84(*east, zone)[0] - from_wgs84(*PINGSHAN, zone)[0])
    assert planar_m / true_m == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (75.2, 37.8, "EPSG:4534"),
        (114.35, 22.69, "EPSG:4547"),
        (116.4, 39.9, "EPSG:4548"),
        (134.5, 48.3, "EPSG:4554"),
        (-113.5, 53.5, "EPSG:32612"),
        (151.2, -33.9, "EPSG:32756"),
        (180.0, 10.0, "EPSG:32601"),
        (0.0, 88.0, "EPSG:32661"),
    ],
)
def test_lengths_are_taken_in_the_zone_around_the_place(lon: float, lat: float, name: str) -> None:
    assert metric_crs(lon, lat).name == name
