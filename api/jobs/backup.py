"""A backup of everything that is kept, made while the service runs.

Every table is read within one transaction that sees one moment, whatever is written meanwhile;
datasets after it. These are only ever added, so all that the tables name is among them.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Engine, MetaData, inspect, select
from sqlalchemy.engine import make_url

from api import __version__
from api.jobs import audit
from api.jobs.archive import LogHead, Manifest, TablePart, Writer
from api.jobs.database import (
    VERSION_TABLE,
    engine_of,
    reading,
    revision_of,
    revisions,
    tables_of,
)
from api.jobs.tables import AUDIT
from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError

_ROWS_AT_ONCE = 50  # a row may carry a whole request


def back_up(url: str, store: Store, target: Path) -> Manifest:
    """Write all of the database at ``url`` and of ``store`` to ``target``; whole, or not at all.

    Raises
    ------
    InputError
        There is no database of ours, or it is of a version that is yet to come.
    """
    engine = _existing(url)
    try:
        with _whole_file(target) as stream:
            writer = Writer(stream)
            with _one_moment(engine) as connection:
                said = _tables(connection, writer)
            manifest = _with_datasets(said, store, writer)
            writer.close(manifest)
    finally:
        engine.dispose()
    return manifest


def file_for(target: Path, moment: float) -> Path:
    """Return the file to write: ``target``, or one named by the moment in that folder."""
    if not target.is_dir():
        return target
    return target / time.strftime("muster-%Y%m%dT%H%M%SZ.zip", time.gmtime(moment))


def log_head(connection: Connection) -> LogHead | None:
    """Return how the log holds together; None where there is none yet."""
    if not inspect(connection).has_table(AUDIT.name):
        return None
    chain = audit.check(connection)
    return LogHead(count=chain.count, head=chain.head, broken=chain.broken)


def _existing(url: str) -> Engine:
    place = make_url(url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        raise _no_database(url)
    return engine_of(url)


def _no_database(url: str) -> InputError:
    shown = make_url(url).render_as_string(hide_password=True)
    need = Text(code="need.own_database")
    return InputError((Fault(path="MUSTER_DATABASE_URL", value=shown, need=need),))


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it is now, until it is closed."""
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            connection.execution_options(**options)
        yield connection


def _tables(connection: Connection, writer: Writer) -> Manifest:
    revision = revision_of(connection)
    if revision is None or revision not in revisions():
        raise _no_database(connection.engine.url.render_as_string())
    ours = tables_of(revision)
    strange = set(inspect(connection).get_table_names()) - ours.tables.keys() - {VERSION_TABLE}
    return Manifest(
        muster=__version__,
        made=time.time(),
        database=connection.dialect.name,
        revision=revision,
        log=log_head(connection),
        tables=tuple(_written(connection, ours, writer)),
        datasets=(),
        left_out=tuple(f"table {name}" for name in sorted(strange)),
    )


def _written(connection: Connection, tables: MetaData, writer: Writer) -> Iterator[TablePart]:
    """Write the tables, each after those that it refers to."""
    for table in tables.sorted_tables:
        order = table.primary_key.columns or table.columns
        query = select(table).order_by(*order)
        found = connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
        yield writer.table(table.name, table.columns.keys(), (tuple(row) for row in found))


def _with_datasets(said: Manifest, store: Store, writer: Writer) -> Manifest:
    """Write the datasets; one whose bytes are no longer those of its name is left out."""
    kept, left_out = [], [*said.left_out, *_others(store)]
    for name in store.names():
        with store.path(name).open("rb") as stream:
            whole = hashlib.file_digest(stream, "sha256").hexdigest() == name
            stream.seek(0)
            if whole:
                kept.append(writer.dataset(name, stream))
            else:
                left_out.append(f"damaged dataset {name}")
    return said.model_copy(update={"datasets": tuple(kept), "left_out": tuple(left_out)})


def _others(store: Store) -> list[str]:
    """Return what lies beside the datasets: what is kept for speed, and unfinished files."""
    if not store.root.is_dir():
        return []
    names = {name[:2] for name in store.names()}
    return sorted(one.name for one in store.root.iterdir() if one.name not in names)


@contextmanager
def _whole_file(target: Path) -> Iterator[BinaryIO]:
    """Give a file that gets its name once it is whole and on the disk; only its owner reads it."""
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(number)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
