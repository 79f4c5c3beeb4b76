r"""A part of a covering made smaller, in machine code: what a search for few sites does at a node.

``left`` sites are to reach every place still needed. For any whole multipliers :math:`u \ge 0`
of the places they reach at most the ``left`` largest sums :math:`w_j = \sum_{i \in j} u_i`, so
where these are below :math:`\sum_i u_i` there are none, and a site with which they stay below is
given up. A place that needs all that another needs goes, and its multiplier to the other; a site
that another replaces is given up.
"""

from typing import Any, NamedTuple

from optimizer.compiled import compiled

WHOLE = 1 << 30  # what a site's multipliers are raised to together
_ROUNDS = 4


class Matrix(NamedTuple):
    """The places of each site and the sites of each place, as lists and as bits."""

    row_start: Any
    row_site: Any
    start: Any
    place: Any
    row_bits: Any  # (place, word of sites)
    bits: Any  # (site, word of places)


class Node(NamedTuple):
    """What is left at a node; ``sites`` lists those free, ``count[0]`` of them."""

    needed: Any  # (place,)
    needed_bits: Any
    free: Any  # (site,)
    free_bits: Any
    dual: Any  # (place,)
    weight: Any  # (site,) the multipliers of the places it would reach
    sites: Any
    count: Any  # how many are free, and the sum of multipliers


class Scratch(NamedTuple):
    """Room for what is told of a node."""

    many: Any  # (place,) free sites
    size: Any  # (site,) places needed
    largest: Any  # (left,)


@compiled
def inside(small: Any, large: Any, among: Any) -> Any:
    """Return whether the bits of one are in another, of those that matter."""
    for n in range(len(small)):  # noqa: SIM110  not known to the compiler
        if small[n] & among[n] & ~large[n]:
            return False
    return True


@compiled
def clear(bits: Any, n: Any) -> None:
    """Take one out of some bits."""
    bits[n >> 6] &= ~(1 << (n & 63))


@compiled
def _rank(node: Any, left: Any, largest: Any) -> Any:
    """Sort the ``left`` largest weights of free sites; return how many there are."""
    found = 0
    for n in range(node.count[0]):
        value = node.weight[node.sites[n]]
        if found < left:
            at = found
            found += 1
        elif value > largest[left - 1]:
            at = left - 1
        else:
            continue
        while at > 0 and largest[at - 1] < value:
            largest[at] = largest[at - 1]
            at -= 1
        largest[at] = value
    return found


@compiled
def _exclude(node: Any, left: Any, largest: Any) -> Any:
    """Give up sites that multipliers exclude; return how many, -1 where no sites are enough."""
    found = _rank(node, left, largest)
    others, total = 0, node.count[1]
    for n in range(min(found, left - 1)):
        others += largest[n]
    if total > (others + largest[left - 1] if found == left else others):
        return -1
    kept = 0
    for n in range(node.count[0]):
        j = node.sites[n]
        if total - node.weight[j] > others:
            node.free[j] = 0
            clear(node.free_bits, j)
        else:
            node.sites[kept] = j
            kept += 1
    gone = node.count[0] - kept
    node.count[0] = kept
    return gone


@compiled
def _survey(matrix: Any, node: Any, scratch: Any) -> Any:
    """Count free sites by place and places by site; return the place with fewest, -1 if none."""
    scratch.many[:] = 0
    for n in range(node.count[0]):
        j = node.sites[n]
        size = 0
        for at in range(matrix.start[j], matrix.start[j + 1]):
            i = matrix.place[at]
            if node.needed[i]:
                scratch.many[i] += 1
                size += 1
        scratch.size[j] = size
    hardest = -1
    for i in range(len(scratch.many)):
        if node.needed[i] and (hardest < 0 or scratch.many[i] < scratch.many[hardest]):
            hardest = i
    return hardest


@compiled
def _let_go(matrix: Any, node: Any, scratch: Any, k: Any, i: Any) -> None:
    """Let place k go, that is reached whenever i is, and its multiplier to i."""
    node.needed[k] = 0
    clear(node.needed_bits, k)
    moved = node.dual[k]
    node.dual[k] = 0
    node.dual[i] += moved
    for at in range(matrix.row_start[k], matrix.row_start[k + 1]):
        scratch.size[matrix.row_site[at]] -= 1
        node.weight[matrix.row_site[at]] -= moved
    if moved:
        for at in range(matrix.row_start[i], matrix.row_start[i + 1]):
            node.weight[matrix.row_site[at]] += moved


@compiled
def _drop_places(matrix: Any, node: Any, scratch: Any) -> Any:
    """Let places go that are reached whenever another is; return how many."""
    gone = 0
    for i in range(len(node.needed)):
        if not node.needed[i]:
            continue
        rarest = -1
        for at in range(matrix.row_start[i], matrix.row_start[i + 1]):
            j = matrix.row_site[at]
            if node.free[j] and (rarest < 0 or scratch.size[j] < scratch.size[rarest]):
                rarest = j
        for at in range(matrix.start[rarest], matrix.start[rarest + 1]):
            k = matrix.place[at]
            other = k != i and node.needed[k] and scratch.many[k] >= scratch.many[i]
            if other and inside(matrix.row_bits[i], matrix.row_bits[k], node.free_bits):
                _let_go(matrix, node, scratch, k, i)
                gone += 1
    return gone


@compiled
def _replaced(matrix: Any, node: Any, scratch: Any, j: Any) -> Any:
    """Return whether another free site reaches all that j does of the places needed."""
    rarest = -1
    for at in range(matrix.start[j], matrix.start[j + 1]):
        i = matrix.place[at]
        if node.needed[i] and (rarest < 0 or scratch.many[i] < scratch.many[rarest]):
            rarest = i
    if rarest < 0:
        return True
    for at in range(matrix.row_start[rarest], matrix.row_start[rarest + 1]):
        k = matrix.row_site[at]
        other = k != j and node.free[k] and node.weight[k] >= node.weight[j]
        if other and inside(matrix.bits[j], matrix.bits[k], node.needed_bits):
            return True
    return False


@compiled
def _drop_sites(matrix: Any, node: Any, scratch: Any) -> Any:
    """Give up sites that another replaces; return how many."""
    kept = 0
    for n in range(node.count[0]):
        j = node.sites[n]
        if _replaced(matrix, node, scratch, j):
            node.free[j] = 0
            clear(node.free_bits, j)
            for at in range(matrix.start[j], matrix.start[j + 1]):
                scratch.many[matrix.place[at]] -= 1
        else:
            node.sites[kept] = j
            kept += 1
    gone = node.count[0] - kept
    node.count[0] = kept
    return gone


@compiled
def _raise(matrix: Any, node: Any, order: Any) -> None:
    """Raise the multipliers of places, in some order, while no site's sum passes the whole."""
    for i in order:
        if not node.needed[i]:
            continue
        slack = WHOLE
        for at in range(matrix.row_start[i], matrix.row_start[i + 1]):
            j = matrix.row_site[at]
            if node.free[j]:
                slack = min(slack, WHOLE - node.weight[j])
                if slack <= 0:
                    break
        if slack > 0:
            node.dual[i] += slack
            node.count[1] += slack
            for at in range(matrix.row_start[i], matrix.row_start[i + 1]):
                node.weight[matrix.row_site[at]] += slack


@compiled
def narrow(matrix: Any, node: Any, left: Any, scratch: Any) -> Any:
    """Make a node smaller while that pays; return the place to branch on.

    -1 where no place is left, -2 where ``left`` sites cannot reach all.
    """
    dropped = 0
    for turn in range(_ROUNDS):
        excluded = _exclude(node, left, scratch.largest)
        if excluded < 0:
            return -2
        hardest = _survey(matrix, node, scratch)
        if hardest < 0:
            return -1
        if scratch.many[hardest] == 0:
            return -2
        if turn == _ROUNDS - 1 or (turn > 0 and excluded + dropped == 0):
            return hardest
        dropped = _drop_places(matrix, node, scratch)
        dropped += _drop_sites(matrix, node, scratch)
        _raise(matrix, node, scratch.many.argsort(kind="mergesort"))
    return -2
