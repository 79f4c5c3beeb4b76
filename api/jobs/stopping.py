"""How a solve is ended: asked, told to leave, killed; each a little after the one before."""

import time
from contextlib import suppress

from api.children import ProcessDiedError
from api.jobs.executor import Execution
from api.settings import Settings
from api.solving import News

_LOOK_S = 0.02


class StopUnheardError(Exception):
    """A search did not hear that it is to stop, and was ended; its improvements are told."""


class Steps:
    """One execution, and how far its end has come.

    A search that hears the wish to stop gives its answer in its own time. One that does not is
    told to leave (SIGTERM) after `stop_ask_s`, and killed `stop_terminate_s` after that. One
    that is ``concluding`` has been asked before it began: it only checks and explains, which has
    bounds of its own.
    """

    def __init__(self, execution: Execution, settings: Settings, *, concluding: bool) -> None:
        self._execution, self._concluding = execution, concluding
        self._ask_s, self._terminate_s = settings.stop_ask_s, settings.stop_terminate_s
        self._asked: float | None = None
        self._told: float | None = None
        if concluding:
            execution.cancel()

    def ask(self) -> None:
        """Ask the search to end with the best it has."""
        if self._asked is None and not self._concluding:
            self._asked = time.monotonic()
            self._execution.cancel()

    def wait(self, seconds: float) -> News | None:
        """Return what comes within ``seconds``, and take the next step when it is due.

        Raises
        ------
        StopUnheardError
            The process has left, or was killed, because it did not hear.
        """
        try:
            news = self._execution.wait(seconds)
        except ProcessDiedError:
            if self._told is None:
                raise
            raise StopUnheardError from None
        now = time.monotonic()
        if news is not None or self._asked is None or self._execution.heard:
            return news  # what it has told before comes first
        if self._told is None:
            if now >= self._asked + self._ask_s:
                self._told = now
                self._execution.terminate()
        elif now >= self._told + self._terminate_s:
            self._execution.kill()
            raise StopUnheardError
        return None

    def dismiss(self) -> None:
        """End an execution whose answer nobody wants: it may leave in order, but not for long."""
        self._execution.cancel()
        self._execution.terminate()
        until = time.monotonic() + self._terminate_s
        with suppress(Exception):  # whatever it says is too late
            while time.monotonic() < until:
                self._execution.wait(_LOOK_S)
        self._execution.kill()
