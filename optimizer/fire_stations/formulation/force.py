r"""Points that enough vehicles and people reach together.

.. math:: \sum_{o \in N_g} a_{ro}\,y_o \ge R_{gr} f_g \quad \forall r, \qquad f_g \in \{0, 1\}

for groups :math:`g` of points with the same options :math:`N_g` in time and the same needs
:math:`R_r` (vehicles, people, vehicles of a type). Three things make the block small and tight:

* What forced options bring is taken off the need, and coefficients are cut at the need.
* Each row may be divided by any of its coefficients :math:`d` and rounded up,
  :math:`\sum \lceil a_o/d \rceil y_o \ge \lceil R/d \rceil f`, a Chvatal-Gomory cut that needs
  no search. Of all rows of a group only those stay that no other row implies.
* Groups left with the same options and the same rows are one column, whatever their needs were.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.coverage import group_sets, pack, total_by, unpack
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.parts import Values
from optimizer.fire_stations.formulation.sets import Within
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.linear import Builder

_EPSILON = 1e-9
_VOID = 2.0  # above every coefficient: a row that asks for nothing is implied by any other


@dataclass(frozen=True)
class Force:
    """Groups of points with one need; a block of columns.

    ``group[s, i]`` is the column of a point, -- for points decided beforehand -- the number of
    columns (never reached in time) or one more (always). ``rows`` are normed to need 1:
    ``rows @ y >= f`` with ``row_group`` the column of each.
    """

    name: str
    group: IndexArray  # (scenario, demand)
    supply: FloatArray  # (resource, option)
    free: BoolArray  # (group, option) that may yet arrive in time
    residual: FloatArray  # (group, resource), of one point of the group
    rows: FloatArray  # (row, option)
    row_group: IndexArray  # (row,)
    post_of_option: IndexArray  # (option,)
    post_count: int

    def add(self, builder: Builder) -> None:
        """Add the columns and rows; a column whose rows take any option needs no integrality."""
        count = len(self.free)
        whole = np.zeros(count, dtype=np.bool_)
        whole[self.row_group[((self.rows > 0) & (self.rows < 1 - _EPSILON)).any(axis=1)]] = True
        builder.add_columns(self.name, np.zeros(count), integer=whole)
        by_post, by_option = self._split()
        rows = np.arange(len(self.row_group))
        column = coo_array((-np.ones(len(rows)), (rows, self.row_group)), shape=(len(rows), count))
        terms = {"post": by_post, "option": by_option, self.name: csr_array(column)}
        builder.add_rows(self.name, terms, lower=0.0, upper=np.inf)

    def _split(self) -> tuple[csr_array, csr_array]:
        """Return the rows over posts, and what options add to their post's part."""
        order = np.argsort(self.post_of_option, kind="stable")
        posts, starts = np.unique(self.post_of_option[order], return_index=True)
        least = np.where(self.free[self.row_group], self.rows, np.inf)[:, order]
        common = np.minimum.reduceat(least, starts, axis=1)
        by_post = np.zeros((len(self.rows), self.post_count))
        by_post[:, posts] = np.where(np.isfinite(common), common, 0.0)
        left = self.rows - by_post[:, self.post_of_option]
        rest = np.where(self.free[self.row_group], left, 0.0)
        return csr_array(by_post), csr_array(rest)

    def complete(self, chosen: BoolArray) -> FloatArray:
        """Return 1 for each column whose needs the chosen options meet."""
        brought = (self.free & chosen).astype(np.float64) @ self.supply.T
        enough = (brought >= self.residual - _EPSILON).all(axis=1)
        return np.asarray(enough, dtype=np.float64)

    def insertions(
        self, coefficients: FloatArray, chosen: BoolArray, options: IndexArray
    ) -> FloatArray:
        """Return ``coefficients @ f`` (options,) when each of ``options`` is taken too."""
        activity = self._sparse_rows @ chosen.astype(np.float64)
        short_rows = np.flatnonzero(activity < 1.0 - _EPSILON)
        groups, starts = np.unique(self.row_group[short_rows], return_index=True)
        certain = float(coefficients.sum() - coefficients[groups].sum())
        if not len(groups):
            return np.full(len(options), certain)
        reached = activity[short_rows, None] + self.rows[np.ix_(short_rows, options)]
        met = np.logical_and.reduceat(reached >= 1.0 - _EPSILON, starts, axis=0)
        return certain + coefficients[groups] @ met

    @cached_property
    def _sparse_rows(self) -> csr_array:
        return csr_array(self.rows)

    def fill(self, values: Values, chosen: BoolArray, open_posts: BoolArray) -> None:
        """Put the columns' values for chosen options into ``values``."""
        del open_posts
        values[self.name] = self.complete(chosen)

    def gained(self, scenario: int, weight: FloatArray) -> tuple[FloatArray, float]:
        """Return the weight each column wins, and the weight won whatever is chosen."""
        count = len(self.free)
        won = total_by(self.group[scenario], weight, count + 2)
        return won[:count], float(won[count + 1])


@dataclass(frozen=True)
class _Pairs:
    """Distinct (set, kind of need) pairs, before points are grouped."""

    reach: BoolArray  # (pair, option)
    needs: FloatArray  # (pair, resource)
    of_point: IndexArray  # (scenario, demand)
    supply: FloatArray
    forced: BoolArray
    possible: BoolArray

    @cached_property
    def free(self) -> BoolArray:
        """Options that may yet arrive in time."""
        return self.reach & (self.possible & ~self.forced)

    @cached_property
    def residual(self) -> FloatArray:
        """What forced options leave to bring."""
        brought = (self.reach & self.forced).astype(np.float64) @ self.supply.T
        return np.maximum(self.needs - brought, 0.0)

    @cached_property
    def met(self) -> BoolArray:
        """Pairs with nothing left to bring."""
        return np.asarray((self.residual <= _EPSILON).all(axis=1))

    @cached_property
    def hopeless(self) -> BoolArray:
        """Pairs that everything together cannot satisfy."""
        most = self.free.astype(np.float64) @ self.supply.T
        return np.asarray((most < self.residual - _EPSILON).any(axis=1))


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
    pairs = _pairs(instance, within, needs=needs, supply=supply, kind=kind)
    kept = np.flatnonzero(~pairs.met & ~pairs.hopeless)
    types, type_of = np.unique(supply, axis=1, return_inverse=True)
    rows = _rows(pairs, kept, types, type_of.reshape(-1))
    key = np.hstack([pack(pairs.free[kept]), _as_words(rows)])
    groups = group_sets(key)
    first = np.full(len(groups.sets), len(kept), dtype=np.intp)
    np.minimum.at(first, groups.group, np.arange(len(kept)))
    count = len(first)
    column = np.where(pairs.met, count + 1, count)
    column[kept] = groups.group
    group_rows = rows[first]
    row_group, row = np.nonzero((group_rows < _VOID).any(axis=2))
    free = pairs.free[kept[first]]
    by_option = group_rows[row_group, row][:, type_of.reshape(-1)] * free[row_group]
    return Force(
        name=name,
        group=column[pairs.of_point],
        supply=supply,
        free=free,
        residual=pairs.residual[kept[first]],
        rows=by_option,
        row_group=row_group,
        post_of_option=instance.posts.of_option,
        post_count=len(instance.posts),
    )


def _pairs(
    instance: Instance,
    within: Within,
    *,
    needs: FloatArray,
    supply: FloatArray,
    kind: IndexArray,
) -> _Pairs:
    code = within.group * len(needs) + kind[None]
    codes, of_point = np.unique(code, return_inverse=True)
    reach = unpack(within.sets[codes // len(needs)], len(instance.posts)).toarray() > 0
    return _Pairs(
        reach=reach[:, instance.posts.of_option],
        needs=needs[codes % len(needs)],
        of_point=of_point.reshape(code.shape),
        supply=supply,
        forced=instance.forced,
        possible=~instance.excluded,
    )


def _rows(pairs: _Pairs, kept: IndexArray, types: FloatArray, type_of: IndexArray) -> FloatArray:
    """Return the rows (pair, row, type) of least coefficients that no other row implies.

    Coefficients are normed to a need of 1; a row left out has `_VOID` everywhere, and a type
    that cannot arrive 0 in every row that stays.
    """
    free = pairs.free[kept].astype(np.float64)
    one_of = np.eye(types.shape[1])[type_of]
    present = (free @ one_of) > 0
    candidates = [
        _row(pairs.residual[kept, resource], types[resource], divisor)
        for resource in range(len(types))
        for divisor in (1.0, *np.unique(types[resource][types[resource] > 1.0]).tolist())
    ]
    rows = np.stack(candidates, axis=1) if candidates else np.zeros((len(kept), 0, len(types)))
    compared = np.where(present[:, None, :], rows, 0.0)
    implied = np.zeros(compared.shape[:2], dtype=np.bool_)
    for mine in range(compared.shape[1]):
        for other in range(compared.shape[1]):
            if other == mine:
                continue
            below = (compared[:, other] <= compared[:, mine] + _EPSILON).all(axis=1)
            same = below & (compared[:, mine] <= compared[:, other] + _EPSILON).all(axis=1)
            void = rows[:, other, 0] >= _VOID
            implied[:, mine] |= ~void & below & (~same | (other < mine))
    void = rows[:, :, 0] >= _VOID
    compared[implied | void] = _VOID
    return compared


def _row(residual: FloatArray, supply: FloatArray, divisor: float) -> FloatArray:
    """Return the coefficients (pair, type) of one resource, divided and rounded up."""
    cut: FloatArray = np.minimum(supply[None], residual[:, None])
    need: FloatArray = residual
    if divisor > 1.0:
        cut = np.asarray(np.ceil(cut / divisor - _EPSILON))
        need = np.asarray(np.ceil(residual / divisor - _EPSILON))
    asked = need > _EPSILON
    scale = np.where(asked, need, 1.0)[:, None]
    return np.where(asked[:, None], np.minimum(cut / scale, 1.0), _VOID)


def _as_words(rows: FloatArray) -> NDArray[np.uint64]:
    """Return the rows of each pair as words that are equal where the rows are."""
    width = rows.shape[1] * rows.shape[2]
    exact = np.round(rows.reshape(len(rows), width) * 1e9).astype(np.int64)
    return exact.astype(np.uint64)
