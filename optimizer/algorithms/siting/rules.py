"""The second figures of a choice of sites: what they cost together, how far the farthest place is.

Each says what a limit on it means in rows, and makes a choice within the limit of another.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array

from optimizer.algorithms.siting.blocks import Rows
from optimizer.algorithms.siting.choice import BoolArray, Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.instance import GivenDistance, LocationInstance
from optimizer.algorithms.siting.ruled import Stopped
from optimizer.algorithms.siting.swap import interchange, losses
from optimizer.coverage import Words, group_sets, pack, row_blocks, unpack

_ROUNDING = 1e-9  # relative
_JOINING = 12  # places whose rows are written out at once
_ROUNDS = 20
_PARTS = 12  # of a budget, at most, that rows rounded down tell of
_BROKEN = 0.01  # by how much shares break a row that is worth adding
_MOST_HELD = 4_000_000  # ways of places and sites that are kept


@dataclass
class Paid:
    r"""What sites cost together, ``price`` (site,) each and ``base`` for those already open.

    With a budget B the row :math:`\sum_j p_j y_j \le B` alone lets shares of dear sites through.
    So for :math:`k = 1, 2, \ldots` it is also written out as it stands once rounded down,

    .. math:: \sum_j \left\lfloor (k + 1) \, p_j / B^+ \right\rfloor y_j \le k, \quad B^+ > B,

    (Chvatal 1973: of sites dearer than a half of the budget at most one), and where shares break
    that some sites are too dear together, so is that: of a cover C at most :math:`|C| - 1`, with
    h for each other site that costs as much as the h dearest of C (Balas 1975).

    Chvatal, V. (1973). Edmonds polytopes and a hierarchy of combinatorial problems. Discrete
    Mathematics 4(4). Balas, E. (1975). Facets of the knapsack polytope. Mathematical Programming 8.
    """

    choice: Choice
    price: FloatArray
    base: float = 0.0
    step: float | None = None  # what all sums of prices are multiples of, where they are whole

    def worth(self, sites: IndexArray) -> float:
        """Return the cost of some sites."""
        return self.base + float(self.price[np.sort(sites)].sum())

    def rows(self, limit: float) -> Rows:
        """Return the budget, and what rounding it says."""
        left = self._left(limit)
        rows, most = [self.price], [left]
        if left > 0.0:
            parts = np.arange(2, _PARTS + 2)
            whole = np.floor(self.price * parts[:, None] / (left * (1.0 + _ROUNDING)))
            says = whole.any(axis=1)
            rows += list(whole[says])
            most += (parts[says] - 1.0).tolist()
        return Rows(csr_array(np.array(rows)), np.full(len(rows), -np.inf), np.array(most))

    def missed(self, limit: float, share: FloatArray) -> Rows | None:
        """Return that sites which are too dear together are not all chosen, where shares say so."""
        left = self._left(limit)
        spare = np.maximum(1.0 - share, 0.0)
        order = np.argsort(spare / np.maximum(self.price, 1e-12), kind="stable")
        total = np.cumsum(self.price[order])
        size = int(np.searchsorted(total, left * (1.0 + _ROUNDING), side="right")) + 1
        if left <= 0.0 or size > len(order):
            return None
        cover = order[:size]
        for site in cover[np.argsort(-spare[cover], kind="stable")].tolist():
            without = cover[cover != site]
            if float(self.price[without].sum()) > left * (1.0 + _ROUNDING):
                cover = without
        dearest = np.cumsum(np.sort(self.price[cover])[::-1])
        row = np.searchsorted(dearest, self.price * (1.0 - _ROUNDING), side="right") * 1.0
        row[cover] = 1.0
        most = len(cover) - 1.0
        if float(row @ share) <= most + _BROKEN:
            return None
        return Rows(csr_array(row[None]), np.full(1, -np.inf), np.full(1, most))

    def improved(self, limit: float, sites: IndexArray, stopped: Stopped) -> IndexArray:
        """Leave out what saves least for its cost, exchange, and add what can be paid."""
        left = self._left(limit)
        while len(sites) and float(self.price[sites].sum()) > left:
            worth = losses(self.choice, sites) / np.maximum(self.price[sites], 1e-12)
            worth[self.price[sites] <= 0.0] = np.inf
            sites = np.delete(sites, int(np.argmin(worth)))

        def affordable(chosen: IndexArray) -> BoolArray:
            spare = left - float(self.price[chosen].sum())
            dearer = self.price[None, :] - self.price[chosen][:, None]
            return np.asarray(dearer <= spare)

        for _ in range(_ROUNDS):
            more = _filled(self.choice, sites, self.price, left)
            after = interchange(self.choice, more, stopped, allowed=affordable)
            if stopped() or np.array_equal(after, sites):
                break
            sites = after
        return self._needed(sites)

    def _needed(self, sites: IndexArray) -> IndexArray:
        """Return some sites without those that cost and save nothing."""
        while len(sites):
            needless = (losses(self.choice, sites) <= 0.0) & (self.price[sites] > 0.0)
            if not needless.any():
                break
            sites = np.delete(sites, int(np.argmax(needless * self.price[sites])))
        return sites

    def _left(self, limit: float) -> float:
        left = limit - self.base + _ROUNDING * max(1.0, abs(limit))
        return left if self.step is None else math.floor(left / self.step) * self.step


@dataclass
class Reaching:
    """How far the farthest place is from the nearest site; ``free`` are the choice's sites.

    Under a limit the hardest places stand for all: those whose sites within it no other's are
    among. They are few, found once for each limit, and written out as shares break them.
    """

    instance: LocationInstance
    choice: Choice
    free: IndexArray
    nearest: FloatArray  # (place,) to the sites already open
    _all: FloatArray | None = None  # (place, free site), where that is small
    _limit: float = np.nan
    _hard: BoolArray = field(init=False)  # (hardest place, free site) within the limit
    _posed: BoolArray = field(init=False)  # (hardest place,)
    _penal: Choice | None = None

    def __post_init__(self) -> None:
        """Begin under no limit."""
        if isinstance(self.instance.distance, GivenDistance):
            self._all = self.instance.distance.part(slice(None), self.free)
        self._hard = np.zeros((0, len(self.free)), dtype=np.bool_)
        self._posed = np.zeros(0, dtype=np.bool_)

    def worth(self, sites: IndexArray) -> float:
        """Return how far the farthest place is."""
        return float(nearest_of(self.instance, self.free[sites], self.nearest).max())

    def rows(self, limit: float) -> Rows:
        """Return the rows of the hardest places that have fewest sites."""
        if limit != self._limit:
            self._limit, self._hard, self._penal = limit, self._hardest(limit), None
        self._posed = np.zeros(len(self._hard), dtype=np.bool_)
        return self._pose(np.arange(min(len(self._hard), _JOINING)))

    def missed(self, limit: float, share: FloatArray) -> Rows | None:
        """Return rows of the places that the shares reach least."""
        del limit
        reached = np.where(self._posed, 1.0, self._hard @ share)
        short = np.flatnonzero(reached < 1.0 - 1e-6)
        if not len(short):
            return None
        return self._pose(short[np.argsort(reached[short], kind="stable")[:_JOINING]])

    def improved(self, limit: float, sites: IndexArray, stopped: Stopped) -> IndexArray:
        """Exchange sites, where a place beyond the limit costs more than all else."""
        del limit
        if self._penal is None:
            self._penal = self._penalised()
        return interchange(self._penal, _filled(self._penal, sites), stopped)

    def _pose(self, some: IndexArray) -> Rows:
        self._posed[some] = True
        reach = csr_array(self._hard[some].astype(np.float64))
        return Rows(reach, np.ones(len(some)), np.full(len(some), np.inf))

    def _hardest(self, limit: float) -> BoolArray:
        """Return which sites are within the limit of each of the hardest places."""
        places, sites = len(self.nearest), len(self.free)
        found = pack(np.zeros((0, sites), dtype=np.bool_))
        for rows in row_blocks(places, sites):
            near = self._part(rows) <= limit
            words = pack(near)[self.nearest[rows] > limit]
            found = _least_sets(np.concatenate([found, words]))
        return unpack(found, sites).toarray() > 0.0

    def _part(self, rows: slice) -> FloatArray:
        """Return the ways of some places to the free sites."""
        if self._all is not None:
            return self._all[rows]
        return self.instance.distance.part(rows, self.free)

    def _penalised(self) -> Choice:
        """Return the choice with each of the hardest as a place that costs too much unreached."""
        choice = self.choice
        row, site = np.nonzero(self._hard)
        owner = np.concatenate([choice.owner, site])
        order = np.argsort(owner, kind="stable")
        penalty = 1.0 + float(choice.cap.sum())
        return Choice(
            np.searchsorted(owner[order], np.arange(len(choice.site) + 1)).astype(np.intp),
            np.concatenate([choice.place, len(choice.cap) + row])[order].astype(np.intp),
            np.concatenate([choice.cost, np.zeros(len(row))])[order],
            np.concatenate([choice.cap, np.full(len(self._hard), penalty)]),
            choice.site,
            choice.count,
            choice.base,
        )


def _least_sets(sets: Words) -> Words:
    """Return the packed sets of which no other is a part, smallest first; equal ones once.

    Examples
    --------
    >>> _least_sets(np.array([[7], [2], [5], [2]], dtype=np.uint64)).tolist()
    [[2], [5]]
    """
    left = group_sets(sets).sets
    left = left[np.argsort(np.bitwise_count(left).sum(axis=1), kind="stable")]
    kept = [left[:0]]
    while len(left):
        kept.append(left[:1])
        left = left[(left[0] & ~left).any(axis=1)]
    return np.concatenate(kept)


def held_ways(instance: LocationInstance) -> LocationInstance:
    """Return the same instance, all its ways at hand where they are few."""
    distance = instance.distance
    if isinstance(distance, GivenDistance) or math.prod(distance.shape) > _MOST_HELD:
        return instance
    return replace(instance, distance=GivenDistance(distance.part(slice(None), slice(None))))


def nearest_of(
    instance: LocationInstance, sites: IndexArray, nearest: FloatArray | None = None
) -> FloatArray:
    """Return how far each place is from the nearest of some sites, ``nearest`` at most."""
    places = instance.distance.shape[0]
    found = np.full(places, np.inf) if nearest is None else nearest.copy()
    if len(sites):
        for rows in row_blocks(places, len(sites)):
            part = instance.distance.part(rows, sites).min(axis=1)
            found[rows] = np.minimum(found[rows], part)
    return found


def _filled(
    choice: Choice, sites: IndexArray, price: FloatArray | None = None, budget: float = np.inf
) -> IndexArray:
    """Return ``sites`` and more of them, each the one that saves most for its price."""
    cap, owner = choice.served(sites), choice.owner
    chosen = sites.tolist()
    paid = np.zeros(len(choice.site)) if price is None else price
    left = budget - float(paid[sites].sum())
    while len(chosen) < min(choice.count, len(choice.site)):
        saved = np.maximum(cap[choice.place] - choice.cost, 0.0)
        gain = np.bincount(owner, saved, len(choice.site)).astype(np.float64)
        gain[paid > left] = -1.0
        gain[chosen] = -1.0
        if price is not None:
            gain[gain <= 0.0] = -1.0
            gain = np.where(gain > 0.0, gain / np.maximum(price, 1e-12), gain)
        best = int(np.argmax(gain))
        if gain[best] < 0.0:
            break
        chosen.append(best)
        left -= float(paid[best])
        at = slice(choice.start[best], choice.start[best + 1])
        cap[choice.place[at]] = np.minimum(cap[choice.place[at]], choice.cost[at])
    return np.array(chosen, dtype=np.intp)
