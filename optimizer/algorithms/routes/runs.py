"""Single searches for routes: how one begins, goes on and is heard of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.routes.inserting import able, drop, put
from optimizer.algorithms.routes.moves import improve, step
from optimizer.algorithms.routes.problem import FloatArray, Problem
from optimizer.algorithms.routes.state import Data, Draft, RngState, State
from optimizer.algorithms.routes.tables import draft_of, state_of
from optimizer.algorithms.routes.times import propagate, refresh, settle
from optimizer.algorithms.routes.turns import Turns

_WARMTH = 0.05
_FIRST_CYCLE = 25.0  # steps a stop

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
    bound: float | None = None  # no schedule is better; None where nothing is proven


@dataclass(frozen=True)
class Run:
    """One search: the routes worked on, the accepted and the best, and what goes on."""

    data: Data
    states: tuple[State, State, State]
    rng: RngState
    numbers: FloatArray  # as `improve` has them
    draft: Draft

    @property
    def best(self) -> float:
        """What the best routes cost."""
        return float(self.numbers[2])

    @property
    def routes(self) -> Routes:
        """The best routes."""
        return _routes(self.states[2])


@dataclass
class Teller:
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
        """Whether the caller wants no more; once so, always."""
        self.stopped = self.stopped or self.stop()
        return self.stopped

    @property
    def goes_on(self) -> bool:
        """Whether there is more work to be done."""
        return not self.ended and (self.steps is None or self.spent < self.steps)

    def granted(self, most: int) -> int:
        """Return how many steps a search takes before anybody asks again, and count them."""
        count = min(self.call, most)
        if self.steps is not None:
            count = min(count, self.steps - self.spent)
        self.spent += count
        return count

    def spend(self, steps: int) -> bool:
        """Count work of another kind, in steps, and return whether to go on."""
        self.spent += steps
        return self.goes_on

    def tell(self, run: Run) -> None:
        """Tell of the best routes of ``run`` if they are the best of all."""
        if self.told is None or run.best < self.told.objective:
            self.told = _schedule(run.states[2], run.best, self.spent)
            self.improved(self.told)


def begun(
    problem: Problem,
    data: Data,
    seeds: tuple[int, int],
    start: Sequence[Sequence[int]] | None,
) -> Run | None:
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
    return Run(data, (work, kept, best), rng, numbers, draft)


def go(runs: list[Run], teller: Teller, turns: Turns, most: int | None) -> None:
    """Go on with searches, in turns, until each has taken ``most`` steps or all must end.

    They hear nothing of each other, so a turn may be taken by all of them at once.
    """
    taken = 0
    while teller.goes_on and (most is None or taken < most):
        left = teller.call if most is None else most - taken
        counts = [teller.granted(left) for _ in runs]
        taken += counts[0]
        others = [
            turns.take(improve, run.data, run.states, run.draft, run.rng, run.numbers, count)
            for run, count in zip(runs[1:], counts[1:], strict=True)
        ]
        run = runs[0]
        improve(run.data, run.states, run.draft, run.rng, run.numbers, counts[0])
        teller.tell(run)
        for run, turn in zip(runs[1:], others, strict=True):
            turn()
            if not teller.ended:
                teller.tell(run)


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
