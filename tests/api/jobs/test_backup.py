"""Backup and restore: all that is kept, from either database into either, or nothing at all."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from sqlalchemy import insert, inspect, select, text
from typer.testing import CliRunner

from api.cli.commands import app
from api.jobs.archive import Reader
from api.jobs.audit import AuditLog
from api.jobs.backup import back_up
from api.jobs.callers import OPEN, Role
from api.jobs.database import newest_revision, open_database, reading, revision_of, tables_of
from api.jobs.keys import KeyStore
from api.jobs.restore import restore
from api.jobs.store import JobStore
from optimizer.datasets import Store
from optimizer.errors import InputError
from tests.api.doors import tiny
from tests.api.jobs.databases import database_urls
from tests.api.jobs.servers import Served

KINDS = ("sqlite", "postgresql")
# A service on PostgreSQL beside one on SQLite takes the time of both; the long run has them all.
SERVED = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))
KIND = "site-fire-stations"
NAME = "one.zip"

Databases = Callable[[str], str]


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[Databases]:
    """Give new, empty databases of a kind."""
    with ExitStack() as open_ones:

        def made(kind: str) -> str:
            folder = tmp_path / f"database-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return open_ones.enter_context(database_urls(kind, folder))

        yield made


def run(*arguments: str, database: str, store: Path) -> Result:
    settings = {"MUSTER_DATABASE_URL": database, "MUSTER_STORE_FOLDER": str(store)}
    return CliRunner().invoke(app, arguments, env=settings)


def content(url: str, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return every row of every table."""
    engine = open_database(url)
    with reading(engine) as connection:
        rows = {
            name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for name, table in tables_of(newest_revision()).tables.items()
            if name not in but
        }
    engine.dispose()
    return rows


def filled(url: str, store: Store) -> str:
    """Keep a job that waits, one that has ended, a key and a dataset; return the first job."""
    engine = open_database(url)
    jobs = JobStore(engine)
    KeyStore(engine).create("坪山", Role.PLANNER, by=OPEN)
    ended = jobs.submit(KIND, b'{"old": 1}', key="old")
    claim = jobs.claim("w", 60, [KIND])
    assert claim is not None
    jobs.record(claim, {"objective": 1.5}, {"stations": []})
    jobs.finish(claim, b"\x00\xff" * 5000, None)
    waiting = jobs.submit(KIND, json.dumps(tiny()).encode(), touched={"a": {"a", "b"}})
    engine.dispose()
    store.add_arrays({"minutes": np.arange(6.0)})
    assert ended.id != waiting.id
    return waiting.id


def written(database: str, tmp_path: Path) -> Path:
    store = Store(tmp_path / "store")
    filled(database, store)
    back_up(database, store, tmp_path / NAME)
    return tmp_path / NAME


def put(file: Path, url: str, *, replace: bool = False) -> Store:
    store = Store(file.parent / "restored")
    restore(file, url, store, replace=replace, by=OPEN)
    return store


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_all_that_was_kept_comes_back_on_either_database(
    source: str, target: str, databases: Databases, tmp_path: Path
) -> None:
    before, after = databases(source), databases(target)
    file = written(before, tmp_path)
    store = put(file, after)
    assert content(after, but=("audit",)) == content(before, but=("audit",))
    then, now = content(before)["audit"], content(after)["audit"]
    assert set(then) < set(now)
    assert store.names() == Store(tmp_path / "store").names()
    engine = open_database(after)
    log = AuditLog(engine)
    assert log.check().broken is None
    assert list(log.all())[-1].what == "restore"
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text("delete from audit"))
    engine.dispose()


@pytest.mark.parametrize("kind", SERVED)
def test_a_queued_job_is_finished_from_the_backup_on_a_fresh_service(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    first, second = databases(kind), databases(kind)
    stores = tmp_path / "store", tmp_path / "another"
    matrix = tiny()
    with Served(first, MUSTER_JOB_WORKERS="0", MUSTER_STORE_FOLDER=str(stores[0])) as served:
        sha = by_dataset(served)
        named = tiny() | {"travel": matrix_named(sha)}
        jobs = [served.submit(matrix, **{"idempotency-key": "once"}), served.submit(named)]
        made = run("backup", str(tmp_path), database=first, store=stores[0])
        assert made.exit_code == 0, made.stderr
        served.submit(tiny() | {"limits": {"seed": 5}})  # after the backup
    file = next(tmp_path.glob("muster-*.zip"))
    assert file.stat().st_mode & 0o077 == 0
    said = run("restore", str(file), database=second, store=stores[1])
    assert said.exit_code == 0, said.stderr
    assert "2 job(s) and 1 dataset(s)" in said.stdout
    with Served(second, MUSTER_STORE_FOLDER=str(stores[1])) as served:
        for job in jobs:
            assert served.until(job)["status"] == "successful"
            assert served.client.get(f"/v1/jobs/{job}/results").json()["plan"] is not None
        assert served.submit(matrix, **{"idempotency-key": "once"}) == jobs[0]
        assert len(served.client.get("/v1/jobs").json()["jobs"]) == len(jobs)


def by_dataset(served: Served) -> str:
    times = [[60.0 * (1 + abs(i - 2 * j)) for j in range(3)] for i in range(6)]
    folder = Path(served.settings["MUSTER_STORE_FOLDER"])
    return Store(folder).add_arrays({"travel_time_s": np.array(times)})


def matrix_named(sha256: str) -> dict[str, Any]:
    scenario = {"id": "usual", "travel_time_s": {"sha256": sha256}}
    return {"kind": "matrix", "scenarios": [scenario]}


@pytest.mark.parametrize("kind", SERVED)
def test_a_restore_takes_the_place_of_what_a_running_service_keeps(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    url = databases(kind)
    store = tmp_path / "store"
    with Served(url, MUSTER_JOB_WORKERS="0") as served:
        kept = served.submit(tiny())
        assert run("backup", str(tmp_path / NAME), database=url, store=store).exit_code == 0
        later = served.submit(tiny() | {"limits": {"seed": 3}})
        refused = run("restore", str(tmp_path / NAME), database=url, store=store)
        assert refused.exit_code == 2
        assert "--replace" in refused.stderr
        assert served.status(later)["status"] == "accepted"
        done = run("restore", str(tmp_path / NAME), "--replace", database=url, store=store)
        assert done.exit_code == 0, done.stderr
        assert served.client.get(f"/v1/jobs/{later}").status_code == 404
        assert served.status(kept)["status"] == "accepted"
        assert served.submit(tiny() | {"limits": {"seed": 4}})
    engine = open_database(url)
    entry = next(one for one in AuditLog(engine).all() if one.what == "restore")
    assert "replaced" in str(entry.detail)
    engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_was_running_waits_again(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    url, second = databases(kind), databases(kind)
    engine = open_database(url)
    jobs = JobStore(engine)
    job = jobs.submit(KIND, b"{}")
    claim = jobs.claim("w", 60, [KIND])
    assert claim is not None
    jobs.record(claim, {}, {"stations": [1]})
    back_up(url, Store(tmp_path / "store"), tmp_path / NAME)
    put(tmp_path / NAME, second)
    engine.dispose()
    restored = open_database(second)
    again = JobStore(restored).claim("other", 60, [KIND])
    assert again is not None
    assert (again.job_id, again.attempt, again.plan) == (job.id, 2, '{"stations": [1]}')
    assert not JobStore(restored).finish(claim, b"late", None)
    restored.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_of_older_tables_is_brought_up_to_date(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    old, new = databases(kind), databases(kind)
    engine = open_database(old, "0001")
    tables = tables_of("0001").tables
    with engine.begin() as connection:
        connection.execute(insert(tables["payloads"]).values(sha256="s", content=b"x"))
        counts = {"attempt": 0, "crashes": 0, "last_event": 0, "stop_asked": False}
        times = {"created": 1.5, "updated": 1.5}
        named = {"id": "a" * 32, "process_id": KIND, "state": "accepted", "inputs": "s"}
        connection.execute(insert(tables["jobs"]).values(**named, **times, **counts))
    made = back_up(old, Store(tmp_path / "store"), tmp_path / NAME)
    assert (made.revision, made.log) == ("0001", None)
    with reading(engine) as connection:
        assert revision_of(connection) == "0001"  # a backup changes nothing
    engine.dispose()
    put(tmp_path / NAME, new)
    restored = open_database(new)
    with reading(restored) as connection:
        assert revision_of(connection) == newest_revision()
    assert [job.id for job in JobStore(restored).listing()] == ["a" * 32]
    restored.dispose()


def without(name: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        _rewritten(file, lambda path, data: None if path.startswith(name) else data)

    return change


def changed(name: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        def other(path: str, data: bytes) -> bytes:
            return data.replace(b"1", b"2") + b"\x01" if path.startswith(name) else data

        _rewritten(file, other)

    return change


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def with_more(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("tables/more.jsonl", "[]")


def of_tomorrow(file: Path) -> None:
    def other(path: str, data: bytes) -> bytes:
        if path != "manifest.json":
            return data
        return json.dumps(json.loads(data) | {"revision": "9999"}).encode()

    _rewritten(file, other)


def forged(file: Path) -> None:
    """Change an entry of the log and all hashes of the archive with it."""
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        entries = archive.read("tables/audit.jsonl").replace(b'"submit"', b'"verify"')
    for part in manifest["tables"]:
        if part["name"] == "audit":
            part["sha256"] = hashlib.sha256(entries).hexdigest()
    new = {"tables/audit.jsonl": entries, "manifest.json": json.dumps(manifest).encode()}
    _rewritten(file, new.get)


def _rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            new = change(name, data)
            if new is not None:
                archive.writestr(name, new)


DAMAGES = {
    "a table is missing": without("tables/jobs"),
    "a table is changed": changed("tables/jobs"),
    "a dataset is missing": without("datasets/"),
    "a dataset is changed": changed("datasets/"),
    "there is no manifest": without("manifest"),
    "its end is cut off": cut,
    "a part was added": with_more,
    "it is of a later version": of_tomorrow,
    "its log is forged": forged,
}


# Only the log is looked at within the transaction; all else shows before a database is opened.
@pytest.mark.parametrize(
    ("damage", "kind"), [*((one, "sqlite") for one in DAMAGES), ("its log is forged", "postgresql")]
)
def test_nothing_changes_when_the_backup_cannot_be_put_back(
    damage: str, kind: str, databases: Databases, tmp_path: Path
) -> None:
    url, target = databases("sqlite"), databases(kind)
    file = written(url, tmp_path)
    filled(target, Store(tmp_path / "unused"))
    before = content(target)
    DAMAGES[damage](file)
    with pytest.raises(InputError):
        put(file, target, replace=True)
    assert content(target) == before
    if damage != "its log is forged":
        assert not (tmp_path / "restored").exists()


def test_what_is_left_out_is_named(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, store = databases("sqlite"), Store(tmp_path / "store")
    filled(url, store)
    bad = store.add_bytes(b"PAR1 soon to be damaged")
    store.path(bad).write_bytes(b"PAR1 damaged")
    (store.root / "cache").mkdir()
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("create table of_others (one integer)"))
    engine.dispose()
    said = run("backup", str(tmp_path / NAME), database=url, store=store.root)
    assert said.exit_code == 1
    for name in ("table of_others", "cache", f"damaged dataset {bad}"):
        assert name in said.stderr
    with (tmp_path / NAME).open("rb") as stream:
        reader = Reader(stream)
        assert len(reader.manifest.left_out) == 3
        reader.check()


def test_a_place_without_a_database_is_not_backed_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere.sqlite3'}"
    said = run("backup", str(tmp_path / NAME), database=url, store=tmp_path / "store")
    assert said.exit_code == 2
    assert "MUSTER_DATABASE_URL" in said.stderr
    assert not list(tmp_path.iterdir())


def test_what_a_disk_or_a_database_refuses_is_told(databases: Databases, tmp_path: Path) -> None:
    url = databases("sqlite")
    open_database(url).dispose()
    said = run("backup", "/nowhere/one.zip", "--lang", "zh", database=url, store=tmp_path / "store")
    assert (said.exit_code, "无法使用" in said.stderr) == (2, True)
    shutil.copy(written(databases("sqlite"), tmp_path), tmp_path / "copy.zip")
    gone = "postgresql+psycopg://muster@/none?host=/nowhere"
    said = run("restore", str(tmp_path / "copy.zip"), database=gone, store=tmp_path / "store")
    assert (said.exit_code, "MUSTER_DATABASE_URL" in said.stderr) == (2, True)


def test_a_table_stays_clear_of_its_watches_when_it_is_replaced_twice(
    databases: Databases, tmp_path: Path
) -> None:
    url = databases("postgresql")
    file = written(databases("sqlite"), tmp_path)
    for _ in range(2):
        put(file, url, replace=True)
    engine = open_database(url)
    assert "audit" in inspect(engine).get_table_names()
    assert AuditLog(engine).check().broken is None
    engine.dispose()
