"""``muster`` in a process of its own that need not load it first.

A process that has loaded every command forks one for each call: the same code, arguments,
surroundings and exit code as by name, without the seconds of a start.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

_BEAT_S = 0.01


class Started:
    """One ``muster`` under way, in the terms of `subprocess.Popen`."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: dict[str, str],
        files: tuple[int, int],
        folder: Path | None = None,
    ) -> None:
        order = {"arguments": arguments, "environment": environment, "folder": str(folder or ".")}
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(_server())
        with Path(os.devnull).open("rb") as nothing:
            handles = [nothing.fileno(), *files]
            socket.send_fds(self._line, [json.dumps(order).encode()], handles)
        self._said = self._line.makefile("r")
        self.pid = int(self._said.readline())
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        if self.returncode is None:
            self._line.setblocking(False)
            try:
                ended = self._line.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return None
            finally:
                self._line.setblocking(True)
            self.returncode = int(self._said.readline()) if ended else -signal.SIGKILL
            self._said.close()
            self._line.close()
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Return its exit code once it has ended.

        Raises
        ------
        subprocess.TimeoutExpired
            It runs for longer than ``timeout`` seconds.
        """
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(["muster"], timeout)
            time.sleep(_BEAT_S)
        return code


def completed(
    arguments: Sequence[str], environment: dict[str, str], folder: Path, timeout: float
) -> subprocess.CompletedProcess[bytes]:
    """Run ``muster`` to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        files = out.fileno(), said.fileno()
        started = Started(arguments, environment, files, folder)
        try:
            code = started.wait(timeout)
        finally:
            started.kill()
        texts = [_whole(file.fileno()) for file in (out, said)]
    return subprocess.CompletedProcess(arguments, code, *texts)


def _whole(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


@lru_cache(maxsize=1)
def _server() -> str:
    """Return the address of this process's server, which it starts."""
    folder = tempfile.TemporaryDirectory()
    address = str(Path(folder.name) / "muster")
    script = Path(__file__).with_name("warm_server.py")
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, str(script), address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()  # it listens

    def end() -> None:
        process.communicate()
        folder.cleanup()

    atexit.register(end)
    return address
