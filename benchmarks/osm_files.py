"""Road networks written as OpenStreetMap PBF, so that another program reads the same roads."""

from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm.mutable import Node, Way

from instances.roads import Network

Columns = dict[str, NDArray[np.generic]]

_ONE_WAY = {1: "yes", 2: "-1", 3: "no"}
_NO_CLASS = "tertiary"  # for networks that know no classes
_CLASSES = frozenset({"road", ""})


def write_pbf(path: Path, network: Network, speed_m_s: NDArray[np.float64] | None = None) -> None:
    """Write a network as ways of OpenStreetMap; ``speed_m_s`` (edge,) is posted on every road.

    Without speeds the limits of the network are posted, where it has any.
    """
    columns = network.columns
    posted = columns["edge_maxspeed_m_s"] if speed_m_s is None else speed_m_s
    lat = np.concatenate([columns["node_lat"], columns["shape_lat"]]).tolist()
    lon = np.concatenate([columns["node_lon"], columns["shape_lon"]]).tolist()
    nodes = len(columns["node_lat"])
    start = columns["shape_start"].tolist()
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, at in enumerate(zip(lon, lat, strict=True), 1):
            writer.add_node(Node(id=number, location=at, version=1))
        ends = zip(columns["edge_from"].tolist(), columns["edge_to"].tolist(), strict=True)
        for edge, (first, last) in enumerate(ends):
            inner = range(nodes + start[edge] + 1, nodes + start[edge + 1] + 1)
            tags = _tags(columns, edge, float(posted[edge]))
            way = Way(id=edge + 1, nodes=[first + 1, *inner, last + 1], tags=tags, version=1)
            writer.add_way(way)


def _tags(columns: Columns, edge: int, speed_m_s: float) -> dict[str, str]:
    road_class = str(columns["class_names"][columns["edge_class"][edge]])
    tags = {"highway": _NO_CLASS if road_class in _CLASSES else road_class}
    directions = int(columns["edge_access"][edge]) & 3
    tags |= {"oneway": _ONE_WAY[directions]} if directions else {"motor_vehicle": "no"}
    name = int(columns["edge_name"][edge])
    if name >= 0:
        tags["name"] = str(columns["names"][name])
    if np.isfinite(speed_m_s):
        tags["maxspeed"] = str(max(1, round(speed_m_s * 3.6)))
    return tags
