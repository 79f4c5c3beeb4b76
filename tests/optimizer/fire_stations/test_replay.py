"""Runs found again from their records."""

from threading import Event

import pytest

from instances.examples import example
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.objectives import FewestStations
from models.run import Incumbent, RunLimits, RunRecord, Status, StopReason
from optimizer import InputError, solve
from optimizer.algorithms.branching import BranchAndBound, Proof
from optimizer.control import RunControl
from optimizer.fire_stations.replay import replay
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


def _ended_in_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tree within half a percent end at once, as a clock would."""

    def ended(tree: BranchAndBound, control: RunControl) -> Proof:
        del control
        return Proof(tree._sessions[0].safe_bound or 0.0, 0, finished=False, stopped=True)

    monkeypatch.setattr(BranchAndBound, "prove", ended)


def test_what_is_found_after_a_tree_was_ended_is_not_called_replayable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = loose_city(SEEDS[0]).instance.request
    assert record_of(solve(request)).replayable
    monkeypatch.setattr("optimizer.fire_stations.nearly.NEARLY", 0.0)
    _ended_in_the_tree(monkeypatch)
    record = record_of(solve(request))
    assert not record.replayable
    assert record.reason == "replay.cut_short"
    with pytest.raises(InputError) as refused:
        replay(request, record)
    assert [fault.need.code for fault in refused.value.faults] == ["replay.cut_short"]


def test_a_search_that_ends_where_it_was_cut_is_repeated() -> None:
    control = RunControl(RunLimits())
    part = control.share(1.0, level=1)
    part.improved(5.0, None)
    part.cut(StopReason.WORK)
    part.improved(5.5, None)
    assert not part.cut_short(proven=True)
    part.cut(StopReason.TIME)
    assert not part.cut_short(proven=False)
    assert part.cut_short(proven=True)  # a proof may end at another plan of the same worth
    part.improved(6.0, None)
    assert part.cut_short(proven=False)
    assert not control.share(1.0, level=2).cut_short(proven=True)
