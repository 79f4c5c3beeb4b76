"""The program with rules on how people are spread in some cases alone: a relaxation.

Such rules are many rows and say little to a relaxation, and in most cases they hold by themselves.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from models.shelters.rules import ShelterRules
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram
from optimizer.ruling import Rule
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import BoolArray, Instance
from optimizer.shelters.manners import Manners
from optimizer.shelters.solution import Solution

SPREADING = ("together", "nearest_first", "least_fill", "fill_balance")


@dataclass(frozen=True, eq=False)
class Spread:
    """The first level's program of ``instance``, with those rules in the cases ``ruled``."""

    instance: Instance
    ruled: BoolArray  # (scenario,)

    @cached_property
    def plain(self) -> Formulation:
        """The formulation without those rules: what its programs prove is a bound of the whole."""
        rules = self.instance.request.rules.model_copy(update=dict.fromkeys(SPREADING))
        request = self.instance.request.model_copy(update={"rules": rules})
        return Formulation(replace(self.instance, request=request))

    def over(self, plain: LinearProgram) -> LinearProgram:
        """Return a program of ``plain`` with the rules added: its columns, then those they need."""
        if not self.ruled.any():
            return plain
        program = plain
        for extra in self._manners.extras:
            program = program.with_columns(
                extra.name, extra.width, upper=extra.upper, integer=extra.integer
            )
        for rule in self._manners.rules():
            rows = self._rows(rule, program)
            program = program.with_rows(rule.path, rows, rule.lower, rule.upper)
        return program

    def values_of(self, solution: Solution) -> FloatArray:
        """Return the program's columns for a solution that keeps the rules."""
        plain = self.plain.values_of(replace(solution, instance=self.plain.instance))
        if not self.ruled.any():
            return plain
        part = replace(
            solution, instance=self._manners.instance, people=solution.people[self._mine]
        )
        return np.concatenate([plain, *self._manners.values(part)])

    def solution(self, values: FloatArray) -> Solution:
        """Return what a program's values mean, which may break rules in the other cases."""
        return replace(self.plain.solution(values), instance=self.instance)

    def by_case(self, solution: Solution, program: LinearProgram) -> FloatArray:
        """Return what each case adds to the level, or its people without a place."""
        values = self.plain.values_of(replace(solution, instance=self.plain.instance))
        cases, units = self.instance.leaving.shape
        of_unmet = self.plain.waiting // units
        go, unmet = (program.columns[name] for name in ("go", "unmet"))
        each = program.cost[unmet]
        if not each.any():
            each = self.instance.probability[of_unmet]
        walked = program.cost[go] * values[go]
        case = np.concatenate([of_unmet, self.instance.arcs.scenario])
        parts = np.concatenate([each * values[unmet], walked])
        return np.bincount(case, weights=parts, minlength=cases).astype(np.float64)

    @property
    def _mine(self) -> BoolArray:
        mine: BoolArray = self.ruled[self.instance.arcs.scenario]
        return mine

    @cached_property
    def _manners(self) -> Manners:
        """The rules over the arcs of the ruled cases alone."""
        instance, rules = self.instance, self.instance.request.rules
        kept = {name: getattr(rules, name) for name in (*SPREADING, "balance_within")}
        request = instance.request.model_copy(
            update={"rules": ShelterRules().model_copy(update=kept)}
        )
        arcs = instance.arcs.taken(self._mine)
        nobody = instance.shuttles.nobody(len(arcs))
        return Manners(replace(instance, request=request, arcs=arcs, shuttles=nobody))

    def _rows(self, rule: Rule, program: LinearProgram) -> csr_array:
        """Return a rule's rows over all columns; its arcs are those of the ruled cases."""
        arcs = np.flatnonzero(self._mine)
        rows, columns, data = [], [], []
        for name, term in rule.terms.items():
            row, place = term.tocoo().coords
            rows.append(row)
            columns.append((arcs[place] if name == "go" else place) + program.columns[name].start)
            data.append(term.tocoo().data)
        where = (np.concatenate(rows), np.concatenate(columns))
        shape = (len(rule.lower), len(program.cost))
        return csr_array((np.concatenate(data), where), shape=shape)
