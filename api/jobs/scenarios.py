"""Scenarios: requests kept under a name, version by version; a version never changes.

Each version keeps its whole request, however it came about: what a patch was applied to may
be forgotten, and reading a version replays nothing. Payloads are kept once and packed.
"""

import uuid
import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Select, delete, insert, select, update

from api.jobs.rows import clock, forget_unused, kept
from api.jobs.tables import PAYLOADS, SCENARIOS, VERSIONS
from models.base import Model
from models.quantities import Count


class Version(Model):
    """One version of a scenario; ``request`` and ``patch`` are names of payloads."""

    id: str
    version: Count
    name: str
    created: float
    request: str
    patch: str | None = None
    parent: str | None = None
    parent_version: Count | None = None


@dataclass(frozen=True)
class Draft:
    """What becomes a version: its request, and the patch and the version it came from, if any."""

    name: str
    request: bytes
    patch: bytes | None = None
    parent: tuple[str, int] | None = None


class ScenarioStore:
    """The scenarios in one database; safe to use from several threads and machines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, draft: Draft) -> Version:
        """Keep a new scenario and return its first version."""
        scenario_id = uuid.uuid4().hex
        with self._engine.begin() as connection:
            now = clock(connection)
            row = {"id": scenario_id, "created": now, "version": 1}
            connection.execute(insert(SCENARIOS).values(**row))
            return _added(connection, scenario_id, 1, draft)

    def follow(self, scenario_id: str, after: int, draft: Draft) -> Version | None:
        """Keep the version after version ``after``; None where that is not the latest."""
        with self._engine.begin() as connection:
            raised = connection.execute(
                update(SCENARIOS)
                .where(SCENARIOS.c.id == scenario_id, SCENARIOS.c.version == after)
                .values(version=after + 1)
            ).rowcount
            return _added(connection, scenario_id, after + 1, draft) if raised else None

    def latest(self, scenario_id: str) -> Version | None:
        """Return the latest version, None where there is no such scenario."""
        return self._first(_latest().where(SCENARIOS.c.id == scenario_id))

    def get(self, scenario_id: str, version: int) -> Version | None:
        """Return a version, None where there is none such."""
        ours = (VERSIONS.c.id == scenario_id, VERSIONS.c.version == version)
        return self._first(select(VERSIONS).where(*ours))

    def listing(self, limit: int, offset: int) -> list[Version]:
        """Return the latest version of each scenario, the newest scenario first."""
        query = _latest().order_by(SCENARIOS.c.created.desc(), SCENARIOS.c.id)
        return self._all(query.limit(limit).offset(offset))

    def versions(self, scenario_id: str, limit: int, offset: int) -> list[Version]:
        """Return the versions of a scenario, the newest first."""
        query = select(VERSIONS).where(VERSIONS.c.id == scenario_id)
        newest_first = query.order_by(VERSIONS.c.version.desc())
        return self._all(newest_first.limit(limit).offset(offset))

    def remove(self, scenario_id: str, version: int) -> bool:
        """Forget a scenario; False where ``version`` is not its latest."""
        ours = (SCENARIOS.c.id == scenario_id, SCENARIOS.c.version == version)
        with self._engine.begin() as connection:
            gone = connection.execute(delete(SCENARIOS).where(*ours)).rowcount
            if gone:
                forget_unused(connection)
            return bool(gone)

    def content(self, sha256: str) -> bytes:
        """Return what a request or a patch is."""
        query = select(PAYLOADS.c.content).where(PAYLOADS.c.sha256 == sha256)
        with self._engine.connect() as connection:
            return zlib.decompress(connection.execute(query).scalar_one())

    def _first(self, query: Select[tuple[object, ...]]) -> Version | None:
        return next(iter(self._all(query.limit(1))), None)

    def _all(self, query: Select[tuple[object, ...]]) -> list[Version]:
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Version(**{name: getattr(row, name) for name in Version.model_fields}) for row in rows
        ]


def _latest() -> Select[tuple[object, ...]]:
    joined = (VERSIONS.c.id == SCENARIOS.c.id) & (VERSIONS.c.version == SCENARIOS.c.version)
    return select(VERSIONS).join(SCENARIOS, joined)


def _added(connection: Connection, scenario_id: str, version: int, draft: Draft) -> Version:
    parent, parent_version = draft.parent or (None, None)
    made = Version(
        id=scenario_id,
        version=version,
        name=draft.name,
        created=clock(connection),
        request=kept(connection, draft.request),
        patch=None if draft.patch is None else kept(connection, draft.patch),
        parent=parent,
        parent_version=parent_version,
    )
    connection.execute(insert(VERSIONS).values(**made.model_dump()))
    return made
