"""Who could fill the needs of one incident if a limit of the request did not hold."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.dispatch import Reason, TeamStatus
from optimizer.demand import FloatArray
from optimizer.dispatch.crews import forbidden, released, tier_open
from optimizer.dispatch.instance import Instance

BoolArray = NDArray[np.bool_]

LIMITS = (
    Reason.TIER_NOT_OPEN,
    Reason.NOT_RELEASED,
    Reason.REST_RULE,
    Reason.BUSY,
    Reason.LOCKING,
    Reason.VEHICLE_NOT_ALLOWED,
    Reason.TIME_WINDOW,
    Reason.REACHABLE,
    Reason.SKILL,
)


@dataclass(frozen=True)
class Rules:
    """The rules of an instance, each for itself, read once."""

    instance: Instance
    tier_open: BoolArray  # (incident, team)
    released: BoolArray  # (team,)
    forbidden: BoolArray  # (incident, team)
    resting: BoolArray  # (team,)
    busy: BoolArray  # (team,)
    shift_ends_s: FloatArray  # (team,), from now, inf without
    unlocked: BoolArray  # (team,), neither pinned nor locked
    unpinned: BoolArray  # (team,)

    @classmethod
    def of(cls, instance: Instance) -> "Rules":
        """Return the rules of an instance."""
        request, count = instance.request, len(instance.request.teams)
        pairs = np.zeros(instance.delay_s.shape, dtype=np.bool_)
        pairs[forbidden(request)] = True
        status = [one.status for one in request.teams]
        ends = [np.inf if one.shift_ends_s is None else one.shift_ends_s for one in request.teams]
        unlocked, unpinned = np.ones((2, count), dtype=np.bool_)
        unlocked[instance.fixed.team] = False
        pinned = [why == "pin" for why in instance.fixed.why]
        unpinned[instance.fixed.team[pinned]] = False
        return cls(
            instance=instance,
            tier_open=tier_open(request, instance.asked),
            released=released(request),
            forbidden=pairs,
            resting=np.array([one is TeamStatus.RESTING for one in status], dtype=np.bool_),
            busy=np.array([one is TeamStatus.ON_SCENE for one in status], dtype=np.bool_),
            shift_ends_s=np.array(ends) - request.now_s,
            unlocked=unlocked & ~instance.crews.frozen,
            unpinned=unpinned,
        )

    @cached_property
    def felt(self) -> tuple[Reason, ...]:
        """The limits that stand in anybody's way at all: without another, nothing changes."""
        instance = self.instance
        felt = {
            Reason.TIER_NOT_OPEN: not self.tier_open.all(),
            Reason.NOT_RELEASED: not self.released.all(),
            Reason.REST_RULE: self.resting.any() or np.isfinite(self.shift_ends_s).any(),
            Reason.BUSY: self.busy.any(),
            Reason.LOCKING: not self.unlocked.all(),
            Reason.VEHICLE_NOT_ALLOWED: self.forbidden.any(),
            Reason.TIME_WINDOW: np.isfinite(instance.groups.deadline_s).any(),
            Reason.REACHABLE: not np.isfinite(instance.travel_s).all(),
            Reason.SKILL: not instance.able.all(),
        }
        return tuple(one for one in LIMITS if felt[one])


def relaxed_reach(rules: Rules, incident: int, limits: frozenset[Reason]) -> BoolArray:
    """Return who may fill the groups of an incident (its group, team) without these limits."""
    instance = rules.instance
    own = np.flatnonzero(instance.groups.incident == incident)
    delay = _delay(rules, incident, limits)
    allowed = np.isfinite(delay) & _allowed(rules, incident, limits)
    if Reason.REST_RULE not in limits:
        work = instance.request.incidents[incident].on_scene_s
        allowed &= delay + work <= rules.shift_ends_s
    able = instance.able[own]
    if Reason.SKILL in limits:
        able = np.where(instance.groups.is_amount[own, None], able, True)
    in_time = delay[None] <= instance.groups.deadline_s[own, None] + 1e-9
    if Reason.TIME_WINDOW in limits:
        in_time = np.ones_like(in_time)
    return np.asarray(able & allowed & in_time, dtype=np.bool_)


def _allowed(rules: Rules, incident: int, limits: frozenset[Reason]) -> BoolArray:
    """Return who may go to one incident (team,), whatever the time it takes."""
    allowed = (rules.unpinned if Reason.LOCKING in limits else rules.unlocked).copy()
    if Reason.TIER_NOT_OPEN not in limits:
        allowed &= rules.tier_open[incident]
    if Reason.NOT_RELEASED not in limits:
        allowed &= rules.released
    if Reason.VEHICLE_NOT_ALLOWED not in limits:
        allowed &= ~rules.forbidden[incident]
    return allowed


def _delay(rules: Rules, incident: int, limits: frozenset[Reason]) -> FloatArray:
    """Return the seconds to one incident (team,) where resting, busy or cut-off teams may go."""
    instance = rules.instance
    travel = instance.travel_s[incident]
    if Reason.REACHABLE in limits:
        travel = np.where(np.isfinite(travel), travel, 0.0)
    delay = instance.delay_s[incident]
    freed = np.zeros(len(delay), dtype=np.bool_)
    if Reason.REST_RULE in limits:
        freed |= rules.resting
    if Reason.BUSY in limits:
        freed |= rules.busy
    leave = np.where(freed, 0.0, instance.crews.leave_s)
    changed: FloatArray = np.where(freed | ~np.isfinite(delay), travel + leave, delay)
    return changed
