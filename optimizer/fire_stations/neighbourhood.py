"""A better plan where relaxation and plan nearly agree: a search of what they differ in.

Options that the relaxed solution takes as the plan does are kept, and the small program that is
left is solved. Danna, E., Rothberg, E. and Le Pape, C. (2005). Exploring relaxation induced
neighborhoods to improve MIP solutions. Mathematical Programming 102(1).
"""

from functools import partial

import numpy as np

from models.run import StopReason
from optimizer.backends import Outcome
from optimizer.backends.highs import solve
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet

_APART = 0.02  # options that differ less are kept
_MOST_OPEN = 40  # options left open, those that differ most: with more the program is no small one
_NODES = 2_000
_SHARE = 0.4  # of the seconds left
_FINE = 5e-4  # of the plan's worth: what is better by less is left to the tree


def neighbour(
    program: LinearProgram, relaxed: FloatArray, start: FloatArray, control: RunControl
) -> FloatArray | None:
    """Return the best solution that keeps what ``relaxed`` and ``start`` agree in.

    ``relaxed`` (column,) is the program's relaxed solution. None where the two agree in all, or
    where the clock ended the search; the solution's options may break what the program leaves out.
    """
    options = program.columns["option"]
    apart = np.abs(relaxed[options] - start[options])
    most = np.argsort(-apart, kind="stable")[:_MOST_OPEN]
    kept = np.ones(len(apart), dtype=np.bool_)
    kept[most[apart[most] >= _APART]] = False
    if kept.all():
        return None
    fixed = options.start + np.flatnonzero(kept)
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[fixed] = upper[fixed] = start[fixed]
    small = program.with_bounds(lower, upper)
    outcome = control.attempt(partial(_solved, small, start, control.aside()))
    return None if outcome is None else outcome.values


def _solved(program: LinearProgram, start: FloatArray, control: RunControl) -> Outcome | None:
    """Return how the small program went, None where the clock ended it."""
    part = quiet(control, _SHARE)
    part.limits = part.limits.model_copy(update={"node_limit": _NODES, "threads": 1})
    gap = _FINE * abs(program.objective(start))
    outcome = solve(program, part, start=start, absolute_gap=gap)
    return None if outcome.stop in (StopReason.TIME, StopReason.CANCELLED) else outcome
