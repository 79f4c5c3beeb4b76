"""Executing a process: at once, or as a job, by what the caller prefers (RFC 7240)."""

import asyncio
import json
import logging
import re
import time
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.errors import DoorError, too_many
from api.jobs.audit import Act
from api.jobs.records import Job
from api.jobs.rows import KeyReusedError, QueueFullError
from api.logs import about_job
from api.output import to_json
from api.problems import problem_of
from api.processes import Process, check
from api.requests import Document, parse
from api.requests.files import MEGABYTE
from api.requests.parts import out_of, read_parts, under
from api.requests.paths import shortened
from api.routes.asking import LONGEST_DEADLINE_S, ask_lane
from api.routes.bodies import read_body
from api.routes.guard import caller_of, check_areas, write_down
from api.routes.jobs import result_of, status_response
from api.routes.ogc import process_of
from api.routes.references import View, resolved
from api.routes.schemas import executes
from api.services import Services, services_of
from api.settings import Settings
from api.solving import Answer, Running, Task, Work, answered
from models.faults import Fault
from models.run import Incumbent
from models.text import Text
from optimizer.errors import InputError

router = APIRouter(prefix="/v1/processes", tags=["processes"])

_logger = logging.getLogger(__name__)

_BEAT_S = 0.2
_LOOK_S = 0.1  # how often a waiting call looks at its job
_LONGEST_WAIT_S = 60
_LONGEST_KEY = 255
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
    _check_disk(services.settings)
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


def _check_disk(settings: Settings) -> None:
    """Refuse work before the disk is full: what is under way shall still be kept."""
    free, kept = settings.free_bytes(), settings.disk_reserve_bytes
    if free < kept:
        values = {"free": free // MEGABYTE, "kept": kept // MEGABYTE}
        raise DoorError(HTTPStatus.INSUFFICIENT_STORAGE, "http.disk_full", values)


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
        as_sent = None if given is sent else _kept(sent)
        place = "inputs.request" if process.whole is None else "inputs"
        named = content.get("response") == "document"
        return _Asked(process, task, _kept(given), place, as_sent, named)
    inputs: dict[str, object] = {"request": content}
    with out_of("request"):
        task = process.read(Document(inputs, document.faults), settings)
        check(task, limit_s)
    return _Asked(process, task, _kept(inputs), "")


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


def _kept(inputs: object) -> bytes:
    return json.dumps(inputs, ensure_ascii=False).encode("utf-8")


async def _submitted(asked: _Asked, http: Request, services: Services) -> Job:
    key = http.headers.get("idempotency-key")
    if key is not None and len(key) > _LONGEST_KEY:
        need = Text(code="need.short_key", values={"limit": _LONGEST_KEY})
        raise InputError((Fault(path="Idempotency-Key", value=shortened(key), need=need),))
    found = await run_sync(check_areas, asked.task, http)
    try:
        job = await run_sync(
            partial(
                services.jobs.submit,
                asked.process.id,
                asked.inputs,
                key=key,
                by=caller_of(http),
                touched=found,
                sent=asked.sent,
            )
        )
    except KeyReusedError:
        raise DoorError(HTTPStatus.UNPROCESSABLE_ENTITY, "http.key_reused") from None
    except QueueFullError:
        raise too_many("http.queue_full", services.settings.jobs_waiting_max) from None
    services.worker.wake()
    with about_job(job.id):
        _logger.info("accepted")
    return job


async def _waited(job: Job, seconds: int, services: Services) -> Job:
    """Return the job when it has ended, or after so many seconds."""
    until = time.monotonic() + seconds
    while not job.state.ended and time.monotonic() < until:
        await asyncio.sleep(_LOOK_S)
        found = await run_sync(services.jobs.get, job.id)
        job = job if found is None else found
    return job


async def _at_once(asked: _Asked, http: Request, services: Services) -> Response:
    deadline_s = _deadline_s(asked.task)
    with under(asked.place):
        if deadline_s is None:
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


def _deadline_s(task: Work) -> float | None:
    """Return when somebody waits for a dispatch answer, unless it may keep others waiting."""
    if not isinstance(task, Task) or task.record is not None or task.proposal is not None:
        return None
    deadline_s = problem_of(task.request).deadline_s
    seconds = None if deadline_s is None else deadline_s(task.request)
    return seconds if seconds is not None and seconds <= LONGEST_DEADLINE_S else None


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
