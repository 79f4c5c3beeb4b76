"""What the routes work with: settings, places for calls that wait, the jobs and their worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request

from api.jobs.database import open_database
from api.jobs.executor import LocalExecutor
from api.jobs.scenarios import ScenarioStore
from api.jobs.statistics import Statistics
from api.jobs.store import JobStore
from api.jobs.worker import Worker
from api.metrics import Metrics
from api.settings import Settings


@dataclass(frozen=True)
class Services:
    """One of each for the whole application."""

    settings: Settings
    solves: BoundedSemaphore  # calls that wait for their answer
    jobs: JobStore
    scenarios: ScenarioStore
    worker: Worker
    metrics: Metrics


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Open the database and carry out jobs as long as the application stands."""
    settings: Settings = app.state.settings
    engine = await run_sync(open_database, settings.database_url)
    jobs, scenarios = JobStore(engine), ScenarioStore(engine)
    worker = Worker(jobs, LocalExecutor(settings), settings)
    solves = BoundedSemaphore(settings.http_solves_at_once)
    metrics: Metrics = app.state.metrics
    await run_sync(metrics.watch, Statistics(engine))
    app.state.services = Services(settings, solves, jobs, scenarios, worker, metrics)
    worker.start()
    try:
        yield
    finally:
        await run_sync(worker.close)


def services_of(request: Request) -> Services:
    """Return the services of the application that a request came to."""
    services: Services = request.app.state.services
    return services
