"""Large bodies that come to a service at once, and how soon it says meanwhile that it stands.

Each is sent by a process of its own. It is a request of so many demand points that are read,
validated and checked to the last before one fault is found, that more stations are asked for than
there are sites: the whole way of a body, and no solve behind it. The points may also lie in a
dataset that a small body names.
"""

import http.client
import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np

from optimizer.datasets import Store

_BEAT_S = 0.005
_PATIENCE_S = 1800.0
_AT_ONCE = 10_000  # points written in one go


@dataclass(frozen=True)
class Sent:
    """How many bodies, of how many bytes each, and how long they are watched at most."""

    number: int
    size_bytes: int
    longest_s: float = math.inf

    @property
    def settings(self) -> dict[str, str]:
        """Settings of a service that takes them all."""
        return {
            "BODY_LIMIT_BYTES": str(2 * self.size_bytes),
            "BODIES_LIMIT_BYTES": str(2 * self.size_bytes * self.number),
            "HTTP_GRACE_S": str(_PATIENCE_S),
        }


def quiet(url: str, count: int) -> list[float]:
    """Return how long so many calls of ``/healthz`` take while nothing comes in."""
    with httpx.Client(base_url=url, timeout=_PATIENCE_S) as client:
        return [_asked(client) for _ in range(count)]


def _asked(client: httpx.Client) -> float:
    time.sleep(_BEAT_S)
    start = time.perf_counter()
    client.get("/healthz").raise_for_status()
    return 1000.0 * (time.perf_counter() - start)


def during(url: str, sent: Sent, body: Path) -> list[float]:
    """Return how long each call of ``/healthz`` takes, in milliseconds, until all is answered.

    The file ``body`` is sent as often as ``sent`` says.

    Raises
    ------
    RuntimeError
        A body that was answered was not refused for its one fault.
    """
    until = time.monotonic() + sent.longest_s
    taken = []
    with (
        httpx.Client(base_url=url, timeout=_PATIENCE_S) as client,
        _senders(url, body, sent) as senders,
    ):
        while any(one.poll() is None for one in senders) and time.monotonic() < until:
            taken.append(_asked(client))
        codes = [one.returncode for one in senders]
    if any(codes):
        message = f"bodies were not refused as they should be: {codes}"
        raise RuntimeError(message)
    return taken


_FAULTY = {
    "sites": [{"id": f"s{n}", "x_m": 1000.0 * n, "y_m": 0.0} for n in range(3)],
    "new_stations": {"city": 9},
}


def write_naming(path: Path, store: Store, rows: int) -> None:
    """Write a small request over a dataset of so many rows, with the same fault."""
    number = np.arange(rows)
    name = store.add_arrays(
        {
            "x_m": 7.0 * (number % 1000),
            "y_m": 7.0 * (number // 1000),
            "residents": np.full(rows, 3.0),
        }
    )
    path.write_text(json.dumps(_FAULTY | {"demand_points": {"sha256": name}}))


def write_request(path: Path, size_bytes: int) -> None:
    """Write a request of about so many bytes, with one fault that the last check finds."""
    with path.open("w", encoding="ascii") as stream:
        stream.write(json.dumps(_FAULTY)[:-1] + ', "demand_points": [')
        number = 0
        while stream.tell() < size_bytes:
            some = (_point(number + n) for n in range(_AT_ONCE))
            stream.write((", " if number else "") + ", ".join(some))
            number += _AT_ONCE
        stream.write("]}")


def _point(number: int) -> str:
    x_m, y_m = 7.0 * (number % 1000), 7.0 * (number // 1000)
    return f'{{"id": "p{number}", "x_m": {x_m}, "y_m": {y_m}, "weights": {{"residents": 3}}}}'


@contextmanager
def _senders(url: str, body: Path, sent: Sent) -> Iterator[list["subprocess.Popen[bytes]"]]:
    command = (sys.executable, "-m", "benchmarks.bodies", url, str(body))
    started = [subprocess.Popen(command) for _ in range(sent.number)]  # noqa: S603  ourselves
    try:
        yield started
    finally:
        for one in started:
            one.kill()
            one.wait()


def send(url: str, body: Path) -> int:
    """Send a body as a job; 0 where it was refused for its fault, else the status."""
    where = urlsplit(url)
    assert where.hostname is not None
    line = http.client.HTTPConnection(
        where.hostname, where.port, timeout=_PATIENCE_S, blocksize=1 << 20
    )
    headers = {"prefer": "respond-async", "content-type": "application/json"}
    headers |= {"content-length": str(body.stat().st_size)}
    with body.open("rb") as stream:
        line.request("POST", "/v1/processes/site-fire-stations/execution", stream, headers)
        answer = line.getresponse()
        content = answer.read()
    line.close()
    refused = answer.status == http.HTTPStatus.BAD_REQUEST
    return 0 if refused and b"new_stations.city" in content else answer.status


if __name__ == "__main__":
    sys.exit(send(sys.argv[1], Path(sys.argv[2])) != 0)
