"""``muster grid`` and ``muster parcels`` over files: rows out, totals said, faults for bad ones."""

import csv
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from typer.testing import CliRunner, Result

from api.cli.commands import app
from instances.coordinates import from_wgs84
from tests.instances.layers import geojson, moved

AREAS = [shapely.box(0, 0, 990, 610), shapely.box(990, 0, 1700, 610)]
NAMES: list[object] = ["坪山社区", "沙湖社区"]
PEOPLE: list[object] = [10_007, 3_331]


def muster(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    return geojson(tmp_path / "a.geojson", AREAS, 名称=NAMES, 常住人口=PEOPLE)


@pytest.mark.parametrize("mesh", [("--cell-m", 200), ("--h3", 9)])
def test_a_grid_keeps_names_and_totals(areas: Path, tmp_path: Path, mesh: tuple[str, int]) -> None:
    out = tmp_path / "demand.csv"
    made = muster("grid", areas, "--weights", "residents=常住人口", *mesh, "--out", out)
    assert made.exit_code == 0, made.output
    assert "residents: 13,338 before, 13,338 in the cells" in made.stderr
    for name, people in zip(NAMES, PEOPLE, strict=True):
        assert sum(int(row["residents"]) for row in rows(out) if row["area"] == name) == people


def test_a_grid_is_drawn_as_geojson_that_covers_its_areas(areas: Path, tmp_path: Path) -> None:
    out = tmp_path / "demand.geojson"
    assert muster("grid", areas, "--weights", "常住人口", "-o", out, "--lang", "zh").exit_code == 0
    drawn, given = geopandas.read_file(out), geopandas.read_file(areas)
    assert drawn["常住人口"].sum() == 13_338
    difference = shapely.symmetric_difference(drawn.union_all(), given.union_all())
    # An edge that is straight on the plane bows by centimetres against one straight in degrees.
    assert shapely.area(difference) < 1e-4 * shapely.area(given.union_all())


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
def test_a_declared_system_is_honoured(areas: Path, tmp_path: Path, name: str) -> None:
    frame = geopandas.read_file(areas).rename(columns={"常住人口": "人口"})
    frame.to_crs(4547).to_file(tmp_path / name)
    out = tmp_path / "demand.csv"
    made = muster("grid", tmp_path / name, "--weights", "residents=人口", "--out", out)
    assert made.exit_code == 0, made.output
    assert {row["area"] for row in rows(out)} == {*NAMES}
    assert shapely.Point(float(rows(out)[0]["lon"]), float(rows(out)[0]["lat"])).within(
        moved(AREAS[0])
    )


def test_shifted_coordinates_are_led_back(areas: Path, tmp_path: Path) -> None:
    frame = geopandas.read_file(areas)
    shifted = shapely.transform(
        frame.geometry.to_numpy(),
        lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02")),
    )
    frame.set_geometry(shifted, crs=4326).to_file(tmp_path / "g.geojson")
    plain, back = tmp_path / "plain.csv", tmp_path / "back.csv"
    for path, out, crs in ((areas, plain, "wgs84"), (tmp_path / "g.geojson", back, "gcj02")):
        asked = ("--weights", "residents=常住人口", "--crs", crs, "--out", out)
        assert muster("grid", path, *asked).exit_code == 0
    assert abs(float(rows(plain)[5]["lon"]) - float(rows(back)[5]["lon"])) < 1e-6


def test_parcels_are_kept_or_dropped_with_reasons(tmp_path: Path) -> None:
    lots = [shapely.box(0, 20, 50, 120), shapely.box(100, 300, 150, 310)]
    parcels = geojson(tmp_path / "p.geojson", lots, 编号=["甲", "乙"], 用地=["消防用地", "绿地"])
    road = [shapely.LineString([(-500, 0), (500, 0)])]
    roads = geojson(tmp_path / "r.geojson", road, highway=["secondary"], name=["深汕路"])
    out, rejects = tmp_path / "sites.csv", tmp_path / "rejects.csv"
    uses = ("--use-column", "用地", "--allowed-uses", "消防用地,U31")
    made = muster("parcels", parcels, "--roads", roads, *uses, "-o", out, "--rejects", rejects)
    assert made.exit_code == 0, made.output
    assert "152-2017, from memory" in made.stderr
    assert [(row["id"], row["road"]) for row in rows(out)] == [("甲", "深汕路")]
    assert rows(rejects)[0]["codes"] == "small;frontage;use"
    assert "用地性质为绿地" in rows(rejects)[0]["why_zh"]


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\xff" * 50, b'{"type":"FeatureCollection"}'])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "fgb"])
def test_a_damaged_file_is_a_fault(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    for asked in (("grid", path, "--weights", "n"), ("parcels", path, "--roads", path)):
        made = muster(*asked, "--out", tmp_path / "o.csv")
        assert made.exit_code == 2, made.output
        assert str(path) in made.stderr
        assert "Traceback" not in made.output


@pytest.mark.parametrize(
    "asked",
    [
        ("--weights", "jobs"),
        ("--weights", "a=常住人口,a=常住人口"),
        ("--weights", "id=常住人口"),
        ("--weights", "常住人口", "--crs", "火星人"),
        ("--weights", "常住人口", "--cell-m", "0"),
        ("--weights", "常住人口", "--h3", "99"),
        ("--weights", "常住人口", "--floor-column", "x"),
        ("--weights", "常住人口", "--buildings", "none.gpkg"),
        ("--weights", "常住人口", "--id-column", "x"),
        ("--weights", "常住人口", "--layer", "x"),
        ("--weights", "名称"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_grid_that_cannot_be_made_is_a_fault(
    areas: Path, tmp_path: Path, asked: tuple[str, ...], lang: str
) -> None:
    made = muster("grid", areas, *asked, "--out", tmp_path / "o.csv", "--lang", lang)
    assert made.exit_code == 2, made.output
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(
    "asked",
    [
        ("--classes", "castle"),
        ("--use-column", "名称"),
        ("--min-frontage-m", "-1"),
        ("--road-distance-m", "nan"),
    ],
)
def test_parcels_that_cannot_be_judged_are_a_fault(
    areas: Path, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    road = [shapely.LineString([(0, 0), (9, 9)])]
    roads = geojson(tmp_path / "r.geojson", road, highway=["primary"])
    made = muster("parcels", areas, "--roads", roads, *asked, "--out", tmp_path / "o.csv")
    assert made.exit_code == 2, made.output


def test_shapes_of_the_wrong_kind_are_named_by_their_rows(areas: Path, tmp_path: Path) -> None:
    made = muster("parcels", areas, "--roads", areas, "--out", tmp_path / "o.csv")
    assert made.exit_code == 2
    assert f"{areas}: row 2" in made.stderr
