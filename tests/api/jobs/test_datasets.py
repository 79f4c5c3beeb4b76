"""Datasets over HTTP: kept once, told, named by requests; what is no dataset does not stay."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.api.doors import tiny
from tests.api.jobs.servers import EXECUTION, Served

LIMIT = 300_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("datasets")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    settings = {
        "MUSTER_STORE_FOLDER": str(folder / "store"),
        "MUSTER_DATASET_LIMIT_BYTES": str(LIMIT),
        "MUSTER_DATASET_UNPACKED_LIMIT_BYTES": "3000000",
    }
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", **settings) as made:
        yield made


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def parquet(columns: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(columns).to_parquet(buffer, index=False)
    return buffer.getvalue()


def test_the_same_bytes_twice_are_one_dataset(served: Served) -> None:
    raw = npz(travel_time_s=np.full((6, 3), 100.0))
    first = served.client.post("/v1/datasets", content=raw)
    name = hashlib.sha256(raw).hexdigest()
    told = {
        "sha256": name,
        "bytes": len(raw),
        "kind": "arrays",
        "columns": [{"name": "travel_time_s", "type": "float64", "shape": [6, 3]}],
    }
    assert (first.status_code, first.json()) == (201, told)
    assert first.headers["location"].endswith(f"/v1/datasets/{name}")
    again = served.client.post("/v1/datasets", content=raw)
    assert (again.status_code, again.json()) == (200, told)
    assert served.client.get(f"/v1/datasets/{name}").json() == told
    head = served.client.head(f"/v1/datasets/{name}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", f'"{name}"')
    assert served.client.get(f"/v1/datasets/{name}/content").content == raw
    listed = served.client.get("/v1/datasets").json()["datasets"]
    assert {"sha256": name, "bytes": len(raw)} in listed
    assert served.client.delete(f"/v1/datasets/{name}").status_code == 405


def test_a_request_names_a_matrix_that_was_sent_before(served: Served) -> None:
    times = np.full((6, 3), 3000.0)
    times[:, 2] = 60.0
    sent = served.client.post("/v1/datasets", content=npz(travel_time_s=times))
    matrix = {"sha256": sent.json()["sha256"]}
    travel = {"kind": "matrix", "scenarios": [{"id": "day", "travel_time_s": matrix}]}
    asked = tiny() | {"travel": travel, "new_stations": {"city": 1}}
    answer = served.client.post(EXECUTION, json=asked)
    assert answer.status_code == 200, answer.text
    assert [one["site_id"] for one in answer.json()["plan"]["stations"]] == ["s2"]


def test_tables_and_road_networks_are_told_apart(served: Served) -> None:
    table = served.client.post("/v1/datasets", content=parquet({"id": ["a"], "residents": [3]}))
    assert table.json()["kind"] == "table"
    assert [one["name"] for one in table.json()["columns"]] == ["id", "residents"]
    names = ("node_lat", "node_lon", "edge_from", "edge_to", "shape_start")
    roads = npz(**{name: np.zeros(2) for name in names})
    assert served.client.post("/v1/datasets", content=roads).json()["kind"] == "road_network"


def damaged() -> bytes:
    raw = bytearray(npz(a=np.random.default_rng(1).normal(size=1000)))
    raw[2000:2010] = bytes(10)
    return bytes(raw)


def claims_too_much() -> bytes:
    """An array whose head claims far more than is there."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("a.npy", head.getvalue())
    return raw.getvalue()


@pytest.mark.parametrize(
    ("raw", "need"),
    [
        (b"", "a Parquet or NPZ file"),
        (b"id,residents\na,3\n", "a Parquet or NPZ file"),
        (b"PAR1 and then nothing", "damaged"),
        (parquet({"a": range(100)})[:-20], "damaged"),
        (damaged(), "damaged"),
        (claims_too_much(), "damaged"),
        (npz(a=np.array([{}], dtype=object)), "a.npy holds Python objects"),
        (npz(a=np.zeros(1_000_000)), "at most 3 MB once unpacked"),
        (parquet({"a": np.zeros(1_000_000)}), "at most 3 MB once unpacked"),
    ],
)
def test_what_is_no_dataset_is_told_and_does_not_stay(
    served: Served, folder: Path, raw: bytes, need: str
) -> None:
    refused = served.client.post("/v1/datasets", content=raw)
    assert refused.status_code == 400, refused.text
    assert need in refused.json()["errors"][0]["need"]
    store = folder / "store"
    assert [path for path in store.iterdir() if path.is_file()] == []
    name = hashlib.sha256(raw).hexdigest()
    assert served.client.get(f"/v1/datasets/{name}").status_code == 404


def test_more_bytes_than_granted_are_refused(served: Served, folder: Path) -> None:
    refused = served.client.post("/v1/datasets", content=bytes(LIMIT + 1))
    assert refused.status_code == 413
    chinese = {"accept-language": "zh"}
    again = served.client.post("/v1/datasets", content=bytes(LIMIT + 1), headers=chinese)
    assert "数据集" in again.json()["title"]
    assert [path for path in (folder / "store").iterdir() if path.is_file()] == []


@pytest.mark.parametrize("name", ["0" * 64, "no-name", "..%2f..%2fetc%2fpasswd"])
def test_a_dataset_that_is_not_there_is_not_found(served: Served, name: str) -> None:
    assert served.client.get(f"/v1/datasets/{name}").status_code == 404
