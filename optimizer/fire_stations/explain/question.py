"""A plan, and everything its reasons are computed from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.run import LevelReport
from optimizer.algorithms.exchange import Exchange
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.first_level import FirstLevel, Resolved
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.improve import exchange_problem
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.solution import Solution
from optimizer.linear import LinearProgram

_HOLDS = 1e-6


@dataclass(frozen=True)
class Asked:
    """A plan asked for its reasons, by the first objective."""

    formulation: Formulation
    solution: Solution
    reports: tuple[LevelReport, ...]

    @property
    def instance(self) -> Instance:
        """The instance the plan is of."""
        return self.formulation.instance

    @property
    def part(self) -> Part:
        """The first objective's part."""
        return self.formulation.part(0)

    @cached_property
    def level(self) -> FirstLevel:
        """What solves the first objective again."""
        return FirstLevel.of(self.instance, self.part)

    @cached_property
    def program(self) -> LinearProgram:
        """The program of the first level."""
        return self.formulation.program(self.part)

    @cached_property
    def exchange(self) -> Exchange | None:
        """The first level as an exchange search sees it, None where it cannot."""
        return exchange_problem(self.formulation, self.part, ())

    @property
    def chosen(self) -> BoolArray:
        """The options of the plan."""
        return self.solution.chosen

    @cached_property
    def opened(self) -> list[int]:
        """The options by which the plan opens stations."""
        return np.flatnonzero(self.chosen & self.instance.options.opens).tolist()

    @cached_property
    def value(self) -> float:
        """What the plan is worth."""
        return self.worth(self.chosen)

    def worth(self, chosen: BoolArray) -> float:
        """Return what any choice is worth.

        The formulation knows fast, but only of choices that keep what it takes for granted.
        """
        granted = not (self.instance.forced & ~chosen).any()
        if granted and not (self.instance.excluded & chosen).any():
            return self.formulation.value(self.part, chosen)
        return self.level.value(chosen)

    @property
    def best(self) -> float:
        """The first level's own objective: later levels may have spent some of it."""
        found = self.reports[0].objective if self.reports else None
        return self.value if found is None else found

    def gain(self, new: float, old: float) -> float:
        """Return how much better ``new`` is than ``old``; 0.0 where they are equal."""
        return self.level.sign * (new - old) or 0.0

    def completed(self, chosen: BoolArray) -> FloatArray | None:
        """Return the program's columns for chosen options, None where a rule breaks."""
        values = self.formulation.complete(self.program, self.part, (), chosen)
        holds = self.program.violation(values, relative=True) <= _HOLDS
        return values if holds else None

    def forbidding(
        self, options: BoolArray, control: RunControl, start: FloatArray | None = None
    ) -> Resolved:
        """Return the first level solved without ``options``."""
        upper = np.array(self.program.upper)
        upper[self.program.columns["option"]][options] = 0.0
        program = self.program.with_bounds(self.program.lower, upper)
        return self.level.solve(program, control, start=start)

    def site(self, option: int) -> str:
        """Return the id of an option's site."""
        return str(self.instance.site_ids[self.instance.options.site[option]])

    def class_id(self, option: int) -> str:
        """Return the id of an option's class."""
        return str(self.instance.class_ids[self.instance.options.class_index[option]])
