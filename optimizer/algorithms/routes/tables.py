"""A problem as the tables that the kernels read and write."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.routes.problem import FloatArray, IndexArray, Problem
from optimizer.algorithms.routes.state import (
    CALL,
    LINE,
    STOP,
    STOP_DRAFT,
    TEAM,
    TEAM_DRAFT,
    VISIT,
    Data,
    Draft,
    State,
    Table,
)

_NEIGHBOURS = 100
_SHARED = 20  # teams that share out visits at once


def data_of(problem: Problem) -> Data:
    """Return the problem as the kernels read it."""
    stop, worth = problem.visits.stop, problem.stops
    count = len(worth.weight)
    before, earlier = _lists(problem.pairs[:, 1], problem.pairs[:, 0], count)
    after, later = _lists(problem.pairs[:, 0], problem.pairs[:, 1], count)
    first = np.searchsorted(stop, np.arange(count + 1))
    share = 1.0 / np.diff(first)[stop]
    service = np.where(problem.visits.eligible, problem.visits.service, np.inf)
    fixed = np.zeros(count, dtype=np.bool_)
    fixed[stop[problem.teams.locked[problem.teams.locked >= 0]]] = True
    quickest = np.clip(service.min(axis=0), 1.0, 1e9)[first[:-1]]
    return Data(
        linked=problem.linked,
        nights=problem.visits.shut.size > 0,
        travel=problem.travel,
        towards=np.ascontiguousarray(problem.travel.transpose(0, 2, 1)),
        service=service,
        load=problem.visits.load,
        capacity=problem.teams.capacity,
        depots=problem.depots,
        fill=problem.fill,
        shut=problem.visits.shut,
        team=table(TEAM, len(problem.teams.origin), problem.teams._asdict()),
        visit=table(
            VISIT,
            len(stop),
            {
                **{name: getattr(problem.visits, name) for name in ("place", "stop", "setup")},
                **{name: getattr(worth, name)[stop] for name in ("release", "due", "latest")},
                **{name: getattr(worth, name)[stop] * share for name in ("weight", "late")},
                "leg": shortest_legs(problem),
                "party": np.searchsorted(problem.visits.party, problem.visits.party, "left"),
                "party_end": np.searchsorted(problem.visits.party, problem.visits.party, "right"),
                "role": problem.visits.role,
            },
        ),
        stop=table(
            STOP,
            count,
            {
                "first": first[:-1],
                "end": first[1:],
                "penalty": worth.penalty,
                "before": before[:-1],
                "before_end": before[1:],
                "after": after[:-1],
                "after_end": after[1:],
                "depth": _depth(problem),
                "fixed": fixed,
                "bound": (np.diff(first) > 1) | np.isin(np.arange(count), problem.pairs),
                "urgency": worth.weight / quickest,
                "choices": problem.visits.eligible.sum(axis=0)[first[:-1]],
            },
        ),
        earlier=earlier,
        later=later,
        near=_near(problem),
    )


def table(dtype: np.dtype[np.void], count: int, columns: Mapping[str, NDArray[Any]]) -> Table:
    """Return ``count`` records with each field from the column of its name."""
    made = np.zeros(count, dtype=dtype)
    for name in dtype.names or ():
        made[name] = columns[name]
    return made


def _lists(key: IndexArray, value: IndexArray, count: int) -> tuple[IndexArray, IndexArray]:
    """Return where each key's list begins, and all lists end to end."""
    order = np.argsort(key, kind="stable")
    begins = np.searchsorted(key[order], np.arange(count + 1))
    return begins.astype(np.int64), np.ascontiguousarray(value[order])


def _depth(problem: Problem) -> IndexArray:
    """Return the length of the longest chain of stops before each.

    Raises
    ------
    ValueError
        Where stops wait for each other in a circle.
    """
    depth = np.zeros(len(problem.stops.weight), dtype=np.int64)
    for _ in range(len(depth) + 1):
        deeper = depth.copy()
        np.maximum.at(deeper, problem.pairs[:, 1], depth[problem.pairs[:, 0]] + 1)
        if (deeper == depth).all():
            return depth
        depth = deeper
    raise ValueError("stops wait for each other in a circle")


def shortest_legs(problem: Problem) -> FloatArray:
    """Return the least time to travel to each visit; 0 where the team stays."""
    place = problem.visits.place
    used = np.concatenate([place[place >= 0], problem.teams.origin, problem.depots])
    sources, counts = np.unique(used, return_counts=True)
    times = problem.travel.min(axis=0)
    times[sources[counts == 1], sources[counts == 1]] = np.inf
    return np.where(place < 0, 0.0, times[sources].min(axis=0)[place])


def _near(problem: Problem) -> IndexArray:
    """Return each visit's neighbours by the shorter way of the two, over all profiles."""
    place = problem.visits.place
    shortest = problem.travel.min(axis=0)
    between = shortest[np.ix_(place, place)]
    between = np.minimum(between, between.T)
    away = (place < 0)[:, None] | (place < 0)[None, :]
    between = np.where(away, between.max(initial=0.0), between)
    np.fill_diagonal(between, -1.0)
    order = np.argsort(between, axis=1, kind="stable")[:, :_NEIGHBOURS]
    return np.ascontiguousarray(order.astype(np.int64))


def draft_of(problem: Problem) -> Draft:
    """Return room to work in."""
    stops = len(problem.stops.weight)
    return Draft(
        stock=np.zeros(problem.teams.capacity.shape),
        team=np.zeros(len(problem.teams.origin), dtype=TEAM_DRAFT),
        stop=np.zeros(stops, dtype=STOP_DRAFT),
        arrival=np.zeros(len(problem.visits.stop)),
        pool=np.zeros(stops, dtype=np.int64),
        cost=np.zeros((_SHARED, _SHARED)),
        spot=np.zeros((_SHARED, _SHARED), dtype=np.int64),
        out=np.zeros(_SHARED),
        column=np.zeros(_SHARED, dtype=np.int64),
        order=np.zeros(len(problem.teams.origin), dtype=np.int64),
    )


def state_of(problem: Problem) -> State:
    """Return routes without a visit."""
    teams, visits = len(problem.teams.origin), len(problem.visits.stop)
    call = np.zeros(visits, dtype=CALL)
    call["team"] = -1
    return State(
        route=np.zeros((teams, visits), dtype=np.int64),
        line=np.zeros(teams, dtype=LINE),
        call=call,
        total=np.zeros(1),
    )
