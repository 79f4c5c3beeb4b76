r"""The bound of a `Choice` without costs (covering), by the primal-dual hybrid gradient.

Multipliers :math:`\lambda_i = c_i v_i` and shares :math:`y` in the capped simplex meet in

.. math:: \max_{0 \le v \le 1} \min_{y} \; \sum_i c_i v_i (1 - \sum_{j \in N_i} y_j),

whose value is the linear relaxation's. Steps are scaled row by row (Pock and Chambolle, 2011,
"Diagonal preconditioning for first order primal-dual algorithms in convex optimization"); means
are taken and restarted. Where a subgradient stalls a percent away, this closes in on the
relaxation, and its shares say where to branch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from optimizer.algorithms.siting.choice import Choice, FloatArray
from optimizer.algorithms.siting.lagrangian import Ascent, Bound, bound_at

_SCALE = 2.0  # multipliers move that much faster than shares
_LOOK = 40  # steps between two looks at the bound


@dataclass
class _Mean:
    """Sums since the last restart."""

    multipliers: FloatArray
    share: FloatArray
    steps: int = 0

    def add(self, multipliers: FloatArray, share: FloatArray) -> None:
        self.multipliers += multipliers
        self.share += share
        self.steps += 1


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
    cap = choice.cap
    sites = len(choice.site)
    ones = np.ones(len(choice.place))
    shape = (len(cap), sites)
    by_site = csc_array((ones, choice.place, choice.start), shape=shape)
    by_place, turned = by_site.tocsr(), by_site.T
    reach = np.maximum(np.diff(by_place.indptr), 1)
    weight = np.maximum(np.asarray(turned @ cap), 1e-300)
    fast, slow = _SCALE / reach, 1.0 / (_SCALE * float(weight.max()))
    now, at = np.clip(multipliers, 0.0, cap), capped_simplex(share, choice.count)
    best = (*bound_at(choice, now), now)
    mean, step, length = _Mean(np.zeros_like(now), np.zeros(sites)), 0, _LOOK
    told = at
    while step < plan.steps and best[0] < plan.enough and not stop():
        step += 1
        after = capped_simplex(at + slow * (turned @ now), choice.count)
        now = np.clip(
            now + cap * (fast * (1.0 - np.asarray(by_place @ (2.0 * after - at)))), 0.0, cap
        )
        at = after
        mean.add(now, at)
        if step % _LOOK:
            continue
        middle, told = mean.multipliers / mean.steps, mean.share / mean.steps
        found = bound_at(choice, middle)
        best = (*found, middle) if found[0] > best[0] else best
        relaxed = choice.base + float(cap @ np.maximum(0.0, 1.0 - np.asarray(by_place @ told)))
        if relaxed < plan.enough and relaxed - best[0] < plan.tolerance * (plan.enough - best[0]):
            break
        if mean.steps >= length:
            mean, length = _Mean(np.zeros_like(now), np.zeros(sites)), 2 * length
    value, worth, chosen, held = best
    return Bound(value, held, worth, chosen, told, step)


def capped_simplex(values: FloatArray, count: int) -> FloatArray:
    """Return the nearest point whose entries lie in [0, 1] and sum to ``count``.

    Examples
    --------
    >>> capped_simplex(np.array([3.0, 0.5, 0.1]), 1).tolist()
    [1.0, 0.0, 0.0]
    """
    if count >= len(values):
        return np.ones(len(values))
    if count <= 0:
        return np.zeros(len(values))
    ordered = np.sort(values)
    above = np.concatenate([[0.0], np.cumsum(ordered[::-1])])[::-1]  # sum of those from a place on
    breaks = np.sort(np.concatenate([ordered, ordered - 1.0]))

    def over(level: FloatArray) -> FloatArray:
        place = np.searchsorted(ordered, level, side="right")
        return np.asarray(above[place] - (len(ordered) - place) * level)

    total = over(breaks) - over(breaks + 1.0)  # falls from all to nothing
    last = int(np.searchsorted(-total, -float(count), side="right"))
    last = min(max(last, 1), len(breaks) - 1)
    drop = total[last - 1] - total[last]
    part = (total[last - 1] - count) / drop if drop > 0.0 else 0.0
    level = breaks[last - 1] + part * (breaks[last] - breaks[last - 1])
    shares: FloatArray = np.clip(values - level, 0.0, 1.0)
    return shares
