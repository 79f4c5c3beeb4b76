"""Large-neighbourhood search for routes: a first plan at once, better ones until stopped."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from optimizer.algorithms.routes.columns.master import Master
from optimizer.algorithms.routes.columns.ways import ways_of, within_reach
from optimizer.algorithms.routes.problem import FloatArray, Problem, stops, teams, visits
from optimizer.algorithms.routes.problem import problem as problem_of
from optimizer.algorithms.routes.runs import Routes, Run, Schedule, Teller, begun, go
from optimizer.algorithms.routes.tables import data_of
from optimizer.algorithms.routes.turns import Turns

__all__ = ["Schedule", "prepare", "search"]

_STEPS_A_CALL = 32  # of 400 stops; of fewer more, since each takes less time
_MOST_A_CALL = 128
# Of 100 stops, one search in three stays 2-4 % above the others however long it goes on. So some
# begin, and the relaxation over their routes tells which routes fit each other: as many schedules
# are drawn from it, searched and crossed; without it, theirs are. With links, where a child would
# have to begin without its crews, the best two go on. Of many stops a beginning takes the time of
# a whole search.
_STARTS = 10
_START_STEPS = 6  # a stop
_AT_ONCE = 2
_CHILD_STEPS = 5  # a stop; as much longer again after so many children
_CHILDREN = 60
_CHILD_WARMTH = 0.02
_MOST_STOPS_AFRESH = 150
_FREE = 4  # one child in so many may give any visit to any team
_MOST_RELAXED = 600  # steps a stop for the relaxation, which takes too long where routes are long
_LEFT_OUT = (
    0.05  # of the stops in reach: where more must be, the relaxation serves them all in part
)
_LIKELY = 0.01  # of the bound: a team may take what a route has that costs so much more at most


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
    without, with several searches, and schedules drawn from the relaxation over all routes, where
    there is one, are crossed then, teams' routes of one with those of another, and searched on.
    ``improved`` hears of the first and of each better one; what is returned has the relaxation's
    bound. None where the locked visits break a limit. The path depends on the problem and the seed
    alone, not on ``threads``: as many steps give the same schedule, whatever stopped it.
    """
    data = data_of(problem)
    call = min(_MOST_A_CALL, max(_STEPS_A_CALL, _STEPS_A_CALL * 400 // max(1, len(data.stop))))
    teller = Teller(steps, stop, improved, call)
    afresh = _STARTS if start is None and len(data.stop) <= _MOST_STOPS_AFRESH else 1
    runs: list[Run] = []
    bound = None
    with Turns(_AT_ONCE if threads > 1 else 1) as turns:
        while len(runs) < afresh and (not runs or teller.goes_on):
            run = begun(problem, data, (seed, len(runs)), start)
            if run is None:
                return None
            runs.append(run)
            teller.tell(run)
            if afresh > 1 and len(runs) % _AT_ONCE == 1:  # the first alone: it is soon wanted
                go(runs[-_AT_ONCE:], teller, turns, _START_STEPS * len(data.stop))
        if afresh > 1 and not data.linked:
            bound = _breed(problem, runs, teller, turns, seed)
        runs.sort(key=lambda one: one.best)  # of equals the one begun first stays first
        go(runs[:_AT_ONCE], teller, turns, None)
    return None if teller.told is None else replace(teller.told, bound=bound)


Family = list[tuple[float, Routes]]


def _breed(
    problem: Problem, runs: list[Run], teller: Teller, turns: Turns, seed: int
) -> float | None:
    """Draw schedules from the relaxation, cross them and search on, until all must end.

    Two children are raised at a time; a child takes the place of the worst that it betters,
    unless it equals another. Where the relaxation says nothing the schedules of ``runs`` are
    crossed. Return the bound, if there is one.
    """
    if len(runs) < _STARTS:
        return None
    rng = np.random.default_rng([seed, len(runs)])
    older: Family = [(one.best, one.routes) for one in runs]
    data = narrow = runs[0].data
    master = _relaxed(problem, older, teller, turns)
    family: Family = older
    if master is not None and master.driven is not None:
        narrow, family = data._replace(service=_likely(data.service, master)), []
    drawn, children = _STARTS if family is not older else 0, 0
    while teller.goes_on:
        if children == drawn:
            family = (family + older)[:_STARTS]
        raised = []
        for index in range(children, children + _AT_ONCE):
            if master is not None and index < drawn:
                routes = master.drawn(rng)
            else:
                one, other = rng.choice(len(family), 2, replace=False).tolist()
                routes = _crossed(family[one][1], family[other][1], rng)
            free = index % _FREE == _FREE - 1
            child = begun(problem, data if free else narrow, (seed, len(runs) + index), routes)
            assert child is not None, "its parents keep the locked visits"
            steps = _CHILD_STEPS * len(data.stop) * (1 + children // _CHILDREN)
            child.numbers[[3, 5]] = _CHILD_WARMTH, steps
            raised.append(child)
        children += _AT_ONCE
        go(raised, teller, turns, steps)
        for child in raised:
            _join(family, child)
    return None if master is None or master.driven is None else master.bound


def _relaxed(problem: Problem, family: Family, teller: Teller, turns: Turns) -> Master | None:
    """Return the relaxation, begun with the routes of ``family``; None where it says too little."""
    ways = ways_of(problem)
    if ways is None:
        return None
    held = (problem.teams.locked >= 0).sum(axis=1).tolist()
    served = sum(map(len, min(family)[1])) - sum(held)
    if served < (1.0 - _LEFT_OUT) * len(within_reach(ways)):
        return None
    until = teller.spent + _MOST_RELAXED * len(problem.stops.weight)

    def spend(steps: int) -> bool:
        return teller.spend(steps) and teller.spent < until

    master = Master(problem, ways, turns, spend)
    master.add(
        (team, route[held[team] :]) for _, routes in family for team, route in enumerate(routes)
    )
    master.relax()
    return master


def _likely(service: FloatArray, master: Master) -> FloatArray:
    """Return the times of service, infinite where no good route gives the visit to the team."""
    likely = np.zeros(service.shape, dtype=np.bool_)
    for team, route in master.within(_LIKELY * master.bound):
        likely[team, list(route)] = True
    likely[:, ~likely.any(axis=0)] = True  # locked, or best left out
    return np.where(likely, service, np.inf)


def _join(family: Family, child: Run) -> None:
    """Take a child in unless it equals another; in a full family, for the worst that it betters."""
    values = [value for value, _ in family]
    if min((abs(child.best - value) for value in values), default=np.inf) <= 1e-9 * child.best:
        return
    if len(family) < _STARTS:
        family.append((child.best, child.routes))
        return
    worst = int(np.argmax(values))
    if child.best < values[worst]:
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
    ways = ways_of(alone)
    assert ways is not None, "one visit, and nobody to wait for"
    with Turns(1) as turns:
        Master(alone, ways, turns, lambda _: True).relax()
