"""OR-Library p-median files (``pmed1`` to ``pmed40``).

``n m p``, then ``m`` edges ``i j cost``; distances are shortest paths, every vertex is a place of
weight 1 and a site. A pair of vertices may come up again: its last cost counts.

Beasley, J. E. (1985). A note on solving large p-median problems. European Journal of Operational
Research 21(2), 270-273.
"""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from instances.plain import STATION, within
from instances.readers import ReadError
from instances.readers.tokens import Tokens
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import MeanTime, WorstTime
from models.fire_stations.rules import CountRange
from models.places import DemandPoint, Site
from models.text import Label, Text
from models.travel import ByMatrix, MatrixScenario

Problem = Literal["p-median", "p-center"]


def _edges(tokens: Tokens, vertex_count: int, edge_count: int) -> dict[tuple[int, int], int]:
    """Return the cost of each pair of vertices, the lower number first."""
    cost: dict[tuple[int, int], int] = {}
    for _ in range(edge_count):
        ends = [tokens.whole("vertex", 1, vertex_count) - 1 for _ in range(2)]
        cost[min(ends), max(ends)] = tokens.whole("length", 1)
    return cost


def _distances(
    tokens: Tokens, edges: dict[tuple[int, int], int], vertex_count: int
) -> NDArray[np.float64]:
    ends = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
    cost = np.array(list(edges.values()), dtype=np.float64)
    graph = csr_array((cost, (ends[:, 0], ends[:, 1])), shape=(vertex_count, vertex_count))
    distance: NDArray[np.float64] = shortest_path(graph, directed=False)
    away = np.flatnonzero(np.isinf(distance[0]))
    if away.size:
        problem = Text(code="read.unconnected", values={"vertex": str(away[0] + 1)})
        raise ReadError(tokens.path, None, problem)
    return distance


def read(path: Path, *, problem: Problem = "p-median") -> FireStationRequest:
    """Return the file as a request: the least mean time, or for ``p-center`` the least worst.

    A unit of cost is a second. The published value of a p-median is the *sum* of distances:
    `sum_of_distances` turns the mean into it.
    """
    tokens = Tokens(path)
    vertex_count = tokens.whole("vertex_count", 1)
    edge_count = tokens.whole("edge_count", 0)
    median_count = tokens.whole("median_count", 1, vertex_count)
    edges = _edges(tokens, vertex_count, edge_count)
    tokens.finish()
    distance = _distances(tokens, edges, vertex_count)
    longest = float(distance.max())
    names = [f"{number:0{len(str(vertex_count))}d}" for number in range(1, vertex_count + 1)]
    worst = problem == "p-center"
    return FireStationRequest(
        name=Label(en=f"{path.stem}, {problem}", zh=f"{path.stem}({problem})"),
        demand_points=tuple(DemandPoint(id=f"vertex-{name}") for name in names),
        sites=tuple(Site(id=f"site-{name}") for name in names),
        new_stations={STATION.id: CountRange(min=median_count, max=median_count)},
        classes=(STATION,),
        standard=within(longest),
        travel=ByMatrix(
            scenarios=(MatrixScenario(travel_time_s=tuple(map(tuple, distance.tolist()))),)
        ),
        objectives=(WorstTime() if worst else MeanTime(),),
    )


def sum_of_distances(request: FireStationRequest, mean_s: float) -> float:
    """Return the p-median value that a mean time of ``request`` stands for."""
    if not isinstance(request.demand_points, tuple):
        raise TypeError("a request of this reader lists its demand points")
    weight = request.population_weight
    return mean_s * sum(point.weights.get(weight, 0.0) for point in request.demand_points)
