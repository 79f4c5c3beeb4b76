r"""Two-stage capacitated location: which plants and depots to open, and what goes where.

min :math:`\sum_i f_i y_i + \sum_j g_j z_j + \sum_{ij} c_{ij} s_{ij} + \sum_{jk} e_{jk} d_k x_{jk}`:
every customer is served whole, a depot sends on what it gets, plants and depots hold what they can.
Multipliers for customers and for what depots get and send leave two choices of options, each
bounded as in `capacitated.dual`. Plans come from the program over the few sites that these choices
open at all; the sites that multipliers cannot settle go to a program with every flow tied to its
sites, and where they are too many a tree closes and opens them.

Klose, A. (1999). An LP-based heuristic for two-stage capacitated facility location problems.
Journal of the Operational Research Society 50(2).
"""

import heapq
import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.run import Incumbent, Status, StopReason, relative_gap
from optimizer.algorithms.capacitated.dual import Dual
from optimizer.algorithms.capacitated.instance import CapacitatedInstance
from optimizer.algorithms.siting.instance import agree
from optimizer.algorithms.two_stages import TwoStages, program_over
from optimizer.backends import highs
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder
from optimizer.quiet import quiet

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

_NEVER = 1e14  # opening cost of what a node has closed
_CLOSED = 1e-7  # relative: plans that are no better by more are as good
_ROOT_STEPS, _STEPS = 500, 40
_ROOT_PACE, _PACE = 1.0, 0.3
_PATIENCE = 15
_MOVES, _LOOKED_AT = 60, 25
_ROOM = 1e-6
_KERNEL = 0.02  # of the choices of options: sites opened in fewer are left out of the first program
_KERNEL_ROOM = 1.6  # of all demand, that its sites have room for
_KERNEL_SHARE, _EXACT_SHARE = 0.4, 0.6  # of the time left
_EXACT_MOST = 90  # undecided sites that a program takes


@dataclass(frozen=True)
class Flows:
    """A plan: what is open, and how many units go where."""

    plants: IndexArray
    depots: IndexArray
    inbound: FloatArray  # (plant, depot)
    outbound: FloatArray  # (depot, customer)


@dataclass(frozen=True)
class Staged:
    """What a search came to; ``objective`` was counted afresh from problem and plan."""

    status: Status
    stop: StopReason
    objective: float | None
    bound: float | None
    plan: Flows | None
    incumbents: tuple[Incumbent, ...] = ()
    nodes: int = 0

    @property
    def gap(self) -> float | None:
        """How far objective and bound are apart, relative."""
        return relative_gap(self.objective, self.bound)


def count_flows(problem: TwoStages, plan: Flows) -> float:
    """Return what a plan costs, judged by the problem's rules alone; raise where it breaks one."""
    shut_plants = np.setdiff1d(np.arange(len(problem.plant_capacity)), plan.plants)
    shut_depots = np.setdiff1d(np.arange(len(problem.depot_capacity)), plan.depots)
    sent, got = plan.outbound.sum(axis=1), plan.inbound.sum(axis=0)
    slack = _ROOM * max(1.0, float(problem.demand.sum()))
    holds = (
        plan.inbound.min() >= 0.0
        and plan.outbound.min() >= 0.0
        and not plan.inbound[shut_plants].any()
        and not plan.outbound[shut_depots].any()
        and (np.abs(plan.outbound.sum(axis=0) - problem.demand) <= slack).all()
        and (sent <= got + slack).all()
        and (sent <= problem.depot_capacity + slack).all()
        and (plan.inbound.sum(axis=1) <= problem.plant_capacity + slack).all()
    )
    if not holds:
        raise BackendError("a two-stage plan breaks a rule")
    return float(
        problem.plant_opening[plan.plants].sum()
        + problem.depot_opening[plan.depots].sum()
        + (problem.inbound * plan.inbound).sum()
        + (problem.outbound * plan.outbound).sum()
    )


@dataclass(frozen=True)
class _Node:
    forced: BoolArray = field(repr=False)  # (depot and plant,)
    shut: BoolArray = field(repr=False)
    multiplier: FloatArray = field(repr=False)  # customers, then depots


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
        self._flow = _Flow(problem, self.control)

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
        self._polish(self._rounded(share))
        root = self._programs(root, share)
        heap = [(value, 0, root, share)]
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

    def _programs(self, root: _Node, share: FloatArray) -> _Node:
        """Find a plan over the sites that choices open, then solve over those still undecided."""
        kernel = ((share > _KERNEL) | root.forced | self._promising(root)) & ~root.shut
        self._over(kernel, root, _KERNEL_SHARE, strong=False)
        root = self._fixed(root, root.multiplier)
        if (~(root.shut | root.forced)).sum() <= _EXACT_MOST and self.control.stop is None:
            bound = self._over(~root.shut, root, _EXACT_SHARE, strong=True)
            # Whatever opens a site that is shut costs the cutoff or more.
            self.bound = max(self.bound, min(bound, self.cutoff))
        return root

    def _promising(self, root: _Node) -> BoolArray:
        """Return the sites whose opening the bound minds least, with room to choose among."""
        opened, _ = self._each(root.multiplier)
        return self._rounded(-opened, _KERNEL_ROOM)

    def _over(self, may: BoolArray, root: _Node, share: float, *, strong: bool) -> float:
        """Solve over some sites; offer what opens then, and return what was proven of it."""
        problem = self.problem
        enough = problem.demand.sum()
        if problem.depot_capacity[may[: self.depots]].sum() < enough:
            return -math.inf
        if problem.plant_capacity[may[self.depots :]].sum() < enough:
            return -math.inf
        program = program_over(problem, may, root.forced, strong=strong)
        found = highs.solve(program, quiet(self.control, share))
        if found.values is not None:
            opened = np.zeros(len(may), dtype=np.bool_)
            sites = np.concatenate([found.values[program.columns[n]] for n in ("depot", "plant")])
            opened[np.flatnonzero(may)[sites > 0.5]] = True
            self._offer(opened)
        if found.status is Status.INFEASIBLE:
            return math.inf
        return -math.inf if found.bound is None else found.bound

    def _staged(self) -> Staged:
        stop = self.control.stop or StopReason.WORK
        if self.plan is None:
            return Staged(Status.UNKNOWN, stop, None, self.bound, None, (), self.nodes)
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

    def _fixed(self, node: _Node, at: FloatArray) -> _Node:
        """Return the node with the sites decided that its bound decides."""
        opened, closed = self._each(at)
        shut = node.shut | ((opened >= self.cutoff) & ~node.forced)
        forced = node.forced | ((closed >= self.cutoff) & ~node.shut)
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
            self._offer(node.forced)
            return []
        if self.nodes % 8 == 1:
            self._polish(self._rounded(share * ~node.shut), moves=6)
        divided = np.where(free, np.minimum(share, 1.0 - share) + 1e-9 * self._opening, -1.0)
        site = int(np.argmax(divided))
        into, out = node.forced.copy(), node.shut.copy()
        into[site] = out[site] = True
        return [replace(node, forced=into), replace(node, shut=out)]

    def _rounded(self, share: FloatArray, spare: float = 1.0) -> BoolArray:
        """Return the sites opened most often, with room for so many times all demand in both."""
        problem, opened = self.problem, np.zeros(len(share), dtype=np.bool_)
        rooms = np.concatenate([problem.depot_capacity, problem.plant_capacity])
        for part in (slice(0, self.depots), slice(self.depots, None)):
            order = np.argsort(-share[part], kind="stable") + (part.start or 0)
            held = np.cumsum(rooms[order])
            opened[order[: int(np.searchsorted(held, spare * problem.demand.sum() - 1e-9)) + 1]] = (
                True
            )
        return opened

    def _offer(self, opened: BoolArray) -> "_Shipped | None":
        shipped = self._flow.ship(opened)
        if shipped is not None and shipped.worth * (1.0 + 1e-9) < self.value:
            self.plan, self.value = shipped.plan, shipped.worth
            self.control.improved(self.value, self.bound if math.isfinite(self.bound) else None)
        return shipped

    def _polish(self, opened: BoolArray, moves: int = _MOVES) -> None:
        """Open, close and exchange sites while that pays, what prices promise most first."""
        best = self._offer(opened)
        waiting = [] if best is None else self._moves(opened, best)
        while waiting and best is not None and moves > 0 and self.control.stop is None:
            move = waiting.pop(0)
            shipped = self._offer(move)
            moves -= 1
            if shipped is not None and shipped.worth < best.worth * (1.0 - 1e-9):
                opened, best = move, shipped
                waiting = self._moves(opened, best)

    def _moves(self, opened: BoolArray, best: "_Shipped") -> list[BoolArray]:
        self._first.instance.opening[:] = self._opening[: self.depots]
        self._second.instance.opening[:] = self._opening[self.depots :]
        problem = self.problem
        at = np.concatenate([best.customer * problem.demand, best.depot * problem.depot_capacity])
        self._price(at)
        served, sent = at[: self.customers], at[self.customers :]
        worth = np.concatenate([self._first.price(served).worth, self._second.price(sent).worth])
        rooms = np.concatenate([problem.depot_capacity, problem.plant_capacity])
        gain = np.append(np.where(opened, -np.inf, -worth), 0.0)
        loss = np.append(np.where(opened, self._opening - best.rent * rooms, -np.inf), 0.0)
        promise = gain[:, None] + loss[None, :]
        found = []
        for at_most in np.argsort(-promise, axis=None, kind="stable")[:_LOOKED_AT].tolist():
            into, out = divmod(at_most, len(loss))
            if promise[into, out] <= 0.0:
                break
            move = np.append(opened, False)
            move[into], move[out] = True, False
            found.append(move[:-1])
        return found


@dataclass(frozen=True)
class _Shipped:
    plan: Flows
    worth: float
    customer: FloatArray  # (customer,): what one unit more costs
    depot: FloatArray  # (depot,): what a unit is worth that a depot gets
    rent: FloatArray  # (depot and plant,): what a unit of room is worth


class _Flow:
    """The cheapest flows through open sites, by one warm program."""

    def __init__(self, problem: TwoStages, control: RunControl) -> None:
        self.problem, self.control = problem, control
        plants, depots = problem.inbound.shape
        customers = len(problem.demand)
        self._seen: set[bytes] = set()
        arcs, ways = plants * depots, depots * customers
        builder = Builder("min")
        builder.add_columns("in", problem.inbound.ravel(), upper=np.inf, integer=False)
        builder.add_columns("out", problem.outbound.ravel(), upper=np.inf, integer=False)
        one, two = np.ones(arcs), np.ones(ways)
        arc, way = np.arange(arcs), np.arange(ways)
        to = csr_array((two, (way % customers, way)), shape=(customers, ways))
        builder.add_rows("served", {"out": to}, lower=problem.demand, upper=problem.demand)
        through = csr_array((one, (arc % depots, arc)), shape=(depots, arcs))
        sent = csr_array((two, (way // customers, way)), shape=(depots, ways))
        builder.add_rows("kept", {"in": through, "out": -sent}, lower=0.0, upper=np.inf)
        builder.add_rows("depot", {"out": sent}, lower=-np.inf, upper=0.0)
        made = csr_array((one, (arc // depots, arc)), shape=(plants, arcs))
        builder.add_rows("plant", {"in": made}, lower=-np.inf, upper=0.0)
        self._session = LpSession(builder.build(), control.limits)
        self._first_row = customers + depots
        self._room = np.zeros(depots + plants)

    def ship(self, opened: BoolArray) -> _Shipped | None:
        """Return the cheapest flows; None where tried, impossible or stopped."""
        problem, key = self.problem, opened.tobytes()
        if key in self._seen:
            return None
        self._seen.add(key)
        plants, depots = problem.inbound.shape
        customers = len(problem.demand)
        rooms = np.concatenate([problem.depot_capacity, problem.plant_capacity]) * opened
        enough = problem.demand.sum() - 1e-9
        if min(rooms[:depots].sum(), rooms[depots:].sum()) < enough:
            return None
        for row in np.flatnonzero(rooms != self._room).tolist():
            self._session.change_row_bounds(self._first_row + row, -np.inf, float(rooms[row]))
        self._room = rooms
        if self._session.solve(quiet(self.control)) is not Status.OPTIMAL:
            return None
        values, dual = np.maximum(self._session.primal, 0.0), self._session.dual
        inbound = values[: plants * depots].reshape(plants, depots) * opened[depots:, None]
        outbound = values[plants * depots :].reshape(depots, customers) * opened[:depots, None]
        taken = np.flatnonzero(opened)
        plan = Flows(
            (taken[taken >= depots] - depots).astype(np.intp),
            taken[taken < depots].astype(np.intp),
            inbound,
            outbound,
        )
        return _Shipped(
            plan,
            count_flows(problem, plan),
            dual[:customers],
            dual[customers : customers + depots],
            -dual[self._first_row :],
        )


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
