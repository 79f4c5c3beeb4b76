r"""Points that enough vehicles and people reach together.

.. math:: \sum_{o \in N_g} a_{ro}\,y_o \ge R_{gr} f_g \quad \forall r, \qquad f_g \in \{0, 1\}

for groups :math:`g` of points with the same options :math:`N_g` in time and the same needs
:math:`R_r` (vehicles, people, vehicles of a type). What forced options bring is taken off the
need, coefficients are cut at the need, and each row is also divided by each of its distinct
coefficients :math:`d` and rounded up, :math:`\sum \lceil a_o/d \rceil y_o \ge \lceil R/d \rceil
f`, a Chvatal-Gomory cut that needs no search and makes the relaxation much tighter.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from optimizer.coverage import unpack
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.sets import Within
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.linear import Builder

_EPSILON = 1e-9


@dataclass(frozen=True)
class Force:
    """Groups of points with one need; a block of binary columns."""

    name: str
    within: Within
    kind: IndexArray  # (scenario, demand) which needs a point has
    supply: FloatArray  # (resource, option)
    needs: FloatArray  # (kind, resource)
    post_of_option: IndexArray
    forced: BoolArray  # (option,)
    possible: BoolArray  # (option,)

    @cached_property
    def _pairs(self) -> tuple[IndexArray, IndexArray]:
        """Distinct (set, kind) pairs as codes, and the pair of every (scenario, demand)."""
        code = self.within.group * len(self.needs) + self.kind
        codes, pair = np.unique(code, return_inverse=True)
        return codes, pair.reshape(code.shape)

    @cached_property
    def options_in_time(self) -> BoolArray:
        """Truth matrix (pair, option)."""
        codes, _ = self._pairs
        sets = self.within.sets[codes // len(self.needs)]
        posts = int(self.post_of_option.max(initial=0)) + 1
        reach = unpack(sets, posts).toarray() > 0
        return reach[:, self.post_of_option]

    @cached_property
    def _residual(self) -> FloatArray:
        """Needs (pair, resource) that forced options leave open."""
        codes, _ = self._pairs
        brought = (self.options_in_time & self.forced) @ self.supply.T
        return np.maximum(self.needs[codes % len(self.needs)] - brought, 0.0)

    @cached_property
    def met(self) -> BoolArray:
        """Pairs that forced options satisfy."""
        return (self._residual <= _EPSILON).all(axis=1)

    @cached_property
    def hopeless(self) -> BoolArray:
        """Pairs that all possible options together cannot satisfy."""
        most = (self.options_in_time & self.possible & ~self.forced) @ self.supply.T
        return (most < self._residual - _EPSILON).any(axis=1)

    @cached_property
    def kept(self) -> IndexArray:
        """The pair each column stands for."""
        return np.flatnonzero(~self.met & ~self.hopeless)

    def add(self, builder: Builder) -> None:
        """Add the columns and the strengthened rows."""
        builder.add_columns(self.name, np.zeros(len(self.kept)), integer=True)
        usable = self.options_in_time[self.kept] & self.possible & ~self.forced
        for resource in range(len(self.supply)):
            self._add_resource(builder, resource, usable)

    def _add_resource(self, builder: Builder, resource: int, usable: BoolArray) -> None:
        residual = self._residual[self.kept, resource]
        supply = self.supply[resource]
        divisors = [1.0, *np.unique(supply[supply > 1.0]).tolist()]
        for position, divisor in enumerate(divisors):
            rounded = position > 0
            cut = np.minimum(supply[None], residual[:, None]) * usable
            need = residual
            if rounded:
                cut = np.ceil(cut / divisor - _EPSILON)
                need = np.ceil(residual / divisor - _EPSILON)
            rows = np.flatnonzero(need > _EPSILON)
            cut = np.minimum(cut[rows], need[rows, None]) / need[rows, None]
            builder.add_rows(
                f"{self.name}_{resource}_{position}",
                {"option": csr_array(cut), self.name: _pick(rows, len(self.kept), -1.0)},
                lower=0.0,
                upper=np.inf,
            )

    def complete(self, chosen: BoolArray) -> FloatArray:
        """Return 1 for each column whose needs the chosen options meet."""
        present = self.options_in_time[self.kept] & chosen & ~self.forced
        brought = present @ self.supply.T
        enough: FloatArray = (brought >= self._residual[self.kept] - _EPSILON).all(axis=1) * 1.0
        return enough

    def gained(self, scenario: int, weight: FloatArray) -> tuple[FloatArray, float]:
        """Return the weight each column wins, and the weight won whatever is chosen."""
        _, pair = self._pairs
        of_pair = np.bincount(pair[scenario], weights=weight, minlength=len(self.met))
        return of_pair[self.kept], float(of_pair[self.met].sum())


def force(
    name: str,
    instance: Instance,
    within: Within,
    *,
    needs: FloatArray,
    supply: FloatArray,
    kind: IndexArray,
) -> Force:
    """Return the force block of ``instance``; ``kind`` (demand,) picks a row of ``needs``."""
    return Force(
        name=name,
        within=within,
        kind=np.broadcast_to(kind, within.group.shape),
        supply=supply,
        needs=needs,
        post_of_option=instance.posts.of_option,
        forced=instance.forced,
        possible=~instance.excluded,
    )


def _pick(columns: IndexArray, width: int, value: float) -> csr_array:
    """Return a matrix with ``value`` at (row r, ``columns[r]``)."""
    rows = np.arange(len(columns))
    data = np.full(len(columns), value)
    return csr_array(coo_array((data, (rows, columns)), shape=(len(columns), width)))
