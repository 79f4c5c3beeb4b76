"""Bodies: no more bytes than granted."""

from http import HTTPStatus

from fastapi import Request

from api.errors import DoorError

MEGABYTE = 1_000_000


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """Return the body of ``request``.

    Raises
    ------
    DoorError
        It is larger than ``limit_bytes``; no more than that is read.
    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes:
            raise DoorError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "http.too_large",
                {"limit_mb": limit_bytes // MEGABYTE},
            )
        chunks.append(chunk)
    return b"".join(chunks)
