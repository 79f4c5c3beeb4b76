"""One solve with HiGHS."""

from dataclasses import dataclass, field

import highspy
import numpy as np

from models.run import Status, StopReason
from optimizer.backends import Capabilities, Outcome
from optimizer.backends.checking import (
    PROOFS,
    checked,
    holds,
    improves,
    refuse,
    repeatable,
    rounded,
    settled,
)
from optimizer.backends.highs.loading import NAME, duals, load, must, primal, run
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.journal import EARLY
from optimizer.linear import LinearProgram

# Where a few integers decide many continuous columns (covering, p-median), presolve probes for
# longer than the search takes: measured on 818 x 818 covering, 25 s of 25.6 s.
_FEW_INTEGERS = 0.25

CAPABILITIES = Capabilities(
    continuous=True,
    bound=True,
    cancel=True,
    incumbents=True,
    start=True,
    node_limit=True,
    duals=True,
    deterministic=True,
    deterministic_parallel=True,
)


_SMALL: dict[str, str | float | bool | int] = {
    "presolve": "off",
    "mip_detect_symmetry": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_pool_soft_limit": 10,  # cuts that outlive their use cost a fifth of the time
}

# Less strong branching and nothing that looks for better solutions: for starts that are good.
_PROVING: dict[str, str | float | bool] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_pscost_minreliable": 1,
}


@repeatable
def solve(
    program: LinearProgram,
    control: RunControl,
    *,
    start: FloatArray | None = None,
    absolute_gap: float = 0.0,
    small: bool = False,
    proving: bool = False,
) -> Outcome:
    """Solve ``program`` until bound and objective are within ``absolute_gap``.

    An unbounded program raises. Only programs with integer columns report improvements. ``small``
    leaves out presolve, symmetry and heuristics, which take longer than a small program itself:
    50 columns and 10 rows take 2 ms instead of 7 by the median. ``proving`` says that the start is
    likely the best there is, so that all effort goes into the bound.
    """
    return _solve(
        program, control, start=start, absolute_gap=absolute_gap, small=small, proving=proving
    )


def _solve(
    program: LinearProgram,
    control: RunControl,
    *,
    start: FloatArray | None = None,
    absolute_gap: float = 0.0,
    small: bool = False,
    proving: bool = False,
) -> Outcome:
    refuse("HiGHS", CAPABILITIES, program, control, start)
    done = settled(program, NAME)
    if done is not None:
        return done
    highs = load(program, control.limits)
    must(highs.setOptionValue("mip_abs_gap", absolute_gap), "the gap")
    special = {**(_SMALL if small else {}), **(_PROVING if proving else {})}
    for option, value in special.items():
        must(highs.setOptionValue(option, value), f"option {option}")
    if not small and program.integer.mean() < _FEW_INTEGERS:
        must(highs.setOptionValue("presolve", "off"), "option presolve")
    if start is not None and program.integer.any():
        every = np.arange(len(start), dtype=np.int32)
        must(highs.setSolution(len(start), every, start), "the start")
    watch = _Watch(program, control)
    if start is not None and program.integer.any() and holds(program, start):
        # Told beforehand: HiGHS tells of its start at some time, and where its time is up at once.
        begun = watch.begun(start)
        if begun is not None:
            return begun
    watch.listen(highs)
    status = run(highs, control.remaining_s)
    outcome = watch.outcome(highs, status)
    control.raise_failure()
    if start is not None and _start_stuck(program, highs, outcome):
        return _solve(program, control, absolute_gap=absolute_gap)
    return checked(program, outcome, start=start, absolute_gap=absolute_gap)


def _start_stuck(program: LinearProgram, highs: highspy.Highs, outcome: Outcome) -> bool:
    """Return whether HiGHS claims an optimum and hands back values that are worth less.

    Seen in 1.16: presolve turns the start into a better point of the reduced program, the
    search ends there, and the values returned are the start's own.
    """
    if outcome.status is not Status.OPTIMAL or outcome.values is None:
        return False
    claimed = highs.getInfo().objective_function_value
    return abs(claimed - program.objective(outcome.values)) > 1e-6 * max(1.0, abs(claimed))


@dataclass
class _Watch:
    """Hears the callbacks of one solve; nothing here may raise while it runs."""

    program: LinearProgram
    control: RunControl
    values: FloatArray | None = field(default=None, init=False)
    best: float | None = field(default=None, init=False)
    stop: StopReason | None = field(default=None, init=False)

    def listen(self, highs: highspy.Highs) -> None:
        """Subscribe to improvements and to everything that can interrupt."""
        highs.cbMipImprovingSolution += self._improve
        highs.cbMipInterrupt += self._interrupt
        highs.cbSimplexInterrupt += self._interrupt
        highs.cbIpmInterrupt += self._interrupt

    def begun(self, start: FloatArray) -> Outcome | None:
        """Tell of the start; return the outcome where a replay ends with it."""
        self._offer(start, None)
        if self.control.stop is not StopReason.WORK:
            return None
        stop, ordinal = StopReason.WORK, self.control.ordinal
        return Outcome(Status.FEASIBLE, stop, self.values, None, NAME, ordinal=ordinal)

    def outcome(self, highs: highspy.Highs, status: Status) -> Outcome:
        """Return the solve's outcome as HiGHS tells it."""
        mixed = bool(self.program.integer.any())
        values = primal(highs)
        info = highs.getInfo()
        # Where it was ended early only what it told of counts: a replay hears of no more.
        ended = self.stop is StopReason.WORK or self._reason(highs, status) in EARLY
        if mixed and values is not None and not ended:
            self._offer(values, None)
        proved = status is Status.OPTIMAL
        bound = info.mip_dual_bound if mixed else info.objective_function_value
        return Outcome(
            status=status,
            stop=self._reason(highs, status),
            values=self.values if mixed else values,
            bound=bound if mixed or proved else None,
            backend=NAME,
            node_count=max(0, info.mip_node_count) if mixed else None,
            duals=duals(highs) if proved and not mixed else None,
            ordinal=self.control.ordinal or None,
        )

    def _reason(self, highs: highspy.Highs, status: Status) -> StopReason:
        if status in PROOFS:
            return StopReason.PROOF
        if highs.getModelStatus() == highspy.HighsModelStatus.kSolutionLimit:
            return StopReason.WORK
        return self.stop or StopReason.TIME

    def _improve(self, event: highspy.HighsCallbackEvent) -> None:
        # HiGHS may find another solution before it looks at the interrupt; a replay must not.
        if self.stop is StopReason.WORK:
            return
        found = np.array(event.data_out.mip_solution, dtype=np.float64)
        self._offer(found, event.data_out.mip_dual_bound)
        if self.control.stop is StopReason.WORK:
            self.stop = StopReason.WORK

    def _offer(self, values: FloatArray, bound: float | None) -> None:
        tidy = rounded(self.program, values)
        objective = self.program.objective(tidy)
        if improves(self.program, objective, self.best):
            self.values, self.best = tidy, objective
            self.control.improved(objective, bound, tidy)

    def _interrupt(self, event: highspy.HighsCallbackEvent) -> None:
        self.stop = self.stop or self.control.stop
        if self.stop is not None:
            event.interrupt()
