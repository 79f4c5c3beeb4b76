"""Where work is carried out: the seam between the jobs and whoever runs them."""

from typing import Protocol

from api.children import Bounds
from api.settings import Settings
from api.solving import News, Running, Work


class Execution(Protocol):
    """Work under way."""

    @property
    def heard(self) -> bool:
        """Whether the search knows that it is to stop."""

    def wait(self, seconds: float) -> News | None:
        """Return the next improvement or the answer, None if there is none in ``seconds``."""

    def cancel(self) -> None:
        """Ask it to end with the best it has."""

    def terminate(self) -> None:
        """Tell it to leave: what it has told is kept, an answer does not come."""

    def kill(self) -> None:
        """End it at once, with everything it started."""


class Executor(Protocol):
    """What carries out work: here, or on a cluster."""

    def submit(self, task: Work) -> Execution:
        """Begin ``task``."""

    def healthy(self) -> bool:
        """Return whether work can be begun."""


class LocalExecutor:
    """One process of this machine per task, bounded and killable."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def submit(self, task: Work) -> Execution:
        """Begin ``task`` in a process of its own."""
        settings, limits = self._settings, task.limits
        seconds = limits.time_limit_s + settings.http_grace_s
        bounds = Bounds(
            memory_bytes=settings.job_memory_bytes,
            cpu_s=2.0 * seconds * limits.threads,
            niceness=settings.job_niceness if task.deadline_s is None else 0,
        )
        return Running(task, bounds)

    def healthy(self) -> bool:
        """Return True: this machine is there."""
        return True
