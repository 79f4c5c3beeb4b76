"""Databases for the tests: a file of SQLite; PostgreSQL of this machine, started and ended."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from api.jobs.tables import API_KEYS, JOBS, SECRETS


@cache
def postgres_bin() -> Path | None:
    """Return where PostgreSQL's programs are, None where it is not installed."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1].parent if places else None


class Postgres:
    """A server of PostgreSQL on a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = postgres_bin()

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, as somebody who is not root."""
        command = [str(self._bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603

    def create(self) -> None:
        """Make the cluster."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "muster")

    def start(self) -> None:
        """Start the server."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run(
            "pg_ctl",
            "-D",
            f"{self.folder}/data",
            "-w",
            "-l",
            f"{self.folder}/log",
            "-o",
            options,
            "start",
        )

    def stop(self) -> None:
        """End the server at once."""
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")

    def restart(self) -> None:
        """End the server at once, and start it again."""
        self.stop()
        self.start()

    def url(self, name: str) -> str:
        """Return the address of a database of the server."""
        return f"postgresql+psycopg://muster@/{name}?host={self.folder}"


_SERVERS: list[Postgres] = []


def server() -> Postgres:
    """Return the one server of this test run; skips where there is no PostgreSQL."""
    if postgres_bin() is None:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    pytest.importorskip("psycopg", reason="no psycopg: pip install '.[postgresql]'")
    if not _SERVERS:
        # Not a folder of pytest's: those are root's alone, and PostgreSQL will not run as root.
        made = Postgres(Path(tempfile.mkdtemp(prefix="muster-postgresql-")))
        made.create()
        made.start()
        _SERVERS.append(made)
    return _SERVERS[0]


def end_servers() -> None:
    """End what was started."""
    while _SERVERS:
        ended = _SERVERS.pop()
        ended.stop()
        shutil.rmtree(ended.folder, ignore_errors=True)


@contextmanager
def database_urls(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a new, empty database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'jobs.sqlite3'}"
        return
    running = server()
    name = f"t{uuid.uuid4().hex[:12]}"
    psycopg = pytest.importorskip("psycopg")
    address = f"postgresql://muster@/postgres?host={running.folder}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield running.url(name)


def let_pass(engine: Engine, seconds: float) -> None:
    """Let leases and keys be so much nearer to their ends, as if that time had passed."""
    ends = (JOBS.c.lease_until, API_KEYS.c.expires, SECRETS.c.valid_until)
    with engine.begin() as connection:
        for one in ends:
            connection.execute(update(one.table).values({one: one - seconds}))
