"""The record of truth: every change of a job is one transaction, and says whose it is.

A worker holds a job by a lease: state ``running``, its name, an attempt number and a time. Whoever
takes it over raises the attempt, and what an older attempt still writes finds no row (a
fencing token). So a job is worked on at least once, and exactly one result is accepted.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from api.jobs import audit
from api.jobs.areas import visible
from api.jobs.audit import Act
from api.jobs.callers import OPEN as ANYBODY
from api.jobs.callers import RETENTION, Caller, worker
from api.jobs.database import reading
from api.jobs.records import Claim, Event, Job, State, Termination, is_id
from api.jobs.rows import (
    MOST_CRASHES,
    OPEN,
    added,
    by_key,
    check_room,
    claimed,
    clock,
    close,
    fail_crashed,
    held,
    job_of,
    kept,
    let_wait,
    removed,
    still,
    tell,
    told,
)
from api.jobs.tables import EVENTS, JOBS, PAYLOADS
from api.payloads import Payload
from api.problems import Touched
from models.text import Text

_ATTEMPTS = 3
_IDS_AT_ONCE = 500  # databases bound how many values a query may carry
_CANDIDATES = 5  # looked at in one go: others may be taking the first


class JobStore:
    """The jobs in one database; safe to use from several threads and machines."""

    def __init__(self, engine: Engine, most_waiting: int | None = None) -> None:
        self._engine, self._most_waiting = engine, most_waiting

    def ready(self) -> None:
        """Raise where the database cannot be read."""
        with reading(self._engine) as connection:
            connection.execute(select(func.count()).select_from(JOBS))

    def submit(
        self,
        process_id: str,
        inputs: bytes | Payload,
        *,
        key: str | None = None,
        by: Caller = ANYBODY,
        touched: Touched | None = None,
        body: str | None = None,
    ) -> Job:
        """Keep a job and return it; the same ``key`` with the same inputs is the same job.

        Every submitter has keys of its own. ``touched`` are the areas that demand lies in.
        ``body`` is the hash of the inputs as they came (`body_hash`), where what they refer to
        has been put in since: what a reference leads to may change, and the job of a key must not.

        Raises
        ------
        KeyReusedError
            The key came before with other inputs or another process.
        QueueFullError
            As many jobs wait already as may.
        """
        made = inputs if isinstance(inputs, Payload) else Payload.of(inputs)
        sent = body or body_hash(process_id, made.read())
        for attempt in range(_ATTEMPTS):
            try:
                with self._engine.begin() as connection:
                    known = None if key is None else by_key(connection, by.id, key, sent)
                    if known is not None:
                        return job_of(connection, known)
                    check_room(connection, self._most_waiting)
                    job = added(connection, process_id, made, (by.id, key, sent), touched)
                    audit.add(connection, by, Act.SUBMIT, job_id=job.id)
                    return job
            except IntegrityError:  # another call took the key, or forgot the same inputs, just now
                if attempt + 1 == _ATTEMPTS:
                    raise
        raise AssertionError

    def get(self, job_id: str) -> Job | None:
        """Return a job, None where there is none."""
        if not is_id(job_id):
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.id == job_id)).first()
            return None if row is None else told(connection, row)

    def seen(self, job_id: str, areas: Collection[str]) -> bool:
        """Return whether there is such a job within ``areas``."""
        if not is_id(job_id):
            return False
        query = select(JOBS.c.id).where(JOBS.c.id == job_id, visible(areas))
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def listing(
        self,
        *,
        states: Sequence[str] = (),
        processes: Sequence[str] = (),
        areas: Collection[str] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Job]:
        """Return jobs, the newest first; only those within ``areas`` where these are given."""
        query = select(JOBS).order_by(JOBS.c.created.desc(), JOBS.c.id)
        if states:
            query = query.where(JOBS.c.state.in_(states))
        if processes:
            query = query.where(JOBS.c.process_id.in_(processes))
        if areas is not None:
            query = query.where(visible(areas))
        with reading(self._engine) as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
            return [told(connection, row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many jobs are in each state."""
        query = select(JOBS.c.state, func.count()).group_by(JOBS.c.state)
        with reading(self._engine) as connection:
            found = {str(state): int(count) for state, count in connection.execute(query)}
        return {state.value: found.get(state.value, 0) for state in State}

    def packed(self, sha256: str) -> Payload:
        """Return inputs or a result as they are kept."""
        query = select(PAYLOADS.c.content).where(PAYLOADS.c.sha256 == sha256)
        with reading(self._engine) as connection:
            return Payload(sha256, connection.execute(query).scalar_one(), is_packed=True)

    def payload(self, sha256: str) -> bytes:
        """Return what inputs or a result are."""
        return self.packed(sha256).read()

    def events(self, job_id: str, *, after: int = 0, limit: int = 1000) -> list[Event]:
        """Return what happened to a job after event ``after``."""
        query = select(EVENTS).where(EVENTS.c.job_id == job_id, EVENTS.c.number > after)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(EVENTS.c.number).limit(limit)).all()
        return [_event(row) for row in rows]

    def last_events(self, job_ids: Collection[str]) -> dict[str, int]:
        """Return the numbers of the last events of those jobs that are there."""
        wanted = sorted(job_ids)
        found: dict[str, int] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), _IDS_AT_ONCE):
                some = JOBS.c.id.in_(wanted[start : start + _IDS_AT_ONCE])
                rows = connection.execute(select(JOBS.c.id, JOBS.c.last_event).where(some))
                found |= {str(one.id): int(one.last_event) for one in rows}
        return found

    def last_event(self, job_id: str, kind: str) -> Event | None:
        """Return the last event of a kind."""
        query = select(EVENTS).where(EVENTS.c.job_id == job_id, EVENTS.c.kind == kind)
        with reading(self._engine) as connection:
            row = connection.execute(query.order_by(EVENTS.c.number.desc()).limit(1)).first()
        return None if row is None else _event(row)

    def ask_stop(self, job_id: str, by: Caller = ANYBODY) -> bool:
        """Ask that a job end with the best it has; False where it has ended already."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(JOBS)
                .where(JOBS.c.id == job_id, JOBS.c.state.in_(OPEN))
                .values(stop_asked=True, updated=clock(connection))
            ).rowcount
            if changed:
                audit.add(connection, by, Act.STOP, job_id=job_id)
            return bool(changed)

    def dismiss(self, job_id: str, by: Caller = ANYBODY) -> bool:
        """End a job without a result; False where it has ended already."""
        with self._engine.begin() as connection:
            now = clock(connection)
            changed = connection.execute(
                update(JOBS)
                .where(JOBS.c.id == job_id, JOBS.c.state.in_(OPEN))
                .values(state=State.DISMISSED, finished=now, updated=now, owner=None)
            ).rowcount
            if changed:
                tell(connection, job_id, "state", {"status": State.DISMISSED})
                audit.add(connection, by, Act.DISMISS, job_id=job_id)
            return bool(changed)

    def remove(self, job_id: str, by: Caller = ANYBODY) -> None:
        """Forget a job that has ended, with what only it used."""
        with self._engine.begin() as connection:
            _write_down(connection, removed(connection, JOBS.c.id == job_id), by)

    def forget(self, age_s: float) -> int:
        """Forget the jobs that ended so long ago, and return how many they were."""
        with self._engine.begin() as connection:
            gone = removed(connection, JOBS.c.finished < clock(connection) - age_s)
            _write_down(connection, gone, RETENTION)
            return len(gone)

    def claim(self, owner: str, lease_s: float, processes: Sequence[str]) -> Claim | None:
        """Take up the oldest job that waits or whose lease has run out; None where none is.

        A job whose lease ran out has lost its worker; the third time it fails instead.
        """
        with self._engine.begin() as connection:
            now = clock(connection)
            lost = and_(JOBS.c.state == State.RUNNING, JOBS.c.lease_until < now)
            query = (
                select(JOBS)
                .where(JOBS.c.process_id.in_(processes))
                .where(or_(JOBS.c.state == State.ACCEPTED, lost))
                .order_by(JOBS.c.created, JOBS.c.id)
                .limit(_CANDIDATES)
            )
            for row in connection.execute(query).all():
                claim = claimed(connection, row, owner, now + lease_s, now)
                if claim is not None:
                    return claim
        return None

    def beat(self, claim: Claim, lease_s: float) -> Job | None:
        """Renew a lease and return the job; None where it is no longer this attempt's."""
        with self._engine.begin() as connection:
            now = clock(connection)
            values = {"lease_until": now + lease_s, "updated": now}
            ours = connection.execute(update(JOBS).where(held(claim)).values(**values)).rowcount
            return job_of(connection, claim.job_id) if ours else None

    def record(self, claim: Claim, content: dict[str, Any], plan: Any) -> bool:
        """Keep an improvement with its plan; False where the job is no longer this attempt's."""
        with self._engine.begin() as connection:
            if not still(connection, claim):
                return False
            tell(connection, claim.job_id, "incumbent", content, plan=plan)
            return True

    def finish(self, claim: Claim, result: bytes | Payload, ended: Termination | None) -> bool:
        """Accept a result; False, and nothing kept, where the job is no longer this attempt's."""
        made = result if isinstance(result, Payload) else Payload.of(result)
        with self._engine.begin() as connection:
            if not still(connection, claim):
                return False
            values = {"state": State.SUCCESSFUL, "result": kept(connection, made)}
            close(connection, claim, {**values, "termination": ended})
            audit.add(connection, worker(claim.owner), Act.FINISH, job_id=claim.job_id)
            return True

    def fail(self, claim: Claim, failure: Text) -> bool:
        """Let a job fail for good; False where it is no longer this attempt's."""
        with self._engine.begin() as connection:
            if not still(connection, claim):
                return False
            values = {"state": State.FAILED, "failure": failure.model_dump_json()}
            close(connection, claim, values)
            return True

    def give_back(self, claim: Claim, *, crashed: bool) -> bool:
        """Let the job wait again: its worker is leaving, or its process has died."""
        with self._engine.begin() as connection:
            row = connection.execute(select(JOBS).where(held(claim))).first()
            if row is None:
                return False
            if crashed and row.crashes + 1 >= MOST_CRASHES:
                fail_crashed(connection, claim.job_id, row.crashes + 1, clock(connection))
                return True
            let_wait(connection, held(claim), int(crashed))
            return True


def body_hash(process_id: str, sent: bytes) -> str:
    """Return the hash by which what is sent again under a key is known."""
    return hashlib.sha256(process_id.encode() + b"\0" + sent).hexdigest()


def _event(row: Row[Any]) -> Event:
    return Event(**{name: getattr(row, name) for name in Event.model_fields})


def _write_down(connection: Connection, forgotten: Sequence[Any], by: Caller) -> None:
    for row in forgotten:
        named = {"inputs": row.inputs, "result": row.result}
        audit.add(connection, by, Act.FORGET, job_id=row.id, **named)
