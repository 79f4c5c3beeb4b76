r"""What a small covering leaves to its tree, as an integer program.

.. math:: \min \; b + \sum_i c_i m_i, \quad m_i + \sum_{j \in N_i} y_j \ge 1, \quad \sum_j y_j = p

Where a bound is short of a whole number by little, a tree of multipliers divides for long what the
cuts and the presolve of a solver settle at once; where places are many, the solver's linear
programs take longer than the tree.
"""

import numpy as np
from scipy.sparse import csr_array, eye_array

from models.run import Status
from optimizer.algorithms.siting.choice import Choice, IndexArray
from optimizer.backends.highs import solve
from optimizer.control import RunControl
from optimizer.linear import Builder
from optimizer.quiet import quiet


def settle_covering(
    choice: Choice, control: RunControl, *, near: float
) -> tuple[IndexArray | None, float]:
    """Return the best sites (numbers of ``choice``) within ``near``, and a bound on any others."""
    sites, places = len(choice.site), len(choice.cap)
    builder = Builder("min", offset=choice.base)
    builder.add_columns("open", np.zeros(sites))
    builder.add_columns("missed", choice.cap, integer=False)
    reach = csr_array(
        (np.ones(len(choice.place)), (choice.place, choice.owner)), shape=(places, sites)
    )
    missed = csr_array(eye_array(places, format="csr"))
    builder.add_rows("reach", {"open": reach, "missed": missed}, lower=1.0, upper=np.inf)
    count = csr_array(np.ones((1, sites)))
    builder.add_rows("count", {"open": count}, lower=choice.count, upper=choice.count)
    program = builder.build()
    outcome = solve(program, quiet(control), absolute_gap=near)
    chosen = None
    if outcome.values is not None:
        chosen = np.flatnonzero(outcome.values[program.columns["open"]] > 0.5).astype(np.intp)
    if outcome.status is Status.INFEASIBLE:
        return None, np.inf
    return chosen, -np.inf if outcome.bound is None else outcome.bound
