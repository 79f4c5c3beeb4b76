r"""Knapsack-cover cuts at the root, where levels of full force leave the relaxation loose.

For a row :math:`\sum_o a_o y_o \ge f` and options :math:`A` that fall short of it together,
:math:`a(A) < 1`, whoever takes all of :math:`A` still needs the rest:

.. math:: \sum_{o \notin A} \min(a_o, 1 - a(A))\, y_o \ge (1 - a(A))\, f

Carr, R. D., Fleischer, L. K., Leung, V. J. and Phillips, C. A. (2000). Strengthening integrality
gaps for capacitated network design and covering problems. SODA 2000. Cuts are found on the
relaxation with options taken largest first, and go into the program as rows.
"""

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from models.run import Status
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.force import Force
from optimizer.fire_stations.options import IndexArray
from optimizer.linear import LinearProgram

_ROUNDS = 8
_LEAST_VIOLATION = 1e-3
_MOST_TAKEN = 40  # fractional options looked at for the set A, largest first
_EPSILON = 1e-9


def tightened(
    program: LinearProgram, forces: tuple[Force, ...], control: RunControl
) -> tuple[LinearProgram, LpSession | None]:
    """Return ``program`` with the cuts its relaxation breaks, found in a few rounds.

    And the session that holds it, its relaxation solved; None where there is nothing to
    tighten, or not the time.
    """
    if not forces or not program.integer.any():
        return program, None
    session = LpSession(program, control.limits.model_copy(update={"threads": 1}))
    found: list[csr_array] = []
    solved = False
    for _ in range(_ROUNDS):
        solved = session.solve(control) is Status.OPTIMAL
        if not solved:
            break
        cuts = [_cuts(program, force, session.primal) for force in forces]
        rows = csr_array(vstack(cuts))
        if not rows.shape[0]:
            break
        session.add_rows(rows, np.zeros(rows.shape[0]), np.full(rows.shape[0], np.inf))
        found.append(rows)
        solved = False
    if found:
        program = program.with_rows("knapsack_cover", csr_array(vstack(found)), 0.0, np.inf)
        solved = solved or session.solve(control) is Status.OPTIMAL
    return program, session if solved else None


def _cuts(program: LinearProgram, force: Force, values: FloatArray) -> csr_array:
    """Return the broken cuts of one block (cut, column), as rows at least 0."""
    taken = values[program.columns["option"]]
    reached = values[program.columns[force.name]][force.row_group]
    order = np.argsort(-taken, kind="stable")[:_MOST_TAKEN]
    order = order[taken[order] > _EPSILON]
    groups: list[int] = []
    cuts: list[FloatArray] = []
    for row in np.flatnonzero(reached > _LEAST_VIOLATION):
        cut = _cut(force.rows[row], taken, order, float(reached[row]))
        if cut is not None:
            groups.append(int(force.row_group[row]))
            cuts.append(cut)
    return _as_rows(program, force, np.array(groups, dtype=np.intp), cuts)


def _cut(
    coefficients: FloatArray, taken: FloatArray, order: IndexArray, reached: float
) -> FloatArray | None:
    """Return the first cut of a row that the relaxation breaks, as the set A grows."""
    inside: list[int] = []
    filled = 0.0
    for option in order.tolist():
        if not 0.0 < coefficients[option] < 1.0 - filled - _EPSILON:
            continue
        inside.append(option)
        filled += float(coefficients[option])
        cut = np.minimum(coefficients, 1.0 - filled) / (1.0 - filled)
        cut[inside] = 0.0
        if reached - float(cut @ taken) > _LEAST_VIOLATION:
            return cut
    return None


def _as_rows(
    program: LinearProgram, force: Force, groups: IndexArray, cuts: list[FloatArray]
) -> csr_array:
    width = len(program.cost)
    if not cuts:
        return csr_array((0, width))
    options = coo_array(np.array(cuts))
    start = program.columns["option"].start
    column = program.columns[force.name].start + groups
    rows = np.arange(len(groups))
    data = np.concatenate([options.data, -np.ones(len(groups))])
    row = np.concatenate([options.coords[0], rows])
    col = np.concatenate([options.coords[1] + start, column])
    return csr_array(coo_array((data, (row, col)), shape=(len(groups), width)))
