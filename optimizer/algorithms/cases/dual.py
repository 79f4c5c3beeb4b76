r"""A bound of many cases over the same sites, by multipliers of "everybody has a place or none".

With :math:`0 \le u_p \le w_p` a site is worth what fills it best in every case, a knapsack in
parts: :math:`p_j(u) = \sum_s \max \sum_a (u - c_a) x_a` within its area, nobody twice. Then
:math:`\sum_p n_p u_p + \min \sum_j (f_j - p_j(u)) y_j` bounds every plan from below, whatever
``u``; at best it equals the linear relaxation with a link for every arc, at a hundredth of the
work. Of the rows on sites the one asked for is kept, in parts too.

Cornuéjols, G., Sridharan, R. and Thizy, J. M. (1991). A comparison of heuristics and relaxations
for the capacitated plant location problem. European Journal of Operational Research 50(3).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.cases.choosing import SiteChoice
from optimizer.algorithms.cases.filling import fill_best
from optimizer.algorithms.cases.instance import CaseArrays, FloatArray
from optimizer.control import RunControl

_STEPS = 600
_PATIENCE = 15
_SLOWER = 0.6
_FINEST = 1e-3
_INERTIA = 0.6
_GAIN = 1e-4  # relative: a rise worth waiting for
_FIRST = 0.05  # of what a person without a place costs: the first multipliers
_AVERAGED = 0.01  # relative: how near the best bound a choice of sites counts
_AIM = 1.01  # of the best bound, where no plan is known
_SAFE = 1e-9  # relative: what rounding may take of a bound


@dataclass(frozen=True)
class DualBound:
    """The best bound, its multipliers, and how often sites were open near it."""

    value: float
    multiplier: FloatArray  # (party,)
    opened: FloatArray  # (site,)


def dual_bound(arrays: CaseArrays, target: float, control: RunControl) -> DualBound:
    """Return a bound climbed towards ``target``, the worth of a plan, by deflected subgradients."""
    free = _Pricing(arrays)
    multiplier = _FIRST * arrays.unplaced
    best, best_at, pace, waited = -np.inf, multiplier, 1.0, 0
    direction = np.zeros(len(multiplier))
    heard: list[tuple[float, FloatArray]] = []
    for _ in range(_STEPS):
        value, opened, surplus = free.price(multiplier)
        heard.append((value, opened))
        waited = 0 if not np.isfinite(best) or value > best + _GAIN * abs(best) else waited + 1
        if value > best:
            best, best_at = value, multiplier.copy()
        if control.halted is not None or pace < _FINEST:
            break
        if waited >= _PATIENCE:
            pace, waited = _SLOWER * pace, 0
            multiplier, direction = best_at.copy(), np.zeros(len(multiplier))
            continue
        direction = surplus + _INERTIA * direction
        step = direction.copy()
        step[(multiplier >= arrays.unplaced) & (step > 0)] = 0.0
        step[(multiplier <= 0.0) & (step < 0)] = 0.0
        norm = float(step @ step)
        if norm <= 0.0:
            break
        aim = max(target, _AIM * best)
        length = pace * max(aim - value, _GAIN * abs(best)) / norm
        moved = multiplier + length * step / np.maximum(arrays.people, 1e-12)
        multiplier = np.clip(moved, 0.0, arrays.unplaced)
    near = [opened for value, opened in heard if value >= best - _AVERAGED * abs(best)]
    return DualBound(best, best_at, np.mean(near, axis=0))


class _Pricing:
    """What multipliers bound."""

    def __init__(self, arrays: CaseArrays) -> None:
        self._arrays = arrays
        order = arrays.by_place
        self._party = arrays.party[order]
        self._people = arrays.people[self._party]
        self._space, self._cost = arrays.space[order], arrays.cost[order]
        self._site = np.tile(np.arange(arrays.area.shape[1]), arrays.cases)
        self._arc_site = arrays.site[order]
        self._choice = SiteChoice(arrays)

    def price(self, multiplier: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return the bound, how far each site opens, and how much of each party is too few."""
        arrays = self._arrays
        won = multiplier[self._party] - self._cost
        load, profit = np.zeros(len(won)), np.zeros(arrays.area.size)
        area = arrays.area.ravel()
        fill_best(arrays.place_start, won, self._space, self._people, area, load, profit)
        worth = arrays.opening - np.bincount(self._site, profit, len(arrays.opening))
        opened = self._choice.cheapest(worth)
        total = float(arrays.people @ multiplier) + float(worth @ opened)
        size = float(arrays.people @ multiplier) + float(np.abs(worth) @ opened)
        used = load * opened[self._arc_site]
        placed = np.bincount(self._party, used, len(arrays.people))
        surplus = 1.0 - placed / np.maximum(arrays.people, 1e-12)
        return total - _SAFE * size, opened, surplus
