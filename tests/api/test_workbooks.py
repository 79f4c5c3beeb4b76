"""Workbooks over HTTP: to a checked request, or back with their faults at the cells."""

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pytest
from shapely import LineString

from api.projects import checked, previewed
from api.settings import Settings
from instances.coordinates import from_wgs84
from instances.examples import example
from instances.projects.template import KINDS
from instances.roads import read_network
from tests.api.doors import tiny
from tests.api.jobs.servers import Served
from tests.api.questions import filled
from tests.api.test_storekeeping import fill, rows, workbook
from tests.optimizer.rotation.store import store, usual


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("workbooks")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", MUSTER_BODY_LIMIT_BYTES="2000000") as made:
        yield made


def test_a_workbook_becomes_a_request_that_a_job_takes(served: Served) -> None:
    found = served.client.post("/v1/workbooks", content=filled()).json()
    assert (found["source"], found["demand_points"], found["errors"]) == ("workbook", 12, [])
    job = served.submit(found["request"])
    assert served.until(job)["termination"] == "optimal"


def test_rows_left_out_are_told_by_their_cells(served: Served) -> None:
    found = served.client.post("/v1/workbooks", content=filled(bad=True)).json()
    assert found["dropped"] == 2
    assert found["demand_points"] == 11
    faults = {one["path"]: one for one in found["errors"]}
    assert faults["需求 Demand!E4"]["value"] == "many"
    assert any(path.startswith("站址 Sites!") for path in faults)


def test_where_there_is_no_request_every_faulty_cell_is_listed_in_the_readers_language(
    served: Served,
) -> None:
    book = filled(bad=True, standard="none of them", new_stations="several")
    refused = {
        language: served.client.post(
            "/v1/workbooks", content=book, headers={"accept-language": language}
        )
        for language in ("en", "zh")
    }
    assert {one.status_code for one in refused.values()} == {400}
    english, chinese = (one.json()["errors"] for one in refused.values())
    assert [one["path"] for one in english] == [one["path"] for one in chinese]
    assert "需求 Demand!E4" in {one["path"] for one in english}
    assert english[0]["need"] != chinese[0]["need"]


def test_a_workbook_comes_back_with_comments_on_its_faulty_cells(served: Served) -> None:
    back = served.client.post("/v1/workbooks/faults", content=filled(bad=True))
    assert back.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(back.content))
    assert book["需求 Demand"]["E4"].comment is not None
    assert book["需求 Demand"]["E5"].comment is None


def test_places_that_fit_better_when_shifted_are_drawn(served: Served, tmp_path: Path) -> None:
    settings = Settings(store_folder=tmp_path / "store")
    ways = [LineString([(114.0, 22.52 + i / 500), (114.03, 22.52 + i / 500)]) for i in range(15)]
    ways += [LineString([(114.0 + i / 500, 22.52), (114.0 + i / 500, 22.548)]) for i in range(15)]
    frame = geopandas.GeoDataFrame({"highway": ["primary"] * 30}, geometry=ways, crs="EPSG:4326")
    frame.to_file(tmp_path / "roads.gpkg")
    network = settings.store.add_arrays(read_network(tmp_path / "roads.gpkg").columns)

    book = openpyxl.load_workbook(io.BytesIO(filled(crs="wgs84", network=network)))
    along = [(114.0 + 0.0005 * i, 22.52 + (i % 15) / 500) for i in range(60)]  # on the streets
    shifted = np.column_stack(from_wgs84(*np.array(along).T, "gcj02")).tolist()
    for i, (lon, lat) in enumerate(shifted):
        book["需求 Demand"].append((f"q{i}", f"新{i}", lat, lon, 500))
    made = io.BytesIO()
    book.save(made)
    raw = made.getvalue()

    found = checked(raw, settings, "en")
    assert found.doubts == ("demand",)
    assert any("gcj02" in note for note in found.notes)
    page = previewed(raw, settings, "zh", "demand")
    assert page is not None
    assert "q59" in page
    assert "BD-09" in page
    assert previewed(raw, settings, "zh", "sites") is None
    undoubted = served.client.post("/v1/workbooks/preview", content=filled())
    assert undoubted.status_code == 404


def test_a_request_is_checked_as_a_jobs_is(served: Served) -> None:
    good = served.client.post("/v1/workbooks", json=tiny()).json()
    assert (good["source"], good["sites"]) == ("request", 3)
    assert good["request"]["new_stations"]["city"] == {"min": 2, "max": 2}
    faulty = tiny() | {"new_stations": {"city": -1}, "limits": {"time_limit_s": 0}}
    refused = served.client.post("/v1/workbooks", json=faulty)
    assert refused.status_code == 400
    assert len(refused.json()["errors"]) == 2


def test_the_empty_workbook_and_the_examples_are_given(served: Served) -> None:
    page = served.client.get("/", headers={"accept-language": "en"}).text
    linked = re.findall(r'href="v1/templates/([^"]+)"', page)
    assert tuple(linked) == KINDS
    empty = served.client.get("/v1/templates/fire-stations")
    assert "需求 Demand" in openpyxl.load_workbook(io.BytesIO(empty.content)).sheetnames
    names = {one["id"] for one in served.client.get("/v1/examples").json()["examples"]}
    assert "pingshan-fire-stations" in names
    assert served.client.get("/v1/examples/minimal").json()["sites"]
    assert served.client.get("/v1/templates/none").status_code == 404
    assert served.client.get("/v1/examples/none").status_code == 404


def test_no_file_of_the_server_enters_whatever_a_workbook_names(
    served: Served, tmp_path: Path
) -> None:
    there = tmp_path / "roads.osm"
    there.write_text("<osm/>")
    said = []
    for path in (there, tmp_path / "away.osm"):
        found = served.client.post("/v1/workbooks", content=filled(network=str(path)))
        assert found.status_code == 400
        faults = found.json()["errors"]
        said.append([(fault["path"], fault["need"]) for fault in faults])
    assert said[0] == said[1]


def test_a_body_that_is_no_workbook_or_too_large_is_refused(served: Served) -> None:
    for path in ("/v1/workbooks", "/v1/workbooks/faults"):
        torn = served.client.post(path, content=filled()[:3000])
        assert torn.status_code == 400
        assert "workbook.xlsx" in {one["path"] for one in torn.json()["errors"]}
        assert served.client.post(path, content=b"PK\3\4" + bytes(2_000_000)).status_code == 413
    assert served.client.post("/v1/workbooks/faults", content=b"{}").status_code == 400


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_in_bounded_memory(served: Served) -> None:
    assert served.process is not None
    bomb = io.BytesIO(filled())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/media/image.bin", bytes(700_000_000))
    for path in ("/v1/workbooks", "/v1/workbooks/faults"):
        refused = served.client.post(path, content=bomb.getvalue())
        assert refused.status_code == 400
        assert "200" in refused.json()["errors"][0]["need"]
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    peak_kb = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)
    assert peak_kb < 600_000


def test_a_storekeepers_workbook_comes_back(served: Served) -> None:
    book = workbook(usual())
    ledger = book["台账 Book"]
    fill(ledger, rows(ledger, lot="old")[0], counted=44)
    fill(ledger, rows(ledger, lot="new")[0], counted="many")
    january = book["2027-01"]
    fill(january, rows(january, action="issue", lot="old", to="drills")[0], done=1, unit="箱")
    made = io.BytesIO()
    book.save(made)
    request = store().model_dump(mode="json")
    content = base64.b64encode(made.getvalue()).decode()
    body = {"request": request, "returned": {"workbook": content, "start": "2027-02-01"}}
    found = served.client.post("/v1/workbooks/returns", json=body).json()
    assert [(one["lot_id"], one["found"]) for one in found["differences"]] == [("old", "44")]
    assert found["lines"] == 2
    assert [one["path"].split("!")[0] for one in found["errors"]] == ["台账 Book"]
    assert base64.b64decode(found["marked"]).startswith(b"PK")
    assert found["request"]["start"] == "2027-02-01"
    lots = {one["id"]: one["quantity"] for one in found["request"]["lots"]}
    assert lots["old"] == 44.0
    bad = body | {"returned": {"workbook": "?"}}
    refused = served.client.post("/v1/workbooks/returns", json=bad)
    assert refused.status_code == 400
    assert [one["path"] for one in refused.json()["errors"]] == ["returned.workbook"]
    other = body | {"request": example("minimal").model_dump(mode="json")}
    assert served.client.post("/v1/workbooks/returns", json=other).status_code == 400
