"""Road networks of a hand's size, and requests over them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.places import DemandPoint, Site
from models.roads import ByRoads, RoadNetwork
from optimizer.datasets import Store
from optimizer.demand import DemandArrays

# A hundredth of a degree of longitude on the equator, where the hand-made networks lie.
STEP_DEG = 0.01
STEP_M = 1113.2
BOTH, FORWARD, WALKERS = 0b11, 0b1, 0b110000

Arrays = dict[str, NDArray[Any]]


def network(
    nodes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    *,
    access: Sequence[int] | int = BOTH,
    classes: Sequence[str] | str = "residential",
    **columns: Any,
) -> Arrays:
    """Return straight edges between nodes given as (east, north) in steps from (0, 0)."""
    count = len(edges)
    at = np.array(nodes, dtype=np.float64) * STEP_DEG
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    apart = np.hypot(*(at[ends[:, 0]] - at[ends[:, 1]]).T) / STEP_DEG * STEP_M
    names = [classes] * count if isinstance(classes, str) else list(classes)
    known, of_edge = np.unique(np.array(names), return_inverse=True)
    return {
        "node_lat": at[:, 1],
        "node_lon": at[:, 0],
        "edge_from": ends[:, 0],
        "edge_to": ends[:, 1],
        "edge_length_m": apart,
        "edge_class": of_edge.astype(np.int64),
        "class_names": known,
        "edge_maxspeed_m_s": np.full(count, np.nan),
        "edge_time_s": np.full(count, np.nan),
        "edge_access": np.broadcast_to(np.asarray(access, dtype=np.uint8), (count,)).copy(),
        "edge_name": np.full(count, -1),
        "names": np.array([""]),
        "shape_start": np.zeros(count + 1, dtype=np.int64),
        "shape_lat": np.empty(0),
        "shape_lon": np.empty(0),
        "about": np.array(json.dumps({"source": "drawn by hand", "format": "test"})),
        **columns,
    }


def row(count: int, **changes: Any) -> Arrays:
    """Return a straight road of ``count`` nodes, one step apart, 100 s an edge."""
    given = {"edge_time_s": np.full(count - 1, 100.0), **changes}
    nodes = [(float(one), 0.0) for one in range(count)]
    return network(nodes, [(one, one + 1) for one in range(count - 1)], **given)


def grid(side: int) -> Arrays:
    """Return a square of streets, ``side`` x ``side`` crossings one step apart, 100 s an edge."""
    nodes = [(float(x), float(y)) for y in range(side) for x in range(side)]
    across = [(y * side + x, y * side + x + 1) for y in range(side) for x in range(side - 1)]
    along = [(y * side + x, y * side + x + side) for y in range(side - 1) for x in range(side)]
    times = np.full(len(across) + len(along), 100.0)
    return network(nodes, across + along, edge_time_s=times)


def kept(arrays: Arrays, folder: Path) -> tuple[Store, RoadNetwork]:
    """Return a store with the network, and the reference to it."""
    store = Store(folder / "store")
    return store, RoadNetwork(sha256=store.add_arrays(arrays))


def points(*at: tuple[float, float]) -> DemandArrays:
    """Return demand points at (east, north) in steps."""
    return DemandArrays.from_request(demand(*at), None)


def demand(*at: tuple[float, float]) -> tuple[DemandPoint, ...]:
    """Return demand points at (east, north) in steps."""
    return tuple(
        DemandPoint(id=f"P{k}", lon=x * STEP_DEG, lat=y * STEP_DEG) for k, (x, y) in enumerate(at)
    )


def sites(*at: tuple[float, float]) -> tuple[Site, ...]:
    """Return sites at (east, north) in steps."""
    return tuple(
        Site(id=f"S{k}", lon=x * STEP_DEG, lat=y * STEP_DEG) for k, (x, y) in enumerate(at)
    )


def by_roads(reference: RoadNetwork, **changes: Any) -> ByRoads:
    """Return travel over a network, read as a request is."""
    return ByRoads.model_validate({"network": reference, **changes})
