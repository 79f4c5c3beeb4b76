r"""The textbook programs of a task as plain arrays, for peers that take arrays.

Nothing is grouped or dropped, and nothing is shared with the engine. With :math:`y_j` for an open
site, :math:`z_i` for a covered point and :math:`x_{ij}` for a point served by a site:

* cover, Church and ReVelle (1974): :math:`\max \sum_i w_i z_i,\; z_i \le \sum_{j \in N_i} y_j,\;
  \sum_j y_j = p`;
* set cover, Toregas et al. (1971): :math:`\min \sum_j y_j,\; \sum_{j \in N_i} y_j \ge 1`;
* p-median, ReVelle and Swain (1970): :math:`\min \sum_{ij} w_i d_{ij} x_{ij},\;
  \sum_j x_{ij} = 1,\; x_{ij} \le y_j,\; \sum_j y_j = p`;
* p-center, Daskin (1995): :math:`\min W,\; W \ge \sum_j d_{ij} x_{ij}`, and the rows of the
  p-median; whole :math:`x_{ij}`, as written there, are solved sooner.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack

from benchmarks.task import FloatArray, Task, weights_and_distances


@dataclass(frozen=True)
class Program:
    """Rows between limits and columns from 0 to ``upper``; the first columns are the sites.

    Where costs and ways are whole, some optimum has only whole columns.
    """

    sites: int
    maximise: bool
    cost: FloatArray  # (column,)
    upper: FloatArray  # (column,)
    whole: NDArray[np.bool_]  # (column,)
    matrix: csr_array  # (row, column)
    row_lower: FloatArray
    row_upper: FloatArray

    def opened(self, values: FloatArray) -> tuple[int, ...]:
        """Return which sites are open at a solution."""
        return tuple(np.flatnonzero(values[: self.sites] > 0.5).tolist())


def program_of(task: Task, folder: Path) -> Program:
    """Return the program of the task in ``folder``."""
    weight, distance_m = weights_and_distances(folder)
    match task.kind:
        case "cover":
            return cover(weight, distance_m <= task.reach_m, task.sites_wanted)
        case "set-cover":
            return _set_cover(distance_m <= task.reach_m)
        case "p-median":
            return _median(weight[:, None] * distance_m, task.sites_wanted)
        case "p-center":
            return _center(distance_m, task.sites_wanted)


def cover(weight: FloatArray, near: NDArray[np.bool_], count: int) -> Program:
    """Return maximal covering by ``count`` of the columns of ``near`` (demand, site)."""
    points, sites = near.shape
    linked = hstack([-csr_array(near.astype(np.float64)), eye_array(points)])
    counted = csr_array(np.r_[np.ones(sites), np.zeros(points)][None])
    return Program(
        sites=sites,
        maximise=True,
        cost=np.r_[np.zeros(sites), weight],
        upper=np.ones(sites + points),
        whole=np.arange(sites + points) < sites,
        matrix=csr_array(vstack([linked, counted])),
        row_lower=np.r_[np.full(points, -np.inf), float(count)],
        row_upper=np.r_[np.zeros(points), float(count)],
    )


def _set_cover(near: NDArray[np.bool_]) -> Program:
    points, sites = near.shape
    return Program(
        sites=sites,
        maximise=False,
        cost=np.ones(sites),
        upper=np.ones(sites),
        whole=np.ones(sites, dtype=np.bool_),
        matrix=csr_array(near.astype(np.float64)),
        row_lower=np.ones(points),
        row_upper=np.full(points, np.inf),
    )


def _median(cost: FloatArray, count: int) -> Program:
    points, sites = cost.shape
    pairs = points * sites
    counted = csr_array(np.r_[np.ones(sites), np.zeros(pairs)][None])
    once = hstack([csr_array((points, sites)), kron(eye_array(points), np.ones((1, sites)))])
    linked = hstack([-kron(np.ones((points, 1)), eye_array(sites)), eye_array(pairs)])
    return Program(
        sites=sites,
        maximise=False,
        cost=np.r_[np.zeros(sites), cost.ravel()],
        upper=np.ones(sites + pairs),
        whole=np.arange(sites + pairs) < sites,
        matrix=csr_array(vstack([counted, once, linked])),
        row_lower=np.r_[float(count), np.ones(points), np.full(pairs, -np.inf)],
        row_upper=np.r_[float(count), np.ones(points), np.zeros(pairs)],
    )


def _center(distance_m: FloatArray, count: int) -> Program:
    points, sites = distance_m.shape
    served = _median(distance_m, count)
    row = np.repeat(np.arange(points), sites)
    column = sites + np.arange(points * sites)
    ways = csr_array((distance_m.ravel(), (row, column)), shape=(points, len(served.cost)))
    longest = csr_array(np.r_[np.zeros(len(served.row_lower)), np.full(points, -1.0)][:, None])
    return Program(
        sites=sites,
        maximise=False,
        cost=np.r_[np.zeros(len(served.cost)), 1.0],
        upper=np.r_[served.upper, distance_m.max()],
        whole=np.arange(len(served.cost) + 1) < len(served.cost),
        matrix=csr_array(hstack([vstack([served.matrix, ways]), longest])),
        row_lower=np.r_[served.row_lower, np.full(points, -np.inf)],
        row_upper=np.r_[served.row_upper, np.zeros(points)],
    )
