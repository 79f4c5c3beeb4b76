r"""Fire-station siting as a mixed-integer program.

.. math:: y_o \in \{0,1\}, \qquad x_k = \sum_{o \in O_k} y_o \in \{0,1\}

``option`` is :math:`y`: what is done where. ``post`` is :math:`x`: whether someone turns out from
site :math:`k` (with one turnout time). Rules are rows over options (`rules`); an objective brings
its own columns over posts or options and a linear expression (`objectives`): missed sets for
everything that depends on the best open station (`sets`), binary groups for full force and
backup (`force`), filling columns for busy units (`units`).

References
----------
Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional
Science Association 32. Daskin, M. (1983). A maximum expected covering location model.
Transportation Science 17(1). Elloumi, S. (2010). A tighter formulation of the p-median problem.
J. Comb. Optim. 19.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, eye_array

from models.fire_stations.objectives import MAXIMISED, Combination
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.force import Force
from optimizer.fire_stations.formulation.objectives import Parts
from optimizer.fire_stations.formulation.parts import Block, Part, Values
from optimizer.fire_stations.formulation.rules import Rule, RuleBook
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.judging import PROVEN_GAP
from optimizer.linear import Builder, LinearProgram


@dataclass(frozen=True)
class Floor:
    """An earlier level that later ones must keep: its part and the value it may not leave."""

    part: Part
    limit: float


def forces(parts: tuple[Part, ...]) -> tuple[Force, ...]:
    """Return the distinct force blocks of ``parts``."""
    found = {
        block.name: block for part in parts for block in part.blocks if isinstance(block, Force)
    }
    return tuple(found.values())


class Formulation:
    """The programs of one instance; parts are made when first asked for, and kept."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.parts = Parts(instance)
        self._made: dict[int, Part] = {}

    @cached_property
    def rules(self) -> list[Rule]:
        """Every rule of the request as rows."""
        return RuleBook(self.parts).rules()

    @cached_property
    def levels(self) -> int:
        """How many levels the request has: one if it asks for a weighted sum."""
        request = self.instance.request
        if request.combination is Combination.WEIGHTED_SUM:
            return 1
        return len(request.objectives)

    def part(self, level: int) -> Part:
        """Return the part of a level."""
        if self.instance.request.combination is Combination.WEIGHTED_SUM:
            return self._weighted_sum()
        return self.objective_part(level)

    def objective_part(self, index: int) -> Part:
        """Return the part of one objective of the request's list."""
        if index not in self._made:
            objective = self.instance.request.objectives[index]
            self._made[index] = self.parts.part(objective, index)
        return self._made[index]

    def _weighted_sum(self) -> Part:
        blocks: list[Block] = []
        total = Expression()
        for index, objective in enumerate(self.instance.request.objectives):
            part = self.objective_part(index)
            blocks += [block for block in part.blocks if block not in blocks]
            sign = 1.0 if objective.kind in MAXIMISED else -1.0
            total += part.expression * (sign * objective.importance)
        return Part("max", tuple(blocks), total)

    def program(
        self,
        part: Part,
        floors: tuple[Floor, ...] = (),
        cuts: dict[str, csr_array] | None = None,
    ) -> LinearProgram:
        """Return the program that makes ``part`` best while every floor and cut is kept."""
        builder = Builder(part.sense)
        self._add_choice(builder)
        for block in self._blocks(part, floors):
            block.add(builder)
        for rule in self.rules:
            rule.add(builder)
        for index, floor in enumerate(floors):
            if not floor.part.expression.terms:
                continue
            room = floor.limit - floor.part.expression.constant
            upward = floor.part.sense == "max"
            # A power of ten keeps decimal weights decimal, for solvers of whole numbers.
            scale = 10.0 ** math.floor(math.log10(floor.part.expression.largest))
            builder.add_rows(
                f"level_{index}",
                (floor.part.expression / scale).matrices(),
                lower=room / scale if upward else -np.inf,
                upper=np.inf if upward else room / scale,
            )
        if cuts is not None:
            builder.add_rows("districts", cuts, lower=-np.inf, upper=0.0)
        program = builder.build()
        expression = part.expression
        return program.with_cost(expression.row(program), part.sense, expression.constant)

    def _add_choice(self, builder: Builder) -> None:
        instance = self.instance
        count = len(instance.options)
        posts, settled = len(instance.posts), instance.settled
        taken = np.zeros(count) if settled is None else settled.taken.astype(np.float64)
        opened = np.zeros(posts) if settled is None else settled.open_posts.astype(np.float64)
        upper = np.where(instance.excluded, 0.0, 1.0)
        builder.add_columns("option", np.zeros(count), lower=taken, upper=upper, integer=True)
        builder.add_columns("post", np.zeros(posts), lower=opened, integer=True)
        terms = {
            "post": csr_array(eye_array(posts, format="csr")),
            "option": csr_array(-instance.posts.options),
        }
        builder.add_rows("post", terms, lower=0.0, upper=0.0)

    def _blocks(self, part: Part, floors: tuple[Floor, ...]) -> list[Block]:
        """Return the blocks of a program, each once, those that others speak of first."""
        wanted: dict[str, Block] = {}
        spoken = {name for rule in self.rules for name in rule.terms}
        for cover in self.parts.covers():
            if cover.name in spoken:
                wanted[cover.name] = cover
        for one in (*(floor.part for floor in floors), part):
            for block in one.blocks:
                wanted.setdefault(block.name, block)
        return list(wanted.values())

    def complete(
        self, program: LinearProgram, part: Part, floors: tuple[Floor, ...], chosen: BoolArray
    ) -> FloatArray:
        """Return the values of every column of ``program`` when ``chosen`` options are taken."""
        values = self._filled(self._blocks(part, floors), chosen)
        return np.concatenate([values[name] for name in program.columns])

    def lawful(self, chosen: BoolArray) -> bool:
        """Return whether ``chosen`` options keep every rule, nominal areas aside."""
        nothing, program = self._rules_alone
        values = self.complete(program, nothing, (), chosen)
        return program.violation(values, relative=True) <= PROVEN_GAP

    @cached_property
    def _rules_alone(self) -> tuple[Part, LinearProgram]:
        nothing = Part("min", (), Expression())
        return nothing, self.program(nothing)

    def value(self, part: Part, chosen: BoolArray) -> float:
        """Return the value of ``part`` when ``chosen`` options are taken."""
        return part.expression.value(self._filled(list(part.blocks), chosen))

    def _filled(self, blocks: list[Block], chosen: BoolArray) -> Values:
        open_posts = (self.instance.posts.options @ chosen.astype(np.float64)) > 0
        values: Values = {
            "option": chosen.astype(np.float64),
            "post": open_posts.astype(np.float64),
        }
        for block in blocks:
            block.fill(values, chosen, open_posts)
        return values
