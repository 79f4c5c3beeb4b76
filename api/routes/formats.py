"""Results in the format a caller asks for: by ``?f=`` in a plain link, else by ``Accept``."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus

from anyio.to_thread import run_sync
from fastapi import Request, Response

from api.errors import DoorError, language_of
from api.jobs.records import Job
from api.payloads import Payload
from api.reports import Format
from api.routes.asking import ask_writer
from api.routes.ogc import process_of
from api.routes.replies import whole_response
from api.services import services_of
from api.writing import Ended, written

_JSON = "application/json"
_TYPES: dict[str, Format] = {
    "text/html": Format.HTML,
    "text/plain": Format.TEXT,
    "application/geo+json": Format.GEOJSON,
    "application/geopackage+sqlite3": Format.GPKG,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Format.XLSX,
    "text/csv": Format.CSV,
    "application/pdf": Format.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Format.DOCX,
    "image/png": Format.PNG,
}
_MEDIA = {one: media for media, one in _TYPES.items()}
XLSX = _MEDIA[Format.XLSX]
_READ_IN_PLACE = frozenset({Format.HTML, Format.TEXT, Format.PNG})
# A report runs scripts of its own; it is no page of this service and may do nothing in its name.
ALONE = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"


def wanted(http: Request) -> Format | None:
    """Return the format the caller prefers, None for JSON.

    Raises
    ------
    DoorError
        406: it takes none that there is.
    """
    asked = http.query_params.get("f")
    if asked is not None:
        if asked == "json":
            return None
        if asked in list(Format):
            return Format(asked)
        raise _not_acceptable()
    for media in _accepted(http.headers.get("accept", "*/*")):
        if media in _TYPES:
            return _TYPES[media]
        if media in {_JSON, "application/*", "*/*"}:
            return None
    raise _not_acceptable()


def _not_acceptable() -> DoorError:
    known = ", ".join(("json", *Format))
    return DoorError(HTTPStatus.NOT_ACCEPTABLE, "http.no_format", {"known": known})


def _accepted(header: str) -> Iterator[str]:
    """Yield the media types of an ``Accept`` header, the preferred first (RFC 9110, 12.5.1)."""
    found: list[tuple[float, int, str]] = []
    for place, one in enumerate(header.lower().split(",")):
        media, *parameters = (part.strip() for part in one.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weight = float(quality)
        except ValueError:
            continue
        if weight > 0:
            found.append((-weight, place, media))
    yield from (media for _, _, media in sorted(found))


async def formatted(job: Job, answer: Payload, as_format: Format, http: Request) -> Response:
    """Return the answer of ``job`` in a format, written by a process of its own."""
    services = services_of(http)
    if process_of(job.process_id, services.settings).whole is not None:
        raise _not_acceptable()
    inputs = await run_sync(services.jobs.packed, job.inputs)
    ended = Ended(job.id, job.process_id, inputs, answer)
    question = partial(written, ended, as_format, language_of(http), services.settings)
    made = await ask_writer(services, question)
    return whole_response(made, _MEDIA[as_format], _headers(job, as_format))


def _headers(job: Job, as_format: Format) -> dict[str, str]:
    headers = {"vary": "accept, accept-language", "x-content-type-options": "nosniff"}
    if as_format is Format.HTML:
        headers["content-security-policy"] = ALONE
    if as_format not in _READ_IN_PLACE:
        name = f"muster-{job.id}.{as_format.value}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return headers
