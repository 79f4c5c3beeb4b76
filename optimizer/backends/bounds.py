"""Bounds that hold whatever the solver's tolerances: recomputed from its row duals alone."""

import numpy as np

from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram

_EPSILON = float(np.finfo(np.float64).eps)


def safe_dual_bound(program: LinearProgram, row_duals: FloatArray) -> float | None:
    r"""Return a bound on the linear relaxation that any ``row_duals`` prove, or None.

    For a minimum and any :math:`y`, with :math:`d = c - A^\top y`,

    .. math:: c x = y (A x) + d x \ge \sum_i \min_{r_i} y_i r_i + \sum_j \min_{x_j} d_j x_j

    over the row and column limits (Neumaier and Shcherbina, 2004, "Safe bounds in linear and
    mixed-integer linear programming", doi:10.1007/s10107-003-0433-3); for a maximum likewise
    with max. A dual of the wrong sign, whose row has no limit there, counts as zero. Moved
    outward by the rounding of this very sum. None where a column without limit lies in the
    improving direction: give such columns limits.
    """
    sign = 1.0 if program.sense == "min" else -1.0
    duals = _corrected(program, sign * row_duals)
    reduced = sign * program.cost - program.matrix.T @ duals
    rows = _least(duals, program.row_lower, program.row_upper)
    columns = _least(reduced, program.lower, program.upper)
    total = float(rows.sum() + columns.sum())
    if not np.isfinite(total):
        return None
    return program.offset + sign * (total - _rounding(program, duals, rows, columns))


def farkas_margin(program: LinearProgram, ray: FloatArray) -> float:
    """Return by how much ``ray`` proves that the linear relaxation has no solution.

    The least value the rows allow for ``ray @ A @ x`` less the greatest the columns allow;
    positive is a proof (Farkas), minus infinity says nothing.
    """
    duals = _corrected(program, ray)
    rows = _least(duals, program.row_lower, program.row_upper)
    columns = _least(-(program.matrix.T @ duals), program.lower, program.upper)
    return float(rows.sum() + columns.sum() - _rounding(program, duals, rows, columns))


def _corrected(program: LinearProgram, duals: FloatArray) -> FloatArray:
    """Return the duals with zero where the row has no limit on that side."""
    wrong = (duals > 0.0) & np.isinf(program.row_lower)
    wrong |= (duals < 0.0) & np.isinf(program.row_upper)
    return np.where(wrong, 0.0, duals)


def _least(slope: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return min(slope * x) over ``[lower, upper]``, entry by entry; 0 * inf is 0."""
    limit = np.where(slope > 0.0, lower, upper)
    return np.multiply(slope, limit, where=slope != 0.0, out=np.zeros_like(slope))


def _rounding(
    program: LinearProgram, duals: FloatArray, rows: FloatArray, columns: FloatArray
) -> float:
    """Return a bound on the rounding error of both sums and of the reduced costs."""
    reach = np.maximum(np.abs(program.lower), np.abs(program.upper))
    reach = np.where(np.isfinite(reach), reach, 0.0)
    magnitude = np.abs(program.cost) + abs(program.matrix).T @ np.abs(duals)
    terms = len(duals) + len(columns)
    in_sums = terms * float(np.abs(rows).sum() + np.abs(columns).sum())
    return _EPSILON * (in_sums + (len(duals) + 2) * float(magnitude @ reach))
