"""A planner's folder becomes a request, and what is damaged is named."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from instances.projects import import_project
from models.fire_stations import FireStationRequest

DEMAND = "编号,经度,纬度,常住人口(万人)\na,114.30,22.70,1.2\nb,114.31,22.71,3\n"


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
