"""What the service adds: an event told over HTTP until its changed orders are there."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from api.output import request_json
from instances.generators.incidents import Dispatching, dispatching

SIZES = [
    pytest.param(Dispatching(50, 20, load=0.6, within_s=900.0), id="50x20"),
    pytest.param(Dispatching(200, 50, load=0.6, within_s=900.0), id="200x50"),
]
EVENTS = 100
WANTED_S = 1.0  # of the slowest in a hundred


@pytest.fixture
def served(tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a service of its own, whose dispatch processes have got ready."""
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    with subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
        env=os.environ | {"MUSTER_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := _addresses(line)))
        try:
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client
        finally:
            process.send_signal(signal.SIGTERM)


def _addresses(line: str) -> list[str]:
    return re.findall(r"http://[\w.:]+", line)


def _events(incidents: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give incidents that come again elsewhere, each two seconds after the one before."""
    for n in range(EVENTS):
        told = incidents[n % len(incidents)]
        moved = {"x_m": told["x_m"] + 100.0, "y_m": told["y_m"] - 50.0}
        yield (
            {
                "kind": "incident_reported",
                "at_s": 2.0 * (n + 1),
                "by": "119",
                "incident": told | moved | {"id": f"new-{n}"},
            }
            if n % 2 == 0
            else {
                "kind": "incident_closed",
                "at_s": 2.0 * (n + 1),
                "by": "119",
                "incident_id": f"new-{n - 1}",
            }
        )


@pytest.mark.parametrize("size", SIZES)
def test_an_event_brings_new_orders(
    benchmark: BenchmarkFixture, served: httpx.Client, size: Dispatching
) -> None:
    request = dispatching(size, 1)
    made = served.post("/v1/situations", content=request_json(request).encode())
    assert made.status_code == 201, made.text
    place = f"/v1/situations/{made.json()['id']}/events"
    incidents = [one.model_dump(mode="json") for one in request.incidents]
    taken = []
    for event in _events(incidents):
        start = time.perf_counter()
        answer = served.post(place, json=event)
        taken.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.text
    benchmark.extra_info.update(
        events=len(taken),
        p50_ms=float(np.quantile(taken, 0.5)) * 1000,
        p99_ms=float(np.quantile(taken, 0.99)) * 1000,
        p99_wanted_ms=WANTED_S * 1000,
    )
    said = {"kind": "clock_advanced", "at_s": 2.0 * EVENTS + 1, "by": "119"}
    benchmark.pedantic(lambda: served.post(place, json=said), rounds=5, iterations=1)
