"""One clock and one stop button for every backend and algorithm."""

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.run import Incumbent, RunLimits, StopReason
from optimizer.journal import EARLY, Journal


class Described(NamedTuple):
    """What a solution's values mean: the objective counted afresh, the sites, the bare plan.

    ``bounded`` False where the program at hand has another objective: its bound says nothing.
    """

    objective: float
    sites: tuple[str, ...] = ()
    plan: Any = None
    bounded: bool = True


Result = TypeVar("Result")
Describe = Callable[[NDArray[np.float64]], Described | None]


class StopFlag(Protocol):
    """An event of this thread or another process: anything that can be set and asked."""

    def is_set(self) -> bool:
        """Return whether the run should stop."""


def _ignore(incumbent: Incumbent) -> None:
    del incumbent


@dataclass
class _Run:
    """What a control and all its slices have in common."""

    start: float = field(default_factory=time.monotonic)
    ordinals: Counter[int] = field(default_factory=Counter)  # level -> improvements so far
    failure: Exception | None = None


@dataclass
class RunControl:
    """Limits, cancellation and the record of improvements of one run, or of a part of it.

    ``level`` is the objective now worked on. ``stop_after`` ends its search at that
    improvement, counted from 1 within the level: a replay. ``describe`` says what a solution's
    values mean, None where they are no plan after all: that is counted, not told. ``scale`` is
    what the program at hand multiplies the level's objective by: bounds are told without it.
    ``journal`` notes what was ended early; given that of an earlier run it ends the same.
    """

    limits: RunLimits
    cancel: StopFlag = field(default_factory=Event)
    on_incumbent: Callable[[Incumbent], None] = _ignore
    describe: Describe | None = None
    level: int = 0
    stop_after: int | None = None
    scale: float = 1.0
    journal: Journal = field(default_factory=Journal)
    incumbents: list[Incumbent] = field(default_factory=list, init=False)
    _run: _Run = field(default_factory=_Run, init=False)
    _deadline: float = field(default=math.inf, init=False)
    _records: tuple[list[Incumbent], ...] = field(default=(), init=False)  # its own, its parents'

    def __post_init__(self) -> None:
        """Start the clock."""
        self._deadline = self._run.start + self.limits.time_limit_s
        self._records = (self.incumbents,)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._run.start

    @property
    def remaining_s(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def ordinal(self) -> int:
        """How many improvements the level has seen in the whole run."""
        return self._run.ordinals[self.level]

    @property
    def stop(self) -> StopReason | None:
        """Why to stop now, or None: a search asks this between its steps.

        A listener that failed also cancels: nobody is left to hear of improvements.
        """
        if self.cancel.is_set() or self._run.failure is not None:
            return StopReason.CANCELLED
        if self.stop_after is not None and self.ordinal >= self.stop_after:
            return StopReason.WORK
        return StopReason.TIME if self.remaining_s <= 0.0 else None

    def ready(self, work: Callable[[], object]) -> None:
        """Do what gets ready, such as compiling: its time is none of the run's."""
        before = self.elapsed_s
        work()
        seconds = self.elapsed_s - before
        self._run.start += seconds
        self._deadline += seconds

    @property
    def halted(self) -> StopReason | None:
        """Ask ``stop`` as a step of the run: a replay of it gets the same reply at the same place.

        To be asked from one thread, wherever the rest of the run hangs on the reply.
        """
        step = self.journal.step()
        again = self.journal.ending(step)
        stop = self.stop if again is None else again.stop
        if stop in EARLY:
            self.journal.end(step, stop)
        return stop

    def attempt(self, work: Callable[[], Result | None]) -> Result | None:
        """Do a piece of work that returns None where it was ended early, as a step of the run.

        A replay does not begin the pieces that were.
        """
        step = self.journal.step()
        again = self.journal.ending(step)
        result = None if again is not None else work()
        if result is None:
            stop = self.stop if again is None else again.stop
            self.journal.end(step, stop if stop in EARLY else StopReason.TIME)
        return result

    def aside(self) -> "RunControl":
        """Return this control for work within a step: it notes nothing."""
        part = self.slice(math.inf)
        part.journal = Journal()
        return part

    def slice(
        self,
        seconds: float,
        *,
        level: int | None = None,
        stop_after: int | None = None,
        describe: Describe | None = None,
    ) -> "RunControl":
        """Return a control for a part of the run, ending in ``seconds`` or with this one.

        Clock, cancelling, listener and ordinals are shared, and its improvements are this
        one's too; its list of them begins empty. Without a ``level`` it goes on with this
        one's, up to the same ``stop_after``.
        """
        same = level is None or level == self.level
        part = RunControl(
            limits=self.limits,
            cancel=self.cancel,
            on_incumbent=self.on_incumbent,
            describe=describe or (self.describe if same else None),
            level=self.level if level is None else level,
            stop_after=self.stop_after if same and stop_after is None else stop_after,
            scale=self.scale if same else 1.0,
            journal=self.journal,
        )
        part._run = self._run
        part._deadline = min(self._deadline, time.monotonic() + seconds)
        part._records = (part.incumbents, *self._records)
        return part

    def share(
        self,
        fraction: float,
        *,
        level: int | None = None,
        stop_after: int | None = None,
        describe: Describe | None = None,
    ) -> "RunControl":
        """Return a slice of ``fraction`` of the seconds left."""
        return self.slice(
            fraction * self.remaining_s, level=level, stop_after=stop_after, describe=describe
        )

    def improved(
        self,
        objective: float,
        bound: float | None,
        values: NDArray[np.float64] | None = None,
    ) -> int:
        """Record a better solution, tell whoever listens, and return its ordinal.

        Safe to call from a solver's callback: what ``describe`` or the listener raises is
        kept for ``raise_failure`` and stops the search.
        """
        self._run.ordinals[self.level] += 1
        try:  # A solver turns an exception in its callback into a failed solve.
            incumbent = self._incumbent(objective, bound, values)
            if incumbent is not None:
                self._record(incumbent)
        except Exception as failure:
            self._run.failure = self._run.failure or failure
        return self.ordinal

    def raise_failure(self) -> None:
        """Raise what a listener raised during the solve; backends call it afterwards."""
        if self._run.failure is not None:
            raise self._run.failure

    def _incumbent(
        self, objective: float, bound: float | None, values: NDArray[np.float64] | None
    ) -> Incumbent | None:
        described: Described | None = Described(objective)
        if self.describe is not None and values is not None:
            described = self.describe(values)
        if described is None:
            return None
        if not described.bounded:
            bound = None
        return Incumbent(
            level=self.level,
            ordinal=self.ordinal,
            elapsed_s=self.elapsed_s,
            objective=described.objective,
            bound=bound / self.scale if bound is not None and math.isfinite(bound) else None,
            plan_sites=described.sites,
            plan=described.plan,
        )

    def _record(self, incumbent: Incumbent) -> None:
        for record in self._records:
            record.append(incumbent)
        self.on_incumbent(incumbent)
