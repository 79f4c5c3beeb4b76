"""The request as arrays: pairs of depot and item, cohorts of equal expiry, and what they may do.

A *pair* is an item in a depot. A *cohort* is what of a pair expires on the same day; all that
stays good past the end of the plan and of every outlet's demand is one cohort. A *node* is a
cohort at the end of a period, as long as it is good through its last day.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.rotation import RotationRequest
from models.rotation.calendar import Period, months_in
from models.stockpiles.items import Item
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.rotation.arrays import IndexArray, Issues, Moves, Nodes, Orders, Stock
from optimizer.rotation.checks import check
from optimizer.rotation.making import Maker
from optimizer.rotation.seasons import far_expiry, in_force


@dataclass(frozen=True, eq=False)
class Instance:
    """One request as arrays."""

    request: RotationRequest
    grid: tuple[Period, ...]
    pairs: tuple[tuple[str, str], ...]
    stocks: tuple[Stock, ...]
    nodes: Nodes
    orders: Orders
    issues: Issues
    moves: Moves
    amount: FloatArray  # (outlet, period) what each takes at most
    target: FloatArray  # (pair, period)
    statutory: FloatArray  # (pair, period)

    @classmethod
    def from_request(cls, request: RotationRequest, store: Store | None = None) -> Self:
        """Return the request as arrays.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        del store
        faults = check(request)
        if faults:
            raise InputError(faults)
        return cls(*Maker(request).parts())

    @cached_property
    def last_day(self) -> IndexArray:
        """The last day of each period, as an ordinal."""
        return np.array([one.last.toordinal() for one in self.grid])

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the plan."""
        return tuple(sorted({one.year for one in self.grid}))

    @cached_property
    def year(self) -> IndexArray:
        """The place of each period's year among the years."""
        return np.array([self.years.index(one.year) for one in self.grid])

    @cached_property
    def length(self) -> FloatArray:
        """How long each period is, in years."""
        return np.array([len(months_in(one)) / 12.0 for one in self.grid])

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The item of each pair."""
        by_id = {one.id: one for one in self.request.items}
        return tuple(by_id[item] for _, item in self.pairs)

    @cached_property
    def price(self) -> FloatArray:
        """What a unit of each pair is worth."""
        return np.array([one.price for one in self.items])

    @cached_property
    def weight(self) -> FloatArray:
        """What a missing unit of each pair counts."""
        return np.array([one.weight for one in self.items])

    @cached_property
    def node_pair(self) -> IndexArray:
        """The pair of each node."""
        return self.nodes.pair[self.nodes.cohort]

    @cached_property
    def supplied(self) -> FloatArray:
        """What the book brings into each node."""
        into = np.zeros(len(self.nodes.period))
        known = {
            (int(pair), int(expiry)): c
            for c, (pair, expiry) in enumerate(zip(self.nodes.pair, self.nodes.expiry, strict=True))
        }
        for one in self.stocks:
            c = known.get((one.pair, self.cohort_expiry(one.expiry)))
            if c is not None and self.nodes.last[c] >= one.period:
                into[self.nodes.start[c] + one.period - self.nodes.first[c]] += one.quantity
        return into

    @cached_property
    def lost(self) -> tuple[Stock, ...]:
        """Lots of the book that are not good through the very period they come in."""
        return tuple(one for one in self.stocks if one.expiry < self.last_day[one.period])

    @cached_property
    def expiring(self) -> IndexArray:
        """The nodes whose stock is written off in the period after theirs."""
        nodes = self.nodes
        ends = (nodes.period == nodes.last[nodes.cohort]) & (nodes.period < len(self.grid) - 1)
        return np.flatnonzero(ends)

    def required_in(self, entry: int) -> NDArray[np.bool_]:
        """Return in which periods an entry of what is required counts."""
        return in_force(self.request.required[entry], self.grid)

    @cached_property
    def far(self) -> int:
        """The expiry from which on later ones make no difference."""
        return far_expiry(self.request, self.grid)

    def cohort_expiry(self, expiry: int) -> int:
        """Return the expiry of the cohort that a lot of this expiry is in."""
        return min(expiry, self.far)
