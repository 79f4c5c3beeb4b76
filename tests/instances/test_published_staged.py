"""Published two-stage instances: the first class proved, the third near the best known."""

import time

import pytest

from instances import catalog
from models.run import RunLimits, Status
from optimizer.algorithms.two_echelon import locate_stages
from optimizer.control import RunControl

ENTRIES = {entry.name: entry for entry in catalog.entries("tscflp")}
needs_data = pytest.mark.skipif(
    not ENTRIES, reason="published data absent: set MUSTER_DATA to its folder"
)
FIRST, THIRD = ([f"PSC{n}-C{kind}-50" for n in range(1, 6)] for kind in (1, 3))


class Spent:
    """Set once this process has spent so much processor time from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    def is_set(self) -> bool:
        return time.process_time() >= self._end


@needs_data
def test_all_published_two_stage_problems_are_tested() -> None:
    assert sorted(ENTRIES) == sorted([*FIRST, *THIRD])


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("name", FIRST)
def test_the_first_class_is_proved_within_two_minutes(name: str) -> None:
    problem, known = catalog.load_staged(ENTRIES[name])
    # Ended by processor time, so that a search that goes astray fails soon and not by the load.
    spent = Spent(120.0)
    limits = RunLimits(time_limit_s=1_800.0)
    found = locate_stages(problem, RunControl(limits, cancel=spent))
    assert not spent.is_set(), f"{found.gap} open after {found.nodes} nodes, {found.judged} plans"
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(known.value, rel=1e-6)


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("name", THIRD)
def test_the_third_class_comes_near_the_best_known_and_its_bound(name: str) -> None:
    problem, known = catalog.load_staged(ENTRIES[name])
    began = time.process_time()
    # A tree of one node: the plan and the bound at the root are what is asked for.
    found = locate_stages(problem, RunControl(RunLimits(time_limit_s=900.0, node_limit=1)))
    assert time.process_time() - began <= 300.0
    assert found.objective is not None
    assert found.gap is not None
    assert found.objective <= known.value * 1.001
    assert found.gap <= 0.01
