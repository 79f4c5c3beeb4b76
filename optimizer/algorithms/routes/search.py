"""Large-neighbourhood search for routes: a first plan at once, better ones until stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.routes.moves import able, drop, improve, put, step
from optimizer.algorithms.routes.problem import (
    FloatArray,
    IndexArray,
    Problem,
    stops,
    teams,
    visits,
)
from optimizer.algorithms.routes.problem import problem as problem_of
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
    RngState,
    State,
    Table,
)
from optimizer.algorithms.routes.times import propagate, refresh, settle

_NEIGHBOURS = 100
_WARMTH = 0.05
_FIRST_CYCLE = 20.0  # steps a stop
_STEPS_A_CALL = 32


@dataclass(frozen=True)
class Schedule:
    """Who visits what, in which order and when; visits in no route have no times.

    ``objective`` counts weighted completion, lateness and the penalties of stops left out.
    """

    routes: tuple[tuple[int, ...], ...]  # visits of each team
    start: FloatArray  # (visit,) NaN where not visited
    finish: FloatArray  # (visit,)
    objective: float
    steps: int  # of the search, when it was found


def search(
    problem: Problem,
    *,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
    steps: int | None,
    stop: Callable[[], bool],
    improved: Callable[[Schedule], None],
) -> Schedule | None:
    """Return the best schedule found within ``steps``, or until ``stop``.

    It begins with the routes of ``start``, as far as they keep the limits one team after another.
    ``improved`` hears of the first and of each better one. None where the locked visits break a
    limit. The path depends on the problem and the seed alone: the same number of steps gives the
    same schedule, whatever stopped it.
    """
    data, draft = _data(problem), _draft(problem)
    work, kept, best = (_state(problem) for _ in range(3))
    if not _lock(problem, data, work, draft):
        return None
    if start is not None:
        _begin(problem, data, work, draft, start)
    rng: RngState = np.array([np.uint64(seed) * np.uint64(2) + np.uint64(0x9E3779B97F4A7C15)])
    first = step(data, work, draft, rng, True)
    for state in (kept, best):
        for source, target in zip(work, state, strict=True):
            target[...] = source
    run = np.array([0.0, first, first, _WARMTH, 0.0, _FIRST_CYCLE * len(data.stop)])
    told = _schedule(best, first, 0)
    improved(told)
    while not stop() and (steps is None or run[0] < steps):
        count = _STEPS_A_CALL if steps is None else min(_STEPS_A_CALL, steps - int(run[0]))
        improve(data, (work, kept, best), draft, rng, run, count)
        if run[2] < told.objective:
            told = _schedule(best, float(run[2]), int(run[0]))
            improved(told)
    return told


def prepare() -> None:
    """Compile the search: seconds the first time on a machine, nothing afterwards.

    Who has a deadline calls it before the clock begins.
    """
    alone = problem_of(
        np.zeros((2, 2)),
        teams([0], [0]),
        visits([1], [[1.0]], [[True]]),
        stops([1.0], [1.0]),
    )
    search(alone, seed=0, steps=1, stop=lambda: False, improved=lambda _: None)


def _schedule(state: State, objective: float, steps: int) -> Schedule:
    routes = tuple(
        tuple(row[:size].tolist())
        for row, size in zip(state.route, state.line["size"], strict=True)
    )
    out = state.call["team"] < 0
    return Schedule(
        routes=routes,
        start=np.where(out, np.nan, state.call["start"]),
        finish=np.where(out, np.nan, state.call["finish"]),
        objective=objective,
        steps=steps,
    )


def _lock(problem: Problem, data: Data, state: State, draft: Draft) -> bool:
    """Set the locked beginnings of the routes; False where they break a limit or block."""
    kept = True
    for team, row in enumerate(problem.teams.locked):
        for at, visit in enumerate(row[row >= 0].tolist()):
            put(state, team, at, visit)
        state.line[team]["held"] = state.line[team]["size"]
        kept = settle(data, state, draft, team) and kept
    if data.linked and kept:
        kept = bool(np.isfinite(propagate(data, state, draft)))
        if kept:
            refresh(data, state, draft)
    return kept


def _begin(
    problem: Problem, data: Data, state: State, draft: Draft, start: Sequence[Sequence[int]]
) -> None:
    """Put the visits of ``start`` behind the locked ones where each keeps every limit.

    A stop of several visits is put in whole or not at all, so it is left to the search.
    """
    visits = problem.visits
    alone = np.bincount(visits.stop)[visits.stop] == 1
    waits = set(problem.pairs[:, 1].tolist())
    for team, route in enumerate(start):
        for visit in route:
            free = state.call[visit]["team"] < 0 and alone[visit]
            if not free or visits.stop[visit] in waits:
                continue
            if not able(data.service, data.team, data.visit, state.call, team, visit):
                continue
            at = int(state.line[team]["size"])
            put(state, team, at, visit)
            if not settle(data, state, draft, team):
                drop(state, team, at)
                settle(data, state, draft, team)
    if data.linked:
        refresh(data, state, draft)


def _data(problem: Problem) -> Data:
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
        travel=problem.travel,
        service=service,
        load=problem.visits.load,
        capacity=problem.teams.capacity,
        depots=problem.depots,
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


def _draft(problem: Problem) -> Draft:
    stops = len(problem.stops.weight)
    return Draft(
        stock=np.zeros(problem.teams.capacity.shape),
        team=np.zeros(len(problem.teams.origin), dtype=TEAM_DRAFT),
        stop=np.zeros(stops, dtype=STOP_DRAFT),
        arrival=np.zeros(len(problem.visits.stop)),
        pool=np.zeros(stops, dtype=np.int64),
    )


def _state(problem: Problem) -> State:
    teams, visits = len(problem.teams.origin), len(problem.visits.stop)
    call = np.zeros(visits, dtype=CALL)
    call["team"] = -1
    return State(
        route=np.zeros((teams, visits), dtype=np.int64),
        line=np.zeros(teams, dtype=LINE),
        call=call,
        total=np.zeros(1),
    )
