"""Blocks that stay together as capacitated location: the same answer as the whole program."""

import numpy as np
import pytest

from instances.readers.capacitated import Problem, request_of
from models.run import RunLimits, Status
from models.shelters import ShelterRequest
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.shelters import single_source
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import Instance
from optimizer.shelters.solve import solve


def drawn(seed: int, count: int | None = None) -> ShelterRequest:
    rng = np.random.default_rng(seed)
    demand = rng.integers(1, 9, 9).astype(float)
    cost = rng.integers(1, 40, (9, 4)).astype(float)
    opening = rng.integers(5, 30, 4).astype(float)
    room = np.full(4, 22.0)
    return request_of(
        Problem("drawn", demand.tolist(), room.tolist(), opening.tolist(), cost.tolist(), count)
    )


@pytest.mark.parametrize(("seed", "count"), [(0, None), (1, None), (2, 3)])
def test_the_search_for_single_sources_finds_what_the_program_does(
    seed: int, count: int | None
) -> None:
    request = drawn(seed, count)
    formulation = Formulation(Instance.from_request(request, None))
    level = formulation.levels[0]
    assert single_source.applies(formulation, level)
    whole = highs.solve(formulation.program(level), RunControl(RunLimits()))
    answer = solve(request, RunControl(RunLimits(time_limit_s=30.0)))
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(whole.bound)
    assert answer.verification is not None
    assert answer.verification.passed


def test_people_with_another_rule_are_left_to_the_program() -> None:
    request = drawn(0)
    rules = request.rules.model_copy(update={"fill_balance": 0.5})
    formulation = Formulation(
        Instance.from_request(request.model_copy(update={"rules": rules}), None)
    )
    assert not single_source.applies(formulation, formulation.levels[0])
