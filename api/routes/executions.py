"""Executing a process: at once, or as a job, by what the caller prefers (RFC 7240)."""

import logging
import re
import time
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from anyio import CancelScope, move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.errors import DoorError, too_many
from api.jobs.audit import Act
from api.jobs.records import Job
from api.jobs.rows import QueueFullError
from api.logs import about_job
from api.offering import Process, check
from api.output import plain_json, to_json
from api.requests import Document, parse
from api.requests.parts import out_of, read_parts, under
from api.routes.asking import LONGEST_DEADLINE_S, ask_lane
from api.routes.bodies import check_disk, idempotency_key, key_kept, read_body
from api.routes.guard import caller_of, check_areas, write_down
from api.routes.jobs import result_of, status_response
from api.routes.ogc import process_of
from api.routes.references import View, resolved
from api.routes.schemas import executes
from api.services import Services, services_of
from api.solving import Answer, Running, Work, answered
from models.run import Incumbent

router = APIRouter(prefix="/v1/processes", tags=["processes"])

_logger = logging.getLogger(__name__)

_BEAT_S = 0.2
_LONGEST_WAIT_S = 60
_CLIENT_GONE = 499  # what nginx calls a request whose caller has hung up
# What an execution may say beside its inputs: there is one output and one way to give it.
_IGNORED = ("outputs", "response")
_QUALIFIED = {"value", "mediaType", "encoding", "schema"}


@dataclass(frozen=True)
class _Asked:
    """Inputs read, checked and as they are kept, and where in the body they stand."""

    process: Process
    task: Work
    inputs: bytes
    place: str
    sent: bytes | None = None  # inputs as they came, where they referred to something
    document: bool = False  # the answer with its name, where it has a plain form too


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
    raw = await read_body(http, services.settings.body_limit_bytes)
    prefer = _Preference.of(http.headers.get("prefer", ""))
    settings = services.settings
    limit_s = settings.http_time_limit_s if prefer.at_once else settings.job_time_limit_s
    asked = await run_sync(_read, raw, process, View.of(http), limit_s)
    if prefer.at_once:
        if caller_of(http).areas is not None:
            await run_sync(check_areas, asked.task, http)
        return await _at_once(asked, http, services)
    job = await _submitted(asked, http, services)
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


def _read(raw: bytes, process: Process, view: View, limit_s: float) -> _Asked:
    document, settings = parse(raw), view.services.settings
    content = document.content
    if "inputs" in content:
        sent = _unqualified(content["inputs"])
        given, faults = resolved(sent, view)
        said = {name: part for name, part in content.items() if name not in _IGNORED}
        body = Document(said | {"inputs": given}, document.faults + faults)
        parts = read_parts(body, {"inputs": lambda part: process.read(part, settings)})
        task: Any = parts["inputs"]
        with under("inputs"):
            check(task, limit_s)
        as_sent = None if given is sent else plain_json(sent)
        place = "inputs.request" if process.whole is None else "inputs"
        named = content.get("response") == "document"
        return _Asked(process, task, plain_json(given), place, as_sent, named)
    inputs: dict[str, object] = {"request": content}
    with out_of("request"):
        task = process.read(Document(inputs, document.faults), settings)
        check(task, limit_s)
    return _Asked(process, task, plain_json(inputs), "")


def _unqualified(inputs: object) -> object:
    """Return inputs by their values: the standard lets an object stand as ``{"value": ...}``."""
    if not isinstance(inputs, dict):
        return inputs
    return {
        name: one["value"]
        if isinstance(one, dict) and "value" in one and one.keys() <= _QUALIFIED
        else one
        for name, one in inputs.items()
    }


async def _submitted(asked: _Asked, http: Request, services: Services) -> Job:
    key = idempotency_key(http)
    found = await run_sync(check_areas, asked.task, http)
    submit = partial(
        services.jobs.submit,
        asked.process.id,
        asked.inputs,
        key=key,
        by=caller_of(http),
        touched=found,
        sent=asked.sent,
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


async def _at_once(asked: _Asked, http: Request, services: Services) -> Response:
    deadline_s = asked.task.deadline_s
    with under(asked.place):
        if deadline_s is None or deadline_s > LONGEST_DEADLINE_S:  # it may keep others waiting
            answer = await _in_turn(asked.task, http, services)
        else:
            answer = await ask_lane(services, partial(answered, asked.task), deadline_s)
    if answer is None:
        return Response(status_code=_CLIENT_GONE)
    said = await run_sync(to_json, answer)
    await run_sync(write_down, Act.SOLVE, http, asked.inputs, said)
    if asked.process.raw is not None and not asked.document:
        return Response(getattr(answer, asked.process.raw), media_type="text/plain")
    return Response(said, media_type="application/json")


async def _in_turn(task: Work, http: Request, services: Services) -> Answer | None:
    settings = services.settings
    if not services.solves.acquire(blocking=False):
        raise too_many("http.busy", settings.http_solves_at_once)
    try:
        with services.metrics.waiting.track_inprogress():
            return await _solved(task, http, services)
    finally:
        services.solves.release()


async def _solved(task: Work, http: Request, services: Services) -> Answer | None:
    """Return the answer, or None when the caller has hung up; the process ends in any case."""
    deadline = time.monotonic() + task.limits.time_limit_s + services.settings.http_grace_s
    running = await run_sync(Running, task)
    try:
        while not await http.is_disconnected():
            event = await run_sync(running.wait, _BEAT_S)
            if event is not None and not isinstance(event, Incumbent):
                return event
            if time.monotonic() > deadline:
                raise DoorError(HTTPStatus.GATEWAY_TIMEOUT, "http.out_of_time")
        return None
    finally:
        with CancelScope(shield=True):
            await run_sync(running.kill)
