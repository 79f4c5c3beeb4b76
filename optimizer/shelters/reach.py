"""The longest walk made as short as can be, by bisection over the walks there are.

Whether anybody must walk farther than a given distance is a question without a long walk in it,
and its relaxation is as good as that of the rules. The relaxation is asked first: what it rules out
needs no branching. What cannot be moves the bound, what is found the plan.

Minieka, E. (1970). The m-center problem. SIAM Review 12(1).
"""

from dataclasses import dataclass

import numpy as np

from models.run import Status, StopReason
from models.shelters.objectives import WorstWalk
from optimizer.backends import Outcome
from optimizer.backends.highs import LpSession
from optimizer.backends.table import Solver
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.shelters.formulation import Formulation

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Reach:
    """One level of the longest walk; ``program`` holds the rules and the levels before."""

    formulation: Formulation
    program: LinearProgram
    backend: Solver

    def search(self, start: FloatArray | None, control: RunControl) -> Outcome:
        """Return the plan of the shortest longest walk found from ``start``, and its bound."""
        found = start
        if found is None:
            first = self.backend.solve(self.program, quiet(control))
            if first.values is None:
                return first
            found = first.values
            control.improved(self._worst(found), None, found)
        best, walks = self._worst(found), self._walks()
        high = int(np.searchsorted(walks, best * (1.0 - _ROUNDING)))
        low = self._relaxed(walks, high, control)
        guess = low
        while low < high and control.halted is None:
            outcome = self._within(float(walks[guess]), control)
            if outcome.status is Status.INFEASIBLE:
                low = guess + 1
            elif outcome.values is None:
                break
            else:
                found, best = outcome.values, self._worst(outcome.values)
                high = int(np.searchsorted(walks, best * (1.0 - _ROUNDING)))
                control.improved(best, float(walks[low]), found)
            guess = (low + high) // 2
        proven = low >= high
        return Outcome(
            status=Status.OPTIMAL if proven else Status.FEASIBLE,
            stop=StopReason.PROOF if proven else control.halted or StopReason.TIME,
            values=found,
            bound=min(best, float(walks[low])),
            backend="bisection",
            ordinal=control.ordinal or None,
        )

    def _worst(self, values: FloatArray) -> float:
        return self.formulation.solution(values).objective(WorstWalk())

    def _walks(self) -> FloatArray:
        """Return the walks there are, ascending; 0 where nobody walks."""
        return np.unique(np.append(self.formulation.instance.arcs.walk_m, 0.0))

    def _within(self, reach_m: float, control: RunControl) -> Outcome:
        return self.backend.solve(self.formulation.within(self.program, reach_m), quiet(control))

    def _relaxed(self, walks: FloatArray, high: int, control: RunControl) -> int:
        """Return the first walk that the linear relaxation does not rule out."""
        go = self.program.columns["go"]
        arcs = np.arange(go.start, go.stop)
        walk_m, upper = self.formulation.instance.arcs.walk_m, self.program.upper[go]
        session, watch, low = LpSession(self.program, control.limits), quiet(control), 0
        while low < high:
            middle = (low + high) // 2
            most = np.where(walk_m > walks[middle], 0.0, upper)
            session.change_bounds(arcs, self.program.lower[go], most)
            status = session.solve(watch)
            if status is Status.INFEASIBLE:
                low = middle + 1
            elif status is Status.OPTIMAL:
                high = middle
            else:
                break
        return low
