r"""Cover sets: which stations reach which demand points in time, grouped where identical.

Row ``i`` of a cover matrix is the cover set :math:`N_i = \{j : r_{ij} \le S\}` of Church and
ReVelle (1974). The standard itself counts as in time. Sets are kept as packed bits, so that a
million points with few distinct sets cost little; equal sets are found by a hash and then
confirmed bit by bit.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.demand import FloatArray

IndexArray = NDArray[np.intp]
Words = NDArray[np.uint64]  # (row, word): one bit a column

TOLERANCE_S = 1e-6
_BLOCK_PAIRS = 4_000_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


def row_blocks(rows: int, columns: int) -> Iterator[slice]:
    """Yield slices of rows of at most about four million pairs each."""
    step = max(1, _BLOCK_PAIRS // max(1, columns))
    for start in range(0, rows, step):
        yield slice(start, min(rows, start + step))


def pack(within: NDArray[np.bool_]) -> Words:
    """Return the rows of a truth matrix as words of 64 bits.

    Examples
    --------
    >>> pack(np.array([[True, False, True]])).tolist()
    [[5]]
    """
    rows, columns = within.shape
    width = max(1, -(-columns // 64))
    packed = np.zeros((rows, width * 8), dtype=np.uint8)
    bits = np.packbits(within, axis=1, bitorder="little")
    packed[:, : bits.shape[1]] = bits
    return packed.view("<u8").astype(np.uint64, copy=False)


def unpack(words: Words, columns: int) -> csr_array:
    """Return packed sets as a 0/1 matrix (set, column)."""
    as_bytes = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
    bits = np.unpackbits(as_bytes, axis=1, bitorder="little")[:, :columns]
    return csr_array(bits.astype(np.float64))


def cover_sets(
    response: Callable[[slice], FloatArray], shape: tuple[int, int], within_s: float
) -> Words:
    """Return the packed cover set of every row, ``response(rows)`` giving times by blocks."""
    parts = [pack(response(rows) <= within_s + TOLERANCE_S) for rows in row_blocks(*shape)]
    return np.concatenate(parts)


@dataclass(frozen=True)
class Groups:
    """Rows with equal sets: ``sets[group[i]]`` is the set of row ``i``."""

    sets: Words  # (group, word), distinct
    group: IndexArray  # (row,)

    @classmethod
    def checked(cls, arrays: Mapping[str, NDArray[Any]], rows: int, posts: int) -> "Groups | None":
        """Return the groups that were kept as arrays, None where they are not of that size."""
        sets, group = arrays.get("sets"), arrays.get("group")
        if sets is None or group is None or sets.dtype != np.uint64 or group.dtype != np.intp:
            return None
        words = max(1, -(-posts // 64))
        if sets.ndim != 2 or sets.shape[1] != words or group.shape != (rows,):
            return None
        inside = rows == 0 or (group.min() >= 0 and group.max() < len(sets))
        return cls(sets, group) if inside else None

    def total(self, weight: FloatArray) -> FloatArray:
        """Return the summed ``weight`` (row,) of each group."""
        return total_by(self.group, weight, len(self.sets))


def total_by(group: IndexArray, weight: FloatArray, count: int) -> FloatArray:
    """Return the summed ``weight`` of the rows of each of ``count`` groups."""
    return np.bincount(group, weights=weight, minlength=count).astype(np.float64, copy=False)


def group_sets(sets: Words) -> Groups:
    """Group equal rows; groups are in the order of first appearance of their hash.

    Examples
    --------
    >>> group_sets(np.array([[5], [3], [5]], dtype=np.uint64)).group.tolist()[::2]
    [1, 1]
    """
    key = _hash(sets)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    if not np.array_equal(sets[first][group], sets):  # two sets share a hash: sort whole rows
        distinct, group = np.unique(sets, axis=0, return_inverse=True)
        return Groups(distinct, group.reshape(-1))
    return Groups(sets[first], group)


def _hash(sets: Words) -> NDArray[np.uint64]:
    if sets.shape[1] == 1:
        return sets[:, 0]
    key = np.zeros(len(sets), dtype=np.uint64)
    for word in sets.T:
        key ^= word
        key *= _MIX
        key ^= key >> np.uint64(29)
    return key
