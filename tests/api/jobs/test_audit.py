"""The audit log: written with the deed, never changed, and whole or seen not to be."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from api.jobs.audit import Act, AuditLog
from api.jobs.callers import Caller, Role
from api.jobs.database import migrate, open_database
from api.jobs.store import JobStore
from api.jobs.tables import AUDIT, JOBS, KEYS, PAYLOADS
from tests.api.jobs.databases import database_urls

KIND = "site-fire-stations"
ANN = Caller("k1", "Ann", Role.PLANNER)


@pytest.fixture
def log(engine: Engine) -> AuditLog:
    return AuditLog(engine)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def insertion(table: str, values: Iterable[str]) -> str:
    """Return the statement for a row of a table as it was before."""
    names = list(values)
    return f"insert into {table} ({', '.join(names)}) values (:{', :'.join(names)})"  # noqa: S608


def unguarded(engine: Engine, statement: str) -> None:
    """Do what only somebody past the triggers can."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("alter table audit disable trigger all"))
        else:
            connection.execute(text("drop trigger audit_no_update"))
            connection.execute(text("drop trigger audit_no_delete"))
        connection.execute(text(statement))


def test_what_is_done_to_a_job_is_written_down_with_its_hashes(
    engine: Engine, log: AuditLog
) -> None:
    jobs = JobStore(engine)
    job = jobs.submit(KIND, b"asked", by=ANN, key="once")
    jobs.submit(KIND, b"asked", by=ANN, key="once")  # the same job: nothing done
    claim = jobs.claim("W", 60, [KIND])
    assert claim is not None
    jobs.ask_stop(job.id, ANN)
    jobs.finish(claim, b"answer", None)
    jobs.ask_stop(job.id, ANN)  # too late: nothing done
    jobs.dismiss(job.id, ANN)
    jobs.remove(job.id, ANN)
    asked, answered = sha256(b"asked"), sha256(b"answer")
    entries = log.entries()
    assert [(one.name, one.what, one.inputs, one.result) for one in entries] == [
        ("Ann", "submit", asked, None),
        ("Ann", "stop", asked, None),
        ("W", "finish", asked, answered),
        ("Ann", "forget", asked, answered),
    ]
    assert {(one.job_id, one.who) for one in entries} == {(job.id, "k1"), (job.id, "worker")}
    assert log.check().count == 4


def test_who_submitted_is_kept_with_the_job(engine: Engine) -> None:
    jobs = JobStore(engine)
    assert jobs.submit(KIND, b"1", by=ANN).submitter == "k1"
    assert jobs.submit(KIND, b"2").submitter == "open"


def test_the_log_cannot_be_changed(engine: Engine, log: AuditLog) -> None:
    for _ in range(3):
        log.add(ANN, Act.VERIFY)
    before = log.entries()
    again = before[0].model_dump() | {"name": "Bob"}
    statements = [
        update(AUDIT).values(name="Bob"),
        delete(AUDIT).where(AUDIT.c.number == 2),
        delete(AUDIT),
        insert(AUDIT).values(**again),
    ]
    if engine.dialect.name == "postgresql":
        statements.append(text("truncate audit"))
    else:
        statements.append(insert(AUDIT).prefix_with("or replace").values(**again))
    for statement in statements:
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(statement)
    assert log.entries() == before


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("delete from audit where number = 1", 1),
        ("delete from audit where number = 3", 3),
        ("update audit set name = 'Bob' where number = 2", 2),
        ("update audit set at = at + 1 where number = 4", 4),
        ("update audit set number = 99 where number = 5", 5),
        ("update audit set result = inputs where number = 5", 5),
    ],
)
def test_what_is_changed_past_the_triggers_shows(
    engine: Engine, log: AuditLog, statement: str, broken: int
) -> None:
    for n in range(5):
        log.add(ANN, Act.VERIFY, inputs=sha256(str(n).encode()))
    assert log.check().broken is None
    unguarded(engine, statement)
    found = log.check()
    assert (found.broken, found.count) == (broken, broken - 1)


def test_what_is_cut_off_shows_to_who_noted_the_head(engine: Engine, log: AuditLog) -> None:
    for _ in range(3):
        log.add(ANN, Act.VERIFY)
    noted = log.check().head
    log.add(ANN, Act.VERIFY)
    assert log.check(noted).noted
    unguarded(engine, "delete from audit where number >= 3")
    found = log.check(noted)
    assert (found.broken, found.noted, found.count) == (None, False, 2)


def test_entries_of_many_at_once_make_one_chain(log: AuditLog) -> None:
    def write(n: int) -> None:
        log.add(Caller(f"k{n}", "x", Role.VIEWER), Act.VERIFY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    found = log.check()
    assert (found.count, found.broken) == (80, None)
    assert len({entry.who for entry in log.all()}) == 80


def test_the_log_is_read_from_a_moment_and_a_number_on(log: AuditLog) -> None:
    for _ in range(4):
        log.add(ANN, Act.VERIFY)
    entries = log.entries()
    assert log.entries(after=2) == entries[2:]
    assert log.entries(since=entries[1].at, limit=2) == entries[1:3]
    assert not log.entries(since=entries[3].at + 1)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_jobs_of_before_keep_their_keys_and_are_in_areas_unknown(kind: str, tmp_path: Path) -> None:
    with database_urls(kind, tmp_path) as url:
        made = open_database(url, "0001")
        with made.begin() as connection:
            connection.execute(insert(PAYLOADS).values(sha256="s", content=b"x"))
            columns = [one for one in JOBS.c if one.name not in ("submitter", "area_count")]
            values: dict[str, Any] = {one.name: 1 for one in columns if not one.nullable}
            values |= {"id": "j", "process_id": KIND, "state": "accepted", "inputs": "s"}
            values |= {"stop_asked": False}
            connection.execute(text(insertion("jobs", values)), values)
            body = sha256(KIND.encode() + b"\0{}")
            made_by = {"key": "once", "submitter": "", "body": body, "job_id": "j"}
            connection.execute(insert(KEYS).values(**made_by))
        migrate(made)
        jobs = JobStore(made)
        assert jobs.submit(KIND, b"{}", key="once").id == "j"
        assert not jobs.listing(areas={"a"})
        assert [job.submitter for job in jobs.listing()] == ["open"]
        made.dispose()
