"""A square city of streets, each of its own speed, and teams that drive there; illustrative."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from instances.generators.incidents import Dispatching, dispatching
from models.dispatch import DispatchRequest, TravelMode
from models.places import Place
from models.roads import ByRoads, Closure, RoadNetwork
from optimizer.datasets import Store

T = TypeVar("T", bound=Place)

STEP_DEG = 0.001  # a block of 111 m


def streets(side: int) -> dict[str, NDArray[np.generic]]:
    """Return ``side`` x ``side`` crossings, each street of its own speed."""
    crossing = np.arange(side * side).reshape(side, side)
    start = np.concatenate([crossing[:, :-1].ravel(), crossing[:-1].ravel()])
    end = np.concatenate([crossing[:, 1:].ravel(), crossing[1:].ravel()])
    row, column = np.divmod(crossing.ravel(), side)
    count = len(start)
    return {
        "node_lat": row * STEP_DEG,
        "node_lon": column * STEP_DEG,
        "edge_from": start,
        "edge_to": end,
        "edge_length_m": np.full(count, 111.0),
        "edge_class": np.zeros(count, dtype=np.int64),
        "class_names": np.array(["residential"]),
        "edge_maxspeed_m_s": np.full(count, np.nan),
        "edge_time_s": np.random.default_rng(1).uniform(8.0, 25.0, count),
        "edge_access": np.full(count, 3, dtype=np.uint8),
        "shape_start": np.zeros(count + 1, dtype=np.int64),
        "shape_lat": np.empty(0),
        "shape_lon": np.empty(0),
    }


def dispatching_by_road(side: int, store: Store) -> DispatchRequest:
    """Return 200 teams and 50 incidents on the streets, with time enough for every reason."""
    network = RoadNetwork(sha256=store.add_arrays(streets(side)))
    request = dispatching(Dispatching(200, 50, load=0.6, within_s=3600.0), 1)
    return request.model_copy(
        update={
            "teams": tuple(_placed(one, side) for one in request.teams),
            "incidents": tuple(_placed(one, side) for one in request.incidents),
            "modes": (TravelMode(id="road", travel=ByRoads(network=network)),),
            "deadline_ms": 60_000,
        }
    )


def closure(side: int, number: int) -> Closure:
    """Return the ``number``-th of some closures in a row, each of 150 m around a crossing."""
    span = (side - 1) * STEP_DEG
    at = [(0.3 + 0.04 * number) * span, 0.5 * span]
    shut = {"id": f"shut{number}", "geometry": {"type": "Point", "coordinates": at}}
    return Closure.model_validate(shut | {"buffer_m": 150.0})


def _placed(one: T, side: int) -> T:
    """Return a place of a square of 30 km on the square of the streets."""
    assert one.x_m is not None
    assert one.y_m is not None
    span = (side - 1) * STEP_DEG
    there = {"lat": one.y_m / 30_000 * span, "lon": one.x_m / 30_000 * span}
    return one.model_copy(update=there | {"x_m": None, "y_m": None})
