r"""The bound of a `Choice` with costs by cuts: the value of its linear relaxation.

With :math:`\theta_i` for what place i costs, every :math:`\lambda` gives a cut

.. math:: \theta_i \ge \lambda - \sum_j \max(0, \lambda - d_{ij}) \, y_j,

tightest at shares y where :math:`\lambda` is the cost at which the shares of the sites that are as
cheap or cheaper reach one. The duals of the cuts weigh a place's :math:`\lambda`; the Lagrangian
bound of the weighted means is at least the linear program's, since a cut is concave in
:math:`\lambda`. So what counts as bound is counted from multipliers alone, whatever the program's
tolerances.

Duran-Mateluna, C., Ales, Z. and Elloumi, S. (2023). An efficient Benders decomposition for the
p-median problem. European Journal of Operational Research 308(1). Fischetti, M., Ljubic, I. and
Sinnl, M. (2017). Redesigning Benders decomposition for large-scale facility location. Management
Science 63(7).
"""

import numpy as np
from scipy.sparse import csr_array

from models.run import Status
from optimizer.algorithms.medians import cut_rows
from optimizer.algorithms.siting.choice import BoolArray, ByPlace, Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.lagrangian import Ascent, Bound, bound_at
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder

_VIOLATED = 1e-6  # of a place's range of costs
_INSIDE = 0.5  # how far between the shares known and the program's a cut is also sought
_MOST_ROWS = 2  # cuts a place, on the average, before those that do not bind are dropped
_EVEN = 0.1  # how far the share of sites to split on is from none and from one, at least
_IDLE = 3  # solves in which a cut did not bind before it is one of those


class Cuts:
    """The linear program of a choice: shares of sites, costs of places, and the cuts so far."""

    def __init__(self, choice: Choice, bound: Bound, control: RunControl) -> None:
        self._choice, self._control = choice, control
        places, sites = len(choice.cap), len(choice.site)
        self._pairs = ByPlace.of(choice)
        self._least = self._pairs.least
        self._range = np.maximum(choice.cap - self._least, 1e-9)
        builder = Builder("min")
        builder.add_columns("open", np.zeros(sites), upper=1.0)
        builder.add_columns("cost", np.ones(places), lower=self._least, upper=np.inf)
        one = csr_array(np.ones((1, sites)))
        builder.add_rows("count", {"open": one}, lower=float(choice.count), upper=choice.count)
        self._session = LpSession(builder.build(), control.limits)
        self._session.share()  # each solve is short: to be asked in between would take a tenth
        self.sets: list[IndexArray] = []  # of sites, one of which a node may ask for
        self._known: dict[bytes, int] = {}
        self._active: tuple[int, ...] = ()
        # A row's place, its level, and in how many solves it did not bind; a set has no place.
        self._place, self._level = np.zeros(0, dtype=np.intp), np.zeros(0)
        self._idle = np.zeros(0, dtype=np.intp)
        every = np.arange(places)
        self._core = np.clip(bound.share, 0.0, 1.0)
        self._add(every, np.clip(bound.multipliers, 0.0, choice.cap))
        self._add(*self._violated(self._core, self._least))

    def bound(
        self,
        choice: Choice,
        opened: IndexArray,
        closed: BoolArray,
        start: FloatArray,
        plan: Ascent,
        asked: tuple[int, ...] = (),
    ) -> Bound:
        """Return a bound on ``choice``: this one's with some sites opened and some closed.

        Of each of the sets ``asked`` one site is to be chosen.

        It is that of ``start`` (place,) at least. It ends where ``plan.enough`` is proved, after
        ``plan.steps`` rounds, or one round after one that gained less than ``plan.tolerance`` of
        what was left.
        """
        sites = len(self._choice.site)
        low, high = np.zeros(sites), np.where(closed, 0.0, 1.0)
        low[opened] = 1.0
        self._session.change_bounds(np.arange(sites), low, high)
        self._ask(asked)
        number = np.flatnonzero((low < 1.0) & (high > 0.0))
        now = np.clip(start, 0.0, choice.cap)
        best = (*bound_at(choice, now), now)
        share = np.zeros(len(number))
        before, last, turn = -np.inf, False, 0
        for turn in range(1, plan.steps + 1):
            status = self._solved()
            if status is Status.INFEASIBLE:
                return Bound(np.inf, now, best[1], best[2], share, turn)
            if status is not Status.OPTIMAL:
                break
            values = self._session.primal
            y, share = values[:sites], np.clip(values[number], 0.0, 1.0)
            now = np.clip(self._multipliers(), 0.0, choice.cap)
            found = bound_at(choice, now, self._prices(asked, number))
            best = (*found, now) if found[0] > best[0] else best
            value = self._choice.base + float(values[sites:].sum())
            if best[0] >= plan.enough or last:
                break
            last = value - before < plan.tolerance * max(0.0, plan.enough - value)
            before = value
            outside = self._violated(y, values[sites:])
            if not len(outside[0]):
                break
            middle = y + _INSIDE * (self._core - y)
            inside = self._violated(middle, values[sites:])
            self._drop()
            self._add(*(np.concatenate(both) for both in zip(outside, inside, strict=True)))
        value_, worth, chosen, held = best
        return Bound(value_, held, worth, chosen, share, turn)

    def recount(self, count: int) -> None:
        """Have so many sites chosen from now on."""
        self._session.change_row_bounds(0, count, count)

    def set_of(self, sites: IndexArray) -> int:
        """Return the number of a set of sites that nodes may ask for."""
        key = sites.tobytes()
        if key not in self._known:
            self._known[key] = len(self.sets)
            self.sets.append(sites)
            row = np.zeros((1, len(self._session.program.cost)))
            row[0, sites] = 1.0
            self._session.add_rows(csr_array(row), 0.0, np.inf)
            self._note(np.array([-1], dtype=np.intp), np.zeros(1))
        return self._known[key]

    def split(self, share: FloatArray) -> IndexArray | None:
        """Return the sites nearest to a place whose shares (site,) are about a half; None if none.

        Of places and nearest sites those are taken that leave most to gain: even shares of sites
        that are much nearer than the sites of the other half.
        """
        pairs = self._pairs
        mine = share[pairs.site]
        at = np.flatnonzero(mine > 1e-6)
        mine, paid = mine[at], pairs.cost[at]
        place = np.searchsorted(pairs.start, at, side="right") - 1
        if not len(at):
            return None
        first = np.concatenate([[True], np.diff(place) > 0])
        whole, cost = np.cumsum(mine), np.cumsum(mine * paid)
        origin = np.maximum.accumulate(np.where(first, np.arange(len(at)), 0))
        within = whole - (whole - mine)[origin]
        near = cost - (cost - mine * paid)[origin]
        _, value = pairs.levels(share)
        rest = (value[place] - near) / np.maximum(1.0 - within, 1e-9)
        jump = np.append((np.diff(place) == 0) & (np.diff(paid) > 0.0), False)
        even = np.minimum(within, 1.0 - within)
        worth = np.where(jump & (even > _EVEN), even * (rest - near / within), -np.inf)
        best = int(np.argmax(worth))
        if not worth[best] > 0.0:
            return None
        some = slice(pairs.start[place[best]], pairs.start[place[best] + 1])
        return np.sort(pairs.site[some][pairs.cost[some] <= paid[best]])

    def _ask(self, asked: tuple[int, ...]) -> None:
        """Ask for one of each of some sets, and of no others."""
        rows = 1 + np.flatnonzero(self._place < 0)
        for one in set(asked) ^ set(self._active):
            self._session.change_row_bounds(int(rows[one]), float(one in asked), np.inf)
        self._active = asked

    def _prices(
        self, asked: tuple[int, ...], number: IndexArray
    ) -> tuple[float, FloatArray] | None:
        """Return the duals of the sets asked for: their sum, and each free site's."""
        if not asked:
            return None
        dual = np.maximum(self._session.dual[1:][self._place < 0], 0.0)
        price = np.zeros(len(self._choice.site))
        for one in asked:
            price[self.sets[one]] += dual[one]
        return float(dual[list(asked)].sum()), price[number]

    def _solved(self) -> Status:
        try:
            status = self._session.solve(self._control)
            if status is Status.INFEASIBLE:
                self._session.ray()  # raises where it proves nothing
            elif status is Status.OPTIMAL and len(self._session.primal) == 0:
                return Status.UNKNOWN
        except BackendError:  # numerical trouble: what was proved before stands
            return Status.UNKNOWN
        return status

    def _violated(self, y: FloatArray, cost: FloatArray) -> tuple[IndexArray, FloatArray]:
        """Return the places, and their levels, whose tightest cuts at shares ``y`` are violated."""
        level, value = self._pairs.levels(y)
        found = np.flatnonzero(value > cost + _VIOLATED * self._range)
        return found, level[found]

    def _add(self, place: IndexArray, level: FloatArray) -> None:
        """Add the cuts of some places at some levels."""
        if not len(place):
            return
        pairs, sites = self._pairs, len(self._choice.site)
        begin, column, value = cut_rows(pairs.start, pairs.site, pairs.cost, place, level, sites)
        shape = (len(place), sites + len(self._choice.cap))
        self._session.add_rows(csr_array((value, column, begin), shape=shape), level, np.inf)
        self._note(place, level)

    def _note(self, place: IndexArray, level: FloatArray) -> None:
        self._place = np.concatenate([self._place, place])
        self._level = np.concatenate([self._level, level])
        self._idle = np.concatenate([self._idle, np.zeros(len(place), dtype=np.intp)])

    def _drop(self) -> None:
        """Drop the cuts that have not been binding for long, where there are too many."""
        if len(self._place) <= _MOST_ROWS * len(self._least):
            return
        gone = (self._idle > _IDLE) & (self._place >= 0)
        if gone.any():
            self._session.delete_rows(1 + np.flatnonzero(gone))
            self._place, self._level = self._place[~gone], self._level[~gone]
            self._idle = self._idle[~gone]

    def _multipliers(self) -> FloatArray:
        """Return the mean of each place's levels, weighed by the duals of its cuts."""
        dual = np.maximum(self._session.dual[1:], 0.0)
        self._idle = np.where(dual > 0.0, 0, self._idle + 1)
        cut = self._place >= 0
        place, dual, level = self._place[cut], dual[cut], self._level[cut]
        weight = np.bincount(place, dual, len(self._least))
        scale = np.where(weight > 1.0, 1.0 / np.maximum(weight, 1e-300), 1.0)
        part = np.bincount(place, dual * level, len(self._least)) * scale
        return np.asarray(part + np.maximum(0.0, 1.0 - weight) * self._least)
