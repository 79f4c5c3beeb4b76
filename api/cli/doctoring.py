"""``muster doctor``: whether this machine and its settings are fit to serve."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import typer
from pydantic import ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from api.cli.options import Lang
from api.cli.talk import INPUT, errors_told, say
from api.jobs.database import newest_revision, revision_of
from api.render.assets import leaflet_script
from api.render.documents.fonts import chinese_font
from api.settings import OTHERS, PREFIX, Settings
from instances.examples import EXAMPLES
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cover
from models.messages import message
from models.run import Backend
from optimizer import solve
from optimizer.cache import Cache

_BACKENDS: tuple[Backend, ...] = ("highs", "cp_sat", "mathopt", "pulp")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fit or not, and what is to be said of it."""

    fit: bool
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


def doctor(lang: Lang = "en") -> None:
    """Check settings, store, database, disk, fonts, solvers and libraries; 2 where one is unfit."""
    with errors_told(lang):
        found = list(findings())
        for one in found:
            mark = message("doctor.fit" if one.fit else "doctor.unfit", lang)
            say(f"{mark} {message(one.code, lang, **one.values)}")
        if not all(one.fit for one in found):
            raise typer.Exit(INPUT)


def findings() -> Iterator[Finding]:
    """Look at everything, and give what was found, fit or not."""
    yield from _unknown()
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors():
            name = f"{PREFIX}{one['loc'][0]}".upper()
            yield Finding(False, "doctor.setting", {"name": name, "problem": one["msg"]})
        settings = None
    if settings is not None:
        yield Finding(True, "doctor.settings")
        yield _writable(settings.store_folder)
        yield _cache(settings)
        yield _database(settings.database_url)
        yield _disk(settings)
        yield from _quota(settings)
    yield from _surroundings()


def _unknown() -> Iterator[Finding]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | OTHERS
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            yield Finding(False, "doctor.unknown", {"name": name})


def _writable(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(b"0")
    except OSError as error:
        problem = {"path": str(folder), "problem": error.strerror or str(error)}
        return Finding(False, "doctor.no_store", problem)
    return Finding(True, "doctor.store", {"path": str(folder)})


def _cache(settings: Settings) -> Finding:
    cache = Cache.of(settings.store)
    if cache is None:
        return Finding(True, "doctor.no_cache")
    values = {"used": cache.size_bytes // 1_000_000, "limit": cache.limit_bytes // 1_000_000}
    return Finding(True, "doctor.cache", values)


def _database(url: str) -> Finding:
    """Look whether jobs can be kept; the tables are left as they are."""
    try:
        place = make_url(url)
        shown = place.render_as_string(hide_password=True)
        if place.get_backend_name() == "sqlite" and place.database:
            folder = Path(place.database).parent
            if not Path(place.database).exists():
                empty = _writable(folder)
                return Finding(
                    empty.fit,
                    "doctor.new_database" if empty.fit else empty.code,
                    {"url": shown} if empty.fit else empty.values,
                )
        engine = create_engine(url)
        with engine.connect() as connection:
            revision = revision_of(connection)
            connection.execute(text("create table muster_doctor (one integer)"))
            connection.execute(text("drop table muster_doctor"))
            connection.rollback()
        engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        problem = str(error).splitlines()[0]
        return Finding(False, "doctor.no_database", {"problem": problem})
    newest = newest_revision()
    if revision not in (None, newest):
        values = {"url": shown, "revision": revision, "newest": newest}
        return Finding(True, "doctor.old_database", values)
    return Finding(True, "doctor.database", {"url": shown, "revision": revision or newest})


def _disk(settings: Settings) -> Finding:
    free, kept = settings.free_bytes(), settings.disk_reserve_bytes
    values = {"free": free // 1_000_000, "kept": kept // 1_000_000}
    return Finding(free > kept, "doctor.disk" if free > kept else "doctor.full", values)


def _quota(settings: Settings) -> Iterator[Finding]:
    if settings.disk_quota_bytes is None:
        return
    taken, quota = settings.kept_bytes(), settings.disk_quota_bytes
    values = {"taken": taken // 1_000_000, "quota": quota // 1_000_000}
    fits = taken < quota
    yield Finding(fits, "doctor.quota" if fits else "doctor.quota_taken", values)


def _surroundings() -> Iterator[Finding]:
    font = chinese_font()
    yield Finding(
        font is not None, "doctor.font" if font else "doctor.no_font", {"path": str(font)}
    )
    for backend in _BACKENDS:
        yield _solver(backend)
    try:
        leaflet_script()
        yield Finding(True, "doctor.library")
    except ImportError as error:
        yield Finding(False, "doctor.no_library", {"problem": str(error)})


def _solver(backend: Backend) -> Finding:
    """Let a backend prove the smallest example, by a level that has whole numbers only."""
    request = EXAMPLES["minimal"].build()
    assert isinstance(request, FireStationRequest)
    limits = request.limits.model_copy(update={"backend": backend, "time_limit_s": 20.0})
    try:
        answer = solve(request.model_copy(update={"limits": limits, "objectives": (Cover(),)}))
    except Exception as error:
        return Finding(False, "doctor.no_solver", {"name": backend, "problem": str(error)})
    status = answer.run.status.value
    return Finding(answer.plan is not None, "doctor.solver", {"name": backend, "status": status})
