"""OpenStreetMap: a small map written here as PBF and as XML, read as the same roads."""

import json
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Way
from pyproj import Geod

from instances.roads import Network, read_network

# A square of streets, with a roundabout's worth of oddities hanging on it.
_PLACES = {
    1: (114.000, 22.500),
    2: (114.010, 22.500),
    3: (114.010, 22.510),
    4: (114.000, 22.510),
    5: (114.020, 22.500),
    6: (114.020, 22.510),
    7: (114.005, 22.500),  # in the middle of a street: part of its shape only
    8: (114.500, 22.900),
    9: (114.501, 22.900),  # far away: two crossings that nothing leads to
}
_WAYS = {
    10: ([1, 7, 2], {"highway": "primary", "name": "坪山大道", "maxspeed": "60"}),
    11: ([2, 3], {"highway": "secondary", "maxspeed": "30 mph"}),
    12: ([3, 4, 1], {"highway": "residential"}),
    13: ([2, 5], {"highway": "tertiary", "oneway": "yes"}),
    14: ([5, 6], {"highway": "tertiary", "oneway": "-1"}),
    15: ([5, 3], {"highway": "service", "oneway": "yes"}),
    16: ([6, 2], {"highway": "unclassified", "oneway": "yes"}),
    17: ([3, 6], {"highway": "tertiary"}),
    18: ([1, 3], {"highway": "footway"}),
    19: ([8, 9], {"highway": "residential"}),
    20: ([1, 2], {"highway": "construction"}),
    21: ([4, 2], {"highway": "pedestrian", "emergency": "yes"}),
}


def _write(path: Path, ways: dict[int, tuple[list[int], dict[str, str]]] = _WAYS) -> Path:
    with osmium.SimpleWriter(str(path)) as writer:
        for number, location in _PLACES.items():
            writer.add_node(Node(id=number, location=location, version=1))
        for number, (nodes, tags) in ways.items():
            writer.add_way(Way(id=number, nodes=nodes, tags=tags, version=1))
    return path


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """The map, read from PBF."""
    return read_network(_write(tmp_path / "town.osm.pbf"))


def _edge(network: Network, first: int, last: int, road_class: str) -> tuple[int, bool]:
    """Return the edge between two places, and whether it was drawn from first to last."""
    columns = network.columns
    names = columns["class_names"][columns["edge_class"]]
    for index in np.flatnonzero(names == road_class).tolist():
        ends = [
            (float(columns["node_lon"][node]), float(columns["node_lat"][node]))
            for node in (columns["edge_from"][index], columns["edge_to"][index])
        ]
        for drawn, (one, other) in ((True, (first, last)), (False, (last, first))):
            wanted = (_PLACES[one], _PLACES[other])
            if np.allclose(ends, wanted, atol=1e-6):
                return index, drawn
    raise AssertionError(f"no {road_class} between {first} and {last}")


def test_pbf_and_xml_are_the_same_roads(network: Network, tmp_path: Path) -> None:
    other = read_network(_write(tmp_path / "town.osm"))
    for name, column in network.columns.items():
        if name != "about":
            np.testing.assert_array_equal(column, other.columns[name], err_msg=name)


def test_a_street_keeps_its_name_limit_shape_and_length(network: Network) -> None:
    columns = network.columns
    edge, _ = _edge(network, 1, 2, "primary")
    assert columns["names"][columns["edge_name"][edge]] == "坪山大道"
    assert columns["edge_maxspeed_m_s"][edge] == pytest.approx(60 / 3.6)
    assert columns["shape_start"][edge + 1] - columns["shape_start"][edge] == 1
    geod = Geod(ellps="WGS84")
    _, _, length_m = geod.inv(*_PLACES[1], *_PLACES[2])
    assert columns["edge_length_m"][edge] == pytest.approx(length_m, rel=1e-6)


def test_miles_an_hour_are_metres_a_second(network: Network) -> None:
    edge, _ = _edge(network, 2, 3, "secondary")
    assert network.columns["edge_maxspeed_m_s"][edge] == pytest.approx(30 * 1609.344 / 3600)


@pytest.mark.parametrize(
    ("first", "last", "road_class"), [(2, 5, "tertiary"), (6, 5, "tertiary"), (5, 3, "service")]
)
def test_cars_go_one_way_only(network: Network, first: int, last: int, road_class: str) -> None:
    edge, drawn = _edge(network, first, last, road_class)
    cars = int(network.columns["edge_access"][edge]) & 0b11
    assert cars == (0b01 if drawn else 0b10)


def test_walkers_have_the_footway_to_themselves(network: Network) -> None:
    edge, _ = _edge(network, 1, 3, "footway")
    access = int(network.columns["edge_access"][edge])
    assert access & 0b110000 == 0b110000
    assert access & 0b1111 == 0


def test_fire_engines_may_use_a_pedestrian_street(network: Network) -> None:
    edge, _ = _edge(network, 4, 2, "pedestrian")
    access = int(network.columns["edge_access"][edge])
    assert access & 0b11000000 == 0b11000000
    assert access & 0b11 == 0


def test_what_nothing_leads_to_is_dropped_and_said(network: Network) -> None:
    about = json.loads(str(network.columns["about"]))
    assert about["dropped_edges"] == 1
    assert about["dropped_nodes"] == 2
    assert "construction" not in network.columns["class_names"].tolist()
    assert float(network.columns["node_lon"].max()) < 114.1


def test_a_street_that_loses_only_its_walkers_is_not_called_undriven(tmp_path: Path) -> None:
    ring: dict[int, tuple[list[int], dict[str, str]]] = {
        1: ([1, 2], {"highway": "residential"}),
        2: ([2, 3], {"highway": "motorway"}),
        3: ([3, 1], {"highway": "motorway"}),
    }
    paths = {4: ([4, 5, 6], {"highway": "footway"}), 5: ([6, 8, 9], {"highway": "footway"})}
    found = read_network(_write(tmp_path / "ring.osm", ring | paths))
    assert json.loads(str(found.columns["about"]))["undriven_edges"] == 0
