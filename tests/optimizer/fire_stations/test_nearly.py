"""The proof within half a percent: true of every plan, and near where it says so."""

import numpy as np
import pytest

from models.run import RunLimits
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation import Formulation, forces
from optimizer.fire_stations.nearly import NEARLY, Near, nearly_proven
from optimizer.fire_stations.tighten import tightened
from tests.optimizer.fire_stations.choices import Choices, choices_number
from tests.optimizer.fire_stations.test_tighten import NUMBERS, SEEDS, loose_city, program_of


def near_of(choices: Choices, start_index: int, threads: int = 1) -> tuple[Near, RunControl]:
    """Return what is proven from one of the lawful plans."""
    formulation = Formulation(choices.instance)
    part = formulation.part(0)
    control = RunControl(RunLimits(threads=threads))
    program, session = tightened(program_of(formulation), forces((part,)), control)
    assert session is not None
    start = formulation.complete(program, part, (), choices.lawful[start_index])

    def completed(values: FloatArray) -> FloatArray | None:
        chosen = values[: len(choices.instance.options)] > 0.5
        found = formulation.complete(program, part, (), chosen)
        return found if program.violation(found, relative=True) <= 1e-6 else None

    near = nearly_proven(program, session, start, control, completed)
    assert program.violation(near.best, relative=True) <= 1e-6
    return near, control


def value(choices: Choices, near: Near) -> float:
    return choices.value(near.best[: len(choices.instance.options)] > 0.5)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", SEEDS)
def test_from_any_plan_the_best_is_bounded_and_neared(seed: int, threads: int) -> None:
    choices = loose_city(seed)
    best = max(map(choices.value, choices.lawful))
    for start_index in (0, len(choices.lawful) // 2):
        near, control = near_of(choices, start_index, threads)
        assert near.reached
        assert near.bound >= best * (1 - 1e-6)
        assert near.bound <= value(choices, near) * (1 + NEARLY + 1e-6)
        told = [one.objective for one in control.incumbents]
        assert told == sorted(told)


@pytest.mark.parametrize("number", NUMBERS[1:])  # the first has no lawful plan
def test_drawn_requests_are_bounded_too(number: int) -> None:
    choices = choices_number(number)
    best = max(map(choices.value, choices.lawful))
    near, _ = near_of(choices, int(np.argmin([choices.value(one) for one in choices.lawful])))
    assert near.bound >= best - 1e-6 * abs(best)
    assert value(choices, near) >= best * (1 - NEARLY) - 1e-6
