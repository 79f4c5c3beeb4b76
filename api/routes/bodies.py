"""Bodies: no more bytes than granted."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from fastapi import Request

from api.errors import DoorError
from api.requests.files import MEGABYTE


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
