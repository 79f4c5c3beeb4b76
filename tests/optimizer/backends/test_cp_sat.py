import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits, Status
from optimizer.backends import cp_sat
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder, LinearProgram


def decimals(cost: list[float], row: list[float], limit: float) -> LinearProgram:
    builder = Builder("max", offset=0.5)
    builder.add_columns("x", cost, upper=9.0)
    builder.add_rows("limit", {"x": csr_array([row])}, lower=-np.inf, upper=limit)
    return builder.build()


def test_decimal_fractions_are_solved_exactly() -> None:
    program = decimals([0.29, 0.3], [0.7, 1.1], 1.9)
    outcome = cp_sat.solve(program, RunControl(RunLimits()))
    assert outcome.status is Status.OPTIMAL
    assert outcome.values is not None
    assert outcome.values.tolist() == [1.0, 1.0]
    assert outcome.bound == pytest.approx(1.09)


def test_a_limit_between_whole_sums_is_rounded_inward() -> None:
    outcome = cp_sat.solve(decimals([1.0, 1.0], [1.0, 1.0], 2 / 3), RunControl(RunLimits()))
    assert outcome.bound == pytest.approx(0.5)


@pytest.mark.parametrize(("cost", "row"), [([1 / 3, 1.0], [1.0, 1.0]), ([1.0, 1.0], [1.0, 1e-7])])
def test_other_fractions_are_refused(cost: list[float], row: list[float]) -> None:
    with pytest.raises(BackendError, match="decimal fractions of 6 places"):
        cp_sat.solve(decimals(cost, row, 1.0), RunControl(RunLimits()))


def test_infinite_bounds_are_refused() -> None:
    program = decimals([1.0, 1.0], [1.0, 1.0], 3.0).with_bounds(0.0, np.inf)
    with pytest.raises(BackendError, match="finite bounds"):
        cp_sat.solve(program, RunControl(RunLimits()))
