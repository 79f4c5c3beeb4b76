"""Columns settled by reduced costs, against every point of small programs."""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits, Status, StopReason
from optimizer.backends import Outcome
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.fixing import fixed, no_better
from optimizer.linear import Builder, LinearProgram, Sense

CASES = [(seed, sense) for seed in range(8) for sense in ("min", "max")]


def drawn(seed: int, sense: Sense) -> LinearProgram:
    """Return a covering (or packing) program over seven columns, some of them up to 2."""
    rng = np.random.default_rng(seed)
    builder = Builder(sense, offset=3.0)
    upper = rng.integers(1, 3, 7)
    builder.add_columns("take", rng.integers(1, 40, 7), upper=upper)
    weight = np.where(rng.random((4, 7)) < 0.6, rng.integers(1, 9, (4, 7)), 0)
    limit = 0.4 * weight @ upper
    lower, most = (limit, np.inf) if sense == "min" else (-np.inf, limit)
    builder.add_rows("limit", {"take": csr_array(weight.astype(float))}, lower=lower, upper=most)
    return builder.build()


def worth(program: LinearProgram, values: FloatArray) -> float:
    """Return the objective, counted so that less is better."""
    return program.objective(values) * (1.0 if program.sense == "min" else -1.0)


def points(program: LinearProgram) -> list[FloatArray]:
    """Return every feasible point, the best first."""
    limits = zip(program.lower, program.upper, strict=True)
    ranges = [range(int(low), int(high) + 1) for low, high in limits]
    every = (np.array(point, dtype=np.float64) for point in product(*ranges))
    feasible = [point for point in every if program.violation(point) <= 1e-9]
    return sorted(feasible, key=lambda point: worth(program, point))


def settle(program: LinearProgram, start: FloatArray, slack: float = 0.0) -> LinearProgram:
    return fixed(program, start, slack, RunControl(RunLimits()))


def settled(program: LinearProgram) -> int:
    return int(np.sum(program.lower == program.upper))


@pytest.mark.parametrize(("seed", "sense"), CASES)
@pytest.mark.parametrize("slack", [0.0, 2.0, 7.0])
def test_no_plan_that_beats_the_start_by_more_than_the_slack_is_lost(
    seed: int, sense: Sense, slack: float
) -> None:
    program = drawn(seed, sense)
    ranked = points(program)
    for start in ranked[:: max(1, len(ranked) // 6)]:
        after = settle(program, start, slack)
        limit = worth(program, start) - slack - 1e-6
        better = [point for point in ranked if worth(program, point) < limit]
        assert all(after.violation(point) <= 1e-9 for point in better)


@pytest.mark.parametrize(("seed", "sense"), CASES)
def test_the_start_stays_in_the_program(seed: int, sense: Sense) -> None:
    program = drawn(seed, sense)
    for start in points(program)[:5]:
        assert settle(program, start).violation(start) <= 1e-9


@pytest.mark.parametrize(("seed", "sense"), CASES)
def test_nothing_but_bounds_changes(seed: int, sense: Sense) -> None:
    program = drawn(seed, sense)
    after = settle(program, points(program)[0])
    assert (after.lower >= program.lower).all()
    assert (after.upper <= program.upper).all()
    assert after.objective(np.ones(7)) == program.objective(np.ones(7))


def test_an_optimal_start_settles_columns_and_a_poor_one_fewer() -> None:
    programs = [drawn(seed, sense) for seed, sense in CASES]
    good = sum(settled(settle(program, points(program)[0])) for program in programs)
    poor = sum(settled(settle(program, points(program)[-1])) for program in programs)
    assert good > poor


def test_columns_that_need_not_be_whole_are_never_settled() -> None:
    program = drawn(1, "min").relaxed()
    assert settled(settle(program, points(program)[0])) == 0


def test_no_time_settles_nothing() -> None:
    program = drawn(0, "min")
    control = RunControl(RunLimits(time_limit_s=1e-9))
    assert fixed(program, points(program)[0], 0.0, control) is program


@pytest.mark.parametrize("sense", ["min", "max"])
def test_a_bound_never_speaks_against_the_start(sense: Sense) -> None:
    program = drawn(0, sense)
    best, poor = (points(program)[place] for place in (0, -1))
    claimed = Outcome(Status.OPTIMAL, StopReason.PROOF, best, program.objective(poor), "highs")
    assert no_better(program, claimed, best).bound == program.objective(best)
    assert no_better(program, claimed, None).bound == program.objective(poor)
