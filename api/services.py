"""What the routes work with: settings, places for calls that wait, the jobs and their worker."""

import ipaddress
from collections.abc import AsyncIterator
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
from api.jobs.scenarios import ScenarioStore
from api.jobs.situations import SituationStore
from api.jobs.statistics import Statistics
from api.jobs.store import JobStore
from api.jobs.worker import Worker
from api.lane import Lane
from api.metrics import Metrics
from api.processes import PROCESSES
from api.requests import Document
from api.settings import Settings
from api.solving import answered

LANE_CPU_S = 60.0  # far more than any question of the lane takes


@dataclass(frozen=True)
class Services:
    """One of each for the whole application."""

    settings: Settings
    solves: BoundedSemaphore  # calls that wait for their answer
    dispatch: Lane  # of dispatch calls that wait, which no other solve holds up
    jobs: JobStore
    scenarios: ScenarioStore
    situations: SituationStore
    worker: Worker
    metrics: Metrics
    keys: KeyStore
    audit: AuditLog
    open_here: bool  # whether calls from this machine need no key as long as there is none
    # Reports and workbooks take memory; so many are written or read at once.
    writers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    # Dispatch calls wait in threads of their own, so that no other call waits for a thread.
    askers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(16))


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Open the database and carry out jobs as long as the application stands."""
    settings: Settings = app.state.settings
    engine = await run_sync(open_database, settings.database_url)
    jobs = JobStore(engine, settings.jobs_waiting_max)
    scenarios, situations = ScenarioStore(engine), SituationStore(engine)
    worker = Worker(jobs, LocalExecutor(settings), settings)
    solves = BoundedSemaphore(settings.http_solves_at_once)
    lane = dispatch_lane(settings)
    metrics: Metrics = app.state.metrics
    await run_sync(metrics.watch, Statistics(engine))
    access = KeyStore(engine), AuditLog(engine), app.state.open_here
    kept = jobs, scenarios, situations
    app.state.services = Services(settings, solves, lane, *kept, worker, metrics, *access)
    worker.start()
    await run_sync(lane.start)
    if settings.engine_at_start:
        Thread(target=make_ready, daemon=True).start()
    try:
        yield
    finally:
        await run_sync(lane.close)
        await run_sync(worker.close)


def dispatch_lane(settings: Settings) -> Lane:
    """Return the lane of dispatch, which has yet to be started."""
    process = PROCESSES["dispatch-teams"]
    example = process.read(Document(process.example()), settings)
    bounds = Bounds(memory_bytes=settings.job_memory_bytes, cpu_s=LANE_CPU_S)
    return Lane(settings.dispatch_processes, bounds, partial(answered, example))


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
