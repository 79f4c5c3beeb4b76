"""Errors as HTTP answers: problem details (RFC 9457) that list every fault, and no traceback."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.requests.paths import shortened
from models.base import Model
from models.faults import Fault
from models.messages import message, render
from models.text import LANGUAGES, Language, Text
from optimizer.errors import BackendError, InputError, VerificationError

MEDIA_TYPE = "application/problem+json"
FAULT_LIMIT = 1000
_RETRY_S = 2
OGC = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
INVALID = "InvalidParameterValue"

_logger = logging.getLogger(__name__)


class ProblemFault(Model):
    """One fault in words: where, what was given (as JSON), what is needed there."""

    path: str
    value: str | None = None
    need: str


class Problem(Model):
    """A problem as RFC 9457 has it; ``errors`` lists every fault of the input."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: tuple[ProblemFault, ...] = ()


class DoorError(Exception):
    """The door refuses or gives up; ``code`` says why, as a message."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        values: Mapping[str, float | str] | None = None,
        *,
        kind: str = "about:blank",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.values = status, code, dict(values or {})
        self.kind, self.headers = kind, headers


def too_many(code: str, number: int) -> DoorError:
    """Return the refusal of more work than may be under way."""
    headers = {"retry-after": str(_RETRY_S)}
    return DoorError(HTTPStatus.TOO_MANY_REQUESTS, code, {"number": number}, headers=headers)


def no_job() -> DoorError:
    """Return the answer for a job that is not there, or not for this caller to see."""
    return DoorError(HTTPStatus.NOT_FOUND, "http.no_job", kind=f"{OGC}no-such-job")


_TITLES: dict[type[Exception], str] = {
    BackendError: "http.solver_failed",
    VerificationError: "http.broken_plan",
    Exception: "http.own_fault",
}


def language_of(request: Request) -> Language:
    """Return the language the caller reads: Chinese where it asks for it, else English.

    ``?lang=`` in a plain link goes before what the caller's program says.
    """
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    accepted = request.headers.get("accept-language", "")
    return "zh" if accepted.strip().lower().startswith("zh") else "en"


def faults_problem(faults: Sequence[Fault], language: Language) -> Problem:
    """Return the problem of an input that cannot be used."""
    return Problem(
        type=INVALID,
        title=message("http.bad_input", language),
        status=HTTPStatus.BAD_REQUEST,
        detail=message("http.fault_count", language, number=len(faults)),
        errors=tuple(
            ProblemFault(path=fault.path, value=fault.value, need=render(fault.need, language))
            for fault in faults[:FAULT_LIMIT]
        ),
    )


def install(app: FastAPI) -> None:
    """Give ``app`` one handler for every kind of error."""
    app.add_exception_handler(InputError, _bad_input)
    app.add_exception_handler(DoorError, _refused)
    app.add_exception_handler(RequestValidationError, _bad_parameter)
    app.add_exception_handler(HTTPException, _of_the_framework)
    for kind in _TITLES:
        app.add_exception_handler(kind, _failed)


def _response(
    request: Request, problem: Problem, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the problem, as plain JSON for who accepts that and no problem details."""
    accepted = request.headers.get("accept", "")
    plain = "application/json" in accepted and MEDIA_TYPE not in accepted
    said = problem.model_copy(update={"instance": request.url.path})
    content = said.model_dump(mode="json")
    return JSONResponse(
        content, problem.status, headers, "application/json" if plain else MEDIA_TYPE
    )


async def _bad_input(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InputError)
    return _response(request, faults_problem(error.faults, language_of(request)))


async def _bad_parameter(request: Request, error: Exception) -> JSONResponse:
    """Answer to parameters of the address: the framework's own 422 is none of OGC's."""
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault(
            path=".".join(str(step) for step in one["loc"]),
            value=shortened(one["input"]),
            need=Text(code="need.valid", values={"problem": one["msg"]}),
        )
        for one in error.errors()
    ]
    return _response(request, faults_problem(faults, language_of(request)))


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DoorError)
    title = message(error.code, language_of(request), **error.values)
    problem = Problem(type=error.kind, title=title, status=error.status)
    return _response(request, problem, error.headers)


async def _of_the_framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    problem = Problem(title=HTTPStatus(error.status_code).phrase, status=error.status_code)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(sorted(_methods(request)))
    return _response(request, problem, headers)


def _methods(request: Request) -> set[str]:
    """Return every method of the path: the framework names those of one route only."""
    described = request.app.openapi()["paths"]
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    steps = path.split("/")
    found: set[str] = set()
    for place, methods in described.items():
        known = place.split("/")
        if len(known) == len(steps) and all(
            a == b or a.startswith("{") for a, b in zip(known, steps, strict=True)
        ):
            found |= {method.upper() for method in methods}
    return found


async def _failed(request: Request, error: Exception) -> JSONResponse:
    _logger.error("a request failed", exc_info=error)
    code = next(code for kind, code in _TITLES.items() if isinstance(error, kind))
    title = message(code, language_of(request))
    return _response(request, Problem(title=title, status=HTTPStatus.INTERNAL_SERVER_ERROR))
