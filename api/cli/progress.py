"""A solve as it is watched: one line on standard error, and Ctrl-C."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli.talk import INTERRUPTED, tell
from api.problems import AnyAnswer, AnyRequest
from api.reports import levels_of
from api.solving import Running, Said, Task
from models.echo import EchoAnswer
from models.messages import message
from models.run import Incumbent
from models.text import Language

_BEAT_S = 0.2
_LINE_EVERY_S = 2.0


def watched(task: Task, language: Language, *, here: bool = False) -> AnyAnswer:
    """Solve ``task`` in a process of its own, showing progress, and return its answer.

    The first Ctrl-C asks the search to stop and waits for the best plan; the second ends all.
    A replay has no best plan so far: Ctrl-C ends it. ``here`` as for `api.children.Child`.
    """
    show = Line(language)
    with ExitStack() as stack:
        running = stack.enter_context(Running(task, here=here))
        stack.enter_context(show.progress)  # which starts a thread where it is shown
        if task.record is None:
            stack.enter_context(_interruptible(running, show.progress, language))
        while True:
            event = running.wait(_BEAT_S)
            if isinstance(event, Incumbent):
                show(event, task.request)
            elif event is not None:
                assert not isinstance(event, EchoAnswer | Said)
                return event


class Line:
    """The one line of progress; where no terminal shows it, a line now and then."""

    def __init__(self, language: Language) -> None:
        console = Console(stderr=True)
        self._language = language
        self._live = console.is_terminal
        self._said_s, self._level = -_LINE_EVERY_S, -1
        columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
        self.progress = Progress(*columns, console=console, transient=True, disable=not self._live)
        self._task = self.progress.add_task(message("cli.starting", language))

    def __call__(self, incumbent: Incumbent, request: AnyRequest) -> None:
        """Show an improvement; the first of a level always."""
        text = described(incumbent, request, self._language)
        new_level = incumbent.level != self._level
        self._level = incumbent.level
        self.show(text, incumbent.elapsed_s, always=new_level)

    def show(self, text: str, elapsed_s: float, *, always: bool = False) -> None:
        """Show how far something is after ``elapsed_s``."""
        if self._live:
            self.progress.update(self._task, description=text)
        elif always or elapsed_s >= self._said_s + _LINE_EVERY_S:
            self._said_s = elapsed_s
            tell(text)


def described(incumbent: Incumbent, request: AnyRequest, language: Language) -> str:
    """Return what an improvement is, in one line."""
    names = levels_of(request, language)
    level = message(
        "cli.level",
        language,
        order=incumbent.level + 1,
        levels=len(names),
        objective=names[incumbent.level] if incumbent.level < len(names) else "",
    )
    if incumbent.bound is None or incumbent.gap is None:
        return f"{level}; {message('cli.best', language, best=incumbent.objective)}"
    best = message(
        "cli.best_and_bound",
        language,
        best=incumbent.objective,
        bound=incumbent.bound,
        gap=incumbent.gap,
    )
    return f"{level}; {best}"


@contextmanager
def _interruptible(running: Running, progress: Progress, language: Language) -> Iterator[None]:
    asked = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        nonlocal asked
        if asked:
            running.kill()
            progress.stop()
            os._exit(INTERRUPTED)
        asked = True
        running.cancel()
        tell(message("cli.stopping", language))

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
