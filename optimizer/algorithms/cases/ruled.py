r"""A bound of many cases that knows the rules on how people are spread.

In a case, all sites of a kind in use are filled to shares in some :math:`[l, l + \delta]`, whatever
:math:`l`; so a bound may take, of each case and kind, the range that is cheapest: ranges a little
wider, one for every step of :math:`l`, leave no plan out. Within a range a site's best load is a
knapsack in parts with a least and a most. Multipliers are of

* "everybody has a place or none", as without rules (:math:`u_p`, party);
* closest assignment (:math:`\mu_a`, arc :math:`a` to site :math:`k`): those of :math:`p` who go
  farther than :math:`(1 + \lambda) d_a` are nobody where :math:`k` is open and has room,
  :math:`\sum_b x_b \le n_p (1 - y_{sk} + h_{sk})` (Wagner and Falkson 1975). An arc then pays for
  those it passes, an open site for those who pass it unless it is full;
* "a site opens in a case as it opens at all" (:math:`\pi_{sj}`, free in sign), which parts the
  cases, so that each takes the range that suits it.

.. math::

    \sum_p n_p u_p - \sum_a n_p \mu_a
    + \sum_{s, k} \min_l \sum_{j \in k} \min(0, \pi_{sj} + v_{sj}(l))
    + \min_y \sum_j (f_j - \textstyle\sum_s \pi_{sj}) y_j

with :math:`v_{sj}(l)` the least an open site costs the case: empty or filled to within the range.
Whatever the multipliers, no plan is worth less. They are kept times the people they stand for.

Wagner, J. L. and Falkson, L. M. (1975). The optimal nodal location of public facilities with
price-sensitive demand. Geographical Analysis 7(1).
Guignard, M. and Kim, S. (1987). Lagrangean
decomposition: a model yielding stronger Lagrangean bounds. Mathematical Programming 39.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.algorithms.cases.cells import Cells, ranges
from optimizer.algorithms.cases.choosing import SiteChoice
from optimizer.algorithms.cases.instance import (
    BoolArray,
    CaseArrays,
    FloatArray,
    IndexArray,
    Manner,
)
from optimizer.algorithms.cases.pricing import (
    add_detours,
    add_worth,
    loads_of,
    rank,
    sum_beyond,
    worth_of,
)

_ROUNDED = 1e-9  # of a walk: what is still as far, as the rule has it
_SAFE = 1e-9  # relative: what rounding may take of a bound
_SMALL = 1e-3  # of the largest share of a site's cost in a case


@dataclass(frozen=True)
class Multipliers:
    """What rows cost, each times the people it stands for."""

    party: FloatArray  # (party,)
    arc: FloatArray  # (arc,) of closest assignment
    place: FloatArray  # (case x site,) of opening in the case

    def moved(self, steps: "Multipliers", length: float, most: FloatArray) -> "Multipliers":
        """Return them after a step of this length, within their limits."""
        return Multipliers(
            np.clip(self.party + length * steps.party, 0.0, most),
            np.maximum(0.0, self.arc + length * steps.arc),
            self.place + length * steps.place,
        )

    def over(self, old: "Multipliers", part: float) -> "Multipliers":
        """Return these with a part of earlier ones."""
        return Multipliers(
            self.party + part * old.party,
            self.arc + part * old.arc,
            self.place + part * old.place,
        )


@dataclass(frozen=True)
class Priced:
    """What some multipliers prove, and how far the cheapest choice is from keeping each row."""

    value: float
    opened: FloatArray  # (site,)
    broken: Multipliers
    chosen: IndexArray  # (cell, kind): the cheapest range


class Ruled:
    """The bound of one instance under any multipliers, those of people by cell."""

    def __init__(
        self,
        whole: CaseArrays,
        manner: Manner,
        cells: Cells,
        passes: IndexArray | None = None,  # of the whole, where they are known
    ) -> None:
        self._whole, self._manner, self.cells = whole, manner, cells
        self._passes = passing(whole, manner.detour) if passes is None else passes
        arrays = self.arrays = whole.of_cases(cells.case)
        order, count = arrays.by_place, arrays.cases
        self._party, self._space = arrays.party[order], arrays.space[order]
        self._cost = arrays.cost[order]
        self._full = arrays.people[self._party] * self._space
        self._area = arrays.area.ravel()
        self._active = (self._area > 0.0) & (np.diff(arrays.place_start) > 0)
        self._least = np.where(self._active, arrays.least.ravel(), 0.0)
        self._barred = np.tile(arrays.barred, count) | ~self._active
        self._forced = np.tile(arrays.forced, count) & ~self._barred
        kind = np.repeat(np.arange(count), len(arrays.opening)) * manner.kinds
        self._ground = (kind + np.tile(manner.kind, count)).astype(np.int64)
        self._low, self._high = ranges(manner)
        self._outside = cells.outside(len(self._low))
        self._near = self._passes[whole.rows_of(cells.case)[1]]
        self._choice = SiteChoice(whole)
        self._order = np.arange(len(order))
        self.most = arrays.people * arrays.unplaced

    def first(self, multiplier: FloatArray, chosen: IndexArray) -> Multipliers:
        """Return where to begin, with a cell for each case.

        ``multiplier`` (party,) is what a person is worth without the rules. What a site is worth
        over all cases is shared out by what it is worth in each at the ``chosen`` ranges (case x
        kind,); what the row on sites costs stays with their choice.
        """
        party = np.clip(self.arrays.people * multiplier, 0.0, self.most)
        at = Multipliers(party, np.zeros(len(self._space)), np.zeros(len(self._area)))
        _, worth, _ = self._loads(*self._rates(at), chosen)
        each = worth.reshape(self._whole.cases, -1)
        total = self._whole.opening + each.sum(axis=0)
        total = total + self._choice.charge(total)
        part = np.abs(each) / np.maximum(np.abs(each).sum(axis=0), 1e-300)
        place = np.where(self._active, (part * total - each).ravel(), 0.0)
        return replace(at, place=place)

    def ranges_of(self, placed: FloatArray) -> IndexArray:
        """Return the range (case x kind,) that the fills of a plan lie in, by its fullest site."""
        arrays = self.arrays
        fill = np.bincount(arrays.place, placed * arrays.space, len(self._area))
        top = np.zeros(arrays.cases * self._manner.kinds)
        share = fill[self._active] / self._area[self._active]
        np.maximum.at(top, self._ground[self._active], share)
        found = np.searchsorted(self._high, top - _ROUNDED, side="left")
        return np.minimum(found, len(self._high) - 1).astype(np.int64)

    def scale(self, place: FloatArray) -> Multipliers:
        """Return how far each multiplier moves beside the others: by the root of its size."""
        size = np.sqrt(self.most / max(float(self.most.mean()), 1e-300))
        active = self._active.reshape(len(self.cells.case), -1)[self.cells.start].ravel()
        part = np.abs(place)
        part = np.maximum(part, max(_SMALL * part.max(initial=0.0), 1e-300))
        part /= part[active].mean() if active.any() else 1.0
        return Multipliers(
            size,
            size[self.arrays.party] * (self._manner.detour is not None),
            np.sqrt(part) * active,
        )

    def price(self, at: Multipliers) -> Priced:
        """Return the bound of all plans."""
        arrays, whole, cells = self.arrays, self._whole, self.cells
        rate, charge = self._rates(at)
        split = at.place.reshape(whole.cases, -1)[cells.case].ravel()
        total = self._totals(rate, charge, split)
        chosen = total.argmin(axis=1)
        load, mine, blocking = self._loads(rate, charge, chosen)
        opened = ((self._forced | (mine + split < 0.0)) & ~self._barred).astype(np.float64)
        cost = total.min(axis=1).reshape(len(cells.case), -1).sum(axis=1)
        ends = arrays.party_start[:-1], arrays.arc_start[arrays.party_start[:-1]]
        cost += _sums(at.party, ends[0]) - _sums(at.arc, ends[1])
        least = np.minimum.reduceat(cost, cells.start)
        cheapest = np.flatnonzero(cost == least[cells.case])
        live = cheapest[np.searchsorted(cells.case[cheapest], np.arange(whole.cases))]
        left = whole.opening - np.where(
            self._at_work(live), at.place.reshape(least.size, -1), 0.0
        ).sum(axis=0)
        sites = self._choice.cheapest(left)
        value = float(least.sum() + left @ sites)
        size = float(at.party.sum() + at.arc.sum() + np.abs(split).sum() + np.abs(left) @ sites)
        party, arc = self._broken(opened, load, blocking)
        on = np.zeros(len(cells.case))
        on[live] = 1.0
        party *= np.repeat(on, np.diff(arrays.party_start))
        arc *= np.repeat(on, np.diff(arrays.arc_start[arrays.party_start]))
        place = np.where(
            self._at_work(live), opened.reshape(len(cells.case), -1)[live] - sites, 0.0
        )
        return Priced(
            value - _SAFE * size,
            sites,
            Multipliers(party, arc, place.ravel()),
            np.where(on[:, None] > 0.0, chosen.reshape(len(cells.case), -1), -1),
        )

    def _at_work(self, live: IndexArray) -> BoolArray:
        found: BoolArray = self._active.reshape(len(self.cells.case), -1)[live]
        return found

    def _totals(self, rate: FloatArray, charge: FloatArray, split: FloatArray) -> FloatArray:
        """Return what each range costs a cell and kind (cell x kind, range)."""
        worth = np.zeros((len(self._area), len(self._low)))
        worth_of(*self._places(rate, charge), self._low, self._high, worth)
        total = np.zeros(self._outside.shape)
        add_worth(self._ground, self._forced, self._barred, split, worth, total)
        total[self._outside] = np.inf
        return total

    def _places(
        self, rate: FloatArray, charge: FloatArray
    ) -> tuple[IndexArray, IndexArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return what the kernels read of every place and its arcs."""
        arrays = self.arrays
        start, order = arrays.place_start, self._order
        return start, order, rate, self._full, self._area, self._least, charge

    def _rates(self, at: Multipliers) -> tuple[FloatArray, FloatArray]:
        """Return what a square metre of each arc wins, and what it costs to be open with room."""
        arrays = self.arrays
        people = np.maximum(arrays.people, 1e-12)
        passed = np.zeros(len(arrays.site))
        add_detours(arrays.arc_start, self._near, at.arc / people[arrays.party], passed)
        won = (at.party / people)[self._party] - self._cost - passed[arrays.by_place]
        rate = won / self._space
        rank(arrays.place_start, rate, self._order)
        return rate, np.bincount(arrays.place, at.arc, len(self._area)).astype(np.float64)

    def _loads(
        self, rate: FloatArray, charge: FloatArray, chosen: IndexArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return loads (arc,), worths and where there is room (place,), at the chosen ranges."""
        load, worth, blocking = np.zeros(len(rate)), charge * 0.0, charge * 0.0
        loads_of(
            *self._places(rate, charge),
            self._low[chosen[self._ground]],
            self._high[chosen[self._ground]],
            load,
            worth,
            blocking,
        )
        return load, worth, blocking

    def _broken(
        self, opened: FloatArray, load: FloatArray, blocking: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return how far the rows of parties and arcs are broken, as shares of their people."""
        arrays = self.arrays
        share, beyond = np.zeros(len(load)), np.zeros(len(load))
        share[arrays.by_place] = load / np.maximum(self._full, 1e-12)
        share *= opened[arrays.place]
        sum_beyond(arrays.arc_start, self._near, share, beyond)
        placed = np.bincount(arrays.party, share, len(arrays.people))
        party: FloatArray = (1.0 - placed).astype(np.float64)
        return party, beyond - 1.0 + (blocking * opened)[arrays.place]

    def divided(
        self, at: Multipliers, parent: IndexArray, cells: Cells
    ) -> tuple["Ruled", Multipliers]:
        """Return the bound over finer cells, and where it goes on."""
        arrays = self.arrays
        finer = Ruled(self._whole, self._manner, cells, self._passes)
        parties, arcs = arrays.rows_of(parent)
        return finer, Multipliers(at.party[parties], at.arc[arcs], at.place)


def _sums(values: FloatArray, start: IndexArray) -> FloatArray:
    """Return the sum of each piece of ``values``, some of which may be empty."""
    sums = np.append(0.0, np.cumsum(values))
    found: FloatArray = sums[np.append(start[1:], len(values))] - sums[start]
    return found


def passing(arrays: CaseArrays, detour: float | None) -> IndexArray:
    """Return how many of its party's first arcs each arc passes too far (arc,)."""
    found = np.zeros(len(arrays.site), dtype=np.int64)
    if detour is None:
        return found
    for p in range(len(arrays.people)):
        walk = arrays.walk[arrays.arc_start[p] : arrays.arc_start[p + 1]]
        passes = np.searchsorted((1.0 + detour) * walk + _ROUNDED, walk, side="left")
        found[arrays.arc_start[p] : arrays.arc_start[p + 1]] = passes
    return found
