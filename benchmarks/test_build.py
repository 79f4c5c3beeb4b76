"""What it costs to read a request into arrays and to write the first level's program."""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import Asked
from models.fire_stations import FireStationAnswer
from optimizer.datasets import Store
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.solution import Solution
from optimizer.linear import LinearProgram


def test_instance(
    benchmark: BenchmarkFixture, asked: Asked, answer: FireStationAnswer, store: Store
) -> None:
    instance = benchmark.pedantic(Instance.from_request, (asked.request, store), rounds=3)
    assert answer.plan is not None
    solution = Solution.of_plan(instance, answer.plan)
    assert solution is not None
    assert solution.values == pytest.approx(_finals(answer), rel=asked.tolerance)


def test_program(
    benchmark: BenchmarkFixture, asked: Asked, answer: FireStationAnswer, store: Store
) -> None:
    instance = Instance.from_request(asked.request, store)

    def build() -> tuple[Formulation, LinearProgram]:
        formulation = Formulation(instance)
        return formulation, formulation.program(formulation.part(0))

    formulation, program = benchmark.pedantic(build, rounds=3)
    assert answer.plan is not None
    solution = Solution.of_plan(instance, answer.plan)
    assert solution is not None
    values = formulation.complete(program, formulation.part(0), (), solution.chosen)
    assert program.violation(values, relative=True) <= 1e-6
    assert np.isclose(program.objective(values), _finals(answer)[0], rtol=asked.tolerance)


def _finals(answer: FireStationAnswer) -> tuple[float, ...]:
    assert answer.plan is not None
    assert answer.plan.objective_values is not None
    return answer.plan.objective_values
