"""Branch and bound on warm linear programs: for bounds, where a relaxation is loose.

Nodes are opened best bound first, as many at a time as there are sessions; a column to branch on
is chosen by what its two children gained before (pseudo-costs), tried out the first time
(reliability branching). Which session solves which program is fixed beforehand, so the
tree does not depend on who is faster. Bounds are recomputed from duals, infeasible nodes from
their Farkas ray.

Achterberg, T., Koch, T. and Martin, A. (2005). Branching rules revisited. Operations Research
Letters 33(1).
"""

import heapq
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.run import Status
from optimizer.backends.highs import Basis, LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
Judge = Callable[[FloatArray], float | None]
Cutter = Callable[[FloatArray], tuple[csr_array, FloatArray] | None]

_WHOLE = 1e-6
_LOOKED_AT = 8  # fractional columns of a node, the most promising
_TRIED = 3  # of them, at most, whose children are solved to find out
_MOST_NODES = 20_000
_CUT_ROUNDS = 4  # at a node
_CUT_LITTLE = 0.02  # of what is left to the cutoff, that a round must gain
_MOST_ROWS = 3.0  # times those at the root
_LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class Proof:
    """What the tree came to: no solution is better than ``bound``.

    ``finished``: nothing is left that beats the incumbent by more than the slack, but for rounding.
    ``stopped``: the control ended it early.
    """

    bound: float
    node_count: int
    finished: bool
    stopped: bool = False


@dataclass(frozen=True)
class _Node:
    """A relaxation, solved: its bound, what was fixed on the way, its values and its basis."""

    key: float  # the bound, turned so that smaller is better
    fixings: tuple[tuple[int, float], ...]
    values: FloatArray = field(repr=False)
    basis: Basis = field(repr=False)
    given_up: bool = False  # the solver failed: nobody knows what is below


@dataclass(frozen=True)
class _Child:
    parent: _Node
    column: int
    value: float  # 0 or 1


class _Gains:
    """What fixing a column to 0 or 1 gained so far, per unit of what it was rounded by."""

    def __init__(self, width: int) -> None:
        self._sum = np.zeros((2, width))
        self._count = np.zeros((2, width))

    def learn(self, child: _Child, gain: float) -> None:
        up = int(child.value)
        moved = abs(child.value - child.parent.values[child.column])
        self._sum[up, child.column] += gain / moved
        self._count[up, child.column] += 1

    def known(self, columns: IndexArray) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = self._count[:, columns].min(axis=0) > 0
        return known

    def scores(self, columns: IndexArray, values: FloatArray) -> FloatArray:
        """Return the product of the two gains expected (column,)."""
        usual = self._sum.sum(axis=1) / np.maximum(1.0, self._count.sum(axis=1))
        usual = np.where(usual > 0, usual, 1.0)
        count = self._count[:, columns]
        gain = np.where(count > 0, self._sum[:, columns] / np.maximum(count, 1.0), usual[:, None])
        part = values[columns]
        score: FloatArray = np.maximum(gain[0] * part, _LEAST_GAIN) * np.maximum(
            gain[1] * (1.0 - part), _LEAST_GAIN
        )
        return score


class BranchAndBound:
    """The tree of one program of whole columns in 0..1, over sessions that hold it.

    ``incumbent`` is a known solution's objective; nodes that cannot beat it by more than
    ``slack`` are closed, so a finished tree proves the incumbent within ``slack``. ``judge`` is
    given the values of a node whose ``first`` columns are whole, and returns the objective of
    the solution they mean, or None. ``cutter`` gives rows that hold for every solution and that a
    node's values break, and what they are at least; None where it knows none.
    """

    def __init__(
        self,
        sessions: Sequence[LpSession],
        columns: IndexArray,
        first: IndexArray,
        *,
        incumbent: float,
        slack: float,
        judge: Judge,
    ) -> None:
        program = sessions[0].program
        self._sessions = sessions
        self._columns = columns
        self._first = first
        self._limits = program.lower[columns], program.upper[columns]
        self._place = {int(column): index for index, column in enumerate(columns)}
        self._sign = 1.0 if program.sense == "min" else -1.0
        self._incumbent = self._sign * incumbent
        self._slack = slack
        self._judge = judge
        self.cutter: Cutter | None = None
        self._most_rows = _MOST_ROWS * program.matrix.shape[0]
        self._gains = _Gains(len(program.cost))
        self._open: list[tuple[float, int, _Node]] = []
        self._count = 0
        self._unproven = math.inf  # the least key of a node with nothing left to branch on

    @property
    def _cutoff(self) -> float:
        return self._incumbent - self._slack

    def prove(self, control: RunControl) -> Proof:
        """Open nodes until none is left that could beat the incumbent by more than the slack.

        The first session's last solve, OPTIMAL, is the root.
        """
        root = self._sessions[0]
        bound = root.safe_bound
        if bound is None:
            raise BackendError("branching needs limits on every column")
        self._push(_Node(self._sign * bound, (), root.primal, root.basis))
        stopped = False
        with ThreadPoolExecutor(len(self._sessions)) as pool:
            while self._open and self._open[0][0] < self._cutoff and self._count < _MOST_NODES:
                stopped = control.halted is not None or not self._expand(pool, control)
                if stopped:
                    break
        keys = [self._cutoff, self._unproven, *(key for key, _, _ in self._open[:1])]
        key = min(keys)
        rounding = _WHOLE * max(1.0, abs(self._cutoff))
        finished = key >= self._cutoff - rounding
        return Proof(self._sign * key, self._count, finished, stopped)

    def _push(self, node: _Node) -> None:
        if node.given_up:
            self._unproven = min(self._unproven, node.key)
        elif node.key < self._cutoff:
            self._count += 1
            heapq.heappush(self._open, (node.key, self._count, node))

    def _expand(self, pool: ThreadPoolExecutor, control: RunControl) -> bool:
        """Replace the best nodes by their children; False, and nothing changed, when stopped."""
        taken = [heapq.heappop(self._open) for _ in self._sessions[: len(self._open)]]
        if self.cutter is not None:
            taken = [(key, count, self._cut(node, control)) for key, count, node in taken]
        asked = [self._candidates(node) for _, _, node in taken]
        children = [
            _Child(node, column, value)
            for (_, _, node), columns in zip(taken, asked, strict=True)
            for column in columns
            for value in (0.0, 1.0)
        ]
        solved = control.attempt(partial(self._solve_all, children, pool, control.aside()))
        if solved is None:
            for entry in taken:
                heapq.heappush(self._open, entry)
            return False
        for child, made in zip(children, solved, strict=True):
            gain = min(made.key, self._cutoff) - child.parent.key
            self._gains.learn(child, max(0.0, gain))
        found = iter(zip(solved[::2], solved[1::2], strict=True))
        for (_, _, node), columns in zip(taken, asked, strict=True):
            pairs = [next(found) for _ in columns]
            if pairs:
                for made in max(pairs, key=partial(self._worth, node)):
                    self._push(made)
        return True

    def _cut(self, node: _Node, control: RunControl) -> _Node:
        """Return a node with the cuts that its values break, as long as these gain enough."""
        session = self._sessions[0]
        for _ in range(_CUT_ROUNDS):
            full = session.program.matrix.shape[0] >= self._most_rows
            cuts = None if full or self.cutter is None else self.cutter(node.values)
            if cuts is None:
                break
            for each in self._sessions:
                each.add_rows(*cuts, np.inf)
            work = partial(self._solve, session, node, node.fixings, control.aside())
            made = control.attempt(work)
            if made is None or made.given_up:
                break
            gained, node = made.key - node.key, made
            if gained < _CUT_LITTLE * (self._cutoff - made.key) or made.key >= self._cutoff:
                break
        return node

    def _worth(self, parent: _Node, pair: tuple[_Node, _Node]) -> float:
        """Return the product of what the two children gained."""
        low, high = (min(node.key, self._cutoff) - parent.key for node in pair)
        return max(low, _LEAST_GAIN) * max(high, _LEAST_GAIN)

    def _candidates(self, node: _Node) -> list[int]:
        """Return the columns to try at a node; none where it is settled."""
        fractional = self._fractional(self._first, node.values)
        if node.key >= self._cutoff:
            return []
        if not len(fractional):
            objective = self._judge(node.values)
            if objective is not None:
                self._incumbent = min(self._incumbent, self._sign * objective)
            if node.key >= self._cutoff:
                return []
            fractional = self._fractional(self._columns, node.values)
            if not len(fractional):
                self._unproven = min(self._unproven, node.key)
                return []
        order = np.argsort(-self._gains.scores(fractional, node.values), kind="stable")
        best = fractional[order[:_LOOKED_AT]]
        known = self._gains.known(best)
        tried = best[~known][:_TRIED].tolist()
        return [*tried, *best[known][:1].tolist()]

    def _fractional(self, columns: IndexArray, values: FloatArray) -> IndexArray:
        part = values[columns]
        return columns[np.abs(part - np.round(part)) > _WHOLE]

    def _solve_all(
        self, children: list[_Child], pool: ThreadPoolExecutor, control: RunControl
    ) -> list[_Node] | None:
        width = len(self._sessions)
        turns = [
            pool.submit(self._solve_some, session, children[turn::width], control)
            for turn, session in enumerate(self._sessions)
        ]
        solved: list[_Node | None] = [None] * len(children)
        for turn, future in enumerate(turns):
            solved[turn::width] = future.result()
        nodes = [node for node in solved if node is not None]
        return nodes if len(nodes) == len(children) else None

    def _solve_some(
        self, session: LpSession, children: list[_Child], control: RunControl
    ) -> list[_Node | None]:
        return [
            self._solve(
                session,
                child.parent,
                (*child.parent.fixings, (child.column, child.value)),
                control,
            )
            for child in children
        ]

    def _solve(
        self,
        session: LpSession,
        parent: _Node,
        fixings: tuple[tuple[int, float], ...],
        control: RunControl,
    ) -> _Node | None:
        lower, upper = (limit.copy() for limit in self._limits)
        for column, value in fixings:
            lower[self._place[column]] = upper[self._place[column]] = value
        session.change_bounds(self._columns.astype(np.int64), lower, upper)
        session.basis = parent.basis
        cutoff = self._sign * self._cutoff
        status = session.solve(control, cutoff=cutoff)
        if session.cut_off:
            bound = session.safe_bound
            if bound is not None and self._sign * bound >= self._cutoff:
                return _Node(self._sign * bound, fixings, parent.values, parent.basis)
            status = session.solve(control)
        if status is Status.UNKNOWN:
            return None
        try:
            if status is Status.INFEASIBLE:
                session.ray()
                return _Node(math.inf, fixings, parent.values, parent.basis)
            bound = session.safe_bound
        except BackendError:
            return _Node(parent.key, fixings, parent.values, parent.basis, given_up=True)
        key = parent.key if bound is None else max(parent.key, self._sign * bound)
        return _Node(key, fixings, session.primal, session.basis)
