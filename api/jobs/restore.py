"""A backup put back in one piece.

It is checked before anything is touched, and then takes the place of what was there in one
transaction: all of it comes, or all that was there stays. Datasets are added before, since by their
names they can only ever be themselves. Jobs that were running wait again.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, true
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from api.jobs import audit
from api.jobs.archive import DatasetPart, Manifest, Reader, damaged
from api.jobs.audit import Act
from api.jobs.backup import log_head
from api.jobs.callers import Caller
from api.jobs.database import (
    clear,
    engine_of,
    reading,
    revision_of,
    revisions,
    tables_of,
    upgrade,
)
from api.jobs.rows import let_wait
from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError

_ROWS_AT_ONCE = 50  # a row may carry a whole request
_CHUNK_BYTES = 1 << 20
_ATTEMPTS = 3


def restore(file: Path, url: str, store: Store, *, replace: bool, by: Caller) -> Manifest:
    """Put the backup in ``file`` into the database at ``url`` and into ``store``.

    Raises
    ------
    InputError
        The backup is damaged or of a version that is yet to come, or something is kept in the
        database already and may not be replaced.
    """
    with file.open("rb") as stream:
        backup = Reader(stream)
        manifest = backup.manifest
        if manifest.revision not in revisions():
            raise _fault("revision", manifest.revision, "need.known_revision")
        backup.check()
        engine = engine_of(url)
        try:
            with reading(engine) as connection:
                _check_place(connection, replace=replace)
            for part in manifest.datasets:
                _keep(backup, part, store)
            _put_insisting(engine, backup, by, replace=replace)
        except (DataError, IntegrityError) as error:
            raise _fault("tables", str(error.orig).splitlines()[0], "need.backup") from None
        finally:
            engine.dispose()
    return manifest


def _check_place(connection: Connection, *, replace: bool) -> None:
    """Raise where something is kept that is not to be replaced, or that we do not know."""
    revision = revision_of(connection)
    if revision is None:
        return
    if revision not in revisions():
        raise _fault("MUSTER_DATABASE_URL", revision, "need.known_revision")
    if not replace and any(_rows(connection, table) for table in _there(connection, revision)):
        shown = connection.engine.url.render_as_string(hide_password=True)
        raise _fault("MUSTER_DATABASE_URL", shown, "need.empty_database")


def _there(connection: Connection, revision: str) -> Iterator[Table]:
    names = set(inspect(connection).get_table_names())
    return (table for table in tables_of(revision).sorted_tables if table.name in names)


def _rows(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _put_insisting(engine: Engine, backup: Reader, by: Caller, *, replace: bool) -> None:
    """Put it there; a service that runs may lock tables in another order, and one must yield."""
    for attempt in range(_ATTEMPTS):
        try:
            with engine.begin() as connection:
                _check_place(connection, replace=replace)
                _put(connection, backup, by)
        except OperationalError:
            if attempt + 1 == _ATTEMPTS:
                raise
        else:
            return


def _put(connection: Connection, backup: Reader, by: Caller) -> None:
    """Let the backup take the place of what is there, and bring its tables up to date."""
    manifest = backup.manifest
    before = revision_of(connection)
    replaced = None
    if before is not None:
        replaced = log_head(connection)
        clear(connection, tables_of(before))
    upgrade(connection, manifest.revision)
    _fill(connection, tables_of(manifest.revision), backup)
    if log_head(connection) != manifest.log:
        raise damaged("tables/audit.jsonl")
    upgrade(connection)
    let_wait(connection, true(), 0)
    said = "" if replaced is None or not replaced.count else f", replaced {replaced.head}"
    audit.add(connection, by, Act.RESTORE, detail=f"backup of {manifest.made:.0f}{said}")


def _fill(connection: Connection, tables: MetaData, backup: Reader) -> None:
    parts = {part.name: part for part in backup.manifest.tables}
    if parts.keys() != tables.tables.keys():
        raise damaged("manifest.json")
    for table in tables.sorted_tables:
        part = parts[table.name]
        if set(part.columns) != set(table.columns.keys()):
            raise damaged(part.path)
        rows = backup.rows(part)
        while some := list(itertools.islice(rows, _ROWS_AT_ONCE)):
            connection.execute(insert(table), some)
        if _rows(connection, table) != part.rows:
            raise damaged(part.path)


def _keep(backup: Reader, part: DatasetPart, store: Store) -> None:
    with backup.dataset(part) as source, store.incoming() as coming:
        while chunk := source.read(_CHUNK_BYTES):
            coming.write(chunk)
        if coming.keep() != part.sha256:
            raise damaged(part.path)


def _fault(path: str, value: str, need: str) -> InputError:
    return InputError((Fault(path=path, value=value, need=Text(code=need)),))
