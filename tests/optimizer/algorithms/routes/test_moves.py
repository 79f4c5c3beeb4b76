"""What kernels say an insertion costs is what it costs; shared-out visits cost the least."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from benchmarks.routing.cases import incidents
from optimizer.algorithms.routes.inserting import best_spot, drop, put
from optimizer.algorithms.routes.moves import step
from optimizer.algorithms.routes.problem import Problem
from optimizer.algorithms.routes.sharing_out import assigned
from optimizer.algorithms.routes.tables import data_of, draft_of, state_of
from optimizer.algorithms.routes.times import settle

CASES = settings(max_examples=25, deadline=None, derandomize=True)


@CASES
@given(st.integers(0, 10_000))
def test_an_assignment_costs_the_least(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 8, 2).tolist()
    cost = rng.integers(0, 30, (rows, columns)).astype(float)
    cost[rng.random((rows, columns)) < rng.random()] = np.inf
    out = rng.integers(0, 60, rows).astype(float)
    column = np.full(rows, -1)
    assigned(cost, out, rows, columns, column)
    given_one = column[column >= 0]
    assert len(set(given_one.tolist())) == len(given_one)
    total = sum(out[i] if j < 0 else cost[i, j] for i, j in enumerate(column.tolist()))
    alone = np.where(np.eye(rows, dtype=bool), out, 1e9)
    whole = np.hstack([np.where(np.isfinite(cost), cost, 1e9), alone])
    assert total == whole[linear_sum_assignment(whole)].sum()


def check_costs(made: Problem, seed: int) -> int:
    """Hold what an insertion is said to cost against the routes' costs; return how many."""
    data, state, draft = data_of(made), state_of(made), draft_of(made)
    rng = np.array([seed * 2 + 1], dtype=np.uint64)
    for _ in range(3):
        step(data, state, draft, rng, True)
    teams = len(made.teams.origin)
    draft.order[:] = np.arange(teams)
    asked = 0
    for visit in range(len(made.visits.stop)):
        team = int(state.call[visit]["team"])
        if team >= 0:
            drop(state, team, state.route[team].tolist().index(visit))
            settle(data, state, draft, team)
        best_spot(data, state, draft, rng, visit, 1e12, 0)
        for other in np.flatnonzero(np.isfinite(draft.cost[0, :teams])).tolist():
            before = float(state.line[other]["cost"])
            put(state, other, int(draft.spot[0, other]), visit)
            assert settle(data, state, draft, other)
            after = float(state.line[other]["cost"])
            assert draft.cost[0, other] == pytest.approx(after - before)
            drop(state, other, int(draft.spot[0, other]))
            settle(data, state, draft, other)
            asked += 1
    return asked


@CASES
@given(st.integers(0, 10_000))
def test_an_insertion_costs_what_it_is_said_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = incidents(seed, count=8, crews=2)
    late = made.stops._replace(
        release=rng.integers(0, 9000, 8).astype(float),
        due=rng.integers(3000, 12000, 8).astype(float),
        late=rng.integers(0, 3, 8).astype(float),
    )
    check_costs(made._replace(stops=late), 1)


def test_an_insertion_where_nobody_waits_costs_what_it_is_said_to() -> None:
    assert check_costs(incidents(0, count=30, crews=6), 1) > 30
