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
from optimizer.algorithms.routes.turns import Turns

_NEIGHBOURS = 100
_WARMTH = 0.05
_FIRST_CYCLE = 20.0  # steps a stop
_STEPS_A_CALL = 32
# Of 100 stops, one search in three stays 2-4 % above the others however long it goes on. So some
# begin, and the best two go on; of many stops a beginning takes the time of a whole search.
_STARTS = 4
_START_STEPS = 25  # a stop
_GO_ON = 2
_MOST_STOPS_AFRESH = 150


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


def search(  # noqa: PLR0913 - what a caller may want to know or to stop
    problem: Problem,
    *,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
    steps: int | None,
    stop: Callable[[], bool],
    improved: Callable[[Schedule], None],
    threads: int = 1,
) -> Schedule | None:
    """Return the best schedule found within ``steps``, or until ``stop``.

    It begins with the routes of ``start``, as far as they keep the limits one team after another;
    without, with several searches, the best two of which go on side by side. ``improved`` hears of
    the first and of each better one. None where the locked visits break a limit. The path depends
    on the problem and the seed alone, not on ``threads``: the same number of steps gives the same
    schedule, whatever stopped it.
    """
    data = _data(problem)
    teller = _Teller(steps, stop, improved)
    afresh = _STARTS if start is None and len(data.stop) <= _MOST_STOPS_AFRESH else 1
    runs: list[_Run] = []
    with Turns(_GO_ON if threads > 1 else 1) as turns:
        while len(runs) < afresh and (not runs or teller.goes_on):
            run = _begun(problem, data, (seed, len(runs)), start)
            if run is None:
                return None
            runs.append(run)
            teller.tell(run)
            if afresh > 1 and len(runs) % _GO_ON == 0:
                _go(runs[-_GO_ON:], data, teller, turns, _START_STEPS * len(data.stop))
        runs.sort(key=lambda one: one.best)  # of equals the one begun first stays first
        _go(runs[:_GO_ON], data, teller, turns, None)
    return teller.told


@dataclass(frozen=True)
class _Run:
    """One search: the routes worked on, the accepted and the best, and what goes on."""

    states: tuple[State, State, State]
    rng: RngState
    numbers: FloatArray  # as `improve` has them
    draft: Draft

    @property
    def best(self) -> float:
        return float(self.numbers[2])


@dataclass
class _Teller:
    """Hears of better schedules over all runs, and counts their steps."""

    steps: int | None
    stop: Callable[[], bool]
    improved: Callable[[Schedule], None]
    spent: int = 0
    stopped: bool = False
    told: Schedule | None = None

    @property
    def ended(self) -> bool:
        self.stopped = self.stopped or self.stop()
        return self.stopped

    @property
    def goes_on(self) -> bool:
        return not self.ended and (self.steps is None or self.spent < self.steps)

    def granted(self, most: int) -> int:
        """Return how many steps a search takes before anybody asks again, and count them."""
        count = min(_STEPS_A_CALL, most)
        if self.steps is not None:
            count = min(count, self.steps - self.spent)
        self.spent += count
        return count

    def tell(self, run: _Run) -> None:
        if self.told is None or run.best < self.told.objective:
            self.told = _schedule(run.states[2], run.best, self.spent)
            self.improved(self.told)


def _begun(
    problem: Problem,
    data: Data,
    seeds: tuple[int, int],
    start: Sequence[Sequence[int]] | None,
) -> _Run | None:
    """Return a search with its first routes; None where the locked visits break a limit."""
    (seed, number), draft = seeds, _draft(problem)
    work, kept, best = (_state(problem) for _ in range(3))
    if not _lock(problem, data, work, draft):
        return None
    if start is not None:
        _begin(problem, data, work, draft, start)
    mixed = np.uint64(seed) * np.uint64(2) + np.uint64(0x9E3779B97F4A7C15)
    rng: RngState = np.array([mixed ^ np.uint64(number << 40)])
    first = step(data, work, draft, rng, True)
    for state in (kept, best):
        for source, target in zip(work, state, strict=True):
            target[...] = source
    numbers = np.array([0.0, first, first, _WARMTH, 0.0, _FIRST_CYCLE * len(data.stop)])
    return _Run((work, kept, best), rng, numbers, draft)


def _go(runs: list[_Run], data: Data, teller: _Teller, turns: Turns, most: int | None) -> None:
    """Go on with searches, in turns, until each has taken ``most`` steps or all must end.

    They hear nothing of each other, so a turn may be taken by all of them at once.
    """
    taken = 0
    while teller.goes_on and (most is None or taken < most):
        left = _STEPS_A_CALL if most is None else most - taken
        counts = [teller.granted(left) for _ in runs]
        taken += counts[0]
        others = [
            turns.take(improve, data, run.states, run.draft, run.rng, run.numbers, count)
            for run, count in zip(runs[1:], counts[1:], strict=True)
        ]
        run = runs[0]
        improve(data, run.states, run.draft, run.rng, run.numbers, counts[0])
        teller.tell(run)
        for run, turn in zip(runs[1:], others, strict=True):
            turn()
            if not teller.ended:
                teller.tell(run)


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
