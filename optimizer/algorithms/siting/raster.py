"""Weighted points of a plane by the sites that reach them, without asking every pair.

The plane is cut into cells. Along a row of cells, a circle has an inside, an outside and the few
cells between; for points of cells that no circle's edge touches, the cell's set is the point's.
The rest are measured against the circles whose edges touch their cell. Cost grows with the points
and with the edges, not with points times sites. The edge is taken a cell wider on every side, so
that rounding in the drawing decides nothing: what a float comparison of squared distances says
counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.coverage import Words, group_sets
from optimizer.demand import FloatArray

_MOST_CELLS = 1 << 20
_POINTS_A_CELL = 8
_BLOCK = 2_000_000
_BITS = 64


@dataclass(frozen=True)
class Reached:
    """Distinct sets of sites, and the weight of the points that exactly those sites reach."""

    sets: Words  # (set, word): one bit a site
    weight: FloatArray  # (set,)
    unreached: float  # the weight of points that no site reaches


@dataclass(frozen=True)
class _Grid:
    left: float
    low: float
    size: float
    columns: int
    rows: int

    def cells(self, points: FloatArray) -> NDArray[np.int32]:
        """Return the cell of each point (point, x and y); those outside lie in the rim."""
        column = ((points[:, 0] - self.left) * (1.0 / self.size)).astype(np.int32)
        row = ((points[:, 1] - self.low) * (1.0 / self.size)).astype(np.int32)
        return row * np.int32(self.columns) + column


@dataclass(frozen=True)
class _Edges:
    """Per cell the set of circles that hold it whole, and the circles whose edge may touch it."""

    sets: Words  # (cell, word)
    start: NDArray[np.int64]  # (cell + 1,)
    circle: NDArray[np.int32]  # (touch,)


def reached_sets(
    points: FloatArray, weight: FloatArray, sites: FloatArray, radius: float
) -> Reached:
    """Group points (point, x and y) by the sites (site, x and y) within ``radius`` of them.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]])
    >>> found = reached_sets(points, np.array([2.0, 3.0, 4.0]), np.array([[0.0, 0.0]]), 1.0)
    >>> found.sets.tolist(), found.weight.tolist(), found.unreached
    ([[1]], [5.0], 4.0)
    """
    grid = _grid(points, radius)
    edges = _draw(grid, sites, radius)
    touched = np.diff(edges.start) > 0
    whole = np.zeros(grid.columns * grid.rows)
    sets, weights = [], []
    for block in _blocks(len(points)):
        cell, part = grid.cells(points[block]), weight[block]
        near = touched[cell]
        whole += np.bincount(cell[~near], part[~near], len(whole))
        at = np.flatnonzero(near)
        sets.append(_measure(points[block][at], cell[at], edges, sites, radius))
        weights.append(part[at])
    full = np.flatnonzero(whole > 0.0)
    return grouped(
        np.concatenate([edges.sets[full], *sets]), np.concatenate([whole[full], *weights])
    )


def _blocks(count: int) -> Iterator[slice]:
    for start in range(0, count, _BLOCK):
        yield slice(start, min(count, start + _BLOCK))


def _grid(points: FloatArray, radius: float) -> _Grid:
    low, high = points.min(axis=0), points.max(axis=0)
    cells = min(_MOST_CELLS, max(64, len(points) // _POINTS_A_CELL))
    span = float((high - low).max())
    size = max(span / np.sqrt(cells), span * 1e-9, radius * 1e-6) or 1.0
    columns, rows = (int(extent / size) + 3 for extent in (high - low))
    return _Grid(float(low[0]) - size, float(low[1]) - size, size, columns, rows)


def _draw(grid: _Grid, sites: FloatArray, radius: float) -> _Edges:
    """Draw every circle row by row; a row's span is widest where the row is nearest its middle."""
    words = max(1, -(-len(sites) // _BITS))
    flips = np.zeros((grid.rows, grid.columns + 1, words), dtype=np.uint64)
    row = np.arange(grid.rows)
    low = grid.low + (row - 1) * grid.size  # a cell wider on either side
    high = grid.low + (row + 2) * grid.size
    cells, circles = [], []
    for index, (x, y) in enumerate(sites):
        nearest = np.clip(y, low, high) - y
        farthest = np.maximum(np.abs(low - y), np.abs(high - y))
        outer = np.sqrt(np.maximum(radius**2 - nearest**2, 0.0))
        inner = np.sqrt(np.maximum(radius**2 - farthest**2, 0.0))
        met = np.abs(nearest) <= radius
        first = _column(grid, x - outer, -1)
        last = _column(grid, x + outer, 2)
        begin = _column(grid, x - inner, 2)
        end = _column(grid, x + inner, -1)
        held = met & (farthest <= radius) & (begin < end)
        begin, end = np.where(held, begin, last), np.where(held, end, last)
        bit, word = np.uint64(1 << (index % _BITS)), index // _BITS
        flips[row[held], begin[held], word] ^= bit
        flips[row[held], end[held], word] ^= bit
        for left, right in ((first, np.minimum(begin, last)), (np.maximum(end, first), last)):
            cells.append(_span(row[met] * grid.columns, left[met], right[met]))
            circles.append(np.full(len(cells[-1]), index, dtype=np.int32))
    np.bitwise_xor.accumulate(flips, axis=1, out=flips)
    sets = flips[:, :-1].reshape(-1, words)
    cell, circle = np.concatenate(cells), np.concatenate(circles)
    order = np.argsort(cell, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=len(sets)))])
    return _Edges(sets, start, circle[order])


def _column(grid: _Grid, x: FloatArray, shift: int) -> NDArray[np.int64]:
    column = np.floor((x - grid.left) / grid.size).astype(np.int64) + shift
    return np.clip(column, 0, grid.columns)


def _span(
    offset: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return every whole number of the ranges ``offset + [left, right)``."""
    length = np.maximum(right - left, 0)
    ends = np.cumsum(length)
    total = int(ends[-1]) if len(ends) else 0
    span: NDArray[np.int64] = np.arange(total) + np.repeat(offset + left - (ends - length), length)
    return span


def _measure(
    points: FloatArray,
    cell: NDArray[np.int32],
    edges: _Edges,
    sites: FloatArray,
    radius: float,
) -> Words:
    """Return the sets of points whose cells the circles' edges touch."""
    sets: Words = edges.sets[cell]
    count = np.diff(edges.start)[cell]
    for turn in range(int(count.max(initial=0))):
        at = np.flatnonzero(count > turn)
        circle = edges.circle[edges.start[cell[at]] + turn]
        away = points[at] - sites[circle]
        at, circle = _inside(at, circle, away, radius)
        sets[at, circle // _BITS] |= np.uint64(1) << (circle % _BITS).astype(np.uint64)
    return sets


def _inside(
    at: NDArray[np.int64], circle: NDArray[np.int32], away: FloatArray, radius: float
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    within = away[:, 0] ** 2 + away[:, 1] ** 2 <= radius**2
    return at[within], circle[within]


def grouped(sets: Words, weight: FloatArray) -> Reached:
    """Return distinct sets with the weight of the rows that have them."""
    groups = group_sets(sets)
    total = groups.total(weight)
    some = groups.sets.any(axis=1)
    return Reached(groups.sets[some], total[some], float(total[~some].sum()))
