"""Stations that stand in for others, and groups in order: against every sharing of small cases."""

from itertools import product

import numpy as np
import pytest

from optimizer.fire_stations.staffing.dominance import (
    gathered,
    group_order,
    kept_stations,
    stand_ins,
)

SEEDS = range(30)
STATIONS, GROUPS, NEED = 4, 5, 3


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who is in time (group, station), the least and the most units (station,)."""
    rng = np.random.default_rng(seed)
    reach = (rng.random((GROUPS, STATIONS)) < 0.4).astype(np.int64)
    lower = rng.integers(0, 2, STATIONS)
    return reach, lower, lower + rng.integers(0, 4, STATIONS)


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_moves_to_a_stand_in_is_missed_by_no_group(seed: int) -> None:
    reach, lower, upper = drawn(seed)
    lacking = NEED - reach @ lower
    stand_in = stand_ins(reach, lacking, upper - lower)
    counted = reach * kept_stations(stand_in)
    certain = (reach - counted) @ lower
    for units in map(np.array, product(*map(range, lower, upper + 1))):
        moved = gathered(units, lower, upper, stand_in)
        assert moved.sum() == units.sum()
        assert ((moved >= lower) & (moved <= upper)).all()
        served = reach @ units >= NEED
        assert (counted @ moved + certain >= NEED)[served].all()


def test_some_stations_have_stand_ins() -> None:
    found = [stand_ins(r, NEED - r @ low, high - low) for r, low, high in map(drawn, SEEDS)]
    assert sum(int((~kept_stations(one)).sum()) for one in found) > len(SEEDS) // 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_is_met_whenever_one_below_it_is(seed: int) -> None:
    reach, lower, upper = drawn(seed)
    needs = np.random.default_rng(seed).integers(1, 4, (GROUPS, 1))
    below, above = group_order(reach, needs)
    for units in map(np.array, product(*map(range, lower, upper + 1))):
        met = reach @ units >= needs[:, 0]
        assert (met[above] | ~met[below]).all()


def test_a_chain_of_groups_has_its_steps_alone() -> None:
    reach = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1]])
    below, above = group_order(reach, np.zeros((3, 0), dtype=np.int64))
    assert list(zip(below.tolist(), above.tolist(), strict=True)) == [(0, 1), (1, 2)]
