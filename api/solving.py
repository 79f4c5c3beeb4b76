"""One process per solve: it can be asked to stop, and killed, and its crash is not ours."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from threading import Lock
from types import TracebackType
from typing import Any, Protocol, Self

from api.children import Bounds, Child, Switch, bound, leave_when_told
from api.output import to_json
from api.payloads import Payload
from api.problems import AnyAnswer, AnyPlan, AnyRequest, problem_of, unable
from models.echo import LONGEST_PAUSE_S, EchoAnswer, EchoRequest
from models.faults import Fault
from models.run import Incumbent, RunLimits, RunRecord, Status, StopReason
from optimizer import Extras
from optimizer.control import RunControl, StopFlag
from optimizer.datasets import Store
from optimizer.errors import BackendError, InputError, OptimizerError, VerificationError


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


@dataclass(frozen=True)
class Unread:
    """Work that the child reads itself: its parent has others to serve meanwhile."""

    read: Callable[[], Work]
    memory_bytes: int | None = None


@dataclass(frozen=True)
class Said:
    """An answer as it is kept, how its run ended if it is one, its plain form if it has one."""

    payload: Payload
    ended: tuple[Status, StopReason] | None
    plain: str | None

    @classmethod
    def of(cls, answer: "Answer") -> "Said":
        """Return an answer so."""
        payload = Payload.of(to_json(answer).encode("utf-8"))
        if isinstance(answer, EchoAnswer):
            return cls(payload, None, answer.message)
        return cls(payload, (answer.run.status, answer.run.stop), None)


class TooMuchError(RuntimeError):
    """A process has asked for more memory than granted."""


@dataclass(frozen=True)
class Failure:
    """An error on its way out of the child: exceptions do not survive the pipe whole."""

    kind: type[OptimizerError] | None
    text: str
    faults: tuple[Fault, ...] = ()
    too_much: bool = False

    def raised(self) -> Exception:
        """Return the exception this was."""
        if self.kind is InputError:
            return InputError(self.faults)
        if self.kind is None:
            return (TooMuchError if self.too_much else RuntimeError)(self.text)
        return self.kind(self.text)


@dataclass(frozen=True)
class Heard:
    """The search has heard that it is to stop: what comes now is no search any more."""


@dataclass(frozen=True)
class Begun:
    """The work has been read, and may take so long."""

    time_limit_s: float


Answer = AnyAnswer | EchoAnswer
News = Incumbent | Answer | Said
Form = Callable[[Answer], Answer | Said]
Bounding = Callable[[Work], Bounds]


class Running:
    """A solve under way; leaving the ``with`` block ends it, whatever it was doing.

    ``bounds`` may follow from the work. The answer comes in the ``form`` that the child gives it.
    ``here`` is for a process of one thread that solves once: see `api.children.Child`.
    """

    def __init__(
        self,
        task: Work | Unread,
        bounds: Bounds | Bounding | None = None,
        *,
        form: Form | None = None,
        here: bool = False,
    ) -> None:
        self.heard = False  # whether the search knows that it is to stop
        self.time_limit_s: float | None = None  # known once the work has been read
        self._cancel = Switch()
        self._child = Child(partial(_work, self._cancel), here=here)
        try:
            self._child.pipe.send((task, bounds or Bounds(), form))
        except OSError:
            error = self._child.died()
            self._child.kill()
            raise error from None

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
        until = time.monotonic() + seconds
        try:
            if not self._child.pipe.poll(seconds):
                return None
            message: News | Failure | Heard | Begun = self._child.pipe.recv()
        except (EOFError, ConnectionResetError):
            raise self._child.died() from None
        if isinstance(message, Failure):
            raise message.raised()
        if isinstance(message, Heard):
            self.heard = True
            return self.wait(max(0.0, until - time.monotonic()))
        if isinstance(message, Begun):
            self.time_limit_s = message.time_limit_s
            return self.wait(max(0.0, until - time.monotonic()))
        return message

    def cancel(self) -> None:
        """Ask the search to stop and to answer with the best it has."""
        self._cancel.set()

    def terminate(self) -> None:
        """Tell the process to leave: its improvements have been told, an answer does not come."""
        self._child.terminate()

    def kill(self) -> None:
        """End the process at once."""
        self._child.kill()


def _work(cancel: Event, pipe: Connection) -> None:
    try:
        task, bounds, form = pipe.recv()
    except EOFError:
        return
    teller = _Teller(cancel, pipe)
    leave_when_told(teller.sending)
    teller.tell(tried(partial(_carried_out, task, bounds, form, teller)))


def _carried_out(
    task: Work | Unread, bounds: Bounds | Bounding, form: Form | None, teller: "_Teller"
) -> Answer | Said:
    work = _read(task) if isinstance(task, Unread) else task
    bound(bounds if isinstance(bounds, Bounds) else bounds(work))
    teller.tell(Begun(work.limits.time_limit_s))
    answer = answered(work, teller, teller.tell)
    return answer if form is None else form(answer)


def _read(task: Unread) -> Work:
    bound(Bounds(memory_bytes=task.memory_bytes))
    return task.read()


class _Teller:
    """What a solve hears from its parent and tells it, by whichever of its threads."""

    def __init__(self, cancel: Event, pipe: Connection) -> None:
        self.sending = Lock()
        self._cancel, self._pipe = cancel, pipe
        self._heard = False

    def is_set(self) -> bool:
        """Return whether to stop; the first time, the parent learns that it was heard."""
        return self._cancel.is_set() and self._hear()

    def wait(self, seconds: float) -> bool:
        """Wait for the wish to stop."""
        return self._cancel.wait(seconds) and self._hear()

    def tell(self, message: object) -> None:
        """Send a message whole."""
        with self.sending:
            self._pipe.send(message)

    def _hear(self) -> bool:
        if not self._heard:
            self._heard = True
            self.tell(Heard())
        return True


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
        too_much = isinstance(error, MemoryError)
        return Failure(None, f"{type(error).__name__}: {error}", too_much=too_much)


def said_at_once(task: Work | Unread) -> Said:
    """Return the answer to a task as it is kept, found in this process."""
    return Said.of(answered(task.read() if isinstance(task, Unread) else task))


class Stopper(StopFlag, Protocol):
    """A stop button that can also be waited for."""

    def wait(self, seconds: float, /) -> bool:
        """Return whether it was pressed within so many seconds."""


def answered(
    task: Work,
    cancel: Stopper | None = None,
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
    # What the programs of a question of moments improve is no objective of the request.
    listener = on_incumbent if task.deadline_s is None else None
    told: dict[str, Any] = {"cancel": cancel, "on_incumbent": listener}
    given = {name: one for name, one in told.items() if one is not None}
    control = RunControl(task.request.limits, **given)
    return problem.solve(task.request, control, task.start, task.store, task.extras)
