"""What Prometheus is told: jobs, counted in the database, and calls, counted here.

Labels are route templates, methods, states and processes, never what a caller can make up.
"""

import platform
import time
from collections.abc import Iterator
from threading import Lock
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import __version__
from api.jobs.records import State
from api.jobs.statistics import Counts, Ended, Statistics
from api.processes import PROCESSES

_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}
_OTHER = "other"
_CALL_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_SOLVE_S = (0.1, 0.3, 1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10_800, 43_200, 86_400)
# A job's end is timed before it is committed, so one may show up after a later one has.
_LATE_S = 60.0


class Metrics:
    """Everything one process of the service counts."""

    def __init__(self, solves_at_once: int) -> None:
        self._registry = CollectorRegistry()
        self._calls = Counter(
            "muster_http_requests",
            "Calls by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._latency = Histogram(
            "muster_http_response_seconds",
            "Time until a response begins.",
            ("route", "method"),
            buckets=_CALL_S,
            registry=self._registry,
        )
        self.waiting = Gauge(
            "muster_sync_solves", "Solves whose callers wait.", registry=self._registry
        )
        granted = Gauge("muster_sync_slots", "How many may run.", registry=self._registry)
        granted.set(solves_at_once)
        build = Info("muster_build", "What is running.", registry=self._registry)
        build.info({"version": __version__, "python": platform.python_version()})
        ProcessCollector(registry=self._registry)

    def watch(self, statistics: Statistics) -> None:
        """Tell of the jobs of a database too."""
        self._registry.register(_Jobs(statistics))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a call."""
        method = method if method in _METHODS else _OTHER
        self._calls.labels(route, method, str(status)).inc()
        self._latency.labels(route, method).observe(seconds)

    def text(self) -> bytes:
        """Return all of it in Prometheus's text format."""
        return generate_latest(self._registry)


class _Jobs(Collector):
    """The jobs of a database, counted when asked."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._solves = Histogram(
            "muster_job_seconds",
            "From a job's first attempt to its end, of jobs that ended since this process began.",
            ("process", "state"),
            buckets=_SOLVE_S,
            registry=None,  # told below, after it has been brought up to date
        )
        self._since = statistics.now()
        self._told: dict[str, float] = {}  # jobs told already, and when they ended
        self._lock = Lock()

    def collect(self) -> Iterator[Metric]:
        """Give what is counted; of a database that is away, that it is."""
        up = GaugeMetricFamily("muster_database_up", "Whether the database answers.")
        try:
            counts = self._statistics.counts()
            with self._lock:
                self._tell(self._statistics.ended(self._since))
        except SQLAlchemyError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        yield from _families(counts)
        yield from self._solves.collect()

    def _tell(self, ended: list[Ended]) -> None:
        for job in ended:
            if job.id not in self._told:
                self._told[job.id] = job.finished
                self._solves.labels(job.process_id, job.state).observe(job.seconds)
        newest = max((job.finished for job in ended), default=self._since)
        self._since = max(self._since, newest - _LATE_S)
        self._told = {job: at for job, at in self._told.items() if at > self._since}


def _families(counts: Counts) -> Iterator[GaugeMetricFamily]:
    jobs = GaugeMetricFamily("muster_jobs", "Jobs that are kept.", labels=("process", "state"))
    crashes = GaugeMetricFamily(
        "muster_jobs_crashes",
        "Times that processes of the jobs kept, or their workers, died.",
        labels=("process",),
    )
    for process in sorted(PROCESSES.keys() | counts.crashes.keys()):
        crashes.add_metric((process,), counts.crashes.get(process, 0))
        for state in State:
            jobs.add_metric((process, state.value), counts.jobs.get((process, state.value), 0))
    yield jobs
    yield crashes
    yield GaugeMetricFamily(
        "muster_attempts_running", "Attempts under a lease that holds.", value=counts.running
    )
    yield GaugeMetricFamily(
        "muster_queue_oldest_seconds",
        "How long the oldest job that waits has done so; 0: none waits.",
        value=counts.oldest_wait_s,
    )


class Measured:
    """The application, every call of it counted."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, and count it when its response begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, counted = time.perf_counter(), False

        def count(status: int) -> None:
            nonlocal counted
            if not counted:
                counted = True
                seconds = time.perf_counter() - began
                self._metrics.answered(_route(scope), scope["method"], status, seconds)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            count(500)
            raise


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return str(getattr(route, "path", _OTHER))
