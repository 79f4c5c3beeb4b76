r"""The programs of plain siting, for what the location searches do not take: money, shares, room.

Columns: ``open`` :math:`y_j` (site, 0 or 1) and, where no facility can be full, ``missed``
:math:`z_{il}` (a point and a way at which its cost changes: no facility is that near),

.. math:: z_{il} + \sum_{j : d_{ij} = D_{il}} y_j \ge z_{i,l-1}, \quad z_{i0} = 1

so that the cost of a point is :math:`\sum_l (D_{i,l+1} - D_{il}) z_{il}` (Elloumi 2010; a covering
goal has one way only). Where facilities can be full, ``go`` :math:`x_{ij}` (a pair within reach, a
share of the point) stands in their place: :math:`\sum_j x_{ij} \le 1`, :math:`x_{ij} \le y_j`,
:math:`\sum_i w_i x_{ij} \le Q_j y_j`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from models.facilities.request import Goal
from models.text import Text
from optimizer.algorithms.siting.choice import Choice, dense_choice
from optimizer.algorithms.siting.covering import cover_choice
from optimizer.algorithms.siting.levels import levels
from optimizer.algorithms.siting.raster import grouped
from optimizer.demand import FloatArray
from optimizer.facilities.instance import BoolArray, IndexArray, Instance
from optimizer.facilities.rules import limits, named, served
from optimizer.facilities.solution import Service, Solution
from optimizer.linear import Builder, LinearProgram
from optimizer.ruling import Rule


@dataclass(frozen=True, eq=False)
class Pairs:
    """Who may serve whom: rows and sites that may be open, within a reach."""

    row: IndexArray
    site: IndexArray
    way: FloatArray

    @classmethod
    def within(cls, instance: Instance, reach: float) -> "Pairs":
        """Return the pairs of an instance within ``reach``."""
        near = instance.within(instance.matrix, reach) & ~instance.forbidden
        row, site = np.nonzero(near)
        return cls(row, site, instance.matrix[row, site])


@dataclass(frozen=True, eq=False)
class Formulation:
    """The program of an instance; ``reach`` is how far a facility serves in it.

    ``covering``: ways within reach are all the same, whatever the goal.
    """

    instance: Instance
    reach: float
    covering: bool = False

    @cached_property
    def choice(self) -> tuple[Choice, float]:
        """What each point costs by its nearest open site, and the weight that no site reaches."""
        instance = self.instance
        if self.covering or not instance.request.adds_ways:
            reached = grouped(instance.sets(self.reach), instance.weight)
            return cover_choice(reached, instance.sites, 0), reached.unreached
        weighted = instance.matrix * instance.weight[:, None] * instance.rate
        cost = np.where(instance.within(instance.matrix, self.reach), weighted, np.inf)
        return dense_choice(cost, self._caps(cost), 0), 0.0

    def _caps(self, cost: FloatArray) -> FloatArray:
        """Return what each point costs at most; more than any way where it must be reached."""
        unreached = self.instance.request.unreached
        if unreached is not None:
            return self.instance.weight * unreached * self.instance.rate
        longest = np.where(np.isfinite(cost), cost, 0.0).max(axis=1, initial=0.0)
        caps: FloatArray = longest + 1.0
        return caps

    @cached_property
    def pairs(self) -> Pairs:
        """Who may serve whom, where facilities can be full."""
        return Pairs.within(self.instance, self.reach)

    @property
    def everything(self) -> bool:
        """Whether every point must be served whole."""
        request = self.instance.request
        if request.adds_ways:
            return request.unreached is None
        return request.goal is Goal.P_CENTER or (
            request.goal is Goal.SET_COVER and request.share == 1.0
        )

    def program(self) -> LinearProgram:
        """Return the program of the goal, a minimum: what a cover misses, what a set cover costs.

        For the p-center it is that of the cheapest sites within ``reach`` of everything.
        """
        builder = self._columns(everything=self.everything)
        rules: Iterable[Rule] = (*limits(self.instance), *named(self.instance))
        if self.instance.goal is Goal.SET_COVER and not self.everything:
            rules = (*rules, self.served)
        return _with_rules(builder, rules)

    def ruled(self) -> tuple[LinearProgram, tuple[Rule, ...]]:
        """Return a program without a goal in which every rule is rows of its own, and the rules."""
        if not self.covering:
            return replace(self, covering=True).ruled()
        builder = self._columns(everything=False)
        rules = (*limits(self.instance), *named(self.instance))
        if self.everything or self.instance.goal is Goal.SET_COVER:
            rules = (*rules, self.served)
        program = _with_rules(builder, rules)
        if self.instance.request.has_capacities:
            rules = (*rules, _room(program))  # its rows are there already
        return program.with_cost(np.zeros(len(program.cost)), "min"), rules

    @cached_property
    def served(self) -> Rule:
        """That enough is served, as a rule of its own."""
        instance = self.instance
        if instance.request.has_capacities:
            amounts = -instance.weight[self.pairs.row]
            return served(instance, "go", amounts, instance.total)
        choice, unreached = self.choice
        return served(instance, "missed", choice.cap, unreached)

    def _columns(self, *, everything: bool) -> Builder:
        instance = self.instance
        builder = Builder("min")
        pays = instance.goal in {Goal.SET_COVER, Goal.P_CENTER}
        price = instance.priced if instance.goal is Goal.SET_COVER else instance.cost
        paid = pays or instance.goal is Goal.LEAST_COST
        builder.add_columns(
            "open",
            price if paid else np.zeros(instance.sites),
            lower=instance.existing.astype(np.float64),
            integer=True,
        )
        if instance.request.has_capacities:
            self._going(builder, pays=pays, everything=everything)
        else:
            self._missing(builder, pays=pays, everything=everything)
        return builder

    def _missing(self, builder: Builder, *, pays: bool, everything: bool) -> None:
        choice, unreached = self.choice
        by_level = levels(choice)
        count = len(by_level.place)
        first = np.diff(by_level.place, prepend=-1) > 0
        last = np.append(first[1:], np.ones(min(1, count), dtype=np.bool_))
        gap = np.zeros(count) if pays else by_level.gap
        builder.add_columns(
            "missed", gap, upper=np.where(last & everything, 0.0, 1.0), integer=False
        )
        least = by_level.cost[first].sum()
        builder.offset = 0.0 if pays else float(least) + unreached + self._bare(by_level.place)
        every = np.arange(count)
        before = csr_array(
            (-np.ones(count - first.sum()), (every[~first], every[~first] - 1)),
            shape=(count, count),
        )
        reach = csr_array(
            (np.ones(len(by_level.level)), (by_level.level, choice.site[by_level.site])),
            shape=(count, self.instance.sites),
        )
        unit = csr_array((np.ones(count), (every, every)), shape=(count, count))
        terms = {"missed": csr_array(unit + before), "open": reach}
        builder.add_rows("reach", terms, lower=first.astype(np.float64), upper=np.inf)
        bare = len(choice.cap) - int(first.sum())
        if everything and (unreached > 0.0 or bare):
            self._impossible(builder)

    def _bare(self, place: IndexArray) -> float:
        """Return what the points cost that no site reaches."""
        cap = self.choice[0].cap.copy()
        cap[place] = 0.0
        return float(cap.sum()) if self.instance.request.adds_ways else 0.0

    def _impossible(self, builder: Builder) -> None:
        nothing = csr_array((1, self.instance.sites))
        builder.add_rows("unreached", {"open": nothing}, lower=1.0, upper=np.inf)

    def _going(self, builder: Builder, *, pays: bool, everything: bool) -> None:
        instance, pairs = self.instance, self.pairs
        weight, count = instance.weight[pairs.row], len(pairs.row)
        cost = np.zeros(count)
        if instance.goal is Goal.COVER:
            cost, builder.offset = -weight, instance.total
        elif not pays:
            cost = weight * pairs.way * instance.rate
        builder.add_columns("go", cost, integer=instance.request.single_source)
        every, ones = np.arange(count), np.ones(count)
        once = csr_array((ones, (pairs.row, every)), shape=(len(instance.weight), count))
        builder.add_rows("once", {"go": once}, lower=1.0 if everything else 0.0, upper=1.0)
        unit = csr_array((ones, (every, every)), shape=(count, count))
        link = csr_array((-ones, (every, pairs.site)), shape=(count, instance.sites))
        builder.add_rows("link", {"go": unit, "open": link}, lower=-np.inf, upper=0.0)
        full = np.flatnonzero(np.isfinite(instance.capacity))
        load = csr_array((weight, (pairs.site, every)), shape=(instance.sites, count))[full]
        room = csr_array(
            (-instance.capacity[full], (np.arange(len(full)), full)),
            shape=(len(full), instance.sites),
        )
        terms = {"go": csr_array(load), "open": room}
        builder.add_rows("capacity", terms, lower=-np.inf, upper=0.0)

    def values_of(self, opened: BoolArray) -> FloatArray | None:
        """Return the columns of a choice of sites, None where who goes where is to be found."""
        if self.instance.request.has_capacities:
            return None
        by_level = levels(self.choice[0])
        near = np.zeros(len(by_level.cost), dtype=np.bool_)
        near[by_level.level[opened[self.choice[0].site[by_level.site]]]] = True
        # A level is missed where neither it nor one before it of its place is near.
        first = np.flatnonzero(np.diff(by_level.place, prepend=-1) > 0)
        seen = np.cumsum(near)
        before: IndexArray = np.repeat(
            seen[first] - near[first], np.diff(np.append(first, len(near)))
        )
        return np.concatenate([opened.astype(np.float64), (seen == before).astype(np.float64)])

    def solution(self, values: FloatArray) -> Solution:
        """Return the solution that a solver's values mean, its rounding errors taken out."""
        instance = self.instance
        opened: BoolArray = values[: instance.sites] > 0.5
        if not instance.request.has_capacities:
            return Solution(instance, opened)
        pairs, share = self.pairs, values[instance.sites :].copy()
        share[(share < 1e-9) | ~opened[pairs.site]] = 0.0
        total = np.bincount(pairs.row, share, minlength=len(instance.weight))
        whole = np.abs(total - 1.0) <= 1e-6
        share /= np.where(whole, total, np.maximum(1.0, total))[pairs.row]
        some = np.flatnonzero(share)
        amount = share[some] * instance.weight[pairs.row[some]]
        service = Service(pairs.row[some], pairs.site[some], amount, pairs.way[some])
        return Solution(instance, opened, service)


def _room(program: LinearProgram) -> Rule:
    rows = program.rows["capacity"]
    return Rule(
        path="capacity",
        text=Text(code="rule.facilities.capacity"),
        terms={},
        lower=program.row_lower[rows],
        upper=program.row_upper[rows],
    )


def _with_rules(builder: Builder, rules: Iterable[Rule]) -> LinearProgram:
    for rule in rules:
        builder.add_rows(rule.path, rule.terms, lower=rule.lower, upper=rule.upper)
    return builder.build()
