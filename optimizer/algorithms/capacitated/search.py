"""The search for the cheapest plan: multipliers, plans from what they open, then a tree."""

import math
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np

from models.run import RunLimits, Status, StopReason
from optimizer.algorithms.capacitated.core import guesses, prove_core
from optimizer.algorithms.capacitated.dual import Ascent, Bound, Dual, Priced
from optimizer.algorithms.capacitated.heuristic import Assigner, worth
from optimizer.algorithms.capacitated.instance import (
    CapacitatedInstance,
    IndexArray,
    Located,
    Plan,
    count_plan,
    values_of,
)
from optimizer.algorithms.capacitated.regions import Regions
from optimizer.algorithms.capacitated.rounding import rounded_options
from optimizer.algorithms.capacitated.transport import Transport
from optimizer.algorithms.capacitated.tree import Node, Tree
from optimizer.algorithms.siting.instance import agree
from optimizer.control import RunControl

_WHOLE = 1.0 - 1e-6
_CLOSED = 1e-7  # relative: plans that are no better by more are as good
_NEAR = 0.003  # relative: how near to the best bound multipliers are worth a plan
_EVERY = 6  # of the multipliers heard of, one plan
_FIRST_PLANS = 5
_FIRST_GUESS = 0.2  # of the gap, where the first guess lies
_LEAST_GUESS = 2e-4  # relative
_BLIND_GUESS = 0.01  # relative, where there is no plan yet
_GROWTH = 2.5
_FEW_NODES = 1_000  # of trees before programs of cores
_FEW_PAIRS = 4_000_000  # that those nodes may have together
_ROOM = 1.1  # of what demand needs: the first options of a large instance
_MOVES = 10  # exchanges of options, each with a transport of its own
_ALIVE = 0.05  # how often the multipliers open a site that regions look at


def locate(instance: CapacitatedInstance, control: RunControl) -> Located:
    """Return the cheapest plan of a capacitated location problem, single- or multi-source.

    A control that describes plans is given each option, 0 or 1, then each pair's share. Time that
    goes into compiling, once for each installation, is none of the run's.
    """
    control.ready(partial(prepare, single_source=instance.single_source))
    dual = Dual(instance)
    if not dual.possible:
        return Located(Status.INFEASIBLE, StopReason.PROOF, None, None, None)
    search = Search(instance, control, dual)
    return search.settle()


@cache
def prepare(*, single_source: bool) -> None:
    """Compile what the search uses, by a problem of no size."""
    rng = np.random.default_rng(1)
    customers, sites = 12, 4
    small = CapacitatedInstance(
        demand=rng.integers(1, 9, customers).astype(np.float64),
        start=np.arange(sites + 1) * customers,
        customer=np.tile(np.arange(customers), sites),
        cost=rng.integers(1, 60, sites * customers).astype(np.float64),
        option_start=np.arange(sites + 1) * 2,
        capacity=np.tile([25.0, 40.0], sites),
        opening=rng.integers(20, 70, 2 * sites).astype(np.float64),
        single_source=single_source,
    )
    Search(small, RunControl(RunLimits()), Dual(small)).settle()


@dataclass
class Search:
    """One search, and the best plan so far."""

    instance: CapacitatedInstance
    control: RunControl
    dual: Dual
    plan: Plan | None = None
    value: float = math.inf
    bound: float = -math.inf
    steps: int = 0
    nodes: int = 0
    unsettled: bool = False  # a node was served over near pairs alone: no proof
    _heard: int = 0
    _tried: int = 0
    _assigner: Assigner | None = None
    _transport: Transport | None = None
    _near: float = field(default=-math.inf)

    def __post_init__(self) -> None:
        """Choose how plans are made."""
        self.whole = self.instance.whole
        if self.instance.single_source:
            self._assigner = Assigner(self.instance)
        else:
            self._transport = Transport(self.instance, self.control)

    @property
    def cutoff(self) -> float:
        """What a better plan is worth at most."""
        if math.isinf(self.value):
            return math.inf
        return self.value - (_WHOLE if self.whole else _CLOSED * max(1.0, abs(self.value)))

    def settle(self) -> Located:
        """Climb, then search for plans below a guess; a guess that fails is a bound."""
        climbed = self.dual.climb(self.dual.start(), Ascent(), self._stopped, self._hear)
        self.bound, self.steps = climbed.value, climbed.steps
        self._first_plans(climbed)
        whole = Node(
            np.ones(len(self.instance.cost), dtype=np.bool_),
            np.ones(len(self.instance.capacity), dtype=np.bool_),
            self.instance.opened,
            climbed.multiplier,
        )
        most = self.control.limits.node_limit
        if self.instance.single_source and most is None:  # a program's nodes are not the tree's
            few = min(_FEW_NODES, _FEW_PAIRS // max(1, len(self.instance.cost)))
            self._by_trees(whole, few)
            self._by_cores(whole)
        self._by_trees(whole, most)
        return self._located()

    def _by_trees(self, whole: Node, most: int | None) -> None:
        """Search trees of ``most`` nodes below ever larger guesses, until one has a plan."""
        room = max(_FIRST_GUESS * (self.cutoff - self.bound), _LEAST_GUESS * abs(self.bound))
        if math.isinf(room):
            room = _BLIND_GUESS * abs(self.bound)
        start, end = self.bound, None if most is None else self.nodes + most
        while self.bound < self.cutoff and not self._stopped():
            guess = start + room
            left = None if end is None else end - self.nodes
            tree = self.tree(guess, left)
            proved = tree.prove(whole, self.bound)
            self.bound = self.bound if self.unsettled else max(self.bound, proved)
            self.nodes += tree.nodes
            self.steps += tree.steps
            if self.bound < min(guess, self.cutoff) or math.isinf(guess):
                break
            room = _GROWTH * room
            if start + room > self._everything:
                room = math.inf

    def _by_cores(self, whole: Node) -> None:
        """Settle ever larger cores by programs, up to one that holds every better plan."""
        used = self.dual.sums(whole.multiplier).used
        for guess in guesses(used, len(self.instance.demand)):
            if self.bound >= self.cutoff or self._stopped():
                return
            tree = self.tree(guess, None)
            if tree.cutoff() <= self.bound:
                continue
            near = 0.5 * _CLOSED * max(1.0, abs(tree.cutoff()))
            proved = prove_core(tree, whole, self._offer, self.control, near=near)
            if proved is None:
                return
            self.bound = max(self.bound, proved)

    def _first_plans(self, climbed: Bound) -> None:
        """Find plans of a multi-source instance whose multipliers do not open what holds all.

        That is one with a number of sites, and a large one, whose transports take too long for all.
        """
        if self._transport is None or (self._transport.whole and not self.dual.by_count):
            return
        start = rounded_options(self.instance, climbed.opened, _ROOM)
        if self._transport.whole:
            self._transport.polish(start, self.dual, self._offer, 4 * _MOVES)
            return
        self._transport.polish(start, self.dual, self._offer, _MOVES)
        if self.plan is not None:
            owner = self.instance.option_site
            alive = np.bincount(owner, climbed.opened, self.instance.sites) > _ALIVE
            alive[owner[self.plan.options]] = True
            regions = Regions(self.instance, self._transport.near, alive, self.control)
            regions.improve(self.plan, self.value, self.bound, self._reopened)

    def _reopened(self, options: IndexArray) -> tuple[Plan, float] | None:
        """Return the cheapest plan that opens some options, and its worth; None where known."""
        assert self._transport is not None
        plan = self._transport.plan(options)
        if plan is None:
            return None
        value = worth(self.instance, plan)
        self._note(plan, value)
        return plan, value

    def tree(self, guess: float, most_nodes: int | None) -> Tree:
        """Return a tree that looks for plans worth less than a guess."""
        return Tree(
            self.instance,
            lambda: min(self.cutoff, guess),
            self._hear,
            self._stopped,
            self._decided,
            self.whole,
            most_nodes=most_nodes,
        )

    @property
    def _everything(self) -> float:
        """More than any plan costs."""
        dearest = np.zeros(len(self.instance.demand))
        np.maximum.at(dearest, self.instance.customer, self.instance.cost)
        return float(dearest.sum() + np.maximum(self.instance.opening, 0.0).sum()) + 1.0

    def _stopped(self) -> bool:
        return self.control.halted is not None

    def _located(self) -> Located:
        proof = self.bound >= self.cutoff
        stop = StopReason.PROOF if proof else self.control.stop or StopReason.WORK
        if self.plan is None:
            finished = math.isinf(self.bound)
            status = Status.INFEASIBLE if finished else Status.UNKNOWN
            bound = None if finished or math.isinf(self.bound) else self.bound
            stop = StopReason.PROOF if finished else stop
            return Located(status, stop, None, bound, None, nodes=self.nodes, steps=self.steps)
        counted = count_plan(self.instance, self.plan)
        agree(self.value, counted)
        return Located(
            Status.OPTIMAL if proof else Status.FEASIBLE,
            stop,
            counted,
            counted if proof else min(self.bound, counted),
            self.plan,
            tuple(one for one in self.control.incumbents if one.level == self.control.level),
            self.nodes,
            self.steps,
        )

    def _hear(self, priced: Priced) -> float | None:
        """Make a plan of what some multipliers open, if they are good ones."""
        self._near = max(self._near, priced.value)
        self._heard += 1
        if self._transport is not None and not self._transport.whole and not self.nodes:
            return self.value if self.plan is not None else None
        near = priced.value >= self._near - _NEAR * abs(self._near)
        if near and self._tried <= _FIRST_PLANS + self._heard // _EVERY:
            self._tried += self._try(priced.chosen)
        return self.value if self.plan is not None else None

    def _try(self, chosen: IndexArray) -> bool:
        if self._assigner is not None:
            plan = self._assigner.plan(np.flatnonzero(chosen >= 0))
        else:
            assert self._transport is not None
            plan = self._transport.plan(chosen[chosen >= 0].astype(np.intp))
        if plan is not None:
            self._offer(plan)
        return plan is not None

    def _offer(self, plan: Plan) -> None:
        self._note(plan, worth(self.instance, plan))

    def _note(self, plan: Plan, value: float) -> None:
        """Keep a plan of that worth where it is the best, and tell of it."""
        if value < self.value - 1e-9 * max(1.0, abs(value)):
            self.plan, self.value = plan, value
            bound = self.bound if math.isfinite(self.bound) else None
            told = None if self.control.describe is None else values_of(self.instance, plan)
            self.control.improved(value, bound, told)

    def _decided(self, left: CapacitatedInstance, number: IndexArray) -> None:
        """Make the plan of a node in which all is decided but the parts of services."""
        if not left.single_source:
            assert self._transport is not None
            plan = self._transport.plan(number)
            if plan is not None:
                self._offer(plan)
            self.unsettled |= not self._transport.whole
            return
        load = np.bincount(left.site, left.demand[left.customer], left.sites)
        room = np.zeros(left.sites)
        room[left.option_site] = left.capacity
        if (load > room).any():
            return
        ones = np.ones(len(left.customer))
        self._offer(Plan(number, left.customer, left.site.astype(np.intp), ones))
