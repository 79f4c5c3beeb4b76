"""One process per solve: it can be asked to stop, and killed, and its crash is not ours."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, Self, cast

from api.children import SPAWN, Bounds, Child, Failure, ProcessDiedError, bound, tried
from api.problems import AnyAnswer, AnyPlan, AnyRequest, problem_of, unable
from models.echo import LONGEST_PAUSE_S, EchoAnswer, EchoRequest
from models.run import Incumbent, RunLimits, RunRecord
from optimizer import Extras
from optimizer.control import RunControl
from optimizer.datasets import Store


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

    @property
    def deadline_s(self) -> float | None:
        """When somebody waits for the answer, None where it is no question of moments."""
        deadline_s = problem_of(self.request).deadline_s
        if deadline_s is None or self.record is not None or self.proposal is not None:
            return None
        return deadline_s(self.request)


@dataclass(frozen=True)
class Echo:
    """Work that asks nothing of a solver: a message given back after a pause."""

    request: EchoRequest
    deadline_s: None = None

    @property
    def limits(self) -> RunLimits:
        """What it may take: the longest pause, on one thread."""
        return RunLimits(time_limit_s=LONGEST_PAUSE_S, threads=1)


Work = Task | Echo


Answer = AnyAnswer | EchoAnswer
News = Incumbent | Answer


class Standby(Child):
    """A process that loads the engine and waits for its one task."""

    def __init__(self) -> None:
        self.cancel = SPAWN.Event()
        super().__init__(_work, self.cancel)


class Reserve:
    """So many processes that stand by: who takes one need not wait for the engine to be loaded.

    Each is used once; another then takes its place.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: list[Standby] = []
        self._lock = threading.Lock()
        self._closed = False

    def fill(self) -> None:
        """Start as many as are missing; they load by themselves."""
        with self._lock:
            while len(self._idle) < self._size and not self._closed:
                self._idle.append(Standby())

    def take(self) -> Standby | None:
        """Return the one that has stood by longest, None where there is none."""
        with self._lock:
            taken = self._idle.pop(0) if self._idle else None
        if self._size:
            threading.Thread(target=self.fill, daemon=True).start()
        return taken

    def close(self) -> None:
        """End them all."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for one in idle:
            one.kill()


class Running:
    """A solve under way; leaving the ``with`` block ends it, whatever it was doing."""

    def __init__(
        self, task: Work, bounds: Bounds | None = None, standby: Standby | None = None
    ) -> None:
        self._made = _given((task, bounds or Bounds()), standby)

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
        if not self._made.said(seconds):
            return None
        message = cast("News | Failure", self._made.heard())
        if isinstance(message, Failure):
            raise message.raised()
        return message

    def cancel(self) -> None:
        """Ask the search to stop and to answer with the best it has."""
        self._made.cancel.set()

    def kill(self) -> None:
        """End the process at once."""
        self._made.kill()


def _given(order: tuple[Work, Bounds], standby: Standby | None) -> Standby:
    """Return the process that has been given its task: the one that stood by, else a new one."""
    if standby is not None:
        try:
            standby.tell(order)
        except ProcessDiedError:  # while it stood by
            standby.kill()
        else:
            return standby
    fresh = Standby()
    try:
        fresh.tell(order)
    except ProcessDiedError:
        fresh.kill()
        raise
    return fresh


def _work(pipe: Connection, cancel: Event) -> None:
    try:
        task, bounds = pipe.recv()
    except EOFError:
        return
    bound(bounds)
    pipe.send(tried(partial(answered, task, cancel, pipe.send)))


def answered(
    task: Work,
    cancel: Event | None = None,
    on_incumbent: Callable[[Incumbent], None] | None = None,
) -> Answer:
    """Return the answer to a task, found in this process."""
    if isinstance(task, Echo):
        if cancel is not None:
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
    told: dict[str, Any] = {"cancel": cancel, "on_incumbent": on_incumbent}
    given = {name: one for name, one in told.items() if one is not None}
    control = RunControl(task.request.limits, **given)
    return problem.solve(task.request, control, task.start, task.store, task.extras)
