r"""The exact non-dominated front of two objectives of a `LocationInstance`.

The first objective is made as good as a limit on the second lets it be, then the limit is moved
just below what came of it (Haimes, Lasdon and Wismer 1971; Chankong and Haimes 1983): a choice is
on the front where the next limit costs something. The limits end at the second objective's own
best. From limit to limit groups, cuts, sites found and the bound remain (`Ruled`).

* ``cover-cost``: most weight within the radius, least summed cost of what is opened.
* ``cover-equity``: most weight within the radius, least way of the farthest place: of measures of
  equity the simplest, that of Rawls (Marsh and Schilling 1994).
* ``mean-max``: least summed weighted way, least way of the farthest place: between p-median and
  p-center (Halpern 1978).

Haimes, Y. Y., Lasdon, L. S. and Wismer, D. A. (1971). On a bicriterion formulation of the problems
of integrated system identification and system optimization. IEEE Transactions on Systems, Man, and
Cybernetics 1(3). Halpern, J. (1978). Finding minimal center-median convex combination (cent-dian)
of a graph. Management Science 24(5). Marsh, M. T. and Schilling, D. A. (1994). Equity measurement
in facility location analysis: a review and framework. European Journal of Operational Research
74(1).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from models.run import Status, StopReason
from optimizer.algorithms.covers import prepare
from optimizer.algorithms.siting.blocks import BlockProgram
from optimizer.algorithms.siting.center import p_center
from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.covering import count_covered, cover_choice, reached
from optimizer.algorithms.siting.instance import LocationInstance, Work, agree
from optimizer.algorithms.siting.median import count_median, near_choice
from optimizer.algorithms.siting.ruled import Least, Ruled
from optimizer.algorithms.siting.rules import Paid, Reaching, held_ways, nearest_of
from optimizer.control import RunControl
from optimizer.coverage import row_blocks
from optimizer.quiet import quiet

Trade = Literal["cover-cost", "cover-equity", "mean-max"]

_BELOW = 1e-9  # relative: limits that are nearer to each other are the same
_CENTER = 0.3  # of the time, for the least longest way
_SEEDS = 60  # blocks of places of a median


@dataclass(frozen=True)
class FrontPoint:
    """A choice of sites and what it is worth, counted afresh.

    OPTIMAL: no choice is as good in both objectives and better in one. FEASIBLE: found, when the
    search ended; ``bound`` says how good the first objective can be at the second's worth.
    """

    status: Status
    first: float
    second: float
    bound: float
    chosen: tuple[int, ...]


@dataclass(frozen=True)
class Front:
    """Points from the best first objective to the best second one.

    OPTIMAL: every point is proved, and where all were asked for none is missing. FEASIBLE: the
    search ended before. INFEASIBLE: so many sites cannot be open, or not within the limit.
    """

    status: Status
    stop: StopReason
    points: tuple[FrontPoint, ...]
    work: Work


def front(
    instance: LocationInstance,
    trade: Trade,
    control: RunControl,
    *,
    points: int | None = None,
    limit: float | None = None,
) -> Front:
    """Return the non-dominated points of two objectives, at most ``instance.count`` sites open.

    All of them, or ``points`` at limits spread evenly over the second objective, each of them
    non-dominated still. ``limit`` is the most that the second objective may be.

    Raises
    ------
    ValueError
        A cover is asked for without a radius, or a cost without ``cost``.
    """
    _check(instance, trade)
    if not instance.feasible:
        return Front(Status.INFEASIBLE, StopReason.PROOF, (), Work())
    trace = _trace(instance, trade, control)
    if trade != "cover-cost" and not _ends(trace, control):
        return Front(Status.UNKNOWN, control.halted or StopReason.WORK, (), Work())
    if limit is not None:
        trace.top = min(trace.top, limit)
    return trace.run(points)


def point(
    instance: LocationInstance, trade: Trade, control: RunControl, *, limit: float
) -> FrontPoint | None:
    """Return one point of the front alone: the best first objective under a limit on the second.

    Of choices as good in the first it is the best in the second. None where there is none, or
    none was found.

    Raises
    ------
    ValueError
        A cover is asked for without a radius, or a cost without ``cost``.
    """
    _check(instance, trade)
    if not instance.feasible:
        return None
    trace = _trace(instance, trade, control)
    trace.alone(min(trace.top, limit))
    return trace.found[0] if trace.found else None


def _check(instance: LocationInstance, trade: Trade) -> None:
    if trade != "mean-max" and instance.radius is None:
        raise ValueError("a front with a cover needs a radius")
    if trade == "cover-cost" and instance.cost is None:
        raise ValueError("a front with a cost needs the cost of each site")


@dataclass
class _Trace:
    """A front under way: the search, where its limits begin and end, and how points are told."""

    instance: LocationInstance
    ruled: Ruled
    opened: IndexArray
    top: float
    end: float
    told: Callable[[float], float]  # the search's cost -> the first objective
    count: Callable[[IndexArray], float]  # of the instance's sites, afresh
    step: float | None  # between two values of the second objective, where they have one
    ended: bool = True  # whether nothing is better than ``end``
    found: list[FrontPoint] = field(default_factory=list)

    def run(self, points: int | None) -> Front:
        """Move the limit down until the second objective is at its best."""
        held = self.ruled.least(self.top, self._below)
        targets = self._targets(held, points)
        while held.sites is not None and held.proved and held.settled:
            self.ruled.keep(held.sites)
            self._tell(held, Status.OPTIMAL)
            limit = self._below(self._worth(held))
            if limit is None:
                return self._told(StopReason.PROOF)
            if targets is not None:
                limit = next((one for one in targets if one < limit), min(limit, self.end))
            held = self.ruled.least(limit, self._below, floor=held.cost)
        if held.sites is not None:
            self._tell(held, Status.FEASIBLE)
        proved = held.proved and held.settled
        return self._told(StopReason.PROOF if proved else self._why())

    def alone(self, limit: float) -> None:
        """Put down the point under one limit."""
        held = self.ruled.least(limit, self._below)
        if held.sites is not None:
            settled = held.proved and held.settled
            self._tell(held, Status.OPTIMAL if settled else Status.FEASIBLE)

    def _targets(self, held: Least, points: int | None) -> Iterator[float] | None:
        """Return the limits at which a few points are sought, None where all are."""
        if points is None or held.sites is None:
            return None
        limits = np.linspace(self._worth(held), self.end, max(2, points))
        return (float(limit) for limit in limits[1:])

    def _told(self, stop: StopReason) -> Front:
        if stop is StopReason.PROOF:
            status = Status.OPTIMAL if self.found else Status.INFEASIBLE
        else:
            status = Status.FEASIBLE if self.found else Status.UNKNOWN
        return Front(status, stop, tuple(self.found), Work(self.ruled.nodes, self.ruled.solves))

    def _why(self) -> StopReason:
        return self.ruled.control.halted or StopReason.WORK

    def _worth(self, held: Least) -> float:
        assert held.sites is not None
        return self.ruled.rule.worth(held.sites)

    def _below(self, worth: float) -> float | None:
        """Return the largest limit that excludes ``worth``, None where nothing is better."""
        if self.step is not None:
            limit = worth - self.step
        else:
            scale = max(abs(worth), abs(self.top - self.end) * _BELOW, 1e-300)
            limit = worth - _BELOW * scale
        last = worth <= self.end or limit < self.end - abs(self.end) * _BELOW
        return None if self.ended and last else limit

    def _tell(self, held: Least, status: Status) -> None:
        """Put a choice down as a point, counted afresh."""
        assert held.sites is not None
        chosen = np.concatenate([self.opened, self.ruled.choice.site[held.sites]]).astype(np.intp)
        first = self.count(chosen)
        agree(self.told(held.cost), first)
        bound = first if status is Status.OPTIMAL else self.told(held.bound)
        point = FrontPoint(status, first, self._worth(held), bound, tuple(sorted(chosen.tolist())))
        self.found.append(point)


def _left(instance: LocationInstance, choice: Choice) -> Choice:
    """Return what is left to choose beside what is open."""
    closed = np.zeros(len(choice.site), dtype=np.bool_)
    closed[instance.closed] = True
    return choice.fixed(instance.opened, closed)


def _ruled(
    choice: Choice,
    rule: Paid | Reaching,
    cost: Callable[[IndexArray], float],
    block: IndexArray,
    *,
    whole: bool,
    control: RunControl,
) -> Ruled:
    program = BlockProgram(choice, block, control)
    return Ruled(choice, rule, cost, whole, program, control)


def _cover(instance: LocationInstance) -> tuple[Choice, float, bool]:
    """Return covering as a choice, the weight that any site reaches, and whether all is whole."""
    assert instance.radius is not None
    sets = reached(instance, instance.radius)
    choice = cover_choice(sets, instance.distance.shape[1], instance.count)
    whole = bool((instance.weight == np.rint(instance.weight)).all())
    return _left(instance, choice), float(sets.weight.sum()), whole


def _first_site(choice: Choice) -> IndexArray:
    """Return a block for each place: its first site; places of no site are with those of the first.

    Places of one site's surroundings share their cuts.
    """
    first = np.full(len(choice.cap), len(choice.site))
    np.minimum.at(first, choice.place, choice.owner)
    _, block = np.unique(first, return_inverse=True)
    return np.asarray(block, dtype=np.intp)


def _trace(instance: LocationInstance, trade: Trade, control: RunControl) -> _Trace:
    if trade == "cover-cost":
        return _by_cost(instance, control)
    return _by_way(instance, trade, control)


def _by_cost(instance: LocationInstance, control: RunControl) -> _Trace:
    choice, total, whole = _cover(instance)
    assert instance.cost is not None
    price = instance.cost[choice.site]
    base = float(instance.cost[instance.opened].sum())
    rule = Paid(choice, price, base, _step(instance.cost))
    ruled = _ruled(choice, rule, choice.value, _first_site(choice), whole=whole, control=control)
    top = base + float(np.sort(price)[::-1][: choice.count].sum())
    return _Trace(
        instance,
        ruled,
        instance.opened,
        top,
        base,
        lambda cost: total - cost,
        lambda chosen: count_covered(instance, chosen),
        rule.step,
    )


def _step(cost: FloatArray) -> float | None:
    """Return what all sums of costs are multiples of, None where they are not whole."""
    if (cost != np.rint(cost)).any():
        return None
    return float(max(1, np.gcd.reduce(cost.astype(np.int64))))


def _by_way(instance: LocationInstance, trade: Trade, control: RunControl) -> _Trace:
    opened, ways = instance.opened, held_ways(instance)
    if trade == "mean-max":
        every, whole = near_choice(instance)
        choice, total = _left(instance, every), 0.0
        block = _nearest_seed(instance, choice, control.limits.seed)

        def cost(sites: IndexArray) -> float:
            return count_median(instance, np.concatenate([opened, choice.site[sites]]))
    else:
        choice, total, whole = _cover(instance)
        block, cost = _first_site(choice), choice.value
    rule = Reaching(ways, choice, choice.site, nearest_of(ways, opened))
    covers = trade == "cover-equity"
    return _Trace(
        instance,
        _ruled(choice, rule, cost, block, whole=whole, control=control),
        opened,
        _farthest(ways),
        0.0,
        (lambda value: total - value) if covers else (lambda value: value),
        (lambda chosen: count_covered(instance, chosen))
        if covers
        else (lambda chosen: count_median(instance, chosen)),
        None,
        ended=False,
    )


def _ends(trace: _Trace, control: RunControl) -> bool:
    """Note the least longest way, and sites that have it; False if none were found in time."""
    ways = held_ways(trace.instance)
    unit = np.ones(len(ways.weight))
    prepare(control)
    best = p_center(replace(ways, weight=unit, radius=None), quiet(control.share(_CENTER)))
    if best.objective is None:
        return False
    site = trace.ruled.choice.site
    trace.ruled.keep(np.flatnonzero(np.isin(site, np.array(best.chosen))))
    trace.end, trace.ended = best.objective, best.status is Status.OPTIMAL
    return True


def _farthest(instance: LocationInstance) -> float:
    """Return a way that none exceeds."""
    blocks = row_blocks(*instance.distance.shape)
    return max(float(instance.distance.part(rows, slice(None)).max()) for rows in blocks)


def _nearest_seed(instance: LocationInstance, choice: Choice, seed: int) -> IndexArray:
    """Return a block for each place: the nearest of some sites drawn."""
    rng = np.random.default_rng(seed)
    sites = choice.site
    drawn = rng.choice(len(sites), min(_SEEDS, len(sites)), replace=False)
    near = instance.distance.part(slice(None), sites[np.sort(drawn)]).argmin(axis=1)
    _, block = np.unique(near, return_inverse=True)
    return np.asarray(block, dtype=np.intp)
