"""Programs that answer over HTTP, found on this machine and run for as long as they are asked."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from api.clients import Line, allowed_address

_START_MAX_S = 120.0
_ANSWER_S = 120.0
_ANSWER_MAX_BYTES = 1_000_000_000


def programs(names: Sequence[str], named: Path | None, folder: Path) -> tuple[Path, ...] | None:
    """Return where programs lie: in the folder or wheel that is ``named``, else on the path.

    A wheel is unpacked into ``folder``. None unless all are there.
    """
    if named is None:
        on_path = [shutil.which(one) for one in names]
        found = [Path(one) for one in on_path if one is not None]
    else:
        inside = _unpacked(named, folder / named.stem)
        found = [path for one in names for path in sorted(inside.rglob(one))[:1]]
    return tuple(map(_executable, found)) if len(found) == len(names) else None


def _unpacked(named: Path, folder: Path) -> Path:
    if named.suffix != ".whl":
        return named
    with ZipFile(named) as wheel:
        wheel.extractall(folder)
    return folder


def _executable(path: Path) -> Path:
    if not os.access(path, os.X_OK):
        path.chmod(0o755)
    return path


def output(*command: str | Path) -> str:
    """Run a program to its end and return what it prints."""
    told = [str(one) for one in command]
    done = subprocess.run(told, capture_output=True, check=True)  # noqa: S603  a peer's program
    return done.stdout.decode()


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serving(
    command: Sequence[str | Path], port: int, log: Path, env: Mapping[str, str] | None = None
) -> Iterator[Line]:
    """Run a server that listens at ``port`` and yield the way to it."""
    told = [str(one) for one in command]
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603  a peer's, or ours
            told, stdout=stream, stderr=stream, env=env
        )
    try:
        _wait(port, process)
        url = f"http://127.0.0.1:{port}"
        yield Line(allowed_address(url, (url,)), _ANSWER_S, _ANSWER_MAX_BYTES)
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_MAX_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server does not start")
