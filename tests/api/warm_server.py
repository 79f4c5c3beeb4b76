"""The process that `tests.api.warm` starts: it loads every command, then forks for each call."""

import atexit
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import arbitrary_address  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

_LONGEST_ORDER = 1 << 20


def main(address: str) -> None:
    """Listen at ``address`` until standard input ends; in a fork, be ``muster``."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    print(flush=True)  # noqa: T201 - the other side waits for this line
    os.dup2(2, 1)
    _load()
    order = _Server(listener).order()
    if order is None:
        return
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv = ["muster", *order["arguments"]]
    _fork_a_server()
    _exit(_code_of(import_module("api.cli").main))


def _code_of(main: Callable[[], None]) -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _exit(code: int) -> None:
    """End as an interpreter does, but for taking everything apart, which takes half a second."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _fork_a_server() -> None:
    """Fork the server of processes that `multiprocessing` would start anew, and load anew.

    Done before ``muster`` begins: it has no threads yet, and nothing open that is not to be shared.
    """
    server: Any = forkserver._forkserver  # type: ignore[attr-defined]
    with socket.socket(socket.AF_UNIX) as listener:
        address = arbitrary_address("AF_UNIX")
        listener.bind(address)
        listener.listen()
        ends, alive = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(alive)
            with suppress(SystemExit):
                forkserver.main(os.dup(listener.fileno()), ends, [])
            os._exit(0)
    os.close(ends)
    server._forkserver_address, server._forkserver_pid = address, pid
    server._forkserver_alive_fd = alive


def _load() -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent.parent))
    for name in import_module("api.cli.commands").COMMANDS.values():
        import_module(f"api.cli.{name[0]}")
    import_module("api.app")
    import_module("api.solving")
    gc.freeze()  # what is loaded is shared by all forks


class _Server:
    """Waits for calls, and for the ends of those it has started."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._lines: dict[int, socket.socket] = {}  # of those under way, by process
        self._ended, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def order(self) -> dict[str, Any] | None:
        """Return, in a fork, what to do; None when standard input has ended."""
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake)
        sources = self._listener, self._ended, sys.stdin.fileno()
        with selectors.DefaultSelector() as selector:
            for source in sources:
                selector.register(source, selectors.EVENT_READ)
            while sys.stdin.fileno() not in (
                ready := [one.fileobj for one, _ in selector.select()]
            ):
                if self._ended in ready:
                    self._report()
                if self._listener in ready and (order := self._forked()) is not None:
                    return order
        return None

    def _report(self) -> None:
        """Tell of those that have ended how they did."""
        os.read(self._ended, 1 << 16)
        for pid in list(self._lines):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                line = self._lines.pop(pid)
                with suppress(OSError):  # nobody may wait for it any more
                    line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
                line.close()

    def _forked(self) -> dict[str, Any] | None:
        """Take a call; return it in the fork alone."""
        line, _ = self._listener.accept()
        said, files, _, _ = socket.recv_fds(line, _LONGEST_ORDER, 3)
        pid = os.fork()
        if pid:
            self._lines[pid] = line
            line.sendall(f"{pid}\n".encode())
        else:
            self._leave(line)
        for target, file in enumerate(files):
            if not pid:
                os.dup2(file, target)
            os.close(file)
        return None if pid else dict(json.loads(said))

    def _leave(self, line: socket.socket) -> None:
        """In a fork, keep nothing of the server."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (self._listener, line, *self._lines.values()):
            one.close()
        os.close(self._ended)
        os.close(self._wake)


if __name__ == "__main__":
    main(sys.argv[1])
