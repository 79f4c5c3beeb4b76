"""The description of the service holds: whatever is asked by it, or against it."""

import base64
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from api.processes import PROCESSES
from tests.api.doors import tiny
from tests.api.jobs.servers import EXECUTION, Served

# What a schema cannot say, two fields that contradict each other, is refused all the same, so
# "data in the schema is accepted" is not asked.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance,unsupported_method"
)
LIMIT_BYTES = 8_000_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("described")
    settings = {
        "MUSTER_HTTP_TIME_LIMIT_S": "5",
        "MUSTER_JOB_TIME_LIMIT_S": "5",
        "MUSTER_DISPATCH_PROCESSES": "1",  # else every case of theirs would start one
        "MUSTER_READERS": "1",
        "MUSTER_WRITERS": "1",
        "MUSTER_BODY_LIMIT_BYTES": str(LIMIT_BYTES),
    }
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}", **settings) as made:
        yield made


def cases(served: Served, folder: Path, *options: str) -> int:
    """Run schemathesis against the service and return how many cases passed, all of them."""
    pytest.importorskip("schemathesis")
    job = served.submit(tiny() | {"limits": {"time_limit_s": 5}})
    served.until(job)
    # Jobs are asked for by the name of one that is there, except where that would end it.
    # Made-up keys would be refused before anything else is looked at; none is needed here.
    configured = "[generation]\nwith-security-parameters = false\n"
    configured += f'[[operations]]\ninclude-method = "GET"\nparameters = {{ job_id = "{job}" }}\n'
    (folder / "schemathesis.toml").write_text(configured)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{served.client.base_url}/openapi.json"),
        # A stream does not end, and no workbook can be made from a schema.
        *(
            "--exclude-path-regex",
            "/(events|workbooks/faults|workbooks/preview)$",
            "--checks",
            CHECKS,
        ),
        *("--phases", "examples,coverage,fuzzing", "--no-shrink", "--continue-on-failure"),
        *("--no-color", "--seed", "1", *options),
    ]
    ran = subprocess.run(  # noqa: S603
        command, check=False, capture_output=True, text=True, cwd=folder
    )
    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr
    found = re.search(r"(\d+) generated, (\d+) passed", ran.stdout)
    assert found is not None, ran.stdout
    assert found[1] == found[2]
    return int(found[1])


@pytest.mark.slow
def test_dozens_of_cases_meet_no_server_error_and_no_surprise(
    served: Served, tmp_path: Path
) -> None:
    assert cases(served, tmp_path, "-n", "3", "--max-time", "15") >= 50


@pytest.mark.slow
def test_ten_thousand_cases_meet_no_server_error_and_no_surprise(
    served: Served, tmp_path: Path
) -> None:
    # The cases that cover every operation come first, and are far more than ten thousand.
    seconds = os.environ.get("MUSTER_FUZZ_S", "600")
    assert cases(served, tmp_path, "-n", "1500", "--max-time", seconds) >= 10_000


KINDS = (
    "site-shelters",
    "site-facilities",
    "place-stockpiles",
    "send-supplies",
    "plan-rotation",
    "dispatch-teams",
    "plan-disaster-phase",
    "open-shelters",
)
PLACES = (
    *(f"/v1/processes/{one}/execution" for one in KINDS),
    *("/v1/situations", "/v1/scenarios", "/v1/verify", "/v1/comparisons"),
    *("/v1/workbooks", "/v1/workbooks/returns"),
)


def bombs() -> dict[str, bytes]:
    points = ",".join(["[114.3,22.6]"] * (LIMIT_BYTES // 14))
    return {
        "deep": b"[" * LIMIT_BYTES,
        "deep objects": b'{"a":' * (LIMIT_BYTES // 5 - 1),
        "not a number": b'{"demand_points": [{"id": "a", "x_m": NaN, "y_m": Infinity}]}',
        "geojson": f'{{"type": "Polygon", "coordinates": [[{points}]]}}'.encode(),
        "digits": b'{"new_stations": ' + b"9" * 1_000_000 + b"}",
        "names": b'{"a": 1' + b', "a": 1' * (LIMIT_BYTES // 8 - 2) + b"}",
        "too large": b" " * (20 * LIMIT_BYTES),
    }


def peak_bytes(pid: int) -> int:
    """Return the most memory a process has ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def test_bodies_made_to_burst_are_refused_in_bounded_memory(served: Served) -> None:
    assert served.process is not None
    served.client.post(EXECUTION, json=tiny())
    before = peak_bytes(served.process.pid)
    for name, bomb in bombs().items():
        for _ in range(3):
            refused = served.client.post(EXECUTION, content=bomb)
            assert refused.status_code == (413 if name == "too large" else 400), name
            assert len(refused.content) < 500_000, name
    # Twenty times the largest body is far from what a bomb would take, and stays whole.
    assert peak_bytes(served.process.pid) - before < 20 * LIMIT_BYTES
    assert served.client.get("/healthz").status_code == 200


@pytest.mark.slow
def test_every_place_that_takes_a_body_refuses_them_in_bounded_memory(served: Served) -> None:
    assert served.process is not None
    served.client.post(EXECUTION, json=tiny())
    before = peak_bytes(served.process.pid)
    for place in PLACES:
        for name, bomb in bombs().items():
            refused = served.client.post(place, content=bomb)
            assert refused.status_code == (413 if name == "too large" else 400), (place, name)
            assert len(refused.content) < 500_000, (place, name)
    # What is read lies in a file and in other processes.
    assert peak_bytes(served.process.pid) - before < 5 * LIMIT_BYTES
    assert served.client.get("/healthz").status_code == 200


def archive(name: str, size_bytes: int) -> bytes:
    """Return an archive that unpacks to far more than it is."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(name, b"0" * size_bytes)
    return buffer.getvalue()


@pytest.mark.slow
def test_a_workbook_made_to_burst_is_refused(served: Served) -> None:
    for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"):
        bomb = archive(name, 400_000_000)
        assert len(bomb) < LIMIT_BYTES
        for place in ("", "/faults", "/preview"):
            refused = served.client.post(f"/v1/workbooks{place}", content=bomb)
            assert refused.status_code == 400, (name, place, refused.text)
        request = PROCESSES["plan-rotation"].example()["request"]
        book = {"workbook": base64.b64encode(bomb).decode()}
        sent = {"request": request, "returned": book}
        assert served.client.post("/v1/workbooks/returns", json=sent).status_code == 400, name
