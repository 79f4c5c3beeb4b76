"""A proof within half a percent first: what a planner can use while the exact one is sought.

Where force floors leave the relaxation loose, HiGHS spends a minute at the root; a tree that
need not tell plans apart by less than half a percent is closed long before. Where the plan at
hand is far from the relaxation, what the two differ in is searched first: a tree closes as soon
as its cutoff falls.
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
from optimizer.fire_stations.neighbourhood import neighbour
from optimizer.linear import LinearProgram, Sense

NEARLY = 0.005  # of the incumbent's worth

Completed = Callable[[FloatArray], FloatArray | None]


@dataclass(frozen=True)
class Near:
    """A bound on the program, the best solution known, and whether they are as near as asked."""

    bound: float | None
    best: FloatArray
    reached: bool


class _Best:
    """The best solution known: told of each better one."""

    def __init__(
        self,
        program: LinearProgram,
        start: FloatArray,
        completed: Completed,
        control: RunControl,
    ) -> None:
        self.values = start
        self.worth = program.objective(start)
        self._program = program
        self._completed = completed
        self._control = control
        self._sign = 1.0 if program.sense == "min" else -1.0

    def hear(self, values: FloatArray) -> float | None:
        """Take the solution that the options of ``values`` mean, if better; return its worth."""
        found = self._completed(values)
        if found is None:
            return None
        worth = self._program.objective(found)
        if self._sign * (worth - self.worth) < 0.0:
            self.values, self.worth = found, worth
            self._control.improved(worth, None, found)
        return worth

    def within(self, share: float, bound: float) -> bool:
        """Return whether ``bound`` is within ``share`` of the worth."""
        return abs(self.worth - bound) <= share * abs(self.worth)


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
    root = session.safe_bound
    best = _Best(program, start, completed, control)
    if root is None or best.within(NEARLY, root):
        return Near(root, start, reached=root is not None)
    if not best.within(2.0 * NEARLY, root):
        found = neighbour(program, session.primal, start, control)
        if found is not None:
            best.hear(found)
        if best.within(NEARLY, root):
            return Near(root, best.values, reached=True)
    slack = NEARLY * abs(best.worth)
    reduced = fixed(program, best.values, slack, control, session)
    free = np.flatnonzero(reduced.integer & (reduced.upper > reduced.lower))
    session.change_bounds(np.arange(len(program.cost)), reduced.lower, reduced.upper)
    options = program.columns["option"]
    if session.solve(control) is not Status.OPTIMAL:
        return Near(root, best.values, reached=False)
    session.share()
    sessions = [session, *(session.twin() for _ in range(control.limits.threads - 1))]
    tree = BranchAndBound(
        sessions,
        free,
        free[(free >= options.start) & (free < options.stop)],
        incumbent=best.worth,
        slack=slack,
        judge=best.hear,
    )
    proof = tree.prove(control)
    return Near(proof.bound, best.values, reached=proof.finished)


def better_bound(outcome: Outcome, bound: float | None, sense: Sense) -> Outcome:
    """Return the outcome with the better of its bound and ``bound``, proven otherwise."""
    if bound is None or outcome.status is Status.INFEASIBLE:
        return outcome
    ends = [one for one in (outcome.bound, bound) if one is not None]
    return replace(outcome, bound=min(ends) if sense == "max" else max(ends))
