"""How teams come from place to place: by their mode, then on foot, by way of depots they may use.

Teams that travel alike share a profile. A way on foot is part of the way: a crew leaves an
incident down its walk, drives, and goes up the next one's. It stays where it is between two
visits of one incident.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.dispatch import Team, TravelMode
from models.dispatch.phase import Depot, PhaseRequest, Work
from models.dispatch.walking import Pace, Walk
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.travel.distance import positions_of
from optimizer.travel.modes import mode_times

if TYPE_CHECKING:
    from models.places import Place

NEVER_S = 1e9  # a way that does not exist, in a matrix that must be finite
_TOBLER_FLAT_M_S = 6.0 / 3.6 * exp(-3.5 * 0.05)
_NAISMITH_FLAT_M_S = 4828.032 / 3600.0  # three miles an hour
_NAISMITH_S_PER_M = 3600.0 / 609.6  # an hour for 2,000 feet
_OWN_M_S = {"tobler": _TOBLER_FLAT_M_S, "naismith": _NAISMITH_FLAT_M_S}


def hike_s(length_m: float, climb_m: float, pace: Pace, *, off_path: bool) -> float:
    """Return the time on foot over one slope; a negative climb goes down.

    Tobler, W. (1993). Three presentations on geographical analysis and modeling. NCGIA technical
    report 93-1: the hiking function, and 0.6 of it off the path. Naismith, W. W. (1892).
    Excursions: Cruach Ardran, Stobinian, and Ben More. Scottish Mountaineering Club Journal 2,
    136: descents take no longer than the flat; the share off the path is Tobler's here too.

    Examples
    --------
    >>> round(hike_s(1000.0, 0.0, Pace(), off_path=True))
    1191
    >>> round(hike_s(4828.032, 609.6, Pace(rule="naismith"), off_path=False))
    7200
    """
    own_m_s = _OWN_M_S[pace.rule]
    share = pace.laden_share * (1.0 if pace.speed_m_s is None else pace.speed_m_s / own_m_s)
    if off_path:
        share *= pace.off_path_share
    if pace.rule == "tobler":
        speed_m_s = 6.0 / 3.6 * exp(-3.5 * abs(climb_m / length_m + 0.05))
        return length_m / (speed_m_s * share)
    return (length_m / own_m_s + max(0.0, climb_m) * _NAISMITH_S_PER_M) / share


def stretches(walk: Walk) -> list[tuple[float, float]]:
    """Return length and climb of each stretch of a walk, going up to the work."""
    if walk.length_m is not None:
        return [(walk.length_m, walk.climb_m)]
    at = positions_of(walk.line)
    lengths = at.take(slice(1, None)).apart_m(at.take(slice(None, -1))).tolist()
    height = [one.height_m for one in walk.line]
    return [(m, b - a) for m, a, b in zip(lengths, height[:-1], height[1:], strict=True)]


def may_fill(team: Team, depot: Depot) -> bool:
    """Return whether a team can fill up at a depot."""
    by_mode = not depot.modes or team.mode in depot.modes
    by_kind = not depot.kinds or team.kind in depot.kinds
    held = any(team.vehicles.get(one, 0) > 0 for one in depot.vehicles)
    return by_mode and by_kind and (held or not depot.vehicles)


@dataclass(frozen=True)
class Ways:
    """The ways of each profile, and what of them is on foot."""

    profile: NDArray[np.intp]  # (team,)
    travel_s: FloatArray  # (profile, place, place) from, to
    up_s: FloatArray  # (profile, incident) on foot to the work
    back_s: FloatArray  # (profile, incident) on foot down again, as far as it is known
    home_s: FloatArray  # (profile, incident) the same; up again where it is not known

    @classmethod
    def of(cls, request: PhaseRequest, store: Store | None) -> "Ways":
        """Return the ways of a request without faults."""
        situation, depots = request.situation, request.depots
        mode = {one.id: one for one in situation.modes}
        paces = {one.team_id: one.pace for one in request.crews}
        profiles: dict[tuple[str, Pace | None, tuple[bool, ...]], int] = {}
        mine = []
        for team in situation.teams:
            walks = not mode[team.mode].to_the_spot
            pace = (paces.get(team.id) or request.pace) if walks else None
            key = (team.mode, pace, tuple(may_fill(team, one) for one in depots))
            mine.append(profiles.setdefault(key, len(profiles)))
        given = {one.incident_id: one for one in request.works}
        works = [given.get(one.id) for one in situation.incidents]
        foot = np.array([_on_foot(works, pace) for _, pace, _ in profiles])
        by_road = {name: _by_mode(request, mode[name], works, store) for name, _, _ in profiles}
        travel = np.array(
            [
                _travel(by_road[name], up, back, usable)
                for (name, _, usable), (up, back, _) in zip(profiles, foot, strict=True)
            ]
        )
        return cls(np.array(mine, dtype=np.intp), travel, foot[:, 0], foot[:, 1], foot[:, 2])


def _on_foot(works: Sequence[Work | None], pace: Pace | None) -> FloatArray:
    """Return the way up, the way back as it counts, and as the night has it (3, incident)."""
    found = np.zeros((3, len(works)))
    for i, work in enumerate(works):
        if work is None or pace is None:
            continue
        if work.walk is None:
            found[:, i] = work.approach_s, 0.0, work.approach_s
            continue
        off, parts = work.walk.off_path, stretches(work.walk)
        up = sum(hike_s(length, climb, pace, off_path=off) for length, climb in parts)
        down = sum(hike_s(length, -climb, pace, off_path=off) for length, climb in parts)
        found[:, i] = up, down, down
    return found


def _by_mode(
    request: PhaseRequest, mode: TravelMode, works: Sequence[Work | None], store: Store | None
) -> FloatArray:
    """Return the ways of a mode between all places (from, to), to where it can come."""
    situation = request.situation
    ends: list[Place] = []
    for incident, work in zip(situation.incidents, works, strict=True):
        line = () if work is None or work.walk is None or mode.to_the_spot else work.walk.line
        ends.append(line[0] if line else incident)
    places = (*ends, *situation.teams, *request.depots)
    times = mode_times([mode.travel], np.zeros(len(places), dtype=np.intp), places, places, store)
    return np.nan_to_num(times.T, posinf=NEVER_S)


def _travel(
    by_road: FloatArray, up_s: FloatArray, back_s: FloatArray, usable: tuple[bool, ...]
) -> FloatArray:
    travel = by_road.copy()
    incidents = np.arange(len(up_s))
    stays = travel[incidents, incidents]
    travel[:, incidents] += up_s
    travel[incidents] += back_s[:, None]
    travel[incidents, incidents] = stays
    shut = np.flatnonzero(~np.array(usable, dtype=np.bool_)) + len(travel) - len(usable)
    travel[:, shut] = travel[shut] = NEVER_S
    return travel
