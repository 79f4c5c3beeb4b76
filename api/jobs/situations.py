"""Situations in the database: the beginning, every event, and the state that they fold to.

An event is added only after as many as its answer was computed from; whoever is slower is told.
"""

import hashlib
import json
import uuid
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, update

from api.jobs import audit
from api.jobs.areas import within
from api.jobs.audit import Act
from api.jobs.callers import RETENTION, Caller
from api.jobs.database import reading
from api.jobs.rows import KeyReusedError, clock
from api.jobs.tables import SITUATION_EVENTS, SITUATIONS
from api.payloads import Payload
from api.problems import Touched
from api.situations import Stepped
from models.base import Model
from models.dispatch.situation import Event
from models.quantities import Count
from models.text import Label


class Kept(Model):
    """What is known of a situation without opening it."""

    id: str
    name: Label
    created: float
    event_count: Count
    now_s: float
    areas: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Logged:
    """One event of the log; ``event`` and ``change`` as JSON."""

    number: int
    told: float
    who: str
    event: str
    change: str | None


@dataclass(frozen=True)
class Past:
    """What a situation at a moment is folded from."""

    beginning: bytes
    events: tuple[str, ...]
    proposed: bytes


@dataclass(frozen=True)
class Telling:
    """An idempotency key, and the SHA-256 of what was told with it."""

    key: str
    body: str


_KEPT = tuple(SITUATIONS.c[name] for name in Kept.model_fields)
_LOG = SITUATION_EVENTS.c


class SituationStore:
    """The situations of one database; those outside ``areas`` are not there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: Label, begun: Stepped, by: Caller) -> Kept:
        """Keep a new situation."""
        state = zlib.compress(begun.state, level=1)
        with self._engine.begin() as connection:
            made = Kept(
                id=uuid.uuid4().hex,
                name=name,
                created=clock(connection),
                event_count=0,
                now_s=begun.now_s,
                areas=dict(begun.touched),
            )
            row = made.model_dump() | {
                "name": name.model_dump_json(),
                "areas": _text(made.areas),
                "beginning": state,
                "state": state,
            }
            connection.execute(insert(SITUATIONS).values(**row))
            hashes = {"inputs": _hash(begun.state), "result": _hash(begun.change.encode())}
            audit.add(connection, by, Act.KEEP_SITUATION, detail=made.id, **hashes)
        return made

    def get(self, situation_id: str, areas: Collection[str] | None = None) -> Kept | None:
        """Return what is known of a situation, None where there is none such."""
        query = select(*_KEPT).where(SITUATIONS.c.id == situation_id)
        return next(iter(self._all(query, areas)), None)

    def listing(self, limit: int, offset: int, areas: Collection[str] | None = None) -> list[Kept]:
        """Return the situations, the newest first."""
        query = select(*_KEPT).order_by(SITUATIONS.c.created.desc(), SITUATIONS.c.id)
        if areas is None:
            return self._all(query.limit(limit).offset(offset), None)
        return self._all(query, areas)[offset : offset + limit]

    def opened(self, situation_id: str) -> tuple[int, bytes] | None:
        """Return how many events a situation has seen, and its state as JSON."""
        query = select(SITUATIONS.c.event_count, SITUATIONS.c.state)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(SITUATIONS.c.id == situation_id)).first()
        return None if row is None else (row.event_count, zlib.decompress(row.state))

    def packed(self, situation_id: str) -> tuple[int, float, Payload] | None:
        """Return how many events a situation has seen, its clock, and its state as it is kept."""
        query = select(SITUATIONS.c.event_count, SITUATIONS.c.now_s, SITUATIONS.c.state)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(SITUATIONS.c.id == situation_id)).first()
        if row is None:
            return None
        return row.event_count, row.now_s, Payload("", row.state, is_packed=True)

    def told(self, situation_id: str, telling: Telling, by: Caller) -> tuple[int, str] | None:
        """Return what was told with a key already: how many events there were then, what changed.

        Raises
        ------
        KeyReusedError
            Something else was told with it.
        """
        ours = (
            _LOG.situation_id == situation_id,
            _LOG.who == by.name,
            _LOG.key == telling.key,
        )
        with reading(self._engine) as connection:
            row = connection.execute(select(_LOG.number, _LOG.change, _LOG.body).where(*ours))
            found = row.first()
        if found is None:
            return None
        if found.body != telling.body:
            raise KeyReusedError
        return found.number, found.change

    def append(
        self,
        before: Kept,
        events: Sequence[Event],
        after: Stepped,
        by: Caller,
        telling: Telling | None = None,
    ) -> Kept | None:
        """Add events to the log, with the state after them; None where others came first."""
        areas: Touched = before.areas | dict(after.touched)
        ours = (SITUATIONS.c.id == before.id, SITUATIONS.c.event_count == before.event_count)
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(SITUATIONS)
                .where(*ours)
                .values(
                    event_count=after.event_count,
                    now_s=after.now_s,
                    state=zlib.compress(after.state, level=1),
                    areas=_text(areas),
                )
            ).rowcount
            if not changed:
                return None
            _log(connection, before, events, after, by, telling)
        update_ = {"event_count": after.event_count, "now_s": after.now_s, "areas": dict(areas)}
        return before.model_copy(update=update_)

    def events(self, situation_id: str, after: int, limit: int) -> list[Logged]:
        """Return the events after number ``after``, the oldest first."""
        query = select(_LOG.number, _LOG.told, _LOG.who, _LOG.event, _LOG.change)
        ours = (_LOG.situation_id == situation_id, _LOG.number > after)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(*ours).order_by(_LOG.number).limit(limit))
            return [Logged(*row) for row in rows]

    def past(self, situation_id: str, at_s: float) -> Past | None:
        """Return what the situation at ``at_s`` is folded from."""
        begun = select(SITUATIONS.c.beginning).where(SITUATIONS.c.id == situation_id)
        seen = select(_LOG.event, _LOG.proposed).order_by(_LOG.number)
        ours = (_LOG.situation_id == situation_id, _LOG.at_s <= at_s)
        with reading(self._engine) as connection:
            beginning = connection.execute(begun).scalar()
            rows = connection.execute(seen.where(*ours)).all()
        if beginning is None:
            return None
        first = zlib.decompress(beginning)
        proposed = [zlib.decompress(row.proposed) for row in rows if row.proposed is not None]
        return Past(first, tuple(row.event for row in rows), proposed[-1] if proposed else first)

    def remove(self, situation_id: str, event_count: int, by: Caller) -> bool:
        """Forget a situation with its log; False where it has seen other events."""
        with self._engine.begin() as connection:
            return _removed(connection, situation_id, event_count, by)

    def forget(self, age_s: float) -> int:
        """Forget situations that nothing was told of for so long, and return how many they were."""
        last = select(func.max(_LOG.told)).where(_LOG.situation_id == SITUATIONS.c.id)
        touched = func.coalesce(last.scalar_subquery(), SITUATIONS.c.created)
        known = select(SITUATIONS.c.id, SITUATIONS.c.event_count)
        number = 0
        with self._engine.begin() as connection:
            old = known.where(touched < clock(connection) - age_s)
            for row in connection.execute(old).all():
                number += _removed(connection, row.id, row.event_count, RETENTION)
        return number

    def _all(self, query: Select[tuple[object, ...]], areas: Collection[str] | None) -> list[Kept]:
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        found = [
            Kept.model_validate(
                dict(row) | {"name": json.loads(row["name"]), "areas": json.loads(row["areas"])}
            )
            for row in rows
        ]
        return [one for one in found if areas is None or within(one.areas, areas)]


def _removed(connection: Connection, situation_id: str, event_count: int, by: Caller) -> bool:
    """Forget a situation that has seen just so many events; return whether it has."""
    ours = (SITUATIONS.c.id == situation_id, SITUATIONS.c.event_count == event_count)
    gone = connection.execute(delete(SITUATIONS).where(*ours)).rowcount
    if gone:
        audit.add(connection, by, Act.FORGET_SITUATION, detail=situation_id)
    return bool(gone)


def _log(
    connection: Connection,
    before: Kept,
    events: Sequence[Event],
    after: Stepped,
    by: Caller,
    telling: Telling | None,
) -> None:
    now = clock(connection)
    for number, event in enumerate(events, start=before.event_count + 1):
        last = number == after.event_count
        said = event.model_dump_json()
        connection.execute(
            insert(SITUATION_EVENTS).values(
                situation_id=before.id,
                number=number,
                told=now,
                who=by.name,
                at_s=event.at_s,
                event=said,
                change=after.change if last else None,
                proposed=zlib.compress(after.proposed, level=1) if last else None,
                key=telling.key if last and telling else None,
                body=telling.body if last and telling else None,
            )
        )
        hashes = {"inputs": _hash(said.encode())}
        if last:
            hashes["result"] = _hash(after.change.encode())
        named = json.dumps(event.by, ensure_ascii=False)  # no character that is not stored
        detail = f"{before.id} {number} {event.kind} {named}"[:500]
        audit.add(connection, by, Act.CHANGE_SITUATION, detail=detail, **hashes)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(areas: Touched) -> str:
    return json.dumps(areas, ensure_ascii=False)
