"""What an objective adds to a program: blocks of columns with their rows, and its value.

A block knows the values its columns take for chosen options, so that any choice can be handed to
a solver as a start and any program can be held against a recount.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from models.fire_stations.objectives import MAXIMISED, Objective
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.options import BoolArray
from optimizer.linear import Builder, Sense

Values = dict[str, FloatArray]


class Block(Protocol):
    """Columns with their rows, and the values they take for chosen options."""

    @property
    def name(self) -> str:
        """The name of the block of columns."""

    def add(self, builder: Builder) -> None:
        """Add the block to a program."""

    def fill(self, values: Values, chosen: BoolArray, open_posts: BoolArray) -> None:
        """Put the block's values for ``chosen`` options into ``values``."""


@dataclass(frozen=True)
class Extreme:
    """One column held below (or above) many rows: their minimum (maximum)."""

    name: str
    terms: dict[str, csr_array]  # block -> (row, column of the block)
    constants: FloatArray  # (row,)
    sense: Sense

    def add(self, builder: Builder) -> None:
        """Add the column, and the rows that hold it."""
        sign = 1.0 if self.sense == "max" else -1.0
        builder.add_columns(self.name, [0.0], lower=-np.inf, upper=np.inf, integer=False)
        terms = {block: csr_array(matrix * sign) for block, matrix in self.terms.items()}
        terms[self.name] = csr_array(np.full((len(self.constants), 1), -sign))
        builder.add_rows(self.name, terms, lower=-sign * self.constants, upper=np.inf)

    def fill(self, values: Values, chosen: BoolArray, open_posts: BoolArray) -> None:
        """Put the extreme of the rows into ``values``."""
        del chosen, open_posts
        worth = self.constants + sum(matrix @ values[block] for block, matrix in self.terms.items())
        extreme = worth.min() if self.sense == "max" else worth.max()
        values[self.name] = np.array([float(extreme)])


def sense_of(objective: Objective) -> Sense:
    """Return whether more or less of an objective is better."""
    return "max" if objective.kind in MAXIMISED else "min"


def extreme_of(name: str, sense: Sense, expressions: list[Expression]) -> Extreme:
    """Return the extreme of ``expressions``, which all speak of the same blocks."""
    blocks = {block: len(row) for one in expressions for block, row in one.terms.items()}
    terms = {
        block: csr_array(np.vstack([one.terms.get(block, np.zeros(width)) for one in expressions]))
        for block, width in blocks.items()
    }
    return Extreme(name, terms, np.array([one.constant for one in expressions]), sense)


@dataclass(frozen=True)
class Part:
    """What one objective adds, and its value as an expression."""

    sense: Sense
    blocks: tuple[Block, ...]
    expression: Expression
