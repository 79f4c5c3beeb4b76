"""Executing a process: at once, or as a job, by what the caller prefers (RFC 7240)."""

import asyncio
import logging
import re
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from threading import Event

from anyio import move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.errors import too_many
from api.jobs.audit import Act
from api.jobs.records import Job
from api.jobs.rows import QueueFullError
from api.lane import GoneError
from api.logs import about_job
from api.offering import Process
from api.processes import URGENT
from api.reading import Asked, read_execution
from api.requests.parts import under
from api.routes.asking import LONGEST_DEADLINE_S, ask_lane, ask_solver, read_in
from api.routes.bodies import check_disk, idempotency_key, key_kept, read_body
from api.routes.guard import caller_of, check_within, view_of, write_down
from api.routes.jobs import result_of, status_response
from api.routes.ogc import process_of
from api.routes.replies import kept_response
from api.routes.schemas import executes
from api.services import Services, services_of
from api.solving import Said, said_at_once

router = APIRouter(prefix="/v1/processes", tags=["processes"])

_logger = logging.getLogger(__name__)

_LONGEST_WAIT_S = 60
_CLIENT_GONE = 499  # what nginx calls a request whose caller has hung up


@router.post("/{process_id}/execution", **executes())
async def execute(process_id: str, http: Request) -> Response:
    """Execute a process.

    The body is ``{"inputs": {...}}``, or the request alone. With ``Prefer: respond-async`` the
    answer is a job (201, ``Location``); with ``Prefer: wait=N`` it is the result, if there is
    one within N seconds, else a job; without either it is the result. ``Idempotency-Key``
    makes a job once, however often it is submitted.
    """
    services = services_of(http)
    process = process_of(process_id, services.settings)
    check_disk(services.settings)
    body = await read_body(http, services.settings.body_limit_bytes)
    prefer = _Preference.of(http.headers.get("prefer", ""))
    settings = services.settings
    limit_s = settings.http_time_limit_s if prefer.at_once else settings.job_time_limit_s
    view = view_of(http)
    areas = not prefer.at_once or view.caller.areas is not None
    read = partial(read_execution, body, process_id, limit_s, view, areas=areas)
    asked = await read_in(services, body, read, urgent=process_id in URGENT)
    check_within(asked.touched, http)
    if prefer.at_once:
        return await _at_once(asked, process, http, services)
    job = await _submitted(asked, process_id, http, services)
    if prefer.wait_s:
        job = await _waited(job, prefer.wait_s, services)
        if job.state.ended:
            return await result_of(job, http)
    return status_response(job, http, HTTPStatus.CREATED, prefer.applied)


@dataclass(frozen=True)
class _Preference:
    """How a caller wants its answer."""

    wait_s: int = 0
    asynchronous: bool = False

    @classmethod
    def of(cls, header: str) -> "_Preference":
        wait = re.search(r"\bwait\s*=\s*(\d{1,6})\b", header)
        seconds = min(_LONGEST_WAIT_S, int(wait[1])) if wait else 0
        return cls(seconds, "respond-async" in header)

    @property
    def at_once(self) -> bool:
        return not self.asynchronous and not self.wait_s

    @property
    def applied(self) -> str:
        return f"wait={self.wait_s}" if self.wait_s else "respond-async"


async def _submitted(asked: Asked, process_id: str, http: Request, services: Services) -> Job:
    key = idempotency_key(http)
    submit = partial(
        services.jobs.submit,
        process_id,
        asked.inputs,
        key=key,
        by=caller_of(http),
        touched=asked.touched,
        body=asked.sent,
    )
    try:
        with key_kept():
            job = await run_sync(submit)
    except QueueFullError:
        raise too_many("http.queue_full", services.settings.jobs_waiting_max) from None
    services.worker.wake()
    with about_job(job.id):
        _logger.info("accepted")
    return job


async def _waited(job: Job, seconds: int, services: Services) -> Job:
    """Return the job when it has ended, or after so many seconds."""
    with move_on_after(seconds):
        while not job.state.ended:
            last = (await run_sync(services.jobs.last_events, {job.id})).get(job.id)
            found = await run_sync(services.jobs.get, job.id)
            if last is None or found is None:
                return job
            job = found
            if not job.state.ended:
                await services.watch.changed(job.id, last)
    return job


async def _at_once(asked: Asked, process: Process, http: Request, services: Services) -> Response:
    deadline_s = asked.deadline_s
    with under(asked.place):
        if deadline_s is None or deadline_s > LONGEST_DEADLINE_S:  # it may keep others waiting
            said = await _in_turn(asked, http, services)
        else:
            said = await ask_lane(services, partial(said_at_once, asked.work), deadline_s)
    if said is None:
        return Response(status_code=_CLIENT_GONE)
    await run_sync(write_down, Act.SOLVE, http, asked.inputs.sha256, said.payload.sha256)
    if process.raw is not None and not asked.document:
        return Response(said.plain, media_type="text/plain")
    return kept_response(said.payload)


async def _in_turn(asked: Asked, http: Request, services: Services) -> Said | None:
    """Return the answer, or None when the caller has hung up: nothing is solved for it then."""
    settings = services.settings
    if not services.solves.acquire(blocking=False):
        raise too_many("http.busy", settings.http_solves_at_once)
    gone = Event()
    watching = asyncio.create_task(_hung_up(http, gone))
    try:
        with services.metrics.waiting.track_inprogress():
            return await ask_solver(
                services, partial(said_at_once, asked.work), asked.time_limit_s, gone
            )
    except GoneError:
        return None
    finally:
        gone.set()
        watching.cancel()
        services.solves.release()


async def _hung_up(http: Request, gone: Event) -> None:
    """Set ``gone`` when the caller has hung up."""
    while (await http.receive())["type"] != "http.disconnect":
        pass
    gone.set()
