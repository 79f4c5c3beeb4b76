r"""The Lagrangian bound of a `Choice`: any multipliers give one.

With multipliers :math:`0 \le \lambda_i \le c_i` on "every place is served once",

.. math:: L(\lambda) = b + \sum_i \lambda_i + \sum_{p \text{ least}} \rho_j, \qquad
          \rho_j = -\sum_i \max(0, \lambda_i - d_{ij}),

and a site outside the p least costs at least :math:`L + \rho_j - \rho_{(p)}` to choose, one inside
at least :math:`L + \rho_{(p+1)} - \rho_j` to leave. The ascent is a deflected subgradient's.

Cornuejols, G., Fisher, M. L. and Nemhauser, G. L. (1977). Location of bank accounts to optimize
float. Management Science 23(8). Camerini, P. M., Fratta, L. and Maffioli, F. (1975). On improving
relaxation methods by modified gradient techniques. Mathematical Programming Study 3.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.siting.choice import BoolArray, Choice, FloatArray, IndexArray

_EPSILON = float(np.finfo(np.float64).eps)
_PATIENCE = 12  # steps without a better bound before the steps grow shorter
_SHORTER = 0.7
_DEFLECTION = 1.5
_MEMORY = 0.1  # weight of the newest step in the running mean of what is chosen


@dataclass(frozen=True)
class Bound:
    """What some multipliers prove."""

    value: float
    multipliers: FloatArray  # (place,)
    worth: FloatArray  # (site,): rho
    chosen: IndexArray  # the p sites of least rho
    share: FloatArray  # (site,) how often each was chosen of late
    steps: int

    @property
    def favoured(self) -> IndexArray:
        """As many sites as were chosen, those of the largest share."""
        return np.argsort(-self.share, kind="stable")[: len(self.chosen)]


@dataclass(frozen=True)
class Ascent:
    """How long to climb: until ``enough`` is proved, in at most ``steps``, from ``pace``."""

    target: float  # about where the bound may end: the incumbent
    enough: float
    steps: int
    pace: float = 1.5
    least_pace: float = 2e-3
    tolerance: float = 0.1  # how near its end it may stop, once it cannot reach ``enough``


def bound_at(
    choice: Choice, multipliers: FloatArray, asked: tuple[float, FloatArray] | None = None
) -> tuple[float, FloatArray, IndexArray]:
    """Return the bound, each site's worth, and the sites of least worth.

    ``asked`` has the sum of the multipliers of sets one of whose sites is asked for, and for each
    site the sum of those of its sets.
    """
    spare = multipliers[choice.place]
    spare -= choice.cost
    np.maximum(spare, 0.0, out=spare)
    sums = np.add.reduceat(np.append(spare, 0.0), np.minimum(choice.start[:-1], len(spare)))
    worth = -np.where(np.diff(choice.start) > 0, sums, 0.0)
    if asked is not None:
        worth = worth - asked[1]
    if choice.count <= 0:
        chosen = np.zeros(0, dtype=np.intp)
    elif choice.count >= len(worth):
        chosen = np.arange(len(worth))
    else:
        chosen = np.argpartition(worth, choice.count - 1)[: choice.count]
    total = float(multipliers.sum()) + (0.0 if asked is None else asked[0])
    gained = float(worth[chosen].sum())
    # Every sum is pairwise or of one column; this is more than either can lose.
    error = _EPSILON * (len(multipliers) + 8) * (abs(total) + abs(gained) + abs(choice.base))
    return choice.base + total + gained - error, worth, chosen


def ascend(
    choice: Choice, multipliers: FloatArray, plan: Ascent, stop: Callable[[], bool]
) -> Bound:
    """Return the best bound found from some multipliers, that of the start at least."""
    now = np.clip(multipliers, 0.0, choice.cap)
    value, worth, chosen = bound_at(choice, now)
    best = value, now, worth, chosen
    share = np.zeros(len(worth))
    share[chosen] = 1.0
    pace, since, step = plan.pace, 0, 0
    direction = np.zeros_like(now)
    for step in range(1, plan.steps + 1):  # noqa: B007  the count is told
        slope = _slope(choice, now, chosen)
        direction = _deflect(slope, direction, now, choice.cap)
        norm = float(direction @ direction)
        if norm <= 0.0 or best[0] >= plan.enough or pace < plan.least_pace or stop():
            break
        length = pace * max(plan.target - value, 1e-4 * abs(plan.target) * pace) / norm
        now = np.clip(now + length * direction, 0.0, choice.cap)
        value, worth, chosen = bound_at(choice, now)
        share *= 1.0 - _MEMORY
        share[chosen] += _MEMORY
        since += 1
        if value > best[0]:
            if value > best[0] + 1e-5 * max(plan.target - best[0], 0.0):
                since = 0
            best = value, now, worth, chosen
        if since >= _PATIENCE:
            pace, since = pace * _SHORTER, 0
            value, now, worth, chosen = best
            direction = np.zeros_like(now)
    return Bound(*best, share, step)


def _slope(choice: Choice, multipliers: FloatArray, chosen: IndexArray) -> FloatArray:
    at = choice.pairs(chosen)
    place = choice.place[at]
    serving = choice.cost[at] < multipliers[place]
    served = np.bincount(place[serving], minlength=len(multipliers))
    return (1.0 - served).astype(np.float64)


def _deflect(
    slope: FloatArray, before: FloatArray, multipliers: FloatArray, cap: FloatArray
) -> FloatArray:
    """Return the slope turned a little towards the last direction, where it may move at all."""
    size = float(before @ before)
    turn = max(0.0, -_DEFLECTION * float(slope @ before) / size) if size > 0.0 else 0.0
    direction = slope + turn * before
    direction[(multipliers >= cap) & (direction > 0.0)] = 0.0
    direction[(multipliers <= 0.0) & (direction < 0.0)] = 0.0
    return direction


def fixings(choice: Choice, bound: Bound, cutoff: float) -> tuple[IndexArray, BoolArray]:
    """Return the sites that must be chosen, and which cannot be, to stay below ``cutoff``."""
    closed = np.zeros(len(bound.worth), dtype=np.bool_)
    opened = np.zeros(0, dtype=np.intp)
    if not 0 < choice.count < len(bound.worth):
        return opened, closed
    inside = np.zeros(len(bound.worth), dtype=np.bool_)
    inside[bound.chosen] = True
    last, following = bound.worth[inside].max(), bound.worth[~inside].min()
    closed = ~inside & (bound.value + bound.worth - last >= cutoff)
    opened = np.flatnonzero(inside & (bound.value + following - bound.worth >= cutoff))
    return opened, closed
