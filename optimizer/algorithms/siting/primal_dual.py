r"""The bound of a `Choice` without costs (covering), by the primal-dual hybrid gradient.

Multipliers :math:`\lambda_i = c_i v_i` and shares :math:`y` in the capped simplex meet in

.. math:: \max_{0 \le v \le 1} \min_{y} \; \sum_i c_i v_i (1 - \sum_{j \in N_i} y_j),

whose value is the linear relaxation's. Steps are scaled row by row (Pock and Chambolle, 2011,
"Diagonal preconditioning for first order primal-dual algorithms in convex optimization"); means
are taken and restarted. Where a subgradient stalls a percent away, this closes in on the
relaxation, and its shares say where to branch.
"""

from collections.abc import Callable

import numpy as np
from scipy.sparse import csc_array

from optimizer.algorithms.covers import climb_cover, nearest_capped
from optimizer.algorithms.siting.choice import Choice, FloatArray
from optimizer.algorithms.siting.lagrangian import Ascent, Bound, bound_at

_SCALE = 2.0  # multipliers move that much faster than shares
_LOOK = 40  # steps between two looks at the bound


def climb(
    choice: Choice,
    multipliers: FloatArray,
    share: FloatArray,
    plan: Ascent,
    stop: Callable[[], bool],
) -> Bound:
    """Return the best bound found from some multipliers and shares.

    It ends early where the shares' own cost shows that ``enough`` cannot be proved.
    """
    cap, sites = choice.cap, len(choice.site)
    ones = np.ones(len(choice.place))
    by_site = csc_array((ones, choice.place, choice.start), shape=(len(cap), sites))
    by_place, turned = by_site.tocsr(), by_site.T
    weight = np.maximum(np.asarray(turned @ cap), 1e-300)
    fast = _SCALE * cap / np.maximum(np.diff(by_place.indptr), 1)
    slow = 1.0 / (_SCALE * float(weight.max()))
    now, at = np.clip(multipliers, 0.0, cap), nearest_capped(share, choice.count)
    worth, told = np.asarray(turned @ now), at
    best = (*bound_at(choice, now), now.copy())
    sums, added, length, step = np.zeros(len(cap) + sites), 0, _LOOK, 0
    while step < plan.steps and best[0] < plan.enough and not stop():
        some = min(_LOOK, plan.steps - step)
        climb_cover(
            by_place.indptr, by_place.indices, cap, fast, slow, now, at, worth, sums,
            choice.count, some,
        )  # fmt: skip
        step, added = step + some, added + some
        middle, told = sums[: len(cap)] / added, sums[len(cap) :] / added
        found = bound_at(choice, middle)
        best = (*found, middle) if found[0] > best[0] else best
        relaxed = choice.base + float(cap @ np.maximum(0.0, 1.0 - np.asarray(by_place @ told)))
        if relaxed < plan.enough and relaxed - best[0] < plan.tolerance * (plan.enough - best[0]):
            break
        if added >= length:
            sums, added, length = np.zeros_like(sums), 0, 2 * length
    value, worst, chosen, held = best
    return Bound(value, held, worst, chosen, told, step)
