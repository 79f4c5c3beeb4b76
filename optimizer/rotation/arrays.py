"""The arrays of a rotation request: lots, nodes, and what may be ordered, issued and sent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.demand import FloatArray
from optimizer.rotation.checks import LATEST

IndexArray = NDArray[np.int64]
NEVER = LATEST.toordinal()


@dataclass(frozen=True)
class Stock:
    """A lot that counts: how much of it comes into its depot in which period; expiry as ordinal."""

    lot_id: str
    pair: int
    quantity: float
    period: int
    expiry: int


@dataclass(frozen=True)
class Nodes:
    """Cohorts and their nodes."""

    pair: IndexArray  # (cohort,)
    expiry: IndexArray  # (cohort,) ordinal of the day
    first: IndexArray  # (cohort,) period
    last: IndexArray  # (cohort,) the last period it is good through, and of the plan
    start: IndexArray  # (cohort,) its first node
    cohort: IndexArray  # (node,)
    period: IndexArray  # (node,)

    def at(self, cohort: IndexArray, period: IndexArray) -> IndexArray:
        """Return the nodes of cohorts in periods."""
        found: IndexArray = self.start[cohort] + period - self.first[cohort]
        return found


@dataclass(frozen=True)
class Orders:
    """What may be ordered: one entry for a supply, a depot and a period."""

    supply: IndexArray
    pair: IndexArray
    period: IndexArray
    arrival: IndexArray
    expiry: IndexArray
    node: IndexArray
    units: FloatArray  # in a pack
    cost: FloatArray  # of a pack


@dataclass(frozen=True)
class Issues:
    """What may leave: one entry for a node and an outlet."""

    node: IndexArray
    outlet: IndexArray


@dataclass(frozen=True)
class Moves:
    """What may be sent: one entry for a node and the node it becomes."""

    node: IndexArray
    to: IndexArray
    cost: FloatArray
