"""What it costs to check a plan against its request."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import Asked
from models.fire_stations import FireStationAnswer
from optimizer.datasets import Store
from optimizer.fire_stations.verify import verify


def test_verify(
    benchmark: BenchmarkFixture, asked: Asked, answer: FireStationAnswer, store: Store
) -> None:
    assert answer.plan is not None
    verification = benchmark.pedantic(verify, (asked.request, answer.plan, store), rounds=3)
    assert verification.passed
    checked = {check.rule for check in verification.checks}
    assert {f"objective.{level}" for level in range(len(asked.values))} <= checked
    worse = tuple(0.9 * value - 1.0 for value in asked.values)
    wrong = answer.plan.model_copy(update={"objective_values": worse})
    assert not verify(asked.request, wrong, store).passed
    assert answer.plan.objective_values is not None
    assert answer.plan.objective_values[-1] == pytest.approx(asked.values[-1], rel=asked.tolerance)
