"""The processes that can be executed, by the words of OGC API Processes."""

import time
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.errors import DoorError
from api.output import to_json
from api.requests import Document, parse, read_plan, read_request
from api.routes.bodies import Reader, read_body, read_parts, under
from api.routes.schemas import answers, asks, request_example
from api.settings import Settings
from api.solving import Running, Task
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.run import Incumbent
from models.text import Text
from optimizer.errors import InputError

if TYPE_CHECKING:
    from threading import BoundedSemaphore

router = APIRouter(prefix="/v1/processes", tags=["processes"])

_BEAT_S = 0.2
_CLIENT_GONE = 499  # what nginx calls a request whose caller has hung up


@dataclass(frozen=True)
class _Asked:
    """A task, and where in the body its request stands."""

    task: Task
    place: str


@router.post(
    "/site-fire-stations/execution",
    responses=answers("FireStationAnswer"),
    openapi_extra=asks("Execution", {"inputs": {"request": request_example()}}),
)
async def site_fire_stations(http: Request) -> Response:
    """Site fire stations, and wait for the answer.

    The body is ``{"inputs": {"request": ..., "start": ...}}``, of which ``start``, a plan to
    start from, may be left out; or the request alone.
    """
    settings: Settings = http.app.state.settings
    raw = await read_body(http, settings.body_limit_bytes)
    asked = await run_sync(_read, raw, settings)
    solves: BoundedSemaphore = http.app.state.solves
    if not solves.acquire(blocking=False):
        raise DoorError(
            HTTPStatus.SERVICE_UNAVAILABLE, "http.busy", number=settings.http_solves_at_once
        )
    try:
        with under(asked.place):
            answer = await _solved(asked.task, http)
    finally:
        solves.release()
    if answer is None:
        return Response(status_code=_CLIENT_GONE)
    return Response(await run_sync(to_json, answer), media_type="application/json")


async def _solved(task: Task, http: Request) -> FireStationAnswer | None:
    """Return the answer, or None when the caller has hung up; the process ends in any case."""
    settings: Settings = http.app.state.settings
    deadline = time.monotonic() + task.request.limits.time_limit_s + settings.http_grace_s
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


def _read(raw: bytes, settings: Settings) -> _Asked:
    document = parse(raw)
    request_reader = partial(read_request, store=settings.store)
    if "inputs" in document.content:
        inputs: Any = read_parts(document, {"inputs": lambda part: _inputs(part, settings)})
        task, place = inputs["inputs"], "inputs.request"
    else:
        task, place = Task(request_reader(document), settings.store), ""
    with under(place):
        _check_limits(task.request, settings)
    return _Asked(task, place)


def _inputs(document: Document, settings: Settings) -> Task:
    readers: dict[str, Reader] = {
        "request": partial(read_request, store=settings.store),
        "start": read_plan,
    }
    parts: Any = read_parts(document, readers, frozenset({"start"}))
    return Task(parts["request"], settings.store, parts.get("start"))


def _check_limits(request: FireStationRequest, settings: Settings) -> None:
    given, limit = request.limits.time_limit_s, settings.http_time_limit_s
    if given > limit:
        need = Text(code="need.time_limit", values={"limit": limit})
        raise InputError((Fault(path="limits.time_limit_s", value=str(given), need=need),))
