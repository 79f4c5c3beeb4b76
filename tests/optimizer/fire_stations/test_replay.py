"""Runs found again from their records."""

from threading import Event

import pytest

from instances.examples import example
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.objectives import FewestStations
from models.run import Incumbent, RunLimits, RunRecord, Status
from optimizer import Extras, InputError, solve
from optimizer.control import RunControl
from optimizer.fire_stations.replay import replay
from tests.interrupting import Interrupting, told
from tests.optimizer.fire_stations.test_tighten import SEEDS, loose_city
from tests.optimizer.fire_stations.town import request_of
from tests.strategies import request_number


def record_of(answer: FireStationAnswer) -> RunRecord:
    assert answer.run.record is not None
    return answer.run.record


@pytest.mark.parametrize("number", range(1, 40, 4))
def test_a_replay_finds_the_same_plan_byte_for_byte(number: int) -> None:
    request = request_number(number)
    answer = solve(request)
    again = replay(request, record_of(answer))
    assert again.run.status is answer.run.status
    if answer.plan is not None:
        assert again.plan.model_dump_json() == answer.plan.model_dump_json()


def cancelled_at(request: FireStationRequest, level: int) -> FireStationAnswer:
    """Return the answer of a run that is cancelled at the first improvement of a level."""
    stop = Event()

    def hear(incumbent: Incumbent) -> None:
        if incumbent.level == level:
            stop.set()

    return solve(request, RunControl(RunLimits(), cancel=stop, on_incumbent=hear))


def pingshan() -> FireStationRequest:
    """Return the city's question cut to the count of stations, the same in all plans, and force."""
    request = example("pingshan-fire-stations")
    force = next(one for one in request.objectives if one.kind == "full_force")
    alone = {"objectives": (FewestStations(), force), "staffing": None, "staging": None}
    return request.model_copy(update=alone)


def test_a_run_that_was_stopped_is_replayed_to_the_improvement_it_stopped_at() -> None:
    request = pingshan()
    answer = cancelled_at(request, level=1)
    assert answer.run.status is Status.FEASIBLE
    assert record_of(answer).level_ordinals[1] is not None
    again = replay(request, record_of(answer))
    assert again.plan.model_dump_json() == answer.plan.model_dump_json()
    assert [level.objective for level in again.run.levels] == [
        level.objective for level in answer.run.levels
    ]


def test_a_record_of_another_request_other_versions_or_no_promise_is_refused_at_once() -> None:
    request = request_of()
    record = record_of(solve(request)).model_copy(
        update={"versions": {"numpy": "0.1"}, "replayable": False, "reason": "replay.not_promised"}
    )
    with pytest.raises(InputError) as refused:
        replay(request_of(new_stations={"city": 1}), record)
    assert [fault.path for fault in refused.value.faults] == [
        "record.request_sha256",
        "record.versions.numpy",
        "record.replayable",
    ]


def test_other_limits_are_no_other_request() -> None:
    request = request_of()
    record = record_of(solve(request))
    hurried = request.model_copy(update={"limits": RunLimits(time_limit_s=1.0)})
    assert replay(hurried, record).run.status is Status.OPTIMAL


def _told(answer: FireStationAnswer) -> tuple[object, ...]:
    return told(answer.plan, answer.run)


def interrupted(request: FireStationRequest, seed: int, share: float) -> FireStationAnswer:
    cancel = Interrupting(seed, share)
    return solve(request, RunControl(RunLimits(), cancel=cancel), extras=Extras(explain=False))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.8])
@pytest.mark.parametrize("number", [3, 8, 17, 26])
def test_a_run_stopped_here_and_there_is_replayed_to_the_same_plan(
    number: int, share: float
) -> None:
    request = request_number(number)
    answer = interrupted(request, number, share)
    record = record_of(answer)
    assert record.replayable
    assert _told(replay(request, record)) == _told(answer)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.4])
def test_what_is_found_after_a_part_was_ended_is_found_again(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.fire_stations.nearly.NEARLY", 0.0)
    request = loose_city(SEEDS[0]).instance.request
    answer = interrupted(request, 1, share)
    record = record_of(answer)
    assert record.ended_steps
    assert _told(replay(request, record)) == _told(answer)


@pytest.mark.parametrize(
    "seconds", [0.4, *(pytest.param(one, marks=pytest.mark.slow) for one in (0.2, 0.8, 1.2, 2.0))]
)
def test_a_run_out_of_time_is_replayed_to_the_same_plan(seconds: float) -> None:
    request = example("pingshan-fire-stations")
    limits = RunLimits(time_limit_s=seconds)
    answer = solve(request, RunControl(limits), extras=Extras(explain=False))
    again = replay(request, RunRecord.model_validate_json(record_of(answer).model_dump_json()))
    assert _told(again) == _told(answer)


def test_a_record_that_does_not_say_what_was_ended_is_refused() -> None:
    request = request_of()
    record = record_of(solve(request))
    old = record.model_copy(update={"ended_steps": None})
    assert replay(request, old).run.status is Status.OPTIMAL
    with pytest.raises(InputError) as refused:
        replay(request, old.model_copy(update={"level_ordinals": (1,)}))
    assert [fault.path for fault in refused.value.faults] == ["record.ended_steps"]
