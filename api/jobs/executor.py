"""Where work is carried out: the seam between the jobs and whoever runs them."""

from functools import partial
from typing import Protocol

from api.children import Bounds
from api.settings import Settings
from api.solving import News, Running, Said, Unread, Work


class Execution(Protocol):
    """Work under way."""

    @property
    def heard(self) -> bool:
        """Whether the search knows that it is to stop."""

    @property
    def time_limit_s(self) -> float | None:
        """What the work may take, None until it has been read."""

    def wait(self, seconds: float) -> News | None:
        """Return the next improvement or the answer, None if there is none in ``seconds``.

        An answer comes as it is kept: `api.solving.Said`.
        """

    def cancel(self) -> None:
        """Ask it to end with the best it has."""

    def terminate(self) -> None:
        """Tell it to leave: what it has told is kept, an answer does not come."""

    def kill(self) -> None:
        """End it at once, with everything it started."""


class Executor(Protocol):
    """What carries out work: here, or on a cluster."""

    def submit(self, task: Unread) -> Execution:
        """Begin ``task``."""

    def healthy(self) -> bool:
        """Return whether work can be begun."""


class LocalExecutor:
    """One process of this machine per task, bounded and killable."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def submit(self, task: Unread) -> Execution:
        """Begin ``task`` in a process of its own."""
        return Running(task, partial(_bounds, self._settings), form=Said.of)

    def healthy(self) -> bool:
        """Return True: this machine is there."""
        return True


def _bounds(settings: Settings, work: Work) -> Bounds:
    seconds = work.limits.time_limit_s + settings.http_grace_s
    patient = work.deadline_s is None
    return Bounds(
        memory_bytes=settings.job_memory_bytes,
        cpu_s=2.0 * seconds * work.limits.threads,
        niceness=settings.job_niceness if patient else 0,
        yielding=settings.job_scheduling == "idle" and patient,
    )
