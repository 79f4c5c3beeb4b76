"""Scenarios over HTTP: requests kept with their versions; a what-if is a patch on a parent."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.drafting import new_draft, next_draft
from api.errors import DoorError
from api.jobs.audit import Act
from api.jobs.records import is_id
from api.jobs.scenarios import Version
from api.processes import PROCESSES
from api.routes.asking import read_in
from api.routes.bodies import check_disk, read_body
from api.routes.guard import caller_of, check_within, view_of
from api.routes.links import link, moment, page
from api.routes.replies import spliced_response
from api.routes.schemas import answers, asks
from api.services import services_of
from models.scenarios import VersionNumber

router = APIRouter(prefix="/v1/scenarios", tags=["scenarios"])

_MOST_LISTED = 1000
_EXAMPLE = {"name": "minimal"} | PROCESSES["site-fire-stations"].example()

Limit = Annotated[int, Query(ge=1, le=_MOST_LISTED)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]


@router.post(
    "",
    status_code=201,
    responses=answers("ScenarioVersion"),
    openapi_extra=asks("NewScenario", {"new": _EXAMPLE}),
)
async def add(http: Request) -> Response:
    """Keep a request: ``{"name", "request"}``, or ``{"name", "parent": {"id"}, "patch"}``.

    The patch is a JSON Patch (RFC 6902), a list of operations on the request of the parent; the
    parent's version is the latest where none is named, and is kept with the scenario.
    """
    services = services_of(http)
    check_disk(services.settings)
    body = await read_body(http, services.settings.body_limit_bytes)
    draft = await read_in(services, body, partial(new_draft, body, view_of(http)))
    check_within(draft.touched, http)
    version = await run_sync(services.scenarios.add, draft, caller_of(http))
    return await _told(version, http, HTTPStatus.CREATED)


@router.get("")
async def listing(http: Request, limit: Limit = 100, offset: Offset = 0) -> Response:
    """List the scenarios in their latest versions, the newest first."""
    scenarios, areas = services_of(http).scenarios, caller_of(http).areas
    found = await run_sync(scenarios.listing, limit + 1, offset, areas)
    return _list("scenarios", found, http, limit, offset)


@router.get("/{scenario_id}", responses=answers("ScenarioVersion"))
async def get(
    scenario_id: str, http: Request, version: Annotated[VersionNumber | None, Query()] = None
) -> Response:
    """Return a scenario with its whole request, in its latest version or the one asked for."""
    services, by = services_of(http), caller_of(http)
    found = await _latest(scenario_id, http)
    if version is not None and version != found.version:
        earlier = await run_sync(services.scenarios.get, scenario_id, version, by.areas)
        if earlier is None:
            raise DoorError(HTTPStatus.NOT_FOUND, "http.no_version")
        found = earlier
    named = {"detail": f"{found.id} {found.version}", "inputs": found.request}
    await run_sync(partial(services.audit.add, by, Act.READ_SCENARIO, **named))
    return await _told(found, http)


@router.get("/{scenario_id}/versions")
async def versions(
    scenario_id: str, http: Request, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List the versions of a scenario, the newest first."""
    await _latest(scenario_id, http)
    scenarios, areas = services_of(http).scenarios, caller_of(http).areas
    found = await run_sync(scenarios.versions, scenario_id, limit + 1, offset, areas)
    return _list("versions", found, http, limit, offset)


@router.put(
    "/{scenario_id}", responses=answers("ScenarioVersion"), openapi_extra=asks("NextVersion", {})
)
async def follow(scenario_id: str, http: Request) -> Response:
    """Keep a new version: a request, or a patch on the latest; ``If-Match`` names that by its ETag.

    Versions before it stay as they are.
    """
    services = services_of(http)
    check_disk(services.settings)
    latest = await _matched(scenario_id, http)
    body = await read_body(http, services.settings.body_limit_bytes)
    draft = await read_in(services, body, partial(next_draft, body, latest, view_of(http)))
    check_within(draft.touched, http)
    by = caller_of(http)
    made = await run_sync(services.scenarios.follow, scenario_id, latest.version, draft, by)
    if made is None:
        raise DoorError(HTTPStatus.PRECONDITION_FAILED, "http.stale")
    return await _told(made, http)


@router.delete("/{scenario_id}", status_code=204)
async def remove(scenario_id: str, http: Request) -> Response:
    """Forget a scenario with its versions; jobs and scenarios made from it stay whole."""
    latest = await _matched(scenario_id, http)
    scenarios = services_of(http).scenarios
    if not await run_sync(scenarios.remove, scenario_id, latest.version, caller_of(http)):
        raise DoorError(HTTPStatus.PRECONDITION_FAILED, "http.stale")
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _latest(scenario_id: str, http: Request) -> Version:
    found = None
    if is_id(scenario_id):
        scenarios, areas = services_of(http).scenarios, caller_of(http).areas
        found = await run_sync(scenarios.latest, scenario_id, areas)
    if found is None:
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_scenario")
    return found


async def _matched(scenario_id: str, http: Request) -> Version:
    """Return the latest version, where it is the one the caller knows."""
    latest = await _latest(scenario_id, http)
    known = http.headers.get("if-match")
    if known is None:
        raise DoorError(HTTPStatus.PRECONDITION_REQUIRED, "http.if_match")
    if known.strip() != _tag(latest):
        raise DoorError(HTTPStatus.PRECONDITION_FAILED, "http.stale")
    return latest


def _tag(version: Version) -> str:
    return f'"{version.version}"'


async def _told(version: Version, http: Request, code: HTTPStatus = HTTPStatus.OK) -> Response:
    scenarios = services_of(http).scenarios
    parts = {"request": await run_sync(scenarios.content, version.request)}
    if version.patch is not None:
        parts["patch"] = await run_sync(scenarios.content, version.patch)
    headers = {"etag": _tag(version)}
    if code is HTTPStatus.CREATED:
        headers["location"] = link(http, f"/v1/scenarios/{version.id}", "self")["href"]
    return spliced_response(_about(version, http), parts, code, headers)


def _about(version: Version, http: Request) -> dict[str, Any]:
    parent = None
    if version.parent is not None:
        parent = {"id": version.parent, "version": version.parent_version}
    place = f"/v1/scenarios/{version.id}"
    return {
        "id": version.id,
        "version": version.version,
        "name": version.name,
        "created": moment(version.created),
        "parent": parent,
        "links": [
            link(http, f"{place}?version={version.version}", "self"),
            link(http, f"{place}/versions", "version-history"),
        ],
    }


def _list(key: str, found: list[Version], http: Request, limit: int, offset: int) -> Response:
    links = page(http, limit, offset, more=len(found) > limit)
    return JSONResponse({key: [_about(one, http) for one in found[:limit]], "links": links})
