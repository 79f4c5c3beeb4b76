"""Line layers of every format are read as the same roads, Chinese names intact."""

from pathlib import Path

import geopandas
import numpy as np
import pytest
from shapely import LineString

from instances.roads import Options, read_network

_FORMATS = (".gpkg", ".geojson", ".fgb", ".shp")


def _layer() -> geopandas.GeoDataFrame:
    corners = [(114.0, 22.5), (114.01, 22.5), (114.01, 22.51), (114.0, 22.51)]
    lines = [LineString([corners[i], corners[(i + 1) % 4]]) for i in range(4)]
    return geopandas.GeoDataFrame(
        {
            "道路": ["坪山大道", "东纵路", "龙坪路", "锦绣路"],
            "fclass": ["primary", "secondary", "secondary", "residential"],
            "maxspeed": [60, 40, 40, 0],
            "oneway": ["B", "B", "F", "B"],
        },
        geometry=lines,
        crs="EPSG:4326",
    )


@pytest.mark.parametrize("suffix", _FORMATS)
def test_every_format_gives_the_same_roads(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"roads{suffix}"
    _layer().to_file(path)

    columns = read_network(path, options=Options(name_column="道路")).columns

    assert columns["node_lat"].size == 4
    assert sorted(columns["names"].tolist()) == sorted(["坪山大道", "东纵路", "龙坪路", "锦绣路"])
    classes = columns["class_names"][columns["edge_class"]].tolist()
    assert sorted(classes) == ["primary", "residential", "secondary", "secondary"]
    limits = np.sort(columns["edge_maxspeed_m_s"][~np.isnan(columns["edge_maxspeed_m_s"])])
    assert limits.tolist() == pytest.approx([40 / 3.6, 40 / 3.6, 60 / 3.6])


def test_a_shapefile_in_gbk_keeps_its_names(tmp_path: Path) -> None:
    path = tmp_path / "roads.shp"
    _layer().to_file(path, encoding="GBK")
    columns = read_network(path, options=Options(name_column="道路", encoding="GBK")).columns
    assert "坪山大道" in columns["names"].tolist()


def test_projected_lines_are_led_back_to_degrees(tmp_path: Path) -> None:
    path = tmp_path / "roads.gpkg"
    _layer().to_crs("EPSG:4547").to_file(path)
    columns = read_network(path).columns
    assert np.sort(columns["node_lon"]).tolist() == pytest.approx([114.0, 114.0, 114.01, 114.01])
