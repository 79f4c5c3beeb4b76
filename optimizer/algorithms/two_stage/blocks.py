"""Scenarios in blocks: each block is answered where it is kept, here or by a process of its own.

An `Executor` is the seam: what it is asked at a place it answers from what it was told there
before, so a cluster may keep a block in every machine. A scenario always has the same place, and
its programs stay warm there: replies are the same to the bit however many places there are.
"""

import multiprocessing
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Protocol

from models.run import RunLimits
from optimizer.algorithms.two_stage.granting import Grant, grant, take_back
from optimizer.algorithms.two_stage.program import Recourse
from optimizer.algorithms.two_stage.responding import Reply, Responder
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError

_BEAT_S = 0.1
_LEAST_S = 1e-3
_SERVER = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, eq=False)
class Ask:
    """What is asked of a block: the best recourse to a first stage in some of its scenarios.

    ``learn`` holds the programs of scenarios that the place has not been told of yet, ``prices``
    what is added to the columns' cost from now on where that has changed (None: nothing). With
    ``afresh`` the place forgets all it knows first.
    """

    first: FloatArray
    scenarios: tuple[int, ...]
    seconds: float
    learn: Mapping[int, Recourse]
    prices: Mapping[int, FloatArray | None] = field(default_factory=dict)
    afresh: bool = False


Replied = list[Reply] | None
"""One reply a scenario, in their order; None where the time ran out."""


class Execution(Protocol):
    """A block that is being asked."""

    def result(self, control: RunControl) -> Replied:
        """Return the replies; None where the time ran out or the run was cancelled."""


class Executor(Protocol):
    """Who answers blocks of scenarios."""

    @property
    def places(self) -> int:
        """How many blocks there are."""

    def submit(self, place: int, ask: Ask) -> Execution:
        """Begin to answer a block."""

    def healthy(self) -> bool:
        """Return whether blocks can be asked."""

    def stop(self) -> None:
        """End whatever answers; it cannot be asked afterwards."""


@dataclass(eq=False)
class Block:
    """The scenarios of one place, with their programs."""

    limits: RunLimits
    keep: bool
    _programs: dict[int, Recourse] = field(default_factory=dict, init=False, repr=False)
    _responder: Responder = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Know no scenario yet."""
        self._programs.clear()
        self._responder = Responder(self._programs.__getitem__, self.limits, keep=self.keep)

    def answer(self, ask: Ask, control: RunControl) -> Replied:
        """Return the best recourses."""
        if ask.afresh:
            self.__post_init__()
        self._programs.update(ask.learn)
        for s, prices in ask.prices.items():
            self._responder.price(s, prices)
        found = []
        for s in ask.scenarios:
            reply = self._responder.reply(s, ask.first, control)
            if reply is None:
                return None
            found.append(reply)
            if not self.keep:
                del self._programs[s]
        return found


@dataclass(eq=False)
class Here:
    """Every block answered by this process, one after the other."""

    limits: RunLimits
    places: int = 1
    keep: bool = True
    _blocks: list[Block] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the blocks."""
        self._blocks = [Block(self.limits, self.keep) for _ in range(self.places)]

    def submit(self, place: int, ask: Ask) -> Execution:
        """Keep the question until its replies are wanted."""
        return _Later(self._blocks[place], ask)

    def healthy(self) -> bool:
        """Return True: this process is there."""
        return True

    def stop(self) -> None:
        """Do nothing: nothing runs."""


@dataclass(eq=False)
class _Later:
    block: Block
    ask: Ask

    def result(self, control: RunControl) -> Replied:
        return self.block.answer(self.ask, control)


@dataclass(eq=False)
class LocalProcesses:
    """A process of this machine for every block; they end with this one.

    They share what this process may take: see `granting`.
    """

    limits: RunLimits
    places: int
    keep: bool = True
    _processes: list[BaseProcess] = field(default_factory=list, init=False, repr=False)
    _pipes: list[Connection] = field(default_factory=list, init=False, repr=False)
    _granted: Grant | None = field(default=None, init=False, repr=False)

    def submit(self, place: int, ask: Ask) -> Execution:
        """Send the question; processes are started with the first."""
        if self._granted is None:
            self._granted = grant(self.places)
        while len(self._pipes) < self.places:
            self._start()
        self._pipes[place].send(ask)
        return _Sent(self, self._pipes[place])

    def _start(self) -> None:
        ours, theirs = _SERVER.Pipe()
        args = theirs, self.limits, self.keep, self._granted
        process = _SERVER.Process(target=serve, args=args, daemon=True)
        process.start()
        theirs.close()
        self._processes.append(process)
        self._pipes.append(ours)

    def healthy(self) -> bool:
        """Return whether all processes that were started are alive."""
        return all(one.is_alive() for one in self._processes)

    def stop(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.kill()
            process.join()
        self._processes.clear()
        self._pipes.clear()
        if self._granted is not None:
            take_back(self._granted, self.places)
            self._granted = None

    def __del__(self) -> None:
        """Leave no process behind."""
        self.stop()


@dataclass(eq=False)
class _Sent:
    executor: LocalProcesses
    pipe: Connection

    def result(self, control: RunControl) -> Replied:
        try:
            while not self.pipe.poll(_BEAT_S):
                if control.cancel.is_set():
                    self.executor.stop()
                    return None
            found = self.pipe.recv()
        except (EOFError, OSError) as error:
            self.executor.stop()
            raise BackendError("a process that answers scenarios has died") from error
        if isinstance(found, Exception):
            self.executor.stop()
            raise found
        replied: Replied = found
        return replied


def serve(pipe: Connection, limits: RunLimits, keep: bool, granted: Grant | None) -> None:
    """Answer what comes through a pipe until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    if granted is not None:
        granted.take()
    limits = limits.model_copy(update={"threads": 1})  # one number of them in a process
    block = Block(limits, keep)
    while True:
        try:
            ask: Ask = pipe.recv()
        except (EOFError, OSError):
            return
        own = limits.model_copy(update={"time_limit_s": max(_LEAST_S, ask.seconds)})
        try:
            pipe.send(block.answer(ask, RunControl(own)))
        except (BackendError, MemoryError) as error:
            pipe.send(error)


@dataclass(eq=False)
class Blocks:
    """Scenarios spread over the places of an executor, asked together."""

    recourse: Callable[[int], Recourse]
    executor: Executor
    keep: bool = True
    _told: set[int] = field(default_factory=set, init=False, repr=False)
    _priced: set[int] = field(default_factory=set, init=False, repr=False)
    _prices: Callable[[int], FloatArray] | None = field(default=None, init=False, repr=False)
    _stale: set[int] = field(default_factory=set, init=False, repr=False)  # places

    def price(self, prices: Callable[[int], FloatArray] | None) -> None:
        """Add to what each scenario's columns cost, (column,), from the next reply on."""
        self._prices = prices
        self._priced.clear()

    def ask(
        self, scenarios: Sequence[int], first: FloatArray, control: RunControl
    ) -> list[Reply] | None:
        """Return the best recourse in each scenario, as one step of the run; None: ended early.

        What was left half-done is forgotten: a replay does not begin it.
        """
        found = control.attempt(lambda: self._ask(scenarios, first, control.aside()))
        if found is None:
            self._told.clear()
            self._priced.clear()
            self._stale.update(range(self.executor.places))
        return found

    def _ask(
        self, scenarios: Sequence[int], first: FloatArray, control: RunControl
    ) -> list[Reply] | None:
        if control.stop is not None:
            return None
        places = self.executor.places
        mine = [tuple(s for s in scenarios if s % places == place) for place in range(places)]
        running = [
            self.executor.submit(place, self._question(place, own, first, control.remaining_s))
            for place, own in enumerate(mine)
        ]
        found: dict[int, Reply] = {}
        short = False
        for own, one in zip(mine, running, strict=True):
            replies = one.result(control)
            short |= replies is None
            found.update(zip(own, replies or (), strict=False))
        return None if short else [found[s] for s in scenarios]

    def _question(self, place: int, own: tuple[int, ...], first: FloatArray, seconds: float) -> Ask:
        afresh = place in self._stale
        self._stale.discard(place)
        new = [s for s in own if s not in self._told]
        if self.keep:
            self._told.update(new)
        stale = [s for s in own if s not in self._priced]
        self._priced.update(stale)
        asked = self._prices
        prices = {s: None if asked is None else asked(s) for s in stale}
        learn = {s: self.recourse(s) for s in new}
        return Ask(first, own, seconds, learn, prices, afresh)
