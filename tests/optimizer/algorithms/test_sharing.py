"""Units shared out on plain arrays, against every sharing of small cases."""

from itertools import product

import numpy as np
import pytest

from optimizer.algorithms.sharing import Kind, Shared, Sharing, share_out, trimmed

SEEDS = range(12)
STATIONS, GROUPS = 4, 9


def drawn(seed: int) -> Sharing:
    """Return groups that need people and vehicles of four stations, too few for all of them."""
    rng = np.random.default_rng(seed)
    lower = np.zeros(STATIONS, dtype=np.int64)
    return Sharing(
        in_time=rng.random((GROUPS, STATIONS)) < 0.5,
        weight=rng.integers(1, 50, GROUPS).astype(np.float64),
        needs=np.vstack([np.full(GROUPS, 4.0), rng.integers(0, 3, GROUPS).astype(np.float64)]),
        kinds=(
            Kind(lower, np.array([4, 3, 3, 2]), 7, (0,)),
            Kind(lower, np.array([2, 1, 1, 1]), 3, (1,)),
        ),
    )


def start() -> Shared:
    return np.array([1, 1, 1, 0]), np.array([0, 0, 1, 0])


def sharings(kind: Kind) -> list[np.ndarray]:
    every = product(
        *(range(low, high + 1) for low, high in zip(kind.lower, kind.upper, strict=True))
    )
    return [np.array(one) for one in every if sum(one) <= kind.total]


def searched(problem: Sharing) -> tuple[Shared, list[float]]:
    heard: list[float] = []
    found = share_out(
        problem,
        start(),
        seed=1,
        stop=lambda: False,
        improved=lambda shared: heard.append(problem.met(shared)),
    )
    return found, heard


@pytest.mark.parametrize("seed", SEEDS)
def test_the_search_keeps_every_limit_and_comes_near_the_best_sharing(seed: int) -> None:
    problem = drawn(seed)
    found, heard = searched(problem)
    for kind, units in zip(problem.kinds, found, strict=True):
        assert (units >= kind.lower).all()
        assert (units <= kind.upper).all()
        assert units.sum() <= kind.total
    people, vehicles = (sharings(kind) for kind in problem.kinds)
    best = max(problem.met(pair) for pair in product(people, vehicles))
    assert 0.9 * best <= problem.met(found) <= best
    assert heard == sorted(set(heard))
    assert max([problem.met(start()), *heard]) == problem.met(found)


def test_a_search_that_is_stopped_leaves_the_start_as_it_was() -> None:
    problem = drawn(0)
    found = share_out(problem, start(), seed=1, stop=lambda: True, improved=pytest.fail)
    assert all(map(np.array_equal, found, start()))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_trimmed_serves_as_much_and_no_single_unit_more_can_go(seed: int) -> None:
    problem = drawn(seed)
    full = tuple(kind.upper.copy() for kind in problem.kinds)
    left = trimmed(problem, full, (1, 0))
    assert problem.met(left) == problem.met(full)
    assert sum(units.sum() for units in left) < sum(units.sum() for units in full)
    for kind, station in product((0, 1), range(STATIONS)):
        if left[kind][station] > 0:
            fewer = tuple(units.copy() for units in left)
            fewer[kind][station] -= 1
            assert problem.met(fewer) < problem.met(left)
