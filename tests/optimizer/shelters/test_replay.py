"""A run found again from its record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.run import RunLimits
from models.shelters import ShelterRequest
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.replay import replay
from optimizer.shelters.solve import solve
from tests.interrupting import Interrupting, told
from tests.optimizer.shelters.drawn import requests
from tests.optimizer.shelters.test_oracle import CALM
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


@given(requests(), st.sampled_from([0.05, 0.3, 0.8]), st.integers(0, 99))
@settings(max_examples=25, **CALM)  # type: ignore[arg-type]
def test_a_run_stopped_here_and_there_is_replayed_to_the_same_plan(
    request: ShelterRequest, share: float, seed: int
) -> None:
    answer = solve(request, RunControl(RunLimits(), cancel=Interrupting(seed, share)))
    assert answer.run.record is not None
    again = replay(request, answer.run.record)
    assert told(again.plan, again.run) == told(answer.plan, answer.run)
