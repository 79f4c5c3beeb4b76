"""Large bodies are read in another process, and nobody who asks can tell by what comes back."""

import io
import json
import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from api.carried import SMALL_BYTES, Body, Folder
from api.requests import Document, problem_named, read_request
from api.services import reading_lane, writing_lane
from api.settings import Settings
from api.solving import TooMuchError
from instances.generators.minimal import minimal_dispatch
from optimizer.datasets import LargeDatasetError, Store, loading_at_most
from tests.api.doors import timeless, tiny
from tests.api.jobs.servers import ASYNC, EXECUTION, Served

PADDING = b" " * (2 * SMALL_BYTES)
FAULTY = {
    "syntax": b'{"sites": [1,]}',
    "depth": b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}",
    "no object": b"[1, 2]",
    "NaN": b'{"request": {"demand_points": [{"id": "a", "x_m": NaN}]}, "jobs": [NaN]}',
    "twice": b'{"request": {"a": 1, "a": 2}, "inputs": {"request": {"a": 1, "a": 2}}}',
    "unknown": b'{"surprise": 1, "kind": "nothing"}',
    "GBK": '{"name": "坪山区消防站选址"}'.encode("gbk"),
    "two fields": json.dumps({"request": tiny() | {"new_stations": {"city": 9}}}).encode(),
}
PLACES = (
    EXECUTION,
    "/v1/processes/dispatch-teams/execution",
    "/v1/verify",
    "/v1/scenarios",
    "/v1/comparisons",
    "/v1/situations",
    "/v1/workbooks",
    "/v1/workbooks/returns",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("large")
    lanes = ("READERS", "WRITERS", "SOLVERS", "DISPATCH_PROCESSES")
    ready = {f"MUSTER_{name}": "1" for name in lanes}
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", **ready) as made:
        yield made


def both(served: Served, place: str, body: bytes, **headers: str) -> list[httpx.Response]:
    """Return the answers to a body, and to the same with much space behind it."""
    return [
        served.client.post(place, content=one, headers=headers) for one in (body, body + PADDING)
    ]


@pytest.mark.parametrize("place", PLACES)
def test_a_large_body_is_refused_in_the_very_words_of_a_small_one(
    served: Served, place: str
) -> None:
    for name, body in FAULTY.items():
        small, large = both(served, place, body)
        assert small.status_code == 400, (name, small.text)
        assert (large.status_code, large.content) == (400, small.content), name


def test_a_large_request_has_the_answer_of_a_small_one(served: Served) -> None:
    small, large = both(served, EXECUTION, json.dumps(tiny()).encode())
    assert timeless(small.json()) == timeless(large.json())
    dispatch = minimal_dispatch().model_dump_json().encode()
    small, large = both(served, "/v1/processes/dispatch-teams/execution", dispatch)
    assert large.status_code == 200, large.text
    assert timeless(small.json()["plan"]) == timeless(large.json()["plan"])
    proposal = {"request": tiny(), "plan": {"stations": [{"site_id": "s0", "class_id": "city"}]}}
    small, large = both(served, "/v1/verify", json.dumps(proposal).encode())
    assert (large.status_code, large.content) == (200, small.content)
    small, large = both(served, "/v1/workbooks", json.dumps(tiny()).encode())
    assert (large.status_code, large.content) == (200, small.content)


def test_a_large_job_is_the_same_job_under_its_key(served: Served) -> None:
    headers = ASYNC | {"idempotency-key": "padded"}
    small, large = both(served, EXECUTION, json.dumps(tiny()).encode(), **headers)
    assert (small.status_code, large.status_code) == (201, 201)
    assert small.json()["jobID"] == large.json()["jobID"]


def spread(count: int) -> dict[str, Any]:
    """Return a request of so many points that it is large by itself."""
    points = [
        {
            "id": f"point {n}",
            "x_m": float(n % 97),
            "y_m": float(n // 97),
            "weights": {"residents": 1},
        }
        for n in range(count)
    ]
    return tiny() | {"demand_points": points}


def test_what_is_large_by_reference_is_read_elsewhere_too(served: Served) -> None:
    asked = {"name": "large", "request": spread(6000)}
    assert len(json.dumps(asked)) > SMALL_BYTES
    kept = served.client.post("/v1/scenarios", json=asked)
    assert kept.status_code == 201, kept.text
    scenario = {"id": kept.json()["id"]}
    place = f"/v1/scenarios/{scenario['id']}"
    assert served.client.get(place).json()["request"] == asked["request"]
    patch = [{"op": "replace", "path": "/new_stations/city", "value": 1}]
    tag = {"if-match": kept.headers["etag"]}
    followed = served.client.put(place, json={"patch": patch}, headers=tag)
    assert followed.status_code == 200, followed.text
    assert followed.json()["request"]["new_stations"] == {"city": 1}
    assert followed.json()["patch"] == patch
    made = served.client.post(EXECUTION, json={"inputs": {"scenario": scenario}}, headers=ASYNC)
    job = made.json()["jobID"]
    assert served.until(job)["status"] == "successful"
    inputs = served.client.get(f"/v1/jobs/{job}/inputs").json()
    assert inputs["request"]["new_stations"] == {"city": 1}
    whole = served.client.get(f"/v1/jobs/{job}/results").json()
    assert served.client.get(f"/v1/jobs/{job}/verification").json() == whole["verification"]


def named(served: Served, rows: int) -> dict[str, Any]:
    """Return a request whose points lie in a dataset of so many rows, taken in by the service."""
    made = served.client.post("/v1/datasets", content=packed(rows))
    assert made.status_code in {200, 201}, made.text
    return tiny() | {"demand_points": {"sha256": made.json()["sha256"]}}


def packed(rows: int) -> bytes:
    """Return points as an NPZ file, much smaller than they are in memory."""
    stream = io.BytesIO()
    columns = {"x_m": np.zeros(rows), "y_m": np.zeros(rows), "residents": np.ones(rows)}
    np.savez_compressed(stream, **columns)  # type: ignore[arg-type]
    return stream.getvalue()


def test_a_small_body_that_names_a_large_dataset_is_read_elsewhere(
    served: Served, tmp_path: Path
) -> None:
    request = named(served, 30_000)
    assert len(packed(30_000)) < SMALL_BYTES < 30_000 * 24
    store = Store(tmp_path)
    store.add_bytes(packed(30_000))
    problem = problem_named(request)
    with loading_at_most(SMALL_BYTES), pytest.raises(LargeDatasetError):
        problem.check(read_request(Document(request), store=store), store)
    problem.check(read_request(Document(request), store=store), store)
    answered = served.client.post(EXECUTION, json=request)
    assert answered.status_code == 200, answered.text
    proposal = {"request": request, "plan": answered.json()["plan"]}
    assert served.client.post("/v1/verify", json=proposal).json()["passed"]
    faulty = request | {"new_stations": {"city": 9}}
    refused = served.client.post(EXECUTION, json=faulty, headers=ASYNC)
    assert [one["path"] for one in refused.json()["errors"]] == ["new_stations.city"]


def test_small_datasets_count_together(tmp_path: Path) -> None:
    store = Store(tmp_path)
    names = [store.add_arrays({"one": np.full(1000, float(n))}) for n in range(3)]
    with loading_at_most(20_000):
        store.load(names[0])
        store.load(names[1])
        with pytest.raises(LargeDatasetError):
            store.load(names[2])
    assert store.load(names[2])["one"][0] == 2.0


def test_reading_and_writing_are_bounded_in_memory() -> None:
    lane = reading_lane(Settings(readers=0, body_limit_bytes=1_000_000))
    with pytest.raises(TooMuchError):
        lane.ask(partial(bytearray, 3_000_000_000), 60)
    lane = writing_lane(Settings(writers=0))
    with pytest.raises(TooMuchError):
        lane.ask(partial(bytearray, 9_000_000_000), 60)


def test_a_large_body_lies_in_a_file_as_long_as_it_is_asked_about(tmp_path: Path) -> None:
    folder = Folder()
    path = folder.new()
    path.write_bytes(b"all of it")
    assert (Body(path).large, Body(path).read(), Body(path).size) == (True, b"all of it", 9)
    assert not Body(b"small").large
    folder.close()
    assert not path.parent.exists()


def test_what_a_killed_service_left_is_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, alive, strange = (
        tmp_path / f"muster-calls-{name}" for name in (f"{2**22 + 1}-x", f"{os.getpid()}-x", "me-x")
    )
    for one in (dead, alive, strange):
        one.mkdir()
    folder = Folder()
    made = folder.new().parent
    assert {one.name for one in tmp_path.iterdir()} == {alive.name, strange.name, made.name}
    folder.close()
