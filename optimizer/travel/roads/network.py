"""A road network as arrays, read from the store and checked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store, dataset_error
from optimizer.errors import InputError
from optimizer.travel.roads.plane import FloatArray, Plane

IndexArray = NDArray[np.intp]
Arrays = Mapping[str, NDArray[Any]]

_PATH = "travel.network"
# Name -> what its length must be that of; the shape's vertices are counted by ``shape_start``.
_FLOATS = {
    "node_lat": "node",
    "node_lon": "node",
    "edge_length_m": "edge",
    "edge_maxspeed_m_s": "edge",
    "edge_time_s": "edge",
    "shape_lat": "vertex",
    "shape_lon": "vertex",
}
_INTEGERS = {
    "edge_from": "edge",
    "edge_to": "edge",
    "edge_class": "edge",
    "edge_access": "edge",
    "shape_start": "edge + 1",
}
_MAY_BE_NAN = ("edge_maxspeed_m_s", "edge_time_s")
_DEGREES = {"node_lat": 90.0, "shape_lat": 90.0, "node_lon": 180.0, "shape_lon": 180.0}


@dataclass(frozen=True)
class Network:
    """Nodes and edges; an edge runs from ``edge_from`` to ``edge_to`` and may go both ways."""

    sha256: str
    plane: Plane
    node_m: FloatArray  # (node, 2) east, north
    edge_from: IndexArray  # (edge,)
    edge_to: IndexArray
    length_m: FloatArray
    edge_class: IndexArray
    class_names: tuple[str, ...]
    maxspeed_m_s: FloatArray  # NaN where none is posted
    given_time_s: FloatArray  # NaN where none is given
    access: NDArray[np.uint8]  # bits as in `models.roads.RoadNetwork`
    shape_start: IndexArray  # (edge + 1,)
    shape_m: FloatArray  # (vertex, 2)
    about: Mapping[str, Any]

    @classmethod
    def load(cls, sha256: str, store: Store | None) -> Self:
        """Return the network of this name.

        Raises
        ------
        InputError
            It is not in the store, or with everything wrong with its arrays.
        """
        if store is None:
            raise dataset_error(sha256, code="dataset.no_store")
        arrays = store.load(sha256)
        faults = tuple(_faults(arrays))
        if faults:
            raise InputError(faults)
        return cls.of(arrays, sha256)

    @classmethod
    def of(cls, arrays: Arrays, sha256: str = "") -> Self:
        """Return the network of arrays that are known to be sound."""
        plane = Plane.around(arrays["node_lat"], arrays["node_lon"])

        def floats(name: str) -> FloatArray:
            return np.asarray(arrays[name], dtype=np.float64)

        def index(name: str) -> IndexArray:
            return np.asarray(arrays[name], dtype=np.intp)

        return cls(
            sha256=sha256,
            plane=plane,
            node_m=plane.metres(floats("node_lat"), floats("node_lon")),
            edge_from=index("edge_from"),
            edge_to=index("edge_to"),
            length_m=floats("edge_length_m"),
            edge_class=index("edge_class"),
            class_names=tuple(str(one) for one in arrays["class_names"].tolist()),
            maxspeed_m_s=floats("edge_maxspeed_m_s"),
            given_time_s=floats("edge_time_s"),
            access=np.asarray(arrays["edge_access"]).astype(np.uint8),
            shape_start=index("shape_start"),
            shape_m=plane.metres(floats("shape_lat"), floats("shape_lon")),
            about=_about(arrays) or {},
        )

    @property
    def node_count(self) -> int:
        """The number of nodes."""
        return len(self.node_m)

    @property
    def edge_count(self) -> int:
        """The number of edges."""
        return len(self.edge_from)

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """The edges as lines on the plane (edge,), from their first node to their last."""
        inner = np.diff(self.shape_start)
        last = np.cumsum(inner + 2) - 1
        first = last - inner - 1
        positions = np.empty((int(last[-1]) + 1, 2))
        between = np.ones(len(positions), dtype=np.bool_)
        between[first] = between[last] = False
        positions[first] = self.node_m[self.edge_from]
        positions[last] = self.node_m[self.edge_to]
        positions[between] = self.shape_m
        lines: NDArray[np.object_] = shapely.linestrings(
            positions, indices=np.repeat(np.arange(self.edge_count), inner + 2)
        )
        return lines

    @cached_property
    def indexes(self) -> dict[bytes, tuple[IndexArray, shapely.STRtree]]:
        """Edges that places were joined to, and their spatial index, by which may be used."""
        return {}

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The spatial index of ``lines``."""
        return shapely.STRtree(self.lines)


def _faults(arrays: Arrays) -> Iterator[Fault]:
    missing = [one for one in (*_FLOATS, *_INTEGERS, "class_names") if one not in arrays]
    if missing:
        yield _fault("fault.road_arrays", names=", ".join(missing))
        return
    kinds = [one for one in _FLOATS if arrays[one].dtype.kind not in "fiu"]
    kinds += [one for one in _INTEGERS if arrays[one].dtype.kind not in "iu"]
    kinds += [one for one in (*_FLOATS, *_INTEGERS) if arrays[one].ndim != 1]
    if arrays["class_names"].dtype.kind != "U" or arrays["class_names"].ndim != 1:
        kinds.append("class_names")
    if kinds:
        yield _fault("fault.road_kinds", names=", ".join(dict.fromkeys(kinds)))
        return
    lengths = tuple(_of_lengths(arrays))
    yield from lengths or _of_values(arrays)
    if "about" in arrays and _about(arrays) is None:
        yield _fault("fault.road_about")


def _of_lengths(arrays: Arrays) -> Iterator[Fault]:
    counts = {"node": len(arrays["node_lat"]), "edge": len(arrays["edge_from"])}
    counts |= {"edge + 1": counts["edge"] + 1, "vertex": len(arrays["shape_lat"])}
    if not counts["node"] or not counts["edge"]:
        yield _fault("fault.road_empty")
    for name, what in (_FLOATS | _INTEGERS).items():
        if len(arrays[name]) != counts[what]:
            yield _fault(
                "fault.road_length", name=name, length=len(arrays[name]), wanted=counts[what]
            )


def _of_values(arrays: Arrays) -> Iterator[Fault]:
    ranges = {
        "edge_from": len(arrays["node_lat"]),
        "edge_to": len(arrays["node_lat"]),
        "edge_class": len(arrays["class_names"]),
        "edge_access": 256,
    }
    for name, count in ranges.items():
        if arrays[name].min() < 0 or arrays[name].max() >= count:
            yield _fault("fault.road_index", name=name, most=count - 1)
    yield from _of_numbers(arrays)
    start = arrays["shape_start"].astype(np.int64)
    if start[0] != 0 or start[-1] != len(arrays["shape_lat"]) or (np.diff(start) < 0).any():
        yield _fault("fault.road_shapes", vertices=len(arrays["shape_lat"]))


def _of_numbers(arrays: Arrays) -> Iterator[Fault]:
    for name in _FLOATS:
        if not np.isfinite(arrays[name]).all() and name not in _MAY_BE_NAN:
            yield _fault("fault.road_finite", name=name)
        most = _DEGREES.get(name)
        if most is None and (arrays[name] < 0).any():
            yield _fault("fault.road_negative", name=name)
        elif most is not None and (np.abs(arrays[name]) > most).any():
            yield _fault("fault.road_degrees", name=name, most=most)
    if np.isinf(arrays["edge_time_s"]).any() or (arrays["edge_maxspeed_m_s"] == 0).any():
        yield _fault("fault.road_speeds")


def _about(arrays: Arrays) -> dict[str, Any] | None:
    """Return what the network says of itself, None where it is no JSON object."""
    if "about" not in arrays:
        return {}
    try:
        about = json.loads(str(arrays["about"]))
    except ValueError:
        return None
    return about if isinstance(about, dict) else None


def _fault(code: str, **values: str | float) -> Fault:
    return Fault(path=_PATH, need=Text(code=code, values=dict(values)))
