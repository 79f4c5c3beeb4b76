"""What it costs to solve a request, from its models to its verified plan, and to explain it."""

import math

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import CASES, Asked
from benchmarks.peers import plain_highs
from benchmarks.programs import cover
from benchmarks.tasks import SEED, SQUARE_SITES
from instances.generators.uniform_square import uniform_square
from models.run import Status
from optimizer import solve
from optimizer.datasets import Store

EXPLAINED = [
    pytest.param(case, id=case.name, marks=pytest.mark.slow)
    for case in CASES
    if case.name in {"pingshan-fire-stations", "square-1000000"}
]


def test_solve(benchmark: BenchmarkFixture, asked: Asked, store: Store) -> None:
    answer = benchmark.pedantic(asked.solve, (store,), rounds=1)
    asked.check(answer)


@pytest.mark.parametrize("case", EXPLAINED, indirect=True)
def test_solve_and_explain(benchmark: BenchmarkFixture, asked: Asked, store: Store) -> None:
    answer = benchmark.pedantic(solve, (asked.request,), {"store": store}, rounds=1)
    asked.check(answer)
    assert answer.explanation is not None


@pytest.mark.parametrize("points", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_plain_highs_finds_the_same_cover(
    benchmark: BenchmarkFixture, store: Store, points: int
) -> None:
    square = uniform_square(points, SQUARE_SITES, seed=SEED)
    at_site = np.array([(site.x_m, site.y_m) for site in square.sites], dtype=np.float64)
    distance_m = np.hypot(
        square.columns["x_m"][:, None] - at_site[:, 0],
        square.columns["y_m"][:, None] - at_site[:, 1],
    )
    weight = square.columns["residents"]
    near = distance_m <= square.radius_m
    found = benchmark.pedantic(
        lambda: plain_highs.solved(cover(weight, near, square.station_count), lambda: math.inf),
        rounds=1,
    )
    assert found is not None
    assert found.proven
    value = float(weight[near[:, list(found.sites)].any(axis=1)].sum())
    answer = solve(square.request(store.add_arrays(dict(square.columns))), store=store)
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(value, rel=1e-9)
