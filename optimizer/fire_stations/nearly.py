"""A proof within half a percent first: what a planner can use while the exact one is sought.

Where force floors leave the relaxation loose, HiGHS spends a minute at the root; a tree that
need not tell plans apart by less than half a percent is closed long before.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.run import Status
from optimizer.algorithms.branching import BranchAndBound
from optimizer.backends import Outcome
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.fixing import fixed
from optimizer.linear import LinearProgram, Sense

NEARLY = 0.005  # of the incumbent's worth

Completed = Callable[[FloatArray], FloatArray | None]


@dataclass(frozen=True)
class Near:
    """A bound on the program, the best solution known, and whether they are as near as asked."""

    bound: float | None
    best: FloatArray
    reached: bool


def nearly_proven(
    program: LinearProgram,
    session: LpSession,
    start: FloatArray,
    control: RunControl,
    completed: Completed,
) -> Near:
    """Prove ``start``, or something better, to be within ``NEARLY`` of the best.

    ``session`` holds ``program``, its relaxation solved, and is used up. ``completed`` turns a
    relaxed solution with whole options into the solution its options mean, None where they
    break a rule.
    """
    root, worth = session.safe_bound, program.objective(start)
    slack = NEARLY * abs(worth)
    if root is None or abs(worth - root) <= slack:
        return Near(root, start, reached=root is not None)
    reduced = fixed(program, start, slack, control, session)
    free = np.flatnonzero(reduced.integer & (reduced.upper > reduced.lower))
    session.change_bounds(np.arange(len(program.cost)), reduced.lower, reduced.upper)
    options = program.columns["option"]
    sign = 1.0 if program.sense == "min" else -1.0
    best = [start]

    def judged(values: FloatArray) -> float | None:
        found = completed(values)
        if found is None:
            return None
        objective = program.objective(found)
        if sign * (objective - program.objective(best[-1])) < 0.0:
            best.append(found)
            control.improved(objective, None, found)
        return objective

    if session.solve(control) is not Status.OPTIMAL:
        return Near(root, start, reached=False)
    session.share()
    sessions = [session, *(session.twin() for _ in range(control.limits.threads - 1))]
    tree = BranchAndBound(
        sessions,
        free,
        free[(free >= options.start) & (free < options.stop)],
        incumbent=worth,
        slack=slack,
        judge=judged,
    )
    proof = tree.prove(control)
    return Near(proof.bound, best[-1], reached=proof.finished)


def better_bound(outcome: Outcome, bound: float | None, sense: Sense) -> Outcome:
    """Return the outcome with the better of its bound and ``bound``, proven otherwise."""
    if bound is None or outcome.status is Status.INFEASIBLE:
        return outcome
    ends = [one for one in (outcome.bound, bound) if one is not None]
    return replace(outcome, bound=min(ends) if sense == "max" else max(ends))
