"""Mixed-integer linear programs as arrays with named parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array, vstack

from optimizer.demand import FloatArray

Sense = Literal["min", "max"]


@dataclass(frozen=True)
class LinearProgram:
    """``sense`` cost @ x + offset  s.t.  row_lower <= A @ x <= row_upper, lower <= x <= upper.

    ``columns`` and ``rows`` name the blocks: ``values[program.columns["open"]]`` reads one
    back. Missing limits are infinite. The arrays are read-only.

    Raises
    ------
    ValueError
        Where a length does not fit, a number is NaN, or a cost or coefficient is infinite.
    """

    sense: Sense
    cost: FloatArray  # (column,)
    lower: FloatArray  # (column,)
    upper: FloatArray  # (column,)
    integer: NDArray[np.bool_]  # (column,)
    matrix: csr_array  # (row, column)
    row_lower: FloatArray  # (row,)
    row_upper: FloatArray  # (row,)
    columns: dict[str, slice]
    rows: dict[str, slice]
    offset: float = 0.0

    def __post_init__(self) -> None:
        """Check the lengths and the numbers, and lock the arrays."""
        rows, columns = self.matrix.shape
        for name, length in _lengths(rows, columns).items():
            if getattr(self, name).shape != (length,):
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, not ({length},)")
        for name in ("lower", "upper", "row_lower", "row_upper"):
            if np.isnan(getattr(self, name)).any():
                raise ValueError(f"{name} holds a value that is not a number")
        if not all(np.isfinite(part).all() for part in (self.cost, self.matrix.data, self.offset)):
            raise ValueError("costs, coefficients and the offset must be finite")
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                locked = value.view()
                locked.setflags(write=False)
                object.__setattr__(self, entry.name, locked)

    def with_cost(self, cost: ArrayLike, sense: Sense, offset: float = 0.0) -> "LinearProgram":
        """Return the same constraints under another objective."""
        return replace(
            self, cost=np.array(cost, dtype=np.float64), sense=sense, offset=float(offset)
        )

    def with_columns(
        self, name: str, width: int, *, upper: float, integer: bool
    ) -> "LinearProgram":
        """Return the program with one more block of columns, in no row and at no cost yet."""
        if name in self.columns:
            raise ValueError(f"there is already a column block {name!r}")
        rows, start = self.matrix.shape
        nothing = np.zeros(width)
        return replace(
            self,
            cost=np.concatenate([self.cost, nothing]),
            lower=np.concatenate([self.lower, nothing]),
            upper=np.concatenate([self.upper, np.full(width, upper)]),
            integer=np.concatenate([self.integer, np.full(width, integer)]),
            matrix=csr_array(
                (self.matrix.data, self.matrix.indices, self.matrix.indptr),
                shape=(rows, start + width),
            ),
            columns={**self.columns, name: slice(start, start + width)},
        )

    def with_rows(
        self, name: str, matrix: csr_array, lower: ArrayLike, upper: ArrayLike
    ) -> "LinearProgram":
        """Return the program with one more block of rows, over all its columns."""
        if name in self.rows:
            raise ValueError(f"there is already a row block {name!r}")
        start, (height, width) = self.matrix.shape[0], matrix.shape
        if width != self.matrix.shape[1]:
            raise ValueError(f"{name!r} has {width} columns, not {self.matrix.shape[1]}")
        return replace(
            self,
            matrix=csr_array(vstack([self.matrix, matrix], format="csr")),
            row_lower=np.concatenate([self.row_lower, _spread(lower, height)]),
            row_upper=np.concatenate([self.row_upper, _spread(upper, height)]),
            rows={**self.rows, name: slice(start, start + height)},
        )

    def with_bounds(self, lower: ArrayLike, upper: ArrayLike) -> "LinearProgram":
        """Return the program with other column bounds: a number for all, or one each."""
        width = len(self.cost)
        return replace(self, lower=_spread(lower, width), upper=_spread(upper, width))

    def relaxed(self) -> "LinearProgram":
        """Return the linear relaxation: every column continuous."""
        return replace(self, integer=np.zeros(len(self.cost), dtype=np.bool_))

    def whole(self) -> "LinearProgram":
        """Return the program with every column an integer, for solvers that take nothing else."""
        return replace(self, integer=np.ones(len(self.cost), dtype=np.bool_))

    def objective(self, values: FloatArray) -> float:
        """Return ``cost @ values + offset``."""
        return float(self.cost @ values) + self.offset

    def violation(self, values: FloatArray, *, relative: bool = False) -> float:
        """Return the largest violation of a row, a bound or integrality; 0 if there is none.

        Each is measured in the row's or column's own unit or, ``relative``, as a share of
        the limit where that exceeds 1. A value that is not a number violates infinitely.
        """
        if not np.isfinite(values).all():
            return float("inf")
        activity = self.matrix @ values
        whole = values[self.integer]
        excess = (
            _excess(self.lower, values, relative=relative),
            -_excess(self.upper, values, relative=relative),
            _excess(self.row_lower, activity, relative=relative),
            -_excess(self.row_upper, activity, relative=relative),
            np.abs(whole - np.round(whole)),
        )
        return max(0.0, *(float(part.max(initial=0.0)) for part in excess))


@dataclass
class Builder:
    """Collects column and row blocks; ``build`` freezes them into a program.

    Examples
    --------
    >>> builder = Builder("max")
    >>> builder.add_columns("open", [5.0, 4.0, 3.0])
    >>> builder.add_rows("pick", {"open": csr_array([[1.0, 1.0, 1.0]])}, lower=2, upper=2)
    >>> program = builder.build()
    >>> program.objective(np.array([1.0, 1.0, 0.0]))
    9.0
    """

    sense: Sense
    offset: float = 0.0
    _cost: list[FloatArray] = field(default_factory=list, init=False)
    _lower: list[FloatArray] = field(default_factory=list, init=False)
    _upper: list[FloatArray] = field(default_factory=list, init=False)
    _integer: list[NDArray[np.bool_]] = field(default_factory=list, init=False)
    _columns: dict[str, slice] = field(default_factory=dict, init=False)
    _rows: dict[str, slice] = field(default_factory=dict, init=False)
    _row_lower: list[FloatArray] = field(default_factory=list, init=False)
    _row_upper: list[FloatArray] = field(default_factory=list, init=False)
    _terms: list[tuple[int, int, csr_array]] = field(default_factory=list, init=False)
    _column_count: int = field(default=0, init=False)
    _row_count: int = field(default=0, init=False)

    def add_columns(
        self,
        name: str,
        cost: ArrayLike,
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = 1.0,
        integer: bool | NDArray[np.bool_] = True,
    ) -> None:
        """Add one column per entry of ``cost``, each within ``[lower, upper]``."""
        column_cost = np.array(cost, dtype=np.float64)
        if column_cost.ndim != 1:
            raise ValueError(f"the cost of {name!r} must be a list of numbers")
        if name in self._columns:
            raise ValueError(f"there is already a column block {name!r}")
        width = len(column_cost)
        self._columns[name] = slice(self._column_count, self._column_count + width)
        self._column_count += width
        self._cost.append(column_cost)
        self._lower.append(_spread(lower, width))
        self._upper.append(_spread(upper, width))
        self._integer.append(np.full(width, integer, dtype=np.bool_))

    def add_rows(
        self,
        name: str,
        terms: Mapping[str, csr_array | coo_array],
        *,
        lower: ArrayLike,
        upper: ArrayLike,
    ) -> None:
        """Add rows ``lower <= sum of terms[block] @ x[block] <= upper``."""
        if name in self._rows:
            raise ValueError(f"there is already a row block {name!r}")
        heights = {matrix.shape[0] for matrix in terms.values()}
        if len(heights) != 1:
            raise ValueError(f"the terms of {name!r} need one height, not {sorted(heights)}")
        height = heights.pop()
        for block, matrix in terms.items():
            rows = matrix if isinstance(matrix, csr_array) else csr_array(matrix)
            self._terms.append((self._row_count, self._start(name, block, rows), rows))
        self._rows[name] = slice(self._row_count, self._row_count + height)
        self._row_count += height
        self._row_lower.append(_spread(lower, height))
        self._row_upper.append(_spread(upper, height))

    def width(self, block: str) -> int:
        """Return how many columns ``block`` has."""
        columns = self._columns[block]
        return int(columns.stop) - int(columns.start)

    def build(self) -> LinearProgram:
        """Freeze the blocks into one program."""
        return LinearProgram(
            sense=self.sense,
            cost=_joined(self._cost),
            lower=_joined(self._lower),
            upper=_joined(self._upper),
            integer=np.concatenate([np.zeros(0, dtype=np.bool_), *self._integer]),
            matrix=self._matrix(),
            row_lower=_joined(self._row_lower),
            row_upper=_joined(self._row_upper),
            columns=dict(self._columns),
            rows=dict(self._rows),
            offset=float(self.offset),
        )

    def _start(self, name: str, block: str, matrix: csr_array) -> int:
        if block not in self._columns:
            raise ValueError(f"{name!r} speaks of the unknown column block {block!r}")
        if matrix.shape[1] != self.width(block):
            raise ValueError(
                f"{name!r} has {matrix.shape[1]} columns for {block!r}, not {self.width(block)}"
            )
        return int(self._columns[block].start)

    def _matrix(self) -> csr_array:
        # All triplets at once: stacking block by block copies the matrix once per block. They are
        # read off the arrays, for small programs are many, and made of dozens of blocks each.
        row, column = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for top, left, matrix in self._terms:
            places = np.arange(top, top + matrix.shape[0], dtype=np.int64)
            row.append(np.repeat(places, np.diff(matrix.indptr)))
            column.append(matrix.indices + np.int64(left))
        index = np.concatenate(row), np.concatenate(column)
        data = _joined([np.asarray(matrix.data, dtype=np.float64) for *_, matrix in self._terms])
        matrix = csr_array((data, index), shape=(self._row_count, self._column_count))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix


def _lengths(rows: int, columns: int) -> dict[str, int]:
    by_column = dict.fromkeys(("cost", "lower", "upper", "integer"), columns)
    return by_column | dict.fromkeys(("row_lower", "row_upper"), rows)


def _excess(limit: FloatArray, reached: FloatArray, *, relative: bool) -> FloatArray:
    finite = np.isfinite(limit)
    unit = np.maximum(1.0, np.abs(limit, where=finite, out=np.ones_like(limit)))
    return (limit - reached) / (unit if relative else 1.0)


def _spread(value: ArrayLike, length: int) -> FloatArray:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (length,)).copy()


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate([np.zeros(0), *parts])
