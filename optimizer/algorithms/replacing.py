"""The cheapest assignment without one of its pairs, for many pairs at once, by exchanges."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.algorithms.slots import BoolArray, IntArray
from optimizer.demand import FloatArray

_TINY = 1e-7


@dataclass(frozen=True)
class Replacements:
    """For each slot asked for: what forbidding its team costs, and who comes instead.

    The loss is inf where nobody can come.
    """

    loss: FloatArray  # (asked,)
    instead: IntArray  # (asked,), a team
    exact: bool  # False where the assignment is not the cheapest, and exchanges gain


def replacements(
    reach: BoolArray,
    cost: FloatArray,
    slots: tuple[IntArray, IntArray],
    place: IntArray,
    asked: IntArray,
) -> Replacements:
    """Return the best replacement for slots of a cheapest assignment.

    Parameters
    ----------
    reach, cost
        Who may fill which group (group, team), and at what cost.
    slots
        Group and team of each filled slot.
    place
        The place of each group (group,): a team forbidden in one slot is so in all of its place.
    asked
        Which slots are asked for.

    Notes
    -----
    A slot that loses its team takes a free one, or that of another slot, which then looks for one
    itself. The assignment is cheapest, so no cycle of exchanges gains anything, and shortest paths
    exist; those to a free team serve all slots at once. The team set free may push out others in
    turn, by a path of its own, or end where the first path leads, which closes a cycle: a Dijkstra
    search over reduced costs, no farther than would pay. Where the two paths meet, the cycle
    costs no more, so their sum is exact.
    """
    group, team = slots
    own = cost[group, team]
    edge = np.where(reach[group][:, team], cost[group][:, team] - own[:, None], np.inf)
    np.fill_diagonal(edge, np.inf)
    free = np.ones(reach.shape[1], dtype=np.bool_)
    free[team] = False
    outside = np.where(reach[group] & free, cost[group] - own[:, None], np.inf)
    best, instead, settled = _to_free(edge, outside, team)
    loss, by = best[asked], instead[asked]
    ring = edge.copy()  # From a slot of the same place the team does not come back.
    ring[place[group][:, None] == place[group][None]] = np.inf
    potential = _potentials(edge)
    if not settled or potential is None:
        return Replacements(loss, by, exact=False)
    # Set free, the team may take another slot whose own team then goes on, or rests.
    loss += np.minimum(0.0, (ring[:, asked] + potential[:, None]).min(axis=0))
    _close_cycles(edge, potential, ring[:, asked], (loss, by), (asked, team))
    return Replacements(loss, by, exact=True)


def _to_free(
    edge: FloatArray, outside: FloatArray, team: IntArray
) -> tuple[FloatArray, IntArray, bool]:
    """Return the cheapest exchange of each slot that ends with a free team, and its first team.

    False where the lengths do not settle: then some cycle of exchanges gains.
    """
    each = np.arange(len(team))
    instead = outside.argmin(axis=1)
    best = outside[each, instead]
    for _ in range(len(team) + 1):
        through = edge + best
        towards = through.argmin(axis=1)
        shorter = through[each, towards]
        better = shorter < best - _TINY
        if not better.any():
            return best, instead, True
        instead = np.where(better, team[towards], instead)
        best = np.where(better, shorter, best)
    return best, instead, False


def _potentials(edge: FloatArray) -> FloatArray | None:
    """Return the least that each slot's team, set free, adds by taking other slots; 0 by resting.

    With these lengths as potentials no reduced cost is below 0. None where some cycle gains.
    """
    potential = np.zeros(len(edge))
    for _ in range(len(edge) + 1):
        shorter: FloatArray = np.minimum(potential, (edge + potential[:, None]).min(axis=0))
        if (shorter >= potential - _TINY).all():
            return shorter
        potential = shorter
    return None


def _close_cycles(
    edge: FloatArray,
    potential: FloatArray,
    ring: FloatArray,
    found: tuple[FloatArray, IntArray],
    slots: tuple[IntArray, IntArray],
) -> None:
    """Improve ``found`` by exchanges that end with the team in another place."""
    (loss, by), (asked, team) = found, slots
    reduced = np.maximum(edge + potential[:, None] - potential[None], 0.0) + _TINY * _TINY
    back = ring + potential[:, None] - potential[None, asked]
    open_slots = np.isinf(loss)
    least = reduced[asked].min(axis=1) + back.min(axis=0)
    hopeful = np.isfinite(least) & (least < loss - _TINY)
    graph = csr_array(np.where(np.isfinite(reduced), reduced, 0.0))
    for which in (hopeful & ~open_slots, hopeful & open_slots):
        at = np.flatnonzero(which)
        if not len(at):
            continue
        limit = float(loss[at].max())
        distance, before = dijkstra(graph, indices=asked[at], limit=limit, return_predecessors=True)
        ends = distance + back[:, at].T
        for row, end in enumerate(ends.argmin(axis=1).tolist()):
            if ends[row, end] < loss[at[row]] - _TINY:
                loss[at[row]] = ends[row, end]
                by[at[row]] = team[_first(before[row], int(asked[at[row]]), end)]


def _first(before: IntArray, start: int, end: int) -> int:
    """Return the slot after ``start`` on the way to ``end``."""
    while before[end] != start:
        end = int(before[end])
    return end
