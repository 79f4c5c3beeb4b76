"""A run found again from its record."""

import pytest

from models.run import RunLimits
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.replay import replay
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.village import village


@pytest.mark.parametrize("node_limit", [None, 0])
def test_a_replay_is_the_same_plan_byte_for_byte(node_limit: int | None) -> None:
    request = village()
    answer = solve(request, RunControl(RunLimits(node_limit=node_limit)))
    record = answer.run.record
    assert answer.plan is not None
    assert record is not None
    assert record.replayable
    again = replay(request, record)
    assert again.plan is not None
    assert again.plan.model_dump_json() == answer.plan.model_dump_json()


def test_a_replay_of_another_request_is_refused() -> None:
    record = solve(village(), RunControl(RunLimits())).run.record
    assert record is not None
    with pytest.raises(InputError) as caught:
        replay(village(m2_per_place=2.0), record)
    assert [fault.path for fault in caught.value.faults] == ["record.request_sha256"]


def test_a_run_from_a_given_start_promises_no_replay() -> None:
    first = solve(village(), RunControl(RunLimits()))
    record = solve(village(), RunControl(RunLimits()), start=first.plan).run.record
    assert record is not None
    assert not record.replayable
    with pytest.raises(InputError):
        replay(village(), record)


def test_a_level_ended_by_its_ordinal_tells_that_ordinal() -> None:
    request = village()
    answer = solve(request, RunControl(RunLimits()), replay=(0, 0, 0, 0))
    record = answer.run.record
    assert record is not None
    stopped = [n for n in record.level_ordinals if n is not None]
    unproven = [one for one in answer.run.levels if one.stop.value != "proof"]
    assert len(stopped) == len(unproven)
