"""Bodies: no more bytes than granted, and none where they could not be kept."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from fastapi import Request

from api.errors import DoorError
from api.requests.files import MEGABYTE
from api.settings import Settings


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """Return the body of ``request``.

    Raises
    ------
    DoorError
        It is larger than ``limit_bytes``; no more than that is read.
    """
    return b"".join([chunk async for chunk in chunks(request, limit_bytes, "http.too_large")])


async def chunks(request: Request, limit_bytes: int, code: str) -> AsyncIterator[bytes]:
    """Give the body of ``request`` as it comes, refused by ``code`` beyond the limit."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes:
            limit_mb = limit_bytes // MEGABYTE
            raise DoorError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code, {"limit_mb": limit_mb})
        yield chunk


def check_disk(settings: Settings) -> None:
    """Refuse work before the disk is full: what is under way shall still be kept.

    Raises
    ------
    DoorError
        507: less of the disk is free than is to be.
    """
    free, kept = settings.free_bytes(), settings.disk_reserve_bytes
    if free < kept:
        values = {"free": free // MEGABYTE, "kept": kept // MEGABYTE}
        raise DoorError(HTTPStatus.INSUFFICIENT_STORAGE, "http.disk_full", values)
