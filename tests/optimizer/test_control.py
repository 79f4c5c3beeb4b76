from threading import Event

import numpy as np
import pytest

from models.run import Incumbent, RunLimits, StopReason
from optimizer.control import Described, RunControl


def test_an_improvement_is_recorded_and_told() -> None:
    told: list[Incumbent] = []
    control = RunControl(RunLimits(), on_incumbent=told.append)
    assert control.improved(3.0, float("inf")) == 1
    assert control.improved(4.0, 5.0) == 2
    assert told == control.incumbents
    assert [(i.ordinal, i.objective, i.bound) for i in told] == [(1, 3.0, None), (2, 4.0, 5.0)]


def test_values_become_an_objective_counted_afresh_and_site_names() -> None:
    plan: dict[str, list[str]] = {"stations": []}
    control = RunControl(
        RunLimits(), describe=lambda values: Described(float(values.sum()), ("A", "B"), plan)
    )
    control.improved(99.0, None, np.array([1.0, 1.0]))
    assert control.incumbents[0].objective == 2.0
    assert control.incumbents[0].plan_sites == ("A", "B")
    assert control.incumbents[0].plan == plan
    assert "plan" not in control.incumbents[0].model_dump()


def test_ordinals_count_within_each_level_of_the_run() -> None:
    whole = RunControl(RunLimits())
    first, second = whole.slice(10.0, level=0), whole.slice(10.0, level=1)
    for part in (first, first, second, first.slice(1.0)):
        part.improved(1.0, None)
    assert [(i.level, i.ordinal) for i in whole.incumbents] == [(0, 1), (0, 2), (1, 1), (0, 3)]
    assert len(first.incumbents) == 3
    assert len(second.incumbents) == 1


def test_a_slice_ends_with_the_earlier_of_both_clocks() -> None:
    whole = RunControl(RunLimits(time_limit_s=10.0))
    assert whole.slice(1000.0).remaining_s <= 10.0
    assert whole.slice(1.0).slice(5.0).remaining_s <= 1.0
    assert 4.0 < whole.share(0.5).remaining_s <= 5.0
    assert whole.slice(0.0).stop is StopReason.TIME
    assert whole.stop is None


def test_cancelling_the_run_cancels_its_slices() -> None:
    flag = Event()
    part = RunControl(RunLimits(), cancel=flag).share(0.5, level=2)
    flag.set()
    assert part.stop is StopReason.CANCELLED


def test_a_replay_stops_at_its_improvement() -> None:
    control = RunControl(RunLimits(), stop_after=2)
    part = control.slice(10.0)
    part.improved(1.0, None)
    assert part.stop is None
    part.improved(2.0, None)
    assert part.stop is StopReason.WORK
    assert control.slice(10.0, level=1).stop is None


def test_a_failing_listener_is_heard_of_only_after_the_solve() -> None:
    def fail(incumbent: Incumbent) -> None:
        raise RuntimeError(f"no room for {incumbent.objective}")

    control = RunControl(RunLimits(), on_incumbent=fail)
    control.raise_failure()
    control.slice(10.0).improved(1.0, None)
    assert control.stop is StopReason.CANCELLED
    with pytest.raises(RuntimeError, match="no room for"):
        control.raise_failure()
