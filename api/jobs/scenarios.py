"""Scenarios: requests kept under a name, version by version; a version never changes.

Each version keeps its whole request, however it came about: what a patch was applied to may
be forgotten, and reading a version replays nothing. Payloads are kept once and packed.
"""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, Select, delete, insert, select, update

from api.jobs import audit
from api.jobs.areas import within
from api.jobs.audit import Act
from api.jobs.callers import Caller
from api.jobs.database import reading
from api.jobs.rows import clock, forget_unused, kept
from api.jobs.tables import PAYLOADS, SCENARIOS, VERSIONS
from api.payloads import Payload
from api.problems import Touched
from models.base import Model
from models.quantities import Count


class Version(Model):
    """One version of a scenario; ``request`` and ``patch`` are names of payloads.

    ``areas`` are those that its demand lies in, each with all that it lies in.
    """

    id: str
    version: Count
    name: str
    created: float
    request: str
    patch: str | None = None
    parent: str | None = None
    parent_version: Count | None = None
    areas: dict[str, tuple[str, ...]]

    def within(self, areas: Collection[str] | None) -> bool:
        """Return whether all demand lies in ``areas``; None: anywhere."""
        return areas is None or within(self.areas, areas)


@dataclass(frozen=True)
class Draft:
    """What becomes a version: its request, and the patch and the version it came from, if any."""

    name: str
    request: Payload
    touched: Touched
    patch: Payload | None = None
    parent: tuple[str, int] | None = None


class ScenarioStore:
    """The scenarios in one database; safe to use from several threads and machines.

    What is read may be limited to ``areas``: versions whose demand lies elsewhere are not there.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, draft: Draft, by: Caller) -> Version:
        """Keep a new scenario and return its first version."""
        scenario_id = uuid.uuid4().hex
        with self._engine.begin() as connection:
            now = clock(connection)
            row = {"id": scenario_id, "created": now, "version": 1}
            connection.execute(insert(SCENARIOS).values(**row))
            return _added(connection, (scenario_id, 1), draft, by)

    def follow(self, scenario_id: str, after: int, draft: Draft, by: Caller) -> Version | None:
        """Keep the version after version ``after``; None where that is not the latest."""
        with self._engine.begin() as connection:
            raised = connection.execute(
                update(SCENARIOS)
                .where(SCENARIOS.c.id == scenario_id, SCENARIOS.c.version == after)
                .values(version=after + 1)
            ).rowcount
            return _added(connection, (scenario_id, after + 1), draft, by) if raised else None

    def latest(self, scenario_id: str, areas: Collection[str] | None = None) -> Version | None:
        """Return the latest version, None where there is no such scenario."""
        return self._one(_latest().where(SCENARIOS.c.id == scenario_id), areas)

    def get(
        self, scenario_id: str, version: int, areas: Collection[str] | None = None
    ) -> Version | None:
        """Return a version, None where there is none such."""
        ours = (VERSIONS.c.id == scenario_id, VERSIONS.c.version == version)
        return self._one(select(VERSIONS).where(*ours), areas)

    def listing(
        self, limit: int, offset: int, areas: Collection[str] | None = None
    ) -> list[Version]:
        """Return the latest version of each scenario, the newest scenario first."""
        query = _latest().order_by(SCENARIOS.c.created.desc(), SCENARIOS.c.id)
        return self._page(query, (limit, offset), areas)

    def versions(
        self, scenario_id: str, limit: int, offset: int, areas: Collection[str] | None = None
    ) -> list[Version]:
        """Return the versions of a scenario, the newest first."""
        query = select(VERSIONS).where(VERSIONS.c.id == scenario_id)
        return self._page(query.order_by(VERSIONS.c.version.desc()), (limit, offset), areas)

    def remove(self, scenario_id: str, version: int, by: Caller) -> bool:
        """Forget a scenario; False where ``version`` is not its latest."""
        ours = (SCENARIOS.c.id == scenario_id, SCENARIOS.c.version == version)
        with self._engine.begin() as connection:
            gone = connection.execute(delete(SCENARIOS).where(*ours)).rowcount
            if gone:
                forget_unused(connection)
                audit.add(connection, by, Act.FORGET_SCENARIO, detail=scenario_id)
            return bool(gone)

    def content(self, sha256: str) -> Payload:
        """Return a request or a patch as it is kept."""
        query = select(PAYLOADS.c.content).where(PAYLOADS.c.sha256 == sha256)
        with reading(self._engine) as connection:
            return Payload(sha256, connection.execute(query).scalar_one(), is_packed=True)

    def _one(
        self, query: Select[tuple[object, ...]], areas: Collection[str] | None
    ) -> Version | None:
        found = next(iter(self._all(query.limit(1))), None)
        return found if found is None or found.within(areas) else None

    def _page(
        self,
        query: Select[tuple[object, ...]],
        part: tuple[int, int],
        areas: Collection[str] | None,
    ) -> list[Version]:
        limit, offset = part
        if areas is None:
            return self._all(query.limit(limit).offset(offset))
        seen = [one for one in self._all(query) if one.within(areas)]
        return seen[offset : offset + limit]

    def _all(self, query: Select[tuple[object, ...]]) -> list[Version]:
        with reading(self._engine) as connection:
            return [_version(row) for row in connection.execute(query)]


def _version(row: Row[tuple[object, ...]]) -> Version:
    fields = {name: getattr(row, name) for name in Version.model_fields}
    return Version(**fields | {"areas": json.loads(row.areas)})


def _latest() -> Select[tuple[object, ...]]:
    joined = (VERSIONS.c.id == SCENARIOS.c.id) & (VERSIONS.c.version == SCENARIOS.c.version)
    return select(VERSIONS).join(SCENARIOS, joined)


def _added(connection: Connection, named: tuple[str, int], draft: Draft, by: Caller) -> Version:
    parent, parent_version = draft.parent or (None, None)
    scenario_id, version = named
    made = Version(
        id=scenario_id,
        version=version,
        name=draft.name,
        created=clock(connection),
        request=kept(connection, draft.request),
        patch=None if draft.patch is None else kept(connection, draft.patch),
        parent=parent,
        parent_version=parent_version,
        areas=dict(draft.touched),
    )
    row = made.model_dump() | {"areas": json.dumps(made.areas, ensure_ascii=False)}
    connection.execute(insert(VERSIONS).values(**row))
    named_so = f"{scenario_id} {version}"
    audit.add(connection, by, Act.KEEP_SCENARIO, detail=named_so, inputs=made.request)
    return made
