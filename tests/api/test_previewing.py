"""``muster preview``: one page, the shift named, and faults instead of tracebacks."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from api.cli.commands import app
from instances.coordinates import from_wgs84

WEST, SOUTH = 114.30, 22.66


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    roads = [[[WEST + i / 90, SOUTH], [WEST + i / 90, SOUTH + 0.1]] for i in range(10)]
    shapes = [{"type": "LineString", "coordinates": road} for road in roads]
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in shapes]
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def points_in(folder: Path, crs: str, encoding: str = "utf-8") -> Path:
    rng = np.random.default_rng(3)
    lon, lat = WEST + rng.integers(0, 10, 40) / 90, rng.uniform(SOUTH, SOUTH + 0.1, 40)
    x, y = from_wgs84(lon, lat, crs)
    rows = [f"点{i},{a:.7f},{b:.7f}" for i, (a, b) in enumerate(zip(x, y, strict=True))]
    path = folder / "points.csv"
    path.write_text("\n".join(["名称,经度,纬度", *rows]), encoding=encoding)
    return path


def previewed(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["preview", *map(str, arguments)])


def test_a_planted_shift_is_named_and_drawn(layers: Path, tmp_path: Path) -> None:
    points, page = points_in(tmp_path, "gcj02", "gb18030"), tmp_path / "page.html"
    shown = previewed(points, "--layers", layers, "--out", page, "--lang", "zh")
    assert shown.exit_code == 0, shown.output
    assert "按 gcj02 读取明显更吻合" in shown.stderr
    text = page.read_text(encoding="utf-8")
    assert "GCJ-02（高德、腾讯）" in text
    assert "点39" in text
    assert 'src="http' not in text
    assert "default-src 'none'" in text


def test_points_as_declared_raise_no_warning(layers: Path, tmp_path: Path) -> None:
    points, page = points_in(tmp_path, "gcj02"), tmp_path / "page.html"
    shown = previewed(points, "--layers", layers, "--out", page, "--crs", "高德")
    assert shown.exit_code == 0, shown.output
    assert "Nothing speaks for another reading" in page.read_text(encoding="utf-8")
    assert "fit clearly better" not in shown.stderr


def test_every_bad_cell_is_named(layers: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text("name,lon,lat\nA,114.35,22.69\nB,here,22.7\nC,114.3,\n")
    shown = previewed(points, "--layers", layers, "--out", tmp_path / "page.html")
    assert shown.exit_code == 2
    assert "points.csv:3:lon" in shown.stderr
    assert "points.csv:4:lat" in shown.stderr
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    ("text", "crs", "said"),
    [
        ("lon,lat\n22.69,114.35\n", "wgs84", "looks? swapped"),
        ("lon,lat\n114.35,22.69\n", "local", "EPSG:4547"),
        ("a,b\n1,2\n", "wgs84", "longitude and latitude"),
        ("lon,lat\n", "wgs84", "at least one row"),
    ],
)
def test_unusable_points_are_refused_with_what_is_needed(
    layers: Path, tmp_path: Path, text: str, crs: str, said: str
) -> None:
    points = tmp_path / "points.csv"
    points.write_text(text)
    shown = previewed(points, "--layers", layers, "--out", tmp_path / "p.html", "--crs", crs)
    assert shown.exit_code == 2
    assert any(one.replace("looks? ", "") in shown.stderr for one in said.split("|"))


def test_a_workbook_that_is_none_is_a_fault(layers: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.xlsx"
    points.write_text("junk", encoding="utf-8")
    shown = previewed(points, "--layers", layers, "--out", tmp_path / "page.html")
    assert shown.exit_code == 2
    assert "points.xlsx" in shown.stderr


@pytest.mark.parametrize("head", ["名称 name,经纬度", "编号 id,Position"])
def test_points_are_read_as_a_project_reads_them(layers: Path, tmp_path: Path, head: str) -> None:
    points = points_in(tmp_path, "gcj02")
    rows = [line.split(",") for line in points.read_text(encoding="utf-8").splitlines()[1:]]
    told = [f'{name},"东经{lon}度 北纬{lat}度"' for name, lon, lat in rows]
    points.write_text("\n".join([head, *told]), encoding="utf-8")
    page = tmp_path / "page.html"

    shown = previewed(points, "--layers", layers, "--out", page)

    assert shown.exit_code == 0, shown.output
    assert "fit clearly better as gcj02" in shown.stderr
    assert "点39" in page.read_text(encoding="utf-8")
