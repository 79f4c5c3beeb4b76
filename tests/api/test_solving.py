"""One process per solve: it can be asked to stop, killed, and may die alone."""

import os
import signal
from pathlib import Path

import pytest

from api.solving import Reserve, Running, Task
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.run import Incumbent, StopReason
from optimizer.datasets import Store
from optimizer.errors import BackendError, InputError
from tests.api.doors import long, tiny


def task(content: dict[str, object], folder: Path) -> Task:
    return Task(FireStationRequest.model_validate(content), Store(folder))


def answer_of(running: Running) -> FireStationAnswer:
    while True:
        event = running.wait(60)
        assert event is not None, "nothing heard for a minute"
        if not isinstance(event, Incumbent):
            return event


def test_the_answer_comes_back_whole(tmp_path: Path) -> None:
    with Running(task(tiny(), tmp_path)) as running:
        answer = answer_of(running)
    assert answer.verification is not None
    assert answer.verification.passed


def test_faults_come_back_as_faults(tmp_path: Path) -> None:
    with (
        Running(task(tiny() | {"new_stations": {"city": 9}}, tmp_path)) as running,
        pytest.raises(InputError) as caught,
    ):
        answer_of(running)
    assert [fault.path for fault in caught.value.faults] == ["new_stations.city"]


def test_cancelling_brings_the_best_so_far(tmp_path: Path) -> None:
    with Running(task(long(), tmp_path)) as running:
        assert isinstance(running.wait(60), Incumbent)
        running.cancel()
        answer = answer_of(running)
    assert answer.run.stop is StopReason.CANCELLED
    assert answer.plan is not None


def test_a_process_that_dies_is_a_failed_solver(tmp_path: Path) -> None:
    with Running(task(long(), tmp_path)) as running:
        process = running._made.process.pid
        assert process is not None
        os.kill(process, signal.SIGKILL)
        with pytest.raises(BackendError, match="exit code -9"):
            answer_of(running)


def test_leaving_ends_the_process_and_its_group(tmp_path: Path) -> None:
    with Running(task(long(), tmp_path)) as running:
        assert isinstance(running.wait(60), Incumbent)
        process = running._made.process
    assert process.exitcode == -signal.SIGKILL


def test_a_process_that_stands_by_takes_a_task_and_another_takes_its_place(tmp_path: Path) -> None:
    reserve = Reserve(1)
    reserve.fill()
    standby = reserve.take()
    assert standby is not None
    with Running(task(tiny(), tmp_path), standby=standby) as running:
        assert running._made is standby
        assert answer_of(running).plan is not None
    reserve.fill()  # as the one that took its place did, or does it now
    another = reserve.take()
    assert another is not None
    assert another is not standby
    another.kill()
    reserve.close()
    assert reserve.take() is None


def test_a_process_that_died_while_it_stood_by_is_replaced(tmp_path: Path) -> None:
    reserve = Reserve(1)
    reserve.fill()
    standby = reserve.take()
    assert standby is not None
    standby.process.kill()
    standby.process.join()
    with Running(task(tiny(), tmp_path), standby=standby) as running:
        assert answer_of(running).plan is not None
    reserve.close()
    assert not standby.process.is_alive()
