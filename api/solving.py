"""One process per solve: it can be asked to stop, and killed, and its crash is not ours.

The child works in a process group of its own, so that killing it takes any solver program it
has started along; it dies with its parent; and whatever a solver library prints goes to
standard error.
"""

import math
import multiprocessing
import os
import resource
import signal
import threading
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess, parent_process
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Self

from api.problems import AnyAnswer, AnyPlan, AnyRequest, problem_of, unable
from models.echo import LONGEST_PAUSE_S, EchoAnswer, EchoRequest
from models.faults import Fault
from models.run import Incumbent, RunLimits, RunRecord
from optimizer import Extras
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.errors import BackendError, InputError, OptimizerError, VerificationError

_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Task:
    """What to solve: the request, where its datasets lie, perhaps a plan to start from.

    ``extras`` are what the answer is to carry beside the plan. With a ``record`` that run is
    replayed instead, and there is no stopping it but by the end of the process. With a
    ``proposal`` that plan is judged, ``against`` a proven answer if there is one.
    """

    request: AnyRequest
    store: Store
    start: AnyPlan | None = None
    extras: Extras = field(default_factory=Extras)
    record: RunRecord | None = None
    proposal: AnyPlan | None = None
    against: AnyAnswer | None = None

    @property
    def limits(self) -> RunLimits:
        """What the search may take."""
        return self.request.limits


@dataclass(frozen=True)
class Echo:
    """Work that asks nothing of a solver: a message given back after a pause."""

    request: EchoRequest

    @property
    def limits(self) -> RunLimits:
        """What it may take: the longest pause, on one thread."""
        return RunLimits(time_limit_s=LONGEST_PAUSE_S, threads=1)


Work = Task | Echo


@dataclass(frozen=True)
class Bounds:
    """What a solve's process may take at most; None: whatever there is."""

    memory_bytes: int | None = None
    cpu_s: float | None = None
    niceness: int = 0


class ProcessDiedError(BackendError):
    """The process of a solve ended without an answer."""


@dataclass(frozen=True)
class _Failure:
    """An error on its way out of the child: exceptions do not survive the pipe whole."""

    kind: type[OptimizerError] | None
    text: str
    faults: tuple[Fault, ...] = ()

    def raised(self) -> Exception:
        """Return the exception this was."""
        if self.kind is InputError:
            return InputError(self.faults)
        if self.kind is None:
            return RuntimeError(self.text)
        return self.kind(self.text)


Answer = AnyAnswer | EchoAnswer
News = Incumbent | Answer


class Running:
    """A solve under way; leaving the ``with`` block ends it, whatever it was doing."""

    def __init__(self, task: Work, bounds: Bounds | None = None) -> None:
        self._pipe, theirs = _spawn.Pipe(duplex=False)
        self._cancel = _spawn.Event()
        self._process = _spawn.Process(
            target=_work, args=(task, bounds or Bounds(), self._cancel, theirs)
        )
        # The mask is inherited: Ctrl-C is for the parent, which asks the child to stop.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        theirs.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and everything it started."""
        self.kill()

    def wait(self, seconds: float) -> News | None:
        """Return the next improvement or the answer, or None if there is none in ``seconds``.

        Raises
        ------
        OptimizerError
            What the engine raised; a process that died counts as a failed solver.
        """
        try:
            if not self._pipe.poll(seconds):
                return None
            message: News | _Failure = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            raise ProcessDiedError(
                f"the solver process died (exit code {self._process.exitcode})"
            ) from None
        if isinstance(message, _Failure):
            raise message.raised()
        return message

    def cancel(self) -> None:
        """Ask the search to stop and to answer with the best it has."""
        self._cancel.set()

    def kill(self) -> None:
        """End the process at once."""
        _kill_group(self._process)
        self._process.join()
        self._pipe.close()


def _kill_group(process: BaseProcess) -> None:
    if process.pid is None or process.exitcode is not None:
        return
    process.kill()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # it had not made its group yet, or all of it has ended


def _work(task: Work, bounds: Bounds, cancel: Event, pipe: Connection) -> None:
    os.setpgrp()
    _bound(bounds)
    os.dup2(2, 1)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        pipe.send(_answer(task, cancel, pipe))
    except InputError as error:
        pipe.send(_Failure(InputError, str(error), error.faults))
    except BackendError as error:
        pipe.send(_Failure(BackendError, str(error)))
    except VerificationError as error:
        pipe.send(_Failure(VerificationError, str(error)))
    except Exception as error:
        pipe.send(_Failure(None, f"{type(error).__name__}: {error}"))


def _bound(bounds: Bounds) -> None:
    if bounds.memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    if bounds.cpu_s is not None:
        seconds = max(1, math.ceil(bounds.cpu_s))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.nice(bounds.niceness)


def _answer(task: Work, cancel: Event, pipe: Connection) -> Answer:
    if isinstance(task, Echo):
        cancel.wait(task.request.pause)
        return EchoAnswer(message=task.request.message)
    problem = problem_of(task.request)
    if task.record is not None:
        if problem.replay is None:
            raise unable(problem, lambda one: one.replay)
        return problem.replay(task.request, task.record, task.store)
    if task.proposal is not None:
        if problem.evaluate is None:
            raise unable(problem, lambda one: one.evaluate)
        return problem.evaluate(task.request, task.proposal, task.against, task.store)
    control = RunControl(task.request.limits, cancel=cancel, on_incumbent=pipe.send)
    return problem.solve(task.request, control, task.start, task.store, task.extras)


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)
