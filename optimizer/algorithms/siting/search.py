"""The whole search on a `Choice`: good choices, a bound, and the tree between them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from models.run import StopReason
from optimizer.algorithms.medians import prepare
from optimizer.algorithms.siting.choice import ByPlace, Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.cuts import Cuts
from optimizer.algorithms.siting.division import Answer, Division
from optimizer.algorithms.siting.instance import Work
from optimizer.algorithms.siting.lagrangian import (
    PATIENCE,
    Ascent,
    Bound,
    ascend,
    bound_at,
    fixings,
)
from optimizer.algorithms.siting.primal_dual import climb
from optimizer.algorithms.siting.program import settle_covering
from optimizer.algorithms.siting.swap import greedy, interchange
from optimizer.algorithms.siting.tree import WHOLE, Tree
from optimizer.control import RunControl
from optimizer.quiet import quiet

_STARTS = 16  # random starts before the first bound
_KICKS = 120  # and kicks of the best after it, where it did not prove them
_KICKED, _KICKED_BESIDE = 4, 6  # sites of a kick, at most; and of one beside the tree
_IN_VAIN = 40  # kicks that found nothing better, before no more are made
_POOL = 8
_NEAR = 1.1  # how much worse a choice may be to be worth improving
_NEAR_IN_TREE = 1.01  # the tree tries many, and the best is mostly known by then
_ROOT_STEPS = 2000
_MOST_CUT = 1_000_000  # pairs of place and site: beyond, subgradients are quicker
_LONGER = 2  # times as many, where no cuts follow
_PATIENT = 60  # steps without a better bound, likewise
_CUT_STEPS = 500  # of subgradients before cuts
_CUT_ROUNDS = 60
_CUT_LITTLE = 0.002
_MOST_PROGRAM = 100_000, 2_000  # pairs of place and site, and places, that a program takes
_FEW_NODES = 50  # of the tree before it
_GUESSES = 60  # choices drawn by the shares of the relaxation
_DRAWN_IN_VAIN = 20  # of them that found nothing better, before no more are drawn
_SOME_SHARE, _LEAST_SHARE = 1e-4, 0.1  # of a site to be drawn; and of those of the best choice
_ALMOST = 1.001  # how much worse a choice so drawn may be to be improved among all sites
_FEWER = 0.7  # of the sites of a tree, at most, for another one to pay
_EXCHANGES = 4_000_000  # pairs of open and closed site that all kicks together may look at once
_STARTED = 500_000  # and all random starts: choices drawn by shares are better ones
_VAIN_EACH = 5  # changes near a place that found nothing better, for each site to choose
_CHANGED = 4  # open sites near a place that are changed, at most


@dataclass(frozen=True)
class Question:
    """What to search: a choice, the true cost of sites, and how to tell of it."""

    choice: Choice
    cost: Callable[[IndexArray], float]  # of the choice's site numbers
    told: Callable[[float], float]  # cost -> the caller's objective
    whole: bool  # whether every cost is a whole number
    enough: float = np.inf  # a bound that is as good as a proof


@dataclass(frozen=True)
class Settled:
    """The best sites (numbers of the choice), their cost, and a bound on any cost."""

    sites: IndexArray
    cost: float
    bound: float
    stop: StopReason
    work: Work


@dataclass
class Search:
    """A search under way: the best so far and what was tried."""

    question: Question
    control: RunControl
    cost: float = np.inf
    sites: IndexArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    bound: float | None = None
    _seen: dict[bytes, float] = field(default_factory=dict)
    _pool: list[tuple[float, tuple[int, ...]]] = field(default_factory=list)

    def settle(self) -> Settled:
        """Search until proved or stopped."""
        prepare(self.control)
        rng = np.random.default_rng(self.control.limits.seed)
        choice = self.question.choice
        covering = not choice.cost.any()
        self.judge(greedy(choice))
        if covering:
            self._start(rng)
        relaxed = self._relaxed()
        root = self._root(relaxed)
        self.bound = root.value
        self.judge(root.chosen)
        self.judge(root.favoured)
        if covering and root.value < self._cutoff:
            self._kick(rng)
        tree, start = self._tree(relaxed, root)
        if not covering and start.value < self._cutoff:
            self._start(rng)
            self._guess(rng, tree, start)
            self._kick(rng)
            tree, start = self._smaller(relaxed, tree, start)
            if tree.cuts is None and start.value < self._cutoff:
                tree, start = self._tree(relaxed, root := self._again(relaxed, root))
                self._guess(rng, tree, start)
        if covering and choice.count < len(choice.site):
            tree.beside = lambda: self._judge_kicked(self.sites, rng, _KICKED_BESIDE)
        below, nodes = self._proved(tree, start)
        if tree.covering and below < self._cutoff and self._small(tree.root):
            below = max(below, self._programmed(tree))
        proved = below >= self._cutoff
        bound = self._aim if proved else min(below, self.cost)
        stop = StopReason.PROOF if proved else self.control.stop or StopReason.WORK
        return Settled(self.sites, self.cost, bound, stop, Work(nodes, root.steps))

    def _proved(self, tree: Tree, start: Bound) -> tuple[float, int]:
        """Return a bound on what the tree leaves open, by its parts or by itself, and the nodes."""
        below, nodes = start.value, 0
        if tree.cuts is not None and below < self._cutoff:
            whole, control = self.question.whole, self.control
            division = Division(tree.root, start, whole=whole, control=control)
            if division.pays:
                found = division.prove(tree.judge, lambda: self._aim, self._answer)
                below, nodes = max(below, found), division.nodes
        if below < self._cutoff:
            tree.cutoff = self._cutoff
            if tree.most_nodes is not None:
                tree.most_nodes = max(0, tree.most_nodes - nodes)
            below = max(below, tree.prove(start))
        return below, nodes + tree.nodes

    def _answer(self, part: Choice, enough: float, nodes: int) -> Answer:
        """Return what a search of a part of the choice comes to."""
        question = Question(part, part.value, lambda cost: cost, self.question.whole, enough)
        found = Search(question, quiet(self.control, nodes=nodes)).settle()
        return Answer(found.sites, found.cost, found.bound, found.work.nodes)

    def judge(self, sites: IndexArray, near: float = _NEAR) -> float:
        """Return the cost of some sites, or of those an exchange makes of them; note the best."""
        key = np.sort(sites).tobytes()
        if key in self._seen:
            return self._seen[key]
        cost = self.question.cost(sites)
        self._note(sites, cost)
        if cost <= near * self.cost or len(self._pool) < _POOL:
            sites = interchange(self.question.choice, sites, self._stopped)
            cost = min(cost, self.question.cost(sites))
            self._note(sites, cost)
        self._seen[key] = cost
        return cost

    def _small(self, left: Choice) -> bool:
        """Return whether a program is to settle a covering that so little is left of.

        Its bound is the solver's, so that it has to be believed to half a unit only.
        """
        whole = self.question.whole and self.control.limits.node_limit is None
        pairs, places = _MOST_PROGRAM
        return whole and len(left.cost) <= pairs and len(left.cap) <= places

    def _programmed(self, tree: Tree) -> float:
        """Return a bound on what the tree leaves open, by a program; better sites are judged."""
        if self._stopped():
            return -np.inf
        near = 0.5 * (self.cost - self._cutoff)
        sites, bound = settle_covering(tree.root, self.control, near=near)
        if sites is not None:
            tree.judge(sites)
        return min(bound, self._cutoff)

    @property
    def _cutoff(self) -> float:
        return self._aim - (WHOLE if self.question.whole else 1e-9 * max(1.0, abs(self._aim)))

    @property
    def _aim(self) -> float:
        """What nothing shall be shown to be cheaper than."""
        return min(self.cost, self.question.enough)

    @property
    def _by_cuts(self) -> bool:
        """Whether the tree's bounds are quick beside kicks: not for covering."""
        return bool(self.question.choice.cost.any())

    def _stopped(self) -> bool:
        return self.control.halted is not None

    def _note(self, sites: IndexArray, cost: float) -> None:
        entry = (cost, tuple(np.sort(sites).tolist()))
        if entry not in self._pool:
            self._pool = sorted([*self._pool, entry])[:_POOL]
        if cost < self.cost:
            self.cost, self.sites = cost, sites.copy()
            told = self.question.told
            self.control.improved(told(cost), None if self.bound is None else told(self.bound))

    def _start(self, rng: np.random.Generator) -> None:
        choice = self.question.choice
        count, every = self.question.choice.count, len(self.question.choice.site)
        for _ in range(min(_STARTS, _STARTED // max(1, count * every))):
            if self._stopped():
                return
            self.judge(rng.choice(len(choice.site), choice.count, replace=False))

    def _guess(self, rng: np.random.Generator, tree: Tree, start: Bound) -> None:
        """Draw sites by their shares and exchange them among those that have a share at all.

        Few sites have one, so that exchanges are quick; the good choices are mostly among them.
        """
        choice = self.question.choice
        share = np.zeros(len(choice.site))
        share[np.isin(choice.site, tree.root.site)] = start.share
        share[self.sites] = np.maximum(share[self.sites], _LEAST_SHARE)
        number = np.flatnonzero(share > _SOME_SHARE)
        none, closed = np.zeros(0, dtype=np.intp), share <= _SOME_SHARE
        part = choice.fixed(none, closed)
        chance = share[number] / share[number].sum()
        best, value, vain = np.flatnonzero(np.isin(number, self.sites)), self.cost, 0
        for _ in range(_GUESSES):
            if self._stopped() or vain >= _DRAWN_IN_VAIN:
                break
            vain += 1
            drawn = rng.choice(len(number), choice.count, replace=False, p=chance)
            sites = interchange(part, drawn, self._stopped)
            cost = self.question.cost(number[sites])
            if cost < _ALMOST * self.cost:
                self.judge(number[sites])
            if cost < value:
                best, value, vain = sites, cost, 0
        self._change(rng, part, number, best)

    def _change(
        self, rng: np.random.Generator, part: Choice, number: IndexArray, best: IndexArray
    ) -> None:
        """Change sites near a place of a choice at random, and improve it, while that helps.

        ``part`` is the choice among few sites, ``number`` what these are called in the whole, and
        ``best`` the best of it.
        """
        pairs, value, vain = ByPlace.of(part), part.value(best), 0
        while vain < max(_IN_VAIN, _VAIN_EACH * part.count) and not self._stopped():
            vain += 1
            place = int(rng.integers(len(part.cap)))
            near = pairs.site[pairs.start[place] : pairs.start[place + 1]]
            is_open = np.isin(near, best)
            out, into = near[is_open][: int(rng.integers(1, _CHANGED + 1))], near[~is_open]
            size = min(len(out), len(into))
            if not size:
                continue
            sites = best.copy()
            gone = np.isin(sites, out[:size])
            sites[gone] = rng.choice(into, size, replace=False)
            sites = interchange(part, sites, self._stopped)
            now = part.value(sites)
            vain = vain if now >= value else 0
            if now <= value:
                best, value = sites, now
        if self.question.cost(number[best]) < self.cost:
            self.judge(number[best])

    def _kick(self, rng: np.random.Generator) -> None:
        """Exchange a few sites of a good choice at random, and improve what comes of it."""
        count, every = self.question.choice.count, len(self.question.choice.site)
        best, vain = self.cost, 0
        for _ in range(min(_KICKS, _EXCHANGES // max(1, count * every))):
            if self._stopped() or count >= every or (vain >= _IN_VAIN and self._by_cuts):
                return
            best, vain = (self.cost, 0) if self.cost < best else (best, vain + 1)
            sites = np.array(self._pool[int(rng.integers(len(self._pool)))][1], dtype=np.intp)
            self._judge_kicked(sites, rng, _KICKED)

    def _judge_kicked(self, sites: IndexArray, rng: np.random.Generator, most: int) -> float:
        """Judge some sites with a few of them, ``most`` at most, exchanged at random.

        Of covering any of them is worth improving: a few sites less cover much less.
        """
        every, after = len(self.question.choice.site), sites.copy()
        size = min(len(sites), every - len(sites), int(rng.integers(1, most + 1)))
        others = np.setdiff1d(np.arange(every), sites)
        after[rng.choice(len(sites), size, replace=False)] = rng.choice(others, size, replace=False)
        return self.judge(after, _NEAR if self._by_cuts else np.inf)

    def _relaxed(self) -> Choice:
        """Return the choice with the pairs that multipliers will hardly exceed.

        A place's multiplier lies about between its nearest and second open site.
        """
        choice = self.question.choice
        if not choice.cost.any():
            return choice
        second, third = _ordered(choice, self.sites, (1, 2))
        cap = np.maximum(1.3 * second, third)
        return choice.within(np.ceil(cap) if self.question.whole else cap)

    def _tree(self, relaxed: Choice, root: Bound) -> tuple[Tree, Bound]:
        """Return the tree of what the root leaves open, and its bound, by cuts where they pay."""
        opened, closed = fixings(relaxed, root, self._cutoff)
        gone = closed.copy()
        gone[opened] = True
        free = np.flatnonzero(~gone)
        left = relaxed.fixed(opened, closed)

        def judge(sites: IndexArray) -> float:
            near = _NEAR_IN_TREE if self._by_cuts else _NEAR
            return self.judge(np.concatenate([opened, free[sites]]), near)

        tree = Tree(left, judge, self._cutoff, self._stopped, self.question.whole)
        tree.most_nodes = self.control.limits.node_limit
        if tree.covering and self._small(left):
            tree.most_nodes = _FEW_NODES
        start = replace(root, share=root.share[free])
        if left.cost.any() and len(left.cost) <= _MOST_CUT and root.value < self._cutoff:
            tree.cuts = Cuts(left, start, self.control)
            start = self._cut(tree.cuts, left, start)
            judge(start.favoured)
        return tree, start

    def _smaller(self, relaxed: Choice, tree: Tree, start: Bound) -> tuple[Tree, Bound]:
        """Return the tree anew where cuts and choices found since settle many more sites."""
        if tree.cuts is None or start.value >= self._cutoff:
            return tree, start
        held = np.clip(start.multipliers, 0.0, relaxed.cap)
        value, worth, chosen = bound_at(relaxed, held)
        share = np.zeros(len(relaxed.site))
        share[np.isin(relaxed.site, tree.root.site)] = start.share
        root = Bound(value, held, worth, chosen, share, start.steps)
        opened, closed = fixings(relaxed, root, self._cutoff)
        left = len(relaxed.site) - len(opened) - int(closed.sum())
        if left > _FEWER * len(tree.root.site):
            return tree, start
        return self._tree(relaxed, root)

    def _again(self, relaxed: Choice, root: Bound) -> Bound:
        """Return the root's bound anew where that is better: better choices say how far to go."""
        found = self._root(relaxed, _LONGER, _PATIENT)
        self.bound = max(found.value, root.value)
        better = found if found.value > root.value else root
        return replace(better, steps=root.steps + found.steps)

    def _cut(self, cuts: Cuts, left: Choice, start: Bound) -> Bound:
        """Return the bound by cuts on what is left to choose."""
        none = np.zeros(len(left.site), dtype=np.bool_)
        plan = Ascent(self.cost, self._cutoff, _CUT_ROUNDS, tolerance=_CUT_LITTLE)
        found = cuts.bound(left, np.flatnonzero(none), none, start.multipliers, plan)
        self.bound = max(found.value, start.value)
        return found

    def _root(self, relaxed: Choice, times: int = 1, patience: int = PATIENCE) -> Bound:
        few = 0 < len(relaxed.cost) <= _MOST_CUT and bool(relaxed.cost.any())
        steps = _CUT_STEPS if few else times * _ROOT_STEPS
        plan = Ascent(self.cost, self._cutoff, steps, tolerance=0.01, patience=patience)
        if not relaxed.cost.any():
            share = np.full(len(relaxed.site), relaxed.count / max(1, len(relaxed.site)))
            return climb(relaxed, 0.5 * relaxed.cap, share, plan, self._stopped)
        first, second = _ordered(self.question.choice, self.sites, (0, 1))
        return ascend(relaxed, 0.5 * (first + second), plan, self._stopped)


def _ordered(choice: Choice, sites: IndexArray, ranks: tuple[int, ...]) -> list[FloatArray]:
    """Return what each place costs at its first, second, ... nearest of some sites."""
    at = choice.pairs(sites)
    order = np.lexsort((choice.cost[at], choice.place[at]))
    place, cost = choice.place[at][order], choice.cost[at][order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    found = []
    for asked in ranks:
        level = choice.cap.copy()
        level[place[rank == asked]] = cost[rank == asked]
        found.append(level)
    return found
