"""A planner's folder becomes a request, and what is damaged is named."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from instances.projects import import_project
from models.fire_stations import FireStationRequest
from models.messages import render

DEMAND = "编号,经度,纬度,常住人口(万人)\na,114.30,22.70,1.2\nb,114.31,22.71,3\n"
SITES = "id,lon,lat,name\ns,114.30,22.70,South\nt,114.32,22.71,North\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small project without a fault."""
    made = tmp_path / "project"
    made.mkdir()
    (made / "demand.csv").write_text(DEMAND, encoding="utf-8")
    (made / "sites.csv").write_text(SITES, encoding="utf-8")
    (made / "project.toml").write_text('crs = "wgs84"\nnew_stations = 1\n', encoding="utf-8")
    return made


def test_a_folder_without_faults_is_a_request(folder: Path) -> None:
    imported = import_project(folder)
    assert imported.faults == ()
    request = FireStationRequest.model_validate(imported.request)
    assert isinstance(request.demand_points, tuple)
    assert [one.weights["residents"] for one in request.demand_points] == [12_000, 30_000]


def test_gbk_is_read_as_utf_8_is(folder: Path) -> None:
    before = import_project(folder).request
    (folder / "demand.csv").write_text(DEMAND, encoding="gbk")
    assert import_project(folder).request == before


def test_shifted_coordinates_are_led_back(folder: Path) -> None:
    plain, moved = import_project(folder).request, None
    (folder / "project.toml").write_text('crs = "gcj02"\nnew_stations = 1\n', encoding="utf-8")
    moved = import_project(folder).request
    assert plain is not None
    assert moved is not None
    assert 0.002 < plain["sites"][0]["lon"] - moved["sites"][0]["lon"] < 0.01


def test_good_rows_outlive_bad_ones(folder: Path) -> None:
    bad = "b,114.33,22.71,2\nc,114.32,abc,3\nd,22.7,114.3,2\ne,114.3,22.7,-1\nf,114.3,22.7,nan\n"
    (folder / "demand.csv").write_text(DEMAND + bad, encoding="utf-8")
    imported = import_project(folder)
    assert imported.request is not None
    assert [one["id"] for one in imported.request["demand_points"]] == ["a", "b"]
    assert imported.dropped == 5
    assert [fault.path for fault in imported.faults] == [
        "demand.csv:4:编号",
        "demand.csv:5:纬度",
        "demand.csv:6:纬度",
        "demand.csv:7:常住人口(万人)",
        "demand.csv:8:常住人口(万人)",
    ]


def _text(name: str, content: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_text(content, encoding="utf-8")

    return damage


def _binary(name: str, content: bytes) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / "demand.csv").unlink(missing_ok=True)
        (folder / name).write_bytes(content)

    return damage


def _workbook(
    *, merged: bool = False, formula: bool = False, cut: bool = False, empty: bool = False
) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        from openpyxl import Workbook  # noqa: PLC0415

        (folder / "demand.csv").unlink()
        book, path = Workbook(), folder / "demand.xlsx"
        sheet = book.worksheets[0]
        sheet.title = "demand"
        if not empty:
            sheet.append(["id", "lon", "lat", "residents"])
            sheet.append(["a", 114.3, 22.7, "=1+1" if formula else 5])
        if merged:
            sheet.merge_cells("A1:B1")
        book.save(path)
        if cut:
            path.write_bytes(path.read_bytes()[:800])

    return damage


def _map(
    suffix: str, *, mixed: bool = False, crs: str | None = "EPSG:4326", cut: bool = False
) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        import geopandas  # noqa: PLC0415
        from shapely import LineString, Point  # noqa: PLC0415

        (folder / "demand.csv").unlink()
        (folder / "project.toml").write_text("new_stations = 1\n", encoding="utf-8")
        shapes = [Point(114.3, 22.7), LineString([(1, 1), (2, 2)]) if mixed else Point(114.4, 22.7)]
        columns = {"id": ["a", "b"], "residents": [1, 2]}
        frame, path = (
            geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs),
            folder / f"demand{suffix}",
        )
        frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
        if cut:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])

    return damage


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no demand": (lambda folder: (folder / "demand.csv").unlink(), "project.need.table"),
    "empty file": (_text("demand.csv", ""), "table.need.rows"),
    "headings only": (_text("demand.csv", "id,lon,lat,residents\n"), "table.need.rows"),
    "two headings alike": (_text("demand.csv", "id,id\n1,2\n"), "table.need.unique_header"),
    "a row too wide": (_text("demand.csv", "id,lon\n1,2,3\n"), "table.need.width"),
    "no residents": (_text("demand.csv", "id,lon,lat\n1,2,3\n"), "table.need.column"),
    "an open quotation": (_text("demand.csv", 'id,lon\n"1,2\n'), "table.need.csv"),
    "a huge cell": (_text("demand.csv", "id\n" + "9" * 200_000), "table.need.csv"),
    "no text": (_binary("demand.csv", b"id\n\xff\xff\xff"), "table.need.encoding"),
    "UTF-16": (_binary("demand.csv", "id,lon\n1,2".encode("utf-16-le")), "table.need.encoding"),
    "a zip that is none": (_binary("demand.xlsx", b"PK not"), "table.need.workbook"),
    "a workbook cut short": (_workbook(cut=True), "table.need.workbook"),
    "merged headings": (_workbook(merged=True), "table.need.unmerged"),
    "a formula never run": (_workbook(formula=True), "table.need.result"),
    "empty sheets": (_workbook(empty=True), "table.need.rows"),
    "GeoJSON cut short": (_map(".geojson", cut=True), "table.need.whole"),
    "a GeoPackage cut short": (_map(".gpkg", cut=True), "table.need.whole"),
    "a shapefile cut short": (_map(".shp", cut=True), "table.need.whole"),
    "a Parquet cut short": (_map(".parquet", cut=True), "table.need.whole"),
    "mixed shapes": (_map(".gpkg", mixed=True), "table.need.points"),
    "no coordinate system": (_map(".parquet", crs=None), "project.need.crs"),
    "broken settings": (_text("project.toml", "crs = "), "project.need.toml"),
    "a setting of another kind": (_text("project.toml", "crs = 4490\n"), "project.need.type"),
    "unknown setting": (_text("project.toml", "speed = 1\n"), "project.need.key"),
    "unknown system": (_text("project.toml", 'crs="x"\nnew_stations=1\n'), "coordinates.need.crs"),
    "unknown class": (
        _text("stations.csv", "id,lon,lat,class\nu,114.3,22.7,palace\n"),
        "table.need.class",
    ),
    "a folder as a file": (lambda folder: (folder / "sites.xlsx").mkdir(), "table.need.file"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named(folder: Path, name: str) -> None:
    damage, code = DAMAGES[name]
    damage(folder)
    assert code in {fault.need.code for fault in import_project(folder).faults}


@pytest.mark.parametrize("name", DAMAGES)
def test_the_command_line_tells_of_damage_without_a_traceback(
    folder: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    DAMAGES[name][0](folder)
    out = folder.parent / "request.json"
    done = CliRunner().invoke(app, ["import", str(folder), "--out", str(out)])
    said = done.output + capfd.readouterr().err
    assert done.exit_code == (0 if name == "unknown class" else 2)
    assert out.exists() == (done.exit_code == 0)
    assert "Traceback" not in said
    assert "needs" in said


def test_the_command_line_lists_faults_and_makes_no_request(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder)
    command = (sys.executable, "-m", "api.cli", "import", str(folder), "--out", str(tmp_path / "r"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert "a folder that exists" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "r").exists()


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
    assert [note.values["count"] for note in imported.notes] == [2, 1]


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


def test_a_fault_without_a_role_only_warns(folder: Path) -> None:
    (folder / "budget.xlsx").write_bytes(b"PK not")
    (folder / "old.csv").write_text("a,a\n1,2\n", encoding="utf-8")
    (folder / "contacts.csv").write_text("phone,13800000001,13800000001\n1,2,3\n", encoding="utf-8")

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    assert [fault.path for fault in imported.warnings] == [
        "budget.xlsx",
        "contacts.csv:1",
        "old.csv:1",
    ]
    assert "13800000001" not in str(imported)


def test_the_faults_of_all_files_are_listed_at_once(folder: Path) -> None:
    (folder / "demand.csv").write_text(DEMAND + "c,x,22.7,1\n", encoding="utf-8")
    (folder / "sites.xlsx").write_bytes(b"PK not")
    (folder / "sites.csv").unlink()
    (folder / "stations.csv").write_text(
        "id,lon,lat,class\nu,114.3,22.7,palace\n", encoding="utf-8"
    )
    (folder / "water.geojson").write_text("{", encoding="utf-8")

    imported = import_project(folder)

    assert imported.request is None
    assert {(fault.path, fault.need.code) for fault in imported.faults} == {
        ("sites.xlsx", "table.need.workbook"),
        ("water.geojson", "table.need.whole"),
        ("demand.csv:4:经度", "number.need.angle"),
        ("stations.csv:2:class", "table.need.class"),
    }


def test_sheets_without_a_role_do_not_stop_those_with_one(folder: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415

    (folder / "sites.csv").unlink()
    book = Workbook()
    book.worksheets[0].title = "2023"
    book.worksheets[0].append(["a", None])
    book.worksheets[0].merge_cells("A1:B1")
    sheet = book.create_sheet("候选")
    for row in SITES.split():
        sheet.append([cell if cell.isalpha() else float(cell) for cell in row.split(",")])
    book.save(folder / "plan.xlsx")

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    assert len(imported.request["sites"]) == 2
    assert [fault.need.code for fault in imported.warnings] == ["table.need.unmerged"]


def test_a_workbook_of_one_sheet_plays_the_role_of_its_file(folder: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415

    (folder / "sites.csv").unlink()
    book = Workbook()
    book.worksheets[0].title = "Sheet1"
    book.worksheets[0].append(["id", "lon", "lat"])
    book.worksheets[0].append(["s", 114.3, 22.7])
    book.save(folder / "sites.xlsx")
    assert import_project(folder).faults == ()


def test_a_list_that_may_be_empty_may_be_empty(folder: Path) -> None:
    (folder / "stations.csv").write_text("id,lon,lat,class\n", encoding="utf-8")
    imported = import_project(folder)
    assert (imported.faults, imported.warnings) == ((), ())
    assert imported.request is not None


def test_names_are_ids_where_a_table_has_none(folder: Path) -> None:
    (folder / "demand.csv").write_text("社区,经度,纬度,人口\n六联,114.3,22.7,5\n", encoding="utf-8")
    imported = import_project(folder)
    assert imported.faults == ()
    assert imported.request is not None
    assert [one["id"] for one in imported.request["demand_points"]] == ["六联"]


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


def test_rules_and_objectives_of_the_settings_reach_the_request(folder: Path) -> None:
    settings = (
        'crs = "wgs84"\npopulation_weight = "residents"\n[new_stations]\nsmall = 1\n'
        '[rules]\nclearances = [{kind = "hazardous_site", distance_m = 200}]\n'
        '[[objectives]]\nkind = "cover"\n'
    )
    (folder / "project.toml").write_text(settings, encoding="utf-8")
    imported = import_project(folder)
    assert imported.faults == ()
    request = FireStationRequest.model_validate(imported.request)
    assert request.new_stations["small"].min == 1
    assert request.rules.clearances[0].distance_m == 200
    assert [one.kind for one in request.objectives] == ["cover"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_shapefile_that_names_no_encoding_is_read_in_its_own(folder: Path, encoding: str) -> None:
    import geopandas  # noqa: PLC0415
    from shapely import Point  # noqa: PLC0415

    (folder / "demand.csv").unlink()
    columns = {"编号": ["甲"], "人口": [5]}
    frame = geopandas.GeoDataFrame(columns, geometry=[Point(114.3, 22.7)], crs="EPSG:4326")
    frame.to_file(folder / "demand.shp", encoding=encoding)
    (folder / "demand.cpg").unlink()

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    assert [one["id"] for one in imported.request["demand_points"]] == ["甲"]


def _layers(path: Path) -> None:
    """Write a GeoPackage with a layer for each role, and one without."""
    import geopandas  # noqa: PLC0415
    from shapely import LineString, Point, box  # noqa: PLC0415

    where = {"crs": "EPSG:4326"}
    demand = {"id": ["a", "b"], "residents": [1, 2]}
    points = [Point(114.3, 22.7), Point(114.31, 22.7)]
    roads = [LineString([(114.29, 22.7), (114.32, 22.7)])]
    for layer, frame in {
        "demand": geopandas.GeoDataFrame(demand, geometry=points, **where),
        "候选站址": geopandas.GeoDataFrame({"id": ["s"]}, geometry=points[:1], **where),
        "roads": geopandas.GeoDataFrame({"highway": ["primary"]}, geometry=roads, **where),
        "outline": geopandas.GeoDataFrame(geometry=[box(114.2, 22.6, 114.4, 22.8)], **where),
        "trees": geopandas.GeoDataFrame(geometry=roads, **where),
    }.items():
        frame.to_file(path, layer=layer)


def test_a_geopackage_of_several_layers_is_a_project_by_itself(tmp_path: Path) -> None:
    _layers(tmp_path / "city.gpkg")

    imported = import_project(tmp_path / "city.gpkg", crs="wgs84", new_stations=1)

    assert imported.faults == ()
    assert [fault.path for fault in imported.warnings] == ["city.gpkg:trees"]
    assert imported.request is not None
    assert [one["id"] for one in imported.request["demand_points"]] == ["a", "b"]
    assert [one["kind"] for one in imported.request["backdrop"]] == ["outline"]
    assert (imported.network, imported.network_layer) == (tmp_path / "city.gpkg", "roads")
    out = tmp_path / "request.json"
    command = ["import", str(tmp_path / "city.gpkg"), "--crs", "wgs84", "--new-stations", "1"]
    environment = {"MUSTER_STORE_FOLDER": str(tmp_path / "store")}
    done = CliRunner().invoke(app, [*command, "--out", str(out)], env=environment)
    assert done.exit_code == 0
    assert '"kind": "roads"' in out.read_text(encoding="utf-8")


def test_a_map_of_several_layers_is_not_taken_for_its_first(folder: Path) -> None:
    import geopandas  # noqa: PLC0415
    from shapely import box  # noqa: PLC0415

    frame = geopandas.GeoDataFrame(geometry=[box(114.2, 22.6, 114.4, 22.8)], crs="EPSG:4326")
    for layer in ("old", "new"):
        frame.to_file(folder / "water.gpkg", layer=layer)
    imported = import_project(folder)
    assert [(one.path, one.need.code) for one in imported.faults] == [
        ("water.gpkg", "table.need.one_layer")
    ]
