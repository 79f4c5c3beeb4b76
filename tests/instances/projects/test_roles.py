"""Which files and layers play a role, and what those without one may hold."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from instances.projects import import_project
from models.fire_stations import FireStationRequest

DEMAND = "编号,经度,纬度,常住人口(万人)\na,114.30,22.70,1.2\nb,114.31,22.71,3\n"
SITES = "id,lon,lat,name\ns,114.30,22.70,South\nt,114.32,22.71,North\n"


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
