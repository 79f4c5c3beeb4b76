"""Branch and bound on a `Choice`: every node bounds by multipliers, fixes sites, and shrinks.

A node is what was decided; its pairs are cut out of the root's, so that deep nodes are small. A
node in which nothing is left to decide is one set of sites, judged by the caller's own count: a
root that holds only the near pairs of a matrix still gives the matrix's optimum.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.siting.choice import BoolArray, Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.cuts import Cuts
from optimizer.algorithms.siting.lagrangian import Ascent, Bound, ascend, fixings
from optimizer.algorithms.siting.primal_dual import climb

Judge = Callable[[IndexArray], float]

WHOLE = 1.0 - 1e-6  # whole values differ by more
_STEPS = 60
_PACE = 0.4
_COVERING_STEPS = 240
_ROUNDS = 8  # of cuts
_LITTLE = 0.05
_RUN = 100  # nodes opened below one, where the bound is by cuts
_SOME = 2  # sites of a set, at least


@dataclass(frozen=True)
class _Node:
    opened: IndexArray
    closed: BoolArray
    multipliers: NDArray[np.float32] = field(repr=False)
    share: NDArray[np.float32] = field(repr=False)  # (site of the root,)
    asked: tuple[int, ...] = ()  # sets of the cuts, one of whose sites is to be chosen


@dataclass
class Tree:
    """A search for a choice worth less than ``cutoff``: below it by what data can differ.

    ``judge`` counts sites afresh, and makes known what is better; ``cutoff`` falls with it. So does
    ``beside``, once a node, with sites of its own.
    """

    root: Choice
    judge: Judge
    cutoff: float
    stop: Callable[[], bool]
    whole: bool  # whether every value is a whole number
    cuts: Cuts | None = None  # of the root
    nodes: int = 0
    most_nodes: int | None = None
    beside: Callable[[], float] | None = None  # at each node: looks for sites, and counts them
    covering: bool = field(init=False)
    _open: list[tuple[float, int, _Node]] = field(default_factory=list)
    _newest: list[tuple[float, int, _Node]] = field(default_factory=list)
    _run: int = 0
    _made: int = 0

    def __post_init__(self) -> None:
        """Note which bound to use."""
        self.covering = not self.root.cost.any()

    def prove(self, bound: Bound) -> float:
        """Search below a root's bound; return a bound on all that is cheaper than the cutoff."""
        none = np.zeros(len(self.root.site), dtype=np.bool_)
        root = _Node(
            np.zeros(0, dtype=np.intp), none, _small(bound.multipliers), _small(bound.share)
        )
        self._push(bound.value, root)
        while (entry := self._next()) is not None:
            halted = self.stop() or (self.most_nodes is not None and self.nodes >= self.most_nodes)
            if halted or not self._expand(entry[0], entry[2]):
                self._newest.append(entry)
                break
        least = [key for key, _, _ in (*self._open[:1], *self._newest)]
        return min([*least, self.cutoff])

    def _next(self) -> tuple[float, int, _Node] | None:
        """Return the node to open next, None where none is left that is of use.

        Programs start from where the last one ended, so that a run of nodes goes on below the best
        one before the best of all is taken again.
        """
        while self._newest and self._run:
            self._run -= 1
            entry = self._newest.pop()
            if entry[0] < self.cutoff:
                return entry
        for entry in self._newest:
            heapq.heappush(self._open, entry)
        self._newest, self._run = [], _RUN if self.cuts is not None else 0
        if not self._open or self._open[0][0] >= self.cutoff:
            return None
        return heapq.heappop(self._open)

    def _push(self, key: float, node: _Node) -> None:
        if key < self.cutoff:
            # Of equal bounds the newest first: a dive, where many nodes may hold the optimum.
            self._made += 1
            self._newest.append((self._rounded(key), -self._made, node))

    def _rounded(self, key: float) -> float:
        """Return the least value that a whole choice above ``key`` can have."""
        return math.ceil(key - 1e-6) if self.whole and math.isfinite(key) else key

    def _expand(self, key: float, node: _Node) -> bool:
        """Bound the node better, and branch; False where it was stopped before that."""
        self.nodes += 1
        choice = self.root.fixed(node.opened, node.closed)
        number = self._numbers(node)
        kept = self._asked(node)
        if kept is None:
            return True
        node = replace(node, asked=kept)
        if self._settled(choice, node.opened, number):
            return True
        bound = self._bound(choice, node, number)
        if self.stop():
            return False
        self._try(node.opened, number[bound.chosen])
        self._try(node.opened, number[bound.favoured])
        if self.beside is not None:
            self._lower(self.beside())
        value = max(bound.value, key)
        if value >= self.cutoff:
            return True
        opened, closed = fixings(choice, bound, self.cutoff)
        now = self._with(node, number[opened], number[closed], bound, number)
        if len(opened) or closed.sum() > 0.2 * len(closed):
            self._push(value, now)
            return True
        self._branch(now, value, bound, number)
        return True

    def _bound(self, choice: Choice, node: _Node, number: IndexArray) -> Bound:
        multipliers = node.multipliers.astype(np.float64)
        if self.cuts is not None:
            plan = Ascent(self.cutoff, self.cutoff, _ROUNDS, tolerance=_LITTLE)
            return self.cuts.bound(choice, node.opened, node.closed, multipliers, plan, node.asked)
        if self.covering:
            plan = Ascent(self.cutoff, self.cutoff, _COVERING_STEPS)
            share = node.share[number].astype(np.float64)
            return climb(choice, multipliers, share, plan, self.stop)
        plan = Ascent(self.cutoff, self.cutoff, _STEPS, _PACE)
        return ascend(choice, multipliers, plan, self.stop)

    def _asked(self, node: _Node) -> tuple[int, ...] | None:
        """Return the sets still to be asked for; None where one has no site left."""
        kept = []
        for one in node.asked:
            assert self.cuts is not None
            sites = self.cuts.sets[one]
            if node.closed[sites].all():
                return None
            if not np.isin(node.opened, sites).any():
                kept.append(one)
        return tuple(kept)

    def _branch(self, node: _Node, value: float, bound: Bound, number: IndexArray) -> None:
        """Split a node by whether a site near some place is chosen, or by one site."""
        sites = None
        if self.cuts is not None:
            share = np.zeros(len(node.closed))
            share[node.opened], share[number] = 1.0, bound.share
            share[node.closed] = 0.0
            sites = self.cuts.split(share)
        if sites is None or self.cuts is None or (~node.closed[sites]).sum() < _SOME:
            self._branch_on_one(node, value, bound, number)
            return
        gone = node.closed.copy()
        gone[sites] = True
        self._push(value, replace(node, closed=gone))
        self._push(value, replace(node, asked=(*node.asked, self.cuts.set_of(sites))))

    def _branch_on_one(self, node: _Node, value: float, bound: Bound, number: IndexArray) -> None:
        inside = np.zeros(len(number), dtype=np.bool_)
        inside[bound.chosen] = True
        last, following = bound.worth[inside].max(), bound.worth[~inside].min()
        undecided = np.minimum(bound.share, 1.0 - bound.share)
        undecided[node.closed[number]] = -1.0
        weight = np.maximum(undecided, 1e-3) * -bound.worth
        weight[undecided < 0.0] = -np.inf
        site = int(np.argmax(weight))
        none = np.zeros(0, dtype=np.intp)
        one = np.array([number[site]], dtype=np.intp)
        out = bound.value + max(0.0, following - bound.worth[site]) * inside[site]
        into = bound.value + max(0.0, bound.worth[site] - last) * (not inside[site])
        without = max(value, out), self._with(node, none, one, bound, number)
        holding = max(value, into), self._with(node, one, none, bound, number)
        for child in (without, holding) if inside[site] else (holding, without):
            self._push(*child)

    def _with(
        self, node: _Node, opened: IndexArray, closed: IndexArray, bound: Bound, number: IndexArray
    ) -> _Node:
        gone = node.closed.copy()
        gone[closed] = True
        share = node.share.copy()
        share[number] = bound.share
        return _Node(
            np.concatenate([node.opened, opened]),
            gone,
            _small(bound.multipliers),
            share,
            node.asked,
        )

    def _numbers(self, node: _Node) -> IndexArray:
        free = ~node.closed
        free[node.opened] = False
        return np.flatnonzero(free)

    def _settled(self, choice: Choice, opened: IndexArray, number: IndexArray) -> bool:
        if choice.count > len(number):
            return True
        if choice.count == 0 or choice.count == len(number):
            self._try(opened, number[: choice.count])
            return True
        return False

    def _try(self, opened: IndexArray, more: IndexArray) -> None:
        sites = np.concatenate([opened, more]).astype(np.intp)
        self._lower(self.judge(sites))

    def _lower(self, cost: float) -> None:
        self.cutoff = min(self.cutoff, cost - (WHOLE if self.whole else 0.0))


def _small(multipliers: FloatArray) -> NDArray[np.float32]:
    return multipliers.astype(np.float32)
