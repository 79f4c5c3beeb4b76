r"""Which copies of which things to take under a few rows of room, exactly and at once.

.. math:: \max \sum_j p_j y_j, \quad \sum_j a_{rj} y_j \le b_r, \quad y_j \in \{0, \dots, u_j\}

with whole numbers ``a`` and ``b``: a knapsack with several rows. The dual simplex method finds
multipliers for the rows; with them every choice but each column's own favourite costs its reduced
profit, and a depth-first search, the dearest column first, gives up what costs more than the best
found so far leaves. The room left in all rows is one whole number, a field of bits for each.
For programs so small, a solver's own housekeeping takes ten times as long.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.demand import FloatArray

IntArray = NDArray[np.intp]
Path = tuple[Any, int] | None  # the path before, and how many copies then
_TINY = 1e-9


@dataclass(frozen=True)
class Packed:
    """The best choice: copies of each column, no choice is worth more than ``bound``."""

    copies: IntArray  # (column,)
    worth: float
    bound: float
    nodes: int


def pack(
    profit: FloatArray,
    rows: IntArray,
    room: IntArray,
    most: IntArray,
    *,
    close: float,
    nodes_max: int,
) -> Packed | None:
    """Return the best copies of each column within ``close``; None after ``nodes_max`` nodes.

    ``rows`` (row, column) and ``room`` (row,) are whole and not negative; ``most`` (column,) is
    how many copies there are.
    """
    most = np.where(profit > 0.0, most, 0)
    reduced, bound = _reduced(profit, rows, room, most)
    order = np.argsort(-np.abs(reduced), kind="stable")
    order = order[most[order] > 0]
    found = _search(
        (profit[order], reduced[order], most[order]),
        (rows[:, order], room),
        (bound, close, nodes_max),
    )
    if found is None:
        return None
    copies = np.zeros(len(profit), dtype=np.intp)
    copies[order] = found[0]
    worth = float(profit @ copies)
    return Packed(copies, worth, min(bound, worth + close), found[1])


def _search(  # noqa: C901, PLR0912 - one tight loop: each call of a function would double it
    columns: tuple[FloatArray, FloatArray, IntArray],
    rows: tuple[IntArray, IntArray],
    limits: tuple[float, float, int],
) -> tuple[list[int], int] | None:
    """Return the best copies and the nodes it took, None if they were too many."""
    (profit, reduced, most), (bound, close, nodes_max) = columns, limits
    sizes, left, guards = _as_fields(*rows, most)
    gain, count = profit.tolist(), most.tolist()
    loss = np.abs(reduced).tolist()
    wanted = (reduced > 0.0).tolist()
    rest = np.r_[np.cumsum((profit * most)[::-1])[::-1], 0.0].tolist()
    end, nodes = len(gain), 0
    best: float = -np.inf
    chosen: Path = None
    # Of a column, how many copies fewer (or more) than its favourite; what is left, bound, worth.
    stack: list[tuple[int, int, int, float, float, Path]] = [(0, 0, left, bound, 0.0, None)]
    while stack:
        at, away, left, bound, worth, path = stack.pop()
        if bound <= best + close or worth + rest[at] <= best + close:
            continue
        while at < end:
            nodes += 1
            if away < count[at]:
                other = bound - loss[at]
                if other > best + close:
                    stack.append((at, away + 1, left, other, worth, path))
            taken = count[at] - away if wanted[at] else away
            if taken:
                left -= sizes[at] * taken
                if left & guards != guards:
                    break
                worth += gain[at] * taken
            path = (path, taken)
            at, away = at + 1, 0
            if worth + rest[at] <= best + close:
                break
        else:
            if worth > best:
                best, chosen = worth, path
        if nodes > nodes_max:
            return None
    return _unwound(chosen), nodes


def _unwound(path: Path) -> list[int]:
    copies: list[int] = []
    while path:
        path, taken = path
        copies.append(taken)
    return copies[::-1]


def _as_fields(rows: IntArray, room: IntArray, most: IntArray) -> tuple[list[int], int, int]:
    """Return each column, the room, and the fields' highest bits, as whole numbers.

    A field holds its row's room below a guard bit, which a column that does not fit clears.
    """
    width = int(max((rows @ most).max(initial=0), room.max(initial=0))).bit_length() + 1
    shifts = [width * r for r in range(len(room))]

    def packed(values: list[int]) -> int:
        return sum(value << shift for value, shift in zip(values, shifts, strict=True))

    guards = packed([1 << (width - 1)] * len(room))
    return [packed(one) for one in rows.T.tolist()], packed(room.tolist()) | guards, guards


def _reduced(
    profit: FloatArray, rows: IntArray, room: IntArray, most: IntArray
) -> tuple[FloatArray, float]:
    """Return the reduced profit of each column at the relaxation's multipliers, and its bound.

    Any multipliers bound the program, so it does not matter where rounding ends the steps.
    """
    multipliers = _multipliers(profit, rows, room, most)
    reduced = profit - multipliers @ rows
    bound = float(multipliers @ room + np.maximum(reduced, 0.0) @ most)
    return reduced, bound


def _multipliers(profit: FloatArray, rows: IntArray, room: IntArray, most: IntArray) -> FloatArray:
    """Return the rows' multipliers (row,), by the dual simplex method with bound flips.

    It begins where every column is at its favourite and only rows can be wrong.
    """
    height, width = rows.shape
    table = np.hstack([rows.astype(np.float64), np.eye(height)])
    upper = np.r_[most.astype(np.float64), np.full(height, np.inf)]
    profits = np.r_[profit, np.zeros(height)]
    full = profits > 0.0  # which columns outside the basis stand at their upper limit
    basis = np.arange(width, width + height)
    inside = np.zeros(width + height, dtype=np.bool_)
    inside[basis] = True
    values = room - rows @ np.where(full[:width], most, 0).astype(np.float64)
    for _ in range(20 * (height + 1)):
        below, above = -values, values - upper[basis]
        wrong = np.maximum(below, above)
        row = int(wrong.argmax())
        if wrong[row] <= _TINY:
            break
        low = bool(below[row] >= above[row])
        leaving, target = int(basis[row]), 0.0 if low else float(upper[basis[row]])
        signed = table[row] if low else -table[row]
        could = np.where(full, signed > _TINY, signed < -_TINY) & ~inside
        at = np.flatnonzero(could)
        if not len(at):
            break
        slope = np.abs(signed[at])
        ranked = np.argsort(np.abs(profits[at]) / slope, kind="stable")
        ahead = wrong[row] - np.cumsum((slope * upper[at])[ranked])
        stop = int(np.argmax(ahead <= 0.0)) if (ahead <= 0.0).any() else len(at) - 1
        flipped, entering = at[ranked[:stop]], int(at[ranked[stop]])
        values -= table[:, flipped] @ np.where(full[flipped], -upper[flipped], upper[flipped])
        full[flipped] = ~full[flipped]
        step = (values[row] - target) / table[row, entering]
        values -= step * table[:, entering]
        values[row] = step + (upper[entering] if full[entering] else 0.0)
        table[row] /= table[row, entering]
        factor = table[:, entering].copy()
        factor[row] = 0.0
        table -= factor[:, None] * table[row]
        profits -= profits[entering] * table[row]
        full[leaving], full[entering] = not low, False
        inside[leaving], inside[entering] = False, True
        basis[row] = entering
    return np.asarray(np.maximum(-profits[width:], 0.0), dtype=np.float64)
