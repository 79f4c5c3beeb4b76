"""``muster serve`` whose searches do not hear: ``python -m benchmarks.deaf WAY serve ...``.

``unasked``: none learns that it is asked to stop, so each has to be told to leave (SIGTERM).
``frozen``: each is halted the moment it is asked, so that nothing but SIGKILL ends it.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from api.cli import main
from api.jobs.executor import Execution
from api.jobs.stopping import Steps
from api.solving import Running


def _unasked(execution: Execution) -> None:
    del execution


def _frozen(execution: Execution) -> None:
    assert isinstance(execution, Running)
    pid = execution._child.process.pid  # noqa: SLF001  what no seam offers
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)


WAYS: dict[str, Callable[[Execution], None]] = {"unasked": _unasked, "frozen": _frozen}


def deafen(way: str) -> None:
    """Let no search of this process hear that it is to stop, in one of the two ways."""
    ask, dismiss = Steps.ask, Steps.dismiss

    def hardly(act: Callable[[Any], None]) -> Callable[[Any], None]:
        def done(steps: Any) -> None:
            execution = steps._execution  # noqa: SLF001  as above
            cancel, execution.cancel = execution.cancel, lambda: WAYS[way](execution)
            try:
                act(steps)
            finally:
                execution.cancel = cancel

        return done

    Steps.ask, Steps.dismiss = hardly(ask), hardly(dismiss)  # type: ignore[method-assign]


if __name__ == "__main__":
    deafen(sys.argv.pop(1))
    main()
