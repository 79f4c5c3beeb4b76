"""The page at the root: questions in, answers out, in both languages and without any network."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from api.errors import OGC, DoorError, language_of
from api.jobs.records import Job
from api.problems import problem_of
from api.render.assets import template, web
from api.render.compare import compare
from api.render.html import embedded
from api.render.tables import formatted
from api.reports import levels_of
from api.requests import parse, read_answer
from api.routes.bodies import read_body
from api.routes.formats import request_of
from api.routes.guard import KEY_COOKIE, check_seen
from api.routes.jobs import job_of
from api.services import Services, services_of
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.messages.page import PAGE
from models.text import LANGUAGES, Language

router = APIRouter(include_in_schema=False)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
_FILES = {"page.js": "text/javascript", "page.css": "text/css"}
_COMPARED_MAX = 8
_KEY_BYTES = 1000


@router.get("/")
def page(http: Request) -> Response:
    """Return the page; where its template cannot be filled, go to the list of operations."""
    language = language_of(http)
    try:
        text = template("page.html.j2").render(
            language=language,
            say=lambda code: PAGE[code][LANGUAGES.index(language)],
            words=embedded(
                {
                    one: {code: said[place] for code, said in PAGE.items()}
                    for place, one in enumerate(LANGUAGES)
                }
            ),
        )
    except ImportError:
        return RedirectResponse("/docs")
    return HTMLResponse(text, headers=_HEADERS | {"vary": "accept-language"})


@router.get("/page/{name}")
def file(name: str) -> Response:
    """Return the page's script or style."""
    if name not in _FILES:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_such_part")
    return Response(web(name), media_type=_FILES[name], headers=_HEADERS)


@router.post("/page/key", status_code=HTTPStatus.NO_CONTENT)
async def key(http: Request) -> Response:
    """Keep a key for this browser, where scripts cannot read it; an empty one is forgotten."""
    content = parse(await read_body(http, _KEY_BYTES)).content
    shown = str(content.get("key", "")).strip()
    if shown and await run_sync(services_of(http).keys.caller, shown) is None:
        raise DoorError(HTTPStatus.UNAUTHORIZED, "http.key_invalid")
    made = Response(status_code=HTTPStatus.NO_CONTENT, headers={"cache-control": "no-store"})
    if shown:
        secure = http.url.scheme == "https"
        made.set_cookie(KEY_COOKIE, shown, httponly=True, samesite="strict", secure=secure)
    else:
        made.delete_cookie(KEY_COOKIE)
    return made


@router.get("/page/jobs/comparison")
async def comparison(http: Request, job: Annotated[list[str] | None, Query()] = None) -> Response:
    """Return finished jobs side by side, as cells of text; the first is the base."""
    asked = list(dict.fromkeys(job or []))
    if not 2 <= len(asked) <= _COMPARED_MAX:
        raise DoorError(HTTPStatus.BAD_REQUEST, "http.no_comparison", {"number": _COMPARED_MAX})
    services = services_of(http)
    for one in asked:
        await check_seen(one, http)
    kept = [await _kept(one, services) for one in asked]
    made = await run_sync(
        _compared,
        dict(zip(asked, kept, strict=True)),
        services,
        language_of(http),
        limiter=services.writers,
    )
    return JSONResponse(made)


@router.get("/page/jobs/{job_id}/levels")
async def levels(job_id: str, http: Request) -> Response:
    """Return the names of a job's objectives, in their order."""
    services = services_of(http)
    job = await job_of(job_id, services)
    inputs = await run_sync(services.jobs.payload, job.inputs)
    asked = job.process_id, inputs, services.settings
    request = await run_sync(request_of, *asked, limiter=services.writers)
    return JSONResponse({"levels": levels_of(request, language_of(http))})


async def _kept(job_id: str, services: Services) -> tuple[Job, bytes, bytes]:
    found = await job_of(job_id, services)
    if found.result is None:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.not_ready", kind=f"{OGC}result-not-ready")
    inputs = await run_sync(services.jobs.payload, found.inputs)
    return found, inputs, await run_sync(services.jobs.payload, found.result)


def _compared(
    kept: Mapping[str, tuple[Job, bytes, bytes]], services: Services, language: Language
) -> dict[str, object]:
    """Compare by the names of the first job's request."""
    answers: dict[str, FireStationAnswer] = {}
    request: FireStationRequest | None = None
    for job_id, (job, inputs, result) in kept.items():
        asked = request_of(job.process_id, inputs, services.settings)
        answer = read_answer(parse(result), problem_of(asked))
        if not (isinstance(asked, FireStationRequest) and isinstance(answer, FireStationAnswer)):
            raise DoorError(HTTPStatus.BAD_REQUEST, "http.not_comparable")
        request = request or asked
        answers[f"{len(answers) + 1}. {job_id[:8]}"] = answer
    table = compare(answers, language, request=request)
    titles, rows = formatted(table, language)
    return {"title": table.title, "columns": titles, "rows": rows}
