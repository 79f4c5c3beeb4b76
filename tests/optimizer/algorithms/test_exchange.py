"""Exchange on plain arrays: p-medians small enough to try every choice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from optimizer.algorithms.exchange import BoolArray, Exchange, FloatArray, IndexArray, exchange

TAKEN = 3
OPTIONS = 9
SEEDS = range(8)


@dataclass(frozen=True)
class Distance:
    """``sign`` times the summed distance to the nearest chosen option, plus ``shift``."""

    distance: FloatArray  # (point, option)
    sign: float = 1.0
    shift: float = 0.0
    costly: bool = False

    def insertions(self, chosen: BoolArray, options: IndexArray) -> FloatArray:
        now = self.distance[:, chosen].min(axis=1, initial=1e6)
        nearest = np.minimum(now[:, None], self.distance[:, options])
        return np.asarray(self.shift + self.sign * nearest.sum(axis=0))

    def value(self, chosen: BoolArray) -> float:
        return float(self.shift + self.sign * self.distance[:, chosen].min(axis=1).sum())


def drawn(seed: int) -> Exchange:
    """Return a p-median: exactly three options, and no more than two of the first five."""
    distance = np.random.default_rng(seed).integers(1, 1000, (12, OPTIONS)).astype(np.float64)
    first = np.arange(OPTIONS) < 5
    return Exchange(
        objective=Distance(distance),
        floors=(),
        rules=np.array([np.ones(OPTIONS), first], dtype=np.float64),
        lower=np.array([float(TAKEN), 0.0]),
        upper=np.array([float(TAKEN), 2.0]),
        movable=np.ones(OPTIONS, dtype=np.bool_),
        possible=np.ones(OPTIONS, dtype=np.bool_),
        place=np.arange(OPTIONS),
    )


def with_floor(problem: Exchange, *, costly: bool = False) -> Exchange:
    """Return the problem with a second distance that may grow little beyond the start's."""
    other = np.random.default_rng(99).integers(1, 1000, (7, OPTIONS)).astype(np.float64)
    least = Distance(other).value(taking(0, 1, 8))
    floor = Distance(other, sign=-1.0, shift=1.05 * least, costly=costly)
    return replace(problem, floors=(floor,))


def taking(*options: int) -> BoolArray:
    return np.isin(np.arange(OPTIONS), options)


START = taking(0, 1, 8)


def lawful(problem: Exchange, chosen: BoolArray) -> bool:
    activity = problem.rules @ chosen.astype(np.float64)
    held = ((activity >= problem.lower) & (activity <= problem.upper)).all()
    return bool(held) and all(floor.value(chosen) >= 0.0 for floor in problem.floors)  # type: ignore[attr-defined]


def every_choice(problem: Exchange) -> list[BoolArray]:
    choices = (taking(*some) for some in combinations(range(OPTIONS), TAKEN))
    return [chosen for chosen in choices if lawful(problem, chosen)]


def search(
    problem: Exchange,
    start: BoolArray = START,
    *,
    seed: int = 0,
    kicks: int = 0,
    stop: Callable[[], bool] = lambda: False,
    heard: list[BoolArray] | None = None,
) -> BoolArray:
    listener = [] if heard is None else heard
    return exchange(problem, start, seed=seed, kicks=kicks, stop=stop, improved=listener.append)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_step_is_the_best_of_all_swaps(seed: int) -> None:
    problem, heard = drawn(seed), list[BoolArray]()
    found = search(problem, stop=lambda: bool(heard), heard=heard)
    swaps = [one for one in every_choice(problem) if np.sum(one != START) == 2]
    best = min(problem.score(one) for one in swaps)
    assert problem.score(found) == best < problem.score(START)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_single_swap_betters_what_a_descent_ends_with(seed: int) -> None:
    problem = with_floor(drawn(seed))
    found = search(problem)
    swaps = [one for one in every_choice(problem) if np.sum(one != found) == 2]
    assert all(problem.score(one) >= problem.score(found) for one in swaps)


@pytest.mark.parametrize("costly", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_choice_that_is_heard_of_breaks_a_rule_or_a_floor(seed: int, *, costly: bool) -> None:
    problem, heard = with_floor(drawn(seed), costly=costly), list[BoolArray]()
    found = search(problem, kicks=20, heard=heard)
    assert all(lawful(problem, chosen) for chosen in [*heard, found])


@pytest.mark.parametrize("seed", SEEDS)
def test_kicks_bring_a_small_problem_to_its_optimum(seed: int) -> None:
    problem = with_floor(drawn(seed))
    best = min(problem.score(chosen) for chosen in every_choice(problem))
    assert problem.score(search(problem, kicks=200)) == best


def test_a_descent_alone_ends_in_local_optima_that_kicks_leave() -> None:
    ends = [(search(drawn(seed)), search(drawn(seed), kicks=60), drawn(seed)) for seed in range(20)]
    assert any(problem.score(kicked) < problem.score(plain) for plain, kicked, problem in ends)
    assert all(problem.score(kicked) <= problem.score(plain) for plain, kicked, problem in ends)


def asked(problem: Exchange, seed: int) -> list[list[bool]]:
    """Return every choice whose objective is asked for, in order: the whole path of a search."""
    seen: list[list[bool]] = []

    @dataclass(frozen=True)
    class Listening(Distance):
        def insertions(self, chosen: BoolArray, options: IndexArray) -> FloatArray:
            seen.append(chosen.tolist())
            return super().insertions(chosen, options)

    measure = Listening(problem.objective.distance)  # type: ignore[attr-defined]
    search(replace(problem, objective=measure), seed=seed, kicks=5)
    return seen


def test_the_same_seed_takes_the_same_steps_and_another_seed_others() -> None:
    assert asked(drawn(3), seed=5) == asked(drawn(3), seed=5) != asked(drawn(3), seed=6)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_step_down_is_told_and_the_last_is_the_answer(seed: int) -> None:
    problem, heard = drawn(seed), list[BoolArray]()
    found = search(problem, heard=heard)
    path = [START, *heard]
    assert all(np.sum(one != other) == 2 for one, other in pairwise(path))
    scores = [problem.score(chosen) for chosen in path]
    assert all(other < one for one, other in pairwise(scores))
    np.testing.assert_array_equal(path[-1], found)


def test_what_is_told_after_kicks_is_always_better_than_all_before() -> None:
    for seed in range(20):
        problem, heard = drawn(seed), list[BoolArray]()
        found = search(problem, kicks=60, heard=heard)
        scores = [problem.score(chosen) for chosen in [START, *heard]]
        assert scores == sorted(set(scores), reverse=True)
        assert problem.score(found) == scores[-1]


def test_a_search_told_to_stop_at_once_returns_its_start() -> None:
    heard = list[BoolArray]()
    found = search(drawn(0), kicks=9, stop=lambda: True, heard=heard)
    assert not heard
    np.testing.assert_array_equal(found, START)


def test_options_that_may_not_move_stay_and_impossible_ones_stay_out() -> None:
    for seed in SEEDS:
        problem = replace(drawn(seed), movable=~taking(1), possible=~taking(2, 5))
        found = search(problem, kicks=20)
        assert found[1]
        assert not found[[2, 5]].any()


def test_two_places_trade_kinds_where_no_single_swap_keeps_the_counts() -> None:
    # Options are (place 0, kinds a and b), (place 1, kinds a and b): one of each kind and place.
    problem = Exchange(
        objective=Distance(np.array([[9.0, 1.0, 9.0, 9.0], [9.0, 9.0, 1.0, 9.0]])),
        floors=(),
        rules=np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=np.float64),
        lower=np.ones(4),
        upper=np.ones(4),
        movable=np.ones(4, dtype=np.bool_),
        possible=np.ones(4, dtype=np.bool_),
        place=np.array([0, 0, 1, 1]),
    )
    found = search(problem, np.array([True, False, False, True]))
    assert found.tolist() == [False, True, True, False]
