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
from dataclasses import dataclass, field

import numpy as np

from optimizer.algorithms.medians import Climb, climb, narrow
from optimizer.algorithms.siting.choice import (
    BoolArray,
    ByPlace,
    Choice,
    FloatArray,
    IndexArray,
)

_EPSILON = float(np.finfo(np.float64).eps)
_AT_ONCE = 20_000_000  # pairs looked at between two questions whether to stop
PATIENCE = 12
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
    prices: FloatArray = field(default_factory=lambda: np.zeros(0))  # (set asked for,)

    @property
    def favoured(self) -> IndexArray:
        """As many sites as were chosen, those of the largest share."""
        return np.argsort(-self.share, kind="stable")[: len(self.chosen)]


@dataclass(frozen=True)
class Asked:
    """Sets one of whose sites is to be chosen, by the choice's numbers, and their multipliers."""

    sets: tuple[IndexArray, ...] = ()
    prices: FloatArray = field(default_factory=lambda: np.zeros(0))

    def at(self, prices: FloatArray, sites: int) -> tuple[float, FloatArray] | None:
        """Return the sum of some multipliers, and for each site that of its sets."""
        if not self.sets:
            return None
        each = np.zeros(sites)
        for one, price in zip(self.sets, prices, strict=True):
            each[one] += price
        return float(prices.sum()), each


@dataclass(frozen=True)
class Ascent:
    """How long to climb: until ``enough`` is proved, in at most ``steps``, from ``pace``."""

    target: float  # about where the bound may end: the incumbent
    enough: float
    steps: int
    pace: float = 1.5
    least_pace: float = 2e-3
    patience: int = PATIENCE  # steps without a better bound before the steps grow shorter
    tolerance: float = 0.1  # how near its end it may stop, once it cannot reach ``enough``


def bound_at(
    choice: Choice, multipliers: FloatArray, asked: tuple[float, FloatArray] | None = None
) -> tuple[float, FloatArray, IndexArray]:
    """Return the bound, each site's worth, and the sites of least worth.

    ``asked`` has the sum of the multipliers of sets one of whose sites is asked for, and for each
    site the sum of those of its sets.
    """
    worth = _worth(choice, multipliers)
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


def bounds_of_counts(choice: Choice, multipliers: FloatArray) -> FloatArray:
    """Return what some multipliers prove for every number of sites, from none to all."""
    gained = np.concatenate([[0.0], np.cumsum(np.sort(_worth(choice, multipliers)))])
    total = float(multipliers.sum())
    error = _EPSILON * (len(multipliers) + len(gained) + 8) * (total - gained + abs(choice.base))
    return np.asarray(choice.base + total + gained - error)


def _worth(choice: Choice, multipliers: FloatArray) -> FloatArray:
    spare = multipliers[choice.place]
    spare -= choice.cost
    np.maximum(spare, 0.0, out=spare)
    sums = np.add.reduceat(np.append(spare, 0.0), np.minimum(choice.start[:-1], len(spare)))
    return np.asarray(-np.where(np.diff(choice.start) > 0, sums, 0.0))


def ascend(
    choice: Choice,
    multipliers: FloatArray,
    plan: Ascent,
    stop: Callable[[], bool],
    *,
    pairs: ByPlace | None = None,
    asked: Asked | None = None,
) -> Bound:
    """Return the best bound found from some multipliers, that of the start at least.

    ``pairs`` are those of a choice that this one is a part of; ``asked`` are sets one of whose
    sites is to be chosen.
    """
    asked = Asked() if asked is None else asked
    arrays = _arrays(choice, ByPlace.of(choice) if pairs is None else pairs, asked)
    places = len(choice.cap)
    now = np.clip(np.concatenate([multipliers, asked.prices]), 0.0, arrays.cap)
    best, direction = now.copy(), np.zeros_like(now)
    share = np.zeros(len(choice.site))
    state = np.array([-np.inf, plan.pace, 0.0])
    target, enough = plan.target - choice.base, plan.enough - choice.base
    at_once = max(1, _AT_ONCE // max(1, len(arrays.cost)))
    step = 0
    while step < plan.steps and not (step and stop()):
        some = min(at_once, plan.steps - step)
        step += some
        if not climb(
            arrays, now, best, direction, share, choice.count, state,
            target, enough, plan.least_pace, _MEMORY, plan.patience, some,
        ):  # fmt: skip
            break
    held, prices = best[:places], best[places:]
    value, worth, chosen = bound_at(choice, held, asked.at(prices, len(share)))
    return Bound(value, held, worth, chosen, share, step, prices)


def _arrays(choice: Choice, pairs: ByPlace, asked: Asked) -> Climb:
    number = np.full(int(pairs.choice.site.max(initial=-1)) + 1, -1, dtype=np.int32)
    number[choice.site] = np.arange(len(choice.site))
    start, site, cost = narrow(
        pairs.start, pairs.site, pairs.cost, number[pairs.choice.site], choice.cap
    )
    ends = np.cumsum([0, *(len(one) for one in asked.sets)])
    none = np.zeros(0, dtype=np.int32)
    return Climb(
        start,
        site,
        cost,
        choice.start,
        choice.place,
        choice.cost,
        ends,
        np.concatenate([none, *asked.sets]).astype(np.int32),
        np.concatenate([choice.cap, np.full(len(asked.sets), np.inf)]),
    )


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
