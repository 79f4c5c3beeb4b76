"""A good staffing to start from: the glue between the program and the search on arrays."""

import numpy as np

from optimizer.algorithms.sharing import Shared, share_out, trimmed
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.staffing.program import StaffingProgram
from optimizer.fire_stations.staffing.resources import IntArray
from optimizer.linear import LinearProgram


def spread(
    program: StaffingProgram, linear: LinearProgram, values: FloatArray, control: RunControl
) -> FloatArray:
    """Return values at which full force reaches no less than at ``values``, searched from there."""
    problem = program.sharing

    def improved(shared: Shared) -> None:
        worth = program.met_weight + problem.met(shared)
        control.improved(worth, None, _as_values(program, linear, shared))

    found = share_out(
        problem,
        _shared(program, linear, values),
        seed=control.limits.seed,
        stop=lambda: control.halted is not None,
        improved=improved,
    )
    return _as_values(program, linear, found)


def spared(program: StaffingProgram, linear: LinearProgram, values: FloatArray) -> FloatArray:
    """Return values at which full force reaches as much with fewer hired and bought, if any."""
    resources = program.resources
    movable = [resources.people, *(resources.vehicles[t] for t in program.explicit)]
    dear = [
        (-one.price * one.each, kind)
        for kind, one in enumerate(movable)
        if not one.short  # of what is short, everything has a place
    ]
    common = max((resources.vehicles[t].price for t in program.common), default=0.0)
    kinds = [kind for _, kind in sorted([*dear, (-common, len(movable))])]
    shared = trimmed(program.sharing, _shared(program, linear, values), kinds)
    return _as_values(program, linear, shared)


def _shared(program: StaffingProgram, linear: LinearProgram, values: FloatArray) -> Shared:
    return tuple(
        np.round(values[linear.columns[name]]).astype(np.int64) for name in program.unit_blocks
    )


def _as_values(program: StaffingProgram, linear: LinearProgram, shared: Shared) -> FloatArray:
    values = np.zeros(len(linear.cost))
    for name, units in zip(program.unit_blocks, shared, strict=True):
        values[linear.columns[name]] = units
    values[linear.columns["common_total"]] = _by_type(program, int(shared[-1].sum()))
    return program.values(linear, program.units(linear, values))


def _by_type(program: StaffingProgram, count: int) -> IntArray:
    """Return ``count`` vehicles of common types, above the norms, by type (common type,).

    Those at hand first, then the cheapest.
    """
    every = [program.resources.vehicles[t] for t in program.common]
    beyond = np.array([one.at_hand - int(one.norm.sum()) for one in every], dtype=np.int64)
    at_hand = np.clip(beyond, 0, program.common_spare)
    order = np.argsort([one.price for one in every], kind="stable")
    offers = np.concatenate([at_hand, (program.common_spare - at_hand)[order]])
    taken = np.diff(np.minimum(np.cumsum(offers), count), prepend=0)
    totals: IntArray = taken[: len(every)].copy()
    totals[order] += taken[len(every) :]
    return totals
