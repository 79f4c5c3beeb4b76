"""Knapsack-cover cuts: they cut off fractions, and no plan."""

import numpy as np
import pytest

from models.fire_stations import FireStationRequest
from models.run import RunLimits, Status
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.fire_stations.formulation import Formulation, forces
from optimizer.fire_stations.tighten import tightened
from optimizer.linear import LinearProgram
from tests.optimizer.fire_stations.choices import Choices, choices_number
from tests.strategies import request_number
from tests.strategies.by_hand import a_request

NUMBERS = [1, 23, 34, 56, 78, 89, 100]
SEEDS = range(8)


def program_of(formulation: Formulation) -> LinearProgram:
    return formulation.program(formulation.part(0))


def cut(formulation: Formulation) -> LinearProgram:
    part = formulation.part(0)
    control = RunControl(RunLimits())
    return tightened(program_of(formulation), forces((part,)), control)[0]


def relaxed(program: LinearProgram) -> float:
    session = LpSession(program, RunLimits())
    assert session.solve(RunControl(RunLimits())) is Status.OPTIMAL
    return session.objective


def loose_city(seed: int) -> Choices:
    """Return a city where five vehicles are many, and stations bring two, three or four."""
    rng = np.random.default_rng(seed)
    times = rng.integers(30, 900, (10, 7)).tolist()
    force = {"kind": "full_force", "vehicles": 5, "people": 11}
    fields = a_request(times, rng.integers(1, 90, 10).tolist(), objectives=[force])
    fields["classes"][0] = fields["classes"][0] | {"vehicles": {"engine": 4}}
    fields["classes"][1] = fields["classes"][1] | {"vehicles": {"engine": 3}}
    fields["new_stations"] = {"city": {"max": 2}, "small": {"max": 2}}
    fields["rules"] = {"capital_budget": 110}
    return Choices(FireStationRequest.model_validate(fields))


def assert_no_plan_is_cut_off(choices: Choices) -> None:
    formulation = Formulation(choices.instance)
    program, part = cut(formulation), formulation.part(0)
    for chosen in choices.lawful:
        values = formulation.complete(program, part, (), chosen)
        assert program.violation(values) <= 1e-6
        assert program.objective(values) == pytest.approx(formulation.value(part, chosen))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_of_a_loose_city_is_cut_off(seed: int) -> None:
    assert_no_plan_is_cut_off(loose_city(seed))


@pytest.mark.parametrize("number", NUMBERS)
def test_no_plan_of_a_drawn_request_is_cut_off(number: int) -> None:
    assert request_number(number).objectives[0].kind == "full_force"
    assert_no_plan_is_cut_off(choices_number(number))


def test_the_relaxation_of_loose_cities_gets_tighter_and_never_looser() -> None:
    gains = []
    for seed in SEEDS:
        choices = loose_city(seed)
        formulation = Formulation(choices.instance)
        before, after = relaxed(program_of(formulation)), relaxed(cut(formulation))
        assert after >= max(map(choices.value, choices.lawful)) - 1e-6
        gains.append(before - after)
    assert min(gains) >= -1e-6
    assert max(gains) > 1.0


def test_a_program_without_levels_of_full_force_stays_as_it_is() -> None:
    fields = a_request([[100, 200], [200, 100]], [5, 6])
    formulation = Formulation(Choices(FireStationRequest.model_validate(fields)).instance)
    program = program_of(formulation)
    assert tightened(program, (), RunControl(RunLimits())) == (program, None)
