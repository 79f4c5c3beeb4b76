"""Opening the database, SQLite or PostgreSQL, with its tables brought up to date."""

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.schema import DropTable

VERSION_TABLE = "alembic_version"  # which revision the tables are of
_BUSY_S = 30.0
_READING = "muster_reading"  # an execution option of connections that write nothing
_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str, revision: str = "head") -> Engine:
    """Return the database at ``url`` with its tables as this version (or another) knows them."""
    engine = engine_of(url)
    migrate(engine, revision)
    return engine


def engine_of(url: str) -> Engine:
    """Return the database at ``url`` as it is; a file of SQLite is made where there is none."""
    engine = create_engine(url, pool_pre_ping=True, connect_args=_arguments(url))
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def reading(engine: Engine) -> Connection:
    """Return a connection for reading alone: it waits for no writer, and none for it."""
    return engine.connect().execution_options(**{_READING: True})


def revision_of(connection: Connection) -> str | None:
    """Return which revision the tables are of; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this version of the program makes."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def revisions() -> tuple[str, ...]:
    """Return the revisions that this version of the program knows, the newest first."""
    return tuple(one.revision for one in ScriptDirectory(str(_MIGRATIONS)).walk_revisions())


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to ``revision``; nothing happens where they are."""
    with engine.begin() as connection:
        upgrade(connection, revision)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to ``revision`` within a transaction."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def tables_of(revision: str) -> MetaData:
    """Return the tables as they were at ``revision``."""
    memory, tables = open_database("sqlite://", revision), MetaData()
    with reading(memory) as connection:
        tables.reflect(connection)
    memory.dispose()
    tables.remove(tables.tables[VERSION_TABLE])
    return tables


def clear(connection: Connection, tables: MetaData) -> None:
    """Remove these tables, with all that is in them and watches over them."""
    for table in reversed(tables.sorted_tables):
        connection.execute(DropTable(table, if_exists=True))
    connection.execute(text(f"drop table if exists {VERSION_TABLE}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("drop function if exists audit_refuses()"))


def _arguments(url: str) -> dict[str, Any]:
    return {"timeout": _BUSY_S} if url.startswith("sqlite") else {}


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    connection.isolation_level = None  # transactions begin where we say, see below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Take the one writer's place at once: a reader that turns writer could not wait for it.

    Whoever says that it only reads waits for nobody, and nobody for it.
    """
    reads = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
