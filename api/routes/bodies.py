"""Bodies: no more bytes than granted, and the key that tells a repeated one."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from fastapi import Request

from api.errors import DoorError
from api.jobs.rows import KeyReusedError
from api.requests.files import MEGABYTE
from api.requests.paths import shortened
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_LONGEST_KEY = 255


def idempotency_key(request: Request) -> str | None:
    """Return the ``Idempotency-Key`` of ``request``, None without one.

    Raises
    ------
    InputError
        It is too long to be kept.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and len(key) > _LONGEST_KEY:
        need = Text(code="need.short_key", values={"limit": _LONGEST_KEY})
        raise InputError((Fault(path="Idempotency-Key", value=shortened(key), need=need),))
    return key


@contextmanager
def key_kept() -> Iterator[None]:
    """Refuse a key that came before with another body.

    Raises
    ------
    DoorError
        422.
    """
    try:
        yield
    except KeyReusedError:
        raise DoorError(HTTPStatus.UNPROCESSABLE_ENTITY, "http.key_reused") from None


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
