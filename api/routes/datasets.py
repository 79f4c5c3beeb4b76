"""Datasets over HTTP: bytes taken in once, named by their hash, never changed and never deleted."""

import re
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from api.errors import DoorError
from api.jobs.audit import Act
from api.routes.bodies import check_disk, chunks
from api.routes.guard import caller_of, check_unlimited
from api.routes.links import link, page
from api.routes.schemas import answers
from api.services import services_of
from optimizer.datasets import Incoming, Store

router = APIRouter(prefix="/v1/datasets", tags=["datasets"])

_PIECE_BYTES = 1 << 20
_MOST_LISTED = 1000
_NAME = re.compile(r"[0-9a-f]{64}")
_FOREVER = "public, max-age=31536000, immutable"
_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", status_code=201, responses=answers("DatasetInfo"), openapi_extra=_BYTES)
async def add(http: Request) -> Response:
    """Keep a Parquet or NPZ file and name it; the same bytes again (200) have the same name.

    The body is the file itself. Requests name it ``{"sha256": ...}``.
    """
    services = services_of(http)
    settings, store = services.settings, services.settings.store
    check_disk(settings)
    with store.incoming() as coming:
        await _take_in(http, coming, settings.dataset_limit_bytes)
        known = coming.known
        if not known:
            await run_sync(coming.check, settings.dataset_unpacked_limit_bytes)
        name = await run_sync(coming.keep)
    await run_sync(partial(services.audit.add, caller_of(http), Act.KEEP_DATASET, inputs=name))
    info = await run_sync(store.info, name)
    place = link(http, f"/v1/datasets/{name}", "self")["href"]
    code = HTTPStatus.OK if known else HTTPStatus.CREATED
    return JSONResponse(info.model_dump(mode="json"), code, {"location": place})


async def _take_in(http: Request, coming: Incoming, limit_bytes: int) -> None:
    piece = bytearray()
    async for chunk in chunks(http, limit_bytes, "http.dataset_too_large"):
        piece += chunk
        if len(piece) >= _PIECE_BYTES:
            await run_sync(coming.write, bytes(piece))
            piece.clear()
    await run_sync(coming.write, bytes(piece))


@router.get("")
async def listing(
    http: Request,
    limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """List the names of all datasets, sorted; a key limited to areas does not see them.

    A name is the hash of its content: who knows it has seen the content, or been given it.
    """
    check_unlimited(http)
    store = services_of(http).settings.store
    names = await run_sync(store.names)
    links = page(http, limit, offset, more=len(names) > offset + limit)
    shown = names[offset : offset + limit]
    sizes = await run_sync(partial(_sizes, store, shown))
    return JSONResponse({"datasets": sizes, "links": links})


def _sizes(store: Store, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"sha256": name, "bytes": store.path(name).stat().st_size} for name in names]


@router.head("/{sha256}", include_in_schema=False)
@router.get("/{sha256}", responses=answers("DatasetInfo"))
async def info(sha256: str, http: Request) -> Response:
    """Tell what a dataset is: its kind, its size, its columns or arrays with their shapes."""
    store = _store_with(sha256, http)
    found = await run_sync(store.info, sha256)
    return JSONResponse(found.model_dump(mode="json"), headers=_headers(sha256))


@router.get("/{sha256}/content", response_class=FileResponse)
async def content(sha256: str, http: Request) -> Response:
    """Return the very bytes."""
    path = _store_with(sha256, http).path(sha256)
    audit = services_of(http).audit
    await run_sync(partial(audit.add, caller_of(http), Act.READ_DATASET, result=sha256))
    return FileResponse(path, media_type="application/octet-stream", headers=_headers(sha256))


def _headers(sha256: str) -> dict[str, str]:
    return {"etag": f'"{sha256}"', "cache-control": _FOREVER}


def _store_with(sha256: str, http: Request) -> Store:
    store = services_of(http).settings.store
    if _NAME.fullmatch(sha256) is None or not store.path(sha256).exists():
        raise DoorError(HTTPStatus.NOT_FOUND, "http.no_dataset")
    return store
