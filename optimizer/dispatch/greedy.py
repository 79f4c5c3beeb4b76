"""The first plan: incidents by severity, each with the nearest teams left; and what is in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.dispatch import TeamNeed
from optimizer.algorithms.slots import match
from optimizer.dispatch.crews import NOBODY
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.solution import Solution

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


def greedy(instance: Instance) -> Solution:
    """Return the plan that serves incidents by severity, the first reported first."""
    groups, severity = instance.groups, instance.severity
    order = np.argsort(-severity[groups.unit_incident], kind="stable")
    picking = _Picking(instance, _free(instance))
    members: list[list[int]] = [[] for _ in order]
    # The scarcest group first, so that others do not take its teams.
    for group in np.argsort(instance.reach.sum(axis=1), kind="stable").tolist():
        members[groups.unit[group]].append(group)
    for unit in order.tolist():
        picking.serve(members[unit], partial=bool(groups.partial[unit]))
    return Solution.of(instance, *picking.pairs)


def in_force(instance: Instance) -> Solution | None:
    """Return the plan that keeps every order in force that still can be; None without any."""
    free = _free(instance)
    going = np.where(free, instance.crews.going, NOBODY)
    if not (going >= 0).any():
        return None
    team_at = {one.id: t for t, one in enumerate(instance.request.teams)}
    said = {
        team_at[one.team_id]: (one.need, None)
        for one in instance.request.orders
        if one.need is not None
    }
    kept = Solution.of_teams(instance, as_ordered(instance, going, said))
    chosen = np.zeros(len(free), dtype=np.bool_)
    chosen[kept.team] = True
    return None if instance.reserve.breaks(chosen) else kept


def as_ordered(
    instance: Instance, going: IntArray, said: Mapping[int, tuple[int, bool | None]]
) -> IntArray:
    """Return the group of each team (team,) that goes where it is ordered, as many as can be.

    ``going`` (team,) are incidents; ``said`` the need that some teams are ordered for, and whether
    first-due (None: not said), as far as it is one they can fill.
    """
    groups = instance.groups
    reach = instance.reach & (groups.incident[:, None] == going)
    for team, (need, first) in said.items():
        same = np.full(len(groups), first is None) | (groups.first_due == first)
        for named in (groups.need == need, same):
            if (reach[:, team] & named).any():
                reach[:, team] &= named
    team_group = match(reach, groups.slots).team_group
    # Teams that bring an amount need no slot.
    for team in np.flatnonzero((going >= 0) & (team_group == NOBODY)).tolist():
        at = np.flatnonzero(reach[:, team] & groups.is_amount)
        team_group[team] = at[0] if len(at) else NOBODY
    return team_group


def _free(instance: Instance) -> BoolArray:
    free = np.ones(len(instance.request.teams), dtype=np.bool_)
    free[instance.fixed.team] = False
    return free


@dataclass
class _Picking:
    """Teams not yet picked, and the pairs so far."""

    instance: Instance
    free: BoolArray
    idle: bytearray = field(init=False)  # what ``free`` shows, quicker to ask one by one
    slots: list[int] = field(init=False)  # (group,)
    spare: list[int] = field(init=False)  # (hard rule,)
    rules: list[list[int]] = field(init=False)  # (team,), the hard rules it counts for
    group: list[int] = field(default_factory=list)
    team: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.idle = bytearray(self.free)
        self.free = np.frombuffer(self.idle, dtype=np.bool_)
        self.slots = self.instance.groups.slots.tolist()
        reserve = self.instance.reserve
        self.spare = np.maximum(reserve.spare[reserve.hard], 0).tolist()
        self.rules = [[] for _ in self.free]
        for rule, team in np.argwhere(reserve.members[reserve.hard]).tolist():
            self.rules[team].append(rule)

    @property
    def pairs(self) -> tuple[IntArray, IntArray]:
        """The pairs (group, team)."""
        return np.array(self.group, dtype=np.intp), np.array(self.team, dtype=np.intp)

    def serve(self, groups: list[int], *, partial: bool) -> None:
        """Pick teams for the groups of one unit; all of them, unless it is partial, or none."""
        before = len(self.group)
        nearest = self._nearest_first(min(groups), max(groups) + 1)
        for group in groups:
            if not self._fill(group, nearest) and not partial:
                for team in self.team[before:]:
                    self._settle(team, idle=True)
                del self.group[before:], self.team[before:]
                return

    def _nearest_first(self, begin: int, end: int) -> list[int]:
        """Return the idle teams that may fill any group of a unit, the cheapest first."""
        could = self.instance.reach[begin:end].any(axis=0)
        at = np.flatnonzero(could & self.free)
        cost = self.instance.incident_cost[self.instance.groups.incident[begin]][at]
        nearest: list[int] = at[cost.argsort(kind="stable")].tolist()
        return nearest

    def _fill(self, group: int, nearest: list[int]) -> bool:
        need = self.instance.groups.needs[group]
        if isinstance(need, TeamNeed):
            return self._fill_slots(group, nearest)
        return self._fill_amount(group, self.instance.crews.amounts.get(need.of))

    def _fill_slots(self, group: int, nearest: list[int]) -> bool:
        count = self.slots[group]
        fits, idle, rules = self.instance.reach[group].tobytes(), self.idle, self.rules
        for team in nearest if count else ():
            if fits[team] and idle[team] and (not rules[team] or self._spared(team)):
                self._pick(group, team)
                count -= 1
                if not count:
                    break
        return not count

    def _fill_amount(self, group: int, own: NDArray[np.float64] | None) -> bool:
        """Pick the teams that bring most for their cost until the amount is there."""
        wanted = float(self.instance.groups.amount[group])
        while wanted > 1e-9:
            could = np.flatnonzero(self.instance.reach[group] & self.free).tolist()
            at = np.array([team for team in could if self._spared(team)], dtype=np.intp)
            if not len(at) or own is None:
                return False
            useful = np.minimum(own[at], wanted)
            cost = self.instance.cost[group, at]
            worth = useful / (cost - min(0.0, float(cost.min())) + 1.0)
            team = int(at[np.argmax(worth)])
            self._pick(group, team)
            wanted -= float(own[team])
        return True

    def _spared(self, team: int) -> bool:
        """Return whether no hard rule holds a team back."""
        return all(self.spare[rule] > 0 for rule in self.rules[team])

    def _pick(self, group: int, team: int) -> None:
        self.group.append(group)
        self.team.append(team)
        self._settle(team, idle=False)

    def _settle(self, team: int, *, idle: bool) -> None:
        self.idle[team] = idle
        for rule in self.rules[team]:
            self.spare[rule] += 1 if idle else -1
