r"""The cheapest choice of sites of which a second figure stays within a limit.

The second figure is what the sites cost together (`Paid`), or how far the farthest place is from
the nearest of them (`Reaching`). The search is a tree over one `BlockProgram`: when the limit moves
on, cuts, multipliers and sites found before remain, and only the rows of the limit change.

Of choices that cost the same the one of the least second figure is wanted. Nodes that cannot hold a
cheaper choice but may hold an equal one are put aside; where the cheapest is known, the limit moves
below what it came to in these nodes alone, which are few where costs differ much.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from optimizer.algorithms.siting.blocks import BlockProgram, Effort, Part, Relaxed, Rows
from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.tree import WHOLE
from optimizer.control import RunControl

Stopped = Callable[[], bool]
Below = Callable[[float], float | None]  # a figure -> the largest limit that excludes it

_ROOT = (80, 0.003)  # rounds of cuts, and the share of what is left that one must gain
_NODE = (6, 0.1)
_UNEVEN = 0.05  # how far from whole the number of sites is, to split by it
_TINY = 1e-9  # relative
_IMPROVED, _IMPROVED_EVERY = 3, 16  # of the nodes, those whose shares make a choice to improve
_KEPT = 2  # choices found before, that the next limit begins from
_EQUAL = 2.0  # steps by which costs may differ and count as equal, where they are not whole


class Rule(Protocol):
    """A second figure of a choice, and what a limit on it means."""

    def worth(self, sites: IndexArray) -> float:
        """Return the figure of some sites."""

    def rows(self, limit: float) -> Rows:
        """Return what a limit says in rows, as far as it is written out at first."""

    def missed(self, limit: float, share: FloatArray) -> Rows | None:
        """Return rows of the limit that shares break and that are not written out yet."""

    def improved(self, limit: float, sites: IndexArray, stopped: Stopped) -> IndexArray:
        """Return a choice made of another: within the limit if one is near, and cheap."""


@dataclass(frozen=True)
class Least:
    """The cheapest sites within a limit (None: there are none, or none was found), and a bound.

    ``proved``: none are cheaper. ``settled``: nor are any as cheap with a lesser second figure.
    """

    sites: IndexArray | None
    cost: float
    bound: float
    proved: bool
    settled: bool


@dataclass
class Ruled:
    """A choice, its rule, and what earlier limits left behind.

    ``cost`` counts sites afresh; ``whole``: whether it always gives a whole number.
    """

    choice: Choice
    rule: Rule
    cost: Callable[[IndexArray], float]
    whole: bool
    program: BlockProgram
    control: RunControl
    nodes: int = 0
    solves: int = 0
    _pool: list[IndexArray] = field(default_factory=list)
    last: float = math.inf  # limit

    def least(self, limit: float, below: Below, *, floor: float = -math.inf) -> Least:
        """Return the cheapest sites whose second figure is ``limit`` at most.

        ``below`` gives the limit that a lesser figure keeps, None where there is none; ``floor`` is
        a bound known before.
        """
        self.solves += 1
        rows = self.rule.rows(limit)
        if not _possible(rows):
            return Least(None, math.inf, math.inf, True, True)
        self.program.rule(rows, tighter=limit <= self.last)
        self.last = limit
        search = _Tree(self, limit, max(floor, self.program.least))
        for sites in reversed(self._pool[-_KEPT:]):
            search.improve(sites)
        found = search.prove(below)
        self.nodes += search.nodes
        return found

    def keep(self, sites: IndexArray) -> None:
        """Keep sites for later limits to begin from."""
        self._pool.append(sites)

    def step(self, cost: float) -> float:
        """Return by how much less a better choice costs."""
        return WHOLE if self.whole or math.isinf(cost) else _TINY * max(1.0, abs(cost))

    def slack(self, cost: float) -> float:
        """Return by how much more a choice may cost and count as equal."""
        return 1e-6 if self.whole else _EQUAL * self.step(cost)


@dataclass
class _Tree:
    ruled: Ruled
    limit: float
    floor: float
    sites: IndexArray | None = None
    cost: float = math.inf
    worth: float = math.inf
    nodes: int = 0
    least: float | None = None  # what the cheapest cost, once that is known
    _seen: set[bytes] = field(default_factory=set)
    _open: list[tuple[float, int, Part]] = field(default_factory=list)
    _aside: list[tuple[float, int, Part]] = field(default_factory=list)
    _made: int = 0

    @property
    def cutoff(self) -> float:
        """What a bound must reach for its node to be of no use now."""
        least = self.least is None
        return self.cost - self.ruled.step(self.cost) if least else self.dead

    @property
    def dead(self) -> float:
        """What a bound must reach for its node to hold not even an equal choice."""
        least = self.cost if self.least is None else self.least
        return least + self.ruled.slack(least)

    def prove(self, below: Below) -> Least:
        """Search until nothing is left that is of use, or until ended early."""
        choice = self.ruled.choice
        free = np.ones(len(choice.site), dtype=np.bool_)
        self._push(self.floor, Part(~free, free, 0, choice.count))
        proved = self._run()
        keys = [key for key, _, _ in self._open[:1] if not proved]
        bound = max(self.floor, min([*keys, self.cutoff, self.cost]))
        settled = proved and self._lessen(below)
        return Least(self.sites, self.cost, bound, proved, settled)

    def _run(self) -> bool:
        """Open nodes until none is of use, or a lesser figure is found; False if ended early."""
        most, worth = self.ruled.control.limits.node_limit, self.worth
        while self._open and self._open[0][0] < self.cutoff:
            if self._halted() or (most is not None and self.nodes >= most):
                return False
            key, _, node = heapq.heappop(self._open)
            self._expand(key, node)
            if self.least is not None and self.worth < worth:
                break
        return True

    def _lessen(self, below: Below) -> bool:
        """Find the least figure of the choices that cost as much; False if ended early.

        They are in the nodes put aside, and in those still open that a bound has passed.
        """
        if self.sites is None:
            return True
        self.least = self.cost
        self._open = [*self._open, *self._aside]
        heapq.heapify(self._open)
        while self._open and self._open[0][0] < self.dead:
            limit = below(self.worth)
            rows = None if limit is None else self.ruled.rule.rows(limit)
            if limit is None or rows is None or not _possible(rows):
                break
            self.limit = self.ruled.last = limit
            self.ruled.program.rule(rows, tighter=True)
            if not self._run():
                return False
        return True

    def improve(self, sites: IndexArray) -> None:
        """Judge some sites, and what improving makes of them."""
        key = np.sort(sites).tobytes()
        if key in self._seen or self.floor >= self.cutoff:
            return
        self._seen.add(key)
        self.judge(sites)
        better = self.ruled.rule.improved(self.limit, sites, self._halted)
        self.judge(better)

    def judge(self, sites: IndexArray) -> None:
        """Note some sites where they are within the limit and the best so far."""
        ruled = self.ruled
        if len(sites) > ruled.choice.count:
            return
        cost = ruled.cost(sites)
        if cost > self.cost and (self.least is None or cost >= self.dead):
            return
        worth = ruled.rule.worth(sites)
        if worth > self.limit:
            return
        cheaper = self.least is None and cost < self.cost
        if cheaper or (worth < self.worth and cost < self.dead):
            self.sites, self.cost, self.worth = sites.copy(), cost, worth

    def _halted(self) -> bool:
        return self.ruled.control.halted is not None

    def _push(self, key: float, node: Part) -> None:
        if key < self.dead:
            self._made += 1
            rounded = math.ceil(key - 1e-6) if self.ruled.whole and math.isfinite(key) else key
            entry = (rounded, -self._made, node)
            if key < self.cutoff:
                heapq.heappush(self._open, entry)
            else:
                self._aside.append(entry)

    def _expand(self, key: float, node: Part) -> None:
        """Bound a node, try what its shares say, give up sites, and branch."""
        rounds, tolerance = _NODE if self.nodes else _ROOT
        self.nodes += 1
        effort = Effort(self.dead, rounds, tolerance)
        found = self.ruled.program.bound(node, effort, self._missed)
        if found is None:
            self._split(key, node, None)
            return
        value = max(key, found.bound)
        if value >= self.dead:
            return
        rounded = _rounded(found.share, self.ruled.choice.count)
        # Exchanges take as long as the bound; what they could find has mostly been found.
        if self.nodes <= _IMPROVED or not self.nodes % _IMPROVED_EVERY:
            self.improve(rounded)
        else:
            self.judge(rounded)
        if value < self.cutoff:
            self._split(value, node, found)
        else:
            self._push(value, node)

    def _missed(self, share: FloatArray) -> Rows | None:
        return self.ruled.rule.missed(self.limit, share)

    def _split(self, value: float, node: Part, found: Relaxed | None) -> None:
        lower, upper = node.lower.copy(), node.upper.copy()
        if found is not None:
            free = upper & ~lower
            lower |= free & (found.bound + found.down >= self.dead)
            upper &= ~(free & (found.bound + found.up >= self.dead))
        node = replace(node, lower=lower, upper=upper)
        if not (upper & ~lower).any() or lower.sum() >= node.most:
            self.judge(np.flatnonzero(lower))
        elif upper.sum() >= node.fewest and not (found and self._split_count(value, node, found)):
            self._split_site(value, node, found)

    def _split_count(self, value: float, node: Part, found: Relaxed) -> bool:
        """Split by how many sites are chosen, where the shares add up to no whole number."""
        total = float(found.share.sum())
        fewer = math.floor(total)
        if not _UNEVEN < total - fewer < 1.0 - _UNEVEN:
            return False
        parts = replace(node, most=fewer), replace(node, fewest=fewer + 1)
        for part in parts if total - fewer > 0.5 else reversed(parts):
            self._push(value, part)
        return True

    def _split_site(self, value: float, node: Part, found: Relaxed | None) -> None:
        """Split by whether the site is chosen that is undecided and saves much."""
        free = node.upper & ~node.lower
        if found is None:
            share, up, down = (np.full(len(free), part) for part in (0.5, 0.0, 0.0))
            weight = np.ones(len(free))
        else:
            share, up, down = found.share, found.up, found.down
            undecided = np.maximum(np.minimum(share, 1.0 - share), 1e-3)
            weight = undecided * np.maximum(found.gain, 1e-9)
        weight = np.where(free, weight, -1.0)
        site = int(np.argmax(weight))
        into, out = node.lower.copy(), node.upper.copy()
        into[site], out[site] = True, False
        bound = -math.inf if found is None else found.bound
        holding = max(value, bound + float(up[site])), replace(node, lower=into)
        without = max(value, bound + float(down[site])), replace(node, upper=out)
        for child in (without, holding) if share[site] > 0.5 else (holding, without):
            self._push(*child)


def _rounded(share: FloatArray, count: int) -> IndexArray:
    """Return the sites of the largest shares, as many as the shares add up to."""
    size = min(count, max(1, round(float(share.sum()))))
    order = np.argsort(-share, kind="stable")[:size]
    return np.sort(order[share[order] > 0.0])


def _possible(rows: Rows) -> bool:
    """Return whether no row asks for something of nothing."""
    nothing = np.diff(rows.matrix.indptr) == 0
    return not (nothing & ((rows.lower > 0.0) | (rows.upper < 0.0))).any()
