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
_COUNT = 0  # the row of how many sites are chosen
_VIOLATED = 1e-6  # of what a block's cost can vary by
_INSIDE = 0.5  # how far between the shares known and the program's a cut is also sought
_MOST_ROWS = 3  # cuts a block, on the average, before those that do not bind are dropped
_MOST_RULES = 60  # likewise
_LONG = 4  # programs one after the other in which a row did not bind, before it is idle


@dataclass(frozen=True)
class Rows:
    """Rules on which sites are chosen: ``lower <= matrix @ shares <= upper``."""

    matrix: csr_array  # (row, site)
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class Part:
    """Some of all choices: those of so many sites, with each of ``lower``, only of ``upper``."""

    lower: BoolArray  # (site,)
    upper: BoolArray  # (site,)
    fewest: int
    most: int


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
        self._reach = None if choice.cost.any() else self._covers()
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
        self._rest = np.zeros(1, dtype=np.intp)  # (row,) programs in which it has not been binding
        self._values = np.zeros(sites + self._blocks)
        self._core = np.full(sites, choice.count / max(1, sites))

    @property
    def least(self) -> float:
        """What every choice costs at least: as if all sites were chosen."""
        least = self._choice.base + float(self._least.sum())
        return least - _EPSILON * (len(self._choice.cap) + 8) * abs(least)

    def _covers(self) -> csr_array:
        """Return which sites reach which places, where all costs are nothing."""
        pairs, shape = self._pairs, (len(self._choice.cap), len(self._choice.site))
        return csr_array((np.ones(len(pairs.site)), pairs.site, pairs.start), shape=shape)

    def rule(self, rows: Rows, *, tighter: bool) -> None:
        """Put these rules in force, and drop rows that are many and idle.

        Those before remain where the new ones are ``tighter``: they hold still, and the program
        starts from where it ended.
        """
        if not tighter:
            self._drop(self._rules)
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
        self, part: Part, effort: Effort, missed: Callable[[FloatArray], Rows | None]
    ) -> Relaxed | None:
        """Return the bound on some of all choices; None if ended early.

        ``missed`` gives rules that shares break and that the program does not have yet.
        """
        self._tidy()
        sites = len(self._choice.site)
        low, high = part.lower.astype(np.float64), part.upper.astype(np.float64)
        self._session.change_bounds(np.arange(sites), low, high)
        self._session.change_row_bounds(_COUNT, float(part.fewest), float(part.most))
        best: tuple[float, FloatArray] | None = None
        before = -np.inf
        for turn in range(max(1, effort.rounds)):
            status = self._solved()
            if status is Status.INFEASIBLE:
                nothing = np.zeros(sites)
                return Relaxed(np.inf, nothing, nothing, nothing, nothing)
            found = None if status is not Status.OPTIMAL else self._session.safe_bound
            if found is None:
                break
            share, dual = np.clip(self._values[:sites], 0.0, 1.0), self._session.dual
            self._rest = np.where(np.abs(dual) > 1e-12, 0, self._rest + 1)
            value = self._unit * (found - _EPSILON * (self._blocks + 8) * abs(found))
            best = (value, dual) if best is None or value >= best[0] else best
            if best[0] >= effort.enough:
                break
            rules = missed(share)
            if rules is not None:
                self.add(rules)
            gained = best[0] - before
            slow = gained < effort.tolerance * max(0.0, effort.enough - best[0])
            before = best[0]
            if turn + 1 == effort.rounds or (slow and turn and rules is None):
                break
            added = self._separate(share)
            if not added and rules is None:
                break
        return None if best is None else self._relaxed(*best, share)

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

    def _relaxed(self, bound: float, dual: FloatArray, share: FloatArray) -> Relaxed:
        """Return a bound with what its duals (of the rows there were then) say of each site."""
        sites = len(share)
        rows = self._session.program.matrix[: len(dual)]
        reduced = -self._unit * np.asarray(rows.T @ dual)[:sites]
        gain = np.asarray(rows.T @ np.where(self._cut[: len(dual)], dual, 0.0))[:sites]
        return Relaxed(bound, share, np.maximum(reduced, 0.0), np.maximum(-reduced, 0.0), gain)

    def _separate(self, share: FloatArray) -> bool:
        """Add the cuts that the shares violate, and those that a point further inside does."""
        cost = self._least + self._range * self._values[len(share) :]
        middle = share + _INSIDE * (self._core - share)
        self._core = middle
        outer, inner = self._levels(share), self._levels(middle)
        cuts = [self._violated(level, share, cost) for level in (outer, inner)]
        matrix, lower = (np.concatenate(part) for part in zip(*cuts, strict=True))
        if len(lower):
            self._session.add_rows(csr_array(matrix), lower, np.inf)
            self._note(len(lower), cut=True)
        return bool(len(lower))

    def _levels(self, share: FloatArray) -> FloatArray:
        """Return the levels of the tightest cuts at some shares."""
        if self._reach is None:
            return self._pairs.levels(share)[0]
        return np.where(self._reach @ share >= 1.0 - 1e-9, 0.0, self._choice.cap)

    def _violated(
        self, level: FloatArray, share: FloatArray, cost: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the rows of the blocks whose cut at these levels the program violates."""
        spare = np.maximum(level[self._pair_place] - self._pairs.cost, 0.0)
        sites = len(share)
        saved = np.bincount(self._pair_key, spare, self._blocks * sites)
        saved = saved.reshape(self._blocks, sites)
        whole: FloatArray = np.bincount(self._block, level, self._blocks).astype(np.float64)
        # Sums of so many terms may lie that far above; a cut must not say too much.
        whole = whole - _EPSILON * (len(level) + 8) * np.abs(whole)
        missing = whole - saved @ share - cost
        found = np.flatnonzero(missing > _VIOLATED * self._range)
        scale = 1.0 / self._range[found]
        rows = np.zeros((len(found), sites + self._blocks))
        rows[:, :sites] = saved[found] * scale[:, None]
        rows[np.arange(len(found)), sites + found] = 1.0
        return rows, (whole - self._least)[found] * scale

    def _note(self, height: int, *, cut: bool) -> None:
        self._rules = np.concatenate([self._rules, np.full(height, not cut)])
        self._cut = np.concatenate([self._cut, np.full(height, cut)])
        self._rest = np.concatenate([self._rest, np.zeros(height, dtype=np.intp)])

    def _tidy(self) -> None:
        """Drop the cuts and the rules that have not been binding for long, where there are many."""
        cuts = self._cut.sum() > _MOST_ROWS * self._blocks
        rules = self._rules.sum() > _MOST_RULES
        if cuts or rules:
            many = (self._cut & cuts) | (self._rules & rules)
            self._drop(many & (self._rest > _LONG))

    def _drop(self, gone: BoolArray) -> None:
        if gone.any():
            self._session.delete_rows(np.flatnonzero(gone))
            self._rules, self._cut = self._rules[~gone], self._cut[~gone]
            self._rest = self._rest[~gone]
