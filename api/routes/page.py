"""The page at the root: questions in, answers out, in both languages and without any network."""

from functools import partial
from http import HTTPStatus

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from api.errors import DoorError, language_of
from api.render.assets import template, web
from api.render.html import embedded
from api.requests import parse
from api.routes.asking import ask_writer
from api.routes.bodies import read_body
from api.routes.guard import KEY_COOKIE
from api.routes.jobs import job_of
from api.services import services_of
from api.writing import levels as named_levels
from instances.projects.template import KINDS
from models.messages.page import PAGE
from models.text import LANGUAGES

router = APIRouter(include_in_schema=False)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
_FILES = {
    "page.js": "text/javascript",
    "page.css": "text/css",
    "docs.js": "text/javascript",
    "docs.css": "text/css",
}
_KEY_BYTES = 1000


@router.get("/")
def page(http: Request) -> Response:
    """Return the page; where its template cannot be filled, go to the list of operations."""
    language = language_of(http)
    try:
        text = template("page.html.j2").render(
            language=language,
            kinds=KINDS,
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
    return HTMLResponse(text, headers=HEADERS | {"vary": "accept-language"})


@router.get("/page/{name}")
def file(name: str) -> Response:
    """Return the page's script or style."""
    if name not in _FILES:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_such_part")
    return Response(web(name), media_type=_FILES[name], headers=HEADERS)


@router.post("/page/key", status_code=HTTPStatus.NO_CONTENT)
async def key(http: Request) -> Response:
    """Keep a key for this browser, where scripts cannot read it; an empty one is forgotten."""
    content = parse((await read_body(http, _KEY_BYTES)).read()).content
    shown = str(content.get("key", "")).strip()
    if shown and await run_sync(services_of(http).keys.caller, shown) is None:
        raise DoorError(HTTPStatus.UNAUTHORIZED, "http.key_invalid")
    made = Response(status_code=HTTPStatus.NO_CONTENT, headers={"cache-control": "no-store"})
    place = http.scope.get("root_path") or "/"  # other services of the same host are not told
    if shown:
        secure = http.url.scheme == "https"
        made.set_cookie(
            KEY_COOKIE, shown, path=place, httponly=True, samesite="strict", secure=secure
        )
    else:
        made.delete_cookie(KEY_COOKIE, path=place)
    return made


@router.get("/page/jobs/{job_id}/levels")
async def levels(job_id: str, http: Request) -> Response:
    """Return the names of a job's objectives, in their order."""
    services = services_of(http)
    job = await job_of(job_id, services)
    inputs = await run_sync(services.jobs.packed, job.inputs)
    question = partial(named_levels, job.process_id, inputs, language_of(http), services.settings)
    return JSONResponse({"levels": await ask_writer(services, question)})
