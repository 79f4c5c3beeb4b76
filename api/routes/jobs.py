"""Jobs over HTTP: where they are, what came of them, and how to end them."""

import json
from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.carried import SMALL_BYTES
from api.errors import OGC, DoorError, language_of, no_job
from api.jobs.records import Event, Job, State
from api.payloads import Payload
from api.routes.asking import ask_writer
from api.routes.formats import formatted, wanted
from api.routes.guard import caller_of
from api.routes.links import link, moment, page
from api.routes.replies import JSON, kept_response, whole_response
from api.routes.schemas import answers
from api.services import Services, services_of
from api.writing import part_of
from models.messages import render
from models.text import Language

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_MOST_LISTED = 1000
_PACKING = 5  # times larger than packed, about
_MOST_OFFSET = 1_000_000_000  # databases count no further than 63 bits
_RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"

States = Annotated[list[State] | None, Query(alias="status")]
Processes = Annotated[list[str] | None, Query(alias="processID")]


@router.get("")
async def listing(
    http: Request,
    status: States = None,
    process: Processes = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 100,
    offset: Annotated[int, Query(ge=0, le=_MOST_OFFSET)] = 0,
) -> Response:
    """List jobs, the newest first."""
    services = services_of(http)
    found = await run_sync(
        partial(
            services.jobs.listing,
            states=status or (),
            processes=[one.replace("\0", "") for one in process or ()],
            areas=caller_of(http).areas,
            limit=limit + 1,
            offset=offset,
        )
    )
    links = page(http, limit, offset, more=len(found) > limit)
    language = language_of(http)
    jobs = [_status(job, http, language) for job in found[:limit]]
    return JSONResponse({"jobs": jobs, "links": links})


@router.get("/{job_id}", responses=answers("JobStatus"))
async def status(job_id: str, http: Request) -> Response:
    """Tell where a job is, and how good the best plan so far."""
    services = services_of(http)
    job = await job_of(job_id, services)
    best = await run_sync(services.jobs.last_event, job_id, "incumbent")
    return status_response(job, http, best=best)


@router.get("/{job_id}/results", responses=answers("Answer"))
async def results(job_id: str, http: Request) -> Response:
    """Return the answer of a job, in the format of ``Accept`` or ``?f=``; JSON by default."""
    as_format = wanted(http)
    job = await job_of(job_id, services_of(http))
    answer = await _result_of(job, services_of(http))
    if as_format is None:
        return kept_response(answer)
    return await formatted(job, answer, as_format, http)


@router.get("/{job_id}/inputs")
async def inputs(job_id: str, http: Request) -> Response:
    """Return what was asked, as it was kept."""
    services = services_of(http)
    job = await job_of(job_id, services)
    content = await run_sync(services.jobs.packed, job.inputs)
    return kept_response(content, {"etag": f'"{job.inputs}"'})


@router.get("/{job_id}/verification", responses=answers("Verification"))
async def verification(job_id: str, http: Request) -> Response:
    """Return how the plan was checked."""
    return await _part(job_id, http, "verification")


@router.get("/{job_id}/explanation")
async def explanation(job_id: str, http: Request) -> Response:
    """Return the reasons of the plan, or the rules in conflict where there is none."""
    return await _part(job_id, http, "explanation", "conflict")


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(job_id: str, http: Request) -> Response:
    """Stream what happens to a job; ``Last-Event-ID`` resumes after that event."""
    services = services_of(http)
    await job_of(job_id, services)
    known = http.headers.get("last-event-id", "0")
    after = int(known) if known.isdecimal() and len(known) < 10 else 0
    return EventSourceResponse(_stream(job_id, after, services))


@router.post("/{job_id}/stop")
async def stop(job_id: str, http: Request) -> Response:
    """Ask a job to end with the best it has; one that has ended stays as it is."""
    services = services_of(http)
    await job_of(job_id, services)
    await run_sync(services.jobs.ask_stop, job_id, caller_of(http))
    return status_response(await job_of(job_id, services), http)


@router.delete("/{job_id}", responses=answers("JobStatus"))
async def dismiss(job_id: str, http: Request) -> Response:
    """End a job that is under way without a result; forget one that has ended."""
    services = services_of(http)
    job = await job_of(job_id, services)
    if await run_sync(services.jobs.dismiss, job_id, caller_of(http)):
        return status_response(await job_of(job_id, services), http)
    await run_sync(services.jobs.remove, job_id, caller_of(http))
    return status_response(job.model_copy(update={"state": State.DISMISSED}), http)


async def result_of(job: Job, http: Request) -> Response:
    """Return the answer of a job that was successful; say why there is none of another."""
    return kept_response(await _result_of(job, services_of(http)))


async def _result_of(job: Job, services: Services) -> Payload:
    if job.result is not None:
        return await run_sync(services.jobs.packed, job.result)
    if job.state is State.FAILED and job.failure is not None:
        raise DoorError(HTTPStatus.INTERNAL_SERVER_ERROR, job.failure.code, _values(job))
    raise DoorError(HTTPStatus.NOT_FOUND, "http.not_ready", kind=f"{OGC}result-not-ready")


def status_response(
    job: Job,
    http: Request,
    code: HTTPStatus = HTTPStatus.OK,
    applied: str | None = None,
    best: Event | None = None,
) -> Response:
    """Return a job's status, as OGC API - Processes has it and a little more."""
    content = _status(job, http, language_of(http))
    if best is not None:
        said = json.loads(best.content)
        content |= {name: said.get(name) for name in ("level", "objective", "bound", "gap")}
    headers = {}
    if code is HTTPStatus.CREATED:
        headers["location"] = link(http, f"/v1/jobs/{job.id}", "self")["href"]
    if applied is not None:
        headers["preference-applied"] = applied
    return JSONResponse(content, code, headers)


def _status(job: Job, http: Request, language: Language) -> dict[str, Any]:
    place = f"/v1/jobs/{job.id}"
    links = [
        link(http, place, "self"),
        link(http, f"{place}/events", "monitor", "text/event-stream"),
    ]
    if job.state is State.SUCCESSFUL:
        links.append(link(http, f"{place}/results", _RESULTS))
    content: dict[str, Any] = {
        "jobID": job.id,
        "id": job.id,
        "processID": job.process_id,
        "type": "process",
        "status": job.state,
        "termination": job.termination,
        "message": None if job.failure is None else render(job.failure, language),
        "created": _moment(job.created),
        "started": _moment(job.started),
        "finished": _moment(job.finished),
        "updated": _moment(job.updated),
        "attempt": job.attempt,
        "stop_asked": job.stop_asked,
        "submitter": job.submitter,
        "ahead": job.ahead if job.state is State.ACCEPTED else None,
        "links": links,
    }
    return {name: value for name, value in content.items() if value is not None}


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return moment(seconds)


def _values(job: Job) -> dict[str, float | str]:
    assert job.failure is not None
    return {
        name: value
        for name, value in job.failure.values.items()
        if isinstance(value, (int, float, str))
    }


async def job_of(job_id: str, services: Services) -> Job:
    """Return a job; 404 where there is none."""
    job = await run_sync(services.jobs.get, job_id)
    if job is None:
        raise no_job()
    return job


async def _part(job_id: str, http: Request, *names: str) -> Response:
    """Return the first part of a job's answer that is there."""
    services = services_of(http)
    answer = await _result_of(await job_of(job_id, services), services)
    question = partial(part_of, answer, names)
    large = len(answer.content) > SMALL_BYTES // _PACKING
    part = await (ask_writer(services, question) if large else run_sync(question))
    if part is None:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_such_part")
    return whole_response(part, JSON, {})


async def _stream(job_id: str, after: int, services: Services) -> AsyncIterator[ServerSentEvent]:
    while True:
        # Read before the events: whatever happens since makes it another.
        last = (await run_sync(services.jobs.last_events, {job_id})).get(job_id)
        job = await run_sync(services.jobs.get, job_id)
        news = await run_sync(partial(services.jobs.events, job_id, after=after))
        for event in news:
            after = event.number
            yield ServerSentEvent(event.content, event=event.kind, id=str(event.number))
        if not news:
            if last is None or job is None or job.state.ended:
                return
            await services.watch.changed(job_id, last)
