"""Regions opened anew: plans that keep every rule, and are no worse than they were."""

import numpy as np
import pytest

from instances.generators.capacitated_square import capacitated_square
from models.run import RunLimits, Status
from optimizer.algorithms.capacitated import transport
from optimizer.algorithms.capacitated.instance import Plan, count_plan, of_matrices
from optimizer.algorithms.capacitated.regions import Regions
from optimizer.algorithms.capacitated.search import locate
from optimizer.algorithms.capacitated.transport import Transport
from optimizer.control import RunControl


def control() -> RunControl:
    return RunControl(RunLimits(time_limit_s=60.0))


@pytest.mark.parametrize("seed", [1, 2])
def test_regions_come_near_to_the_best_plan(seed: int) -> None:
    instance = of_matrices(capacitated_square(60, 12, seed=seed), single_source=False)
    best = locate(instance, control())
    assert best.status is Status.OPTIMAL
    assert best.objective is not None
    served = Transport(instance, control())
    widest = np.array(
        [
            options[np.argmax(instance.capacity[options])]
            for options in np.split(np.arange(len(instance.capacity)), instance.option_start[1:-1])
        ]
    )
    start = served.plan(widest)
    assert start is not None
    kept = [start]

    def serve(options: np.ndarray) -> tuple[Plan, float] | None:
        plan = served.plan(options)
        if plan is None:
            return None
        kept.append(plan)
        return plan, count_plan(instance, plan)

    alive = np.ones(instance.sites, dtype=np.bool_)
    before = count_plan(instance, start)
    Regions(instance, served.near, alive, control()).improve(start, before, 0.0, serve)
    after = min(count_plan(instance, one) for one in kept)
    assert after <= 1.02 * best.objective < before


def test_a_large_instance_is_opened_by_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = of_matrices(capacitated_square(60, 10, seed=1), single_source=False)
    plain = locate(instance, control())
    monkeypatch.setattr(transport, "_MOST_PAIRS", 400)
    asked: list[int] = []
    improve = Regions.improve

    def heard(self: Regions, *given: object) -> None:
        asked.append(1)
        improve(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Regions, "improve", heard)
    found = locate(instance, control())
    assert asked
    assert plain.objective is not None
    assert found.objective is not None
    assert found.bound is not None
    assert found.bound <= plain.objective * (1.0 + 1e-7)
    assert plain.objective * (1.0 - 1e-7) <= found.objective <= 1.02 * plain.objective
