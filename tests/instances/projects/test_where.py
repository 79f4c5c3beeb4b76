"""Where rows lie: as people write positions, by name, and in which system."""

from pathlib import Path

import pytest

from instances.projects import import_project
from models.fire_stations import FireStationRequest
from models.messages import render


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("经度,纬度", "114°18'00\"E,22°42'N"),
        ("经度,纬度", "东经114度18分,北纬22.7"),
        ("经度,纬度", "E114.3,+22.7"),
        ("经纬度", '"114.3,22.7"'),
        ("坐标", '"22.7N 114.3E"'),
        ("Position (lat/lon)", "22°42' 114°18'"),
        ("经度,纬度,坐标", ',,"114.3，22.7"'),
    ],
)
def test_positions_are_read_as_people_write_them(folder: Path, head: str, cells: str) -> None:
    quoted = cells if '"' not in cells or cells.lstrip(",")[0] == '"' else cells.replace('"', "″")
    (folder / "sites.csv").write_text(f"id,{head}\ns,{quoted}\n", encoding="utf-8")

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    (site,) = imported.request["sites"]
    assert (site["lon"], site["lat"]) == pytest.approx((114.3, 22.7))


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ("22.7,114.3,", "经度", "number.need.lat"),
        ("2分,22.7,", "经度", "number.need.angle"),
        ("114.3N,22.7,", "经度", "number.need.lon"),
        (',,"50.2, 40.1"', "坐标", "number.need.order"),
        (",,here", "坐标", "number.need.pair"),
        (",,", "坐标", "table.need.value"),
    ],
)
def test_a_position_that_is_none_is_a_fault_of_its_cell(
    folder: Path, cells: str, column: str, code: str
) -> None:
    rows = f"id,经度,纬度,坐标\ns,114.3,22.7,\nt,{cells}\n"
    (folder / "sites.csv").write_text(rows, encoding="utf-8")

    imported = import_project(folder)

    assert imported.dropped == 1
    (fault,) = imported.faults
    assert fault.need.code == code
    assert fault.path.startswith("sites.csv:3:")
    assert column in fault.path or code == "number.need.lat"


def test_metres_of_a_projected_system_stay_metres(folder: Path) -> None:
    (folder / "project.toml").write_text('crs = "EPSG:4547"\nnew_stations = 1\n', encoding="utf-8")
    for name in ("demand", "sites"):
        rows = "id,东坐标 x,北坐标 y,residents\na,530000,2511000,5\n"
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    site = imported.request["sites"][0]
    assert (site["lon"], site["lat"]) == pytest.approx((114.29, 22.70), abs=0.02)


PLACES = (
    "编号,名称,别名,经度,纬度,精度\n"
    "PS-01,坪山社区,老坪山；坪山墟,114.35,22.69,building\n"
    ",沙壆社区,,114.33,22.70,middle of the community\n"
)


def test_rows_without_a_position_are_placed_by_name(folder: Path) -> None:
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    rows = "编号,名称,经度,纬度,常住人口\na,坪山社区居委会,,,5\nb,x,114.3,22.7,6\nc,坪山墟,,,7\n"
    (folder / "demand.csv").write_text(rows, encoding="utf-8")
    (folder / "sites.csv").write_text("id,楼栋编码\ns,PS-01\n", encoding="utf-8")

    imported = import_project(folder)

    assert imported.faults == ()
    request = FireStationRequest.model_validate(imported.request)
    assert isinstance(request.demand_points, tuple)
    found = [(one.id, one.lon, one.lat, one.precision) for one in request.demand_points]
    assert found[0] == ("a", 114.35, 22.69, "building")
    assert found[1] == ("b", 114.3, 22.7, None)
    assert found[2][1:] == found[0][1:]
    assert request.sites[0].precision == "building"
    assert [one.path for one in request.assumptions] == ["demand_points", "sites"]
    placed = [note for note in imported.notes if note.code == "project.placed"]
    assert [note.values["count"] for note in placed] == [2, 1]


def test_a_name_that_no_place_has_is_a_row_fault_with_the_nearest_names(folder: Path) -> None:
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    rows = "编号,名称,经度,纬度,常住人口\na,沙博社区,,,5\nb,x,114.3,22.7,6\nc,沙壆社区,114.3,,7\n"
    (folder / "demand.csv").write_text(rows, encoding="utf-8")

    imported = import_project(folder)

    assert imported.dropped == 2
    unknown, half = imported.faults
    assert (unknown.path, unknown.value) == ("demand.csv:2:名称", "沙博社区")
    assert "沙壆社区" in render(unknown.need, "zh")
    assert half.path == "demand.csv:4:纬度"  # half a position is a slip, not a wish to be looked up


def test_names_ids_and_areas_are_tried_in_turn(folder: Path) -> None:
    rows = PLACES + "PS-02,图书馆,,114.36,22.69,building\nPS-03,图书馆,,114.37,22.69,building\n"
    (folder / "places.csv").write_text(rows, encoding="utf-8")
    rows = (
        "编号,名称,地点,所属社区,人口\nPS-01,一号楼,,沙壆社区,1\n2,二号楼,,沙壆社区,2\n"
        "3,坪山社区,东楼,沙壆社区,3\n4,图书馆,,沙壆社区,4\n"
    )
    (folder / "demand.csv").write_text(rows, encoding="utf-8")

    imported = import_project(folder)

    assert imported.request is not None
    points = imported.request["demand_points"]
    assert [(one["id"], one["precision"]) for one in points] == [
        ("PS-01", "building"),
        ("2", "middle of the community"),
    ]
    # A stated place that is not there is no wish for a coarser one, nor is a name of two.
    assert [(one.path, one.need.code) for one in imported.faults] == [
        ("demand.csv:4:地点", "place.need.known"),
        ("demand.csv:5:名称", "place.need.one"),
    ]


def test_a_bad_row_of_the_places_takes_nothing_else_with_it(folder: Path) -> None:
    (folder / "places.csv").write_text(PLACES + "x,东山,,here,22.7,\n", encoding="utf-8")

    imported = import_project(folder)

    assert [fault.path for fault in imported.faults] == ["places.csv:4:经度"]
    assert imported.request is not None
    assert imported.request == import_project(folder).request


def test_without_places_a_row_needs_its_own_position(folder: Path) -> None:
    (folder / "sites.csv").write_text("id,name\ns,坪山社区\n", encoding="utf-8")
    codes = {fault.need.code for fault in import_project(folder).faults}
    assert codes == {"table.need.column"}


def test_metres_with_north_first_are_refused_as_a_whole(folder: Path) -> None:
    (folder / "project.toml").write_text('crs = "EPSG:4547"\nnew_stations = 1\n', encoding="utf-8")
    for name in ("demand", "sites"):
        rows = "id,X(m),Y(m),residents\na,2511000,530000,5\nb,2512000,531000,5\n"
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    imported = import_project(folder)
    assert imported.request is None
    assert [fault.need.code for fault in imported.faults] == ["coordinates.need.east_first"] * 2


def test_parcels_and_cells_lie_where_their_own_columns_say(folder: Path) -> None:
    import geopandas  # noqa: PLC0415
    from shapely import box  # noqa: PLC0415

    (folder / "sites.csv").unlink()
    columns = {"id": ["L1"], "lat": [22.7], "lon": [114.3], "allowed_classes": ["city;small"]}
    frame = geopandas.GeoDataFrame(columns, geometry=[box(114.299, 22.699, 114.301, 22.702)])
    frame.set_crs("EPSG:4326").to_file(folder / "sites.geojson")

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    (site,) = imported.request["sites"]
    assert (site["lon"], site["lat"]) == (114.3, 22.7)
    assert site["allowed_classes"] == ["city", "small"]
