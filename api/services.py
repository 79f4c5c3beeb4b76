"""What the routes work with: settings, places for calls that wait, the jobs and their worker."""

import asyncio
import ipaddress
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import BoundedSemaphore, Thread

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import FastAPI, Request

from api.children import Bounds, make_ready
from api.jobs.audit import AuditLog
from api.jobs.database import open_database
from api.jobs.executor import LocalExecutor
from api.jobs.keys import KeyStore
from api.jobs.retention import Retention, rules_of
from api.jobs.scenarios import ScenarioStore
from api.jobs.situations import SituationStore
from api.jobs.statistics import Statistics
from api.jobs.store import JobStore
from api.jobs.watch import Watch
from api.jobs.worker import Worker
from api.lane import Lane
from api.metrics import Metrics
from api.processes import PROCESSES
from api.reading import ready_to_read
from api.requests import Document
from api.settings import Settings
from api.solving import said_at_once
from api.writing import ready_to_write

LANE_CPU_S = 60.0  # far more than any question of the lane takes
WRITING_BYTES = 8_000_000_000  # a workbook of a million cells that is marked takes a fourth of it
READING_BYTES = 2_000_000_000  # addresses of the libraries alone, most of them never touched
_BYTES_PER_BYTE = 40  # what a body takes as text, as objects of Python and as models


@dataclass(frozen=True)
class Services:
    """One of each for the whole application."""

    settings: Settings
    solves: BoundedSemaphore  # calls that wait for their answer
    dispatch: Lane  # of dispatch calls that wait, which no other solve holds up
    solving: Lane  # of other calls that wait
    reading: Lane  # of large bodies, which hold up whoever reads beside them
    writing: Lane  # of reports and workbooks: so do these, and for longer
    jobs: JobStore
    watch: Watch  # of jobs that callers wait for
    scenarios: ScenarioStore
    situations: SituationStore
    worker: Worker
    metrics: Metrics
    keys: KeyStore
    audit: AuditLog
    open_here: bool  # whether calls from this machine need no key as long as there is none
    # Calls for a lane wait in threads of their own, so that no other call waits for a thread.
    askers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(16))
    solvers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(64))
    readers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(16))
    writers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(16))
    exacting: set[str] = field(default_factory=set)  # situations whose travel is computed anew


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Open the database and carry out jobs as long as the application stands."""
    settings: Settings = app.state.settings
    engine = await run_sync(open_database, settings.database_url)
    jobs = JobStore(engine, settings.jobs_waiting_max)
    retention = Retention(rules_of(engine, settings))
    worker = Worker(jobs, LocalExecutor(settings), settings, retention)
    lane, watch = dispatch_lane(settings), Watch(jobs)
    solving, reading = solving_lane(settings), reading_lane(settings)
    writing = writing_lane(settings)
    lanes = (lane, solving, reading, writing)
    metrics: Metrics = app.state.metrics
    await run_sync(metrics.watch, Statistics(engine))
    app.state.services = Services(
        settings=settings,
        solves=BoundedSemaphore(settings.http_solves_at_once),
        dispatch=lane,
        solving=solving,
        reading=reading,
        writing=writing,
        jobs=jobs,
        watch=watch,
        scenarios=ScenarioStore(engine),
        situations=SituationStore(engine),
        worker=worker,
        metrics=metrics,
        keys=KeyStore(engine),
        audit=AuditLog(engine),
        open_here=app.state.open_here,
    )
    worker.start()
    watching = asyncio.create_task(watch.look())
    for one in lanes:
        await run_sync(one.start)
    if settings.engine_at_start:
        Thread(target=make_ready, daemon=True).start()
    try:
        yield
    finally:
        watching.cancel()
        for one in lanes:
            await run_sync(one.close)
        await run_sync(worker.close)
        app.state.held.folder.close()


def dispatch_lane(settings: Settings) -> Lane:
    """Return the lane of dispatch, which has yet to be started."""
    bounds = Bounds(memory_bytes=settings.job_memory_bytes, cpu_s=LANE_CPU_S)
    return Lane(settings.dispatch_processes, bounds, _solved("dispatch-teams", settings))


def solving_lane(settings: Settings) -> Lane:
    """Return the lane of calls that wait but not for a moment, which has yet to be started."""
    seconds = settings.http_time_limit_s + settings.http_grace_s
    bounds = Bounds(
        memory_bytes=settings.job_memory_bytes, cpu_s=2.0 * seconds * (os.cpu_count() or 1)
    )
    example = _solved("site-fire-stations", settings)
    return Lane(settings.solvers, bounds, example, places=settings.http_solves_at_once)


def _solved(process_id: str, settings: Settings) -> Callable[[], object]:
    """Return the question that the example of a process is."""
    process = PROCESSES[process_id]
    return partial(said_at_once, process.read(Document(process.example()), settings))


def reading_lane(settings: Settings) -> Lane:
    """Return the lane of large bodies, which has yet to be started."""
    most = READING_BYTES + _BYTES_PER_BYTE * settings.body_limit_bytes
    bounds = Bounds(
        memory_bytes=min(settings.job_memory_bytes or most, most),
        cpu_s=2.0 * settings.http_grace_s,
        niceness=settings.job_niceness,
    )
    return Lane(settings.readers, bounds, ready_to_read, patience_s=settings.http_grace_s)


def writing_lane(settings: Settings) -> Lane:
    """Return the lane of reports and workbooks, which has yet to be started."""
    bounds = Bounds(
        memory_bytes=min(settings.job_memory_bytes or WRITING_BYTES, WRITING_BYTES),
        cpu_s=2.0 * settings.http_grace_s,
        niceness=settings.job_niceness,
    )
    return Lane(settings.writers, bounds, ready_to_write, patience_s=settings.http_grace_s)


def services_of(request: Request) -> Services:
    """Return the services of the application that a request came to."""
    services: Services = request.app.state.services
    return services


def is_loopback(host: str) -> bool:
    """Return whether only this machine is reached by the name ``host``.

    Examples
    --------
    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
