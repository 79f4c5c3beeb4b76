"""Chains of like edges through nodes where nothing else meets, each to become one edge."""

import numpy as np
from numpy.typing import NDArray

from instances.roads.ways import IntArray, swapped

Chain = list[tuple[int, bool]]  # edge, and whether it is passed from its end to its beginning


def chains(
    first: IntArray, last: IntArray, access: NDArray[np.uint8], kind: IntArray
) -> list[Chain]:
    """Return the edges in chains, in the order of their earliest edge.

    Two edges join at a node of exactly those two where their ``kind`` is the same (and not
    negative) and whoever may go through one of them may go through the other.
    """
    mate = _mates(first, last, access, kind)
    done = np.zeros(len(first), dtype=np.bool_)
    found = []
    for edge in range(len(first)):
        if not done[edge]:
            chain = _chain(edge, mate, first, last)
            done[[member for member, _ in chain]] = True
            found.append(chain)
    return found


def _mates(
    first: IntArray, last: IntArray, access: NDArray[np.uint8], kind: IntArray
) -> list[list[int]]:
    """Return for each edge what it joins at its beginning and at its end, -1 for nothing."""
    count = len(first)
    nodes = np.concatenate([first, last])
    order = np.argsort(nodes, kind="stable")
    degree = np.bincount(nodes)
    at = (np.cumsum(degree) - degree)[degree == 2]
    one, two = order[at], order[at + 1]  # ends: number of the edge, plus count for its far end
    edge_one, edge_two = one % count, two % count
    into = np.where(one >= count, access[edge_one], swapped(access[edge_one]))
    out = np.where(two < count, access[edge_two], swapped(access[edge_two]))
    like = (edge_one != edge_two) & (kind[edge_one] == kind[edge_two]) & (kind[edge_one] >= 0)
    like &= into == out
    mate = np.full((count, 2), -1, dtype=np.int64)
    mate[edge_one[like], (one[like] >= count).astype(np.int64)] = edge_two[like]
    mate[edge_two[like], (two[like] >= count).astype(np.int64)] = edge_one[like]
    rows: list[list[int]] = mate.tolist()
    return rows


def _chain(edge: int, mate: list[list[int]], first: IntArray, last: IntArray) -> Chain:
    """Return the chain that ``edge`` is in, in the edge's own direction."""
    back = _walk(edge, 0, mate, first, last)
    if back and back[-1][0] == edge:  # a ring: once around is all of it
        return [(edge, False), *((member, turned) for member, turned in reversed(back[:-1]))]
    ahead = _walk(edge, 1, mate, first, last)
    return [*reversed(back), (edge, False), *ahead]


def _walk(edge: int, side: int, mate: list[list[int]], first: IntArray, last: IntArray) -> Chain:
    """Return the edges beyond one side of ``edge``, as passed in the edge's own direction."""
    start, leaving, found = edge, side, []
    while (following := mate[edge][leaving]) >= 0:
        node = (last if leaving else first)[edge]
        entered = 0 if first[following] == node else 1
        found.append((following, entered == side))
        edge, leaving = following, 1 - entered
        if edge == start:
            break
    return found
