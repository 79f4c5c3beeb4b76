r"""Two-stage capacitated location: which plants and depots to open, and what goes where.

min :math:`\sum_i f_i y_i + \sum_j g_j z_j + \sum_{ij} c_{ij} s_{ij} + \sum_{jk} e_{jk} d_k x_{jk}`:
every customer is served whole, a depot sends on what it gets, plants and depots hold what they can.
Multipliers for customers and for what depots get and send leave two choices of options, each
bounded as in `capacitated.dual`. A cutoff is guessed a little above that bound: the sites that
plans below it may differ in, if few, go to a program with every flow tied to its sites, which gives
the best plan or proves the guess as a bound; the next guess lies higher. Where the bound is too
weak for that, plans come from exchanges, and where they too leave many sites undecided a tree
closes and opens them.

Klose, A. (1999). An LP-based heuristic for two-stage capacitated facility location problems.
Journal of the Operational Research Society 50(2).
"""

import heapq
import math
from dataclasses import dataclass, field, replace

import numpy as np

from models.run import Incumbent, Status, StopReason, relative_gap
from optimizer.algorithms.capacitated.dual import Dual
from optimizer.algorithms.capacitated.instance import CapacitatedInstance
from optimizer.algorithms.siting.instance import agree
from optimizer.algorithms.two_echelon.exchanges import Exchanges
from optimizer.algorithms.two_echelon.flows import (
    BoolArray,
    FloatArray,
    Flows,
    Shipped,
    count_flows,
)
from optimizer.algorithms.two_stages import TwoStages, program_over
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.quiet import quiet

_NEVER = 1e14  # opening cost of what a node has closed
_CLOSED = 1e-7  # relative: plans that are no better by more are as good
_ROOT_STEPS, _STEPS = 500, 40
_ROOT_PACE, _PACE = 1.0, 0.3
_PATIENCE = 15
_EXCHANGES = ((400, 20), (4_000, 100))  # plans judged, and shakes that bring nothing, at most
_NODE_JUDGED = 6
_EXACT_SHARE = 0.6  # of the time left
_EXACT_MOST = 90  # undecided sites that a program takes
_FIRST_GUESS = 1e-3  # relative: how far above the bound the first cutoff is guessed, then twice
_GUESS_NODES = 200  # of the tree of the first program, then twice


@dataclass(frozen=True)
class Staged:
    """What a search came to; ``objective`` was counted afresh from problem and plan.

    ``judged`` is how many choices of sites had their flows found.
    """

    status: Status
    stop: StopReason
    objective: float | None
    bound: float | None
    plan: Flows | None
    incumbents: tuple[Incumbent, ...] = ()
    nodes: int = 0
    judged: int = 0

    @property
    def gap(self) -> float | None:
        """How far objective and bound are apart, relative."""
        return relative_gap(self.objective, self.bound)


@dataclass(frozen=True)
class _Node:
    forced: BoolArray = field(repr=False)  # (depot and plant,)
    shut: BoolArray = field(repr=False)
    multiplier: FloatArray = field(repr=False)  # customers, then depots

    @property
    def undecided(self) -> int:
        """How many sites may still be open or not."""
        return int((~(self.forced | self.shut)).sum())


def locate_stages(problem: TwoStages, control: RunControl) -> Staged:
    """Return the cheapest plan for plants and depots."""
    need = float(problem.demand.sum()) * (1.0 - 1e-12)
    if min(problem.plant_capacity.sum(), problem.depot_capacity.sum()) < need:
        return Staged(Status.INFEASIBLE, StopReason.PROOF, None, None, None)
    return _Search(problem, control).settle()


@dataclass
class _Search:
    problem: TwoStages
    control: RunControl
    plan: Flows | None = None
    value: float = math.inf
    bound: float = -math.inf
    nodes: int = 0

    def __post_init__(self) -> None:
        """Lay both stages out as choices of options."""
        problem = self.problem
        rooms = problem.depot_capacity
        self.customers, self.depots = len(problem.demand), len(rooms)
        self._base = problem.outbound * problem.demand
        self._first = Dual(_dense(self._base, problem.demand, rooms, problem.depot_opening))
        inbound = problem.inbound * rooms
        plants = problem.plant_capacity, problem.plant_opening
        self._second = Dual(_dense(inbound, rooms, *plants))
        total = np.array([problem.demand.sum()])
        alike = _dense(np.zeros((len(plants[0]), 1)), total, *plants)
        self._second.wide, self._second.need = Dual(alike).wide, Dual(alike).need
        self._opening = np.concatenate([problem.depot_opening, problem.plant_opening])
        self._plans = Exchanges(problem, self.control, self._offer)

    @property
    def cutoff(self) -> float:
        return self.value - _CLOSED * max(1.0, abs(self.value)) if self.plan else math.inf

    def settle(self) -> Staged:
        """Bound, find plans, and search the tree."""
        sites = len(self._opening)
        least = self._base.min(axis=0)
        cheap = (self.problem.inbound.min(axis=0)) * self.problem.depot_capacity
        none = np.zeros(sites, dtype=np.bool_)
        root = _Node(none, none, np.concatenate([least, cheap]))
        value, root, share = self._climb(root, _ROOT_STEPS, _ROOT_PACE)
        self.bound = value
        self._guess(root)
        root, share = self._settled(root, share)
        heap = [(self.bound, 0, root, share)]
        made = 0
        while heap and max(self.bound, heap[0][0]) < self.cutoff and self.control.stop is None:
            if self.nodes >= (self.control.limits.node_limit or math.inf):
                break
            self.bound = max(self.bound, heap[0][0])
            _, _, node, share = heapq.heappop(heap)
            self.nodes += 1
            for child in self._children(node, share):
                key, left, its = self._climb(child, _STEPS, _PACE)
                key = max(key, self.bound)
                if key < self.cutoff:
                    made += 1
                    heapq.heappush(heap, (key, -made, left, its))
        proved = min(heap[0][0] if heap else math.inf, self.cutoff)
        self.bound = max(self.bound, proved) if self.control.stop is None else self.bound
        return self._staged()

    def _guess(self, root: _Node) -> None:
        """Solve over what plans below a guessed cutoff may open, then guess higher.

        Whatever breaks with the sites so decided costs the guess or more. Guesses end where one
        leaves many sites undecided, or its program neither ends in few nodes nor finds a plan:
        the bound is too weak for them.
        """
        value, guess, nodes = self.bound, _FIRST_GUESS, _GUESS_NODES
        while self.bound < self.cutoff and self.control.halted is None:
            cutoff = min(self.cutoff, value + guess * max(1.0, abs(value)))
            node = self._fixed(root, root.multiplier, cutoff)
            if node.undecided > _EXACT_MOST:
                return
            known = self.value
            bound = self._over(node, _EXACT_SHARE, nodes)
            self.bound = max(self.bound, min(bound, cutoff, self.cutoff))
            if bound < min(cutoff, self.cutoff) and self.value >= known:
                return
            guess, nodes = 2.0 * guess, 2 * nodes

    def _settled(self, root: _Node, share: FloatArray) -> tuple[_Node, FloatArray]:
        """Improve the plan until it leaves few sites undecided, then solve over those."""
        for judged, still in _EXCHANGES:
            if self.bound >= self.cutoff:
                break
            self._plans.search(self._opened(share), judged, still)
            # Towards the value of a plan the bound climbs a little higher.
            value, root, share = self._climb(root, _ROOT_STEPS, _PACE)
            self.bound = max(self.bound, min(value, self.cutoff))
            if root.undecided <= _EXACT_MOST:
                bound = self._over(root, _EXACT_SHARE)
                # Whatever opens a site that is shut costs the cutoff or more.
                self.bound = max(self.bound, min(bound, self.cutoff))
                break
        return root, share

    def _opened(self, share: FloatArray) -> BoolArray:
        """Return the sites of the best plan, or without one those that choices open."""
        if self.plan is None:
            return self._rounded(share)
        opened = np.zeros(len(self._opening), dtype=np.bool_)
        opened[self.plan.depots] = opened[self.depots + self.plan.plants] = True
        return opened

    def _over(self, node: _Node, share: float, nodes: int | None = None) -> float:
        """Solve over a node's sites; offer what opens then, and return what was proven of it."""
        problem, may = self.problem, ~node.shut
        program = program_over(problem, may, node.forced, strong=True)
        found = highs.solve(program, quiet(self.control, share, nodes))
        if found.values is not None:
            opened = np.zeros(len(may), dtype=np.bool_)
            sites = np.concatenate([found.values[program.columns[n]] for n in ("depot", "plant")])
            opened[np.flatnonzero(may)[sites > 0.5]] = True
            self._plans.ship(opened)
        if found.status is Status.INFEASIBLE:
            return math.inf
        return -math.inf if found.bound is None else found.bound

    def _staged(self) -> Staged:
        stop = self.control.stop or StopReason.WORK
        judged = self._plans.judged
        if self.plan is None:
            return Staged(Status.UNKNOWN, stop, None, self.bound, None, (), self.nodes, judged)
        counted = count_flows(self.problem, self.plan)
        agree(self.value, counted)
        proof = self.bound >= self.cutoff
        return Staged(
            Status.OPTIMAL if proof else Status.FEASIBLE,
            StopReason.PROOF if proof else stop,
            counted,
            counted if proof else min(self.bound, counted),
            self.plan,
            tuple(self.control.incumbents),
            self.nodes,
            judged,
        )

    def _climb(self, node: _Node, steps: int, pace: float) -> tuple[float, _Node, FloatArray]:
        """Return a node's bound, the node with what that decides, and how often sites open."""
        opening = np.where(node.shut, _NEVER, self._opening)
        self._first.instance.opening[:] = opening[: self.depots]
        self._second.instance.opening[:] = opening[self.depots :]
        self._first.forced[:] = node.forced[: self.depots]
        self._second.forced[:] = node.forced[self.depots :]
        at = node.multiplier.copy()
        best, best_at, waited = -math.inf, at.copy(), 0
        share = np.zeros(len(opening))
        direction = np.zeros(len(at))
        for step in range(steps):
            value, gradient, opened = self._price(at)
            share += max(0.05, 1.0 / (step + 1)) * (opened - share)
            waited = 0 if value > best + 1e-7 * abs(best) else waited + 1
            if value > best:
                best, best_at = value, at.copy()
            if best >= self.cutoff or (step % 32 == 0 and self.control.stop is not None):
                break
            if waited >= _PATIENCE:
                pace, waited, at, direction = pace / 2.0, 0, best_at.copy(), 0.0 * direction
                if pace < 1e-3:
                    break
                continue
            direction = gradient + 0.3 * direction
            norm = float(direction @ direction)
            if norm <= 1e-12:
                break
            aim = self.value if self.plan else 1.03 * abs(best)
            at = at + pace * max(aim - value, 1e-4 * abs(best)) / norm * direction
        return best, self._fixed(node, best_at), share

    def _price(self, at: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return the bound of some multipliers, its subgradient, and the sites it opens."""
        problem = self.problem
        served, sent = at[: self.customers], at[self.customers :]
        rate = sent / problem.depot_capacity
        self._first.instance.cost[:] = (self._base + rate[:, None] * problem.demand).ravel()
        depots, plants = self._first.price(served), self._second.price(sent)
        value = depots.value + plants.value - float(sent.sum())
        load = depots.share.reshape(self._base.shape) @ problem.demand
        gradient = np.concatenate(
            [1.0 - depots.served, load / problem.depot_capacity - plants.served]
        )
        opened = np.concatenate([depots.chosen >= 0, plants.chosen >= 0])
        return value, gradient, opened.astype(np.float64)

    def _fixed(self, node: _Node, at: FloatArray, cutoff: float | None = None) -> _Node:
        """Return the node with the sites decided that plans below the cutoff agree in."""
        below = self.cutoff if cutoff is None else cutoff
        opened, closed = self._each(at)
        shut = node.shut | ((opened >= below) & ~node.forced)
        forced = node.forced | ((closed >= below) & ~node.shut)
        return _Node(forced, shut & ~forced, at)

    def _each(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the bound of every plan that opens a site, and of every one that does not."""
        value, _, _ = self._price(at)
        opened, closed = np.zeros(len(self._opening)), np.zeros(len(self._opening))
        parts = (
            (self._first, slice(0, self.depots), at[: self.customers]),
            (self._second, slice(self.depots, None), at[self.customers :]),
        )
        slack = 1e-8 * max(1.0, abs(value))
        for dual, part, multiplier in parts:
            priced = dual.price(multiplier)
            other = value - priced.value + float(multiplier.sum()) - slack
            into, out = dual.each(priced.worth)
            opened[part], closed[part] = into + other, out + other
        return opened, closed

    def _children(self, node: _Node, share: FloatArray) -> list[_Node]:
        free = ~(node.forced | node.shut)
        sites = share > 0.5
        sites[node.forced] = True
        if not free.any():
            self._plans.ship(node.forced)
            return []
        if self.nodes % 8 == 1:
            self._plans.search(self._rounded(share * ~node.shut), _NODE_JUDGED, 0)
        divided = np.where(free, np.minimum(share, 1.0 - share) + 1e-9 * self._opening, -1.0)
        site = int(np.argmax(divided))
        into, out = node.forced.copy(), node.shut.copy()
        into[site] = out[site] = True
        return [replace(node, forced=into), replace(node, shut=out)]

    def _rounded(self, share: FloatArray) -> BoolArray:
        """Return the sites opened most often, with room for all demand in both stages."""
        problem, opened = self.problem, np.zeros(len(share), dtype=np.bool_)
        rooms = np.concatenate([problem.depot_capacity, problem.plant_capacity])
        for part in (slice(0, self.depots), slice(self.depots, None)):
            order = np.argsort(-share[part], kind="stable") + (part.start or 0)
            held = np.cumsum(rooms[order])
            opened[order[: int(np.searchsorted(held, problem.demand.sum() - 1e-9)) + 1]] = True
        return opened

    def _offer(self, shipped: Shipped) -> None:
        if shipped.worth * (1.0 + 1e-9) < self.value:
            self.plan, self.value = shipped.plan, shipped.worth
            self.control.improved(self.value, self.bound if math.isfinite(self.bound) else None)


def _dense(
    cost: FloatArray, demand: FloatArray, capacity: FloatArray, opening: FloatArray
) -> CapacitatedInstance:
    """Return the instance of a matrix (site, customer), its costs and openings free to change."""
    sites, customers = cost.shape
    return CapacitatedInstance(
        demand=demand,
        start=np.arange(sites + 1, dtype=np.intp) * customers,
        customer=np.tile(np.arange(customers, dtype=np.intp), sites),
        cost=cost.ravel().copy(),
        option_start=np.arange(sites + 1, dtype=np.intp),
        capacity=capacity,
        opening=opening.copy(),
    )
