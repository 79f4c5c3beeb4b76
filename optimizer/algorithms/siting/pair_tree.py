r"""Branch and bound for set covering on pairs of places: one site reaches both, or none does.

Where many sites are nearly alike, giving up one of them moves a relaxation by nothing, another
takes its share. So a node is split by the sites :math:`S = N_i \cap N_k` that reach two places:
either :math:`\sum_{j \in S} y_j \ge 1`, or all of S are given up. A few pairs whose sites' shares
come nearest to a half are tried, and the one whose two sides gain most, by their product, is taken;
where no pair is split, S is one site. Sites that a node's reduced costs exclude are given up below
it. Bounds are recomputed from duals, infeasible nodes from their ray.

Ryan, D. M. and Foster, B. A. (1981). An integer programming approach to scheduling. In: Wren, A.
(ed.), Computer Scheduling of Public Transport, branched so on set partitions.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.run import Status
from optimizer.algorithms.branching import Cutter, Proof
from optimizer.algorithms.siting.choice import BoolArray, FloatArray, IndexArray
from optimizer.backends.highs import Basis, LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError

Judge = Callable[[FloatArray], float]

_WHOLE = 1e-6
_TRIED = 4  # pairs whose two sides are solved
_LEAST = 0.05  # how far a pair's share is from whole at least
_CUT_ROUNDS = 4
_CUT_LITTLE = 0.02  # of what is left to the cutoff, that a round must gain
_MOST_ROWS = 3.0  # times those at the root
_TINY = 1e-9


@dataclass(frozen=True)
class _Node:
    key: float
    asked: tuple[int, ...]  # rows of sets one of which is to be taken
    gone: BoolArray  # (site,)
    values: FloatArray = field(repr=False)
    basis: Basis = field(repr=False)
    reduced: FloatArray = field(repr=False)  # (site,) what taking a site adds to the bound
    given_up: bool = False  # the solver failed: nobody knows what is below


class PairTree:
    """The tree over one session; ``reaches`` (place, site) are its columns.

    ``incumbent`` is a known cover's cost; nodes that cannot beat it by more than ``slack`` are
    closed. ``judge`` is given whole values and returns the cost of the cover they mean; one of
    ``enough`` ends the search.
    """

    def __init__(
        self,
        session: LpSession,
        reaches: NDArray[np.bool_],
        *,
        incumbent: float,
        slack: float,
        judge: Judge,
        cutter: Cutter,
    ) -> None:
        self._session, self._reaches = session, reaches
        self._incumbent, self._slack = incumbent, slack
        self._judge, self._cutter = judge, cutter
        self.enough = -math.inf
        self._every = np.arange(reaches.shape[1])
        self._most_rows = _MOST_ROWS * session.program.matrix.shape[0]
        self._open: list[tuple[float, int, _Node]] = []
        self._sets: dict[bytes, int] = {}  # the row of each set of sites asked for so far
        self._active: set[int] = set()
        self._count = 0
        self._unproven = math.inf

    @property
    def _cutoff(self) -> float:
        return self._incumbent - self._slack

    def prove(self, control: RunControl) -> Proof:
        """Open nodes until none is left that could beat the incumbent by more than the slack."""
        none = np.zeros(len(self._every), dtype=np.bool_)
        root = self._solved(control, (), none, None, None)
        stopped = root is None
        if root is not None:
            self._push(root)
        while not stopped and self._open and self._open[0][0] < self._cutoff:
            if self._incumbent <= self.enough:
                break
            entry = heapq.heappop(self._open)
            stopped = control.halted is not None or not self._expand(entry[2], control)
            if stopped:
                heapq.heappush(self._open, entry)
        least = [self._open[0][0]] if self._open else [-math.inf] if root is None else []
        key = min([self._cutoff, self._unproven, *least])
        finished = key >= self._cutoff - _WHOLE * max(1.0, abs(self._cutoff))
        return Proof(key, self._count, finished, stopped)

    def _push(self, node: _Node) -> None:
        if node.given_up:
            self._unproven = min(self._unproven, node.key)
        elif node.key < self._cutoff:
            self._count += 1
            heapq.heappush(self._open, (node.key, -self._count, node))

    def _expand(self, node: _Node, control: RunControl) -> bool:
        """Replace a node by its two sides; False, and nothing changed, when stopped."""
        cut = self._cut(node, control)
        if cut is None:
            return False
        node = cut
        if node.key >= self._cutoff or node.given_up:
            self._push(node)
            return True
        gone = node.gone | (node.key + np.maximum(node.reduced, 0.0) > self._cutoff + _WHOLE)
        sets = self._candidates(node.values)
        if not sets:
            self._incumbent = min(self._incumbent, self._judge(node.values))
            if node.key < self._cutoff:
                self._unproven = min(self._unproven, node.key)
            return True
        sides = self._best_sides(node, gone, sets, control)
        for one in sides or ():
            self._push(one)
        return sides is not None

    def _best_sides(
        self, node: _Node, gone: BoolArray, sets: list[IndexArray], control: RunControl
    ) -> list[_Node] | None:
        """Return the two sides that gain most, of those of some sets; None when stopped."""
        best: tuple[float, list[_Node]] = (-1.0, [])
        for sites in sets:
            made = self._sides(node, gone, sites, control)
            if made is None:
                return None
            gains = [max(_TINY, min(one.key, self._cutoff) - node.key) for one in made]
            best = max(best, (gains[0] * gains[1], made), key=lambda pair: pair[0])
            if max(one.key for one in made) >= self._cutoff and min(gains) > _TINY:
                break
        return best[1]

    def _sides(
        self, node: _Node, gone: BoolArray, sites: IndexArray, control: RunControl
    ) -> list[_Node] | None:
        """Return the two sides of a set of sites, solved; None when stopped."""
        without = gone.copy()
        without[sites] = True
        asked = tuple(sorted({*node.asked, self._row(sites)}))
        made = [
            self._solved(control, node.asked, without, node.basis, node),
            self._solved(control, asked, gone, node.basis, node),
        ]
        sides = [one for one in made if one is not None]
        return sides if len(sides) == len(made) else None

    def _row(self, sites: IndexArray) -> int:
        """Return the row that asks for one of some sites, added where it is new."""
        key = sites.tobytes()
        if key not in self._sets:
            self._sets[key] = self._session.program.matrix.shape[0]
            row = np.zeros((1, len(self._every)))
            row[0, sites] = 1.0
            self._session.add_rows(csr_array(row), 0.0, np.inf)
        return self._sets[key]

    def _cut(self, node: _Node, control: RunControl) -> _Node | None:
        """Return a node with the cuts that its values break, while these gain; None if stopped."""
        for _ in range(_CUT_ROUNDS):
            if self._session.program.matrix.shape[0] >= self._most_rows:
                break
            cuts = self._cutter(node.values)
            if cuts is None:
                break
            self._session.add_rows(*cuts, np.inf)
            made = self._solved(control, node.asked, node.gone, node.basis, node)
            if made is None or made.given_up:
                return made
            gained, node = made.key - node.key, made
            if gained < _CUT_LITTLE * (self._cutoff - made.key) or made.key >= self._cutoff:
                break
        return node

    def _candidates(self, values: FloatArray) -> list[IndexArray]:
        """Return sets of sites to split on, the most even first; none where all is whole."""
        support = np.flatnonzero(values > _WHOLE)
        part = self._reaches[:, support].astype(np.float64)
        both = np.triu((part * values[support]) @ part.T, 1)
        even = np.minimum(both, 1.0 - both)
        row, column = np.nonzero(even > _LEAST)
        found: dict[bytes, IndexArray] = {}
        for n in np.argsort(-even[row, column], kind="stable")[: 4 * _TRIED]:
            sites = np.flatnonzero(self._reaches[row[n]] & self._reaches[column[n]])
            found.setdefault(sites.tobytes(), sites)
            if len(found) == _TRIED:
                break
        if found:
            return list(found.values())
        uneven = np.abs(values - np.round(values))
        site = int(np.argmax(uneven))
        return [np.array([site], dtype=np.intp)] if uneven[site] > _WHOLE else []

    def _solved(
        self,
        control: RunControl,
        asked: tuple[int, ...],
        gone: BoolArray,
        basis: Basis | None,
        parent: _Node | None,
    ) -> _Node | None:
        """Return a node, solved; None when stopped."""
        session, floor = self._session, -math.inf if parent is None else parent.key
        for row in self._active.symmetric_difference(asked):
            session.change_row_bounds(row, 1.0 if row in asked else 0.0, np.inf)
        self._active = set(asked)
        session.change_bounds(self._every, 0.0, np.where(gone, 0.0, 1.0))
        if basis is not None:
            session.basis = basis
        values = np.zeros(len(gone)) if parent is None else parent.values
        status = session.solve(control, cutoff=self._cutoff)
        nothing = np.zeros(len(gone))
        try:
            if session.cut_off:
                bound = session.safe_bound
                if bound is not None and bound >= self._cutoff:
                    return _Node(bound, asked, gone, values, session.basis, nothing)
                status = session.solve(control)
            if status is Status.UNKNOWN:
                return None
            if status is Status.INFEASIBLE:
                session.ray()
                return _Node(math.inf, asked, gone, values, session.basis, nothing)
            bound = session.safe_bound
            matrix = session.program.matrix
            reduced = session.program.cost - np.asarray(matrix.T @ session.dual)
            key = floor if bound is None else max(floor, bound)
            reduced = nothing if bound is None else reduced - (key - bound)
            return _Node(key, asked, gone, session.primal, session.basis, reduced)
        except BackendError:
            return _Node(floor, asked, gone, values, session.basis, nothing, given_up=True)
