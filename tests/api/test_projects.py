"""A planner's workbook and folder through the command line: template, run, import."""

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pytest
from shapely import LineString, box

from api.cli.importing import request_of
from api.settings import Settings
from instances.catalog import data_folder
from instances.coordinates import from_wgs84, to_wgs84
from instances.projects import Imported
from instances.tables.files import MAPS
from models.travel import ByRoads
from tests.api.doors import Muster


def _filled(tmp_path: Path, muster: Muster, **settings: object) -> Path:
    """Return the template filled in: 12 places, 5 sites, a station; ``settings`` by key."""
    made = muster("template", "fire-stations", "--out", "questions.xlsx")
    assert made.returncode == 0, made.stderr.decode()
    path = tmp_path / "questions.xlsx"
    book = openpyxl.load_workbook(path)
    given = {"crs": "wgs84", "new_stations": 2, "name": "试点"} | settings
    for row in book["参数 Settings"].iter_rows(min_row=2):
        if row[0].value in given:
            row[1].value = given[row[0].value]
    for i in range(12):
        row = (f"p{i}", f"社区{i}", 22.52 + 0.0024 * i, 114.0 + 0.003 * (i % 4), f"{i + 1},000")
        book["需求 Demand"].append(row)
    for j in range(5):
        book["站址 Sites"].append((f"s{j}", f"+候选{j}", 22.521 + 0.006 * j, 114.005))
    book["消防站 Stations"].append(("e0", "现状站", 22.53, 114.01, "small", "in_service"))
    book.save(path)
    return path


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_workbook_comes_back_with_a_verified_answer(muster: Muster, tmp_path: Path) -> None:
    questions = _filled(tmp_path, muster)

    ran = muster("run", questions, "--out", "results", "--lang", "zh")

    assert ran.returncode == 0, ran.stderr.decode()
    answer = _json(tmp_path / "results" / "plan.json")
    assert answer["run"]["status"] == "optimal"
    assert answer["verification"]["passed"]
    assert answer["travel"]["method"] == "straight_line"
    request = _json(tmp_path / "results" / "request.json")
    assert len(request["demand_points"]) == 12  # the examples are not among them
    assert request["demand_points"][0]["weights"] == {"residents": 1000}
    book = openpyxl.load_workbook(tmp_path / "results" / "questions-answers.xlsx")
    assert book.sheetnames[:2] == ["说明 Notes", "参数 Settings"]
    assert len(book.sheetnames) > 8
    answers = [book[name] for name in book.sheetnames[10:]]
    cells = [cell for sheet in answers for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert (tmp_path / "results" / "report-zh.html").stat().st_size > 100_000


def test_faulty_cells_come_back_with_a_comment(muster: Muster, tmp_path: Path) -> None:
    questions = _filled(tmp_path, muster, new_stations="two")
    book = openpyxl.load_workbook(questions)
    sheet = book["需求 Demand"]
    sheet.cell(sheet.max_row, 5).value = "many"
    book["消防站 Stations"].cell(3, 5).value = "castle"
    book.save(questions)

    ran = muster("run", questions, "--out", "results")

    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr.decode()
    assert not (tmp_path / "results" / "plan.json").exists()
    marked = openpyxl.load_workbook(tmp_path / "results" / "questions-faults.xlsx")
    settings = [row[1] for row in marked["参数 Settings"].iter_rows() if row[1].comment]
    assert [cell.value for cell in settings] == ["two"]


def test_a_faulty_row_is_marked_and_the_others_are_answered(muster: Muster, tmp_path: Path) -> None:
    questions = _filled(tmp_path, muster)
    book = openpyxl.load_workbook(questions)
    sheet = book["需求 Demand"]
    sheet.cell(sheet.max_row, 5).value = "many"
    at = sheet.cell(sheet.max_row, 5).coordinate
    book.save(questions)

    ran = muster("run", questions, "--out", "results")

    assert ran.returncode == 0, ran.stderr.decode()
    assert len(_json(tmp_path / "results" / "request.json")["demand_points"]) == 11
    marked = openpyxl.load_workbook(tmp_path / "results" / "questions-faults.xlsx")
    assert marked["需求 Demand"][at].comment is not None


def _folder(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "project.toml").write_text(text, encoding="utf-8")
    rows = [f"p{i},{22.52 + 0.0024 * i},{114.001 + 0.003 * (i % 12)},{100 + i}" for i in range(12)]
    (folder / "demand.csv").write_text("\n".join(["id,lat,lon,人口", *rows]), encoding="gbk")
    rows = [f"s{j},{22.522 + 0.005 * j},{114.02 - 0.003 * j}" for j in range(5)]
    (folder / "sites.csv").write_text("\n".join(["编号,纬度,经度", *rows]), encoding="utf-8")
    return folder


def test_a_folder_with_roads_and_closures_is_travelled_by_road(
    muster: Muster, tmp_path: Path
) -> None:
    found = data_folder()
    graph = None if found is None else found / "futian" / "G.graphml"
    if graph is None or not graph.is_file():
        pytest.skip("no road graph of Futian; set MUSTER_DATA to the folder of published data")
    folder = _folder(tmp_path, 'crs = "wgs84"\nnew_stations = 2\nnetwork = "roads.graphml"\n')
    (folder / "roads.graphml").write_bytes(graph.read_bytes())
    ring = [[114.0, 22.53], [114.03, 22.53], [114.03, 22.535], [114.0, 22.535], [114.0, 22.53]]
    flood = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "积水段", "kind": "flood"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }
    (folder / "closures.geojson").write_text(json.dumps(flood), encoding="utf-8")

    imported = muster("import", folder, "--out", "request.json")
    assert imported.returncode == 0, imported.stderr.decode()
    solved = muster("solve", "request.json", "--out", "plan.json")

    assert solved.returncode == 0, solved.stderr.decode()
    answer = _json(tmp_path / "plan.json")
    assert answer["verification"]["passed"]
    usual, closed = answer["travel"]["scenarios"]
    assert usual["closed_length_m"] == 0 < closed["closed_length_m"]


def test_shifted_degrees_are_asked_for_and_moved(muster: Muster, tmp_path: Path) -> None:
    folder = _folder(tmp_path, "new_stations = 2\n")

    unsaid = muster("import", folder, "--out", "request.json")
    said = muster("import", folder, "--crs", "gcj02", "--out", "request.json")

    assert unsaid.returncode == 2
    assert "crs" in unsaid.stderr.decode()
    assert said.returncode == 0, said.stderr.decode()
    point = _json(tmp_path / "request.json")["demand_points"][0]
    assert point["lon"] == pytest.approx(114.001 - 0.0049, abs=4e-4)
    assert point["lat"] == pytest.approx(22.52 + 0.0027, abs=4e-4)


def test_points_that_only_claim_wgs84_need_a_word_from_the_user(
    muster: Muster, tmp_path: Path
) -> None:
    folder = _folder(tmp_path, "new_stations = 2\n")
    (folder / "demand.csv").unlink()
    points = [
        {
            "type": "Feature",
            "properties": {"id": f"p{i}", "residents": 5},
            "geometry": {"type": "Point", "coordinates": [114.001 + 0.001 * i, 22.53]},
        }
        for i in range(3)
    ]
    layer = json.dumps({"type": "FeatureCollection", "features": points})
    (folder / "demand.geojson").write_text(layer, encoding="utf-8")

    unsaid = muster("import", folder, "--out", "request.json")
    said = muster("import", folder, "--crs", "bd09", "--out", "request.json")

    assert unsaid.returncode == 2
    assert said.returncode == 0, said.stderr.decode()
    assert _json(tmp_path / "request.json")["demand_points"][0]["lon"] < 113.995


def test_results_leave_in_the_system_the_files_came_in(muster: Muster, tmp_path: Path) -> None:
    folder = _folder(tmp_path, 'crs = "gcj02"\nnew_stations = 2\n')
    assert muster("import", folder, "--out", "request.json").returncode == 0
    assert muster("solve", "request.json", "--out", "plan.json").returncode == 0

    own = muster("report", "request.json", "plan.json", "--out", "plan.csv")
    asked = muster("report", "request.json", "plan.json", "--crs", "wgs84", "--out", "plan.csv")

    assert own.returncode == asked.returncode == 0, own.stderr.decode()
    lines = (tmp_path / "plan.gcj02.csv").read_text(encoding="utf-8-sig").splitlines()
    given = {f"{114.02 - 0.003 * j:.6f}" for j in range(5)}
    assert {f"{float(line.split(',')[5]):.6f}" for line in lines[1:]} <= given
    assert all(",gcj02," in line for line in lines[1:])
    moved = (tmp_path / "plan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert float(moved[1].split(",")[5]) < float(lines[1].split(",")[5]) - 0.004


@pytest.mark.parametrize("suffix", sorted(MAPS))
def test_shifted_roads_are_moved_in_every_format(suffix: str, tmp_path: Path) -> None:
    ends = [(114.000, 22.500), (114.010, 22.500), (114.010, 22.510)]
    lines = [LineString([ends[i], ends[i - 1]]) for i in range(3)]
    frame = geopandas.GeoDataFrame({"highway": ["primary"] * 3}, geometry=lines, crs="EPSG:4326")
    frame.to_file(tmp_path / f"roads{suffix}")
    request = {
        "demand_points": [{"id": "p", "lat": 22.5, "lon": 114.0}],
        "sites": [{"id": "s", "lat": 22.5, "lon": 114.0}],
        "new_stations": 1,
        "travel": {"kind": "roads"},
    }
    imported = Imported(request, (), network=tmp_path / f"roads{suffix}", crs="gcj02")
    settings = Settings(store_folder=tmp_path / "store")

    travel = request_of(imported, settings, "en", beside=tmp_path / "request.json").travel

    assert isinstance(travel, ByRoads)
    lon, _ = to_wgs84([114.0, 114.01, 114.01], [22.5, 22.5, 22.51], "gcj02")
    kept = settings.store.load(travel.network.sha256)
    found = [*kept["node_lon"].tolist(), *kept["shape_lon"].tolist()]
    assert sorted(found) == pytest.approx(sorted(lon.tolist()), abs=2e-7)


@pytest.mark.parametrize("content", ["junk", "", "PK\x03\x04 cut short"])
def test_a_workbook_that_is_none_is_a_fault(muster: Muster, tmp_path: Path, content: str) -> None:
    (tmp_path / "questions.xlsx").write_text(content, encoding="utf-8")

    ran = muster("run", "questions.xlsx", "--out", "results")

    assert ran.returncode == 2, ran.stderr.decode()
    assert "questions.xlsx" in ran.stderr.decode()
    assert not (tmp_path / "results").exists()


PERSON, PHONES = "张小三", ("13800000001", "13800000002", "13800000003")


def _with_contacts(questions: Path) -> None:
    """Plant a name and telephones: in a sheet of contacts, in columns, and in a faulty cell."""
    book = openpyxl.load_workbook(questions)
    book["联系人 Contacts"].append(("e0", PERSON, int(PHONES[0])))
    stations = book["消防站 Stations"]
    first = stations.max_column + 1
    for row, cells in ((1, ("站长", "值班电话 phone")), (3, (PERSON, PHONES[1]))):
        for column, cell in enumerate(cells, first):
            stations.cell(row, column).value = cell
    demand = book["需求 Demand"]
    heads = [cell.value for cell in demand[1]]
    at = heads.index("常住人口 residents") + 1
    demand.cell(demand.max_row, at).value = f"请电 138-{PHONES[2][3:7]}-{PHONES[2][7:]}"
    book.save(questions)


def _texts(folder: Path) -> str:
    """Return all that the files of a folder hold, those within files included."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".xlsx", ".docx"}:
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(name) for name in archive.namelist()]
        elif path.is_file():
            parts.append(path.read_bytes())
    return b"\n".join(parts).decode("utf-8", "replace").replace("-", "")


def test_no_name_and_no_telephone_is_in_any_output(muster: Muster, tmp_path: Path) -> None:
    questions = _filled(tmp_path, muster)
    _with_contacts(questions)

    ran = muster("run", questions, "--out", "out/results", MUSTER_LOG="debug")
    imported = muster(
        *("import", questions, "--out", "out/r.json", "--rejects", "out/rejects.csv"),
        *("--contacts", "contacts.csv", "--lang", "zh"),
    )

    assert ran.returncode == imported.returncode == 0, ran.stderr.decode()
    said = b"".join((ran.stdout, ran.stderr, imported.stdout, imported.stderr)).decode()
    found = _texts(tmp_path / "out") + said.replace("-", "")
    assert not [secret for secret in (PERSON, *PHONES) if secret in found]
    assert "***" in said  # the faulty cell is named all the same
    assert "值班电话" in said
    beside = (tmp_path / "contacts.csv").read_text(encoding="utf-8-sig")
    assert beside.count(PERSON) == 2
    assert f",e0,值班电话 phone,{PHONES[1]}" in beside


def test_contacts_stay_in_the_workbook_of_those_who_ask(muster: Muster, tmp_path: Path) -> None:
    questions = _filled(tmp_path, muster)
    _with_contacts(questions)

    ran = muster("run", questions, "--out", "results", "--with-contacts")

    assert ran.returncode == 0, ran.stderr.decode()
    book = openpyxl.load_workbook(tmp_path / "results" / "questions-answers.xlsx")
    assert book["联系人 Contacts"]["B3"].value == PERSON
    assert PERSON not in (tmp_path / "results" / "request.json").read_text(encoding="utf-8")


def _place(folder: Path, lon: Any, lat: Any) -> None:
    """Write demand and sites at these positions."""
    rows = [f"p{i},{x:.7f},{y:.7f},5" for i, (x, y) in enumerate(zip(lon, lat, strict=True))]
    for name in ("demand", "sites"):
        text = "\n".join(["id,lon,lat,residents", *rows])
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("layer", ["roads", "outline"])
def test_places_that_fit_the_projects_own_layers_better_when_shifted_are_warned_of(
    layer: str, muster: Muster, tmp_path: Path
) -> None:
    folder = _folder(tmp_path, 'crs = "wgs84"\nnew_stations = 1\n')
    west, south = 114.30, 22.66
    rng = np.random.default_rng(1)
    lines = [[(i, j) for j in range(9)] for i in range(9)]
    lines += [[(j, i) for j in range(9)] for i in range(9)]
    ways = [LineString([(west + i / 90, south + j / 90) for i, j in one]) for one in lines]
    if layer == "roads":
        x = west + rng.integers(0, 9, 120) / 90 + rng.normal(0, 3e-4, 120)
        frame = geopandas.GeoDataFrame({"highway": ["primary"] * 18}, geometry=ways)
    else:
        x = rng.uniform(west, west + 0.1, 120)
        frame = geopandas.GeoDataFrame(geometry=[box(west, south, west + 0.1, south + 0.1)])
    y = rng.uniform(south, south + 0.089, 120)
    frame.set_crs("EPSG:4326").to_file(folder / f"{layer}.gpkg")
    lon, lat = from_wgs84(x, y, "gcj02")

    _place(folder, lon, lat)
    shifted = muster("import", folder, "--out", "request.json")
    _place(folder, x, y)
    true = muster("import", folder, "--out", "true.json")

    assert shifted.returncode == true.returncode == 0, shifted.stderr.decode()
    said = shifted.stderr.decode()
    assert "WARNING: demand" in said
    assert "WARNING: sites" in said
    assert "gcj02" in said
    assert "gcj02" not in true.stderr.decode()
    page = tmp_path / "request-sites-preview.html"
    assert str(page.name) in said
    text = page.read_text(encoding="utf-8")
    assert "p119" in text  # every point, over the user's own layers, under each reading
    assert all(
        name in text
        for name in ("GCJ-02", "BD-09", "114.3999" if layer == "outline" else "114.3888")
    )
    assert not list(tmp_path.glob("true*.html"))


def test_what_comes_back_can_be_asked_again(muster: Muster, tmp_path: Path) -> None:
    questions = _filled(tmp_path, muster)
    book = openpyxl.load_workbook(questions)
    sheet = book["需求 Demand"]
    at = sheet.cell(sheet.max_row, 5).coordinate
    sheet[at].value = "many"
    book.save(questions)

    first = muster("run", questions, "--out", "first", "--lang", "zh")
    marked = tmp_path / "first" / "questions-faults.xlsx"
    book = openpyxl.load_workbook(marked)
    book["需求 Demand"][at].value = 7
    book.save(marked)
    second = muster("run", marked, "--out", "second")
    answered = tmp_path / "second" / "questions-faults-answers.xlsx"
    third = muster("import", answered, "--out", "third.json")

    assert first.returncode == second.returncode == 0, second.stderr.decode()
    assert third.returncode == 0, third.stderr.decode()
    assert len(_json(tmp_path / "third.json")["demand_points"]) == 12
    book = openpyxl.load_workbook(answered)
    assert "问题清单" not in book.sheetnames
    cell = book["需求 Demand"][at]
    assert (cell.value, cell.comment, cell.fill.fill_type) == (7, None, None)
    assert "Every row was used" in third.stderr.decode()
