"""Chosen pairs of groups and teams, and what they are worth, counted afresh."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.dispatch import TeamNeed
from optimizer.demand import FloatArray
from optimizer.dispatch.crews import NOBODY
from optimizer.dispatch.instance import Instance

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
_WHOLE = 1e-9  # of an amount: what counts as all of it


@dataclass(frozen=True)
class Solution:
    """Which team fills a slot of (or brings an amount to) which group, beside fixed orders."""

    instance: Instance
    group: IntArray  # (pair,)
    team: IntArray  # (pair,)

    @classmethod
    def of(cls, instance: Instance, group: IntArray, team: IntArray) -> "Solution":
        """Return the solution of these pairs, without those of units not wholly served."""
        whole = cls(instance, group, team)
        keep = whole.complete[instance.groups.unit[group]]
        keep |= instance.groups.partial[instance.groups.unit[group]]
        return cls(instance, group[keep], team[keep])

    @classmethod
    def of_teams(cls, instance: Instance, team_group: IntArray) -> "Solution":
        """Return the solution in which each team fills a slot of its group; -1: of none."""
        team = np.flatnonzero(team_group >= 0)
        return cls.of(instance, team_group[team], team)

    @cached_property
    def filled(self) -> IntArray:
        """How many chosen teams each group has (group,)."""
        return np.bincount(self.group, minlength=len(self.instance.groups))

    @cached_property
    def brought(self) -> FloatArray:
        """The amount that chosen teams bring to each group (group,)."""
        groups, amounts = self.instance.groups, self.instance.crews.amounts
        brought = np.zeros(len(groups))
        for g in np.flatnonzero(groups.is_amount):
            need = groups.needs[g]
            assert not isinstance(need, TeamNeed)
            own = amounts.get(need.of)
            if own is not None:
                brought[g] = own[self.team[self.group == g]].sum()
        return brought

    @cached_property
    def met(self) -> BoolArray:
        """Which groups have all they want (group,)."""
        groups = self.instance.groups
        enough = self.brought >= groups.amount * (1.0 - _WHOLE)
        return np.asarray((self.filled >= groups.slots) & enough, dtype=np.bool_)

    @cached_property
    def complete(self) -> BoolArray:
        """Which units are wholly served (unit,)."""
        groups = self.instance.groups
        open_groups = np.bincount(
            groups.unit, weights=~self.met, minlength=len(groups.unit_incident)
        )
        return np.asarray(open_groups == 0, dtype=np.bool_)

    @cached_property
    def share(self) -> FloatArray:
        """The share of its severity that each incident counts (incident,)."""
        groups, count = self.instance.groups, len(self.instance.asked)
        amount = groups.asked_amount > 0.0
        had = groups.asked_amount - groups.amount + self.brought
        part = np.where(
            amount,
            np.minimum(1.0, had / np.where(amount, groups.asked_amount, 1.0)),
            groups.asked_slots - groups.slots + np.minimum(self.filled, groups.slots),
        )
        got = np.bincount(groups.incident, weights=part, minlength=count)
        share = got / np.maximum(groups.parts(count), 1.0)
        whole = ~np.array([one.partial for one in self.instance.request.incidents], dtype=bool)
        open_groups = np.bincount(groups.incident, weights=~self.met, minlength=count)
        share[whole] = open_groups[whole] == 0
        share[open_groups == 0] = 1.0
        return share

    @cached_property
    def severity(self) -> float:
        """The severity served: level 1."""
        return float(self.share @ self.instance.severity)

    @cached_property
    def going(self) -> IntArray:
        """Where each team goes (team,), fixed or chosen."""
        going = np.full(len(self.instance.request.teams), NOBODY, dtype=np.intp)
        going[self.instance.fixed.team] = self.instance.fixed.incident
        going[self.team] = self.instance.groups.incident[self.group]
        return going

    @cached_property
    def shortfall(self) -> int:
        """By how many teams the reserve falls short: level 2."""
        return self.instance.reserve.shortfall(self.going >= 0)

    @cached_property
    def diversions(self) -> int:
        """How many teams with an order in force go elsewhere or nowhere."""
        was = self.instance.crews.going
        return int(((was >= 0) & (was != self.going)).sum())

    @cached_property
    def response(self) -> float:
        """Severity x seconds until arrival over all orders, and the diversions: level 3."""
        instance, at = self.instance, np.flatnonzero(self.going >= 0)
        incident = self.going[at]
        seconds = instance.delay_s[incident, at] + instance.surcharge_s[at]
        return float(
            instance.severity[incident] @ seconds + instance.diversion_cost * self.diversions
        )

    @property
    def key(self) -> tuple[float, int, float]:
        """What is compared, the smallest first; rounded where only summation differs."""
        return (-round(self.severity, 6), self.shortfall, round(self.response, 6))


def best(*solutions: Solution | None) -> Solution:
    """Return the best of several solutions, the first of equals."""
    return min((one for one in solutions if one is not None), key=lambda one: one.key)
