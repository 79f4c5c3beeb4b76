"""Processes that stand ready: short questions are answered without starting one first.

Each is bounded, killable and dies with its parent, as `api.children` are. One that has
answered often, or was ended, is replaced; none ever waits behind a solve of another kind.
"""

import ctypes
import gc
import math
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import TypeVar, cast

from api.children import Bounds, Child, bound
from api.solving import Failure, tried

T = TypeVar("T")
Question = Callable[[], object]

_MOST_USES = 500
_LONGEST_S = 10.0  # who has worked for longer may hold on to much memory
_PATIENCE_S = 5.0
_BEAT_S = 0.2
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3)
_KEPT_BYTES = 32 * 2**20  # the most that is granted for maps


class LaneFullError(Exception):
    """Every place was taken for too long."""


class LateError(Exception):
    """The answer took longer than granted; its process has been ended."""


class GoneError(Exception):
    """Nobody waits for the answer any more; its process has been ended."""


class Lane:
    """So many processes that stand ready; with a ``size`` of 0 one is started for each question.

    ``warm_up`` is asked of each first: it loads what the first real question would wait for. A
    question waits ``patience_s`` for one of as many ``places`` as there are processes, or more:
    for those a process is started.
    """

    def __init__(
        self,
        size: int,
        bounds: Bounds,
        warm_up: Question,
        patience_s: float = _PATIENCE_S,
        *,
        places: int = 1,
    ) -> None:
        self.size, self._patience_s = size, patience_s
        self._bounds, self._warm_up = bounds, warm_up
        self._idle: list[_Ready] = []
        self._places = threading.BoundedSemaphore(max(places, size))
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Start the processes; they get ready by themselves."""
        for _ in range(self.size):
            self._put(self._new())

    def close(self) -> None:
        """End the processes, those that are asked something included once they have answered."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def ask(
        self, question: Callable[[], T], seconds: float, gone: threading.Event | None = None
    ) -> T:
        """Return what ``question`` brings in another process, within ``seconds`` of its start.

        Raises
        ------
        LaneFullError, LateError, GoneError
            No place was free in time; the answer did not come in time; ``gone`` was set.
        OptimizerError
            What the engine raised; a process that died counts as a failed solver.
        """
        if not self._places.acquire(timeout=self._patience_s):
            raise LaneFullError
        try:
            child = self._taken()
            try:
                answer = child.ask(question, seconds, gone or threading.Event())
            except BaseException:
                child.kill()
                raise
            finally:
                self._give_back(child)
        finally:
            self._places.release()
        if isinstance(answer, Failure):
            raise answer.raised()
        return cast("T", answer)

    def _new(self, *, hurried: bool = False) -> "_Ready":
        """Return a process that gets ready, at once where a question waits for it."""
        return _Ready(self._bounds, _nothing if hurried else self._warm_up)

    def _taken(self) -> "_Ready":
        """Return a process that is ready, else one that will be."""
        with self._lock:
            dead = [one for one in self._idle if not one.alive]
            self._idle = [one for one in self._idle if one.alive]
            self._idle.sort(key=lambda one: not one.ready)
            child = self._idle.pop(0) if self._idle else None
        for one in dead:
            one.kill()
        for _ in dead[0 if child else 1 :]:
            self._put(self._new())
        return child or self._new(hurried=True)

    def _give_back(self, child: "_Ready") -> None:
        """Let a process stand ready again, or another one where this is not fit to."""
        if child.fit and self.size:
            self._put(child)
            return
        child.kill()
        with self._lock:
            short = not self._closed and len(self._idle) < self.size
        if short:
            self._put(self._new())

    def _put(self, child: "_Ready") -> None:
        with self._lock:
            if not self._closed and len(self._idle) < self.size:
                self._idle.append(child)
                return
        child.kill()


class _Ready:
    """One process that stands ready."""

    def __init__(self, bounds: Bounds, warm_up: Question) -> None:
        self._uses, self._longest_s = 0, 0.0
        self._child = Child(partial(_stand_ready, bounds, warm_up))
        self._warming = True

    @property
    def alive(self) -> bool:
        return self._child.alive

    @property
    def fit(self) -> bool:
        """Whether it may be asked again."""
        return self.alive and self._uses < _MOST_USES and self._longest_s < _LONGEST_S

    @property
    def ready(self) -> bool:
        return not self._warming or self._child.pipe.poll()

    def ask(self, question: Question, seconds: float, gone: threading.Event) -> object:
        self._uses += 1
        until = time.monotonic() + seconds
        try:
            if self._warming:
                self._received(until, gone)
                self._warming = False
            began = time.monotonic()
            self._child.pipe.send(question)
            answer = self._received(until, gone)
        except (EOFError, ConnectionResetError, BrokenPipeError):
            raise self._child.died() from None
        self._longest_s = max(self._longest_s, time.monotonic() - began)
        return answer

    def _received(self, until: float, gone: threading.Event) -> object:
        while not self._child.pipe.poll(min(_BEAT_S, max(0.0, until - time.monotonic()))):
            if gone.is_set():
                raise GoneError
            if time.monotonic() >= until:
                raise LateError
        return self._child.pipe.recv()

    def kill(self) -> None:
        self._child.kill()


def _nothing() -> None:
    """Ask for nothing."""


def _stand_ready(bounds: Bounds, warm_up: Question, pipe: Connection) -> None:
    bound(replace(bounds, cpu_s=None))
    failed = isinstance(tried(warm_up), Failure)
    settle()
    pipe.send(failed)
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        _grant(bounds.cpu_s)
        # Nobody waits for garbage to be looked for; what an answer may take is bounded anyhow.
        gc.disable()
        pipe.send(tried(question))
        del question
        gc.enable()
        gc.collect()


def settle() -> None:
    """Make this process answer many questions without pauses, once all it needs is loaded.

    What is loaded by now stays, and is never looked through for garbage: that would take a tenth
    of a second in the middle of some answer. Memory set free is kept for the next question, where
    the system's library can be told so: fetching it anew took a quarter of a large one's time.
    """
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            library.mallopt(option, _KEPT_BYTES)


def _grant(cpu_s: float | None) -> None:
    """Let this process take so much more time of a processor."""
    if cpu_s is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + cpu_s)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
