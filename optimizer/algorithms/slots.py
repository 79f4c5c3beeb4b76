"""Slots that teams fill, one team each: matching them, and the proof where they cannot be.

Slots alike form a group. By Hall's theorem all slots of the chosen copies can be filled exactly
if no set ``W`` of teams is wanted by more slots than it has teams; a failed matching shows such
a ``W``: whatever an unfilled slot reaches over alternating paths (`filling`).

Hall, P. (1935). On representatives of subsets. Journal of the London Mathematical Society 10(1).
https://doi.org/10.1112/jlms/s1-10.37.26
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from optimizer.demand import FloatArray

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
NONE = -1  # no group: an index, never a number


@dataclass(frozen=True)
class Slots:
    """Units to serve: one copy of unit ``u`` needs ``need[g]`` teams of each of its groups."""

    reach: BoolArray  # (group, team)
    cost: FloatArray  # (group, team), finite where reached
    need: IntArray  # (group,), teams of one copy
    unit: IntArray  # (group,)
    weight: FloatArray  # (unit,), of one copy
    copies: IntArray  # (unit,), at most

    @property
    def most(self) -> IntArray:
        """How many copies of each unit its own groups allow (unit,)."""
        most = self.copies.copy()
        wanting = self.need > 0
        fit = self.reach.sum(axis=1)[wanting] // self.need[wanting]
        np.minimum.at(most, self.unit[wanting], fit)
        return most

    def wanted(self, served: IntArray) -> IntArray:
        """Return how many teams each group wants where ``served`` copies are served (group,)."""
        wanted: IntArray = self.need * served[self.unit]
        return wanted


@dataclass(frozen=True)
class Matched:
    """A largest matching: each team's group (``NONE`` without), and each group's open slots."""

    team_group: IntArray  # (team,)
    open: IntArray  # (group,)

    @property
    def complete(self) -> bool:
        """Whether every slot is filled."""
        return not self.open.any()


def match(reach: BoolArray, wanted: IntArray) -> Matched:
    """Return a largest matching of ``wanted`` slots of each group with teams."""
    slot_group = np.repeat(np.arange(len(wanted)), wanted)
    team_group = np.full(reach.shape[1], NONE, dtype=np.intp)
    if len(slot_group):
        partner = maximum_bipartite_matching(_graph(reach, slot_group), perm_type="column")
        filled = partner >= 0
        team_group[partner[filled]] = slot_group[filled]
    had = np.bincount(team_group[team_group >= 0], minlength=len(wanted))
    return Matched(team_group, wanted - had)


def _graph(reach: BoolArray, slot_group: IntArray) -> csr_array:
    """Return the 0/1 matrix (slot, team), built from the groups' own rows."""
    counts = reach.sum(axis=1)
    starts = np.r_[0, np.cumsum(counts)]
    teams = np.nonzero(reach)[1].astype(np.int32)
    ends = np.r_[0, np.cumsum(counts[slot_group])]
    shift = np.repeat(starts[slot_group] - ends[:-1], counts[slot_group])
    columns = teams[np.arange(ends[-1]) + shift]
    shape = (len(slot_group), reach.shape[1])
    return csr_array((np.ones(len(columns), dtype=np.int8), columns, ends), shape=shape)


def cheapest(reach: BoolArray, cost: FloatArray, wanted: IntArray) -> IntArray | None:
    """Return the cheapest way to fill all wanted slots as each team's group, None without one."""
    slot_group = np.repeat(np.arange(len(wanted)), wanted)
    team_group = np.full(reach.shape[1], NONE, dtype=np.intp)
    if not len(slot_group):
        return team_group
    if len(slot_group) > reach.shape[1]:
        return None
    priced = np.where(reach, cost, np.inf)[slot_group]
    try:
        slots, teams = linear_sum_assignment(priced)
    except ValueError:  # what SciPy says where some slot cannot be filled
        return None
    team_group[teams] = slot_group[slots]
    return team_group
