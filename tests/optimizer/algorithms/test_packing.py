"""The packing is the best there is: against every choice of copies."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.algorithms.packing import pack


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 100_000))
def test_no_choice_of_copies_is_worth_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    width, height = int(rng.integers(1, 7)), int(rng.integers(1, 5))
    rows = rng.integers(0, 6, (height, width))
    room = rng.integers(0, 14, height)
    most = rng.integers(0, 3, width)
    profit = rng.integers(-2, 9, width) + rng.random(width)
    found = pack(profit, rows, room, most, close=1e-9, nodes_max=10_000)
    assert found is not None
    choices = np.array(list(product(*(range(int(n) + 1) for n in most))))
    fits = (choices @ rows.T <= room).all(axis=1)
    best = float((choices[fits] @ profit).max())
    assert (rows @ found.copies <= room).all()
    assert (found.copies <= most).all()
    assert found.worth == pytest.approx(best, abs=1e-8)
    assert found.bound >= best - 1e-9
    assert found.bound == pytest.approx(best, abs=1e-6)


def test_a_search_that_takes_too_long_says_so() -> None:
    rng = np.random.default_rng(3)
    rows = rng.integers(10, 40, (5, 30))
    profit = rows.sum(axis=0) + rng.random(30)
    ones = np.ones(30, dtype=np.intp)
    args = (profit, rows, rows.sum(axis=1) // 2, ones)
    assert pack(*args, close=1e-9, nodes_max=50) is None
