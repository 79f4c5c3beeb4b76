import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.algorithms.siting.choice import dense_choice
from optimizer.algorithms.siting.lagrangian import bound_at
from optimizer.algorithms.siting.levels import levels


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 5))
def test_a_covering_by_levels_is_worth_what_the_median_is(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 8, (9, 7)).astype(np.float64)
    choice = dense_choice(cost, rng.integers(0, 10, 9).astype(np.float64), count)
    by_level = levels(choice)
    covering = by_level.covering()
    assert by_level.size == len(covering.place)
    sites = rng.choice(7, count, replace=False)
    assert covering.value(sites) == choice.value(sites)
    multipliers = rng.uniform(0.0, 1.0, 9) * choice.cap
    bound, _, _ = bound_at(choice, np.clip(multipliers, cost.min(axis=1), None).clip(0, choice.cap))
    spread, _, _ = bound_at(
        covering,
        by_level.spread(np.clip(multipliers, cost.min(axis=1), None).clip(0, choice.cap)),
    )
    assert spread == pytest.approx(bound, abs=1e-9)
