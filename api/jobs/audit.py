"""The audit log: who did what, in the transaction that does it; entries are only ever added.

Triggers refuse to change or remove an entry. Each holds the hash of the one before, so that what
somebody removes or changes past the triggers shows; what is cut off at the end shows to
who has noted an earlier head.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, text

from api.jobs.callers import Caller
from api.jobs.database import reading
from api.jobs.rows import clock
from api.jobs.tables import AUDIT, JOBS
from models.base import Model
from models.quantities import Count

BEGINNING = "0" * 64
_LOCK = 0x4D757374  # of all advisory locks of a PostgreSQL, ours
_PAGE = 1000


class Act(StrEnum):
    """What is written down."""

    SUBMIT = "submit"
    SOLVE = "solve"  # by a call that waited
    VERIFY = "verify"
    STOP = "stop"
    DISMISS = "dismiss"
    FORGET = "forget"
    FINISH = "finish"
    READ_RESULTS = "read_results"
    READ_INPUTS = "read_inputs"
    KEEP_SCENARIO = "keep_scenario"
    READ_SCENARIO = "read_scenario"
    FORGET_SCENARIO = "forget_scenario"
    KEEP_SITUATION = "keep_situation"
    CHANGE_SITUATION = "change_situation"
    READ_SITUATION = "read_situation"
    FORGET_SITUATION = "forget_situation"
    KEEP_DATASET = "keep_dataset"
    READ_DATASET = "read_dataset"
    DENIED = "denied"  # a key asked for what its role may not
    CREATE_KEY = "create_key"
    ROTATE_KEY = "rotate_key"
    REVOKE_KEY = "revoke_key"
    RESTORE = "restore"  # a backup took the place of what was there


class Entry(Model):
    """One line of the log; ``at`` is in seconds since 1970, hashes are SHA-256."""

    number: Count
    at: float
    who: str
    name: str
    what: Act
    job_id: str | None = None
    inputs: str | None = None
    result: str | None = None
    detail: str | None = None
    previous: str
    sha256: str

    @classmethod
    def of(cls, row: Row[Any]) -> "Entry":
        """Return a row of the table as an entry."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


def add(
    connection: Connection,
    caller: Caller,
    what: Act,
    *,
    job_id: str | None = None,
    detail: str | None = None,
    **hashes: str | None,
) -> None:
    """Add an entry, as the last thing a transaction does: others wait from here to its end.

    ``hashes`` are ``inputs`` and ``result``; those of a job that is there are looked up.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = select(AUDIT.c.number, AUDIT.c.sha256).order_by(AUDIT.c.number.desc()).limit(1)
    before = connection.execute(last).first()
    values = {
        "number": 1 if before is None else before.number + 1,
        "at": clock(connection),
        "who": caller.id,
        "name": caller.name,
        "what": what,
        "job_id": job_id,
        **_hashes_of(connection, job_id),
        **hashes,
        "detail": detail,
        "previous": BEGINNING if before is None else before.sha256,
    }
    connection.execute(insert(AUDIT).values(**values, sha256=_hashed(values)))


def _hashes_of(connection: Connection, job_id: str | None) -> dict[str, str | None]:
    query = select(JOBS.c.inputs, JOBS.c.result).where(JOBS.c.id == job_id)
    row = None if job_id is None else connection.execute(query).first()
    if row is None:
        return {"inputs": None, "result": None}
    return {"inputs": row.inputs, "result": row.result}


def _hashed(values: dict[str, Any]) -> str:
    said = json.dumps(values, sort_keys=True, ensure_ascii=False).encode("utf-8")
    return hashlib.sha256(said).hexdigest()


@dataclass(frozen=True)
class Chain:
    """How the log holds together: how many entries do, the last hash, the first that does not."""

    count: int
    head: str
    broken: int | None
    noted: bool  # whether the hash that was asked for is among them


class AuditLog:
    """The log of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, caller: Caller, what: Act, **named: str | None) -> None:
        """Add an entry by itself."""
        with self._engine.begin() as connection:
            add(connection, caller, what, **named)

    def entries(self, *, since: float = 0.0, after: int = 0, limit: int = _PAGE) -> list[Entry]:
        """Return the entries after number ``after`` and from ``since`` on, the oldest first."""
        with reading(self._engine) as connection:
            return _entries(connection, since, after, limit)

    def all(self, since: float = 0.0) -> Iterator[Entry]:
        """Return every entry from ``since`` on."""
        after = 0
        while found := self.entries(since=since, after=after):
            yield from found
            after = found[-1].number

    def check(self, noted: str = BEGINNING) -> Chain:
        """Return how the log holds together, and whether an earlier head is still in it."""
        with reading(self._engine) as connection:
            return check(connection, noted)


def check(connection: Connection, noted: str = BEGINNING) -> Chain:
    """Return how the log holds together within a transaction; see `AuditLog.check`."""
    count, head, seen = 0, BEGINNING, noted == BEGINNING
    while page := _entries(connection, 0.0, count, _PAGE):
        for entry in page:
            values = entry.model_dump(exclude={"sha256"})
            follows = (entry.number, entry.previous) == (count + 1, head)
            if not follows or _hashed(values) != entry.sha256:
                return Chain(count, head, count + 1, seen)
            count, head = count + 1, entry.sha256
            seen = seen or head == noted
    return Chain(count, head, None, seen)


def _entries(connection: Connection, since: float, after: int, limit: int) -> list[Entry]:
    query = select(AUDIT).where(AUDIT.c.number > after, AUDIT.c.at >= since)
    rows = connection.execute(query.order_by(AUDIT.c.number).limit(limit)).all()
    return [Entry.of(row) for row in rows]
