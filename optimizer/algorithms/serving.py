r"""Which units to serve, exactly, by shortage cuts.

A program over the units alone, ``y_u`` copies of unit ``u``:

.. math:: \max \sum_u w_u y_u, \quad
          \sum_u \Bigl(\sum_{g \in u,\, N(g) \subseteq W} d_g\Bigr) y_u \le |W|
          \quad \text{for every set } W \text{ of teams,}

with the cuts that a failed matching shows added until the matching succeeds (Benders' scheme with
Hall's condition as its feasibility cut). Ties go to what is near, at less than half a unit of
weight, so that the bound still proves the weight.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from models.run import StopReason
from optimizer.algorithms.filling import Filling, as_bits, as_row
from optimizer.algorithms.packing import pack
from optimizer.algorithms.slots import BoolArray, IntArray, Matched, Slots, cheapest, match
from optimizer.backends.checking import PROOFS
from optimizer.backends.highs import solve as solve_with_highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import Builder, LinearProgram
from optimizer.quiet import quiet

_TIES = 0.5  # of the smallest difference of weights, what all ties together may weigh
_CLOSE = 0.01  # of that difference, how near bound and objective must come
_SAME = 1e-9  # where no difference is known: nothing but rounding
_PACK_NODES = 8000  # some milliseconds; a program that takes more goes to HiGHS


@dataclass
class Served:
    """What was found: the best units that were matched, and what is known of the rest.

    ``bound`` is the most weight that can be served; ``cost_bound`` the least that any choice of
    that weight can cost. ``cuts`` are the sets of teams that were short, ``tight`` those that
    hold the optimum down.
    """

    served: IntArray  # (unit,)
    team_group: IntArray | None  # (team,), cheapest for `served`; None before the end
    bound: float
    cost_bound: float | None = None
    proven: bool = False
    stop: StopReason = StopReason.PROOF
    rounds: int = 0
    nodes: int = 0
    cuts: list[BoolArray] = field(default_factory=list)


@dataclass(frozen=True)
class Plea:
    """What a search for the units to serve begins with, and whom it tells.

    ``start`` are units (unit,) known to be servable together, ``families`` the sets of teams the
    cuts begin with, ``quantum`` what every weight is a multiple of (None: not known; ties are then
    left to chance). ``rounds_max`` ends the search after so many rounds: a replay.
    """

    start: IntArray
    families: list[BoolArray]
    quantum: float | None
    rounds_max: int | None = None


def serve_most(slots: Slots, control: RunControl, plea: Plea) -> Served:
    """Return the units that weigh most among those that can all be filled."""
    search = _Search(slots, slots.most, plea.quantum)
    every = np.ones(slots.reach.shape[1], dtype=np.bool_)
    for teams in (every, *plea.families):
        search.cut(teams)
    result = Served(plea.start.copy(), None, bound=float(slots.weight @ search.most))
    # All that could be served alone: if it can be served together that is the proof, and if not,
    # what is short makes cuts that save a round.
    _try(slots, search.most, search, result)
    while not result.proven:
        stop = control.stop or (StopReason.WORK if result.rounds == plea.rounds_max else None)
        chosen = None if stop is not None else search.choose(control, result)
        if chosen is None:
            result.stop = stop or control.stop or StopReason.TIME
            break
        result.rounds += 1
        _try(slots, chosen, search, result)
    result.cuts = search.sets
    return result


def _try(slots: Slots, chosen: IntArray, search: "_Search", result: Served) -> None:
    """Match the chosen units: proof if all are filled, else new cuts and what was filled."""
    matched = match(slots.reach, slots.wanted(chosen))
    if matched.complete:
        result.served, result.proven, result.stop = chosen, True, StopReason.PROOF
        result.team_group = cheapest(slots.reach, slots.cost, slots.wanted(chosen))
        return
    kept = _matched_part(slots, chosen, matched.open)
    if slots.weight @ kept > slots.weight @ result.served:
        result.served = kept
    for teams in search.shortages(matched):
        search.cut(teams)


def _matched_part(slots: Slots, chosen: IntArray, open_slots: IntArray) -> IntArray:
    """Return the chosen units of which every slot was filled (of copies, as many as were)."""
    kept = chosen.copy()
    wanting = slots.need > 0
    short = -(-open_slots[wanting] // slots.need[wanting])
    lost = np.zeros_like(kept)
    np.maximum.at(lost, slots.unit[wanting], short)
    left: IntArray = np.maximum(kept - lost, 0)
    return left


@dataclass
class _Search:
    """The program over units, and its cuts so far."""

    slots: Slots
    most: IntArray
    quantum: float | None
    rows: list[IntArray] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    sets: list[BoolArray] = field(default_factory=list)
    reached: list[int] = field(init=False)  # (group,), the teams each reaches, as bits
    near: FloatArray = field(init=False)
    per_cost: float = field(init=False)

    def __post_init__(self) -> None:
        self.reached = as_bits(self.slots.reach)
        self.near = nearest_cost(self.slots, self.most)
        total = float(np.abs(self.near) @ self.most)
        self.per_cost = _TIES / total if total > 0.0 and self.quantum is not None else 0.0

    def cut(self, teams: BoolArray) -> None:
        """Add the cut of a set of teams, unless it cuts nothing."""
        inside = ~(self.slots.reach & ~teams).any(axis=1)
        weights = np.where(inside, self.slots.need, 0)
        row = np.bincount(self.slots.unit, weights=weights, minlength=len(self.most))
        if row @ self.most > teams.sum():
            self.rows.append(row.astype(np.intp))
            self.limits.append(int(teams.sum()))
            self.sets.append(teams)

    def shortages(self, matched: Matched) -> list[BoolArray]:
        """Return the different sets of teams (team,) that are short, as open slots show them.

        None of them is free, and every slot they fill is one that only they can fill: so the
        groups that want nobody else want more of them than there are.
        """
        count = len(matched.team_group)
        plan = Filling.among(self.reached, matched.team_group, (1 << count) - 1)
        short = [plan.region([group])[1] for group in np.flatnonzero(matched.open).tolist()]
        return [as_row(teams, count) for teams in dict.fromkeys(short)]

    def choose(self, control: RunControl, result: Served) -> IntArray | None:
        """Return the best units under the cuts so far, None if the time ran out before proof."""
        if not self.rows:
            self._tell(result, float(self._cost() @ self.most))
            return self.most.copy()
        packed = pack(
            -self._cost(),
            np.array(self.rows),
            np.array(self.limits),
            self.most,
            close=_CLOSE if self.quantum else _SAME,
            nodes_max=_PACK_NODES,
        )
        if packed is not None:
            result.nodes += packed.nodes
            self._tell(result, -packed.bound)
            return packed.copies
        outcome = solve_with_highs(
            self._program(),
            quiet(control),  # its objective is scaled, and mixed with ties
            absolute_gap=_CLOSE if self.quantum else 0.0,
            small=True,
        )
        result.nodes += outcome.node_count or 0
        if outcome.bound is not None:
            self._tell(result, outcome.bound)
        if outcome.status not in PROOFS or outcome.values is None:
            return None
        return np.round(outcome.values).astype(np.intp)

    def _cost(self) -> FloatArray:
        return -self.slots.weight / (self.quantum or 1.0) + self.per_cost * self.near

    def _program(self) -> LinearProgram:
        builder = Builder("min")
        builder.add_columns("copies", self._cost(), upper=self.most.astype(np.float64))
        rows = csr_array(np.array(self.rows, dtype=np.float64))
        builder.add_rows(
            "teams", {"copies": rows}, lower=-np.inf, upper=np.array(self.limits, dtype=np.float64)
        )
        return builder.build()

    def _tell(self, result: Served, bound: float) -> None:
        # For every choice: -weight / quantum + ties >= bound, and ties weigh at most `heaviest`.
        heaviest = self.per_cost * float(np.maximum(self.near, 0.0) @ self.most)
        units = heaviest - bound
        if self.quantum is not None:
            units = float(np.floor(units + 1e-6))
        result.bound = min(result.bound, units * (self.quantum or 1.0))
        if self.per_cost > 0.0:
            result.cost_bound = (bound + units) / self.per_cost


def nearest_cost(slots: Slots, most: IntArray) -> FloatArray:
    """Return the least that one copy of each unit can cost (unit,), 0 where none can be served."""
    least = np.zeros(len(most))
    usable = most[slots.unit] > 0
    priced = np.where(slots.reach, slots.cost, np.inf)
    for need in np.unique(slots.need[usable & (slots.need > 0)]):
        at = np.flatnonzero(usable & (slots.need == need))
        if need == 1:
            nearest = priced[at].min(axis=1)
        else:
            nearest = np.partition(priced[at], need - 1, axis=1)[:, :need].sum(axis=1)
        np.add.at(least, slots.unit[at], nearest)
    return least
