import io
from pathlib import Path

import pytest

from api.render.files.geopackage import geopackage
from api.render.files.places import Target
from api.render.files.spots import stations_csv
from api.render.files.workbook import workbook
from api.render.geojson import combined
from api.render.html import report
from api.render.names import Names
from api.render.text import summary
from models.roads import ScenarioTravel, TravelReport
from models.text import Language
from tests.api.render.answers import FAR, NEW, OLD, answer, asked, travelled, two_states


def test_a_geopackage_keeps_chinese_names_roads_and_backdrop(tmp_path: Path) -> None:
    gpd = pytest.importorskip("geopandas")
    file = tmp_path / "plan.gpkg"
    file.write_bytes(geopackage(asked(), travelled()))
    assert "新站" in set(gpd.read_file(file, layer="stations")["name_zh"])
    backdrop = gpd.read_file(file, layer="backdrop")
    assert (backdrop["name_en"][0], backdrop["name_zh"][0]) == ("River", "坪山河")
    assert len(gpd.read_file(file, layer="closed_roads")) == 1
    assert "直线距离估算，非路网时间。" in set(gpd.read_file(file, layer="about")["value"])


def test_a_geopackage_in_a_system_without_a_code_carries_none(tmp_path: Path) -> None:
    gpd = pytest.importorskip("geopandas")
    shifted = Target("GCJ-02", None, lambda lon, lat: (lon + 0.005, lat - 0.003), ".gcj02")
    file = tmp_path / "plan.gpkg"
    file.write_bytes(geopackage(asked(), travelled(), shifted))
    stations = gpd.read_file(file, layer="stations").set_index("id")
    assert stations.geometry[NEW].x == pytest.approx(114.325)
    assert stations.crs is None or stations.crs.to_epsg() is None


def test_a_geopackage_is_of_the_version_that_older_programs_read() -> None:
    version = int.from_bytes(geopackage(asked(), travelled())[60:64], "big")  # OGC 12-128r18, 1.1.1
    assert version == 10_200


def test_a_workbook_holds_no_formula_and_says_what_it_is() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    made = workbook(asked("=HYPERLINK(1)"), travelled(), ("zh",))
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [one for sheet in book for row in sheet for one in row]
    assert any(one.value == "=HYPERLINK(1)" for one in cells)
    assert not any(one.data_type == "f" for one in cells)
    first = {one.value for row in book.worksheets[0] for one in row}
    assert {"WGS 84", "直线距离估算，非路网时间。"} <= first


def test_csv_guards_formulas_and_keeps_coordinates() -> None:
    text = stations_csv(Names(asked("=1+1"), "en"), travelled(), Target())
    assert text is not None
    assert "'=1+1" in text
    assert "114.32,22.72" in text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Straight-line stand-in"), ("zh", "直线距离估算，非路网时间")]
)
def test_a_stand_in_for_roads_is_labelled_in_every_output(language: str, said: str) -> None:
    tongue = "en" if language == "en" else "zh"
    assert said in summary(asked(), travelled(), tongue)
    assert said in report(asked(), travelled(), tongue)
    assert said in combined(asked(), travelled(), tongue)["about"]["travel_notes"][0]


def test_a_cut_off_station_is_marked() -> None:
    features = combined(asked(), travelled(), "en")["features"]
    marked = {one["properties"]["id"] for one in features if one["properties"].get("cut_off")}
    assert marked == {OLD}


def test_what_roads_leave_out_is_marked_in_each_scenario(tmp_path: Path) -> None:
    features = combined(asked(), two_states(), "zh")["features"]
    marks = [one["properties"] for one in features if one["properties"]["layer"] == "cut_off"]
    assert [(one["scenario"], one["what"], one["id"]) for one in marks] == [
        ("peak", "site", OLD),
        ("peak", "demand_point", FAR),
    ]
    closed = [one["properties"] for one in features if one["properties"]["layer"] == "closed_roads"]
    assert [one["scenario"] for one in closed] == ["peak", "free_flow"]
    gpd = pytest.importorskip("geopandas")
    file = tmp_path / "plan.gpkg"
    file.write_bytes(geopackage(asked(), two_states()))
    kept = gpd.read_file(file, layer="cut_off")
    assert set(kept["scenario"]) == {"peak"}
    assert set(kept["scenario_name_zh"]) == {"高峰时段"}
    assert set(gpd.read_file(file, layer="closed_roads")["scenario"]) == {"peak", "free_flow"}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "4,321, first: "), ("zh", "4,321 处，前列：")]
)
def test_whole_counts_are_said_with_the_first_names(language: Language, said: str) -> None:
    names = tuple(f"p{k}" for k in range(1000))
    peak = ScenarioTravel(scenario_id="peak", unreachable_count=4321, unreachable_points=names)
    found = TravelReport(method="matrix", scenarios=(peak,))
    known = answer().model_copy(update={"travel": found})
    assert "4,321" in summary(asked(), known, language)
    page = report(asked(), known, language)
    assert f"{said}p0" in page
    assert "p10" not in page.partition(said)[2].partition("<")[0]
    assert ("for the first 1,000" if language == "en" else "每类前 1,000 处") in page
