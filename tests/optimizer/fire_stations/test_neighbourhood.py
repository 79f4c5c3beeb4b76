"""The search between plan and relaxation: the best of the plans that keep what both say."""

import numpy as np
import pytest

from models.run import RunLimits
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.neighbourhood import neighbour
from tests.optimizer.fire_stations.test_tighten import SEEDS, loose_city, program_of


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_what_is_left_open_is_found(seed: int) -> None:
    choices = loose_city(seed)
    formulation = Formulation(choices.instance)
    part = formulation.part(0)
    program = program_of(formulation)
    options = program.columns["option"]

    def solution(chosen: np.ndarray) -> FloatArray:
        return formulation.complete(program, part, (), chosen)

    worst = min(choices.lawful, key=choices.value)
    start = solution(worst)
    open_options = np.arange(len(worst)) % 3 > 0
    relaxed = start.copy()
    relaxed[options] = np.where(open_options, 0.5, start[options])
    found = neighbour(program, relaxed, start, RunControl(RunLimits()))
    assert found is not None
    chosen = found[options] > 0.5
    assert (chosen == worst)[~open_options].all()
    kept = [one for one in choices.lawful if (one == worst)[~open_options].all()]
    assert choices.value(chosen) >= max(map(choices.value, kept)) * (1 - 5e-4)
    assert program.violation(solution(chosen), relative=True) <= 1e-6


def test_nothing_is_searched_where_plan_and_relaxation_agree() -> None:
    choices = loose_city(SEEDS[0])
    formulation = Formulation(choices.instance)
    program = program_of(formulation)
    start = formulation.complete(program, formulation.part(0), (), choices.lawful[0])
    assert neighbour(program, start + 0.01, start, RunControl(RunLimits())) is None


def test_a_search_that_the_clock_ends_leaves_the_plan() -> None:
    choices = loose_city(SEEDS[0])
    formulation = Formulation(choices.instance)
    program = program_of(formulation)
    start = formulation.complete(program, formulation.part(0), (), choices.lawful[0])
    control = RunControl(RunLimits())
    control.cancel.set()  # type: ignore[attr-defined]
    assert neighbour(program, 1.0 - start, start, control) is None
    assert control.journal.ended
