"""Processes that stand ready: quick, bounded, replaced when they end, gone with their parent."""

import gc
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator
from functools import partial

import pytest

from api.children import Bounds, ProcessDiedError
from api.lane import GoneError, Lane, LateError
from optimizer.errors import InputError


def nothing() -> None:
    return None


def grasp(size: int) -> int:
    return len(bytearray(size))


class Loop:
    """Garbage that only a search finds."""

    def __init__(self) -> None:
        self.itself = self


LEFT: list[weakref.ref[Loop]] = []


def leave_garbage() -> bool:
    LEFT.append(weakref.ref(Loop()))
    return gc.isenabled()


def garbage_is_gone() -> bool:
    return LEFT[-1]() is None


def spin() -> None:
    while True:
        pass


def refuse() -> None:
    raise InputError(())


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    made = Lane(1, Bounds(memory_bytes=2_000_000_000, cpu_s=3.0), nothing)
    made.start()
    yield made
    made.close()


def test_one_process_answers_many_questions(lane: Lane) -> None:
    pids = {lane.ask(os.getpid, 30) for _ in range(5)}
    assert len(pids) == 1
    assert os.getpid() not in pids


def test_garbage_is_looked_for_between_questions_and_never_in_one(lane: Lane) -> None:
    assert not lane.ask(leave_garbage, 30)
    assert lane.ask(garbage_is_gone, 30)


def test_an_error_of_the_engine_comes_out_as_it_is(lane: Lane) -> None:
    with pytest.raises(InputError):
        lane.ask(refuse, 30)


def test_what_takes_too_long_is_ended_and_replaced(lane: Lane) -> None:
    before = lane.ask(os.getpid, 30)
    with pytest.raises(LateError):
        lane.ask(partial(time.sleep, 60), 0.3)
    assert not running(before)
    assert lane.ask(os.getpid, 30) != before


def test_memory_and_processor_time_are_bounded(lane: Lane) -> None:
    with pytest.raises(RuntimeError, match="MemoryError"):
        lane.ask(partial(grasp, 4_000_000_000), 30)
    with pytest.raises(ProcessDiedError):
        lane.ask(spin, 60)
    assert lane.ask(partial(grasp, 10), 30) == 10


def test_one_that_was_killed_while_idle_is_replaced_before_it_is_asked(lane: Lane) -> None:
    before = lane.ask(os.getpid, 30)
    os.kill(before, signal.SIGKILL)
    time.sleep(0.2)
    assert lane.ask(os.getpid, 30) != before


def test_questions_wait_for_each_other_not_for_ever(lane: Lane) -> None:
    answers: list[int] = []
    asking = [
        threading.Thread(target=lambda: answers.append(lane.ask(partial(grasp, 5), 30)))
        for _ in range(4)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert answers == [5, 5, 5, 5]


def test_a_lane_without_processes_starts_one_for_each_question() -> None:
    cold = Lane(0, Bounds(), nothing)
    first, second = cold.ask(os.getpid, 60), cold.ask(os.getpid, 60)
    assert first != second
    assert not running(first)
    cold.close()


def test_a_place_beyond_the_ready_ones_gets_a_process_of_its_own() -> None:
    lane = Lane(1, Bounds(), nothing, places=2)
    lane.start()
    first = lane.ask(os.getpid, 60)
    asleep = threading.Thread(target=lambda: lane.ask(partial(time.sleep, 1.5), 60))
    asleep.start()
    time.sleep(0.2)
    assert lane.ask(os.getpid, 60) != first
    asleep.join()
    assert not running(first)  # the other one stands ready in its place
    lane.close()


def test_a_question_that_nobody_waits_for_any_more_is_ended(lane: Lane) -> None:
    before, gone = lane.ask(os.getpid, 30), threading.Event()
    threading.Timer(0.2, gone.set).start()
    began = time.monotonic()
    with pytest.raises(GoneError):
        lane.ask(partial(time.sleep, 60), 90, gone)
    assert time.monotonic() - began < 30
    assert not running(before)


def test_who_has_worked_for_long_is_replaced(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lane.ask(os.getpid, 30)
    monkeypatch.setattr("api.lane._LONGEST_S", 0.1)
    assert lane.ask(partial(time.sleep, 0.15), 30) is None
    monkeypatch.undo()
    assert lane.ask(os.getpid, 30) != before


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
