"""Branch and bound by multipliers: every node bounds, gives up pairs and options, and shrinks.

A node is what is left of the instance. What cannot be in a better plan is cut out of it (an option,
a pair, by the bound with it forced); a site that every better plan opens is forced. Branching
decides sites first, then who serves a customer.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.algorithms.capacitated.dual import Ascent, Bound, Dual, Priced, Sums
from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    IndexArray,
)

_STEPS = 80
_PACE = 0.6
_PATIENCE = 8
_AGAIN = 0.85  # of the pairs left, or fewer: bound the node once more
_DECIDED = 1e-3

Hear = Callable[[Priced], float | None]


@dataclass(frozen=True)
class Node:
    """What is left of the instance: pairs and options of the root, and the multipliers so far."""

    pairs: BoolArray = field(repr=False)  # (pair of the root,)
    options: BoolArray = field(repr=False)  # (option of the root,)
    opened: IndexArray = field(repr=False)
    multiplier: FloatArray = field(repr=False)


@dataclass(frozen=True)
class _Seen:
    """What a node's last bound told, by the numbers of the root."""

    opened: FloatArray  # (option,)
    share: FloatArray  # (pair,)
    opening: FloatArray  # (option,): bounds with it open
    closed: FloatArray  # (site,): bounds with it closed
    used: FloatArray  # (pair,)
    unused: FloatArray  # (pair,)


@dataclass
class Tree:
    """A search for plans worth less than ``cutoff``, which falls as better ones are heard of.

    ``settle`` solves a node in which all is decided but the parts of services, and makes its plan
    known; it gets the options' numbers in the root.
    """

    root: CapacitatedInstance
    cutoff: Callable[[], float]
    hear: Hear
    stop: Callable[[], bool]
    settle: Callable[[CapacitatedInstance, IndexArray], None]
    whole: bool
    nodes: int = 0
    steps: int = 0
    most_nodes: int | None = None
    _open: list[tuple[float, int, Node]] = field(default_factory=list)
    _made: int = 0

    def prove(self, node: Node, value: float) -> float:
        """Search below a node of that bound; return a bound on all that beats the cutoff."""
        self._push(value, node)
        while self._open and self._open[0][0] < self.cutoff():
            if self.stop() or (self.most_nodes is not None and self.nodes >= self.most_nodes):
                break
            key, made, one = heapq.heappop(self._open)
            if not self._expand(key, one):
                heapq.heappush(self._open, (key, made, one))
                break
        return min(self._open[0][0] if self._open else math.inf, self.cutoff())

    def _push(self, key: float, node: Node) -> None:
        if self.whole and math.isfinite(key):
            key = math.ceil(key - 1e-6)
        if key < self.cutoff():
            self._made += 1
            heapq.heappush(self._open, (key, -self._made, node))

    def _expand(self, key: float, node: Node) -> bool:
        """Bound the node better and branch; False where it was stopped before that."""
        self.nodes += 1
        while True:
            left = self.left(node)
            dual = Dual(left)
            if not dual.possible:
                return True
            plan = Ascent(_STEPS, _PACE, _PATIENCE, self.cutoff(), self.cutoff())
            bound = dual.climb(node.multiplier, plan, self.stop, self._heard(node))
            self.steps += bound.steps
            key = max(key, bound.value)
            if key >= self.cutoff():
                return True
            if self.stop():
                return False
            sums = dual.sums(bound.multiplier)
            seen = self._seen(node, bound, sums)
            before = int(node.pairs.sum())
            node = self.shrunk(node, left, bound, sums)
            if node.pairs.sum() > _AGAIN * before:
                break
        for child_key, child in self._children(key, node, seen):
            self._push(max(key, child_key), child)
        return True

    def _heard(self, node: Node) -> Hear:
        """Return the listener for a node: options by the numbers of the root."""
        number = np.flatnonzero(node.options)

        def told(priced: Priced) -> float | None:
            chosen = priced.chosen.copy()
            chosen[chosen >= 0] = number[chosen[chosen >= 0]]
            return self.hear(replace(priced, chosen=chosen))

        return told

    def left(self, node: Node) -> CapacitatedInstance:
        """Return the part of the root that is left in a node."""
        return replace(self.root.keeping(node.pairs, node.options), opened=node.opened)

    def shrunk(self, node: Node, left: CapacitatedInstance, bound: Bound, sums: Sums) -> Node:
        """Return the node without what no better plan uses, with all open that every one opens."""
        cutoff = self.cutoff()
        gone = sums.used >= cutoff
        sure = sums.unused >= cutoff
        alone = np.zeros(len(left.demand), dtype=np.bool_)
        alone[left.customer[sure]] = True
        gone |= alone[left.customer] & ~sure
        shut = sums.opened >= cutoff
        lives = np.bincount(left.option_site[~shut], minlength=left.sites) > 0
        gone |= ~lives[left.site]
        pairs, options = node.pairs.copy(), node.options.copy()
        pairs[np.flatnonzero(node.pairs)[gone]] = False
        options[np.flatnonzero(node.options)[shut]] = False
        opened = np.union1d(node.opened, np.flatnonzero(sums.closed >= cutoff))
        return replace(
            node,
            pairs=pairs,
            options=options,
            opened=opened.astype(np.intp),
            multiplier=bound.multiplier,
        )

    def _seen(self, node: Node, bound: Bound, sums: Sums) -> _Seen:
        root = self.root
        opened, share = np.zeros(len(root.capacity)), np.zeros(len(root.cost))
        used, unused = np.full(len(root.cost), np.inf), np.full(len(root.cost), -np.inf)
        opening = np.full(len(root.capacity), np.inf)
        opened[node.options], share[node.pairs] = bound.opened, bound.share
        used[node.pairs], unused[node.pairs] = sums.used, sums.unused
        opening[node.options] = sums.opened
        return _Seen(opened, share, opening, sums.closed, used, unused)

    def _children(self, key: float, node: Node, seen: _Seen) -> list[tuple[float, Node]]:
        """Return what a node falls into, with a bound of each; the last is searched first."""
        owner = self.root.option_site
        living = np.bincount(owner[node.options], minlength=self.root.sites)
        undecided = living > 0
        undecided[node.opened] = False
        share = np.bincount(owner, seen.opened, self.root.sites)
        site = _most_divided(np.where(undecided, np.minimum(share, 1.0 - share), -1.0))
        if site is not None and min(share[site], 1.0 - share[site]) > _DECIDED:
            return self._by_site(node, seen, site, share[site])
        divided = np.isin(owner, node.opened) & (living[owner] > 1) & node.options
        option = _most_divided(np.where(divided, seen.opened, -1.0))
        pair = self._divided_pair(node, seen) if self.root.single_source else None
        if pair is not None and seen.share[pair] > _DECIDED:
            return self._by_pair(node, seen, pair)
        if site is not None:
            return self._by_site(node, seen, site, share[site])
        if option is not None:
            return self._by_option(node, seen, option)
        if pair is not None:
            return self._by_pair(node, seen, pair)
        self.settle(self.left(node), np.flatnonzero(node.options))
        return []

    def _by_site(
        self, node: Node, seen: _Seen, site: int, share: float
    ) -> list[tuple[float, Node]]:
        root = self.root
        with_it = replace(node, opened=np.union1d(node.opened, [site]).astype(np.intp))
        pairs, options = node.pairs.copy(), node.options.copy()
        pairs[root.start[site] : root.start[site + 1]] = False
        mine = slice(root.option_start[site], root.option_start[site + 1])
        options[mine] = False
        holding = float(seen.opening[mine].min()), with_it
        without = float(seen.closed[site]), replace(node, pairs=pairs, options=options)
        return [without, holding] if share > 0.5 else [holding, without]

    def _by_option(self, node: Node, seen: _Seen, option: int) -> list[tuple[float, Node]]:
        site = int(self.root.option_site[option])
        only, others = node.options.copy(), node.options.copy()
        only[self.root.option_start[site] : self.root.option_start[site + 1]] = False
        only[option], others[option] = True, False
        key = float(seen.opening[option])
        return [(-math.inf, replace(node, options=others)), (key, replace(node, options=only))]

    def _divided_pair(self, node: Node, seen: _Seen) -> int | None:
        served = np.bincount(self.root.customer[node.pairs], minlength=len(self.root.demand))
        several = node.pairs & (served[self.root.customer] > 1)
        divided = np.minimum(seen.share, 1.0 - seen.share)
        heavy = self.root.demand[self.root.customer] / max(1.0, float(self.root.demand.max()))
        return _most_divided(np.where(several, (divided + 1e-6) * heavy, -1.0))

    def _by_pair(self, node: Node, seen: _Seen, pair: int) -> list[tuple[float, Node]]:
        only, others = node.pairs.copy(), node.pairs.copy()
        only &= self.root.customer != self.root.customer[pair]
        only[pair], others[pair] = True, False
        into = float(seen.used[pair]), replace(node, pairs=only)
        out = float(seen.unused[pair]), replace(node, pairs=others)
        return [out, into] if seen.share[pair] > 0.5 else [into, out]


def _most_divided(weight: FloatArray) -> int | None:
    best = int(np.argmax(weight)) if len(weight) else -1
    return best if best >= 0 and weight[best] >= 0.0 else None
