"""Processes of our own: each can be asked, bounded and killed, and its crash is not ours.

A child works in a process group of its own, so that killing it takes any program it has started
along; it dies with its parent; Ctrl-C is for the parent alone, and whatever a library prints
goes to standard error.
"""

import math
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess, parent_process
from typing import Any

from models.faults import Fault
from optimizer.errors import BackendError, InputError, OptimizerError, VerificationError

SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Bounds:
    """What a process may take at most; None: whatever there is."""

    memory_bytes: int | None = None
    cpu_s: float | None = None
    niceness: int = 0


class ProcessDiedError(BackendError):
    """A process ended without an answer."""


@dataclass(frozen=True)
class Failure:
    """An error on its way out of a child: exceptions do not survive the pipe whole."""

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


class Child:
    """One process that does ``work(pipe, *given)``, and our end of the pipe to it."""

    def __init__(self, work: Callable[..., None], *given: object) -> None:
        self.pipe, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=_begun, args=(work, theirs, *given))
        _begin(self.process)
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it can be asked something."""
        return self.process.exitcode is None and not self.pipe.closed

    def said(self, seconds: float) -> bool:
        """Return whether it says something within ``seconds``, or has ended."""
        return self.pipe.poll(max(0.0, seconds))

    def heard(self) -> object:
        """Return what it says next.

        Raises
        ------
        ProcessDiedError
            It has ended.
        """
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionResetError):
            raise self._died() from None

    def tell(self, message: object) -> None:
        """Send it something.

        Raises
        ------
        ProcessDiedError
            It has ended.
        """
        try:
            self.pipe.send(message)
        except OSError:
            raise self._died() from None

    def kill(self) -> None:
        """End it at once, with everything it started."""
        _kill_group(self.process)
        self.process.join()
        self.pipe.close()

    def _died(self) -> ProcessDiedError:
        self.process.join()
        return ProcessDiedError(f"the solver process died (exit code {self.process.exitcode})")


def _begin(process: BaseProcess) -> None:
    """Start a process that Ctrl-C does not reach: it is for the parent, which ends the child."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _kill_group(process: BaseProcess) -> None:
    if process.pid is None or process.exitcode is not None:
        return
    process.kill()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # it had not made its group yet, or all of it has ended


def _begun(work: Callable[..., None], pipe: Connection, *given: Any) -> None:
    os.setpgrp()
    os.dup2(2, 1)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    work(pipe, *given)


def _die_with_parent() -> None:
    """End this process, and all it has started, when its parent has ended."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)


def tried(question: Callable[[], object]) -> object:
    """Return what a question brings, or its failure."""
    try:
        return question()
    except InputError as error:
        return Failure(InputError, str(error), error.faults)
    except BackendError as error:
        return Failure(BackendError, str(error))
    except VerificationError as error:
        return Failure(VerificationError, str(error))
    except Exception as error:
        return Failure(None, f"{type(error).__name__}: {error}")


def bound(bounds: Bounds) -> None:
    """Bound this process."""
    if bounds.memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    grant(bounds.cpu_s)
    os.nice(bounds.niceness)


def grant(cpu_s: float | None) -> None:
    """Let this process take so much more time of a processor; None: as much as before."""
    if cpu_s is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = max(1, math.ceil(used.ru_utime + used.ru_stime + cpu_s))
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
