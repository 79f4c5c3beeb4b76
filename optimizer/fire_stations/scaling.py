"""Costs in a solver's range, and the step between the values an objective can take."""

import numpy as np

from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.parts import Part

_MULTIPLES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 100)


def scaling(part: Part) -> tuple[float, float | None]:
    """Return a factor that keeps costs in a solver's range, and the step between values.

    The step is None unless every value of the objective is a multiple of it: a gap below one
    step is then a proof.
    """
    extreme = any(block.name.startswith("worst_") for block in part.blocks)
    parts = [row[row != 0] for row in part.expression.terms.values()]
    costs = np.abs(np.concatenate([np.zeros(0), *parts]))
    if not len(costs):
        return 1.0, None
    largest = float(costs.max())
    step = None if extreme else _common_step(costs)
    if step is not None:
        return 1.0 / step if largest / step <= 1e7 else 1e3 / largest, step
    return 1e3 / largest, None


def scaled(cost: FloatArray, scale: float, step: float | None) -> FloatArray:
    """Return costs times ``scale``; whole where that makes the step one.

    Floats do not: a third times three may miss one by a rounding, and some solvers take whole
    numbers only.
    """
    whole = step is not None and abs(scale * step - 1.0) < 1e-12
    return np.round(cost * scale) if whole else cost * scale


def tidy_bound(part: Part, bound: float, value: float) -> float:
    """Return the bound, moved to the nearest value the objective can take on its side."""
    _, step = scaling(part)
    if step is not None:
        offset = part.expression.constant
        steps = (bound - offset) / step
        steps = np.floor(steps + 1e-6) if part.sense == "max" else np.ceil(steps - 1e-6)
        bound = float(steps * step + offset)
    return max(bound, value) if part.sense == "max" else min(bound, value)


def _common_step(costs: FloatArray) -> float | None:
    """Return the largest number all costs are multiples of, if it is a simple one."""
    for multiple in _MULTIPLES:
        whole = np.round(costs * multiple)
        if np.all(np.abs(costs * multiple - whole) <= 1e-9) and whole.max() < 2**52:
            return float(np.gcd.reduce(whole.astype(np.int64))) / multiple
    return None
