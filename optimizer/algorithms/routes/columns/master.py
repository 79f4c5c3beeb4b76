r"""Routes as columns: the relaxation that no schedule beats, by column generation.

.. math::

    \min \sum_r c_r x_r + \sum_j \pi_j y_j
    \quad \sum_{r \ni j} x_r + y_j \ge 1, \quad \sum_{r \in R_k} x_r \le 1, \quad x, y \ge 0

Routes of weighted completion are few visits long, so this is within a percent of the best whole
schedule where teams' skills and deadlines bind. Each round adds the routes that the duals say are
worth more than they cost, priced at duals between the last and the best so far (Wentges, P. (1997),
International Transactions in Operational Research 4(2), doi:10.1111/j.1475-3995.1997.tb00071.x).
For any duals :math:`u`, :math:`\sum u_j + \sum_k \min(0, \min_r c_r - u(r))` is a bound.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from models.run import RunLimits, Status
from optimizer.algorithms.routes.columns.pricing import Room, priced, room
from optimizer.algorithms.routes.columns.ways import Ways, cost_of
from optimizer.algorithms.routes.problem import FloatArray, Problem
from optimizer.algorithms.routes.turns import Turns
from optimizer.backends.highs.session import LpSession
from optimizer.control import RunControl
from optimizer.linear import Builder, LinearProgram

Route = tuple[int, ...]
Duals = tuple[FloatArray, FloatArray]  # of visits, of teams

_KEPT = 20  # labels at each visit, at first
_MORE_KEPT = 5  # times as many where nothing is found
_MOST_KEPT = 500
_ADDED = 15  # routes a team and round
_DAMPED = 0.5  # share of the best duals so far
_CLOSE = 1e-3  # of the bound and the program
_WORK_A_STEP = 4_000.0  # passes of the innermost loop that take as long as a step of the search
_STEPS_A_ROW = 3  # the same, of a solve of the program
_NONE = -1e-6  # a route that costs less than this is worth it
_ROUNDING = 1e-9  # of the bound, far above what sums lose
_FOREVER_S = 604_800.0


class Master:
    """The linear program over the routes so far, each a team and its visits after the locked.

    ``bound`` is the best proven one. ``spend`` hears of each piece of work, in steps of the
    search, and says whether to go on.
    """

    def __init__(
        self, problem: Problem, ways: Sequence[Ways], turns: Turns, spend: Callable[[int], bool]
    ) -> None:
        """Begin without routes."""
        self.routes: list[tuple[int, Route]] = []
        self.bound = -np.inf
        self._ended = False
        self._best: Duals | None = None  # of the bound
        self.driven: FloatArray | None = None
        self._ways, self._turns, self._spend = ways, turns, spend
        self._count = len(problem.visits.stop)
        self._known: set[tuple[int, Route]] = set()
        own = max((len(one.visit) for one in ways), default=0)
        self._rooms = [room(max(1, own), _MOST_KEPT) for _ in range(2)]
        self._before = sum(one.before for one in ways)
        limits = RunLimits(time_limit_s=_FOREVER_S)
        self._control = RunControl(limits)
        self._session = LpSession(_program(problem, self._before), limits)
        self._session.share()

    def add(self, routes: Iterable[tuple[int, Route]]) -> int:
        """Add routes; return how many of them are new."""
        new = [one for one in dict.fromkeys(routes) if one[1] and one not in self._known]
        if not new:
            return 0
        self._known.update(new)
        self.routes.extend(new)
        rows = [row for team, route in new for row in (*route, self._count + team)]
        sizes = [len(route) + 1 for _, route in new]
        matrix = csc_array(
            (np.ones(len(rows)), rows, np.concatenate([[0], np.cumsum(sizes)])),
            shape=(self._count + len(self._ways), len(new)),
        )
        costs = np.array([cost_of(self._ways[team], route) for team, route in new])
        self._session.add_columns(costs, csr_array(matrix), 0.0, np.inf)
        return len(new)

    def drawn(self, rng: np.random.Generator) -> tuple[Route, ...]:
        """Return a route for each team at most, each visit in one: as often as it is driven.

        Where drawn routes have a visit in common the one that is driven more keeps it.
        """
        driven = self.driven
        assert driven is not None, "the relaxation has not ended"
        chance, drawn = rng.random(len(self._ways)), dict[int, int]()
        for index in np.flatnonzero(driven > 0.0).tolist():
            team = self.routes[index][0]
            if 0.0 <= chance[team] < driven[index]:
                drawn[team] = index
            chance[team] -= driven[index]
        routes: list[Route] = [()] * len(self._ways)
        visited: set[int] = set()
        for team, index in sorted(drawn.items(), key=lambda one: -driven[one[1]]):
            routes[team] = tuple(one for one in self.routes[index][1] if one not in visited)
            visited.update(routes[team])
        return tuple(routes)

    def within(self, more: float) -> list[tuple[int, Route]]:
        """Return the routes whose reduced cost in the relaxation is no more than this."""
        costs = self._session.reduced_cost[self._count :]
        return [self.routes[index] for index in np.flatnonzero(costs <= more).tolist()]

    def relax(self) -> None:
        """Add routes until none is worth more than it costs, and set ``driven``.

        It stays None where the search must end. Where no route is found any more though some may
        have been overlooked, it ends as well: ``bound`` holds all the same.
        """
        keep = _KEPT
        driven = self._solve()
        while driven is not None:
            objective = self._session.objective
            added, whole = self._round(keep)
            if added or self._ended:
                driven = self._solve()
            if objective - self.bound <= _CLOSE * abs(objective):
                break
            if not added:
                if whole or keep >= _MOST_KEPT:
                    break
                keep = min(_MOST_KEPT, keep * _MORE_KEPT)
        self.driven = driven

    def _round(self, keep: int) -> tuple[int, bool]:
        """Add routes; return how many, and whether none was overlooked where there are none."""
        mine, best = self._duals(), self._best
        added, whole = 0, False
        for duals in (mine,) if best is None else (_between(mine, best), mine):
            added, bound, whole = self._priced(duals, keep)
            if bound > self.bound:
                self.bound, self._best = bound, duals
            if added or self._ended:
                break
        return added, whole

    def _solve(self) -> FloatArray | None:
        """Return how much of each route is driven; None where the search must end."""
        if not self._ended:
            status = self._session.solve(self._control)
            self._ended = status is not Status.OPTIMAL or not self._spend(
                _STEPS_A_ROW * (self._count + len(self._ways))
            )
        return None if self._ended else self._session.primal[self._count :]

    def _duals(self) -> Duals:
        dual = self._session.dual
        return np.maximum(dual[: self._count], 0.0), np.minimum(dual[self._count :], 0.0)

    def _priced(self, duals: Duals, keep: int) -> tuple[int, float, bool]:
        """Price all teams; return how many routes are new, a bound, whether none was overlooked."""
        worth, rents = duals
        bound, whole = self._before + float(worth.sum()), True
        found: list[tuple[int, Route]] = []
        for begin in range(0, len(self._ways), len(self._rooms)):
            teams = range(begin, min(len(self._ways), begin + len(self._rooms)))
            ends = [
                self._turns.take(priced, self._ways[k], worth, rents[k] + _NONE, keep, one)
                for k, one in zip(teams[1:], self._rooms[1:], strict=False)
            ]
            priced(self._ways[begin], worth, rents[begin] + _NONE, keep, self._rooms[0])
            for end in ends:
                end()
            work = 0.0
            for k, one in zip(teams, self._rooms, strict=False):
                _, all_of_them, least, relaxed, took = one.found.tolist()
                proven = max(relaxed, min(least, rents[k] + _NONE)) if all_of_them else relaxed
                bound += min(0.0, proven)
                whole = whole and bool(all_of_them)
                found.extend((k, route) for route in _best(one, self._ways[k]))
                work += took
            if not self._spend(1 + int(work / _WORK_A_STEP)):
                self._ended = True
                return 0, 0.0, False
        return self.add(found), bound - _ROUNDING * abs(bound), whole


def _between(mine: Duals, best: Duals) -> Duals:
    """Return duals between those of the last solve and those of the best bound."""
    worth, rents = (
        _DAMPED * old + (1.0 - _DAMPED) * new for old, new in zip(best, mine, strict=True)
    )
    return worth, rents


def _best(found: Room, ways: Ways) -> list[Route]:
    """Return the routes that are most worth it."""
    table = found.label[: int(found.found[0])]
    routes = []
    for label in np.argsort(table["cost"], kind="stable")[:_ADDED].tolist():
        route, at = [], label
        while at >= 0:
            route.append(int(ways.visit[table[at]["at"]]))
            at = int(table[at]["before"])
        routes.append(tuple(reversed(route)))
    return routes


def _program(problem: Problem, before: float) -> LinearProgram:
    """Return the program without routes: every visit, unless locked, is left out."""
    visits, teams = len(problem.visits.stop), len(problem.teams.origin)
    locked = np.zeros(visits, dtype=np.bool_)
    locked[problem.teams.locked[problem.teams.locked >= 0]] = True
    builder = Builder("min")
    builder.add_columns("left_out", problem.stops.penalty, integer=False)
    builder.add_rows(
        "visit",
        {"left_out": csr_array(np.eye(visits))},
        lower=np.where(locked, 0.0, 1.0),
        upper=np.inf,
    )
    builder.add_rows("team", {"left_out": csr_array((teams, visits))}, lower=-np.inf, upper=1.0)
    program = builder.build()
    return replace(program, offset=before)
