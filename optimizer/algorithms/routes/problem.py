"""The problem as arrays: teams that visit stops one after another, over hours.

A *stop* is served when every one of its *visits* is; a crew that must meet is a stop of several
visits, each by another team, and all begin together. Visits are numbered stop by stop. Times are
seconds; a limit that does not exist is infinite.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Teams(NamedTuple):
    """Who goes: speeds, where and when each begins, what it carries, and its first visits."""

    profile: IndexArray  # (team,) row of the travel times
    origin: IndexArray  # (team,) place
    ready: FloatArray  # (team,)
    off: FloatArray  # (team,) its last visit must be finished by then
    capacity: FloatArray  # (team, commodity); all begin full
    reload: FloatArray  # (team,) seconds at a depot
    roles: IndexArray  # (team,) visits it makes of one party at most
    locked: IndexArray  # (team, longest) visits that come first, in this order; -1 fills up


class Visits(NamedTuple):
    """What each visit takes; a place of -1 is wherever the team is, as for a break.

    Visits of one party, numbered together, want different teams: a team makes so many of them as
    it has roles, and none of them twice in one ``role``.
    """

    place: IndexArray  # (visit,)
    stop: IndexArray  # (visit,)
    party: IndexArray  # (visit,) whole stops, or several
    role: IndexArray  # (visit,)
    service: FloatArray  # (team, visit)
    eligible: BoolArray  # (team, visit)
    setup: FloatArray  # (visit,) on arrival from another place
    load: FloatArray  # (visit, commodity)
    shut: FloatArray  # (team, visit, 2) no start after the first, for the second, of every day


class Stops(NamedTuple):
    """What each stop is worth; `latest` is a limit of its start, `due` a wish."""

    weight: FloatArray  # (stop,) per second of completion
    release: FloatArray  # (stop,)
    due: FloatArray  # (stop,)
    late: FloatArray  # (stop,) per second that the start is after `due`
    latest: FloatArray  # (stop,)
    penalty: FloatArray  # (stop,) where it is not served


class Problem(NamedTuple):
    """Everything; ``pairs`` (first, second) mean: the second starts when the first is complete."""

    travel: FloatArray  # (profile, place, place)
    depots: IndexArray  # (depot,) places
    fill: FloatArray  # (depot, commodity) seconds for each unit that is filled up
    teams: Teams
    visits: Visits
    stops: Stops
    pairs: IndexArray  # (pair, 2)

    @property
    def linked(self) -> bool:
        """Whether a team's times depend on another team's."""
        return len(self.pairs) > 0 or len(self.visits.stop) > len(self.stops.weight)


def floats(values: ArrayLike, *shape: int) -> FloatArray:
    """Return numbers, or one number for all, as a new array of ``shape``."""
    return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=np.float64), shape)).copy()


def indices(values: ArrayLike) -> IndexArray:
    """Return whole numbers as an array."""
    return np.ascontiguousarray(np.asarray(values, dtype=np.int64)).copy()


def teams(  # noqa: PLR0913  as many as a team has properties
    profile: ArrayLike,
    origin: ArrayLike,
    *,
    ready: ArrayLike = 0.0,
    off: ArrayLike = np.inf,
    capacity: ArrayLike | None = None,
    reload: ArrayLike = 0.0,
    roles: ArrayLike = 1,
    locked: Sequence[Sequence[int]] = (),
) -> Teams:
    """Return teams from what they have; the rest is nothing, or no limit."""
    count = len(indices(origin))
    longest = max([len(one) for one in locked], default=0)
    first = np.full((count, longest), -1, dtype=np.int64)
    for row, one in zip(first, locked, strict=False):
        row[: len(one)] = one
    carried = np.zeros((count, 0)) if capacity is None else np.asarray(capacity, dtype=np.float64)
    return Teams(
        profile=indices(profile),
        origin=indices(origin),
        ready=floats(ready, count),
        off=floats(off, count),
        capacity=floats(carried, *carried.shape),
        reload=floats(reload, count),
        roles=indices(np.broadcast_to(np.asarray(roles), count)),
        locked=first,
    )


def visits(  # noqa: PLR0913  as many as a visit has properties
    place: ArrayLike,
    service: ArrayLike,
    eligible: ArrayLike,
    *,
    stop: ArrayLike | None = None,
    party: ArrayLike | None = None,
    role: ArrayLike = 0,
    setup: ArrayLike = 0.0,
    load: ArrayLike | None = None,
    shut: ArrayLike | None = None,
) -> Visits:
    """Return visits; without ``stop`` each is a stop of its own, without ``party`` each stop."""
    places = indices(place)
    stop = np.arange(len(places)) if stop is None else stop
    able = np.ascontiguousarray(eligible, dtype=np.bool_).copy()
    carried = np.zeros((len(places), 0)) if load is None else np.asarray(load, dtype=np.float64)
    return Visits(
        place=places,
        stop=indices(stop),
        party=indices(stop if party is None else party),
        role=indices(np.broadcast_to(np.asarray(role), len(places))),
        service=floats(service, *able.shape),
        eligible=able,
        setup=floats(setup, len(places)),
        load=floats(carried, *carried.shape),
        shut=np.zeros((0, 0, 2)) if shut is None else floats(shut, *able.shape, 2),
    )


def stops(
    weight: ArrayLike,
    penalty: ArrayLike,
    *,
    release: ArrayLike = 0.0,
    due: ArrayLike = np.inf,
    late: ArrayLike = 0.0,
    latest: ArrayLike = np.inf,
) -> Stops:
    """Return stops from what they are worth."""
    count = len(np.asarray(weight))
    return Stops(
        weight=floats(weight, count),
        release=floats(release, count),
        due=floats(due, count),
        late=floats(late, count),
        latest=floats(latest, count),
        penalty=floats(penalty, count),
    )


def problem(  # noqa: PLR0913  as many as there are parts
    travel: ArrayLike,
    teams: Teams,
    visits: Visits,
    stops: Stops,
    *,
    depots: ArrayLike = (),
    fill: ArrayLike = 0.0,
    pairs: Sequence[tuple[int, int]] = (),
) -> Problem:
    """Return the whole; ``travel`` may be one matrix for all teams.

    Raises
    ------
    ValueError
        Where lengths or numbers do not fit each other.
    """
    times = np.asarray(travel, dtype=np.float64)
    times = times[None] if times.ndim == 2 else times
    made = Problem(
        travel=floats(times, *times.shape),
        depots=indices(depots),
        fill=floats(fill, len(indices(depots)), teams.capacity.shape[1]),
        teams=teams,
        visits=visits,
        stops=stops,
        pairs=indices(pairs).reshape(-1, 2),
    )
    _check(made)
    return made


def _check(made: Problem) -> None:
    stop = made.visits.stop
    if (np.diff(stop) < 0).any() or set(stop.tolist()) != set(range(len(made.stops.weight))):
        raise ValueError("visits must be numbered stop by stop, and each stop needs one")
    if (np.diff(made.visits.party) < 0).any():
        raise ValueError("visits must be numbered party by party")
    if made.travel.ndim != 3 or made.travel.shape[1] != made.travel.shape[2]:
        raise ValueError("travel times need the shape (profile, place, place)")
    places = np.concatenate([made.visits.place, made.teams.origin, made.depots])
    if places.max(initial=-1) >= made.travel.shape[1]:
        raise ValueError("a place has no travel times")
    if made.teams.capacity.shape[1] != made.visits.load.shape[1]:
        raise ValueError("loads and capacities need the same commodities")
    worth = (made.stops.weight, made.stops.penalty, made.stops.late)
    numbers = (*worth, made.visits.service, made.visits.shut, made.fill)
    if any((one < 0).any() or not np.isfinite(one).all() for one in numbers):
        raise ValueError("weights, penalties and times of service must be finite and at least 0")
    if (made.travel < 0).any() or np.isnan(made.travel).any():
        raise ValueError("travel times must be at least 0")
