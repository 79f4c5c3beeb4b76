"""Road networks read from files."""

from pathlib import Path

import pytest

from instances.catalog import data_folder
from instances.roads import NetworkError, Options, read_network


def test_the_graph_of_futian_is_read_with_its_streets_as_one_edge_each() -> None:
    folder = data_folder()
    if folder is None or not (folder / "futian").is_dir():
        pytest.skip("no published data; set MUSTER_DATA")
    columns = read_network(folder / "futian" / "G.graphml").columns
    assert len(columns["edge_from"]) == len(columns["edge_access"]) == 2496
    assert float(columns["edge_length_m"].min()) >= 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.graphml", b"<graphml"),
        ("a.osm", b"<osm"),
        ("a.osm.pbf", b"\x00\x00"),
        ("a.geojson", b"{"),
        ("a.gpkg", b"SQLite"),
        ("a.fgb", b"fgb"),
        ("a.zip", b"PK"),
        ("a.csv", b"x"),
        ("b.graphml", b""),
    ],
)
def test_a_damaged_file_is_refused_with_its_name(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NetworkError) as caught:
        read_network(path, options=Options())
    assert str(path) in caught.value.faults[0].path


def test_two_tables_become_one_two_way_edge_with_its_time_in_seconds(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text("id,lon,lat\na,114.0,22.5\nb,114.01,22.5\n")
    (tmp_path / "arcs.csv").write_text("from,to,time,name\na,b,1,深南大道\nb,a,1,深南大道\n")
    columns = read_network(tmp_path, options=Options(time_unit="min")).columns
    assert columns["edge_time_s"].tolist() == [60.0]
    assert columns["edge_access"].tolist() == [63]
    assert columns["names"].tolist() == ["深南大道"]
