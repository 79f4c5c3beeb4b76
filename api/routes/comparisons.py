"""Plans side by side over HTTP, by the code of ``muster compare``."""

import json
from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.errors import language_of
from api.jobs.records import Job
from api.output import to_json
from api.processes import PROCESSES
from api.render.compare import changes, compare
from api.render.names import Names
from api.render.tables import Table, formatted
from api.requests import parse, read_model
from api.routes.bodies import read_body
from api.routes.references import View, missing_job
from api.routes.schemas import answers, asks
from api.services import Services, services_of
from models.comparisons import (
    Compared,
    ComparedFigure,
    Comparison,
    NamedSite,
    NewComparison,
)
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import Language
from optimizer.errors import InputError

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])

Answers = dict[str, FireStationAnswer]


@router.post("", responses=answers("Comparison"), openapi_extra=asks("NewComparison", {}))
async def side_by_side(http: Request) -> Response:
    """Hold the plans of jobs against that of the first: figures, sites gained and lost, cost.

    The body is ``{"jobs": ["ID", "ID", ...]}``; nothing is kept.
    """
    services = services_of(http)
    raw = await read_body(http, services.settings.body_limit_bytes)
    made = partial(_compared, raw, View.of(http), language_of(http))
    compared = await run_sync(made, limiter=services.writers)
    return Response(to_json(compared), media_type="application/json")


def _compared(raw: bytes, view: View, language: Language) -> Comparison:
    jobs = read_model(NewComparison, parse(raw)).jobs
    kept, found = _answers(jobs, view)
    requests = [_request(job, view.services) for job in kept]
    table = compare(found, language, request=requests[0])
    first, *others = (Names(request, language) for request in requests)
    base = found[jobs[0]]
    rest = zip(jobs[1:], others, strict=True)
    return Comparison(
        jobs=(
            _told(jobs[0], base),
            *(_told(job, found[job], base, (first, names)) for job, names in rest),
        ),
        currency=requests[0].currency,
        figures=_figures(table, language),
    )


def _answers(jobs: tuple[str, ...], view: View) -> tuple[list[Job], Answers]:
    kept: list[Job] = []
    found: Answers = {}
    errors: list[InputError] = []
    for index, job in enumerate(jobs):
        place = f"jobs[{index}]"
        if job in found:
            errors.append(missing_job(place, "need.other_job", job))
            continue
        try:
            one, raw = view.result(job, place)
            found[job] = _answer(raw, one, place)
            kept.append(one)
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputError(tuple(fault for one in errors for fault in one.faults))
    return kept, found


def _answer(raw: bytes, job: Job, place: str) -> FireStationAnswer:
    if PROCESSES[job.process_id].kind != "fire_stations":
        raise missing_job(place, "need.comparable", job.id)
    return FireStationAnswer.model_validate_json(raw)


def _request(job: Job, services: Services) -> FireStationRequest:
    inputs = json.loads(services.jobs.payload(job.inputs))
    return FireStationRequest.model_validate(inputs["request"])


def _told(
    job: str,
    answer: FireStationAnswer,
    base: FireStationAnswer | None = None,
    names: tuple[Names, Names] | None = None,
) -> Compared:
    opened = None if answer.plan is None else len(answer.plan.stations)
    told = Compared(job=job, status=answer.run.status, open_sites=opened)
    if base is None or names is None:
        return told
    gained, lost = changes(base, answer)
    before, after = names
    return told.model_copy(
        update={
            "gained": tuple(NamedSite(id=one, name=after.site(one)) for one in gained),
            "lost": tuple(NamedSite(id=one, name=before.site(one)) for one in lost),
        }
    )


def _figures(table: Table, language: Language) -> tuple[ComparedFigure, ...]:
    _, texts = formatted(table, language)
    return tuple(
        ComparedFigure(
            key=row.key,
            title=text[0],
            kind=row.kind or "text",
            values=row.cells[1:],
            text=text[1:],
        )
        for row, text in zip(table.rows, texts, strict=True)
    )
