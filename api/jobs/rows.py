"""What the store does inside one transaction, row by row."""

import json
import time
import uuid
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    func,
    insert,
    select,
    text,
    union,
    update,
)
from sqlalchemy.exc import IntegrityError

from api.jobs import areas
from api.jobs.records import Claim, Job, State
from api.jobs.tables import EVENTS, JOBS, KEYS, PAYLOADS, VERSIONS
from api.payloads import Payload
from api.problems import Touched
from api.processes import URGENT
from models.text import Text

MOST_CRASHES = 3


class KeyReusedError(Exception):
    """An idempotency key came again with another body."""


class QueueFullError(Exception):
    """As many jobs wait as may."""


OPEN = (State.ACCEPTED, State.RUNNING)


def clock(connection: Connection) -> float:
    """Return the database's time: workers' clocks may differ."""
    if connection.dialect.name == "postgresql":
        return float(
            connection.execute(text("select extract(epoch from clock_timestamp())")).scalar_one()
        )
    return time.time()


def held(claim: Claim) -> ColumnElement[bool]:
    """Return the condition that a job is still this attempt's."""
    return and_(
        JOBS.c.id == claim.job_id,
        JOBS.c.state == State.RUNNING,
        JOBS.c.attempt == claim.attempt,
        JOBS.c.owner == claim.owner,
    )


def still(connection: Connection, claim: Claim) -> bool:
    """Return whether the job is this attempt's, and keep it so until the transaction ends."""
    touched = update(JOBS).where(held(claim)).values(updated=clock(connection))
    return bool(connection.execute(touched).rowcount)


def claimed(
    connection: Connection, row: Row[Any], owner: str, lease_until: float, now: float
) -> Claim | None:
    """Take a job up, unless it has lost too many workers or another was faster."""
    crashes = row.crashes + (1 if row.state == State.RUNNING else 0)
    if crashes >= MOST_CRASHES:
        fail_crashed(connection, row.id, crashes, now, attempt=row.attempt)
        return None
    taken = connection.execute(
        update(JOBS)
        .where(JOBS.c.id == row.id, JOBS.c.attempt == row.attempt, JOBS.c.state == row.state)
        .values(
            state=State.RUNNING,
            owner=owner,
            lease_until=lease_until,
            attempt=row.attempt + 1,
            crashes=crashes,
            started=func.coalesce(JOBS.c.started, now),
            updated=now,
        )
    ).rowcount
    if not taken:
        return None
    tell(connection, row.id, "state", {"status": State.RUNNING})
    best = select(EVENTS.c.plan).where(EVENTS.c.job_id == row.id, EVENTS.c.plan.is_not(None))
    content = select(PAYLOADS.c.content).where(PAYLOADS.c.sha256 == row.inputs)
    return Claim(
        job_id=row.id,
        process_id=row.process_id,
        attempt=row.attempt + 1,
        owner=owner,
        inputs=Payload(row.inputs, connection.execute(content).scalar_one(), is_packed=True),
        plan=connection.execute(best.order_by(EVENTS.c.number.desc()).limit(1)).scalar(),
        stop_asked=row.stop_asked,
    )


def fail_crashed(
    connection: Connection, job_id: str, crashes: int, now: float, attempt: int | None = None
) -> None:
    """Let a job fail that has lost too many workers."""
    failure = Text(code="job.crashed", values={"number": crashes})
    query = update(JOBS).where(JOBS.c.id == job_id, JOBS.c.state == State.RUNNING)
    if attempt is not None:
        query = query.where(JOBS.c.attempt == attempt)
    values = {"state": State.FAILED, "failure": failure.model_dump_json(), "crashes": crashes}
    ended = connection.execute(
        query.values(**values, owner=None, finished=now, updated=now)
    ).rowcount
    if ended:
        tell(connection, job_id, "state", {"status": State.FAILED})


def let_wait(connection: Connection, which: ColumnElement[bool], crashes: int) -> None:
    """Let the running jobs that ``which`` picks wait again, after so many more crashes."""
    rows = connection.execute(select(JOBS.c.id).where(which, JOBS.c.state == State.RUNNING)).all()
    freed = {"state": State.ACCEPTED, "owner": None, "lease_until": None}
    for row in rows:
        changed = update(JOBS).where(JOBS.c.id == row.id, which).values(**freed)
        told_at = {"crashes": JOBS.c.crashes + crashes, "updated": clock(connection)}
        if connection.execute(changed.values(**told_at)).rowcount:
            tell(connection, row.id, "state", {"status": State.ACCEPTED})


def close(connection: Connection, claim: Claim, values: dict[str, Any]) -> None:
    """End a job that is this attempt's."""
    now = clock(connection)
    ended = {**values, "finished": now, "updated": now, "owner": None, "lease_until": None}
    connection.execute(update(JOBS).where(held(claim)).values(**ended))
    tell(connection, claim.job_id, "state", {"status": values["state"]})


def tell(
    connection: Connection, job_id: str, kind: str, content: dict[str, Any], plan: Any = None
) -> None:
    """Add the next event of a job; its row is locked by an update before, so none is skipped."""
    raised = update(JOBS).where(JOBS.c.id == job_id).values(last_event=JOBS.c.last_event + 1)
    connection.execute(raised)
    row = connection.execute(
        select(JOBS.c.last_event, JOBS.c.attempt).where(JOBS.c.id == job_id)
    ).one()
    connection.execute(
        insert(EVENTS).values(
            job_id=job_id,
            number=row.last_event,
            at=clock(connection),
            attempt=row.attempt,
            kind=kind,
            content=json.dumps(content, ensure_ascii=False),
            plan=None if plan is None else json.dumps(plan, ensure_ascii=False),
        )
    )


def kept(connection: Connection, payload: Payload) -> str:
    """Keep a payload, once, and return its name."""
    name = payload.sha256
    known = select(PAYLOADS.c.sha256).where(PAYLOADS.c.sha256 == name)
    if connection.execute(known).first() is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(PAYLOADS).values(sha256=name, content=payload.packed))
        except IntegrityError:
            pass  # another call kept the same bytes just now
    return name


def forget_unused(connection: Connection) -> None:
    """Delete the payloads that no job and no scenario needs."""
    users = (JOBS.c.inputs, JOBS.c.result, VERSIONS.c.request, VERSIONS.c.patch)
    used = union(*(select(one).where(one.is_not(None)) for one in users))
    connection.execute(delete(PAYLOADS).where(PAYLOADS.c.sha256.not_in(used)))


def by_key(connection: Connection, submitter: str, key: str, body: str) -> str | None:
    """Return the job that this key has made, None where it is new."""
    query = select(KEYS.c.job_id, KEYS.c.body)
    row = connection.execute(query.where(KEYS.c.submitter == submitter, KEYS.c.key == key)).first()
    if row is None:
        return None
    if row.body != body:
        raise KeyReusedError(key)
    return str(row.job_id)


def check_room(connection: Connection, most_waiting: int | None) -> None:
    """Raise where as many jobs wait as may."""
    if most_waiting is None:
        return
    waiting = select(func.count()).select_from(JOBS).where(JOBS.c.state == State.ACCEPTED)
    if connection.execute(waiting).scalar_one() >= most_waiting:
        raise QueueFullError


def added(
    connection: Connection,
    process_id: str,
    inputs: Payload,
    named: tuple[str, str | None, str],
    touched: Touched | None,
) -> Job:
    """Add a job; ``named``: its submitter, its key if any, and the hash of what was sent."""
    submitter, key, body = named
    now, job_id = clock(connection), uuid.uuid4().hex
    connection.execute(
        insert(JOBS).values(
            id=job_id,
            process_id=process_id,
            state=State.ACCEPTED,
            created=now,
            updated=now,
            inputs=kept(connection, inputs),
            attempt=0,
            crashes=0,
            stop_asked=False,
            last_event=0,
            submitter=submitter,
            area_count=None if touched is None else len(touched),
        )
    )
    areas.keep(connection, job_id, touched or {})
    if key is not None:
        values = {"key": key, "submitter": submitter, "body": body, "job_id": job_id}
        connection.execute(insert(KEYS).values(**values))
    tell(connection, job_id, "state", {"status": State.ACCEPTED})
    return job_of(connection, job_id)


def removed(connection: Connection, which: ColumnElement[bool]) -> list[Any]:
    """Forget jobs that have ended, with what only they used; return their ids and hashes."""
    ended = delete(JOBS).where(which, JOBS.c.state.not_in(OPEN))
    gone = connection.execute(ended.returning(JOBS.c.id, JOBS.c.inputs, JOBS.c.result)).all()
    if gone:
        forget_unused(connection)
    return list(gone)


def job_of(connection: Connection, job_id: str) -> Job:
    """Return a job that is there."""
    return told(connection, connection.execute(select(JOBS).where(JOBS.c.id == job_id)).one())


def told(connection: Connection, row: Row[Any]) -> Job:
    """Return a row as it is told."""
    ahead = 0
    if row.state == State.ACCEPTED:
        earlier = and_(JOBS.c.state == State.ACCEPTED, JOBS.c.created < row.created)
        if row.process_id in URGENT:
            earlier = and_(earlier, JOBS.c.process_id.in_(URGENT))
        query = select(func.count()).select_from(JOBS).where(earlier)
        ahead = connection.execute(query).scalar_one()
    fields = {name: getattr(row, name) for name in Job.model_fields if name not in _COMPUTED}
    failure = None if row.failure is None else Text.model_validate_json(row.failure)
    return Job(**fields, failure=failure, ahead=ahead)


_COMPUTED = {"ahead", "failure"}
