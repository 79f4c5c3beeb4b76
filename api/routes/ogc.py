"""The landing page, what the service conforms to, and the processes (OGC 18-062r2)."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.errors import OGC, DoorError, language_of
from api.offering import Input, Process
from api.processes import offered
from api.routes.links import link
from api.routes.schemas import reference
from api.services import services_of
from api.settings import Settings
from models.text import Language

router = APIRouter(prefix="/v1", tags=["processes"])

_CLASSES = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_CONFORMS = ("core", "ogc-process-description", "json", "oas30", "job-list", "dismiss")


@router.get("/")
def landing(http: Request) -> JSONResponse:
    """Say where everything is."""
    description = "application/vnd.oai.openapi+json;version=3.0"
    return JSONResponse(
        {
            "title": http.app.title,
            "description": http.app.description,
            "links": [
                link(http, "/v1/", "self"),
                link(http, "/openapi.json", "service-desc", description),
                link(http, "/docs", "service-doc", "text/html"),
                link(http, "/v1/conformance", f"{_REL}conformance"),
                link(http, "/v1/processes", f"{_REL}processes"),
                link(http, "/v1/jobs", f"{_REL}job-list"),
            ],
        }
    )


@router.get("/conformance")
def conformance() -> dict[str, list[str]]:
    """List what parts of the standard are kept."""
    return {"conformsTo": [f"{_CLASSES}{name}" for name in _CONFORMS]}


@router.get("/processes")
def processes(http: Request) -> JSONResponse:
    """List the processes."""
    language = language_of(http)
    summaries = [
        _summary(one, http, language) for one in offered(services_of(http).settings).values()
    ]
    return JSONResponse({"processes": summaries, "links": [link(http, "/v1/processes", "self")]})


@router.get("/processes/{process_id}")
def process(process_id: str, http: Request) -> JSONResponse:
    """Describe a process: its inputs, its output, its limits."""
    settings = services_of(http).settings
    one, language = process_of(process_id, settings), language_of(http)
    described = _summary(one, http, language) | {
        "inputs": {name: _input(given, http, language) for name, given in one.inputs.items()},
        "outputs": {
            one.raw or "answer": {
                "title": one.title.text(language),
                "schema": _schema(one.result, http) if one.raw is None else {"type": "string"},
            }
        },
        "limits": {
            "body_bytes": settings.body_limit_bytes,
            "bodies_bytes": settings.bodies_limit_bytes,
            "dataset_bytes": settings.dataset_limit_bytes,
            "dataset_unpacked_bytes": settings.dataset_unpacked_limit_bytes,
            "time_limit_s": {
                "sync": settings.http_time_limit_s,
                "async": settings.job_time_limit_s,
            },
            "solves_at_once": settings.http_solves_at_once,
            "jobs_waiting": settings.jobs_waiting_max,
        },
    }
    return JSONResponse(described)


def process_of(process_id: str, settings: Settings) -> Process:
    """Return a process by its id, where it is offered.

    Raises
    ------
    DoorError
        404: there is none.
    """
    process = offered(settings).get(process_id)
    if process is None:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_process", kind=f"{OGC}no-such-process")
    return process


def _summary(one: Process, http: Request, language: Language) -> dict[str, Any]:
    place = f"/v1/processes/{one.id}"
    return {
        "id": one.id,
        "title": one.title.text(language),
        "description": one.description.text(language),
        "version": one.version,
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            link(http, place, "self"),
            link(http, f"{place}/execution", f"{_REL}execute"),
        ],
    }


def _input(given: Input, http: Request, language: Language) -> dict[str, Any]:
    return {
        "title": given.title.text(language),
        "schema": given.schema or _schema(given.model, http),
        "minOccurs": int(given.required),
        "maxOccurs": 1,
    }


def _schema(model: str, http: Request) -> dict[str, Any]:
    """Return the schema of a model by its address: what stands here is read on its own."""
    place = link(http, "/openapi.json", "describedby")["href"]
    return {"type": "object", "allOf": [{"$ref": f"{place}{reference(model)['$ref']}"}]}
