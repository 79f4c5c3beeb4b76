"""Choices that fall apart, against every number of sites in every part."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from models.run import RunLimits, StopReason
from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray, dense_choice
from optimizer.algorithms.siting.division import Division, Judge, Solve, components
from optimizer.algorithms.siting.lagrangian import bound_at, bounds_of_counts
from optimizer.algorithms.siting.search import Question, Search, Settled
from optimizer.control import RunControl

PLACES, SITES, PARTS = 14, 9, 3


def apart(seed: int, count: int = 8) -> Choice:
    """Return a choice of parts that share nothing, whose relaxations are some way below."""
    rng = np.random.default_rng(seed)
    cost = np.full((PARTS * PLACES, PARTS * SITES), 99.0)
    for part in range(PARTS):
        rows, columns = slice(part * PLACES, (part + 1) * PLACES), np.arange(SITES) * PARTS + part
        cost[rows, columns] = rng.integers(1, 60, (PLACES, SITES))
    return dense_choice(cost, np.full(PARTS * PLACES, 70.0), count)


def cheapest_of(choice: Choice) -> FloatArray:
    """Return the least cost of so many sites, for every number of them."""
    every = range(len(choice.site))
    return np.array(
        [
            min(choice.value(np.array(some, dtype=np.intp)) for some in combinations(every, count))
            for count in range(len(choice.site) + 1)
        ]
    )


def cheapest(choice: Choice) -> float:
    least = np.array([0.0] + [np.inf] * choice.count)
    for part in range(PARTS):
        places = np.arange(part * PLACES, (part + 1) * PLACES)
        mine = cheapest_of(choice.part(np.arange(SITES) * PARTS + part, places))
        least = np.array(
            [
                min(least[have - one] + mine[one] for one in range(min(have, SITES) + 1))
                for have in range(choice.count + 1)
            ]
        )
    return float(least[-1])


def settled(
    choice: Choice, enough: float = np.inf, nodes: int | None = None, *, whole: bool = True
) -> Settled:
    question = Question(choice, choice.value, lambda cost: cost, whole, enough)
    limits = RunLimits(time_limit_s=30.0, node_limit=nodes)
    return Search(question, RunControl(limits)).settle()


def test_parts_together_prove_the_best_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[float] = []
    prove = Division.prove

    def noted(self: Division, judge: Judge, aim: Callable[[], float], solve: Solve) -> float:
        found.append(prove(self, judge, aim, solve))
        return found[-1]

    monkeypatch.setattr(Division, "prove", noted)
    monkeypatch.setattr(Search, "_relaxed", lambda self: self.question.choice)
    for seed in (3, 5):
        choice = apart(seed)
        of_whole = settled(choice)
        assert of_whole.stop is StopReason.PROOF
        assert of_whole.cost == of_whole.bound == choice.value(of_whole.sites) == cheapest(choice)
        assert found.pop() == of_whole.cost
        thirds = replace(choice, cost=choice.cost / 3.0, cap=choice.cap / 3.0)
        in_thirds = settled(thirds, whole=False)
        assert in_thirds.bound == pytest.approx(of_whole.cost / 3.0, rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_parts_with_caps_too_low_for_the_best_leave_it_to_the_tree(seed: int) -> None:
    found = settled(apart(seed))
    assert found.bound == found.cost == cheapest(apart(seed))


def test_every_site_and_place_is_in_one_part_and_costs_add_up() -> None:
    choice = apart(1)
    choice = choice.fixed(np.array([4]), np.arange(PARTS * SITES) == 7)
    parts = list(components(choice))
    for which, size in ((0, len(choice.site)), (1, len(choice.cap))):
        every = np.concatenate([part[which] for part in parts])
        assert np.array_equal(np.sort(every), np.arange(size))
    chosen = np.random.default_rng(1).choice(len(choice.site), 6, replace=False)
    of_parts = 0.0
    for sites, places in parts:
        mine = np.flatnonzero(np.isin(sites, chosen))
        of_parts += (
            choice.part(sites, places).value(mine) if len(sites) else choice.cap[places].sum()
        )
    assert choice.base + of_parts == choice.value(chosen)


def test_multipliers_bound_every_number_of_sites() -> None:
    choice = apart(2).part(np.arange(SITES) * PARTS, np.arange(PLACES))
    true = cheapest_of(choice)
    rng = np.random.default_rng(2)
    for _ in range(20):
        held = rng.uniform(0.0, 1.0, PLACES) * choice.cap
        bounds = bounds_of_counts(choice, held)
        assert (bounds <= true).all()
        value, _, _ = bound_at(choice, held)
        assert bounds[choice.count] == pytest.approx(value, rel=1e-12)


def test_a_bound_that_is_enough_ends_the_search() -> None:
    choice = apart(3)
    best = cheapest(choice)
    less = settled(choice, enough=best - 5.0)
    assert (less.stop, less.bound) == (StopReason.PROOF, best - 5.0)
    assert less.cost >= best
    more = settled(choice, enough=best + 5.0)
    assert (more.stop, more.bound, more.cost) == (StopReason.PROOF, best, best)


def test_nodes_of_parts_count_and_a_bound_without_proof_is_a_bound() -> None:
    for seed in range(6):
        choice = apart(seed)
        short = settled(choice, nodes=2)
        assert short.work.nodes <= 2
        assert short.bound <= cheapest(choice) <= short.cost


def test_large_parts_do_not_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Division, "prove", None)
    choice = apart(4)
    sites, places = np.arange(SITES) * PARTS, np.arange(PLACES)
    one = replace(choice.part(sites, places), count=3)
    assert settled(one).cost == cheapest_of(one)[3]
    first: IndexArray = next(iter(components(one)))[0]
    assert len(first) == 0, "no place is without sites"
