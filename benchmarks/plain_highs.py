r"""Maximal covering by plain HiGHS on the compact program: a second, independent opinion.

:math:`\max \sum_i w_i z_i,\; z_i \le \sum_{j \in N_i} y_j,\; \sum_j y_j = p`, as Church and
ReVelle (1974) wrote it, one row a demand point, nothing grouped. It shares with the engine the
solver library and nothing else.
"""

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

FloatArray = NDArray[np.float64]


def best_cover(distance_m: FloatArray, weight: FloatArray, radius_m: float, sites: int) -> float:
    """Return the most weight within ``radius_m`` of ``sites`` of the columns; it is proven."""
    points, columns = distance_m.shape
    near = csr_array((distance_m <= radius_m).astype(np.float64))
    linked = hstack([-near, eye_array(points)])
    counted = csr_array(np.r_[np.ones(columns), np.zeros(points)][None])
    matrix = csr_array(vstack([linked, counted]))
    highs = highspy.Highs()
    highs.silent()
    for option, value in {"threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.9}.items():
        highs.setOptionValue(option, value)
    highs.passModel(
        points + columns,
        points + 1,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        np.r_[np.zeros(columns), weight],
        np.zeros(points + columns),
        np.ones(points + columns),
        np.r_[np.full(points, -highspy.kHighsInf), float(sites)],
        np.r_[np.zeros(points), float(sites)],
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.r_[np.ones(columns), np.zeros(points)].astype(np.int32),
    )
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)
