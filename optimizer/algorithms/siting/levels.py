r"""A median as covering: one place for every radius at which a place's cost changes.

.. math:: \min(c_i, \min_{j \in Y} d_{ij}) = D_{i1} + \sum_k (D_{i,k+1} - D_{ik}) \,
          [\text{no } j \in Y \text{ with } d_{ij} \le D_{ik}]

with :math:`D_{i1} < D_{i2} < \dots < c_i` the costs of place i. The relaxation has the p-median's
value, and its bound does not stall as a subgradient does.

Elloumi, S. (2010). A tighter formulation of the p-median problem. Journal of Combinatorial
Optimization 19(1). Garcia, S., Labbe, M. and Marin, A. (2011). Solving large p-median problems
with a radius formulation. INFORMS Journal on Computing 23(4).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray


@dataclass(frozen=True)
class Levels:
    """The pairs of a choice by place and cost, each at its level."""

    choice: Choice
    site: IndexArray  # (pair,)
    level: IndexArray  # (pair,)
    last: IndexArray  # (pair,) the last level of the pair's place
    place: IndexArray  # (level,)
    cost: FloatArray  # (level,)
    gap: FloatArray  # (level,) up to the next level, or the cap

    @property
    def size(self) -> int:
        """How many pairs the covering has."""
        return int((self.last - self.level + 1).sum())

    def covering(self) -> Choice:
        """Return the choice without costs, of the same value for every choice of sites."""
        length = self.last - self.level + 1
        ends = np.cumsum(length)
        level = np.arange(self.size) + np.repeat(self.level - (ends - length), length)
        site = np.repeat(self.site, length)
        order = np.argsort(site, kind="stable")
        first = np.diff(self.place, prepend=-1) > 0
        bare = np.ones(len(self.choice.cap), dtype=np.bool_)
        bare[self.place] = False
        least = float(self.cost[first].sum() + self.choice.cap[bare].sum())
        return Choice(
            np.searchsorted(site[order], np.arange(len(self.choice.site) + 1)).astype(np.intp),
            level[order].astype(np.intp),
            np.zeros(len(order)),
            self.gap,
            self.choice.site,
            self.choice.count,
            self.choice.base + least,
        )

    def spread(self, multipliers: FloatArray) -> FloatArray:
        """Return a place's multiplier as its levels' multipliers: they prove the same bound."""
        return np.clip(multipliers[self.place] - self.cost, 0.0, self.gap)


def levels(choice: Choice) -> Levels:
    """Return a choice's pairs by levels."""
    order = np.lexsort((choice.cost, choice.place))
    place, cost = choice.place[order], choice.cost[order]
    new = (np.diff(place, prepend=-1) > 0) | (np.diff(cost, prepend=-1.0) != 0.0)
    level = np.cumsum(new) - 1
    at = np.flatnonzero(new)
    level_place, level_cost = place[at], cost[at]
    ends = np.append(np.diff(level_place) > 0, np.ones(min(1, len(at)), dtype=np.bool_))
    following = np.append(level_cost[1:], np.zeros(min(1, len(at))))
    gap = np.where(ends, choice.cap[level_place], following) - level_cost
    last = np.flatnonzero(ends)[np.searchsorted(level_place[ends], place)]
    return Levels(choice, choice.owner[order], level, last, level_place, level_cost, gap)
