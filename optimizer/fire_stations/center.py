"""The smallest worst time (p-center) by bisection over the times it can take.

Whether every point can be reached within :math:`T` is a set-cover question, whose relaxation is
tight where that of the worst time itself is loose. The times a plan can have are finitely many, so
bisection proves the least one: what is infeasible moves the bound, what is found the plan.

Minieka, E. (1970). The m-center problem. SIAM Review 12(1).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from models.fire_stations.objectives import Combination, WorstTime
from models.run import Status, StopReason
from optimizer.backends import Outcome
from optimizer.backends.table import Solver
from optimizer.control import RunControl
from optimizer.coverage import TOLERANCE_S, Words, row_blocks, unpack
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation import Floor, Formulation
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.formulation.sets import Within
from optimizer.fire_stations.options import BoolArray
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet

_MANY_SETS = 5_000  # beyond which comparing all pairs of sets costs more than it saves


def applies(formulation: Formulation, level: int) -> bool:
    """Return whether a level is one worst time, over one scenario or the worst of them."""
    request = formulation.instance.request
    objective = request.objectives[level]
    return (
        isinstance(objective, WorstTime)
        and request.combination is Combination.LEXICOGRAPHIC
        and (objective.scenarios == "worst" or formulation.instance.scenario_count == 1)
    )


@dataclass(frozen=True)
class Center:
    """One level of worst time, with the floors of the levels before it."""

    formulation: Formulation
    level: int
    floors: tuple[Floor, ...]
    backend: Solver

    @property
    def _objective(self) -> WorstTime:
        objective = self.formulation.instance.request.objectives[self.level]
        assert isinstance(objective, WorstTime)
        return objective

    def search(self, chosen: BoolArray, control: RunControl) -> Outcome:
        """Return the best plan found from ``chosen``, and the least time not ruled out."""
        part = self.formulation.part(self.level)
        best = self.formulation.value(part, chosen)
        times = self._times(best)
        low, high = 0, len(times) - 1  # times[high] is attained; below times[low] nothing is
        status = Status.OPTIMAL
        while low < high and control.halted is None:
            middle = (low + high) // 2
            outcome = self._within(float(times[middle]), control)
            if outcome is None or outcome.status is Status.INFEASIBLE:
                low = middle + 1
            elif outcome.values is None:
                break
            else:
                chosen = outcome.values[: len(chosen)] > 0.5
                best = self.formulation.value(part, chosen)
                high = int(np.searchsorted(times, best - TOLERANCE_S))
                control.improved(best, float(times[low]), outcome.values)
        stop = StopReason.PROOF
        if low < high:
            status, stop = Status.FEASIBLE, control.halted or StopReason.TIME
        return Outcome(
            status=status,
            stop=stop,
            values=chosen.astype(np.float64),
            bound=min(best, float(times[low])),
            backend="bisection",
            ordinal=control.ordinal or None,
        )

    def _times(self, most: float) -> FloatArray:
        """Return the times that a worst time can take, up to ``most``, ascending."""
        instance = self.formulation.instance
        points = np.flatnonzero(instance.weight(self._objective.weight) > 0)
        posts = np.flatnonzero(instance.possible_posts)
        least, found = 0.0, [np.array([most])]
        for scenario in range(instance.scenario_count):
            for rows in row_blocks(len(instance.demand), len(posts)):
                times = instance.response_s(scenario, rows, posts)
                times = times[points[(points >= rows.start) & (points < rows.stop)] - rows.start]
                times = np.minimum(times, self._objective.unreached_s)
                least = max(least, float(times.min(axis=1, initial=most).max(initial=0.0)))
                found.append(np.unique(times[times <= most]))
        every = np.unique(np.concatenate(found))
        return every[every >= least - TOLERANCE_S]

    def _within(self, within_s: float, control: RunControl) -> Outcome | None:
        """Ask for any plan that reaches every point in time; None where no post could."""
        rows = self._rows(within_s)
        if rows is None:
            return None
        program = self.formulation.program(Part("min", (), Expression()), self.floors)
        if not self.backend.CAPABILITIES.continuous:
            program = program.whole()
        return self.backend.solve(_with_posts(program, rows), quiet(control))

    def _rows(self, within_s: float) -> csr_array | None:
        """Return the sets of posts (set, post) of which one must open."""
        instance = self.formulation.instance
        within = Within.of(instance, within_s)
        used = np.zeros(len(within.sets), dtype=np.bool_)
        used[np.unique(within.group[:, instance.weight(self._objective.weight) > 0])] = True
        if within_s >= self._objective.unreached_s:
            used[:] = False
        if (used & within.never).any():
            return None
        return unpack(_smallest(within.sets[used & ~within.always]), len(instance.posts))


def _smallest(sets: Words) -> Words:
    """Return the sets that contain no other: whoever opens one of each, opens one of all."""
    if not 1 < len(sets) <= _MANY_SETS:
        return sets
    size = np.bitwise_count(sets).sum(axis=1)
    order = np.argsort(size, kind="stable")
    kept: list[int] = []
    for index in order.tolist():
        inside = sets[kept] & sets[index] == sets[kept] if kept else np.zeros((0, 1), dtype=bool)
        if not inside.all(axis=1).any():
            kept.append(index)
    return sets[np.array(kept, dtype=np.intp)]


def _with_posts(program: LinearProgram, rows: csr_array) -> LinearProgram:
    at = program.columns["post"]
    width = len(program.cost)
    shifted = csr_array((rows.data, rows.indices + at.start, rows.indptr), (rows.shape[0], width))
    return program.with_rows("reach", shifted, 1.0, np.inf)
