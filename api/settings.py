"""Settings from the environment; each has a default that suits one person on one machine."""

import os
import shutil
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.text import Language
from optimizer.datasets import CACHE_BYTES, Store

_HOME = Path.home() / ".local" / "share" / "muster"

PREFIX = "MUSTER_"
OTHERS = frozenset({"MUSTER_LOG", "MUSTER_DATA"})  # read by others than the settings

Bytes = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """What the doors grant, set by environment variables that begin with ``MUSTER_``.

    ``file_limit_bytes`` bounds what the command line reads, ``body_limit_bytes`` what one call
    over HTTP may carry, ``bodies_limit_bytes`` all calls at once; larger requests name their bulk
    data in the dataset store.
    ``http_time_limit_s`` bounds a request's own time limit over HTTP, and ``http_grace_s`` is
    what checking and explaining may take beyond it before the solve is ended by force.

    ``engine_at_start`` loads the engine then, not when the first job or other call comes.
    ``dispatch_processes`` stand ready for dispatch calls that somebody waits for; with 0 a process
    is started for each. ``solvers`` stand ready for other calls that wait, of which there may be
    ``http_solves_at_once``; for those beyond one is started. ``readers`` stand ready to read large
    bodies, ``writers`` to write reports and to read workbooks, likewise; each may take
    ``http_grace_s`` and the memory of a job.

    Jobs are kept at ``database_url``, SQLite or PostgreSQL. ``job_workers`` of them are carried out
    at a time by this process, each in a child of at most ``job_memory_bytes``, less urgent by
    ``job_niceness`` than calls that wait. With ``job_scheduling`` "idle" jobs run where processors
    have nothing else to do, and calls that wait take their place at once; "normal" leaves it at
    the niceness, for machines that are always busy with other work. A worker that falls silent for
    ``job_lease_s`` loses its job to another. A search that has not heard a wish to stop after
    ``stop_ask_s`` is told to leave (SIGTERM), and killed after another ``stop_terminate_s``.
    ``job_time_limit_s`` bounds a job's own time limit, ``jobs_waiting_max`` the queue.
    ``keys``: whether calls of this machine need a key while there is none in the database.
    ``dataset_limit_bytes`` bounds a dataset sent over HTTP, ``dataset_unpacked_limit_bytes`` what
    it may take in memory.
    ``cache_limit_bytes`` is what may be kept beside the datasets of what follows from them and from
    requests: times over roads, cover sets, proven bounds; with 0 nothing is.
    ``routers`` are the base addresses, by commas, of the routers that may be asked for times.
    ``instance_mirror`` is a base address to take published instances from instead of their homes.
    New work is refused where less than ``disk_reserve_bytes`` of the disk are free, or where what
    is kept (datasets, what is derived from them, a SQLite database) takes ``disk_quota_bytes``.
    Jobs that ended
    ``jobs_kept_days`` ago are forgotten, and situations of which nothing was told for
    ``situations_kept_days``. Behind a proxy that serves at ``root_path``, what it says
    of the caller is believed where it is one of ``proxies`` (addresses by commas).
    The ``profile`` "conformance" also offers what only test suites of the standard need.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    language: Language = "en"
    store_folder: Path = _HOME / "datasets"
    file_limit_bytes: Bytes = 128_000_000
    body_limit_bytes: Bytes = 64_000_000
    bodies_limit_bytes: Bytes = 192_000_000
    http_time_limit_s: Annotated[float, Field(gt=0)] = 600.0
    http_grace_s: Annotated[float, Field(gt=0)] = 120.0
    http_solves_at_once: Annotated[int, Field(gt=0)] = 2
    engine_at_start: bool = True
    dispatch_processes: Annotated[int, Field(ge=0, le=64)] = 2
    solvers: Annotated[int, Field(ge=0, le=64)] = 1
    readers: Annotated[int, Field(ge=0, le=64)] = 1
    writers: Annotated[int, Field(ge=0, le=64)] = 1
    database_url: str = f"sqlite:///{_HOME / 'muster.sqlite3'}"
    job_workers: Annotated[int, Field(ge=0)] = 1
    stop_ask_s: Annotated[float, Field(gt=0)] = 1.2
    stop_terminate_s: Annotated[float, Field(gt=0)] = 0.3
    job_lease_s: Annotated[float, Field(ge=1)] = 6.0
    job_time_limit_s: Annotated[float, Field(gt=0)] = 86_400.0
    job_memory_bytes: Bytes | None = None
    job_niceness: Annotated[int, Field(ge=0, le=19)] = 5
    job_scheduling: Literal["idle", "normal"] = "idle"
    jobs_waiting_max: Annotated[int, Field(gt=0)] = 1000
    keys: Literal["required", "off-on-loopback"] = "off-on-loopback"
    dataset_limit_bytes: Bytes = 512_000_000
    dataset_unpacked_limit_bytes: Bytes = 2_000_000_000
    cache_limit_bytes: Annotated[int, Field(ge=0)] = CACHE_BYTES
    routers: str = ""
    instance_mirror: str = ""
    disk_reserve_bytes: Annotated[int, Field(ge=0)] = 500_000_000
    disk_quota_bytes: Annotated[int, Field(gt=0)] | None = None
    jobs_kept_days: Annotated[float, Field(gt=0)] | None = None
    situations_kept_days: Annotated[float, Field(gt=0)] | None = None
    log_format: Literal["text", "json"] = "text"
    root_path: str = ""
    proxies: str = "127.0.0.1"
    profile: Literal["plain", "conformance"] = "plain"

    @property
    def store(self) -> Store:
        """The dataset store of this machine."""
        return Store(self.store_folder, self.cache_limit_bytes)

    @property
    def allowed_routers(self) -> tuple[str, ...]:
        """The base addresses in ``routers``."""
        return tuple(one.strip() for one in self.routers.split(",") if one.strip())

    def free_bytes(self) -> int:
        """Return how much of the disk is free where datasets and jobs lie."""
        places = (self.store_folder, *self._database_files())
        return min(shutil.disk_usage(_there(place)).free for place in places)

    def kept_bytes(self) -> int:
        """Return what datasets, all derived from them, and a SQLite database take of the disk."""
        stored = (
            Path(folder) / name for folder, _, names in os.walk(self.store_folder) for name in names
        )
        return sum(map(_size, (*stored, *self._database_files())))

    def _database_files(self) -> tuple[Path, ...]:
        if not self.database_url.startswith("sqlite:///"):
            return ()
        path = self.database_url.removeprefix("sqlite:///")
        return (Path(path), Path(f"{path}-wal"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # let go of in the meantime
        return 0


def _there(path: Path) -> Path:
    """Return the nearest folder above that is there already."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())
