"""A library that lies is caught."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import Status, StopReason
from optimizer.backends import Outcome
from optimizer.backends.checking import checked
from optimizer.errors import BackendError
from optimizer.linear import Builder, LinearProgram


def pick_one() -> LinearProgram:
    builder = Builder("max")
    builder.add_columns("x", [5.0, 4.0])
    builder.add_rows("one", {"x": csr_array([[1.0, 1.0]])}, lower=0, upper=1)
    return builder.build()


HONEST = Outcome(Status.OPTIMAL, StopReason.PROOF, np.array([1.0, 0.0]), 5.0, "test")


def test_an_honest_outcome_stays() -> None:
    found = checked(pick_one(), HONEST)
    assert (found.status, found.stop, found.bound) == (Status.OPTIMAL, StopReason.PROOF, 5.0)
    assert found.values is not None
    assert found.values.tolist() == [1.0, 0.0]


def test_nearly_whole_numbers_become_whole() -> None:
    found = checked(pick_one(), replace(HONEST, values=np.array([1 - 1e-7, 1e-8]), bound=5.0))
    assert found.values is not None
    assert found.values.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ({"values": np.array([1.0, 1.0])}, "break a rule by 1"),
        ({"values": np.array([0.5, 0.5])}, "break a rule by 0.5"),
        ({"bound": 4.0}, "claims the bound 4, but found 5"),
        ({"values": None}, "optimal and gives no values"),
    ],
)
def test_a_false_claim_raises(claim: dict[str, object], fault: str) -> None:
    with pytest.raises(BackendError, match=fault):
        checked(pick_one(), replace(HONEST, **claim))  # type: ignore[arg-type]


def test_optimal_with_an_open_gap_is_only_feasible() -> None:
    open_gap = replace(HONEST, values=np.array([0.0, 1.0]))
    assert checked(pick_one(), open_gap).status is Status.FEASIBLE
    assert checked(pick_one(), open_gap, absolute_gap=1.0).status is Status.OPTIMAL


def test_infeasible_contradicts_a_start_that_holds() -> None:
    infeasible = Outcome(Status.INFEASIBLE, StopReason.PROOF, None, None, "test")
    with pytest.raises(BackendError, match="infeasible what the start satisfies"):
        checked(pick_one(), infeasible, start=np.array([0.0, 1.0]))
    broken = np.array([1.0, 1.0])
    assert checked(pick_one(), infeasible, start=broken).status is Status.INFEASIBLE


def test_numbers_without_end_become_none() -> None:
    unknown = Outcome(Status.UNKNOWN, StopReason.TIME, None, float("inf"), "test")
    assert checked(pick_one(), unknown).bound is None
