"""Every column that a project may have reaches the request, in either language."""

import json
from pathlib import Path

import geopandas
import pytest
from shapely import box

from instances.projects import Imported, import_project
from models.fire_stations import FireStationRequest
from models.places import Change, StationStatus

DEMAND = (
    "编号,经度,纬度,常住人口(万人),风险等级,街道,社区,面积(平方公里),林地占比(%),"
    "建成区面积(公顷),三小场所,权重:老人\n"
    "a,114.30,22.70,1.2,高,坪山街道,六联社区,2,25%,120,10,30\n"
    "b,114.31,22.71,3,一般,坪山街道,坪山社区,1,5%,,,\n"
    "c,114.32,22.71,3,一般,坑梓街道,坪山社区,1,,,,\n"
)
STATIONS = (
    "编号,站名,经度,纬度,类别,状态,总人数,执勤人数,水罐车(辆),举高车(辆),权属单位,允许调整,"
    "年运行费用(万元),启用费用(万元)\n"
    "u,一号站,114.31,22.70,一级站,在用,45,20,4,1,区消防大队,加强、迁建,1100,\n"
    "v,二号站,114.32,22.70,小型消防站,已建未用,,,,,街道,,,50\n"
)
SITES = (
    "id,name,lon,lat,allowed_classes,用地成本(万元),城郊\n"
    "s,South,114.30,22.70,city;small,2000,否\n"
    "t,North,114.32,22.71,城市消防站（一级）、小型站,,是\n"
    "w,West,114.33,22.71,,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project with every column of demand, sites and stations."""
    _write(tmp_path, "demand.csv", DEMAND)
    _write(tmp_path, "sites.csv", SITES)
    _write(tmp_path, "stations.csv", STATIONS)
    _write(tmp_path, "project.toml", 'crs = "wgs84"\nnew_stations = 1\n')
    return tmp_path


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def _request(imported: Imported) -> FireStationRequest:
    assert imported.faults == ()
    return FireStationRequest.model_validate_json(json.dumps(imported.request))


def test_a_demand_point_has_its_weights_ground_and_area(folder: Path) -> None:
    request = _request(import_project(folder))
    assert isinstance(request.demand_points, tuple)
    first, second, third = request.demand_points
    assert first.weights == {"residents": 12_000, "three_small": 10, "老人": 30}
    assert second.weights == {"residents": 30_000}
    assert (first.area_m2, first.forest_share, first.built_up_area_m2) == (2e6, 0.25, 1.2e6)
    assert third.forest_share == 0
    assert [one.risk_class for one in request.demand_points] == ["高", "一般", "一般"]
    assert [one.id for one in request.risk_classes] == ["高", "一般"]
    assert request.weight_names == {}  # both are called by their own names


def test_a_weight_of_the_users_own_is_called_as_its_column(folder: Path) -> None:
    _write(folder, "demand.csv", DEMAND.replace("权重:老人", "60岁以上 weights.elderly"))
    request = _request(import_project(folder))
    assert request.weight_names["elderly"].zh == "60岁以上"


def test_areas_follow_from_the_rows_with_two_of_one_name_apart(folder: Path) -> None:
    request = _request(import_project(folder))
    assert [(one.id, one.level, one.parent) for one in request.areas] == [
        ("坪山街道", "subdistrict", None),
        ("坑梓街道", "subdistrict", None),
        ("坪山街道/六联社区", "community", "坪山街道"),
        ("坪山街道/坪山社区", "community", "坪山街道"),
        ("坑梓街道/坪山社区", "community", "坑梓街道"),
    ]
    assert isinstance(request.demand_points, tuple)
    assert request.demand_points[2].area == "坑梓街道/坪山社区"


def test_a_station_has_crew_vehicles_owner_costs_and_changes(folder: Path) -> None:
    sites = {one.id: one for one in _request(import_project(folder)).sites}
    first, second = sites["u"].station, sites["v"].station
    assert first is not None
    assert second is not None
    assert (first.class_id, first.status) == ("city", StationStatus.IN_SERVICE)
    assert (first.headcount_people, first.on_duty_people) == (45, 20)
    assert first.vehicles == {"engine": 4, "ladder": 1}
    assert (first.owner, first.yearly_cost) == ("区消防大队", 11e6)
    assert first.may == (Change.STRENGTHEN, Change.MOVE)
    assert (second.class_id, second.status) == ("small", StationStatus.BUILT_IDLE)
    assert (second.vehicles, second.commissioning_cost) == (None, 5e5)


def test_a_site_has_its_classes_land_and_place_in_the_city(folder: Path) -> None:
    sites = {one.id: one for one in _request(import_project(folder)).sites}
    assert sites["s"].allowed_classes == sites["t"].allowed_classes == ("city", "small")
    assert sites["w"].allowed_classes is None
    assert (sites["s"].land_cost, sites["s"].outskirts) == (2e7, False)
    assert sites["t"].outskirts


def test_lists_of_areas_classes_and_risks_are_what_rows_refer_to(folder: Path) -> None:
    rows = "编号,名称,层级,上级\n1,坪山街道,街道,\n2,坑梓街道,街道,坪山区\n"
    _write(folder, "areas.csv", rows + "3,六联社区,社区,1\n9,坪山区,区,\n")
    rows = "id,name,on_duty_people,engine,boat 船 vehicles.boat,辖区面积(km2),建设费用(万元)\n"
    _write(folder, "classes.csv", rows + "water,水上站,12,1,2,5,800\n小型站,,,,,,950\n")
    _write(folder, "risk_classes.csv", "id,名称,ladder\nhigh,高,1\nusual,一般,\n")
    _write(folder, "demand.csv", DEMAND.replace("坪山社区", "六联社区"))
    _write(folder, "stations.csv", STATIONS.replace("小型消防站", "水上站"))

    request = _request(import_project(folder))

    assert [(one.id, one.level, one.parent) for one in request.areas] == [
        ("1", "subdistrict", None),
        ("2", "subdistrict", "9"),
        ("3", "community", "1"),
        ("9", "district", None),
    ]
    assert isinstance(request.demand_points, tuple)
    assert {one.area for one in request.demand_points} == {"3"}
    assert [one.risk_class for one in request.demand_points] == ["high", "usual", "usual"]
    assert request.risk_classes[0].vehicle_types == {"ladder": 1}
    water, small = request.classes
    assert (water.id, water.name.zh, water.on_duty_people) == ("water", "水上站", 12)
    assert (water.vehicles, water.nominal_area_m2) == ({"engine": 1, "boat": 2}, 5e6)
    assert (small.id, small.on_duty_people, small.capital_cost) == ("small", 15, 9.5e6)
    stations = {one.id: one.station for one in request.sites}
    assert stations["v"] is not None
    assert stations["v"].class_id == "water"


def test_communities_of_one_name_are_told_apart_by_their_sub_district(folder: Path) -> None:
    rows = (
        "编号,名称,英文名,上级\n1,坪山街道,Pingshan,\n2,坑梓街道,,\n3,新村社区,,1\n4,新村社区,,2\n"
    )
    _write(folder, "areas.csv", rows)
    told = DEMAND.replace("六联社区", "新村社区").replace("坪山社区", "新村社区")
    _write(folder, "demand.csv", told)

    request = _request(import_project(folder))
    _write(folder, "demand.csv", told.replace("坪山街道,新村", ",新村", 1))
    vague = import_project(folder)

    assert isinstance(request.demand_points, tuple)
    assert [one.area for one in request.demand_points] == ["3", "3", "4"]
    name = request.areas[0].name
    assert name is not None
    assert (name.en, name.zh) == ("Pingshan", "坪山街道")
    assert [one.need.code for one in vague.faults] == ["table.need.area"]


def test_what_is_dangerous_is_named_beside_the_sites_near_it(folder: Path) -> None:
    rows = '名称,类型,经纬度\n油库,危险源,"114.30,22.705"\n一中,school,"114.30,22.70"\n'
    _write(folder, "hazards.csv", rows)
    sites = {one.id: one for one in _request(import_project(folder)).sites}
    school, depot = sites["s"].nearby
    assert (school.kind, school.distance_m) == ("school", 0)
    assert depot.kind == "hazardous_site"
    assert depot.distance_m == pytest.approx(554, abs=1)
    assert sites["w"].nearby == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "column", "code"),
    [
        ("stations.csv", "一级站", "城堡", "类别", "table.need.class"),
        ("stations.csv", "已建未用", "歇业", "状态", "table.need.status"),
        ("stations.csv", ",45,", ",45.5,", "总人数", "table.need.whole_number"),
        ("stations.csv", ",4,1,", ",-4,1,", "水罐车(辆)", "table.need.not_negative"),
        ("stations.csv", "加强、迁建", "加强、出售", "允许调整", "table.need.several"),
        ("stations.csv", ",1100,", ",1100亩,", "年运行费用(万元)", "number.need.money"),
        ("sites.csv", "city;small", "city;castle", "allowed_classes", "table.need.several"),
        ("sites.csv", ",否", ",可能", "城郊", "table.need.yes_or_no"),
        ("demand.csv", ",25%,", ",125%,", "林地占比(%)", "number.need.share"),
        ("demand.csv", ",10,30", ",10,约30", "老人", "number.need.exact"),
    ],
)
def test_a_cell_that_cannot_be_used_drops_its_row_alone(
    folder: Path, name: str, old: str, new: str, column: str, code: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    _write(folder, name, text.replace(old, new, 1))

    imported = import_project(folder)

    assert imported.dropped == 1
    (fault,) = imported.faults
    assert (fault.need.code, fault.path.rpartition(":")[2]) == (code, column)
    assert imported.request is not None


def test_rows_that_name_no_area_or_risk_of_the_lists_are_faults(folder: Path) -> None:
    _write(folder, "areas.csv", "编号,名称\n1,坪山街道\n2,六联社区\n")
    _write(folder, "risk_classes.csv", "id\n高\n")
    codes = {fault.need.code for fault in import_project(folder).faults}
    assert codes == {"table.need.area", "table.need.one_of"}


def test_an_area_without_a_unit_is_asked_for_once(folder: Path) -> None:
    _write(folder, "demand.csv", DEMAND.replace("面积(平方公里)", "面积", 1))
    imported = import_project(folder)
    (fault,) = imported.faults
    assert (fault.path, fault.need.code) == ("demand.csv:面积", "number.need.area")
    assert imported.request is None


def test_sites_from_parcels_are_read_as_they_were_written(folder: Path) -> None:
    head = "id,name,lat,lon,area_m2,frontage_m,road,use,allowed_classes\n"
    row = "L1,Lot,22.70,114.30,4200,35,Main St,government,city;city_second;small\n"
    _write(folder, "sites.csv", head + row)
    sites = {one.id: one for one in _request(import_project(folder)).sites}
    assert sites["L1"].allowed_classes == ("city", "city_second", "small")


def test_areas_of_a_map_take_in_the_points_on_their_ground(folder: Path) -> None:
    columns = {"id": ["all", "west"], "name": ["坪山区", "六联社区"], "parent": [None, "all"]}
    grounds = [box(114.29, 22.69, 114.315, 22.72), box(114.29, 22.69, 114.305, 22.72)]
    frame = geopandas.GeoDataFrame(columns, geometry=grounds, crs="EPSG:4326")
    frame.to_crs("EPSG:4547").to_file(folder / "areas.gpkg")
    text = DEMAND.replace(",街道,社区,", ",备注一,备注二,")
    _write(folder, "demand.csv", text)

    imported = import_project(folder)

    request = _request(imported)
    assert isinstance(request.demand_points, tuple)
    assert [one.area for one in request.demand_points] == ["west", "all", None]
    assert [(one.id, one.parent) for one in request.areas] == [("all", None), ("west", "all")]
    note, _ = imported.notes
    assert (note.code, note.values["count"]) == ("project.located", 2)


def test_grounds_are_no_places_to_build_on(folder: Path) -> None:
    (folder / "sites.csv").unlink()
    frame = geopandas.GeoDataFrame({"id": ["s"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    frame.to_file(folder / "sites.gpkg")
    assert [one.need.code for one in import_project(folder).faults] == ["table.need.points"]
