"""Questions as planners have them: workbooks and requests, checked before a job is made of them."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.errors import DoorError, language_of
from api.output import request_json
from api.processes import PROCESSES
from api.projects import checked_json, marked_body, previewed_body
from api.returns import read_returned
from api.routes.asking import ask_writer
from api.routes.bodies import read_body
from api.routes.formats import ALONE, XLSX
from api.routes.guard import check_within, view_of
from api.routes.replies import JSON, whole_response
from api.routes.schemas import answers, asks
from api.services import services_of
from instances.examples import EXAMPLES
from instances.projects.template import KINDS
from instances.projects.template import template as workbook_of

router = APIRouter(prefix="/v1", tags=["questions"])

_UPLOAD = {"schema": {"type": "string", "format": "binary"}}
_ONLY_BOOKS = {"requestBody": {"required": True, "content": {XLSX: _UPLOAD}}}


def _either() -> dict[str, Any]:
    example = PROCESSES["site-fire-stations"].example()["request"]
    said: dict[str, Any] = asks("FireStationRequest", {"minimal": example})
    said["requestBody"]["content"][XLSX] = _UPLOAD
    return said


@router.post("/workbooks", responses=answers("CheckedRequest"), openapi_extra=_either())
async def check(http: Request) -> Response:
    """Turn a filled-in workbook, or a request, into a checked request.

    The answer holds the request, notes, and the faults of rows left out; where no request can
    be made of it the problem lists every faulty cell.
    """
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    language = language_of(http)
    made = await ask_writer(
        services, partial(checked_json, body, services.settings, language), of_caller=True
    )
    return whole_response(made, JSON, {})


@router.post(
    "/workbooks/faults",
    response_class=Response,
    openapi_extra=_ONLY_BOOKS,
)
async def mark(http: Request) -> Response:
    """Return a workbook with a comment on each faulty cell, and all faults on a first sheet."""
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    made = await ask_writer(services, partial(marked_body, body, language_of(http)), of_caller=True)
    return _file(made, "workbook-faults.xlsx")


@router.post(
    "/workbooks/returns",
    responses=answers("ReturnedBook"),
    openapi_extra=asks("NewReturn", {}),
)
async def take_back(http: Request) -> Response:
    """Bring a book of stock up to date from a storekeeper's workbook that came back.

    The body is ``{"request": ..., "returned": {"workbook": BASE64, "start": DATE}}``. The answer
    lists what differs from the book and holds the request that the next plan starts from;
    nothing is kept.
    """
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    question = partial(read_returned, body, view_of(http), language_of(http))
    made = await ask_writer(services, question, of_caller=True)
    check_within(made.touched, http)
    return whole_response(made.said, JSON, {})


@router.post("/workbooks/preview", response_class=HTMLResponse, openapi_extra=_ONLY_BOOKS)
async def draw(
    http: Request,
    places: Annotated[
        str | None, Query(max_length=100, description="one of `doubts`; else the first")
    ] = None,
) -> Response:
    """Draw places as WGS 84, GCJ-02 and BD-09 over the user's own roads and outlines.

    For a workbook (or a request) of which `/v1/workbooks` says that a list of places fits clearly
    better under another reading: `doubts`. 404 where none is.
    """
    services = services_of(http)
    body = await read_body(http, services.settings.body_limit_bytes)
    draw_it = partial(previewed_body, body, services.settings, language_of(http), places)
    made = await ask_writer(services, draw_it, of_caller=True)
    if made is None:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_doubt")
    return whole_response(made, "text/html", {"content-security-policy": ALONE})


@router.get("/templates/{kind}", response_class=Response)
async def template(kind: str) -> Response:
    """Return a workbook to fill in."""
    if kind not in KINDS:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_template", {"known": ", ".join(KINDS)})
    return _file(await run_sync(workbook_of, kind), f"{kind}.xlsx")


@router.get("/examples")
async def examples(http: Request) -> JSONResponse:
    """List the requests that the program carries."""
    language = language_of(http)
    listed = [
        {"id": name, "description": one.description.text(language)}
        for name, one in EXAMPLES.items()
    ]
    return JSONResponse({"examples": listed})


@router.get("/examples/{name}")
async def example(name: str) -> Response:
    """Return a request that the program carries."""
    if name not in EXAMPLES:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_example")
    made = await run_sync(lambda: request_json(EXAMPLES[name].build()))
    return Response(made, media_type="application/json")


def _file(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return whole_response(content, XLSX, headers)
