"""Processes that work for this one: bounded, killable, and never left behind.

They are forked from a server that has loaded the engine, so that starting one costs a few
hundredths of a second. Each works in a process group of its own, so that killing it takes any
solver program it has started along; it dies with its parent; and whatever a solver library
prints goes to standard error.
"""

import math
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkServerContext
from multiprocessing.process import BaseProcess, parent_process

from optimizer.errors import BackendError

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["api.processes"])
# Elsewhere, system libraries do not survive a fork.
_FORK = multiprocessing.get_context("fork") if sys.platform == "linux" else _SERVER

Switch = _SERVER.Event  # one that either kind of child can be handed
Work = Callable[[Connection], None]
_DYING_S = 5.0
_BEAT_S = 0.02
_Context = ForkContext | ForkServerContext


@dataclass(frozen=True)
class Bounds:
    """What a process may take at most; None: whatever there is.

    ``yielding``: it runs only where processors have nothing else to do (Linux: SCHED_IDLE), and
    whoever wakes up takes its place at once, not at the end of its slice.
    """

    memory_bytes: int | None = None
    cpu_s: float | None = None
    niceness: int = 0
    yielding: bool = False


class ProcessDiedError(BackendError):
    """The process of a solve ended without an answer."""


class Child:
    """One process, and the pipe to it: ``work``, which has to be picklable, gets the other end.

    With ``here`` it is forked from this process, which saves loading the engine a second time. It
    must have one thread alone and have solved nothing: a solver's threads do not survive a fork,
    and the child would wait for them.
    """

    def __init__(self, work: Work, *, here: bool = False) -> None:
        context = _FORK if here else _SERVER
        self.pipe, theirs = context.Pipe()
        self.process = _started(context, partial(_begun, work, theirs))
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it can still be spoken to."""
        return self.process.exitcode is None and not self.pipe.closed

    def died(self) -> ProcessDiedError:
        """Return the error of a process whose pipe has ended."""
        self.process.join()
        return ProcessDiedError(f"the solver process died (exit code {self.process.exitcode})")

    def terminate(self) -> None:
        """Tell the process to leave (SIGTERM); see `leave_when_told`."""
        if self.process.exitcode is None:
            self.process.terminate()

    def kill(self) -> None:
        """End the process at once, with everything it started."""
        if self.process.pid is not None and self.process.exitcode is None:
            self.process.kill()
            # It may not have made its group yet, or all of it may have ended.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()


def make_ready() -> None:
    """Start the server that children are forked from and wait until it has loaded the engine."""
    first = Child(_nothing)
    first.process.join()
    first.kill()


def leave_when_told(sending: threading.Lock) -> None:
    """End this process, and all it has started, at SIGTERM, but never in the middle of a message.

    A thread waits for the signal: a handler would wait for whatever the main thread is in, which
    may be one long call of a solver library. Call it before other threads are started, for they
    inherit that the signal is not theirs.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def leave() -> None:
        signal.sigwait({signal.SIGTERM})
        with sending:
            os.killpg(0, signal.SIGKILL)

    threading.Thread(target=leave, daemon=True).start()


def bound(bounds: Bounds) -> None:
    """Bound this process."""
    if bounds.memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    if bounds.cpu_s is not None:
        seconds = max(1, math.ceil(bounds.cpu_s))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.nice(bounds.niceness)
    if bounds.yielding and sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _started(context: _Context, target: Callable[[], None]) -> BaseProcess:
    """Return a started process; a server that died is replaced as soon as it is seen to be dead."""
    until = time.monotonic() + _DYING_S
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by the server
    try:
        while True:
            process = context.Process(target=target)
            try:
                process.start()
            except (EOFError, ConnectionError):
                if time.monotonic() > until:
                    raise
                time.sleep(_BEAT_S)
            else:
                return process
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _begun(work: Work, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    os.setpgrp()
    os.dup2(2, 1)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    work(pipe)


def _nothing(pipe: Connection) -> None:
    """Do nothing."""


def _die_with_parent() -> None:
    """End this process, and all it has started, when its parent has ended."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)
