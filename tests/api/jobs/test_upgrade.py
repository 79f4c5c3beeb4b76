"""Databases of earlier versions, with jobs in the queue, are opened and the jobs finished."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, insert

from api.jobs.audit import AuditLog
from api.jobs.database import open_database, reading, revision_of, revisions, tables_of
from api.jobs.records import State
from api.jobs.store import JobStore
from tests.api.doors import tiny
from tests.api.jobs.databases import database_urls
from tests.api.jobs.servers import Served

KIND = "site-fire-stations"
VERSIONS = revisions()[1:]
WAITING, RUNNING = "a" * 32, "b" * 32
ABOUT = {"process_id": KIND, "crashes": 0, "stop_asked": False, "updated": 10.0}
PLAN = {"stations": [{"site_id": "s0", "class_id": "city"}, {"site_id": "s1", "class_id": "city"}]}


def fill(connection: Connection, revision: str) -> None:
    """Write, as the program of ``revision`` did, a job that waits and one that its worker left."""
    tables = tables_of(revision)
    content = json.dumps({"request": tiny()}).encode()
    name = hashlib.sha256(content).hexdigest()
    packed = {"sha256": name, "content": zlib.compress(content)}
    connection.execute(insert(tables.tables["payloads"]).values(**packed))
    waiting = {"id": WAITING, "state": "accepted", "created": 10.0, "attempt": 0, "last_event": 1}
    left = {"id": RUNNING, "state": "running", "created": 9.0, "attempt": 1, "last_event": 3}
    left |= {"owner": "gone", "lease_until": 11.0, "started": 9.5}
    for job in (waiting, left):
        connection.execute(insert(tables.tables["jobs"]).values(**ABOUT, **job, inputs=name))
    events = [
        (WAITING, 1, 0, "state", {"status": "accepted"}, None),
        (RUNNING, 1, 0, "state", {"status": "accepted"}, None),
        (RUNNING, 2, 1, "state", {"status": "running"}, None),
        (RUNNING, 3, 1, "incumbent", {"objective": 1.0}, PLAN),
    ]
    for event in events:
        tell(connection, tables, *event)


def tell(connection: Connection, tables: MetaData, *event: Any) -> None:
    job, number, attempt, kind, content, plan = event
    values = {"job_id": job, "number": number, "at": 10.0, "attempt": attempt, "kind": kind}
    values |= {"content": json.dumps(content), "plan": None if plan is None else json.dumps(plan)}
    connection.execute(insert(tables.tables["events"]).values(**values))


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "revision",
    [
        pytest.param(one, marks=[] if one in {VERSIONS[0], VERSIONS[-1]} else pytest.mark.slow)
        for one in VERSIONS
    ],
)
def test_jobs_in_the_queue_of_an_earlier_version_are_finished(
    kind: str, revision: str, tmp_path: Path
) -> None:
    with database_urls(kind, tmp_path) as url:
        old = open_database(url, revision)
        with old.begin() as connection:
            fill(connection, revision)
            assert revision_of(connection) == revision
        old.dispose()
        with Served(url) as served:
            ended = [served.until(job) for job in (WAITING, RUNNING)]
            results = [served.client.get(f"/v1/jobs/{job}/results") for job in (WAITING, RUNNING)]
        assert [one["termination"] for one in ended] == ["optimal", "optimal"]
        plans = [one.json()["plan"]["stations"] for one in results]
        assert plans[0] == plans[1]
        engine = open_database(url)
        with reading(engine) as connection:
            assert revision_of(connection) == revisions()[0]
        jobs = JobStore(engine)
        taken_over = jobs.get(RUNNING)
        assert taken_over is not None
        assert (taken_over.state, taken_over.attempt) == (State.SUCCESSFUL, 2)
        numbers = [event.number for event in jobs.events(RUNNING)]
        assert numbers == list(range(1, len(numbers) + 1))
        acts = [entry.what for entry in AuditLog(engine).all() if entry.what == "finish"]
        assert len(acts) == 2
        assert AuditLog(engine).check().broken is None
        engine.dispose()
