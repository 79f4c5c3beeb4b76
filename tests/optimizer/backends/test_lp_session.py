from threading import Event
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits, Status, StopReason
from optimizer.backends.highs import LpSession, safe_dual_bound, solve
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder, LinearProgram

LIMITS = RunLimits()


def diet() -> LinearProgram:
    """Minimise 3a + b with 2 <= a + 2b <= 3: b = 1 is best, worth 1."""
    builder = Builder("min", offset=10.0)
    builder.add_columns("x", [3.0, 1.0], upper=[2.0, 1.0], integer=False)
    builder.add_rows("need", {"x": csr_array([[1.0, 2.0]])}, lower=2, upper=3)
    return builder.build()


def transport(seed: int, size: int) -> LinearProgram:
    rng = np.random.default_rng(seed)
    builder = Builder("min")
    builder.add_columns("x", rng.random(size), upper=5.0, integer=False)
    rows = csr_array((rng.random((size // 2, size)) < 0.3).astype(float))
    builder.add_rows("need", {"x": rows}, lower=rng.random(size // 2), upper=np.inf)
    return builder.build()


def test_a_session_follows_every_change() -> None:
    session, control = LpSession(diet(), LIMITS), RunControl(LIMITS)
    assert session.solve(control) is Status.OPTIMAL
    assert session.objective == pytest.approx(11.0)
    session.add_rows(csr_array([[1.0, 0.0]]), 0.5, np.inf)
    assert session.solve(control) is Status.OPTIMAL
    assert session.primal == pytest.approx([0.5, 0.75])
    session.change_bounds(np.array([0]), 1.0, 2.0)
    session.solve(control)
    assert session.objective == pytest.approx(13.5)
    session.add_columns(np.array([-1.0]), csr_array([[1.0], [0.0]]), 0.0, 1.0)
    session.solve(control)
    assert session.primal == pytest.approx([1.0, 0.0, 1.0])
    session.change_cost(np.array([1, 2]), [-5.0, 2.0])
    session.solve(control)
    assert session.primal == pytest.approx([1.0, 1.0, 0.0])
    session.change_row_bounds(1, 2.0, 2.0)
    session.delete_rows(np.array([0]))
    session.solve(control)
    assert session.primal == pytest.approx([2.0, 1.0, 0.0])


@pytest.mark.parametrize("sense", ["min", "max"])
def test_duals_add_up_to_the_optimum(sense: str) -> None:
    base = transport(3, 20)
    program = base.with_cost(base.cost, sense, 7.0)  # type: ignore[arg-type]
    session = LpSession(program, LIMITS)
    session.solve(RunControl(LIMITS))
    expected = program.cost - program.matrix.T @ session.dual
    assert session.reduced_cost == pytest.approx(expected)
    assert session.safe_bound == pytest.approx(session.objective)


@pytest.mark.parametrize("sense", ["min", "max"])
def test_any_duals_prove_a_bound(sense: str) -> None:
    base = transport(4, 12)
    program = base.with_cost(base.cost, sense)  # type: ignore[arg-type]
    best = solve(program, RunControl(LIMITS)).bound
    assert best is not None
    rng = np.random.default_rng(5)
    for _ in range(50):
        bound = safe_dual_bound(program, rng.normal(size=6))
        assert bound is not None
        assert bound <= best if sense == "min" else bound >= best


def test_columns_without_limit_prove_no_bound() -> None:
    program = diet().with_bounds(0.0, np.inf).with_cost([-1.0, 1.0], "min")
    assert safe_dual_bound(program, np.zeros(1)) is None


def test_infeasibility_comes_with_a_ray_that_proves_it() -> None:
    program = diet()
    session = LpSession(program, LIMITS)
    session.change_bounds(np.array([0, 1]), 0.0, 0.5)
    assert session.solve(RunControl(LIMITS)) is Status.INFEASIBLE
    ray = session.ray()
    assert ray[0] * 2.0 > (ray[0] * np.array([0.5, 1.0])).sum()
    with pytest.raises(BackendError, match="ended infeasible, not optimal"):
        _ = session.objective


def test_numbers_from_before_a_change_are_gone() -> None:
    session = LpSession(diet(), LIMITS)
    session.solve(RunControl(LIMITS))
    session.change_bounds(np.array([0]), 0.0, 1.0)
    with pytest.raises(BackendError, match="ended unknown"):
        _ = session.primal


def test_a_session_returns_to_an_earlier_basis() -> None:
    session, control = LpSession(transport(6, 60), LIMITS), RunControl(LIMITS)
    session.solve(control)
    basis, objective = session.basis, session.objective
    session.change_bounds(np.arange(30), 1.0, 5.0)
    session.solve(control)
    session.change_bounds(np.arange(30), 0.0, 5.0)
    session.basis = basis
    session.solve(control)
    assert session.objective == pytest.approx(objective)


def test_a_session_outlives_a_solve_with_other_threads() -> None:
    session = LpSession(diet(), LIMITS)
    session.solve(RunControl(LIMITS))
    other = RunControl(RunLimits(threads=2))
    assert solve(diet(), other).status is Status.OPTIMAL
    session.change_bounds(np.array([0]), 1.0, 2.0)
    assert session.solve(RunControl(LIMITS)) is Status.OPTIMAL


def test_a_cancelled_session_proves_nothing() -> None:
    flag = Event()
    session = LpSession(transport(7, 40), LIMITS)
    flag.set()
    assert session.solve(RunControl(LIMITS, cancel=flag)) is Status.UNKNOWN
    assert session.stop is StopReason.CANCELLED


def test_cancelling_interrupts_the_simplex() -> None:
    class AfterSomeQuestions:
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 10

    session = LpSession(transport(8, 400), LIMITS)
    assert session.solve(RunControl(LIMITS, cancel=AfterSomeQuestions())) is Status.UNKNOWN
    assert session.stop is StopReason.CANCELLED
    assert session.solve(RunControl(LIMITS)) is Status.OPTIMAL


class Valueless:
    """A HiGHS whose first runs end optimal and give no values."""

    def __init__(self, highs: Any, runs: int) -> None:
        self._highs, self._left, self.forgotten = highs, runs, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._highs, name)

    def run(self) -> None:
        self._left -= 1
        self._highs.run()

    def clearSolver(self) -> Any:  # noqa: N802  HiGHS's name for it
        self.forgotten += 1
        return self._highs.clearSolver()

    def getInfo(self) -> Any:  # noqa: N802  HiGHS's name for it
        nothing = SimpleNamespace(primal_solution_status=highspy.kSolutionStatusNone)
        return nothing if self._left >= 0 else self._highs.getInfo()


def test_a_program_that_ends_optimal_without_values_is_solved_anew() -> None:
    session = LpSession(diet(), LIMITS)
    stub = Valueless(session._highs, runs=1)
    session._highs = stub  # type: ignore[assignment]
    assert session.solve(RunControl(LIMITS)) is Status.OPTIMAL
    assert stub.forgotten == 1
    assert session.primal == pytest.approx([0.0, 1.0])
    assert session.safe_bound == pytest.approx(11.0)


def test_a_program_that_never_gives_values_has_none_to_read() -> None:
    session = LpSession(diet(), LIMITS)
    session._highs = Valueless(session._highs, runs=9)  # type: ignore[assignment]
    session.solve(RunControl(LIMITS))
    with pytest.raises(BackendError, match="gives no values"):
        _ = session.primal


def test_an_unbounded_session_raises() -> None:
    program = diet().with_bounds(0.0, np.inf).with_cost([-1.0, 1.0], "min")
    session = LpSession(program.with_rows("free", csr_array((1, 2)), 0.0, 1.0), LIMITS)
    session.change_row_bounds(0, 2.0, np.inf)
    with pytest.raises(BackendError, match="unbounded"):
        session.solve(RunControl(LIMITS))
