"""A good staffing to start from: the glue between the program and the search on arrays."""

import numpy as np

from optimizer.algorithms.sharing import Shared, share_out, trimmed
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.staffing.program import StaffingProgram
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
        stop=lambda: control.stop is not None,
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
    values[linear.columns["common_total"]] = program.common_totals(int(shared[-1].sum()))
    return program.values(linear, program.units(linear, values))
