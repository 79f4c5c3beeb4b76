"""A dispatch request as arrays: incidents ``i`` by row, teams ``t`` by column, groups of slots.

A need for ``d`` teams is a *group* of ``d`` slots alike; its first-due slot is a group of its
own, for it has another deadline. What is served together or not at all is a *unit*: a whole
incident, or one slot of a partial one (then with ``d`` copies).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchRequest
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.dispatch.checks import check
from optimizer.dispatch.crews import Crews
from optimizer.dispatch.fixing import Fixed, fixed_orders
from optimizer.dispatch.groups import Groups
from optimizer.dispatch.needs import Asked, asked
from optimizer.dispatch.reserve import Reserve
from optimizer.errors import InputError
from optimizer.travel.modes import mode_times

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Instance:
    """The request as arrays; ``inf`` where a team cannot come at all."""

    request: DispatchRequest
    asked: list[Asked]
    crews: Crews
    travel_s: FloatArray  # (incident, team)
    delay_s: FloatArray  # (incident, team), from now to arrival
    allowed: BoolArray  # (incident, team), by tiers, owners, locks, rest, forbidden pairs
    surcharge_s: FloatArray  # (team,)
    groups: Groups
    able: BoolArray  # (group, team), by skill, people and vehicles
    reach: BoolArray  # (group, team): may fill a slot of the group, free to move, in time
    incident_cost: FloatArray  # (incident, team), severity x seconds, less the diversion saved
    fixed: Fixed
    reserve: Reserve
    diversion_cost: float

    @classmethod
    def from_request(cls, request: DispatchRequest, store: Store | None = None) -> "Instance":
        """Return the request as arrays.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        wanted = asked(request)
        faults = check(request, wanted)
        if faults:
            raise InputError(faults)
        crews = Crews.of(request)
        travel_s = times(request, crews, store)
        delay_s = crews.delays(travel_s)
        groups = Groups.of(request, wanted)
        able = crews.able(groups)
        fixed = fixed_orders(request, crews, groups, able, delay_s)
        groups = fixed.leaves(groups, crews.amounts)
        allowed = crews.allowed(request, wanted, delay_s)
        allowed[:, fixed.team] = False
        severity = np.array([one.severity for one in wanted], dtype=np.float64)
        surcharge_s = tier_surcharges(request)
        comes = np.isfinite(delay_s)
        incident_cost = severity[:, None] * (
            delay_s if comes.all() else np.where(comes, delay_s, 0.0)
        )
        if surcharge_s.any():
            incident_cost += severity[:, None] * surcharge_s
        going = np.flatnonzero(crews.going >= 0)
        incident_cost[crews.going[going], going] -= request.policy.stability.diversion_cost
        return cls(
            request=request,
            asked=wanted,
            crews=crews,
            travel_s=travel_s,
            delay_s=delay_s,
            allowed=allowed,
            surcharge_s=surcharge_s,
            groups=groups,
            able=able,
            reach=able & _open(groups, allowed, delay_s),
            incident_cost=incident_cost,
            fixed=fixed,
            reserve=Reserve.of(request, crews, fixed),
            diversion_cost=request.policy.stability.diversion_cost,
        )

    @cached_property
    def cost(self) -> FloatArray:
        """What a team costs in a slot of each group (group, team); finite."""
        return self.incident_cost[self.groups.incident]

    @cached_property
    def slots_only(self) -> bool:
        """Whether every team fills one slot and nothing is an amount."""
        roles = any(one.roles_max > 1 for one in self.request.teams)
        return not roles and not bool(self.groups.is_amount.any())

    @cached_property
    def severity(self) -> FloatArray:
        """The severity of each incident."""
        return np.array([one.severity for one in self.asked], dtype=np.float64)


def _open(groups: Groups, allowed: BoolArray, delay_s: FloatArray) -> BoolArray:
    """Return who may come in time for which group (group, team), skill aside.

    Groups of one incident and deadline, one after the other, are looked at once.
    """
    at, deadline = groups.incident, groups.deadline_s
    if not len(at):
        return np.zeros((0, allowed.shape[1]), dtype=np.bool_)
    starts = np.r_[True, (at[1:] != at[:-1]) | (deadline[1:] != deadline[:-1])]
    own, last = at[starts], deadline[starts, None] + 1e-9
    come = allowed[own] & (delay_s[own] <= last)
    return np.asarray(come[np.cumsum(starts) - 1], dtype=np.bool_)


def times(request: DispatchRequest, crews: Crews, store: Store | None) -> FloatArray:
    """Return the travel times (incident, team), each team by its own mode."""
    travels = [one.travel for one in request.modes]
    return mode_times(travels, crews.mode, request.incidents, request.teams, store)


def tier_surcharges(request: DispatchRequest) -> FloatArray:
    """Return what each team's tier adds to its arrivals (team,)."""
    by_tier = {one.id: one.surcharge_s for one in request.policy.tiers}
    if not by_tier:
        return np.zeros(len(request.teams))
    return np.array([by_tier.get(one.tier or "", 0.0) for one in request.teams])
