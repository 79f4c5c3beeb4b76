r"""A lower bound for routes: every team a machine that may change its work at any moment.

A visit takes its team at least ``p = shortest way there + service``. Let :math:`x_{jks}` be the
time that team ``k`` spends on visit ``j`` within time slot ``s``, from :math:`\tau_s` on, and
:math:`y` whether a stop is left out. The interval of length ``p`` that ends with a visit is no
earlier than its mean busy time says, :math:`C_j \ge \sum x_{jks} \tau_s / p_{jk} + p_{jk} / 2`,
so with a crew's weight shared out among its visits

.. math::

    \min \sum w_j \sum x_{jks} (\tau_s / p_{jk} + 1 / 2) + \sum \pi y
    \quad \sum_{ks} x_{jks} / p_{jk} + y \ge 1, \quad \sum_j x_{jks} \le |s|

is below every schedule: it lets work be split and shared, and forgets the order of places. The
idea is that of Goemans (1997), improved approximation algorithms for scheduling with release
dates, SODA, for one machine.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from models.run import Status
from optimizer.algorithms.routes.problem import FloatArray, IndexArray, Problem
from optimizer.algorithms.routes.tables import shortest_legs
from optimizer.backends.highs.solving import solve
from optimizer.control import RunControl
from optimizer.linear import Builder, LinearProgram

_MOST_COLUMNS = 60_000
_FEWEST_SLOTS, _MOST_SLOTS = 8, 96


@dataclass(frozen=True)
class _Work:
    """What may be done when: one entry a column."""

    team: IndexArray
    visit: IndexArray
    slot: IndexArray
    length: FloatArray  # of the whole work, p


def lower_bound(problem: Problem, horizon_s: float, control: RunControl) -> float | None:
    """Return a proven lower bound of the objective; None where there was no time for it.

    ``horizon_s`` is where fine slots end, best the end of a good schedule: from there on any
    amount of work may be done at once.
    """
    program = _formulate(problem, horizon_s)
    outcome = solve(program, control)
    if outcome.status is not Status.OPTIMAL or outcome.bound is None:
        return None
    # A solver of linear programs is right up to its tolerance.
    return max(0.0, outcome.bound - 1e-6 * abs(outcome.bound))


def _formulate(problem: Problem, horizon_s: float) -> LinearProgram:
    visits, stops = problem.visits, problem.stops
    edges = _slots(int(visits.eligible.sum()), max(1.0, horizon_s))
    work = _works(problem, edges)
    crew = np.bincount(visits.stop)
    weight = (stops.weight / crew)[visits.stop]
    columns = np.arange(len(work.team))
    builder = Builder("min")
    builder.add_columns(
        "work",
        weight[work.visit] * (edges[work.slot] / work.length + 0.5),
        upper=np.inf,
        integer=False,
    )
    builder.add_columns("left_out", stops.penalty, integer=False)
    one_each = np.arange(len(visits.stop))
    builder.add_rows(
        "done",
        {
            "work": csr_array(
                (1.0 / work.length, (work.visit, columns)),
                shape=(len(one_each), len(columns)),
            ),
            "left_out": csr_array(
                (np.ones(len(one_each)), (one_each, visits.stop)),
                shape=(len(one_each), len(stops.weight)),
            ),
        },
        lower=1.0,
        upper=np.inf,
    )
    fine = len(edges) - 1
    inside = work.slot < fine
    teams = len(problem.teams.origin)
    rows = work.team[inside] * fine + work.slot[inside]
    builder.add_rows(
        "room",
        {
            "work": csr_array(
                (np.ones(int(inside.sum())), (rows, columns[inside])),
                shape=(teams * fine, len(columns)),
            )
        },
        lower=-np.inf,
        upper=np.tile(np.diff(edges), teams),
    )
    return builder.build()


def _slots(pairs: int, horizon_s: float) -> FloatArray:
    """Return where slots begin; the last one has no end."""
    count = int(np.clip(_MOST_COLUMNS // max(1, pairs), _FEWEST_SLOTS, _MOST_SLOTS))
    return np.linspace(0.0, horizon_s, count + 1)


def _works(problem: Problem, edges: FloatArray) -> _Work:
    """Return every work that could be part of a schedule, slot by slot."""
    legs = shortest_legs(problem)
    team, visit = np.nonzero(problem.visits.eligible)
    service = problem.visits.service[team, visit]
    length = np.maximum(1e-3, service + legs[visit])
    stop = problem.visits.stop[visit]
    arrival = _earliest(problem)[team, visit]
    start = np.maximum(arrival, problem.stops.release[stop])
    last = np.minimum(problem.stops.latest[stop] + service, problem.teams.off[team])
    ends = np.append(edges[1:], np.inf)
    possible = (ends[None, :] > (start - legs[visit])[:, None]) & (edges[None, :] < last[:, None])
    possible &= (start + service <= last)[:, None]
    pair, slot = np.nonzero(possible)
    return _Work(team[pair], visit[pair], slot, length[pair])


def _earliest(problem: Problem) -> FloatArray:
    """Return when each team can be at each visit at the earliest, other visits on the way."""
    rows = []
    for team, origin in enumerate(problem.teams.origin):
        travel = problem.travel[problem.teams.profile[team]]
        way = travel[origin]
        while True:
            shorter = np.minimum(way, (way[:, None] + travel).min(axis=0))
            if (shorter == way).all():
                break
            way = shorter
        at = problem.visits.place
        rows.append(problem.teams.ready[team] + np.where(at < 0, 0.0, way[at]))
    return np.array(rows)
