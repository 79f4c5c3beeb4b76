"""GraphML as OSMnx writes it (1.x and 2.x): every value a string, lists as Python writes them.

Each arc stands for one direction; the two of a street become one edge again where their shapes
agree.
"""

import ast
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from instances.roads.reference import checked, from_declared
from instances.roads.tags import ROADS, access_bits, one_direction, speed_m_s
from instances.roads.ways import (
    FloatArray,
    NetworkError,
    Options,
    ToWgs84,
    Trait,
    Ways,
    merge_directions,
    note,
    refuse,
    shared_points,
)
from models.faults import Fault
from models.text import Text

_SPACE = "{http://graphml.graphdrawing.org/xmlns}"


class Arc(NamedTuple):
    """One arc of the file: its end nodes and what is written on it."""

    source: str
    target: str
    data: dict[str, str]


class _Graph(NamedTuple):
    data: dict[str, str]
    nodes: dict[str, dict[str, str]]
    arcs: list[Arc]


def read(path: Path, options: Options) -> Ways:
    """Return the roads of a GraphML file."""
    graph = _parsed(path)
    if not graph.arcs:
        raise refuse(path, "no_roads")
    position = _positions(path, graph)
    shapes = _shapes(path, graph, position)
    points = np.concatenate(shapes)
    lon, lat = _to_wgs84(path, graph, options)(points[:, 0], points[:, 1])
    checked(path, lon, lat)
    lon, lat, which = shared_points(lon, lat)
    ways = Ways(lon, lat, format="GraphML (OSMnx)", licence="ODbL 1.0")
    starts = np.cumsum([0, *map(len, shapes)])
    skipped = 0
    for number, arc in enumerate(graph.arcs):
        bits, trait = _read_arc(arc.data, options)
        skipped += not bits
        ways.add(which[starts[number] : starts[number + 1]], trait, bits)
    if skipped:
        ways.notes.append(note("skipped_classes", number=skipped))
    return merge_directions(ways)


def _read_arc(data: dict[str, str], options: Options) -> tuple[int, Trait]:
    """Return who may use an arc in its direction, and its trait."""
    road_class = next(
        (name for name in listed(data.get("highway", "")) if name in ROADS),
        data.get("highway", "") or "unclassified",
    )
    tags = {key: listed(value)[0] for key, value in data.items() if value}
    tags = {**tags, "highway": road_class}
    # An arc is one direction whatever its street is; `junction` and `-1` have been heeded.
    tags = {key: value for key, value in tags.items() if key not in {"oneway", "junction"}}
    speeds = [speed_m_s(text) for text in listed(data.get("maxspeed", ""))]
    names = listed(data.get("name", ""))
    time = data.get(options.time_column or "travel_time")
    trait = Trait(
        road_class,
        " / ".join(sorted(names)) or None,
        min((speed for speed in speeds if speed is not None), default=None),
        float(time) if time else None,
    )
    return one_direction(access_bits(tags)), trait


def listed(text: str) -> list[str]:
    """Return the values of one attribute: a plain one, or a list as Python writes it.

    Examples
    --------
    >>> listed("primary"), listed("['primary', 'service']"), listed("")
    (['primary'], ['primary', 'service'], [])
    """
    if text.startswith("[") and text.endswith("]"):
        try:
            return [str(value) for value in ast.literal_eval(text)]
        except (ValueError, SyntaxError):
            return [text]
    return [text] if text else []


def _parsed(path: Path) -> _Graph:
    names: dict[str, str] = {}
    graph = _Graph({}, {}, [])
    try:
        for element in _elements(path):
            if element.tag == _SPACE + "key":
                names[element.attrib["id"]] = element.attrib["attr.name"]
            elif element.tag == _SPACE + "node":
                graph.nodes[element.attrib["id"]] = _data(element, names)
                element.clear()
            elif element.tag == _SPACE + "edge":
                ends = element.attrib["source"], element.attrib["target"]
                graph.arcs.append(Arc(*ends, _data(element, names)))
                element.clear()
            elif element.tag == _SPACE + "graph":
                graph.data.update(_data(element, names))
    except (ET.ParseError, KeyError, UnicodeDecodeError) as error:
        raise refuse(path, "damaged", problem=str(error)) from None
    return graph


def _elements(path: Path) -> Iterator[ET.Element]:
    """Yield the elements as they end; documents that define entities of their own are refused."""
    with path.open("rb") as stream:
        if b"<!DOCTYPE" in stream.read(4096):
            raise refuse(path, "damaged", problem="DOCTYPE")
        stream.seek(0)
        yield from (element for _, element in ET.iterparse(stream))  # noqa: S314  see above


def _data(element: ET.Element, names: dict[str, str]) -> dict[str, str]:
    return {
        names.get(item.attrib.get("key", ""), ""): item.text or ""
        for item in element.findall(_SPACE + "data")
    }


def _positions(path: Path, graph: _Graph) -> dict[str, tuple[float, float]]:
    position, faults = {}, []
    for name, data in graph.nodes.items():
        try:
            position[name] = float(data["x"]), float(data["y"])
        except (KeyError, ValueError):
            value = f"{data.get('x')}, {data.get('y')}"
            at = f"{path}: node {name}"
            faults.append(Fault(path=at, value=value, need=Text(code="roads.need.position")))
    for arc in graph.arcs:
        faults.extend(
            Fault(path=f"{path}: edge", value=end, need=Text(code="roads.need.node"))
            for end in (arc.source, arc.target)
            if end not in graph.nodes
        )
    if faults:
        raise NetworkError(faults)
    return position


def _shapes(
    path: Path, graph: _Graph, position: dict[str, tuple[float, float]]
) -> list[FloatArray]:
    """Return the points of each arc, its end nodes exactly where the nodes are."""
    shapes, faults = [], []
    for source, target, data in graph.arcs:
        ends = position[source], position[target]
        inner = np.empty((0, 2))
        if "geometry" in data:
            try:
                inner = shapely.get_coordinates(shapely.from_wkt(data["geometry"]))[1:-1]
            except shapely.errors.ShapelyError:
                at, need = f"{path}: edge {source}-{target}", Text(code="roads.need.wkt")
                faults.append(Fault(path=at, value=data["geometry"][:60], need=need))
        shapes.append(np.concatenate([ends[:1], inner, ends[1:]]))
    if faults:
        raise NetworkError(faults)
    return shapes


def _to_wgs84(path: Path, graph: _Graph, options: Options) -> ToWgs84:
    return options.to_wgs84 or from_declared(path, graph.data.get("crs"))
