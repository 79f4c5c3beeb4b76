r"""Expected cover with busy units (Daskin 1983).

A point that :math:`n` units reach counts :math:`\sum_{m \le n} (1-q) q^{m-1}`. The terms fall,
so continuous columns :math:`z_{gm} \in [0, 1]` fill in order:

.. math:: \sum_m z_{gm} \le \sum_{o \in N_g} u_o y_o

Terms below :math:`10^{-9}` of the first are left out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from optimizer.coverage import unpack
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.parts import Values
from optimizer.fire_stations.formulation.sets import Within
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.linear import Builder

_SMALLEST_TERM = 1e-9


@dataclass(frozen=True)
class Units:
    """Columns :math:`z_{gm}` of all groups, one after the other."""

    name: str
    within: Within
    units: FloatArray  # (option,) counted units
    post_of_option: IndexArray
    forced: BoolArray
    possible: BoolArray
    busy_fraction: float
    relevant: FloatArray  # (demand,) any weight that uses a point

    @cached_property
    def _kept(self) -> IndexArray:
        used = sum(self.within.weight(s, self.relevant) for s in range(len(self.within.group)))
        return np.flatnonzero(np.asarray(used) > 0)

    @cached_property
    def _reach(self) -> FloatArray:
        """Units (group, option) in time."""
        posts = int(self.post_of_option.max(initial=0)) + 1
        reach = unpack(self.within.sets[self._kept], posts).toarray()
        return reach[:, self.post_of_option] * self.units

    @cached_property
    def _certain(self) -> FloatArray:
        """Units (group,) that forced options bring."""
        return self._reach @ self.forced.astype(np.float64)

    @cached_property
    def _lengths(self) -> IndexArray:
        """Columns (group,): units that may yet come, as far as they count."""
        most = self._reach @ (self.possible & ~self.forced).astype(np.float64)
        if self.busy_fraction == 0.0:
            enough = np.where(self._certain > 0, 0.0, 1.0)
        else:
            worth = np.log(_SMALLEST_TERM) / np.log(self.busy_fraction)
            enough = np.maximum(np.ceil(worth) - self._certain, 0.0)
        return np.minimum(most, enough).astype(np.intp)

    @cached_property
    def _group(self) -> IndexArray:
        """The group of each column."""
        return np.repeat(np.arange(len(self._lengths)), self._lengths)

    @cached_property
    def _term(self) -> FloatArray:
        """The value of each column per unit of weight."""
        starts = np.repeat(np.cumsum(self._lengths) - self._lengths, self._lengths)
        order = np.arange(len(self._group)) - starts + self._certain[self._group]
        return (1 - self.busy_fraction) * np.power(self.busy_fraction, order)

    def add(self, builder: Builder) -> None:
        """Add the columns, and as many of each group as there are units in time."""
        count = len(self._group)
        builder.add_columns(self.name, np.zeros(count), integer=False)
        groups = len(self._kept)
        filled = csr_array(
            (-np.ones(count), (self._group, np.arange(count))), shape=(groups, count)
        )
        free = csr_array(self._reach * (self.possible & ~self.forced))
        builder.add_rows(self.name, {"option": free, self.name: filled}, lower=0.0, upper=np.inf)

    def complete(self, chosen: BoolArray) -> FloatArray:
        """Return the columns filled in order by the chosen units."""
        present = self._reach @ (chosen & ~self.forced).astype(np.float64)
        starts = np.repeat(np.cumsum(self._lengths) - self._lengths, self._lengths)
        order = np.arange(len(self._group)) - starts
        filled: FloatArray = (order < present[self._group] - 0.5).astype(np.float64)
        return filled

    def fill(self, values: Values, chosen: BoolArray, open_posts: BoolArray) -> None:
        """Put the columns' values for chosen options into ``values``."""
        del open_posts
        values[self.name] = self.complete(chosen)

    def gained(self, scenario: int, weight: FloatArray) -> tuple[FloatArray, float]:
        """Return the value of each column, and what forced units already bring."""
        of_group = self.within.weight(scenario, weight)[self._kept]
        certain = 1.0 - np.power(self.busy_fraction, self._certain)
        certain = np.where(self._certain > 0, certain, 0.0)
        return of_group[self._group] * self._term, float(of_group @ certain)
