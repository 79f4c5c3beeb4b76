"""One question to a server and its answer, as JSON; or a file.

The standard library's ``http.client`` does it, with no package more. It speaks HTTP and HTTPS
alone, follows no redirect and heeds no proxy of the environment: what the operator did not
allow cannot be reached by it.
"""

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NoReturn

from api.clients.addresses import Address
from api.clients.errors import FetchError, RouterError, shown
from models.text import Text

_CHUNK_BYTES = 1 << 16
_HEADERS = {"Accept": "application/json, */*;q=0.5", "Connection": "close", "User-Agent": "muster"}


@dataclass(frozen=True)
class Line:
    """The way to one server: where it is, how long it may take, and how much it may say."""

    address: Address
    timeout_s: float
    answer_limit_bytes: int


@dataclass(frozen=True)
class Reply:
    """A status below 500 that is no redirect, and the JSON object that came with it."""

    status: int
    content: dict[str, Any]


def ask(line: Line, path: str, body: dict[str, Any] | None = None) -> Reply:
    """Return the server's answer to ``path``; a ``body`` is posted as JSON.

    Raises
    ------
    RouterError
        No answer in time, a redirect, a failure of the server, or an answer that is no JSON object.
    """
    status, raw = _received(line, path, body)
    try:
        return Reply(status, _object(raw))
    except RouterError:
        if status < 400:
            raise
        raise RouterError("router.failed", status=status, problem=_said(raw)) from None


def take(line: Line, path: str) -> bytes:
    """Return the file at ``path``, whatever it holds.

    Raises
    ------
    FetchError
        No answer in time, a redirect, a failure of the server, no such file, or too long a one.
    """
    try:
        status, raw = _received(line, path, None)
    except RouterError as error:
        raise FetchError(error.text) from None
    if status != 200:
        values = {"status": status, "problem": shown(raw[:80].decode("utf-8", "replace"))}
        raise FetchError(Text(code="router.failed", values={**values}))
    return raw


def _received(line: Line, path: str, body: dict[str, Any] | None) -> tuple[int, bytes]:
    """Return a status below 500 that is no redirect, and what came with it."""
    deadline = time.monotonic() + line.timeout_s
    try:
        status, raw = _exchanged(line, path, body, deadline)
    except TimeoutError:
        raise _slow(line) from None
    except (OSError, HTTPException, UnicodeError) as error:  # the last: a host that is no name
        problem = shown(error) or type(error).__name__
        raise RouterError("router.unreachable", url=str(line.address), problem=problem) from None
    if 300 <= status < 400:
        raise RouterError("router.redirect", url=str(line.address), status=status)
    if status >= 500 or status == 429:
        raise RouterError("router.failed", status=status, problem=_said(raw))
    return status, raw


def _exchanged(
    line: Line, path: str, body: dict[str, Any] | None, deadline: float
) -> tuple[int, bytes]:
    kind = HTTPSConnection if line.address.scheme == "https" else HTTPConnection
    connection = kind(line.address.host, line.address.port, timeout=line.timeout_s)
    try:
        if body is None:
            connection.request("GET", line.address.path + path, headers=_HEADERS)
        else:
            headers = _HEADERS | {"Content-Type": "application/json"}
            content = json.dumps(body, separators=(",", ":")).encode()
            connection.request("POST", line.address.path + path, content, headers)
        with connection.getresponse() as response:
            return response.status, _read(response, line, deadline)
    finally:
        connection.close()


def _read(response: HTTPResponse, line: Line, deadline: float) -> bytes:
    """Read the body in pieces, so that one that trickles in ends at the deadline too."""
    pieces: list[bytes] = []
    left = line.answer_limit_bytes
    while piece := response.read1(_CHUNK_BYTES):
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            limit_mb = line.answer_limit_bytes / 1e6
            raise RouterError("router.too_long", limit_mb=limit_mb)
        if time.monotonic() > deadline:
            raise _slow(line)
    return b"".join(pieces)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise malformed("JSON", raw[:80].decode("utf-8", "replace")) from None
    if not isinstance(found, dict):
        raise malformed("a JSON object", type(found).__name__)
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def malformed(need: str, found: object) -> RouterError:
    """Return the error for an answer that is not what it should be."""
    return RouterError("router.malformed", need=need, found=shown(found))


def _slow(line: Line) -> RouterError:
    return RouterError("router.slow", url=str(line.address), seconds=line.timeout_s)


def _said(raw: bytes) -> str:
    """Return what a failing server says: its message where it has one, else how it begins."""
    try:
        found = _object(raw)
    except RouterError:
        return shown(raw[:200].decode("utf-8", "replace"))
    return shown(found.get("message") or found.get("error") or "")
