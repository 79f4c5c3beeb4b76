"""Teams as arrays: what turns out, when it can leave, and where it may go."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dispatch import RANKS, DispatchRequest, Team, TeamNeed, TeamStatus
from optimizer.demand import FloatArray
from optimizer.dispatch.groups import Groups
from optimizer.dispatch.needs import Asked

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
NOBODY = -1  # an index only: no incident, no group


@dataclass(frozen=True)
class Crews:
    """Teams in request order; times are seconds from now."""

    request: DispatchRequest
    mode: IntArray  # (team,), which of the modes
    leave_s: FloatArray  # (team,), when it leaves for another place; inf if it cannot
    going: IntArray  # (team,), the incident it is ordered to, NOBODY
    under_way_s: FloatArray  # (team,), seconds until it arrives where it is going; NaN
    frozen: BoolArray  # (team,), so near, or there already, that it stays with its incident
    ready: BoolArray  # (team,), idle at its base
    people: FloatArray  # (team,), that turn out
    amounts: dict[str, FloatArray]  # name -> (team,)

    @classmethod
    def of(cls, request: DispatchRequest) -> "Crews":
        """Return the teams of a request that has no faults."""
        teams = request.teams
        mode_at = {one.id: k for k, one in enumerate(request.modes)}
        incident_at = {one.id: i for i, one in enumerate(request.incidents)}
        ordered = {one.team_id: incident_at.get(one.incident_id, NOBODY) for one in request.orders}
        going = np.array([ordered.get(one.id, NOBODY) for one in teams], dtype=np.intp)
        under_way = np.array(
            [_left(one) if one.status is TeamStatus.EN_ROUTE else np.nan for one in teams]
        )
        there = np.array([one.status is TeamStatus.ON_SCENE for one in teams], dtype=np.bool_)
        near = under_way <= request.policy.stability.freeze_s
        return cls(
            request=request,
            mode=np.array([mode_at[one.mode] for one in teams], dtype=np.intp),
            leave_s=_leaving(request),
            going=going,
            under_way_s=under_way,
            frozen=(near | there) & (going >= 0),
            ready=np.array([one.status is TeamStatus.READY for one in teams], dtype=np.bool_),
            people=_turning_out(np.array([[one.people for one in teams]]), request)[0],
            amounts=_amounts(request),
        )

    @property
    def moving(self) -> BoolArray:
        """Which teams are under way or there already, with nothing to wait for (team,)."""
        there = np.array([one.status is TeamStatus.ON_SCENE for one in self.request.teams])
        return np.asarray(np.isfinite(self.under_way_s) | there, dtype=np.bool_)

    def delays(self, travel_s: FloatArray, leave_s: FloatArray | None = None) -> FloatArray:
        """Return the seconds from now to arrival (incident, team), inf where it cannot come.

        A team under way arrives where it is going when it said it would.
        """
        delay = travel_s + (self.leave_s if leave_s is None else leave_s)
        moving = np.flatnonzero((self.going >= 0) & np.isfinite(self.under_way_s))
        delay[self.going[moving], moving] = self.under_way_s[moving]
        there = np.flatnonzero(self.frozen & np.isnan(self.under_way_s))
        delay[self.going[there], there] = 0.0
        return delay

    def able(self, groups: Groups) -> BoolArray:
        """Return who can fill a slot of which group (group, team), whatever the time."""
        place: dict[object, int] = {}
        rows: list[BoolArray] = []
        skills = self._skills()
        kinds = []
        for need, fit in zip(groups.needs, groups.fits, strict=True):
            kind = place.setdefault(fit, len(rows))
            if kind == len(rows):
                if isinstance(need, TeamNeed):
                    rows.append(self._fits(need, skills))
                else:
                    rows.append(self.amounts.get(need.of, np.zeros(len(self.mode))) > 0.0)
            kinds.append(kind)
        if not rows:
            return np.zeros((0, len(self.mode)), dtype=np.bool_)
        return np.array(rows, dtype=np.bool_)[kinds]

    def _fits(self, need: TeamNeed, skills: dict[str, FloatArray]) -> BoolArray:
        fits = self.people >= need.min_people
        if need.skill is not None:
            fits = fits & (skills.get(need.skill, np.zeros(len(fits))) >= need.min_skilled)
        for kind, count in need.vehicles.items():
            fits = fits & np.array([t.vehicles.get(kind, 0) >= count for t in self.request.teams])
        return fits

    def _skills(self) -> dict[str, FloatArray]:
        """Return how many people of each skill turn out of each team (team,), by skill."""
        held = [
            (skill, t, count)
            for t, one in enumerate(self.request.teams)
            for skill, count in one.skills.items()
        ]
        if not held:
            return {}
        names, teams, counts = zip(*held, strict=True)
        row = {name: k for k, name in enumerate(dict.fromkeys(names))}
        table = np.zeros((len(row), len(self.mode)))
        table[[row[name] for name in names], list(teams)] = counts
        return dict(zip(row, _turning_out(table, self.request), strict=True))

    def allowed(
        self, request: DispatchRequest, asked: list[Asked], delay_s: FloatArray
    ) -> BoolArray:
        """Return who may go where (incident, team), by every rule but skill and deadline."""
        allowed = tier_open(request, asked) & np.isfinite(delay_s)
        allowed &= released(request)
        allowed &= ~self.frozen
        allowed &= within_shift(request, delay_s)
        allowed[forbidden(request)] = False
        return allowed


def tier_open(request: DispatchRequest, asked: list[Asked]) -> BoolArray:
    """Return which tiers are open to which incident (incident, team); without a tier: open."""
    opens = {one.id: RANKS[one.opens_at] for one in request.policy.tiers}
    if not opens:
        return np.ones((len(asked), len(request.teams)), dtype=np.bool_)
    least = np.array([opens.get(one.tier or "", 0) for one in request.teams])
    level = np.array([RANKS[one.level] for one in asked])
    return np.asarray(least[None] <= level[:, None], dtype=np.bool_)


def released(request: DispatchRequest) -> BoolArray:
    """Return which teams their owners let go (team,)."""
    held = {one.id for one in request.owners if one.needs_permission and not one.granted}
    if not held:
        return np.ones(len(request.teams), dtype=np.bool_)
    return np.array([one.owner not in held for one in request.teams], dtype=np.bool_)


def within_shift(request: DispatchRequest, delay_s: FloatArray) -> BoolArray:
    """Return who is done with which incident before the shift ends (incident, team)."""
    ends = np.array(
        [np.inf if one.shift_ends_s is None else one.shift_ends_s for one in request.teams]
    )
    if np.isinf(ends).all():
        return np.ones_like(delay_s, dtype=np.bool_)
    work = np.array([one.on_scene_s for one in request.incidents])
    done = request.now_s + delay_s + work[:, None]
    return np.asarray(np.isinf(ends)[None] | (done <= ends[None]), dtype=np.bool_)


def forbidden(request: DispatchRequest) -> tuple[IntArray, IntArray]:
    """Return the forbidden pairs as indices (incident, team)."""
    pairs = request.policy.forbidden
    if not pairs:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    incident_at = {one.id: i for i, one in enumerate(request.incidents)}
    team_at = {one.id: t for t, one in enumerate(request.teams)}
    return (
        np.array([incident_at[one.incident_id] for one in pairs], dtype=np.intp),
        np.array([team_at[one.team_id] for one in pairs], dtype=np.intp),
    )


def _left(team: Team) -> float:
    return np.inf if team.free_in_s is None else team.free_in_s


def _leaving(request: DispatchRequest) -> FloatArray:
    """Return the seconds until each team can leave for another place; inf if it cannot.

    A pinned team leaves whatever it is busy with.
    """
    release = {one.id: one.release_delay_s for one in request.owners}
    pinned = {one.team_id for one in request.policy.pinned}
    leave = np.array([one.turnout_s for one in request.teams])
    if release:
        leave += [release.get(one.owner or "", 0.0) for one in request.teams]
    for t, team in enumerate(request.teams):
        if team.status is TeamStatus.READY:
            continue
        turnout = leave[t]
        left = 0.0 if team.id in pinned else _left(team)
        if team.status is TeamStatus.EN_ROUTE:
            leave[t] = 0.0
        elif team.status is TeamStatus.ON_SCENE:
            leave[t] = left
        elif team.status is TeamStatus.RESTING:
            leave[t] = left + turnout
        else:  # lost
            leave[t] = np.inf
    return leave


def _turning_out(counts: NDArray[np.generic], request: DispatchRequest) -> FloatArray:
    """Return ``floor(share * count)`` (row, team); 0.29 of 100 is 29, whatever binary says."""
    share = np.array([one.turnout_share for one in request.teams])
    if (share == 1.0).all():
        return counts.astype(np.float64)
    whole: FloatArray = np.floor(np.round(share * counts.astype(np.float64), 9))
    return whole


def _amounts(request: DispatchRequest) -> dict[str, FloatArray]:
    names = sorted({name for one in request.teams if one.amounts for name in one.amounts})
    return {name: np.array([one.amounts.get(name, 0.0) for one in request.teams]) for name in names}
