"""One process per solve: it can be asked to stop, killed, and may die alone."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing import forkserver
from pathlib import Path

import pytest

from api.children import Bounds, make_ready
from api.jobs.executor import LocalExecutor
from api.payloads import Payload
from api.processes import PROCESSES, kept_work
from api.settings import Settings
from api.solving import Running, Task, Unread
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.run import Incumbent, StopReason
from optimizer.datasets import Store
from optimizer.errors import BackendError, InputError
from tests.api.doors import environment, long, tiny


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
        process = running._child.process.pid
        assert process is not None
        os.kill(process, signal.SIGKILL)
        with pytest.raises(BackendError, match="exit code -9"):
            answer_of(running)


def test_leaving_ends_the_process_and_its_group(tmp_path: Path) -> None:
    with Running(task(long(), tmp_path)) as running:
        assert isinstance(running.wait(60), Incumbent)
        process = running._child.process
    assert process.exitcode == -signal.SIGKILL


def solve_bounded(folder: Path, *, here: bool) -> None:
    """Solve in a bounded process; this one must stay as it is."""
    with Running(task(tiny(), folder), Bounds(niceness=3, yielding=True), here=here) as running:
        answer_of(running)
    assert os.nice(0) == 0
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_a_process_bounds_itself_alone(tmp_path: Path) -> None:
    solve_bounded(tmp_path, here=False)


def test_a_process_forked_from_this_one_bounds_itself_alone(tmp_path: Path) -> None:
    # In a process that has solved nothing: a solver's threads do not survive a fork.
    program = (
        "import sys; from pathlib import Path; from tests.api.test_solving import solve_bounded;"
        "solve_bounded(Path(sys.argv[1]), here=True)"
    )
    asked = [sys.executable, "-c", program, str(tmp_path)]
    subprocess.run(asked, env=environment(), check=True, timeout=120)  # noqa: S603


@pytest.mark.parametrize(
    ("process_id", "scheduling", "expected"),
    [
        ("site-fire-stations", "idle", os.SCHED_IDLE),
        ("site-fire-stations", "normal", os.SCHED_OTHER),
        ("dispatch-teams", "idle", os.SCHED_OTHER),
    ],
)
def test_jobs_yield_to_calls_that_wait_and_dispatch_does_not(
    process_id: str, scheduling: str, expected: int, tmp_path: Path
) -> None:
    settings = Settings(store_folder=tmp_path, job_scheduling=scheduling)  # type: ignore[arg-type]
    inputs = Payload.of(json.dumps(PROCESSES[process_id].example()).encode())
    work = Unread(partial(kept_work, process_id, inputs, settings, None))
    running = LocalExecutor(settings).submit(work)
    try:
        assert running.wait(60) is not None
        assert isinstance(running, Running)
        assert os.sched_getscheduler(running._child.process.pid or 0) == expected
    finally:
        running.kill()


def test_the_server_of_processes_is_started_again_when_it_died(tmp_path: Path) -> None:
    make_ready()
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    os.kill(server, signal.SIGKILL)
    with Running(task(tiny(), tmp_path)) as running:
        assert answer_of(running).plan is not None
    assert forkserver._forkserver._forkserver_pid != server  # type: ignore[attr-defined]


def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from api.children import Child;"
        "from tests.api.test_solving import sleep_long;"
        "print(Child(sleep_long).process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", program], env=environment(), stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{child}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def sleep_long(pipe: object) -> None:
    """Wait for longer than any test."""
    del pipe
    time.sleep(600)
