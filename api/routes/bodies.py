"""Bodies: no more bytes than granted, and the key that tells a repeated one."""

import errno
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from anyio.to_thread import run_sync
from fastapi import Request

from api.carried import SMALL_BYTES, Body, Folder
from api.errors import DoorError, too_many
from api.jobs.rows import KeyReusedError
from api.logs import Scope
from api.requests.files import MEGABYTE
from api.requests.paths import shortened
from api.settings import Settings
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_HELD = "muster.held"
_FILES = "muster.files"
_PIECE_BYTES = 1 << 20
_LONGEST_KEY = 255
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


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


async def read_body(request: Request, limit_bytes: int) -> Body:
    """Return the body of ``request``; a large one is in a file as long as the call lasts.

    Raises
    ------
    DoorError
        413: it is larger than ``limit_bytes``. 429: with those of other calls it would be more
        than may be held at once. No more than that is read. 507: there is no room for its file.
    """
    try:
        return await _read(request, limit_bytes)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        settings: Settings = request.app.state.settings
        values = {"free": 0, "kept": settings.disk_reserve_bytes // MEGABYTE}
        raise DoorError(HTTPStatus.INSUFFICIENT_STORAGE, "http.disk_full", values) from None


async def _read(request: Request, limit_bytes: int) -> Body:
    held: Held = request.app.state.held
    piece, path = bytearray(), None
    async for chunk in chunks(request, limit_bytes, "http.too_large"):
        if not held.take(request.scope, len(chunk)):
            raise too_many("http.bodies_full", held.limit_bytes // MEGABYTE)
        piece += chunk
        if path is None and len(piece) > SMALL_BYTES:
            path = held.file(request.scope)
        if path is not None and len(piece) >= _PIECE_BYTES:
            await run_sync(_append, path, bytes(piece))
            piece.clear()
    if path is None:
        return Body(bytes(piece))
    await run_sync(_append, path, bytes(piece))
    return Body(path)


def _append(path: Path, piece: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(piece)


class Held:
    """How many bytes of bodies all calls hold together, each until it has been answered."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes, self._bytes = limit_bytes, 0
        self.folder = Folder()

    def take(self, scope: Scope, size: int) -> bool:
        """Let a call hold so much more; False where it is too much."""
        if self._bytes + size > self.limit_bytes:
            return False
        self._bytes += size
        scope[_HELD] = scope.get(_HELD, 0) + size
        return True

    def file(self, scope: Scope) -> Path:
        """Return a new file for what a call carries."""
        path = self.folder.new()
        scope.setdefault(_FILES, []).append(path)
        return path

    def release(self, scope: Scope) -> None:
        """Let go of all that a call has held."""
        self._bytes -= scope.pop(_HELD, 0)
        for path in scope.pop(_FILES, ()):
            path.unlink(missing_ok=True)


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
        507: less of the disk is free than is to be, or more of it is taken than may be.
    """
    quota = settings.disk_quota_bytes
    if quota is not None and (taken := settings.kept_bytes()) >= quota:
        told = {"taken": taken // MEGABYTE, "quota": quota // MEGABYTE}
        raise DoorError(HTTPStatus.INSUFFICIENT_STORAGE, "http.quota_taken", told)
    free, kept = settings.free_bytes(), settings.disk_reserve_bytes
    if free < kept:
        values = {"free": free // MEGABYTE, "kept": kept // MEGABYTE}
        raise DoorError(HTTPStatus.INSUFFICIENT_STORAGE, "http.disk_full", values)
