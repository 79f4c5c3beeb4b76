"""A good staffing to start from: the glue between the program and the search on arrays."""

import numpy as np

from optimizer.algorithms.sharing import Shared, share_out
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.staffing.program import StaffingProgram
from optimizer.linear import LinearProgram


def spread(
    program: StaffingProgram, linear: LinearProgram, values: FloatArray, control: RunControl
) -> FloatArray:
    """Return values at which full force reaches no less than at ``values``, searched from there."""
    problem = program.sharing
    names = program.unit_blocks
    start = tuple(np.round(values[linear.columns[name]]).astype(np.int64) for name in names)

    def as_values(shared: Shared) -> FloatArray:
        changed = values.copy()
        for name, units in zip(names, shared, strict=True):
            changed[linear.columns[name]] = units
        changed[linear.columns["common_total"]] = program.common_totals(int(shared[-1].sum()))
        return program.values(linear, program.units(linear, changed))

    def improved(shared: Shared) -> None:
        control.improved(program.met_weight + problem.met(shared), None, as_values(shared))

    found = share_out(
        problem,
        start,
        seed=control.limits.seed,
        stop=lambda: control.stop is not None,
        improved=improved,
    )
    return as_values(found)
