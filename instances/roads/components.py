"""The largest part of a network that all of it can be reached from and to."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from instances.roads.ways import BACKWARD, FORWARD, WALKERS, IntArray

VEHICLES = 0xFF & ~WALKERS


def components(
    first: IntArray, last: IntArray, access: NDArray[np.uint8], *, node_count: int
) -> NDArray[np.uint8]:
    """Return the access bits that hold within the largest parts; 0 where an edge lies outside.

    Vehicles keep the largest strongly connected part: whoever drives in can drive out again.
    Walkers, whose directions hardly matter, keep the largest connected one.
    """
    forward = (access & VEHICLES & FORWARD) != 0
    backward = (access & VEHICLES & BACKWARD) != 0
    tail = np.concatenate([first[forward], last[backward]])
    head = np.concatenate([last[forward], first[backward]])
    driven = _largest(tail, head, node_count, "strong")
    walked_edge = (access & WALKERS) != 0
    walked = _largest(first[walked_edge], last[walked_edge], node_count, "weak")
    drives = np.where(driven[first] & driven[last], VEHICLES, 0)
    walks = np.where(walked[first] & walked[last], WALKERS, 0)
    kept: NDArray[np.uint8] = access & (drives | walks).astype(np.uint8)
    return kept


def _largest(
    tail: IntArray, head: IntArray, node_count: int, connection: Literal["weak", "strong"]
) -> NDArray[np.bool_]:
    """Return which nodes lie in the largest part; none where there is no edge."""
    if not len(tail):
        return np.zeros(node_count, dtype=np.bool_)
    ones = np.ones(len(tail), dtype=np.int8)
    graph = csr_array((ones, (tail, head)), shape=(node_count, node_count))
    _, label = connected_components(graph, directed=True, connection=connection)
    largest: NDArray[np.bool_] = label == np.bincount(label).argmax()
    return largest
