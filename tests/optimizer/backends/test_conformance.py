"""What every backend must do, whichever library is behind it."""

from threading import Event, Timer
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from models.run import Incumbent, RunLimits, Status, StopReason
from optimizer.backends import cp_sat, highs, mathopt, pulp
from optimizer.backends.bounds import safe_dual_bound
from optimizer.backends.table import BACKENDS as TABLE
from optimizer.control import Described, RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder, LinearProgram
from tests.optimizer.backends.programs import (
    best_by_enumeration,
    knapsack,
    long_linear_program,
    mixed,
    whole_numbers,
)

BACKENDS: list[ModuleType] = [highs, cp_sat, mathopt, pulp]
HARD = knapsack(200, 60)
MEDIUM = knapsack(40, 12)
MARGIN_S = 20.0  # of a minute allowed: wide enough for a machine that is busy


def able(ability: str, *, able: bool = True) -> pytest.MarkDecorator:
    chosen = [b for b in BACKENDS if getattr(b.CAPABILITIES, ability) is able]
    return pytest.mark.parametrize("backend", chosen, ids=_name)


def _name(backend: ModuleType) -> str:
    return backend.__name__.rpartition(".")[2]


every = pytest.mark.parametrize("backend", BACKENDS, ids=_name)


def run(limit_s: float = 30.0, **limits: int) -> RunControl:
    return RunControl(RunLimits(time_limit_s=limit_s, **limits))


def test_the_table_names_every_backend() -> None:
    assert list(TABLE.values()) == BACKENDS


@every
@pytest.mark.parametrize("program", [MEDIUM, whole_numbers()], ids=["max", "min"])
def test_finds_the_optimum_and_proves_it(backend: ModuleType, program: LinearProgram) -> None:
    outcome = backend.solve(program, run())
    best = highs.solve(program, run()).bound if len(program.cost) > 3 else None
    expected = best_by_enumeration(program) if best is None else best
    assert (outcome.status, outcome.stop) == (Status.OPTIMAL, StopReason.PROOF)
    assert program.objective(outcome.values) == pytest.approx(expected)
    assert program.violation(outcome.values) == 0.0
    assert outcome.bound == (pytest.approx(expected) if backend.CAPABILITIES.bound else None)


@every
def test_says_so_when_there_is_no_solution(backend: ModuleType) -> None:
    builder = Builder("min")
    builder.add_columns("x", [1.0, 1.0])
    builder.add_rows("odd", {"x": csr_array([[2.0, 2.0]])}, lower=3.0, upper=3.0)
    outcome = backend.solve(builder.build(), run())
    assert (outcome.status, outcome.stop) == (Status.INFEASIBLE, StopReason.PROOF)
    assert outcome.values is None
    assert outcome.bound is None


@every
def test_crossed_limits_are_infeasible(backend: ModuleType) -> None:
    lower = np.zeros(len(MEDIUM.cost))
    lower[3] = 2.0
    outcome = backend.solve(MEDIUM.with_bounds(lower, 1.0), run())
    assert outcome.status is Status.INFEASIBLE


@every
def test_an_unbounded_program_is_an_error(backend: ModuleType) -> None:
    builder = Builder("max")
    builder.add_columns("x", [1.0, 1.0], upper=np.inf)
    builder.add_rows("even", {"x": csr_array([[1.0, -1.0]])}, lower=0.0, upper=0.0)
    with pytest.raises(BackendError):
        backend.solve(builder.build(), run())


@every
def test_a_program_without_columns_or_rows_is_solved(backend: ModuleType) -> None:
    builder = Builder("min", offset=3.0)
    assert backend.solve(builder.build(), run()).bound == 3.0
    no_rows = Builder("max", offset=1.0)
    no_rows.add_columns("x", [1.0, -1.0, 0.0], lower=-2.0, upper=2.0)
    outcome = backend.solve(no_rows.build(), run())
    assert outcome.status is Status.OPTIMAL
    assert outcome.values[:2].tolist() == [2.0, -2.0]


@every
def test_a_row_that_no_column_can_help_is_infeasible(backend: ModuleType) -> None:
    builder = Builder("min")
    builder.add_columns("x", np.zeros(0))
    builder.add_rows("need", {"x": csr_array((1, 0))}, lower=1.0, upper=2.0)
    assert backend.solve(builder.build(), run()).status is Status.INFEASIBLE
    builder.add_columns("y", [1.0])
    assert backend.solve(builder.build(), run()).status is Status.INFEASIBLE


@every
def test_ends_at_the_time_limit_without_claiming_a_proof(backend: ModuleType) -> None:
    control = run(0.5)
    outcome = backend.solve(HARD, control)
    assert control.elapsed_s < 0.5 + MARGIN_S
    assert outcome.status in {Status.FEASIBLE, Status.UNKNOWN}
    assert outcome.stop is StopReason.TIME


@every
def test_no_time_gives_nothing(backend: ModuleType) -> None:
    outcome = backend.solve(HARD, run().slice(0.0))
    assert (outcome.status, outcome.stop) == (Status.UNKNOWN, StopReason.TIME)


@able("cancel")
def test_cancelling_from_another_thread_ends_the_solve(backend: ModuleType) -> None:
    flag = Event()
    timer = Timer(0.4, flag.set)
    control = RunControl(RunLimits(time_limit_s=60.0), cancel=flag)
    timer.start()
    outcome = backend.solve(HARD, control)
    assert control.elapsed_s < 0.4 + MARGIN_S
    assert outcome.stop is StopReason.CANCELLED
    assert outcome.status in {Status.FEASIBLE, Status.UNKNOWN}


@able("continuous")
def test_cancelling_ends_a_linear_program_too(backend: ModuleType) -> None:
    flag = Event()
    control = RunControl(RunLimits(time_limit_s=60.0), cancel=flag)
    Timer(0.3, flag.set).start()
    outcome = backend.solve(long_linear_program(), control)
    assert control.elapsed_s < 0.3 + MARGIN_S
    assert outcome.stop is StopReason.CANCELLED


@able("incumbents")
def test_improvements_are_reported_in_order(backend: ModuleType) -> None:
    told: list[Incumbent] = []
    control = RunControl(RunLimits(), on_incumbent=told.append)
    outcome = backend.solve(MEDIUM, control)
    objectives = [incumbent.objective for incumbent in told]
    assert len(objectives) > 1
    assert objectives == sorted(set(objectives))
    assert [incumbent.ordinal for incumbent in told] == list(range(1, len(told) + 1))
    assert outcome.ordinal == len(told)
    assert MEDIUM.objective(outcome.values) == objectives[-1]
    assert all(i.bound is None or i.bound >= objectives[-1] - 1e-6 for i in told)


@able("incumbents")
def test_a_replay_stops_at_exactly_that_improvement(backend: ModuleType) -> None:
    seen: list[list[float]] = []

    def keep(values: np.ndarray) -> Described:
        seen.append(values.tolist())
        return Described(MEDIUM.objective(values))

    backend.solve(MEDIUM, RunControl(RunLimits(), describe=keep))
    for ordinal, values in enumerate(seen.copy(), start=1):
        outcome = backend.solve(MEDIUM, RunControl(RunLimits(), stop_after=ordinal))
        assert outcome.values.tolist() == values
        assert outcome.ordinal == ordinal


@able("incumbents", able=False)
def test_stopping_at_an_improvement_is_refused(backend: ModuleType) -> None:
    with pytest.raises(BackendError, match="does not take stopping at an improvement"):
        backend.solve(MEDIUM, RunControl(RunLimits(), stop_after=1))


@able("incumbents")
def test_a_failing_listener_is_raised_after_the_solve(backend: ModuleType) -> None:
    def fail(incumbent: Incumbent) -> None:
        raise LookupError(incumbent.ordinal)

    with pytest.raises(LookupError):
        backend.solve(MEDIUM, RunControl(RunLimits(), on_incumbent=fail))


@able("start")
def test_a_start_is_never_lost(backend: ModuleType) -> None:
    start = highs.solve(HARD, run(node_limit=1)).values
    assert start is not None
    outcome = backend.solve(HARD, run(0.2), start=start)
    assert HARD.objective(outcome.values) >= HARD.objective(start)
    outcome = backend.solve(HARD, run().slice(0.0), start=start)
    assert outcome.status is Status.FEASIBLE
    assert outcome.values.tolist() == start.tolist()


@able("start")
def test_a_start_that_breaks_a_rule_does_no_harm(backend: ModuleType) -> None:
    outcome = backend.solve(MEDIUM, run(), start=np.ones(len(MEDIUM.cost)))
    assert outcome.status is Status.OPTIMAL
    assert MEDIUM.violation(outcome.values) == 0.0


@every
def test_a_start_of_another_length_is_refused(backend: ModuleType) -> None:
    with pytest.raises(BackendError, match="shape"):
        backend.solve(MEDIUM, run(), start=np.ones(3))


@able("node_limit")
def test_a_node_limit_ends_the_search(backend: ModuleType) -> None:
    outcome = backend.solve(HARD, run(node_limit=3))
    assert outcome.stop is StopReason.WORK
    assert outcome.status is Status.FEASIBLE
    assert outcome.node_count <= 3 + 1


@able("node_limit", able=False)
def test_a_node_limit_is_refused(backend: ModuleType) -> None:
    with pytest.raises(BackendError, match="does not take a node limit"):
        backend.solve(MEDIUM, run(node_limit=3))


@every
def test_a_gap_is_a_proof_to_within_it(backend: ModuleType) -> None:
    best = highs.solve(MEDIUM, run()).bound
    assert best is not None
    outcome = backend.solve(MEDIUM, run(), absolute_gap=40.0)
    assert outcome.status is Status.OPTIMAL
    assert MEDIUM.objective(outcome.values) >= best - 40.0
    if backend.CAPABILITIES.bound:
        assert best <= outcome.bound + 1e-6
        assert outcome.bound <= MEDIUM.objective(outcome.values) + 40.0 + 1e-6


@able("bound")
def test_an_unfinished_search_has_a_valid_bound(backend: ModuleType) -> None:
    known = highs.solve(HARD, run(node_limit=1)).values
    assert known is not None
    outcome = backend.solve(HARD, run(0.7))
    if outcome.bound is not None:
        assert outcome.bound >= HARD.objective(known)
        assert outcome.bound >= HARD.objective(outcome.values)


@able("deterministic")
def test_same_seed_same_answer(backend: ModuleType) -> None:
    ties = MEDIUM.with_cost(np.ones(len(MEDIUM.cost)), "max")
    first, second = (backend.solve(ties, run(seed=7)) for _ in range(2))
    assert first.values.tolist() == second.values.tolist()


@able("deterministic_parallel")
def test_same_seed_same_answer_on_two_threads(backend: ModuleType) -> None:
    ties = MEDIUM.with_cost(np.ones(len(MEDIUM.cost)), "max")
    first, second = (backend.solve(ties, run(seed=7, threads=2)) for _ in range(2))
    assert first.values.tolist() == second.values.tolist()


@able("continuous")
def test_continuous_columns_are_solved(backend: ModuleType) -> None:
    outcome = backend.solve(mixed(), run())
    assert outcome.status is Status.OPTIMAL
    assert outcome.values == pytest.approx([2.0, 1.5])
    assert mixed().objective(outcome.values) == pytest.approx(6.5)


@able("continuous", able=False)
def test_continuous_columns_are_refused(backend: ModuleType) -> None:
    with pytest.raises(BackendError, match="does not take continuous columns"):
        backend.solve(mixed(), run())


@able("duals")
@pytest.mark.parametrize("sense", ["min", "max"])
def test_duals_prove_the_optimum(backend: ModuleType, sense: str) -> None:
    base = mixed().relaxed()
    program = base.with_rows("range", csr_array([[1.0, -1.0]]), -1.0, 0.25)
    program = program.with_cost([2.0, 1.0], sense, 1.0)  # type: ignore[arg-type]
    outcome = backend.solve(program, run())
    best = program.objective(outcome.values)
    assert safe_dual_bound(program, outcome.duals.row) == pytest.approx(best)
    expected = program.cost - program.matrix.T @ outcome.duals.row
    assert outcome.duals.reduced_cost == pytest.approx(expected)


@every
def test_nothing_is_printed(backend: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    backend.solve(whole_numbers(), run())
    assert capfd.readouterr().out == ""


@st.composite
def small_programs(draw: st.DrawFn) -> LinearProgram:
    width, height = draw(st.integers(1, 4)), draw(st.integers(0, 3))
    numbers = st.integers(-4, 4).map(float)
    lower = np.array(draw(st.lists(st.integers(-2, 1), min_size=width, max_size=width)))
    spans = np.array(draw(st.lists(st.integers(0, 3), min_size=width, max_size=width)))
    costs = draw(st.lists(numbers, min_size=width, max_size=width))
    builder = Builder(draw(st.sampled_from(["min", "max"])), offset=draw(numbers))
    builder.add_columns("x", costs, lower=lower, upper=lower + spans)
    for row in range(height):
        terms = draw(st.lists(numbers, min_size=width, max_size=width))
        low = draw(numbers)
        limits = [(low, np.inf), (-np.inf, low), (low, low), (low, low + draw(st.integers(0, 4)))]
        low, high = draw(st.sampled_from(limits))
        builder.add_rows(f"row{row}", {"x": csr_array([terms])}, lower=low, upper=high)
    return builder.build()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(small_programs())
def test_all_backends_agree_with_enumeration(program: LinearProgram) -> None:
    best = best_by_enumeration(program)
    for backend in BACKENDS:
        outcome = backend.solve(program, run())
        if best is None:
            assert outcome.status is Status.INFEASIBLE, _name(backend)
        else:
            assert outcome.status is Status.OPTIMAL, _name(backend)
            assert program.objective(outcome.values) == pytest.approx(best), _name(backend)


@pytest.mark.parametrize("backend", BACKENDS, ids=_name)
def test_a_row_limited_on_both_sides_is_kept_on_both(backend: ModuleType) -> None:
    builder = Builder("min")
    builder.add_columns("x", [1.0, -2.0], lower=0.0, upper=np.array([2.0, 3.0]))
    builder.add_rows("row", {"x": csr_array([[-3.0, 4.0]])}, lower=0.0, upper=4.0)
    outcome = backend.solve(builder.build(), run())
    assert outcome.status is Status.OPTIMAL
    assert outcome.values @ [1.0, -2.0] == pytest.approx(-2.0)
    assert 0.0 <= outcome.values @ [-3.0, 4.0] <= 4.0
