"""Linear expressions over named column blocks."""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram


@dataclass(frozen=True)
class Expression:
    """``constant + sum over blocks of coefficients @ x[block]``."""

    terms: dict[str, FloatArray] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: "Expression") -> "Expression":
        """Return the sum of two expressions."""
        terms = dict(self.terms)
        for block, coefficients in other.terms.items():
            terms[block] = terms[block] + coefficients if block in terms else coefficients
        return Expression(terms, self.constant + other.constant)

    def __mul__(self, factor: float) -> "Expression":
        """Return the expression times ``factor``."""
        return Expression(
            {block: factor * coefficients for block, coefficients in self.terms.items()},
            factor * self.constant,
        )

    def __truediv__(self, divisor: float) -> "Expression":
        """Return the expression over ``divisor``: exact in decimals where that is one."""
        return Expression(
            {block: coefficients / divisor for block, coefficients in self.terms.items()},
            self.constant / divisor,
        )

    @property
    def largest(self) -> float:
        """The largest coefficient in size, 1 where all are zero."""
        sizes = [float(np.abs(row).max(initial=0.0)) for row in self.terms.values()]
        return max(sizes, default=0.0) or 1.0

    def row(self, program: LinearProgram) -> FloatArray:
        """Return the coefficients over all columns of ``program``."""
        row = np.zeros(len(program.cost))
        for block, coefficients in self.terms.items():
            row[program.columns[block]] += coefficients
        return row

    def matrices(self) -> dict[str, csr_array]:
        """Return the coefficients as one-row matrices, as row blocks want them."""
        return {block: csr_array(row[None]) for block, row in self.terms.items()}

    def value(self, values: dict[str, FloatArray]) -> float:
        """Return the value at ``values``, given block by block."""
        parts = (coefficients @ values[block] for block, coefficients in self.terms.items())
        return self.constant + float(sum(parts))


def weighted(expressions: list[Expression], weights: FloatArray) -> Expression:
    """Return the weighted sum of ``expressions``."""
    total = Expression()
    for expression, weight in zip(expressions, weights, strict=True):
        total += expression * float(weight)
    return total
