"""What ways of sending teams are worth on simulated days, with intervals narrow enough to quote.

Regions, calls and incidents are illustrative. A loss of all expected cover counts as 12,000 s of
response; a diversion as 2,400 severity x seconds.
"""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.typhoon_day import day
from optimizer.simulation.comparing import compare
from optimizer.simulation.days import Policy

RESERVE_S = 12_000.0
CALM = 2_400.0
POLICIES = {
    "reserve": Policy(RESERVE_S),
    "move_up": Policy(move_up=True),
    "both": Policy(RESERVE_S, move_up=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("load", [0.1, 0.25, 0.45])
def test_fewer_calls_are_late_than_with_the_closest_team(
    benchmark: BenchmarkFixture, load: float
) -> None:
    found = benchmark.pedantic(
        compare, args=(POLICIES, load), kwargs={"regions": 40, "calls_each": 5000}, rounds=1
    )
    for one in found:
        for name, change in (("late", one.late_change), ("mean", one.mean_change)):
            told = {"mean": change.mean, "low": change.low, "high": change.high}
            benchmark.extra_info[f"{one.policy}_{name}"] = told
    by_name = {one.policy: one for one in found}
    assert by_name["both"].late_change.high < -0.03
    assert by_name["both"].mean_change.high < 0.02
    assert by_name["reserve"].late_change.high < 0.0


@pytest.mark.slow
def test_calm_costs_little_on_a_typhoon_day(benchmark: BenchmarkFixture) -> None:
    seeds = range(3)
    free = [day(seed, 0.0) for seed in seeds]
    calm = benchmark.pedantic(lambda: [day(seed, CALM) for seed in seeds], rounds=1)
    each = float(np.mean([one.each for one in calm]))
    more = [one.cost / least.cost - 1.0 for one, least in zip(calm, free, strict=True)]
    benchmark.extra_info.update(diversions_each=each, cost=float(np.mean(more)))
    assert each <= 0.03
    assert np.mean(more) <= 0.05
