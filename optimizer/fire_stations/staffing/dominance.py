"""What follows from who is in time for whom: stations that stand in for others, groups in order."""

import numpy as np

from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.fire_stations.staffing.resources import IntArray

_MOST_COMPARED = 2_000  # groups: with more, comparing all pairs costs more than it saves


def stand_ins(reach: IntArray, lacking: IntArray, room: IntArray) -> IndexArray:
    """Return the station (station,) where a station's units do as well; itself where none is.

    ``reach`` (group, station) says who is in time, ``lacking`` (group,) what a group misses
    beyond the lower bounds, ``room`` (station,) what a station may have beyond its own. The other
    station is in time for every group that this one is, and has room for all that any of its own
    groups lacks: so units may move there until all have moved or no group of theirs lacks any.
    """
    ample = room >= (reach * lacking[:, None]).max(axis=0, initial=0)
    inside = (reach.T @ (1 - reach) == 0) & ample[None]  # (station, the other)
    better = inside & ~np.tril(inside & inside.T)  # of two alike, the later one
    found = np.arange(len(room))
    for station in np.flatnonzero(better.any(axis=1)):
        last = better[station] & ~better.any(axis=1)
        found[station] = np.flatnonzero(last)[0]
    return found


def gathered(units: IntArray, lower: IntArray, upper: IntArray, stand_in: IndexArray) -> IntArray:
    """Return ``units`` (station,) with those moved that do as well elsewhere."""
    moved = units.copy()
    for station, other in enumerate(stand_in.tolist()):
        if other != station:
            count = min(moved[station] - lower[station], upper[other] - moved[other])
            moved[station] -= count
            moved[other] += count
    return moved


def group_order(reach: IntArray, needs: IntArray) -> tuple[IndexArray, IndexArray]:
    """Return pairs of groups, the second met whenever the first is; what follows is left out.

    A group implies another that has all its stations in ``reach`` (group, station), and no
    greater ``needs`` (group, need). None are returned where comparing would take too long.
    """
    if len(reach) > _MOST_COMPARED:
        nothing = np.zeros(0, dtype=np.intp)
        return nothing, nothing
    implied = reach @ (1 - reach).T == 0
    for need in needs.T:
        implied &= need[:, None] >= need[None]
    # Of two groups alike in both, one stands for the other.
    implied &= ~np.tril(implied & implied.T)
    steps = implied.astype(np.float64)
    first, second = np.nonzero(implied & ~(steps @ steps > 0))
    return first, second


def kept_stations(stand_in: IndexArray) -> BoolArray:
    """Return the stations (station,) that nobody stands in for."""
    return np.asarray(stand_in == np.arange(len(stand_in)), dtype=np.bool_)
