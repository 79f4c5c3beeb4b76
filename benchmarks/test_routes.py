"""Routes of teams: how near the best known a search of so many steps comes, and what it takes.

Steps are a work limit: about a second's on one core of the machine in `results`, a hundredth of
one for RUASP 40 x 40. The best known values are the least that any program, seed or time brought;
none is proven.
"""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.routing.cases import CASES, Case
from optimizer.algorithms.routes.checking import broken_rules, objective_of
from optimizer.algorithms.routes.search import Schedule, search

SHORT = {"ruasp-300x100"}  # a second; the others take twenty


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, id=one.name, marks=[pytest.mark.slow] if one.name not in SHORT else [])
        for one in CASES
    ],
)
def test_a_search_of_so_many_steps_comes_near_the_best_known(
    benchmark: BenchmarkFixture, case: Case
) -> None:
    made = case.make()

    def run(steps: int) -> Schedule:
        found = search(made, seed=1, steps=steps, stop=lambda: False, improved=lambda _: None)
        assert found is not None
        return found

    run(1)  # compiles, where that is still to be done
    found = benchmark.pedantic(run, (case.steps,), rounds=1)
    assert not broken_rules(made, found.routes, found.start)
    assert objective_of(made, found.routes, found.start) == pytest.approx(found.objective)
    assert found.objective <= case.best * (1.0 + case.within)
