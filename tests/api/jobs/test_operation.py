"""Keeping the service going: logs, the disk, what is forgotten, and a proxy before it."""

import json
import time
from pathlib import Path

from api.jobs.callers import OPEN, Role
from api.jobs.database import open_database
from api.jobs.keys import KeyStore
from tests.api.doors import tiny
from tests.api.jobs.servers import ASYNC, EXECUTION, Served


def test_every_line_of_the_log_is_json_and_names_request_and_job(tmp_path: Path) -> None:
    served = Served(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", MUSTER_LOG_FORMAT="json")
    with served:
        sent = served.client.post(
            EXECUTION, json=tiny(), headers=ASYNC | {"x-request-id": "council-7"}
        )
        job = sent.json()["jobID"]
        assert sent.headers["x-request-id"] == "council-7"
        served.until(job)
        forged = served.client.get("/healthz", headers={"x-request-id": 'a" b'})
        assert forged.headers["x-request-id"].isalnum()
    lines = [json.loads(line) for line in served.log]
    answered = next(
        one for one in lines if one.get("request_id") == "council-7" and "status" in one
    )
    assert (answered["method"], answered["status"]) == ("POST", 201)
    about = [(one["message"], one.get("request_id")) for one in lines if one.get("job_id") == job]
    assert about[0] == ("accepted", "council-7")
    assert {"taken up, attempt 1", "left"} <= {message for message, _ in about}


def test_no_work_is_taken_in_when_the_disk_is_nearly_full(tmp_path: Path) -> None:
    reserve = {"MUSTER_DISK_RESERVE_BYTES": str(10**18)}
    with Served(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", **reserve) as served:
        for headers in (ASYNC, {}):
            refused = served.client.post(EXECUTION, json=tiny(), headers=headers)
            assert refused.status_code == 507
            assert "MB" in refused.json()["title"]
        for place in ("datasets", "scenarios", "situations"):
            assert served.client.post(f"/v1/{place}", content=b"{}").status_code == 507
        assert served.client.get("/v1/jobs").json()["jobs"] == []


def test_no_work_is_taken_in_when_the_quota_is_taken(tmp_path: Path) -> None:
    quota = {"MUSTER_DISK_QUOTA_BYTES": "1"}
    with Served(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", **quota) as served:
        refused = served.client.post(EXECUTION, json=tiny(), headers=ASYNC)
        assert refused.status_code == 507
        assert "quota" in refused.json()["title"]
        assert served.client.post("/v1/datasets", content=b"{}").status_code == 507
        assert served.client.get("/v1/jobs").json()["jobs"] == []


def test_jobs_that_ended_long_ago_are_forgotten(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    with Served(database, MUSTER_JOBS_KEPT_DAYS="1") as served:
        job = served.submit(tiny())
        served.until(job)
    with Served(database, MUSTER_JOBS_KEPT_DAYS="1") as served:
        assert served.status(job)["status"] == "successful"
    with Served(database, MUSTER_JOBS_KEPT_DAYS="0.0000001") as served:
        deadline = time.monotonic() + 10
        while served.client.get(f"/v1/jobs/{job}").status_code != 404:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_links_lead_through_the_proxy_that_was_come_by(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    engine = open_database(database)
    key = KeyStore(engine).create("first", Role.ADMIN, by=OPEN)
    engine.dispose()
    with Served(database, MUSTER_ROOT_PATH="/muster") as served:
        through = {"host": "plans.example", "x-forwarded-proto": "https"}
        assert served.client.get("/v1/", headers=through).status_code == 401
        client = served.holding(key)
        landing = client.get("/v1/", headers=through).json()
        places = [link["href"] for link in landing["links"]]
        assert all(place.startswith("https://plans.example/muster/") for place in places)
        created = client.post(EXECUTION, json=tiny(), headers=ASYNC | through)
        assert created.headers["location"].startswith("https://plans.example/muster/v1/jobs/")
        assert 'href="/muster/openapi.json"' in client.get("/docs", headers=through).text
        odd = client.put("/v1/jobs", headers=through)
        assert (odd.status_code, odd.headers["allow"]) == (405, "GET")
