"""A solve is asked to stop, told to leave, killed: each when the step before went unheard."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from api.jobs.database import open_database
from api.jobs.executor import LocalExecutor
from api.jobs.records import Job, State, Termination
from api.jobs.retention import Retention
from api.jobs.store import JobStore
from api.jobs.worker import Worker
from api.settings import Settings
from api.solving import Running, Work
from tests.api.doors import long
from tests.api.jobs.servers import is_solver


class Deaf(LocalExecutor):
    """Solves of which the first does not hear the wish to stop, nor perhaps the signal to leave."""

    def __init__(self, settings: Settings, *, frozen: bool) -> None:
        super().__init__(settings)
        self.frozen, self.begun = frozen, list[Running]()

    def submit(self, task: Work) -> Running:
        """Begin one."""
        made = super().submit(task)
        if not self.begun:
            made.cancel = self._freeze if self.frozen else _unheard  # type: ignore[method-assign]
        self.begun.append(made)
        return made

    def _freeze(self) -> None:
        os.kill(pid_of(self.begun[0]), signal.SIGSTOP)  # after that nothing is heard but SIGKILL


def _unheard() -> None:
    pass


def pid_of(running: Running) -> int:
    pid = running._child.process.pid
    assert pid is not None
    return pid


class Scene:
    """A worker of this process, and one long job."""

    def __init__(self, folder: Path, *, frozen: bool) -> None:
        self.engine = open_database(f"sqlite:///{folder / 'jobs.sqlite3'}")
        settings = Settings(store_folder=folder, stop_ask_s=0.4, stop_terminate_s=0.3)
        self.store, self.executor = JobStore(self.engine), Deaf(settings, frozen=frozen)
        self.worker = Worker(self.store, self.executor, settings, Retention(()))
        self.job = self.store.submit(
            "site-fire-stations", json.dumps({"request": long()}).encode()
        ).id

    def __enter__(self) -> Self:
        """Begin, and wait for the first plan."""
        self.worker.start()
        try:
            self.until(lambda: self.store.last_event(self.job, "incumbent") is not None)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.worker.close()
        self.engine.dispose()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    @property
    def found(self) -> Job:
        """The job as it is."""
        found = self.store.get(self.job)
        assert found is not None
        return found


@pytest.mark.parametrize("frozen", [False, True], ids=["ask unheard", "SIGTERM unheard"])
def test_a_search_that_does_not_hear_is_ended_and_its_best_is_kept(
    frozen: bool, tmp_path: Path
) -> None:
    with Scene(tmp_path, frozen=frozen) as scene:
        first = scene.executor.begun[0]
        process = pid_of(first)
        scene.store.ask_stop(scene.job)
        scene.until(lambda: scene.found.state.ended)
        ended = scene.found
        assert (ended.state, ended.termination) == (State.SUCCESSFUL, Termination.STOPPED)
        assert (ended.attempt, len(scene.executor.begun)) == (2, 2)
        assert not is_solver(process)
        told = scene.store.events(scene.job)
        best = json.loads([one for one in told if one.attempt == 1 and one.plan][-1].content)
        assert ended.result is not None
        answer = json.loads(scene.store.payload(ended.result))
        assert answer["verification"]["passed"]
        assert answer["run"]["levels"][0]["objective"] >= best["objective"]


def test_a_search_that_hears_answers_itself(tmp_path: Path) -> None:
    with Scene(tmp_path, frozen=False) as scene:
        first = scene.executor.begun[0]
        first._cancel.set()
        scene.store.ask_stop(scene.job)
        scene.until(lambda: scene.found.state.ended)
        assert (scene.found.termination, scene.found.attempt) == (Termination.STOPPED, 1)
        assert first.heard


def test_a_dismissed_search_that_hears_nothing_leaves_nobody_behind(tmp_path: Path) -> None:
    with Scene(tmp_path, frozen=True) as scene:
        process = pid_of(scene.executor.begun[0])
        scene.store.dismiss(scene.job)
        scene.until(lambda: not is_solver(process))
        assert scene.found.state is State.DISMISSED
