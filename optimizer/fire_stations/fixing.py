"""Reduced-cost fixing: options that no better plan can take, or leave, are settled beforehand.

The relaxation's duals prove a bound :math:`L` (recomputed safely); a plan that moves a column
away from the limit where its reduced cost :math:`d_j` holds it cannot be worth more than
:math:`L` moved by :math:`d_j`. If that is no better than the plan at hand, the column is settled.
"""

from dataclasses import replace

import numpy as np

from models.run import Status
from optimizer.backends import Outcome
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram

_SHARE = 0.3  # of the level's time, at most, for the relaxation


def fixed(
    program: LinearProgram,
    start: FloatArray,
    slack: float,
    control: RunControl,
    session: LpSession | None = None,
) -> LinearProgram:
    """Return ``program`` without the plans that beat ``start`` by at most ``slack``.

    ``start`` itself stays. The program comes back as it is where the relaxation is not solved
    in its share of the time; ``session`` may hold it solved.
    """
    if session is None:
        session = LpSession(program, control.limits)
        if session.solve(control.share(_SHARE)) is not Status.OPTIMAL:
            return program
    bound = session.safe_bound
    if bound is None:
        return program
    sign = 1.0 if program.sense == "min" else -1.0
    room = sign * (program.objective(start) - bound) - slack
    pull = sign * (program.cost - program.matrix.T @ session.dual)
    low = program.integer & (pull > room) & (start == program.lower)
    high = program.integer & (-pull > room) & (start == program.upper)
    upper = np.where(low, program.lower, program.upper)
    lower = np.where(high, program.upper, program.lower)
    return program.with_bounds(lower, upper)


def no_better(program: LinearProgram, outcome: Outcome, start: FloatArray | None) -> Outcome:
    """Return the outcome with a bound that speaks of settled columns too.

    They were settled because no plan that moves them beats the start by more than the gap.
    """
    if start is None or outcome.bound is None:
        return outcome
    ours = program.objective(start)
    bound = max(outcome.bound, ours) if program.sense == "max" else min(outcome.bound, ours)
    return replace(outcome, bound=bound)
