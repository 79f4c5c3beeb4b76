r"""The program of shelter siting.

Columns: ``open`` :math:`y_j` (site, 0 or 1), ``go`` :math:`x_a` (arc, people), ``unmet``
:math:`u_{si}` (people of unit `i` without a place in scenario `s`), ``shuttles`` (vehicles on a
leg, see the module of that name), and per risk objective ``eta`` and ``excess`` :math:`\nu_s`.

.. math::

    \sum_{a \in (s,i)} x_a + u_{si} &= n_{si} \\
    \sum_{a \in (s,j)} m_a x_a &\le A_{sj} y_j \\
    \nu_s &\ge \sum_i u_{si} - \eta

:math:`n` people leave, each takes :math:`m` square metres, :math:`A` is the area that survives;
an arc exists only where the walk is within the limit and the site survives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from models.shelters.objectives import (
    Combination,
    LargestShare,
    OpeningCost,
    ShelterObjective,
    Unmet,
    UnmetRisk,
    Unsuitability,
    Walk,
    WorstWalk,
)
from optimizer.algorithms.two_stage import quantile_at_risk
from optimizer.demand import FloatArray
from optimizer.linear import Builder, LinearProgram
from optimizer.ruling import Rule
from optimizer.shelters.instance import IndexArray, Instance
from optimizer.shelters.manners import Manners
from optimizer.shelters.rules import rules
from optimizer.shelters.solution import Solution

Expression = dict[str, FloatArray]


@dataclass(frozen=True)
class Ceiling:
    """An earlier level's expression, and how large later levels may let it be.

    ``reach_m`` is how far anybody may walk.
    """

    expression: Expression
    limit: float
    reach_m: float = np.inf


@dataclass(frozen=True, eq=False)
class Formulation:
    """The columns, rules and objectives of one instance."""

    instance: Instance

    @cached_property
    def waiting(self) -> IndexArray:
        """The places, in (scenario x unit), of those who leave: one unmet column each."""
        found: IndexArray = np.flatnonzero(self.instance.leaving.ravel() > 0)
        return found

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The request's rules as rows."""
        count = self.instance.leaving.size
        entries = np.ones(len(self.waiting))
        where = (self.waiting, np.arange(len(self.waiting)))
        pick = csr_array((entries, where), shape=(count, len(self.waiting)))
        return (*rules(self.instance, pick), *self.manners.rules())

    @cached_property
    def manners(self) -> Manners:
        """The rules on how people are spread, with columns of their own."""
        return Manners(self.instance)

    @cached_property
    def levels(self) -> tuple[Expression, ...]:
        """What each level minimises."""
        request = self.instance.request
        single = tuple(self._expression(n, one) for n, one in enumerate(request.objectives))
        if request.combination is Combination.LEXICOGRAPHIC:
            return single
        weights = [one.weight for one in request.objectives]
        return (_weighted(single, weights),)

    def program(self, expression: Expression, ceilings: Sequence[Ceiling] = ()) -> LinearProgram:
        """Return the program that minimises ``expression`` under rules and ceilings."""
        builder = self._columns()
        self._people(builder)
        self._capacity(builder)
        self._classes(builder)
        self._risks(builder)
        self._shares(builder)
        for rule in self.rules:
            builder.add_rows(rule.path, rule.terms, lower=rule.lower, upper=rule.upper)
        for n, ceiling in enumerate(ceilings):
            if not ceiling.expression:
                continue
            terms = {block: csr_array(row[None]) for block, row in ceiling.expression.items()}
            builder.add_rows(f"ceiling[{n}]", terms, lower=-np.inf, upper=ceiling.limit)
        reach_m = min((ceiling.reach_m for ceiling in ceilings), default=np.inf)
        return _minimised(self.within(builder.build(), reach_m), expression)

    def within(self, program: LinearProgram, reach_m: float) -> LinearProgram:
        """Return the program in which nobody walks farther than ``reach_m``."""
        if reach_m == np.inf:
            return program
        upper = program.upper.copy()
        far = self.instance.arcs.walk_m > reach_m
        upper[program.columns["go"]] = np.where(far, 0.0, upper[program.columns["go"]])
        return program.with_bounds(program.lower, upper)

    def assigning(self, expression: Expression) -> LinearProgram:
        """Return the linear program of who goes where, without rules: for chosen sites."""
        builder = self._columns()
        self._people(builder)
        self._capacity(builder)
        return _minimised(builder.build(), expression).relaxed()

    def values_of(self, solution: Solution) -> FloatArray:
        """Return the program's columns for a solution."""
        instance = self.instance
        unmet = solution.unmet.ravel()[self.waiting]
        parts = [solution.open.astype(np.float64), solution.people, unmet, solution.vehicles]
        losses = solution.unmet.sum(axis=1)
        for one in instance.request.objectives:
            if isinstance(one, UnmetRisk):
                eta = quantile_at_risk(losses, instance.probability, one.alpha)
                parts += [np.array([eta]), np.maximum(0.0, losses - eta)]
        for one in instance.request.objectives:
            if isinstance(one, LargestShare):
                parts.append(np.array([solution.objective(one)]))
        parts += self.manners.values(solution)
        return np.concatenate(parts)

    def solution(self, values: FloatArray) -> Solution:
        """Return what a program's values mean, its rounding errors taken out."""
        instance = self.instance
        sites, arcs, legs = len(instance.existing), len(instance.arcs), len(instance.shuttles)
        opened, people, _, vehicles, _ = np.split(
            values, np.cumsum([sites, arcs, len(self.waiting), legs])
        )
        return Solution.of_values(instance, opened, people, vehicles)

    def _columns(self) -> Builder:
        instance, builder = self.instance, Builder("min")
        sites = len(instance.existing)
        kept = (instance.existing & instance.alone).astype(np.float64)
        builder.add_columns("open", np.zeros(sites), lower=kept)
        # Finite limits, implied by the rows, let duals prove a bound whatever their rounding.
        people, arcs = instance.leaving, instance.arcs
        most = people[arcs.scenario, arcs.unit]
        builder.add_columns("go", np.zeros(len(arcs)), upper=most, integer=False)
        left = people.ravel()[self.waiting]
        builder.add_columns("unmet", np.zeros(len(left)), upper=left, integer=False)
        total = float(people.sum(axis=1).max(initial=0.0))
        if len(instance.shuttles):
            most = instance.shuttles.most
            builder.add_columns("shuttles", np.zeros(len(most)), upper=most)
        for n, one in enumerate(instance.request.objectives):
            if isinstance(one, UnmetRisk):
                builder.add_columns(f"eta[{n}]", np.zeros(1), upper=total, integer=False)
                builder.add_columns(
                    f"excess[{n}]", np.zeros(len(instance.probability)), upper=total, integer=False
                )
        for n, one in enumerate(instance.request.objectives):
            if isinstance(one, LargestShare):
                builder.add_columns(f"share[{n}]", np.zeros(1), integer=False)
        for extra in self.manners.extras:
            nothing = np.zeros(extra.width)
            builder.add_columns(extra.name, nothing, upper=extra.upper, integer=extra.integer)
        return builder

    def _people(self, builder: Builder) -> None:
        instance, arcs = self.instance, self.instance.arcs
        row_of = np.full(instance.leaving.size, -1)
        row_of[self.waiting] = np.arange(len(self.waiting))
        rows = row_of[arcs.scenario * instance.leaving.shape[1] + arcs.unit]
        shape = (len(self.waiting), len(arcs))
        people = instance.leaving.ravel()[self.waiting]
        terms = {
            "go": csr_array((np.ones(len(arcs)), (rows, np.arange(len(arcs)))), shape=shape),
            "unmet": csr_array(_identity(len(self.waiting))),
        }
        builder.add_rows("people", terms, lower=people, upper=people)

    def _capacity(self, builder: Builder) -> None:
        instance, arcs = self.instance, self.instance.arcs
        sites = len(instance.existing)
        used, row = np.unique(arcs.scenario * sites + arcs.site, return_inverse=True)
        area_m2 = instance.capacity_m2.ravel()[used]
        terms = {
            "go": csr_array((arcs.m2, (row, np.arange(len(arcs)))), shape=(len(used), len(arcs))),
            "open": csr_array(
                (-area_m2, (np.arange(len(used)), used % sites)), shape=(len(used), sites)
            ),
        }
        builder.add_rows("capacity", terms, lower=-np.inf, upper=0.0)
        for name, fetching, upper in instance.shuttles.rows():
            builder.add_rows(name, fetching, lower=-np.inf, upper=upper)

    def _classes(self, builder: Builder) -> None:
        """Add ``sum of the classes of a site <= 1``, and ``= 1`` where it exists."""
        instance = self.instance
        shared = np.flatnonzero(~instance.alone)
        if not len(shared):
            return
        places, row = np.unique(instance.ground[shared], return_inverse=True)
        shape = (len(places), len(instance.existing))
        terms = {"open": csr_array((np.ones(len(shared)), (row, shared)), shape=shape)}
        stays = np.isin(places, instance.ground[instance.existing]).astype(np.float64)
        builder.add_rows("classes", terms, lower=stays, upper=1.0)

    def _risks(self, builder: Builder) -> None:
        scenarios, units = self.instance.leaving.shape
        for n, one in enumerate(self.instance.request.objectives):
            if isinstance(one, UnmetRisk):
                entry = (self.waiting // units, np.arange(len(self.waiting)))
                shape = (scenarios, len(self.waiting))
                terms = {
                    f"excess[{n}]": csr_array(_identity(scenarios)),
                    f"eta[{n}]": csr_array(np.ones((scenarios, 1))),
                    "unmet": csr_array((-np.ones(len(self.waiting)), entry), shape=shape),
                }
                builder.add_rows(f"risk[{n}]", terms, lower=0.0, upper=np.inf)

    def _shares(self, builder: Builder) -> None:
        """Add ``unmet of a party <= share x those of it who leave``, per scenario and party."""
        for n, one in enumerate(self.instance.request.objectives):
            if not isinstance(one, LargestShare):
                continue
            scenario, unit = np.divmod(self.waiting, self.instance.leaving.shape[1])
            party = self.instance.parties(one.level)[unit]
            mine = np.flatnonzero(party >= 0)
            key = scenario[mine] * (party.max(initial=0) + 1) + party[mine]
            keys, row = np.unique(key, return_inverse=True)
            people = np.bincount(row, weights=self.instance.leaving.ravel()[self.waiting[mine]])
            shape = (len(keys), len(self.waiting))
            terms = {
                "unmet": csr_array((np.ones(len(mine)), (row, mine)), shape=shape),
                f"share[{n}]": csr_array(-people.reshape(-1, 1)),
            }
            builder.add_rows(f"shares[{n}]", terms, lower=-np.inf, upper=0.0)

    def _expression(self, n: int, objective: ShelterObjective) -> Expression:
        instance = self.instance
        match objective:
            case Unmet():
                return {"unmet": instance.probability[self.waiting // instance.leaving.shape[1]]}
            case OpeningCost():
                return {"open": instance.open_cost}
            case Walk() | Unsuitability():
                return {"go": instance.counted(objective)}
            case WorstWalk():
                return {}  # found by bisection, see the module ``reach``
            case LargestShare():
                return {f"share[{n}]": np.ones(1)}
            case UnmetRisk():
                tail = instance.probability / (1.0 - objective.alpha)
                return {f"eta[{n}]": np.ones(1), f"excess[{n}]": tail}


def _minimised(program: LinearProgram, expression: Expression) -> LinearProgram:
    cost = np.zeros(len(program.cost))
    for block, part in expression.items():
        cost[program.columns[block]] += part
    return program.with_cost(cost, "min")


def _weighted(parts: Sequence[Expression], weights: Sequence[float]) -> Expression:
    total: Expression = {}
    for part, weight in zip(parts, weights, strict=True):
        for block, row in part.items():
            total[block] = total.get(block, 0.0) + weight * row
    return total


def _identity(size: int) -> csr_array:
    every = np.arange(size)
    return csr_array((np.ones(size), (every, every)), shape=(size, size))
