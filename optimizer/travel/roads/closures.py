"""What a scenario closes or slows: the edges that its closures touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from models.roads import ByRoads, Closure, RoadScenario
from optimizer.travel.roads.network import IndexArray, Network
from optimizer.travel.roads.plane import FloatArray, Plane
from optimizer.travel.roads.speeds import BoolArray, EdgeTimes, slowed


@dataclass(frozen=True)
class Closed:
    """What is closed: on edge ``e`` the stretch from share ``first`` to share ``last`` of it.

    Nothing goes through a closed edge, but a place on it is still reached from an end where the
    closed stretch does not lie between. An open edge has ``first`` inf and ``last`` -inf.
    """

    first: FloatArray  # (edge,)
    last: FloatArray

    @classmethod
    def nothing(cls, edge_count: int) -> Self:
        """Return that every edge is open."""
        return cls(np.full(edge_count, np.inf), np.full(edge_count, -np.inf))

    @property
    def edges(self) -> BoolArray:
        """The edges that cannot be passed (edge,)."""
        closed: BoolArray = np.isfinite(self.first)
        return closed


@dataclass(frozen=True)
class RoadState:
    """The roads in one scenario: times of open edges, what is closed, what is slowed."""

    times: EdgeTimes  # before closing
    closed: Closed
    slowed: BoolArray  # (edge,)
    closures: tuple[str, ...]  # those that hold this traveller up

    @property
    def through(self) -> EdgeTimes:
        """The times from one end of an edge to the other, ``inf`` where it is closed."""
        shut = self.closed.edges
        return EdgeTimes(
            np.where(shut, np.inf, self.times.forward_s),
            np.where(shut, np.inf, self.times.backward_s),
        )


def holding_up(travel: ByRoads, scenario: RoadScenario) -> tuple[Closure, ...]:
    """Return the closures of a scenario that the traveller does not pass, in request order."""
    named = set(scenario.closures) - set(travel.profile.passes)
    return tuple(one for one in travel.closures if one.id in named)


def road_state(
    network: Network, times: EdgeTimes, travel: ByRoads, scenario: RoadScenario
) -> RoadState:
    """Return the roads in ``scenario``; ``times`` are those of no particular hour."""
    closures = holding_up(travel, scenario)
    now = slowed(network, times, scenario)
    closed = Closed.nothing(network.edge_count)
    factor = np.ones(network.edge_count)
    for closure in closures:
        shape = closure_shape(closure, network.plane)
        touched = _touched(network, closure, shape, times.usable)
        if closure.speed_factor == 0.0:
            _close(network, closed, touched, shape)
        else:
            factor[touched] /= closure.speed_factor
    slow = (factor > 1.0) & ~closed.edges
    return RoadState(now.scaled(factor), closed, slow, tuple(one.id for one in closures))


def closure_shape(closure: Closure, plane: Plane) -> shapely.Geometry:
    """Return a closure's shape on the plane; points and lines are widened by their buffer."""
    given = shapely.geometry.shape(closure.geometry.model_dump())
    shape = shapely.transform(given, lambda lonlat: plane.metres(lonlat[:, 1], lonlat[:, 0]))
    if closure.geometry.type in {"Polygon", "MultiPolygon"}:
        return shapely.make_valid(shape)
    return shapely.buffer(shape, max(closure.buffer_m, 0.1))


def _touched(
    network: Network, closure: Closure, shape: shapely.Geometry, usable: BoolArray
) -> IndexArray:
    """Return the usable edges that a shape touches, of the classes the closure speaks of."""
    touched: IndexArray = np.sort(network.tree.query(shape, predicate="intersects"))
    kept = usable[touched]
    if closure.road_classes is not None:
        names = np.array(network.class_names, dtype=object)
        kept &= np.isin(names[network.edge_class[touched]], _objects(closure.road_classes))
    return touched[kept]


def _close(network: Network, closed: Closed, touched: IndexArray, shape: shapely.Geometry) -> None:
    """Widen the closed stretch of each touched edge by where it meets the shape."""
    if not touched.size:
        return
    lines = network.lines[touched]
    meeting = shapely.intersection(lines, shape)
    positions, owner = shapely.get_coordinates(meeting, return_index=True)
    along = shares(lines[owner], shapely.points(positions))
    # A shape may touch an edge so finely that nothing of the meeting is left: all of it is shut.
    lost = np.setdiff1d(np.arange(len(touched)), owner)
    np.minimum.at(closed.first, touched[owner], along)
    np.maximum.at(closed.last, touched[owner], along)
    closed.first[touched[lost]] = 0.0
    closed.last[touched[lost]] = 1.0


def shares(lines: NDArray[np.object_], points: NDArray[np.object_]) -> FloatArray:
    """Return how far along its line each point lies, from 0 to 1; 0 on a line of no length."""
    length = shapely.length(lines)
    along = shapely.line_locate_point(lines, points)
    share: FloatArray = np.divide(along, length, out=np.zeros(len(length)), where=length > 0)
    return np.clip(share, 0.0, 1.0)


def _objects(names: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(names), dtype=object)
