"""Cover sets packed into words, and the grouping of equal ones."""

import numpy as np
import pytest
from numpy.typing import NDArray

from optimizer import coverage
from optimizer.coverage import Words, cover_sets, group_sets, pack, row_blocks, unpack

WIDTHS = (1, 63, 64, 65, 130)


def drawn(rows: int, columns: int, *, distinct: int = 7) -> NDArray[np.bool_]:
    """Return rows of which many are equal."""
    rng = np.random.default_rng(columns)
    return (rng.random((distinct, columns)) < 0.4)[rng.integers(distinct, size=rows)]


def assert_grouped_exactly(within: NDArray[np.bool_]) -> None:
    sets = pack(within)
    groups = group_sets(sets)
    assert len(groups.sets) == len(np.unique(within, axis=0))
    np.testing.assert_array_equal(groups.sets[groups.group], sets)


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_packed_set_unpacks_to_itself(columns: int) -> None:
    within = drawn(40, columns)
    assert pack(within).shape == (40, -(-columns // 64))
    np.testing.assert_array_equal(unpack(pack(within), columns).toarray(), within)


def test_the_last_column_of_a_word_and_the_first_of_the_next_are_told_apart() -> None:
    words = pack(np.eye(66, dtype=np.bool_)[[63, 64]])
    assert words.tolist() == [[2**63, 0], [0, 1]]


@pytest.mark.parametrize("columns", WIDTHS)
def test_rows_are_in_one_group_where_they_are_equal_and_nowhere_else(columns: int) -> None:
    assert_grouped_exactly(drawn(200, columns))


@pytest.mark.parametrize("columns", [20, 130])
def test_sets_that_share_a_hash_are_still_told_apart(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def constant(sets: Words) -> NDArray[np.uint64]:
        return np.full(len(sets), 7, dtype=np.uint64)

    monkeypatch.setattr(coverage, "_hash", constant)
    assert_grouped_exactly(drawn(200, columns))


def test_no_weight_is_lost_when_rows_are_grouped() -> None:
    within = np.array([[True, False], [False, True], [True, False]])
    groups = group_sets(pack(within))
    total = groups.total(np.array([1.0, 20.0, 300.0]))
    assert total[groups.group].tolist() == [301.0, 20.0, 301.0]


def test_the_standard_itself_is_in_time_and_a_moment_more_is_not() -> None:
    times = np.array([[300.0, 300.0 + 5e-7, 300.1, np.inf]])
    sets = cover_sets(lambda rows: times[rows], times.shape, 300.0)
    assert unpack(sets, 4).toarray().tolist() == [[1, 1, 0, 0]]


def test_cover_sets_made_in_blocks_are_those_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.random.default_rng(1).random((50, 70))
    whole = cover_sets(lambda rows: times[rows], times.shape, 0.3)
    monkeypatch.setattr(coverage, "_BLOCK_PAIRS", 200)
    assert len(list(row_blocks(*times.shape))) == 25
    parts = cover_sets(lambda rows: times[rows], times.shape, 0.3)
    np.testing.assert_array_equal(parts, whole)
