"""The service as real processes: started, killed, started again."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx

from tests.api.doors import environment
from tests.api.warm import Started

EXECUTION = "/v1/processes/site-fire-stations/execution"
ASYNC = {"prefer": "respond-async"}
ENDED = {"successful", "failed", "dismissed"}


class Served:
    """One ``muster serve``, and a client that speaks to it."""

    def __init__(self, database: str, **settings: str) -> None:
        self.settings = {
            "MUSTER_DATABASE_URL": database,
            # Those tests that ask them start them.
            "MUSTER_DISPATCH_PROCESSES": "0",
            "MUSTER_SOLVERS": "0",
            "MUSTER_READERS": "0",
            "MUSTER_WRITERS": "0",
            "MUSTER_ENGINE_AT_START": "false",
            **settings,
        }
        self.process: Started | None = None
        self.client = httpx.Client()
        self.holders: list[httpx.Client] = []  # of keys
        self.log: list[str] = []  # what it wrote to standard error

    def start(self) -> None:
        """Start the service and wait until it answers."""
        self.process, stream = begun("serve", "--port", "0", **self.settings)
        self.log = []
        lines = _kept(iter(stream.readline, ""), self.log)
        address = next(found[0] for line in lines if (found := re.findall(r"http://[\w.:]+", line)))
        threading.Thread(target=_drain, args=(stream, self.log), daemon=True).start()
        self.client.close()
        self.client = httpx.Client(base_url=address, timeout=60)

    def kill(self) -> None:
        """End the service as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=20)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End in order."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            for client in (self.client, *self.holders):
                client.close()

    def holding(self, key: str) -> httpx.Client:
        """Return a client that shows a key."""
        bearer = {"authorization": f"Bearer {key}"}
        made = httpx.Client(base_url=self.client.base_url, headers=bearer, timeout=60)
        self.holders.append(made)
        return made

    def submit(self, request: dict[str, Any], **headers: str) -> str:
        """Submit a request as a job and return its id."""
        response = self.client.post(EXECUTION, json=request, headers=ASYNC | headers)
        assert response.status_code == 201, response.text
        return str(response.json()["jobID"])

    def status(self, job: str) -> dict[str, Any]:
        """Return the status of a job."""
        content: dict[str, Any] = self.client.get(f"/v1/jobs/{job}").json()
        return content

    def until(self, job: str, *states: str, seconds: float = 60) -> dict[str, Any]:
        """Wait until a job is in one of the states, the ended ones by default."""
        deadline = time.monotonic() + seconds
        while (now := self.status(job))["status"] not in (states or ENDED):
            assert time.monotonic() < deadline, now
            time.sleep(0.05)
        return now


def wait_until(reached: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to come, but not for ever."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def begun(*arguments: str, **settings: str) -> tuple[Started, IO[str]]:
    """Start ``muster`` and return it with what it says on standard error."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as said, Path(os.devnull).open("w") as nothing:
        files = nothing.fileno(), said.fileno()
        process = Started(arguments, environment(**settings), files)
    return process, os.fdopen(reading, encoding="utf-8")


def _kept(lines: Iterator[str], log: list[str]) -> Iterator[str]:
    for line in lines:
        log.append(line)
        yield line


def _drain(stream: IO[str], log: list[str]) -> None:
    with stream:
        log.extend(stream)


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started, and theirs."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found + [inner for one in found for inner in children(one)]


def is_solver(pid: int) -> bool:
    """Return whether a process is a solve's, alive and not the server they are forked from."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        named = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False
    # The server leads no group; each of its children leads one.
    forked = any(one in named for one in ("forkserver", "warm_server"))
    return stat[0] != "Z" and int(stat[2]) == pid and forked
