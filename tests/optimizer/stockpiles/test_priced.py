"""Least covers that are priced: which first stages count as plans."""

import numpy as np
import pytest

from models.run import RunLimits
from optimizer.control import RunControl
from optimizer.stockpiles.apart import Apart
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.priced import Priced
from tests.optimizer.stockpiles.test_replay import fair

SEEDS = (3, 15, 31)


def made(seed: int) -> tuple[Apart, Priced]:
    formulation = Formulation.of(Instance.from_request(fair(seed), None))
    apart = Apart(formulation, RunControl(RunLimits()))
    return apart, Priced(formulation, apart.replies, lambda *_: None)


@pytest.mark.parametrize("seed", SEEDS)
def test_sizes_that_are_not_whole_give_prices_and_no_plan(seed: int) -> None:
    apart, priced = made(seed)
    control = RunControl(RunLimits())
    aim = apart._aim(0)
    found = apart._method.level(aim, [], control)
    assert found.values is not None
    whole = found.values
    sizes = np.flatnonzero(apart._method.first.integer)
    assert len(sizes)
    part = whole.copy()
    part[sizes] = np.where(whole[sizes] > 0.5, 0.75, 0.0)
    part[sizes[0]] = 0.5
    assert priced._judge(part, aim, control, apart._method) is not None
    assert priced.best is None
