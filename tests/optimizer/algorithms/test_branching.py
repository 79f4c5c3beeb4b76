"""Branch and bound on warm relaxations: what it proves is true, whoever solves it."""

from threading import Event

import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits, Status
from optimizer.algorithms.branching import BranchAndBound, Proof
from optimizer.backends import highs
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram

SEEDS = range(12)
LIMITS = RunLimits(threads=1)


def knapsacks(seed: int) -> LinearProgram:
    """Return a program of whole columns whose relaxation is loose."""
    rng = np.random.default_rng(seed)
    rows, columns = 6, 18
    weights = rng.integers(5, 40, (rows, columns)).astype(float)
    sense = "max" if seed % 2 else "min"
    half = weights.sum(axis=1) / 2.5
    free = np.full(rows, np.inf)
    return LinearProgram(
        cost=rng.integers(3, 30, columns).astype(float),
        lower=np.zeros(columns),
        upper=np.ones(columns),
        integer=np.ones(columns, dtype=bool),
        matrix=csr_array(weights),
        row_lower=-free if sense == "max" else half,
        row_upper=half if sense == "max" else free,
        columns={"first": slice(0, 9), "rest": slice(9, columns)},
        rows={"knapsack": slice(0, rows)},
        sense=sense,
    )


def optimum(program: LinearProgram) -> float:
    outcome = highs.solve(program, RunControl(LIMITS))
    assert outcome.status is Status.OPTIMAL
    return program.objective(outcome.values)


def worst(program: LinearProgram) -> float:
    """Return the objective of a solution anybody knows: nothing taken, or everything."""
    all_or_none = np.full(len(program.cost), 0.0 if program.sense == "max" else 1.0)
    assert program.violation(all_or_none) <= 1e-9
    return program.objective(all_or_none)


def proof_of(
    program: LinearProgram,
    incumbent: float,
    *,
    slack: float = 0.0,
    sessions: int = 1,
    control: RunControl | None = None,
    first: slice = slice(0, 18),
) -> Proof:
    def judge(values: FloatArray) -> float | None:
        whole = np.round(values)
        return program.objective(whole) if program.violation(whole) <= 1e-6 else None

    root = LpSession(program, LIMITS)
    assert root.solve(RunControl(LIMITS)) is Status.OPTIMAL
    root.share()
    columns = np.arange(len(program.cost))
    tree = BranchAndBound(
        [root, *(root.twin() for _ in range(sessions - 1))],
        columns,
        columns[first],
        incumbent=incumbent,
        slack=slack,
        judge=judge,
    )
    return tree.prove(control or RunControl(LIMITS))


@pytest.mark.parametrize("first", [slice(0, 18), slice(0, 9)])
@pytest.mark.parametrize("sessions", [1, 2])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_finished_tree_finds_the_optimum(seed: int, sessions: int, first: slice) -> None:
    program = knapsacks(seed)
    proof = proof_of(program, worst(program), sessions=sessions, first=first)
    assert proof.finished
    assert proof.bound == pytest.approx(optimum(program), rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_proof_within_a_slack_is_that_far_from_the_optimum_and_smaller(seed: int) -> None:
    program = knapsacks(seed)
    best = optimum(program)
    sign = 1.0 if program.sense == "min" else -1.0
    exact, near = (proof_of(program, best, slack=slack) for slack in (0.0, 0.05 * best))
    assert near.finished
    assert near.bound == pytest.approx(best - sign * 0.05 * best)
    assert near.node_count <= exact.node_count


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_sessions_make_the_same_tree(seed: int) -> None:
    program = knapsacks(seed)
    once, again = (proof_of(program, worst(program), sessions=2) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tree_that_is_stopped_still_bounds_the_optimum(seed: int) -> None:
    class Later(Event):
        """A stop button that is pressed after some questions."""

        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 12

    program = knapsacks(seed)
    control = RunControl(LIMITS, cancel=Later())
    proof = proof_of(program, worst(program), control=control)
    sign = 1.0 if program.sense == "min" else -1.0
    assert not proof.finished
    assert sign * (optimum(program) - proof.bound) >= -1e-6
    root = LpSession(program, LIMITS)
    root.solve(RunControl(LIMITS))
    assert sign * (proof.bound - root.objective) >= -1e-6
