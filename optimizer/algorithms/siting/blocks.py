r"""The linear program of a `Choice` under rows on its sites: shares, and costs of blocks of places.

Every :math:`\lambda` gives a cut for a place (see `cuts`); those of a block's places are one row,

.. math:: \theta_b \ge \sum_{i \in b} \lambda_i - \sum_j \sum_{i \in b} \max(0, \lambda_i - d_{ij})
          \, y_j,

so that the program stays small however many places there are. Cuts hold for any rows on the
sites: a program whose rows change keeps them.

Cordeau, J.-F., Furini, F. and Ljubic, I. (2019). Benders decomposition for very large scale partial
set covering and maximal covering location problems. European Journal of Operational Research
275(3). Fischetti, M., Ljubic, I. and Sinnl, M. (2017). Redesigning Benders decomposition for
large-scale facility location. Management Science 63(7).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from models.run import Status
from optimizer.algorithms.siting.choice import BoolArray, ByPlace, Choice, FloatArray, IndexArray
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder

_EPSILON = float(np.finfo(np.float64).eps)
_VIOLATED = 1e-6  # of what a block's cost can vary by
_INSIDE = 0.5  # how far between the shares known and the program's a cut is also sought
_MOST_ROWS = 6  # cuts a block, on the average, before those that do not bind are dropped


@dataclass(frozen=True)
class Rows:
    """Rules on which sites are chosen: ``lower <= matrix @ shares <= upper``."""

    matrix: csr_array  # (row, site)
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class Relaxed:
    """What the program came to: a bound, its shares, and what fixing a site adds to the bound.

    ``bound`` is infinite where no shares keep the rows.
    """

    bound: float
    share: FloatArray  # (site,)
    up: FloatArray  # (site,) added by choosing it
    down: FloatArray  # (site,) added by leaving it
    gain: FloatArray  # (site,) what the cuts say that choosing it saves


@dataclass(frozen=True)
class Effort:
    """How long to add cuts: until ``enough`` is proved, in so many rounds that gain so much."""

    enough: float
    rounds: int
    tolerance: float  # of what is left to ``enough``, that a round must gain


class BlockProgram:
    """The program, its cuts so far, and rows that may be exchanged for others."""

    def __init__(self, choice: Choice, block: IndexArray, control: RunControl) -> None:
        """Begin without cuts; ``block`` (place,) says which places share theirs."""
        self._choice, self._control = choice, control
        self._pairs, self._block = ByPlace.of(choice), block
        self._pair_place = self._pairs.place
        self._blocks = int(block.max(initial=-1)) + 1
        sites = len(choice.site)
        self._pair_key = block[self._pair_place] * sites + self._pairs.site
        self._least = np.bincount(block, self._pairs.least, self._blocks)
        most = np.bincount(block, choice.cap, self._blocks)
        self._range = np.maximum(most - self._least, 1e-9)
        # A block's column is what of its range it costs; the program's unit is the mean range.
        self._unit = float(self._range.mean()) if self._blocks else 1.0
        builder = Builder("min")
        builder.add_columns("open", np.zeros(sites), upper=1.0)
        builder.add_columns("cost", self._range / self._unit, upper=1.0)
        one = csr_array(np.ones((1, sites)))
        builder.add_rows("count", {"open": one}, lower=0.0, upper=float(choice.count))
        builder.offset = (choice.base + float(self._least.sum())) / self._unit
        self._session = LpSession(builder.build(), control.limits)
        self._session.share()  # each solve is short: to be asked in between would take a fifth
        self._rules = np.zeros(1, dtype=np.bool_)  # (row,) whether it may be exchanged
        self._cut = np.zeros(1, dtype=np.bool_)  # (row,)
        self._values = np.zeros(sites + self._blocks)
        self._core = np.full(sites, choice.count / max(1, sites))

    @property
    def least(self) -> float:
        """What every choice costs at least: as if all sites were chosen."""
        least = self._choice.base + float(self._least.sum())
        return least - _EPSILON * (len(self._choice.cap) + 8) * abs(least)

    def rule(self, rows: Rows) -> None:
        """Put these rules in place of those before, and drop cuts that are many and idle."""
        self._drop(self._rules | self._idle())
        self.add(rows)

    def add(self, rows: Rows) -> None:
        """Add rules to those there are."""
        height = rows.matrix.shape[0]
        if height:
            empty = csr_array((height, self._blocks))
            matrix = csr_array(hstack([rows.matrix, empty], format="csr"))
            self._session.add_rows(matrix, rows.lower, rows.upper)
            self._note(height, cut=False)

    def bound(
        self,
        lower: BoolArray,
        upper: BoolArray,
        effort: Effort,
        missed: Callable[[FloatArray], Rows | None],
    ) -> Relaxed | None:
        """Return the bound where some sites must and only some may be chosen; None if ended early.

        ``missed`` gives rules that shares break and that the program does not have yet.
        """
        sites = len(self._choice.site)
        low, high = lower.astype(np.float64), upper.astype(np.float64)
        self._session.change_bounds(np.arange(sites), low, high)
        best: Relaxed | None = None
        before = -np.inf
        for turn in range(max(1, effort.rounds)):
            status = self._solved()
            if status is Status.INFEASIBLE:
                nothing = np.zeros(sites)
                return Relaxed(np.inf, nothing, nothing, nothing, nothing)
            found = None if status is not Status.OPTIMAL else self._relaxed()
            if found is None:
                return best
            best = found if best is None or found.bound >= best.bound else best
            best = Relaxed(best.bound, found.share, best.up, best.down, found.gain)
            if best.bound >= effort.enough:
                break
            rules = missed(found.share)
            if rules is not None:
                self.add(rules)
            gained = best.bound - before
            slow = gained < effort.tolerance * max(0.0, effort.enough - best.bound)
            before = best.bound
            if turn + 1 == effort.rounds or (slow and turn and rules is None):
                break
            added = self._separate(found.share)
            if not added and rules is None:
                break
        return best

    def _solved(self) -> Status:
        try:
            status = self._session.solve(self._control)
            if status is Status.INFEASIBLE:
                self._session.ray()  # raises where it proves nothing
            elif status is Status.OPTIMAL:
                self._values = self._session.primal
        except BackendError:
            return Status.UNKNOWN
        return status

    def _relaxed(self) -> Relaxed | None:
        session, sites = self._session, len(self._choice.site)
        bound = session.safe_bound
        if bound is None:
            return None
        rounding = _EPSILON * (self._blocks + 8) * abs(bound)
        program, dual = session.program, session.dual
        columns = program.matrix.T
        reduced = -self._unit * np.asarray(columns @ dual)[:sites]
        gain = np.asarray(columns @ np.where(self._cut, dual, 0.0))[:sites]
        share = np.clip(self._values[:sites], 0.0, 1.0)
        bound = self._unit * (bound - rounding)
        return Relaxed(bound, share, np.maximum(reduced, 0.0), np.maximum(-reduced, 0.0), gain)

    def _separate(self, share: FloatArray) -> bool:
        """Add the cuts that the shares violate, and those that a point further inside does."""
        cost = self._least + self._range * self._values[len(share) :]
        middle = share + _INSIDE * (self._core - share)
        self._core = middle
        outer = self._pairs.levels(share)[0]
        inner = self._pairs.levels(middle)[0]
        cuts = [self._violated(level, share, cost) for level in (outer, inner)]
        for rows, lower in cuts:
            if len(lower):
                self._session.add_rows(rows, lower, np.inf)
                self._note(len(lower), cut=True)
        return any(len(lower) for _, lower in cuts)

    def _violated(
        self, level: FloatArray, share: FloatArray, cost: FloatArray
    ) -> tuple[csr_array, FloatArray]:
        """Return the rows of the blocks whose cut at these levels the program violates."""
        spare = np.maximum(level[self._pair_place] - self._pairs.cost, 0.0)
        size = self._blocks * len(share)
        saved = np.bincount(self._pair_key, spare, size).reshape(self._blocks, -1)
        whole: FloatArray = np.bincount(self._block, level, self._blocks).astype(np.float64)
        # Sums of so many terms may lie that far above; a cut must not say too much.
        whole = whole - _EPSILON * (len(level) + 8) * np.abs(whole)
        missing = whole - saved @ share - cost
        found = np.flatnonzero(missing > _VIOLATED * self._range)
        every, scale = np.arange(len(found)), 1.0 / self._range[found]
        one = csr_array((np.ones(len(found)), (every, found)), shape=(len(found), self._blocks))
        scaled = csr_array(saved[found] * scale[:, None])
        rows = csr_array(hstack([scaled, one], format="csr"))
        return rows, (whole - self._least)[found] * scale

    def _note(self, height: int, *, cut: bool) -> None:
        self._rules = np.concatenate([self._rules, np.full(height, not cut)])
        self._cut = np.concatenate([self._cut, np.full(height, cut)])

    def _idle(self) -> BoolArray:
        """Return the cuts that do not bind, where there are many."""
        none = np.zeros(len(self._cut), dtype=np.bool_)
        if self._cut.sum() <= _MOST_ROWS * self._blocks:
            return none
        if self._solved() is not Status.OPTIMAL:
            return none
        idle: BoolArray = self._cut & (np.abs(self._session.dual) <= 1e-12)
        return idle

    def _drop(self, gone: BoolArray) -> None:
        if gone.any():
            self._session.delete_rows(np.flatnonzero(gone))
            self._rules, self._cut = self._rules[~gone], self._cut[~gone]
