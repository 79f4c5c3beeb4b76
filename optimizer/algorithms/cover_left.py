r"""Expected cover: what idle teams are worth for the calls to come, and who is missed least.

A zone that ``k`` idle teams reach in time, each busy with probability ``q`` when it is called, is
covered with probability :math:`1 - q^k`; expected cover is :math:`\sum_j d_j (1 - q^{k_j})`
(Daskin 1983, A maximum expected covering location model, Transportation Science 17(1), eq. 1).
Taking one of the teams away loses :math:`\sum_j d_j (1 - q) q^{k_j - 1}` over the zones it
reaches; one more gains :math:`\sum_j d_j (1 - q) q^{k_j}` (Jagtenberg, Bhulai and van der Mei
2015, An efficient heuristic for real-time ambulance redeployment, OR for Health Care 4).
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def expected_cover(reach: BoolArray, demand: FloatArray, busy_share: float) -> float:
    """Return the expected cover by teams that reach zones (team, zone).

    Examples
    --------
    >>> expected_cover(np.array([[True, False], [True, False]]), np.array([8.0, 2.0]), 0.5)
    6.0
    """
    return float(demand @ (1.0 - busy_share ** reach.sum(axis=0)))


def losses(reach: BoolArray, demand: FloatArray, busy_share: float) -> FloatArray:
    """Return what is lost with each team (team,), the others staying.

    Examples
    --------
    >>> losses(np.array([[True, False], [True, True]]), np.array([8.0, 2.0]), 0.5)
    array([2., 3.])
    """
    count = reach.sum(axis=0)
    worth = demand * (1.0 - busy_share) * busy_share ** np.maximum(0, count - 1)
    return np.asarray(reach @ worth, dtype=np.float64)


def gains(posts: BoolArray, reach: BoolArray, demand: FloatArray, busy_share: float) -> FloatArray:
    """Return what one more team at each post gains (post,), beside teams that reach zones.

    Examples
    --------
    >>> posts = np.array([[True, False], [False, True]])
    >>> gains(posts, np.array([[True, False]]), np.array([8.0, 2.0]), 0.5)
    array([2., 1.])
    """
    worth = demand * (1.0 - busy_share) * busy_share ** reach.sum(axis=0)
    return np.asarray(posts @ worth, dtype=np.float64)
