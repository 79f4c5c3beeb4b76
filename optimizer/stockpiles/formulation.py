r"""The whole program of stockpile placement: the first stage and every scenario's recourse.

Columns: those of the first stage (``keep``, ``buy``, ``kits``, ``agree``, ``size``), ``recourse``
(those of all scenarios, one behind the other), per risk objective ``eta`` and ``excess``, per
fairness objective ``largest``, for the chance target ``late`` (scenario, 0 or 1), and for the Gini
limit ``apart`` (pair of areas).

.. math::

    Q_s(z) &= \min \{ q_s y_s : W_s y_s + T_s z \ge h_s, y_s \ge 0 \} \\
    \nu_s &\ge Q_s - \eta \\
    \sum_{k} w_k v_{ks}(\text{deadline}) &\le (1 - \sigma) D_s + \sigma D_s \zeta_s,
    \quad \sum_s p_s \zeta_s \le \varepsilon
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, eye_array

from models.stockpiles.objectives import (
    Combination,
    LargestShare,
    StockObjective,
    Unmet,
    UnmetRisk,
    YearlyCost,
)
from optimizer.algorithms.two_stage import Stack, stacked
from optimizer.demand import FloatArray
from optimizer.linear import Builder, LinearProgram
from optimizer.ruling import Rule
from optimizer.stockpiles.first_stage import FirstStage
from optimizer.stockpiles.instance import IndexArray, Instance, areas_at
from optimizer.stockpiles.recourse import Response, grouped
from optimizer.stockpiles.rules import first_rules, split
from optimizer.stockpiles.served import Served
from optimizer.stockpiles.situations import Situation, Situations


@dataclass(frozen=True)
class Expression:
    """``sum of terms[block] @ x[block] + offset``."""

    terms: dict[str, FloatArray]
    offset: float = 0.0


@dataclass(frozen=True)
class Ceiling:
    """An earlier level's expression, and how large later levels may let it be."""

    expression: Expression
    limit: float


@dataclass(frozen=True, eq=False)
class Formulation:
    """The columns, rules and objectives of one instance over some situations."""

    instance: Instance
    situations: tuple[Situation, ...]
    probability: FloatArray  # (scenario,)
    first: FirstStage = field(init=False)

    def __post_init__(self) -> None:
        """Derive the first stage's columns."""
        object.__setattr__(self, "first", FirstStage(self.instance))

    @classmethod
    def of(cls, instance: Instance) -> "Formulation":
        """Return the formulation over the request's own scenarios."""
        situations = Situations(instance, instance.request.scenarios)
        return cls(instance, situations.every, situations.probability)

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """Each scenario's recourse, its blocks grouped as far as fairness allows."""
        labels = self.labels
        return tuple(
            Response(self.instance, self.first, one, grouped(one, labels))
            for one in self.situations
        )

    @cached_property
    def labels(self) -> IndexArray:
        """What keeps blocks apart that are reached alike: the areas compared, (block,)."""
        if self.instance.singly:
            return np.arange(len(self.instance.request.blocks))
        levels = sorted(self._levels_compared())
        if not levels:
            return np.zeros(len(self.instance.request.blocks), dtype=np.int64)
        places = np.vstack([areas_at(self.instance.request, one)[1] for one in levels])
        return np.asarray(np.unique(places, axis=1, return_inverse=True)[1].ravel(), dtype=np.int64)

    @cached_property
    def columns(self) -> tuple[slice, ...]:
        """Where each scenario's columns of recourse stand among those of all."""
        ends = np.cumsum([0, *(one.width for one in self.responses)]).tolist()
        return tuple(slice(a, b) for a, b in itertools.pairwise(ends))

    @cached_property
    def stack(self) -> Stack:
        """Every scenario's recourse side by side."""
        return stacked([one.recourse for one in self.responses])

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The request's rules as rows."""
        return (*first_rules(self.first), *self.served.rules())

    @cached_property
    def served(self) -> Served:
        """The rules and objectives on who is served, with columns of their own."""
        return Served(self.instance, self.responses, self.probability, self.columns)

    @property
    def separable(self) -> bool:
        """Whether scenarios meet in expected and worst unmet need alone: so they can be parted."""
        request = self.instance.request
        served = request.rules.gini, request.rules.chance
        fair = any(isinstance(one, LargestShare) for one in request.objectives)
        return not request.rules.least_cover and served == (None, None) and not fair

    @property
    def fair(self) -> bool:
        """Whether scenarios meet, besides, in rules on expected covers alone."""
        request = self.instance.request
        chosen = any(isinstance(one, LargestShare) for one in request.objectives)
        return not self.separable and request.rules.chance is None and not chosen

    @property
    def priceable(self) -> bool:
        """Whether scenarios meet, besides, in least covers alone, which can be priced."""
        request = self.instance.request
        served = request.rules.gini, request.rules.chance
        plain = all(isinstance(one, Unmet | YearlyCost) for one in request.objectives)
        single = self.level_count == 1 and plain and served == (None, None)
        return single and bool(request.rules.least_cover)

    @property
    def level_count(self) -> int:
        """How many levels there are."""
        request = self.instance.request
        weighted = request.combination is Combination.WEIGHTED_SUM
        return 1 if weighted else len(request.objectives)

    @cached_property
    def rows(self) -> int:
        """How many rows say what is due, over all scenarios: a measure of size."""
        return sum(len(one.missing[0]) for one in self.responses)

    @cached_property
    def levels(self) -> tuple[Expression, ...]:
        """What each level minimises."""
        request = self.instance.request
        single = tuple(self._expression(n, one) for n, one in enumerate(request.objectives))
        if request.combination is Combination.LEXICOGRAPHIC:
            return single
        weights = [one.weight for one in request.objectives]
        return (_weighted(single, weights),)

    def program(
        self, expression: Expression | None = None, ceilings: Sequence[Ceiling] = ()
    ) -> LinearProgram:
        """Return the program that minimises ``expression`` under rules and ceilings."""
        builder = Builder("min")
        self.add_first(builder)
        stack = self.stack
        builder.add_columns("recourse", np.zeros(len(stack.cost)), upper=np.inf, integer=False)
        terms = {"recourse": stack.matrix, **split(self.first, stack.tie)}
        builder.add_rows("recourse", terms, lower=stack.least, upper=self._most)
        if self.instance.request.rules.gini is not None and not self._exactly_due:
            self._add_lacking(builder)
        self._risks(builder)
        self.served.add_to(builder)
        for rule in self.rules:
            builder.add_rows(rule.path, rule.terms, lower=rule.lower, upper=rule.upper)
        for n, ceiling in enumerate(ceilings):
            rows = {block: csr_array(row[None]) for block, row in ceiling.expression.terms.items()}
            limit = ceiling.limit - ceiling.expression.offset
            builder.add_rows(f"ceiling[{n}]", rows, lower=-np.inf, upper=limit)
        return minimised(builder.build(), expression or Expression({}))

    @property
    def _exactly_due(self) -> bool:
        """Whether no more than is due need ever arrive by the deadline.

        So it is where nothing is due behind it, and there are no kits to be opened.
        """
        last = self.instance.deadline_band == len(self.instance.bands) - 1
        return last and not self.instance.has_kits

    @property
    def _most(self) -> FloatArray:
        """How far the rows of recourse may be passed.

        A Gini limit could be met by calling missing what is there: with one, what arrives and what
        is missing are exactly what is due at the deadline, where nobody loses by that.
        """
        most = np.full(len(self.stack.least), np.inf)
        if self.instance.request.rules.gini is not None and self._exactly_due:
            rows, _, _ = self.at_deadline
            most[rows] = self.stack.least[rows]
        return most

    @cached_property
    def at_deadline(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """What is due at the deadline: each row of recourse, its missing column, its scenario."""
        rows, columns, scenarios, top = [], [], [], 0
        for s, (one, where) in enumerate(zip(self.responses, self.columns, strict=True)):
            due = np.flatnonzero(one.missing[2] == self.instance.deadline_band)
            rows.append(top + due)
            columns.append(where.stop - len(one.missing[0]) + due)
            scenarios.append(np.full(len(due), s))
            top += len(one.recourse.least)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(scenarios)

    def _add_lacking(self, builder: Builder) -> None:
        """Let no more be missing at the deadline than households have not in their kits."""
        rows, columns, _ = self.at_deadline
        stack = self.stack
        shape = (len(rows), len(stack.cost))
        missing = csr_array((np.ones(len(rows)), (np.arange(len(rows)), columns)), shape=shape)
        terms = {"recourse": missing, **split(self.first, csr_array(stack.tie[rows]))}
        builder.add_rows("lacking", terms, lower=-np.inf, upper=stack.least[rows])

    def first_program(self) -> LinearProgram:
        """Return the first stage alone with the rules on it, and nothing to minimise."""
        builder = Builder("min")
        self.add_first(builder)
        for rule in first_rules(self.first):
            builder.add_rows(rule.path, rule.terms, lower=rule.lower, upper=rule.upper)
        return builder.build()

    def add_first(self, builder: Builder) -> None:
        """Add the first stage's columns."""
        first = self.first
        for name, where in first.blocks.items():
            width = where.stop - where.start
            builder.add_columns(
                name,
                np.zeros(width),
                lower=first.lower[where],
                upper=first.upper[where],
                integer=first.integer[where],
            )

    def _levels_compared(self) -> set[str]:
        request = self.instance.request
        found = {one.level for one in request.objectives if isinstance(one, LargestShare)}
        found |= {one.level for one in request.rules.least_cover}
        return found if request.rules.gini is None else found | {request.rules.gini.level}

    @cached_property
    def weighted_cost(self) -> FloatArray:
        """The recourse columns' cost times their scenario's probability."""
        sizes = [one.stop - one.start for one in self.stack.columns]
        return self.stack.cost * np.repeat(self.probability, sizes)

    def _expression(self, n: int, objective: StockObjective) -> Expression:
        if isinstance(objective, Unmet):
            return Expression({"recourse": self.weighted_cost})
        if isinstance(objective, UnmetRisk):
            tail = self.probability / (1.0 - objective.alpha)
            return Expression({f"eta[{n}]": np.ones(1), f"excess[{n}]": tail})
        if isinstance(objective, LargestShare):
            return Expression({f"largest[{n}]": np.ones(1)})
        first = self.first
        terms = {name: first.cost[where] for name, where in first.blocks.items()}
        return Expression(terms, first.cost_now)

    def _risks(self, builder: Builder) -> None:
        """Add ``Q_s - eta <= excess``, with eta at least 0 since no unmet need is less."""
        count = len(self.situations)
        for n, objective in enumerate(self.instance.request.objectives):
            if not isinstance(objective, UnmetRisk):
                continue
            builder.add_columns(f"eta[{n}]", np.zeros(1), upper=np.inf, integer=False)
            builder.add_columns(f"excess[{n}]", np.zeros(count), upper=np.inf, integer=False)
            terms = {
                "recourse": csr_array(-self.scenario_cost),
                f"eta[{n}]": csr_array(np.ones((count, 1))),
                f"excess[{n}]": csr_array(eye_array(count)),
            }
            builder.add_rows(f"risk[{n}]", terms, lower=0.0, upper=np.inf)

    @cached_property
    def scenario_cost(self) -> csr_array:
        """Each scenario's unmet need, (scenario, recourse column)."""
        stack = self.stack
        sizes = [one.stop - one.start for one in stack.columns]
        pointers = np.cumsum([0, *sizes])
        shape = (len(sizes), len(stack.cost))
        return csr_array((stack.cost, np.arange(len(stack.cost)), pointers), shape=shape)


def minimised(program: LinearProgram, expression: Expression) -> LinearProgram:
    """Return a program with an expression to minimise."""
    cost = np.zeros(len(program.cost))
    for block, row in expression.terms.items():
        cost[program.columns[block]] += row
    return program.with_cost(cost, "min", expression.offset)


def _weighted(parts: Sequence[Expression], weights: Sequence[float]) -> Expression:
    terms: dict[str, FloatArray] = {}
    for part, weight in zip(parts, weights, strict=True):
        for block, row in part.terms.items():
            terms[block] = terms.get(block, np.zeros(len(row))) + weight * row
    return Expression(terms, sum(w * one.offset for w, one in zip(weights, parts, strict=True)))
