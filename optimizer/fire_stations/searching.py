"""One search of a level's program: scaled for the solver, reduced, solved, its bound made whole."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

from optimizer.backends import Outcome
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.fixing import fixed, no_better
from optimizer.fire_stations.nearly import better_bound
from optimizer.fire_stations.scaling import scaled
from optimizer.judging import PROVEN_GAP
from optimizer.linear import LinearProgram


class Scale(NamedTuple):
    """What a level's objective is multiplied by, and the step between its values, if any.

    A plan is proven when none is better by a step, or by ``slack`` where there is none.
    """

    factor: float
    step: float | None
    slack: float = 0.0


class Reduced(NamedTuple):
    """A program without plans that are not needed, and what is known of the whole one."""

    program: LinearProgram
    start: FloatArray | None
    control: RunControl
    bound: float | None = None


Reduce = Callable[[LinearProgram, FloatArray | None, float, RunControl], Reduced]


class Solve(Protocol):
    """A backend's one function."""

    def __call__(
        self,
        program: LinearProgram,
        control: RunControl,
        *,
        start: FloatArray | None = None,
        absolute_gap: float = 0.0,
    ) -> Outcome:
        """Return what the solver said."""


def settled(
    program: LinearProgram, start: FloatArray | None, gap: float, control: RunControl
) -> Reduced:
    """Return ``program`` without the options that no plan better than ``start`` can move."""
    if start is not None and program.violation(start, relative=True) <= PROVEN_GAP:
        program = fixed(program, start, gap, control)
    return Reduced(program, start, control)


def searched(
    program: LinearProgram,
    start: FloatArray | None,
    control: RunControl,
    *,
    scale: Scale,
    solve: Solve,
    reduce: Reduce = settled,
) -> Outcome:
    """Return the best of ``program`` and its bound, in the objective's own unit."""
    factor, step, slack = scale
    gap = 0.9 * step * factor if step else slack * factor
    cost = scaled(program.cost, factor, step)
    whole = program.with_cost(cost, program.sense, program.offset * factor)
    left = reduce(whole, start, gap, control)
    outcome = solve(left.program, left.control, start=left.start, absolute_gap=gap)
    outcome = no_better(left.program, outcome, left.start)
    outcome = better_bound(outcome, left.bound, program.sense)
    bound = None if outcome.bound is None else outcome.bound / factor
    return replace(outcome, bound=bound)
