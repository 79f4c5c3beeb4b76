"""The whole program, level by level: what slots alone cannot decide."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.sparse import csr_array

from models.run import StopReason
from optimizer.backends.checking import PROOFS
from optimizer.backends.highs import solve as solve_with_highs
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.dispatch.formulation import Formulation
from optimizer.dispatch.solution import Solution, best
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram

_KEPT = 1e-6  # how much of a level a later one may lose to rounding


@dataclass
class Level:
    """How one level ended: its bound, and whether it is proven."""

    bound: float | None = None
    proven: bool = False
    stop: StopReason = StopReason.TIME
    nodes: int = 0


def search(
    formulation: Formulation, start: Solution, control: RunControl
) -> tuple[Solution, list[Level]]:
    """Return the best plan found and how severity, reserve and response ended."""
    program = formulation.program
    costs = [
        (-formulation.severity_cost(), "severity"),
        (formulation.reserve_cost(), "reserve"),
        (formulation.response_cost(), "response"),
    ]
    levels = [Level() for _ in costs]
    incumbent = start
    for number, (level, (cost, name)) in enumerate(zip(levels, costs, strict=True)):
        if control.stop is not None:
            break
        values = formulation.start(incumbent)
        program = program.with_cost(cost, "min")
        if not cost.any():
            level.bound, level.proven, level.stop = 0.0, True, StopReason.PROOF
            continue
        part = control.share(0.9, level=number, describe=partial(_described, formulation, number))
        incumbent = _level(formulation, program, (incumbent, values), part, level)
        reached = float(cost @ formulation.start(incumbent))
        program = _held(program, name, cost, reached)
        if not level.proven:
            break
    return incumbent, levels


def _level(
    formulation: Formulation,
    program: LinearProgram,
    start: tuple[Solution, np.ndarray],
    control: RunControl,
    level: Level,
) -> Solution:
    fits = program.violation(start[1]) <= 1e-6
    try:
        outcome = solve_with_highs(program, control, start=start[1] if fits else None)
    except BackendError:  # The first plan stands; the level stays without proof.
        return start[0]
    level.bound, level.stop = outcome.bound, outcome.stop
    level.proven = outcome.status in PROOFS
    level.nodes = outcome.node_count or 0
    if outcome.values is None:
        return start[0]
    return best(start[0], formulation.solution(outcome.values))


def _described(formulation: Formulation, level: int, values: FloatArray) -> Described:
    """Return what a level's values are worth; the program leaves out what is fixed."""
    found = formulation.solution(values)
    worth = (found.severity, float(found.shortfall), found.response)[level]
    return Described(worth, bounded=False)


def _held(program: LinearProgram, name: str, cost: np.ndarray, reached: float) -> LinearProgram:
    """Return the program in which a level keeps what it reached."""
    row = csr_array(cost[None, :])
    return program.with_rows(f"held_{name}", row, -np.inf, reached + _KEPT * max(1.0, abs(reached)))
