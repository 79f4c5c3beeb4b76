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
from benchmarks.streets import closure, dispatching_by_road
from instances.generators.incidents import Dispatching, dispatching
from optimizer.datasets import Store

SIZES = [
    pytest.param(Dispatching(50, 20, load=0.6, within_s=900.0), id="50x20"),
    pytest.param(Dispatching(200, 50, load=0.6, within_s=900.0), id="200x50"),
]
EVENTS = 100
WANTED_S = 1.0  # of the slowest in a hundred
CLOSED_S = 2.0  # of a closure among 50,000 crossings
_SIDES = [30, pytest.param(226, marks=pytest.mark.slow)]  # 226 x 226 crossings: 51,076


@pytest.fixture
def served(tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a service of its own, whose dispatch processes have got ready."""
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    with subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
        env=os.environ | {"MUSTER_DATABASE_URL": url, "MUSTER_STORE_FOLDER": str(tmp_path)},
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


def _events(
    incidents: list[dict[str, Any]], count: int, from_s: float = 2.0, every_s: float = 2.0
) -> Iterator[dict[str, Any]]:
    """Give incidents that come again elsewhere and are closed, each some time after the last."""
    for n in range(count):
        told = incidents[n % len(incidents)]
        moved = {}
        for name, by in {"x_m": 100.0, "y_m": -50.0, "lat": 1e-3, "lon": 1e-3}.items():
            moved[name] = None if told[name] is None else told[name] + by
        said = {"at_s": from_s + every_s * n, "by": "119"}
        if n % 2 == 0:
            new = told | moved | {"id": f"new-{from_s}-{n}"}
            yield said | {"kind": "incident_reported", "incident": new}
        else:
            yield said | {"kind": "incident_closed", "incident_id": f"new-{from_s}-{n - 1}"}


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
    for event in _events(incidents, EVENTS):
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


@pytest.mark.parametrize("soon", [True, False], ids=["soon", "exact"])
@pytest.mark.parametrize("side", _SIDES)
def test_a_closure_brings_new_orders(
    benchmark: BenchmarkFixture, served: httpx.Client, tmp_path: Path, side: int, soon: bool
) -> None:
    """The first answer where old times may serve for a moment, and until nothing old is left."""
    request = dispatching_by_road(side, Store(tmp_path)).model_copy(update={"deadline_ms": 5000})
    made = served.post("/v1/situations", content=request_json(request).encode())
    assert made.status_code == 201, made.text
    place = f"/v1/situations/{made.json()['id']}"
    incidents = [one.model_dump(mode="json") for one in request.incidents]
    first, exact, beside, marked = [], [], [], 0
    for number in range(10):
        shut = closure(side, number).model_dump(mode="json")
        event = {"kind": "road_shut", "at_s": float(number), "by": "police", "closure": shut}
        start = time.perf_counter()
        answer = served.post(f"{place}/events", json=event | {"soon": soon})
        first.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.text
        marked += len(answer.json()["stale_travel"])
        for event in _events(incidents, 4, float(number), 0.2):  # while the times are made exact
            start_event = time.perf_counter()
            assert served.post(f"{place}/events", json=event).status_code == 200
            beside.append(time.perf_counter() - start_event)
        while soon and not _followed(served, place, answer.json()["event_count"]):
            assert time.perf_counter() - start < 60.0
            time.sleep(0.02)
        exact.append(time.perf_counter() - start)
    benchmark.extra_info.update(
        first_worst_s=max(first),
        exact_worst_s=max(exact),
        events_beside_worst_s=max(beside),
        wanted_s=CLOSED_S,
        marked=marked,
    )
    said = {"kind": "clock_advanced", "at_s": 100.0, "by": "119"}
    benchmark.pedantic(lambda: served.post(f"{place}/events", json=said), rounds=3, iterations=1)


def _followed(client: httpx.Client, place: str, after: int) -> bool:
    """Whether the service has told, since event ``after``, that every time is exact again."""
    log = client.get(f"{place}/events", params={"after": after}).json()["events"]
    return any(one["event"]["by"] == "muster" for one in log)
