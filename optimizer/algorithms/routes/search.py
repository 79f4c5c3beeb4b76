"""Large-neighbourhood search for routes: a first plan at once, better ones until stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.routes.inserting import able, drop, put
from optimizer.algorithms.routes.moves import improve, step
from optimizer.algorithms.routes.problem import (
    FloatArray,
    Problem,
    stops,
    teams,
    visits,
)
from optimizer.algorithms.routes.problem import problem as problem_of
from optimizer.algorithms.routes.state import Data, Draft, RngState, State
from optimizer.algorithms.routes.tables import data_of, draft_of, state_of
from optimizer.algorithms.routes.times import propagate, refresh, settle
from optimizer.algorithms.routes.turns import Turns

_WARMTH = 0.05
_FIRST_CYCLE = 25.0  # steps a stop
_STEPS_A_CALL = 32  # of 400 stops; of fewer more, since each takes less time
_MOST_A_CALL = 128
# Of 100 stops, one search in three stays 2-4 % above the others however long it goes on. So some
# begin, and their schedules are crossed; with links, where a child would have to begin without its
# crews, the best two go on. Of many stops a beginning takes the time of a whole search.
_STARTS = 10
_START_STEPS = 12  # a stop
_AT_ONCE = 2
_CHILD_STEPS = 5  # a stop; as much longer again after so many children
_CHILDREN = 60
_CHILD_WARMTH = 0.02
_MOST_STOPS_AFRESH = 150


Routes = tuple[tuple[int, ...], ...]  # visits of each team


@dataclass(frozen=True)
class Schedule:
    """Who visits what, in which order and when; visits in no route have no times.

    ``objective`` counts weighted completion, lateness and the penalties of stops left out.
    """

    routes: Routes
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
    without, with several searches whose schedules are crossed then, teams' routes of one with
    those of another, and searched on. ``improved`` hears of the first and of each better one. None
    where the locked visits break a limit. The path depends on the problem and the seed alone, not
    on ``threads``: the same number of steps gives the same schedule, whatever stopped it.
    """
    data = data_of(problem)
    call = min(_MOST_A_CALL, max(_STEPS_A_CALL, _STEPS_A_CALL * 400 // max(1, len(data.stop))))
    teller = _Teller(steps, stop, improved, call)
    afresh = _STARTS if start is None and len(data.stop) <= _MOST_STOPS_AFRESH else 1
    runs: list[_Run] = []
    with Turns(_AT_ONCE if threads > 1 else 1) as turns:
        while len(runs) < afresh and (not runs or teller.goes_on):
            run = _begun(problem, data, (seed, len(runs)), start)
            if run is None:
                return None
            runs.append(run)
            teller.tell(run)
            if afresh > 1 and len(runs) % _AT_ONCE == 1:  # the first alone: it is soon wanted
                _go(runs[-_AT_ONCE:], data, teller, turns, _START_STEPS * len(data.stop))
        if afresh > 1 and not data.linked:
            _cross(problem, (data, runs), teller, turns, seed)
        runs.sort(key=lambda one: one.best)  # of equals the one begun first stays first
        _go(runs[:_AT_ONCE], data, teller, turns, None)
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

    @property
    def routes(self) -> Routes:
        return _routes(self.states[2])


@dataclass
class _Teller:
    """Hears of better schedules over all runs, and counts their steps."""

    steps: int | None
    stop: Callable[[], bool]
    improved: Callable[[Schedule], None]
    call: int
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
        count = min(self.call, most)
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
    (seed, number), draft = seeds, draft_of(problem)
    work, kept, best = (state_of(problem) for _ in range(3))
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
        left = teller.call if most is None else most - taken
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


def _cross(
    problem: Problem, begun: tuple[Data, list[_Run]], teller: _Teller, turns: Turns, seed: int
) -> None:
    """Cross the schedules of ``runs`` and search on, until all must end.

    Two children are raised at a time; a child takes the place of the worst that it betters,
    unless it equals another.
    """
    data, runs = begun
    rng = np.random.default_rng([seed, len(runs)])
    family = [(one.best, one.routes) for one in runs]
    children = 0
    while teller.goes_on and len(family) > 1:
        raised = []
        for _ in range(_AT_ONCE):
            parents = rng.choice(len(family), 2, replace=False).tolist()
            routes = _crossed(family[parents[0]][1], family[parents[1]][1], rng)
            number = len(runs) + children
            child = _begun(problem, data, (seed, number), routes)
            assert child is not None, "its parents keep the locked visits"
            steps = _CHILD_STEPS * len(data.stop) * (1 + children // _CHILDREN)
            child.numbers[[3, 5]] = _CHILD_WARMTH, steps
            raised.append(child)
            children += 1
        _go(raised, data, teller, turns, steps)
        for child in raised:
            values = [value for value, _ in family]
            worst = int(np.argmax(values))
            alike = 1e-9 * abs(child.best)
            if child.best < values[worst] and min(abs(child.best - v) for v in values) > alike:
                family[worst] = child.best, child.routes


def _crossed(one: Routes, other: Routes, rng: np.random.Generator) -> Routes:
    """Return some teams' routes of ``one``, the rest of ``other`` without what is visited then."""
    kept = rng.random(len(one)) < 0.5
    visited = {visit for route, keep in zip(one, kept, strict=True) if keep for visit in route}
    return tuple(
        mine if keep else tuple(visit for visit in theirs if visit not in visited)
        for mine, theirs, keep in zip(one, other, kept, strict=True)
    )


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


def _routes(state: State) -> Routes:
    sizes = state.line["size"].tolist()
    return tuple(tuple(row[:size].tolist()) for row, size in zip(state.route, sizes, strict=True))


def _schedule(state: State, objective: float, steps: int) -> Schedule:
    out = state.call["team"] < 0
    return Schedule(
        routes=_routes(state),
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
