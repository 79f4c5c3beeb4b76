"""Shortest paths by buckets, as machine code: the search, and the mending of its trees.

Nodes wait in buckets of so many seconds each; a bucket's nodes may be searched in any order, and
again where one of them becomes nearer, so that the times are those of Dijkstra's algorithm, to
the last bit. Nearly every node is searched once, and no heap has to be kept in order. The buckets
stand in a ring: what is not due in this round waits for a later one. This is Meyer and Sanders
(2003), Delta-stepping: a parallelizable shortest path algorithm, doi:10.1016/S0196-6774(03)00076-2,
on one processor.
"""

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled
from optimizer.travel.roads.rows import NOBODY, Grown, NodeArray, Rows, Search, StartArray

_ALONE = -2  # what a node that waits in no bucket has before it


@compiled
def grow(rows: Rows, sources: StartArray, search: Search, grown: Grown) -> None:
    """Fill the trees of ``sources``, which must be empty."""
    first = np.full(search.buckets, -1, dtype=np.int32)
    link = np.full((len(rows.start) - 1, 2), _ALONE, dtype=np.int32)
    seed = np.empty(1, dtype=np.int32)
    for row in range(len(sources)):
        seed[0] = sources[row]
        grown.time_s[row, seed[0]] = 0.0
        tree = Grown(grown.time_s[row], grown.predecessor[row])
        _settle(rows, seed, search, tree, first, link)


@compiled
def mend(
    rows: Rows, back: Rows, slower: tuple[NodeArray, NodeArray], search: Search, grown: Grown
) -> None:
    """Mend trees in place after arcs became slower: ``slower`` are their tails and heads.

    ``back`` are the arcs into each node. Only nodes below a slower arc in their tree are searched
    again, from those around them.
    """
    count = len(rows.start) - 1
    first = np.full(search.buckets, -1, dtype=np.int32)
    link = np.full((count, 2), _ALONE, dtype=np.int32)
    below = np.zeros(count, dtype=np.bool_)
    found = np.empty(count, dtype=np.int32)
    for row in range(len(grown.time_s)):
        tree = Grown(grown.time_s[row], grown.predecessor[row])
        size = _below(rows, slower, tree.predecessor, below, found)
        _enter(back, found[:size], below, search.limit_s, tree)
        seeds = 0
        for at in range(size):
            node = found[at]
            below[node] = False
            if tree.predecessor[node] != NOBODY:
                found[seeds] = node
                seeds += 1
        _settle(rows, found[:seeds], search, tree, first, link)


@compiled
def _below(
    rows: Rows,
    slower: tuple[NodeArray, NodeArray],
    predecessor: NodeArray,
    below: NDArray[np.bool_],
    found: NodeArray,
) -> int:
    """Mark and list the nodes below slower arcs in a tree; return how many they are."""
    start, head, (tails, heads) = rows.start, rows.head, slower
    size = at = 0
    for arc in range(len(tails)):
        node = heads[arc]
        if predecessor[node] == tails[arc] and not below[node]:
            below[node] = True
            found[size] = node
            size += 1
    while at < size:
        node = found[at]
        at += 1
        for arc in range(start[node], start[node + 1]):
            child = head[arc]
            if predecessor[child] == node and not below[child]:
                below[child] = True
                found[size] = child
                size += 1
    return size


@compiled
def _enter(
    back: Rows, found: NodeArray, below: NDArray[np.bool_], limit_s: float, tree: Grown
) -> None:
    """Give the nodes found the times they have straight from nodes that are not below."""
    start, tail, seconds = back.start, back.head, back.seconds
    times, before = tree.time_s, tree.predecessor
    for at in range(len(found)):
        node = found[at]
        nearest_s, entered = np.inf, NOBODY
        for arc in range(start[node], start[node + 1]):
            other = tail[arc]
            if not below[other] and times[other] + seconds[arc] < nearest_s:
                nearest_s, entered = times[other] + seconds[arc], other
        times[node] = nearest_s if nearest_s <= limit_s else np.inf
        before[node] = entered if nearest_s <= limit_s else NOBODY


@compiled
def _settle(  # noqa: C901, PLR0912, PLR0915 - one loop, whose parts share all they touch
    rows: Rows,
    seeds: NodeArray,
    search: Search,
    tree: Grown,
    first: NodeArray,
    link: NodeArray,
) -> None:
    """Search from nodes that have their times.

    ``first`` is the first node of each bucket of the ring, -1 where it stands empty, as all do
    before and after; ``link`` (node, 2) are the nodes before and after each in its bucket.
    """
    start, head, seconds = rows.start, rows.head, rows.seconds
    times, before = tree.time_s, tree.predecessor
    limit_s, width_s = search.limit_s, search.width_s
    ring, waiting = len(first), len(seeds)
    bucket = np.int64(limit_s / width_s) + 1
    for at in range(len(seeds)):
        node = seeds[at]
        due = np.int64(times[node] / width_s)
        bucket = min(bucket, due)
        after = first[due % ring]
        link[node, 0], link[node, 1] = -1, after
        if after >= 0:
            link[after, 0] = node
        first[due % ring] = node
    while waiting:
        node = first[bucket % ring]
        while node >= 0 and np.int64(times[node] / width_s) > bucket:
            node = link[node, 1]  # it is due in a later round of the ring
        if node < 0:
            bucket += 1
            continue
        ahead, after = link[node, 0], link[node, 1]
        if ahead >= 0:
            link[ahead, 1] = after
        else:
            first[bucket % ring] = after
        if after >= 0:
            link[after, 0] = ahead
        link[node, 0] = _ALONE
        waiting -= 1
        now_s = times[node]
        for arc in range(start[node], start[node + 1]):
            then_s, other = now_s + seconds[arc], head[arc]
            if then_s >= times[other] or then_s > limit_s:
                continue
            place = np.int64(then_s / width_s) % ring
            ahead = link[other, 0]
            if ahead == _ALONE:
                waiting += 1
            else:
                after = link[other, 1]
                if ahead >= 0:
                    link[ahead, 1] = after
                else:
                    first[np.int64(times[other] / width_s) % ring] = after
                if after >= 0:
                    link[after, 0] = ahead
            times[other] = then_s
            before[other] = node
            after = first[place]
            link[other, 0], link[other, 1] = -1, after
            if after >= 0:
                link[after, 0] = other
            first[place] = other
