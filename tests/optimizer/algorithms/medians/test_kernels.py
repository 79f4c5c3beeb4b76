"""The compiled pieces of the p-median against plain counting on small drawn choices."""

from itertools import product

import numpy as np
import pytest

from models.run import RunLimits
from optimizer.algorithms.medians import cut_rows, exchange, levels, narrow, prepare
from optimizer.algorithms.siting.choice import ByPlace, Choice, dense_choice
from optimizer.algorithms.siting.lagrangian import Ascent, Asked, ascend, bound_at
from optimizer.control import RunControl


def _choice(seed: int, count: int = 3) -> Choice:
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 30, (12, 8)).astype(np.float64)
    return dense_choice(cost, rng.integers(15, 32, 12).astype(np.float64), count)


@pytest.mark.parametrize("seed", range(4))
def test_an_exchange_is_the_best_of_all(seed: int) -> None:
    choice = _choice(seed)
    chosen, every = np.array([0, 1, 2]), np.zeros((0, 0), dtype=np.bool_)
    before = choice.value(chosen)
    swaps = [
        np.where(np.arange(3) == slot, site, chosen)
        for slot, site in product(range(3), range(3, 8))
    ]
    best = min(choice.value(one) for one in swaps)
    arrays = choice.start, choice.place, choice.cost, choice.cap
    made = exchange(*arrays, chosen, every, 1e-9, 1)
    assert choice.value(chosen) == min(best, before)
    assert made == (best < before)


def test_only_exchanges_that_may_be_made_are_made() -> None:
    choice = _choice(1)
    chosen, allowed = np.array([0, 1, 2]), np.zeros((3, 8), dtype=np.bool_)
    arrays = choice.start, choice.place, choice.cost, choice.cap
    assert exchange(*arrays, chosen, allowed, 1e-9, 9) == 0
    allowed[1] = True
    exchange(*arrays, chosen, allowed, 1e-9, 9)
    assert chosen[[0, 2]].tolist() == [0, 2]


@pytest.mark.parametrize("seed", range(4))
def test_levels_are_where_shares_reach_one(seed: int) -> None:
    choice = _choice(seed)
    share = np.random.default_rng(seed).choice([0.0, 0.25, 0.5], 8)
    pairs = ByPlace.of(choice)
    level, value = levels(pairs.start, pairs.site, pairs.cost, choice.cap, share)
    for i in range(12):
        some = slice(pairs.start[i], pairs.start[i + 1])
        mine, paid = share[pairs.site[some]], pairs.cost[some]
        reached = paid[np.cumsum(mine) >= 1.0 - 1e-9]
        assert level[i] == (reached[0] if len(reached) else choice.cap[i])
        assert value[i] == pytest.approx(level[i] - np.maximum(level[i] - paid, 0.0) @ mine)
    place = np.array([3, 0])
    begin, column, paid = cut_rows(pairs.start, pairs.site, pairs.cost, place, level[place], 8)
    row = np.zeros(8 + 12)
    row[column[: begin[1]]] = paid[: begin[1]]
    below = level[3] - row[:8] @ share
    assert row[8 + 3] == 1.0
    assert below == pytest.approx(value[3])


def test_a_part_keeps_the_order_of_the_whole() -> None:
    choice = _choice(2)
    closed = np.isin(np.arange(8), [1, 6])
    part = choice.fixed(np.array([4]), closed)
    pairs, alone = ByPlace.of(choice), ByPlace.of(part)
    number = np.full(8, -1, dtype=np.int32)
    number[part.site] = np.arange(len(part.site))
    start, site, cost = narrow(pairs.start, pairs.site, pairs.cost, number, part.cap)
    assert start.tolist() == alone.start.tolist()
    assert (site.tolist(), cost.tolist()) == (alone.site.tolist(), alone.cost.tolist())


@pytest.mark.parametrize("seed", range(4))
def test_multipliers_climb_and_never_pass_the_best_choice(seed: int) -> None:
    choice = _choice(seed)
    sets = (np.array([5, 6, 7]),)
    subsets = [one for one in product(range(8), repeat=3) if len(set(one)) == 3]
    best = min(choice.value(np.array(one)) for one in subsets)
    asked = min(choice.value(np.array(one)) for one in subsets if max(one) > 4)
    start, plan = 0.5 * choice.cap, Ascent(best, np.inf, 300)
    free = ascend(choice, start, plan, lambda: False)
    held = ascend(choice, start, plan, lambda: False, asked=Asked(sets, np.zeros(1)))
    assert bound_at(choice, start)[0] <= free.value <= best
    assert free.value > 0.8 * best
    assert held.value <= asked
    assert held.prices[0] >= 0.0


def test_the_clock_begins_after_compiling() -> None:
    control = RunControl(RunLimits(time_limit_s=5.0))
    prepare(control)
    assert control.elapsed_s < 1.0
